//! Texts of both sides, compared: other services, other notations, several differences together.

use gatewright_runtime::explain::{
    Refused,
    signature::{Candidate, Hint, Part, SignedRequest, Verdict, find},
};

use crate::stage::{
    BODY, EMPTY, MISMATCH, canonical, compared, explained, message, refusal, signed, string_to_sign,
};

const HEADERS: &[(&str, &str)] = &[
    ("content-type", "application/x-amz-json-1.1"),
    ("host", "storagegateway.us-east-2.amazonaws.com"),
    ("x-amz-date", "20261122T120000Z"),
];

fn plain(path: &str, query: &str) -> String {
    canonical("POST", path, query, HEADERS, BODY)
}

fn with_header(name: &str, value: &str) -> String {
    let mut headers = HEADERS.to_vec();
    headers.retain(|(other, _)| *other != name);
    headers.push((name, value));
    headers.sort_unstable();
    canonical("POST", "/", "", &headers, BODY)
}

#[track_caller]
fn check(ours: &str, theirs: &str, verdict: Verdict, hint: Option<Hint>) {
    let (finding, explanation) = compared(ours, theirs);
    assert_eq!((finding.verdict, finding.hint), (verdict, hint), "{explanation}");
}

#[test]
fn paths() {
    let check = |ours, theirs, verdict, hint| check(&plain(ours, ""), &plain(theirs, ""), verdict, hint);
    check("/a%20b", "/a%2520b", Verdict::PathEncoding, Some(Hint::EncodeWirePathOnceMore));
    check("/a%2520b", "/a%20b", Verdict::PathEncoding, Some(Hint::EncodeWirePathExactlyOnce));
    check("/a%2fb", "/a%2Fb", Verdict::PathEncoding, Some(Hint::EncodeWirePathExactlyOnce));
    check("/é", "/%C3%A9", Verdict::PathEncoding, Some(Hint::EncodeWirePathOnceMore));
    check("/a//b", "/a/b", Verdict::PathNormalisation, None);
    check("/a/./b", "/a/b", Verdict::PathNormalisation, None);
    check("/a/x/../b", "/a/b", Verdict::PathNormalisation, None);
    check("/a/b/", "/a/b", Verdict::PathNormalisation, None);
    check("/pets", "/prod/pets", Verdict::PathChanged, Some(Hint::StageOrBasePath));
    check("/prod/pets", "/prod/cats", Verdict::PathChanged, None);
    check("/prodpets", "/pets", Verdict::PathChanged, None);
}

#[test]
fn queries() {
    let check = |ours, theirs, verdict| check(&plain("/", ours), &plain("/", theirs), verdict, None);
    check("b=1&a=2&a=1", "a=1&a=2&b=1", Verdict::QueryOrder);
    check("a=2&a=1", "a=1&a=2", Verdict::QueryOrder);
    check("q=a+b", "q=a%20b", Verdict::QueryEncoding);
    check("q=a+b", "q=a%2Bb", Verdict::QueryEncoding);
    check("q=%e2%82%ac", "q=%E2%82%AC", Verdict::QueryEncoding);
    check("q=€", "q=%E2%82%AC", Verdict::QueryEncoding);
    check("acl&b=2", "acl=&b=2", Verdict::QueryEncoding);
    check("b=%2f&a", "a=&b=%2F", Verdict::QueryEncoding);
    check("token=a%252Bb", "token=a%2Bb", Verdict::QueryEncoding);
    check("a=1&a=1", "a=1", Verdict::QueryChanged);
    check("a=1", "a=2", Verdict::QueryChanged);
    check("", "utm_source=x", Verdict::QueryChanged);
}

#[test]
fn pairs_that_came_and_went_are_named() {
    let (finding, explanation) =
        compared(&plain("/", "a=1&q=x%2fy&page=2"), &plain("/", "a=1&page=3&q=x%2Fy"));
    assert_eq!(finding.verdict, Verdict::QueryChanged);
    assert_eq!(finding.missing_at_server, ["page=2"]);
    assert_eq!(finding.added_at_server, ["page=3"]);
    assert_eq!(finding.parameter.as_deref(), Some("page"));
    assert!(explanation.to_string().contains("page=2"), "{explanation}");
}

