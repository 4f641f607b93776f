//! Times in the forms that services and tools write.
#![no_main]

use gatewright_runtime::time::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(time) = Timestamp::parse_date_time(text) {
        assert_eq!(Timestamp::parse_date_time(&time.date_time().to_string()), Some(time));
    }
    if let Some(time) = Timestamp::parse_http_date(text) {
        // Fractions of a second are read, and IMF-fixdate has none.
        let again = Timestamp::parse_http_date(&time.http_date().to_string());
        assert_eq!(again.map(Timestamp::seconds), Some(time.seconds()));
    }
});
