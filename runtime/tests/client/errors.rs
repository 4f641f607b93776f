//! The texts of errors.

use gatewright_runtime::{
    BoxFuture, Error, ErrorMembers, Secret, Service,
    codec::form::Plain,
    credentials::{Credentials, CredentialsError, ProvideCredentials},
    explain::Evidence,
    transport::{Reached, TransportError, TransportErrorKind},
};
use serde_json::json;

use crate::{
    OK,
    drivers::{DRIVERS, Driver},
    move_,
    stage::{self, Act, List, Move, Name, Script, Stage, client},
};

#[tokio::test]
async fn an_error_without_causes_is_not_called_unknown() {
    let (client, _) = client([Act::Respond(400, r#"{"__type":"Odd"}"#)]);
    let explanation = client.call(move_()).await.unwrap_err().explain();
    let cause = "The service sent \"Odd\", for which neither its model nor the list of errors common to AWS services has causes.";
    assert_eq!(explanation.causes, [cause]);
    assert!(explanation.remedies[1].contains("a newer model may have causes"), "{explanation}");
}

#[tokio::test]
async fn errors_say_what_happened_in_one_line() {
    let body = "{\"__type\":\"ns#BadRequest:uri\",\"message\":\"No such\\nprop.\",\"error\":{\"errorCode\":\"NoProp\",\"errorDetails\":{\"k\":\"v\"}},\"more\":1}";
    let (client, _) = client([Act::Respond(400, body), Act::Respond(418, "teapot")]);
    let error = client.call(move_()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Move: BadRequest NoProp: No such prop. (status 400, request id id-1, 1 attempt)"
    );
    assert_eq!(error.code(), Some(&Name::NoProp));
    assert_eq!(error.exception().map(Name::as_str), Some("BadRequest"));
    let service = error.as_service().unwrap();
    assert_eq!(service.fault().details.as_deref(), Some(r#"{"k":"v"}"#));
    assert_eq!(service.metadata().body(), body.as_bytes());
    let explanation = error.explain().to_string();
    assert!(explanation.ends_with("Causes:\n- The prop is lost.\nWhat to do:\n- Find it."), "{explanation}");

    let error = client.call(move_()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Move: error without a name: teapot (status 418, request id id-1, 1 attempt)"
    );
    assert_eq!(error.metadata().unwrap().body(), "teapot");

    for name in ["Content-Length", "transfer-encoding", "Host", "authorization", "connection", "x-amz-date"] {
        let error = client.call(move_()).header(name, "1").await.unwrap_err();
        assert!(error.to_string().contains("is reserved for the client"), "{name}: {error}");
    }
    let refused = Move { prop: Some("x".to_owned()), token: None };
    let error = client.call(refused).header("bad name", "v").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Move: refused before sending: header: \"bad name\" is not a valid header name; prop: 1 character, at least 2"
    );
    let (client, _) = stage::client([Act::Respond(200, "\u{feff}<html>"), Act::Respond(200, "<html>")]);
    let error = client.call(move_()).await.unwrap_err();
    assert!(
        error.to_string().starts_with("Move: the response could not be decoded: expected value"),
        "{error}"
    );
    let error = client.call(move_()).await.unwrap_err();
    assert!(error.to_string().contains("the body is HTML or XML"), "{error}");
}

/// Members of an exception.
#[derive(Clone, Debug, Default, PartialEq)]
struct Torn {
    seams: Option<Vec<String>>,
    password: Option<String>,
}

structure!(Torn, [], "Seams" => seams as Plain, "Password" => password as Plain);

impl ErrorMembers for Torn {
    type Service = Stage;
    const NAMES: &'static [&'static str] = &["CurtainTorn", "Torn"];
}

#[test]
fn members_of_exceptions_have_types() {
    for driver in DRIVERS {
        let (client, _) = client([
            Act::Respond(400, r#"{"__type":"ns#CurtainTorn","message":"m","Seams":["left"],"More":1}"#),
            Act::RespondWith(400, &[("x-amzn-errortype", "Torn:uri")], "{}"),
            Act::Respond(400, r#"{"__type":"BadRequest","Seams":["left"]}"#),
            Act::Respond(400, r#"{"error":{"errorCode":"Torn"},"Seams":null}"#),
        ]);
        let torn = || driver.make(client.call(move_())).unwrap_err().members::<Torn>();
        assert_eq!(torn().unwrap().unwrap(), Torn { seams: Some(vec!["left".to_owned()]), password: None });
        assert_eq!(torn().unwrap().unwrap(), Torn::default());
        assert!(torn().is_none(), "another exception");
        assert_eq!(torn().unwrap().unwrap(), Torn::default(), "a code");
    }
    let (client, _) = client([Act::Hang]);
    let unsent = Move { prop: Some("x".to_owned()), token: None };
    assert!(DRIVERS[0].make(client.call(unsent)).unwrap_err().members::<Torn>().is_none());
}

#[test]
fn members_that_cannot_be_read_hide_neither_error_nor_secrets() {
    for body in [
        r#"{"__type":"Torn","message":"m","Seams":"none"}"#,
        r#"{"__type":"Torn","message":"m","Seams":[{"Password":"hunter2"}]}"#,
        r#"{"__type":"Torn","message":"m","Password":"hunter2","Seams":"hunter2"}"#,
    ] {
        let (client, _) = client([Act::Respond(409, body)]);
        let error = DRIVERS[0].make(client.call(move_())).unwrap_err();
        assert_eq!(error.to_string(), "Move: Torn: m (status 409, request id id-1, 1 attempt)");
        assert_eq!(error.exception().map(Name::as_str), Some("Torn"));
        let unreadable = error.members::<Torn>().unwrap().unwrap_err();
        let shown = format!("{unreadable} {unreadable:?}");
        assert!(shown.starts_with("Move: the response could not be decoded: Seams"), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[derive(Debug)]
struct NoCredentials;

impl ProvideCredentials for NoCredentials {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        let error = CredentialsError::new("environment", "AWS_ACCESS_KEY_ID is not set")
            .and(CredentialsError::new("profile", "no file"));
        Box::pin(std::future::ready(Err(error)))
    }
}

#[tokio::test]
async fn missing_credentials_list_what_was_tried() {
    let client = stage::builder(&Script::new([])).credentials(NoCredentials).build().unwrap().0;
    let error = client.call(List::default()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "List: no credentials: environment: AWS_ACCESS_KEY_ID is not set; profile: no file"
    );
    assert_eq!(error.attempts(), 0);
}

#[test]
fn refusals_keep_what_was_signed() {
    for driver in DRIVERS {
        let (client, _) = client([
            Act::Respond(403, r#"{"__type":"SignatureDoesNotMatch"}"#),
            Act::Respond(400, r#"{"__type":"InvalidSignatureException"}"#),
            Act::Respond(400, r#"{"__type":"BadRequest"}"#),
            OK,
        ]);
        for _ in 0..2 {
            let error = driver.make(client.call(move_()).header("x-note", "n")).unwrap_err();
            let signed = error.as_service().unwrap().signed().unwrap();
            assert_eq!(signed.access_key_id, "AKID***");
            let texts = signed.to_texts().0;
            assert!(
                texts.starts_with("POST\n/\n\ncontent-type:application/x-amz-json-1.1\nhost:stage."),
                "{texts}"
            );
            assert!(texts.contains("\nx-note:n\n"), "{texts}");
        }
        let error = driver.make(client.call(move_())).unwrap_err();
        assert!(error.as_service().unwrap().signed().is_none());
    }
}

#[test]
fn secrets_that_a_service_repeats_are_masked() {
    const TOKEN: &str = "FwoGZXIvYXdzEJr//////////wEaDHNlY3JldA==";
    let bodies = [
        (500, "<html>your token FwoGZXIvYXdzEJr//////////wEaDHNlY3JldA== and key api-key-of-mine</html>"),
        (400, r#"{"__type":"FwoGZXIvYXdzEJr//////////wEaDHNlY3JldA==","message":"api-key-of-mine"}"#),
        (200, r#"["FwoGZXIvYXdzEJr//////////wEaDHNlY3JldA==", "api-key-of-mine"]"#),
        (200, r#"{"Names":"FwoGZXIvYXdzEJr\/\/\/\/\/\/\/\/\/\/wEaDHNlY3JldA== api-key-of-mine"}"#),
    ];
    for driver in DRIVERS {
        for (status, body) in bodies {
            let script = Script::new([Act::Respond(status, body)]);
            let credentials =
                Credentials::new("ASIAEXAMPLE", Secret::new("secret")).with_session_token(Secret::new(TOKEN));
            let client = stage::builder(&script).credentials(credentials).build().unwrap().0;
            let call = client.call(List::default()).header("x-api-key", "api-key-of-mine").no_retries();
            let error = driver.make(call).unwrap_err();
            let raw = String::from_utf8_lossy(error.metadata().unwrap().body()).into_owned();
            for shown in [
                raw,
                error.to_string(),
                format!("{error:?}"),
                error.explain().to_string(),
                error.evidence().to_json(),
            ] {
                assert!(!shown.contains("FwoGZX") && !shown.contains("api-key-of-mine"), "{shown}");
            }
        }
    }
}

#[test]
fn nothing_shows_a_secret() {
    let (client, _) = client([]);
    let call = client.call(List::default()).header("x-api-key", "secret-of-the-stage");
    for shown in [format!("{client:?}"), format!("{call:?}")] {
        assert!(!shown.contains("secret-of-the-stage"), "{shown}");
    }
}

/// Whether a label in a text has no value.
fn has_empty_label(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_end();
        let is_title = ["Evidence:", "Causes:", "What to do:"].contains(&line);
        // What a body holds is a value, whatever it is.
        let line = if line.contains("the body begins: ") { "" } else { line };
        let within = [
            ": (",
            ": ;",
            ": ,",
            ":  ",
            "id ,",
            "id )",
            "host )",
            "details: {}",
            "details: []",
            "details: null",
        ];
        !is_title
            && (line.ends_with(':')
                || line.trim_end().ends_with("request id")
                || line == "-"
                || within.iter().any(|hole| line.contains(hole)))
    })
}

#[track_caller]
fn check_labels(error: &Error<Name>, what: &str) {
    let kept = Evidence::from_json(&error.evidence().to_json()).unwrap();
    let stage = Some(<Stage as Service>::INFO);
    for text in [error.to_string(), error.explain().to_string(), kept.explain(stage).to_string()] {
        assert!(!has_empty_label(&text), "{what}\n{text}");
    }
}

#[test]
fn no_label_is_without_a_value() {
    assert!(has_empty_label("X:  (status 400, 1 attempt)") && has_empty_label("- details: {}"));
    let texts = [None, Some(""), Some(" \n\u{0} "), Some("Said")];
    for exception in texts {
        for code in texts {
            for message in texts {
                for details in [json!(null), json!({}), json!([]), json!(""), json!({"k": "v"})] {
                    let error = json!({ "errorCode": code, "errorDetails": details });
                    let body = json!({ "__type": exception, "message": message, "error": error }).to_string();
                    let act =
                        Act::RespondWith(400, &[("location", ""), ("x-amzn-requestid", "")], body.leak());
                    let (client, _) = client([act.clone()]);
                    let error = Driver::Blocking.make(client.call(move_())).unwrap_err();
                    check_labels(&error, &format!("{act:?}"));
                }
            }
        }
    }
    let bodies = ["", " ", "{}", "null", "\u{1}", "<html></html>", "<html><title></title>", "<a/>", "<", "x"];
    for body in bodies {
        for status in [200, 302, 400, 403, 404, 503] {
            let act = Act::RespondWith(status, &[("location", " ")], body);
            let (client, _) = client([act]);
            let outcome = Driver::Blocking.make(client.call(move_()).no_retries());
            if let Err(error) = outcome {
                check_labels(&error, &format!("{status} {body:?}"));
            }
        }
    }
    // Sources and transports of users may omit texts.
    for (source, reason) in [("", ""), ("theirs", ""), ("", "why"), (" ", "\n")] {
        let error = CredentialsError::new(source, reason);
        assert!(!has_empty_label(&error.to_string()), "{error}");
        let client = stage::builder(&Script::new([])).credentials(Failing(error)).build().unwrap().0;
        check_labels(&Driver::Blocking.make(client.call(List::default())).unwrap_err(), source);
    }
    let error = TransportError::new(TransportErrorKind::Closed, "", Reached::NotSent);
    assert_eq!(error.to_string(), "the connection ended before the response was complete");
}

#[derive(Debug)]
struct Failing(CredentialsError);

impl ProvideCredentials for Failing {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(Err(self.0.clone())))
    }
}

#[test]
fn what_is_said_in_plain_text_or_html_is_quoted_in_one_line() {
    for (status, body, expected) in [
        (503, "upstream connect error or\r\ndisconnect/reset", "upstream connect error or disconnect/reset"),
        (502, "<html><head><title>502 Bad Gateway</title></head></html>", "502 Bad Gateway"),
        (404, "<Error><Code>NoSuchKey</Code><Message>Gone.</Message></Error>", "NoSuchKey Gone."),
        (
            400,
            r#"{"reason":"no","token":"x","password":"hush"}"#,
            r#"{"reason":"no","token":"x","password":"***"}"#,
        ),
    ] {
        for driver in DRIVERS {
            let (client, _) = client([Act::Respond(status, body)]);
            let error = driver.make(client.call(move_()).no_retries()).unwrap_err().to_string();
            let line = format!(
                "Move: error without a name: {expected} (status {status}, request id id-1, 1 attempt)"
            );
            assert_eq!(error.replace(r#""token":"***""#, r#""token":"x""#), line);
        }
    }
    let named = Act::RespondWith(403, &[("x-amzn-errortype", "Refused:")], "by the sidecar");
    let (client, _) = client([named]);
    let error = Driver::Blocking.make(client.call(move_())).unwrap_err();
    assert_eq!(error.to_string(), "Move: Refused: by the sidecar (status 403, request id id-1, 1 attempt)");
    assert!(error.explain().to_string().contains("- the body begins: by the sidecar"));
}