#[test]
fn hosts() {
    let host = |host| with_header("host", host);
    let check = |ours, theirs, hint| check(&host(ours), &host(theirs), Verdict::HostRewritten, hint);
    check("localhost:8443", "storagegateway.us-east-2.amazonaws.com", None);
    check("api.example.com:443", "api.example.com", Some(Hint::DefaultPortInHost));
    check("API.example.com", "api.example.com", None);
    check(
        "vpce-1-2.execute-api.eu-west-1.vpce.amazonaws.com",
        "abc.execute-api.eu-west-1.amazonaws.com",
        Some(Hint::SignTheHostHeaderValue),
    );
}

#[test]
fn the_host_as_sent_shows_which_side_is_wrong() {
    let signed = signed(&with_header("host", "origin.example.com"));
    let message = message(&with_header("host", "api.example.com"));
    let mut refusal = refusal(&signed, &message);
    refusal.host = Some("api.example.com".to_owned());
    assert_eq!(explained(&refusal).0.hint, Some(Hint::SignTheHostHeaderValue));
}

#[test]
fn headers() {
    let ours = with_header("x-extra", "a b");
    let check_value =
        |value, hint| check(&ours, &with_header("x-extra", value), Verdict::HeaderChanged, hint);
    check_value("c", None);
    check_value("a  b", Some(Hint::BlanksInHeaderValue));
    check_value("", Some(Hint::HeaderAbsentAtServer));
    check(
        &ours,
        &ours.replace("x-extra:a b\n", ""),
        Verdict::HeaderChanged,
        Some(Hint::HeaderAbsentAtServer),
    );
    for name in ["x-amzn-trace-id", "connection", "x-forwarded-for", "content-length", "user-agent"] {
        let [ours, theirs] = ["1", "2"].map(|value| with_header(name, value));
        check(&ours, &theirs, Verdict::HeaderChanged, Some(Hint::LeaveHeaderUnsigned));
    }
    check(&ours, &with_header("x-extra", "ä"), Verdict::HeaderChanged, None);
}

#[test]
fn names_and_form_of_the_header_lines() {
    let ours = plain("/", "");
    check(&ours, &with_header("x-extra", "1"), Verdict::SignedHeadersChanged, None);
    check(
        &ours,
        &ours.replace("content-type;host", "host;content-type"),
        Verdict::SignedHeadersChanged,
        None,
    );
    let unsorted = ours.replacen("content-type:application/x-amz-json-1.1\n", "", 1);
    let unsorted = unsorted.replacen("Z\n\n", "Z\ncontent-type:application/x-amz-json-1.1\n\n", 1);
    check(&unsorted, &ours, Verdict::SignedHeadersChanged, Some(Hint::HeaderOrder));
    check(&ours.replace("\nhost:", "\nHost:"), &ours, Verdict::SignedHeadersChanged, Some(Hint::HeaderOrder));
    check(&ours.replace("Z\n\n", "Z\n"), &ours, Verdict::SignedHeadersChanged, Some(Hint::EmptyLineMissing));
}

#[test]
fn payloads() {
    let hash = |hash| canonical("PUT", "/bucket/key", "", HEADERS, hash);
    let check = |ours, theirs, hint| check(&hash(ours), &hash(theirs), Verdict::BodyChanged, Some(hint));
    check(EMPTY, BODY, Hint::SignedEmptyBody);
    check(BODY, EMPTY, Hint::ServerSawEmptyBody);
    check("UNSIGNED-PAYLOAD", EMPTY, Hint::ServerSawEmptyBody);
    check("UNSIGNED-PAYLOAD", BODY, Hint::PayloadModeNotAccepted);
    check("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", BODY, Hint::PayloadModeNotAccepted);
    check(BODY, &BODY.replace('4', "5"), Hint::ReEncodedOrCompressedOnTheWay);
}

