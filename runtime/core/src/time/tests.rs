use super::*;

#[track_caller]
fn check(json: &str, date_time: &str, http_date: &str) {
    let time: Timestamp = serde_json::from_str(json).unwrap();
    assert_eq!(time.to_string(), date_time);
    assert_eq!(time.http_date().to_string(), http_date);
    assert_eq!(Timestamp::parse_date_time(date_time), Some(time));
    assert_eq!(Timestamp::from(SystemTime::from(time)), time);
    let again = serde_json::to_string(&time).unwrap();
    assert_eq!(serde_json::from_str::<Timestamp>(&again).unwrap(), time, "{again}");
}

#[test]
fn every_form_is_read_and_written() {
    check("0", "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT");
    check("1.5e9", "2017-07-14T02:40:00Z", "Fri, 14 Jul 2017 02:40:00 GMT");
    check("1515531081.123", "2018-01-09T20:51:21.123Z", "Tue, 09 Jan 2018 20:51:21 GMT");
    check("-0.5", "1969-12-31T23:59:59.5Z", "Wed, 31 Dec 1969 23:59:59 GMT");
    check("\"2019-12-17T00:48:18+01:00\"", "2019-12-16T23:48:18Z", "Mon, 16 Dec 2019 23:48:18 GMT");
    check(
        "\"Sun, 02 Jan 2000 20:34:56.456 GMT\"",
        "2000-01-02T20:34:56.456Z",
        "Sun, 02 Jan 2000 20:34:56 GMT",
    );
    check("\"1422172800\"", "2015-01-25T08:00:00Z", "Sun, 25 Jan 2015 08:00:00 GMT");
}

#[test]
fn whole_seconds_stay_whole_on_the_wire() {
    assert_eq!(serde_json::to_string(&Timestamp::from_seconds(1_500_000_000)).unwrap(), "1500000000");
    let fraction = Timestamp::from_seconds_f64(1_515_531_081.123).unwrap();
    assert_eq!(serde_json::to_string(&fraction).unwrap(), "1515531081.123");
}

#[test]
fn times_of_other_programs_are_read() {
    // 2030-01-01T10:00:00Z, as python-dateutil reads these, too.
    for text in [
        "2030-01-01T10:00:00Z",
        "2030-01-01t10:00:00z",
        "2030-01-01 10:00:00Z",
        "2030-01-01T10:00:00+0000",
        "2030-01-01T10:00:00-00:00",
        "2030-01-01T12:00:00+02",
        "2030-01-01T06:30:00-0330",
        "2030-01-01 12:00:00 +0200",
        "2030-01-01T10:00:00UTC",
        "2030-01-01 10:00:00 UTC",
        "2030-01-01T10:00:00gmt",
        "2030-01-01T10:00:00 Z",
        "2030-01-01T10:00Z",
        "2030-01-01T10:00:00.000000+00:00",
        "2030-01-01T10:00:00,0Z",
        "20300101T100000Z",
        "20300101T1000+0000",
    ] {
        assert_eq!(Timestamp::parse_date_time(text), Some(Timestamp::from_seconds(1_893_492_000)), "{text}");
    }
    let fraction = Timestamp::parse_date_time("2030-01-01T10:00:00.1234567891Z").unwrap();
    assert_eq!(fraction.subsecond_nanos(), 123_456_789);
}

#[test]
fn texts_that_name_no_moment_are_refused() {
    for text in [
        "",
        "T",
        "2030-01-01",
        "2030-01-01T10:00:00",
        "2030-01-01T10:00:00EST",
        "2030-01-01T10:00:00.Z",
        "2030-01-01T24:00:00Z",
        "2030-01-01T10:00:00+00:00Z",
        "2030-01-01T10:00:00+0",
        "2030-01-01T10:00:00+é0",
        "2030-01-01T10:00:00  Z",
        "2030-01-01T1:00:00Z",
        "2030-13-01T10:00:00Z",
        "2030-1-1T10:00:00Z",
        "2030é101T100000Z",
        "20300101 100é0Z",
        "+2030-01-01T10:00:00Z",
    ] {
        assert_eq!(Timestamp::parse_date_time(text), None, "{text}");
    }
}

/// Whatever form a time has, its year is 0 to 9999, so that every system can represent it.
#[test]
fn years_without_four_digits_are_refused_in_every_form() {
    let read = |json: &str| serde_json::from_str::<Timestamp>(json).map_err(|error| error.to_string());
    for (json, seconds) in [
        ("253402300799", LAST),
        ("253402300799.0", LAST),
        ("\"9999-12-31T23:59:59Z\"", LAST),
        ("\"Fri, 31 Dec 9999 23:59:59 GMT\"", LAST),
        ("-62167219200", FIRST),
        ("-6.21672192e10", FIRST),
        ("\"0000-01-01T00:00:00Z\"", FIRST),
    ] {
        assert_eq!(read(json), Ok(Timestamp::from_seconds(seconds)), "{json}");
    }
    for json in [
        "253402300800",
        "9223372036854775807",
        "18446744073709551615",
        "253402300800.0",
        "1e300",
        "-62167219201",
        "-9223372036854775808",
        "-62167219200.5",
    ] {
        let error = read(json).unwrap_err();
        assert!(error.starts_with("the year is out of range"), "{json}: {error}");
    }
    for text in [
        "253402300800",
        "nan",
        "inf",
        "-inf",
        "9999-12-31T23:59:60Z",
        "9999-12-31T23:59:59-00:01",
        "0000-01-01T00:00:00+00:01",
        "Fri, 31 Dec 9999 23:59:60 GMT",
    ] {
        assert!(read(&format!("{text:?}")).is_err(), "{text}");
    }
}

/// Also on systems whose clocks have fewer years than a program can make.
#[test]
fn every_time_becomes_a_time_of_the_system() {
    let times = [i64::MIN, FIRST, 0, LAST, i64::MAX]
        .map(|seconds| SystemTime::from(Timestamp { seconds, nanos: NANOS - 1 }));
    assert!(times.iter().take(2).all(|time| *time <= times[2]), "{times:?}");
    assert_eq!(Timestamp::from(times[3]), Timestamp { seconds: LAST, nanos: NANOS - 1 });
    assert!(times[4] >= times[3], "{times:?}");
}

#[test]
fn json_without_a_time_is_refused() {
    for json in ["\"\"", "\"2019-02-29T00:00:00Z\"", "\"2019-01-01\"", "\"yesterday\"", "1e300", "null", "{}"]
    {
        assert!(serde_json::from_str::<Timestamp>(json).is_err(), "{json}");
    }
}
