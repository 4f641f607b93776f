use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    mask::MASK,
    percent::encode_query,
    secret::Secret,
    wire::{Request, SensitiveBody, SensitiveParts},
};

const TOKEN: &str = "FwoGZXIvYXdzEJr+/==";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

fn secrets() -> Secrets {
    let mut secrets = Secrets::default();
    secrets.add(TOKEN.as_bytes(), Kind::Comparable);
    secrets.add(SECRET.as_bytes(), Kind::Silent);
    secrets.add(b"hush!", Kind::Silent);
    secrets.ready()
}

#[track_caller]
fn check(body: impl Into<Bytes>, expected: &str) {
    let mut response = Response::new(body.into());
    response.headers_mut().insert("x-echo", HeaderValue::from_static("token FwoGZXIvYXdzEJr+/=="));
    let mask = digest(TOKEN.as_bytes());
    let response = secrets().conceal(response);
    assert_eq!(String::from_utf8_lossy(response.body()), expected.replace("T*", &mask));
    assert_eq!(response.headers()["x-echo"], format!("token {mask}"));
}

#[test]
fn in_every_place_and_encoding() {
    check("<p>FwoGZXIvYXdzEJr+/==</p>FwoGZXIvYXdzEJr+/==", "<p>T*</p>T*");
    check(r#"{"a":"FwoGZXIvYXdzEJr+\/=="}"#, r#"{"a":"T*"}"#);
    check(r#"{"a":"FwoGZXIvYXdzEJr+\/\u003d\u003D"}"#, r#"{"a":"T*"}"#);
    check(r#"{"a":"{\"b\":\"FwoGZXIvYXdzEJr+\\/\\u003d\\u003D\"}"}"#, r#"{"a":"{\"b\":\"T*\"}"}"#);
    check("?t=FwoGZXIvYXdzEJr%2B%2F%3D%3D&u", "?t=T*&u");
    check("?t=FwoGZXIvYXdzEJr%2b%2f%3d%3d&u", "?t=T*&u");
    check("?t=FwoGZXIvYXdzEJr %2f%3d%3d&u", "?t=T*&u");
    check("?t%3DFwoGZXIvYXdzEJr%252B%252F%253D%253D%26u", "?t%3DT*%26u");
    check("<a>FwoGZXIvYXdzEJr&#43;&sol;&#x3d;&#61;</a>", "<a>T*</a>");
    check("&lt;a&gt;FwoGZXIvYXdzEJr&amp;#43;/&amp;equals;=&lt;", "&lt;a&gt;T*&lt;");
    check("token: FwoGZXIv\r\n YXdzEJr+/==\r\n", "token: T*\r\n");
    check("wJalrXUtnFEMI\\/K7MDENG\\/bPxRfiCYEXAMPLEKEY", "***");
    check(&b"\xff\xfeFwoGZXIvYXdzEJr+/==\xff"[..], "\u{fffd}\u{fffd}T*\u{fffd}");
    check("", "");
}

#[test]
fn parts_are_secret_too() {
    check(
        "Date in Credential scope: 'K7MDENG', no 'wJalrXUtnFEMI'",
        "Date in Credential scope: 'K7MDENG', no '***'",
    );
    check("FwoGZXIvYXd", &digest(b"FwoGZXIvYXd"));
    check("FwoGZXI", "FwoGZXI");
    check("wJalrXUtnFEMI and FwoGZXIvYXdzEJr+/==wJalrXUtnFEMI", "*** and ***");
}

#[test]
fn short_secrets_are_masked_as_words() {
    check("hush! hush!hush! xhush! (hush!) hush!x", "*** hush!*** xhush! (***) hush!x");
    check("hush%21,hush&#33;", "***,***");
    check("word\nhush!\nnext\r\n hush!", "word\n***\nnext\r\n ***");
    check(r#"{"a":"word\nhush!\nnext\\nhush!"}"#, r#"{"a":"word\n***\nnext\\n***"}"#);
}

#[test]
fn base64_hides_nothing() {
    for before in ["", "a", "ab", "user:"] {
        let encoded = STANDARD_NO_PAD.encode(format!("{before}{SECRET}:"));
        let shown = secrets().conceal_text(&encoded).into_owned();
        let hidden = shown.find(MASK).expect(&shown);
        assert!(hidden <= before.len() * 4 / 3 + 1 && shown.len() < hidden + 3 + 4, "{shown}");
    }
}

/// A secret that was concealed in a response equals the same secret that is masked in one of our texts.
#[test]
fn a_secret_has_one_mask_however_it_is_encoded() {
    let once = encode_query(TOKEN.as_bytes());
    let twice = encode_query(once.as_bytes());
    assert_eq!(
        [digest(once.as_bytes()), digest(twice.as_bytes())],
        [digest(TOKEN.as_bytes()), digest(TOKEN.as_bytes())]
    );
    assert_ne!(digest(TOKEN.as_bytes()), digest(b"FwoGZXIvYXdzEJr-/=="));
}

#[test]
fn requests_give_what_their_model_marks() {
    let mut request = Request::new(Bytes::from_static(
        br#"{"Users":[{"Login":{"PIN":"secret-a1"},"Name":"not-secret"}],"Text":"{\"PIN\":\"secret-b2\"}","PINs":{"secret-c3":4}}"#,
    ));
    *request.uri_mut() =
        "/?Users.1.PIN=secret-d4&PIN.member.1=secret-e5&api_key=secret-f6&Name=not-secret".parse().unwrap();
    request.headers_mut().insert("x-auth-token", HeaderValue::from_static("secret-g7"));
    let secrets = Secrets::of_request(&request, request.body(), &["PIN", "PINs"], None);
    for index in ["a1", "b2", "c3", "d4", "e5", "f6", "g7"] {
        let shown = secrets.conceal_text(&format!("<secret-{index}>")).into_owned();
        assert!(shown.starts_with("<***") && !shown.contains("secret"), "{shown}");
    }
    assert_eq!(secrets.conceal_text("not-secret"), "not-secret");
}

#[test]
fn requests_give_what_their_protocol_marks() {
    let shown = |body: &'static str, parts: SensitiveParts| {
        let mut request = Request::new(Bytes::from_static(body.as_bytes()));
        request.extensions_mut().insert(parts);
        let mut flag = HeaderValue::from_static("true");
        flag.set_sensitive(true);
        request.headers_mut().insert("x-flag", flag);
        let secrets = Secrets::of_request(&request, request.body(), &[], None);
        secrets.conceal_text("<secret-a1> <secret-b2> <{secret-c3}> true").into_owned()
    };
    let texts = ["secret-a1", "true"].map(Secret::new).to_vec();
    let body = Some(SensitiveBody::Document);
    assert_eq!(
        shown(r#"["secret-b2"]"#, SensitiveParts { texts, body: None }),
        "<***> <secret-b2> <{secret-c3}> true"
    );
    let document = || SensitiveParts { body, ..SensitiveParts::default() };
    for written in [r#"[{"Name":["secret-b2"],"Is":true}]"#, "<Do><Name>secret-b2</Name><Is>true</Is></Do>"] {
        assert_eq!(shown(written, document()), "<secret-a1> <***> <{secret-c3}> true");
    }
    let text = SensitiveParts { body: Some(SensitiveBody::Bytes), ..SensitiveParts::default() };
    assert_eq!(shown("{secret-c3}", text), "<secret-a1> <secret-b2> <***> true");
    assert_eq!(shown("{secret-c3}", document()), "<secret-a1> <secret-b2> <{secret-c3}> true");
    assert_eq!(shown(r#""secret-b2""#, document()), "<secret-a1> <***> <{secret-c3}> true");
}

#[test]
fn an_arn_is_hidden_from_its_resource() {
    let mut request = Request::new(Bytes::new());
    let texts = vec![Secret::new("arn:aws:kms:eu-west-1:111122223333:key/12ab-34cd")];
    request.extensions_mut().insert(SensitiveParts { texts, body: None });
    let secrets = Secrets::of_request(&request, b"", &[], None);
    assert_eq!(
        secrets.conceal_text(
            "arn:aws:iam::111122223333:user/me on arn:aws:kms:eu-west-1:111122223333:key/12ab-34cd"
        ),
        "arn:aws:iam::111122223333:user/me on arn:aws:kms:eu-west-1:111122223333:***"
    );
    let texts = vec![Secret::new("arn:aws:kms:eu-west-1:111122223333:key")];
    request.extensions_mut().insert(SensitiveParts { texts, body: None });
    let secrets = Secrets::of_request(&request, b"", &[], None);
    assert_eq!(secrets.conceal_text("arn:aws:kms:eu-west-1:111122223333:key"), "***");
    // Whatever begins like an ARN and is a secret by its name is hidden as a whole.
    let text = "open:sesame:4711";
    let secrets = Secrets::of_json(text, br#"{"Password":"arn:open:sesame:4711:0815:door"}"#, &[]);
    assert_eq!(secrets.conceal_text(text), "***");
}

#[test]
fn documents_give_what_their_model_marks() {
    let xml = r#"<?xml version="1.0"?><!-- <PIN>open-a1</PIN> --><Do xmlns="urn:open" x:PIN='secret-a1'
        PIN = "secret-b2>" Name="open-b2"><PIN/>open-c3<x:PINs xmlns:x="urn:open-d4" Name="secret-c3"><Name>secret-d4</Name
        >secret-e5<Name/>secret-f6</x:PINs>open-e5<api_key>secret-g7</api_key><Name><![CDATA[open-f6]]></Name><PIN>
        <![CDATA[secret-h8<PIN>]]>secret-&#105;9</PIN><Name>open-g7</Name><PIN>true</PIN><PIN>secret-j0"#;
    let opens: Vec<_> =
        ["a1", "b2", "c3", "d4", "e5", "f6", "g7"].map(|index| format!("open-{index}")).into();
    for end in ["", "<", "</PIN>", "</PIN></Do>", "</PIN></Do></Do></Do>"] {
        let mut secrets = Secrets::default();
        secrets.add_xml(&[xml, end].concat(), &["PIN", "PINs"], None);
        let secrets = secrets.ready();
        for index in ["a1", "b2", "c3", "d4", "e5", "f6", "g7", "h8", "i9", "j0"] {
            assert_eq!(secrets.conceal_text(&format!("<secret-{index}>")).get(..4), Some("<***"), "{index}");
        }
        for open in opens.iter().map(String::as_str).chain(["true", "Name", "PINs"]) {
            assert_eq!(secrets.conceal_text(open), open);
        }
    }
    let mut secrets = Secrets::default();
    secrets.add_xml("secret-a1", &["Do"], Some(Kind::Silent));
    secrets.add_xml("\n<Do>secret-b2<Name Kind='secret-c3'/>secret-d4</Do>", &[], Some(Kind::Silent));
    let shown = secrets.ready().conceal_text("secret-a1 secret-b2 secret-c3 secret-d4 Name").into_owned();
    assert_eq!(shown, "secret-a1 *** *** *** Name");
}

#[test]
fn json_that_breaks_off_gives_its_secrets_before_that() {
    for end in ["", "}}", r#"{"PIN": x"#, r#"{"PIN":"secret-"#, "\u{0}", "]"] {
        let json = format!(r#"{{"PIN":"secret-a1","List":[{{"PIN":["secret-b2"]}}, {end}"#);
        let text = "<secret-a1><secret-b2>";
        let secrets = Secrets::of_json(text, json.as_bytes(), &["PIN"]);
        assert_eq!(secrets.conceal_text(text), "<***><***>", "{end}");
    }
}

/// Each byte of a secret took 40 bytes.
#[test]
fn secrets_of_long_json_take_memory_by_the_text_they_may_be_in() {
    let many: Vec<String> =
        (0..200_000).map(|number| format!("secret-{number:06}, {}", number % 10_000)).collect();
    let json = serde_json::json!({ "PIN": many }).to_string();
    let text = "It is secret-123456, 3456, and not 9998 or secretly-123.";
    let secrets = Secrets::of_json(text, json.as_bytes(), &["PIN"]);
    let known = secrets.silent.len() + secrets.short.iter().map(Windows::len).sum::<usize>();
    assert!(known < text.len(), "{known}");
    assert_eq!(secrets.conceal_text(text), "It is ***, and not 9998 or secretly-123.");

    let mut windows = Windows::default();
    windows.extend((0..1_000_000).flat_map(|number: u64| [number % 10_000, 1]));
    assert!(windows.len() <= 20_002, "{}", windows.len());
}

/// Ways to write a text that are undone.
fn escaped(text: &str, how: usize) -> String {
    let each = |write: fn(char) -> String| text.chars().map(write).collect();
    match how % 9 {
        0 => text.to_owned(),
        1 => encode_query(text.as_bytes()),
        2 => text.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02x}")),
        3 => each(|char| format!("&#{};", u32::from(char))),
        4 => each(|char| format!("&#x{:x};", u32::from(char))),
        5 => each(|char| format!("\\u{:04x}", u32::from(char))),
        6 => text.replace('\\', "\\\\").replace('/', "\\/").replace('"', "\\\""),
        7 => text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;"),
        _ => encode_query(text.as_bytes()).replace("%20", "+"),
    }
}

proptest! {
    #[test]
    fn no_part_of_a_secret_is_left(
        // A secret that is itself full of escapes may decode to another secret.
        secret in "[ -$'-\\[\\]-~]{8,60}",
        before in "[ -~]{0,10}",
        cut in 0..20_usize,
        how in vec(0..9_usize, 0..3),
    ) {
        let mut secrets = Secrets::default();
        secrets.add(secret.as_bytes(), Kind::Silent);
        let secrets = secrets.ready();
        let part = secret.trim().get(cut.min(secret.trim().len().saturating_sub(8))..).unwrap_or_default();
        let written = how.iter().fold(format!("{before}{part}\n"), |text, how| escaped(&text, *how));
        let shown = secrets.conceal_text(&written).into_owned();
        let read: Vec<u8> = plain(shown.as_bytes()).map(|unit| unit.byte).collect();
        let known: Vec<u8> = plain(secret.trim().as_bytes()).map(|unit| unit.byte).collect();
        for window in known.windows(WINDOW) {
            prop_assert!(!read.windows(WINDOW).any(|shown| shown == window), "{secret:?} {written:?} {shown:?}");
        }
    }

    #[test]
    fn any_bytes_can_be_concealed(text in vec(any::<u8>(), 0..200)) {
        let secrets = secrets();
        let once = secrets.replaced(&text).unwrap_or(text);
        prop_assert!(secrets.replaced(&once).is_none());
    }
}