#[test]
fn lines_of_the_string_to_sign() {
    let ours = plain("/", "");
    for (from, to, verdict) in [
        ("AWS4-HMAC-SHA256\n", "AWS4-ECDSA-P256-SHA256\n", Verdict::WrongAlgorithm),
        ("\n20261122T120000Z\n20261122/", "\n20261122T120001Z\n20261122/", Verdict::DateChanged),
        ("/us-east-2/", "/us-east-1/", Verdict::WrongScope),
        ("/aws4_request", "/aws4", Verdict::WrongScope),
    ] {
        let message = message(&ours).replace(from, to);
        let (finding, explanation) = explained(&refusal(&signed(&ours), &message));
        assert_eq!(finding.verdict, verdict, "{explanation}");
        assert_eq!(finding.scope.len(), usize::from(verdict == Verdict::WrongScope));
        // The service's algorithm is in the evidence.
        assert!(!explanation.remedies.iter().any(|remedy| remedy.contains("HMAC")), "{explanation}");
    }
}

#[test]
fn every_differing_line_is_reported_in_order() {
    let ours = canonical("POST", "/a", "x=1", HEADERS, BODY);
    let mut headers = HEADERS.to_vec();
    headers[0].1 = "text/plain";
    headers[1].1 = "origin.example.com";
    let theirs = canonical("GET", "/b", "x=2", &headers, EMPTY);
    let message = message(&theirs).replace("/us-east-2/", "/us-west-2/");
    let (finding, explanation) = explained(&refusal(&signed(&ours), &message));
    let parts: Vec<_> = finding.differences.iter().map(|difference| difference.what.clone()).collect();
    let content_type = Part::Header("content-type".to_owned());
    assert_eq!(
        parts,
        [Part::Scope, Part::Method, Part::Path, Part::Query, Part::Host, content_type, Part::Payload]
    );
    assert_eq!(finding.verdict, Verdict::WrongScope);
    assert!(
        explanation.evidence[0].starts_with("credential scope: signed `20261122/us-east-2/"),
        "{explanation}"
    );
    assert!(explanation.evidence[1].starts_with("method: signed `POST`"), "{explanation}");
}

#[test]
fn messages_in_other_writings() {
    let ours = with_header("x-note", "it's <fine> & 'quoted'");
    let theirs = ours.replace("\n/\n", "\n/b\n");
    let plain = message(&theirs);
    let xml = plain.replace('&', "&amp;").replace('\'', "&apos;").replace('<', "&lt;").replace('>', "&gt;");
    let json = serde_json::to_string(&plain).unwrap();
    let words = |text: &str| text.replace('\n', " ");
    let collapsed = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let canonical_only = plain.split("\n\nThe String-to-Sign").next().unwrap().to_owned();
    for message in [
        plain.replace('\n', "\r\n"),
        plain.replace("should have been\n", "should have been "),
        plain.replace("The Canonical String for this request", "THE CANONICAL STRING FOR THIS REQUEST"),
        plain.replace("The Canonical String", "the canonical string"),
        xml.clone(),
        xml.replace("&apos;", "&#39;"),
        format!("<ErrorResponse xmlns=\"urn:x\"><Error><Message>{xml}</Message></Error></ErrorResponse>"),
        json.clone(),
        format!("{{\n  \"message\": {json}\n}}"),
        json.replace('\'', "\\u0027"),
        words(&plain),
        plain.replace('\n', "\n    "),
        format!("\t{}", plain.replace('\n', "\r\n\t")),
        collapsed,
        canonical_only,
    ] {
        let (finding, explanation) = explained(&refusal(&signed(&ours), &message));
        assert_eq!(finding.verdict, Verdict::PathChanged, "{message}\n{explanation}");
        assert_eq!(finding.differences[0].what, Part::Path, "{message}\n{explanation}");
        assert_eq!(finding.differences.last().map(|last| &last.what), Some(&Part::Path), "{explanation}");
        assert_eq!(finding.differences[0].theirs.as_deref(), Some("/b"));
    }
}

#[test]
fn texts_that_were_copied_on_our_side_too() {
    let ours = with_header("x-amz-security-token", "IQoJb3JpZ2lu/hush+hush==");
    let theirs = ours.replace("POST", "PUT");
    let wrapped = ours.replace("hush+hush", "hush\n+hush");
    for written in [ours.replace('\n', " "), ours.replace('\n', "\r\n"), wrapped, format!("{ours}\n")] {
        let signed = SignedRequest::from_texts(&written, "", "ASIAIOSFODNN7EXAMPLE", true);
        let message = message(&theirs);
        let refusal = refusal(&signed, &message);
        let (finding, explanation) = explained(&refusal);
        assert_eq!(finding.verdict, Verdict::MethodChanged, "{written}\n{explanation}");
        assert_eq!(finding.differences.len(), 1, "{finding:?}");
        assert_eq!(signed.signed_at, crate::stage::noon());
        let shown = format!("{signed:?} {explanation} {finding:?}");
        assert!(!shown.contains("hush") && !shown.contains("OSFODNN7"), "{shown}");
    }
}

#[test]
fn only_the_string_to_sign() {
    let [ours, theirs] = ["/a", "/b"].map(|path| plain(path, ""));
    let said = |canonical: &str| {
        format!("{MISMATCH}\n\nThe String-to-Sign should have been\n'{}'", string_to_sign(canonical))
    };
    let (finding, explanation) = explained(&refusal(&signed(&ours), &said(&theirs)));
    assert_eq!(finding.verdict, Verdict::UndeterminedMismatch);
    assert_eq!(finding.differences[0].what, Part::CanonicalHash);
    assert!(!finding.candidates.contains(&Candidate::Verdict(Verdict::WrongSecret)), "{explanation}");
    let (finding, _) = explained(&refusal(&signed(&ours), &said(&ours)));
    assert_eq!(finding.verdict, Verdict::WrongSecret);
}

#[test]
fn secrets_are_compared_but_not_shown() {
    for name in ["x-amz-security-token", "authorization", "x-api-key", "cookie"] {
        let [ours, theirs] = ["hush-ours-a", "hush-theirs"].map(|value| with_header(name, value));
        let (finding, explanation) = compared(&ours, &theirs);
        assert_eq!(finding.header(), Some(name));
        assert!(!format!("{finding:?} {explanation}").contains("hush"), "{explanation}");
        // Masked on one side: not known to differ.
        let masked = theirs.replace("hush-theirs", "***");
        let message = message(&ours).replace(&ours, &masked);
        let (finding, _) = explained(&refusal(&signed(&ours), &message));
        assert_eq!(finding.verdict, Verdict::WrongSecret);
    }
    for name in ["X-Amz-Security-Token", "x-amz-signature", "X-Amz-Credential"] {
        let query = |value: &str| plain("/", &format!("a=1&{name}={value}&b=2"));
        let (finding, explanation) = compared(&query("hush-ours"), &query("hush-theirs"));
        assert_eq!(finding.verdict, Verdict::QueryChanged);
        assert!(!format!("{finding:?} {explanation}").contains("hush"), "{explanation}");
        let message = message(&query("hush")).replace("hush", "***");
        let (finding, explanation) = explained(&refusal(&signed(&query("hush")), &message));
        assert_eq!(finding.verdict, Verdict::WrongSecret, "{explanation}");
        let (finding, explanation) = explained(&refusal(&signed(&plain("/", "b=2&a=1")), &message));
        assert!(!format!("{finding:?} {explanation}").contains("hush"), "{explanation}");
    }
}

#[test]
fn masks_that_hold_a_digest_are_compared() {
    let token = |value| with_header("x-amz-security-token", value);
    let credential = |value| plain("/", &format!("X-Amz-Credential={value}"));
    let check = |ours: &str, theirs: &str, verdict| {
        // The string to sign belongs to the text before it was masked.
        let message = message(ours).replace(ours, theirs);
        let (finding, explanation) = explained(&refusal(&signed(ours), &message));
        assert_eq!(finding.verdict, verdict, "{explanation}");
    };
    check(&token("***0a1b2c3d"), &token("***0a1b2c3d"), Verdict::WrongSecret);
    check(&token("***0a1b2c3d"), &token("***0a1b2c3e"), Verdict::HeaderChanged);
    check(&token("***0a1b2c3d"), &token("hush"), Verdict::WrongSecret);
    check(&token("***0a1b2c3d"), &token(""), Verdict::HeaderChanged);
    check(&credential("***0a1b2c3d"), &credential("***0a1b2c3d"), Verdict::WrongSecret);
    check(&credential("***0a1b2c3d"), &credential("***0a1b2c3e"), Verdict::QueryChanged);
    check(&credential("hush"), &credential("***0a1b2c3e"), Verdict::WrongSecret);
    check(&credential("***"), &credential("***0a1b2c3e"), Verdict::WrongSecret);
}

#[test]
fn what_to_check_when_only_the_secret_can_differ() {
    let text = plain("/", "");
    let mut signed = signed(&text);
    let (finding, _) = explained(&refusal(&signed, &message(&text)));
    // The hashes of these tests are not real hashes.
    assert_eq!(finding.check_first, [Hint::OwnTextsDisagree, Hint::SecretOfAnotherKey]);
    signed.secret_has_blank_ends = true;
    let (finding, explanation) = explained(&refusal(&signed, &message(&text)));
    assert_eq!((finding.verdict, finding.hint), (Verdict::WrongSecret, Some(Hint::SecretHasBlankEnds)));
    assert!(explanation.remedies[0].contains("white space"), "{explanation}");
}

#[test]
fn a_message_alone_shows_what_the_service_has() {
    let theirs = with_header("x-amz-security-token", "hush");
    let message = message(&theirs);
    let mut refusal = Refused::default();
    refusal.fault.message = Some(message.clone());
    let (finding, explanation) = explained(&refusal);
    assert_eq!(finding.verdict, Verdict::UndeterminedMismatch);
    assert!(explanation.to_string().contains("the service has: `POST`"), "{explanation}");
    assert!(!format!("{finding:?} {explanation}").contains("hush"));
}

#[test]
fn a_text_that_was_cut_is_compared_as_far_as_it_goes() {
    let ours = with_header("x-extra", "1");
    let theirs = ours.replace("POST", "GET");
    let cut = message(&theirs).split("\nx-amz-date").next().unwrap().to_owned();
    let (finding, explanation) = explained(&refusal(&signed(&ours), &cut));
    assert_eq!(finding.verdict, Verdict::MethodChanged);
    assert_eq!(finding.differences.len(), 1, "{explanation}");
}

#[test]
fn a_text_that_was_cut_does_not_prove_the_secret_wrong() {
    let text = plain("/", "");
    let cut = message(&text).split("\nx-amz-date").next().expect("a text").to_owned();
    let (finding, explanation) = explained(&refusal(&signed(&text), &cut));
    assert_eq!(finding.verdict, Verdict::UndeterminedMismatch, "{explanation}");
    assert!(finding.candidates.contains(&Candidate::Verdict(Verdict::WrongSecret)));
}

#[test]
fn our_canonical_request_alone() {
    let [ours, theirs] = ["/a", "/b"].map(|path| plain(path, ""));
    let signed = SignedRequest::from_texts(&ours, "", "", false);
    for (theirs, verdict) in [(&ours, Verdict::WrongSecret), (&theirs, Verdict::PathChanged)] {
        let message = message(theirs);
        assert_eq!(explained(&refusal(&signed, &message)).0.verdict, verdict);
        // Without its canonical request, the service's hash still shows that the requests differ.
        let hash_only = message.replace("The Canonical String", "");
        assert_eq!(explained(&refusal(&signed, &hash_only)).0.verdict, Verdict::UndeterminedMismatch);
    }
}

#[test]
fn long_values_are_cut_around_their_difference() {
    let [ours, theirs] =
        ["x", "y"].map(|end| plain(&format!("/{}{end}{}", "a".repeat(4000), "b".repeat(4000)), ""));
    let (_, explanation) = compared(&ours, &theirs);
    let line = &explanation.evidence[0];
    assert!(line.len() < 600 && line.contains("axb") && line.contains("ayb"), "{line}");
}

#[test]
fn responses_about_other_things() {
    let mut refusal = Refused::default();
    refusal.response.status = 400;
    for (code, message) in [
        ("InvalidGatewayRequestException", "The specified gateway was not found."),
        ("ValidationException", ""),
        ("ThrottlingException", "Rate exceeded"),
        ("AccessDeniedException", "User: x is not authorized to perform: y"),
    ] {
        refusal.fault.exception = Some(code.to_owned());
        refusal.fault.message = Some(message.to_owned());
        assert_eq!(find(&refusal), None, "{code}");
    }
}
