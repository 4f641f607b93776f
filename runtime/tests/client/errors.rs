//! What errors say.

use gatewright_runtime::{
    BoxFuture,
    credentials::{Credentials, CredentialsError, ProvideCredentials},
};

use crate::{
    OK, move_,
    stage::{self, Act, DRIVERS, List, Move, Name, Script, client},
};

#[tokio::test]
async fn errors_say_what_happened_in_one_line() {
    let body = "{\"__type\":\"ns#BadRequest:uri\",\"message\":\"No such\\nprop.\",\"error\":{\"errorCode\":\"NoProp\",\"errorDetails\":{\"k\":\"v\"}},\"more\":1}";
    let (client, _) = client([Act::Answer(400, body), Act::Answer(418, "teapot")]);
    let error = client.call(move_()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Move: BadRequest NoProp: No such prop. (status 400, request id id-1, 1 attempt)"
    );
    assert_eq!((error.code(), error.kind()), (Some(&Name::NoProp), Some(&Name::NoProp)));
    assert_eq!(error.exception().map(Name::as_str), Some("BadRequest"));
    let service = error.as_service().unwrap();
    assert_eq!(service.fault().details.as_deref(), Some(r#"{"k":"v"}"#));
    assert_eq!(service.metadata().body(), body.as_bytes());
    let explanation = error.explain().to_string();
    assert!(explanation.ends_with("Causes:\n- The prop is lost.\nWhat to do:\n- Find it."), "{explanation}");

    let error = client.call(move_()).await.unwrap_err();
    assert_eq!(error.to_string(), "Move: error without a name (status 418, request id id-1, 1 attempt)");
    assert_eq!(error.metadata().unwrap().body(), "teapot");

    let error = client.call(move_()).header("Content-Length", "1").await.unwrap_err();
    assert!(error.to_string().contains("Content-Length follows from the body"), "{error}");
    let refused = Move { prop: Some("x".to_owned()), token: None };
    let error = client.call(refused).header("bad name", "v").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Move: refused before sending: header: \"bad name\" is no header name; prop: 1 character, at least 2"
    );
    let (client, _) = stage::client([Act::Answer(200, "\u{feff}<html>"), Act::Answer(200, "<html>")]);
    let error = client.call(move_()).await.unwrap_err();
    assert!(
        error.to_string().starts_with("Move: the answer cannot be understood: expected value"),
        "{error}"
    );
    let error = client.call(move_()).await.unwrap_err();
    assert!(error.to_string().contains("the body is HTML or XML"), "{error}");
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
async fn missing_credentials_tell_what_was_tried() {
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
            Act::Answer(403, r#"{"__type":"SignatureDoesNotMatch"}"#),
            Act::Answer(400, r#"{"__type":"InvalidSignatureException"}"#),
            Act::Answer(400, r#"{"__type":"BadRequest"}"#),
            OK,
        ]);
        for _ in 0..2 {
            let error = driver.make(client.call(move_()).header("x-note", "n")).unwrap_err();
            let signed = error.as_service().unwrap().signed().unwrap();
            assert_eq!(signed.access_key_id, "AKIDEXAMPLE");
            let texts = signed.texts.canonical_request();
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
fn what_a_service_repeats_of_our_secrets_is_concealed() {
    const TOKEN: &str = "FwoGZXIvYXdzEJr//////////wEaDHNlY3JldA==";
    let bodies = [
        (500, "<html>your token FwoGZXIvYXdzEJr//////////wEaDHNlY3JldA== and key api-key-of-mine</html>"),
        (400, r#"{"__type":"FwoGZXIvYXdzEJr//////////wEaDHNlY3JldA==","message":"api-key-of-mine"}"#),
        (200, r#"["FwoGZXIvYXdzEJr//////////wEaDHNlY3JldA==", "api-key-of-mine"]"#),
        (200, r#"{"Names":"FwoGZXIvYXdzEJr\/\/\/\/\/\/\/\/\/\/wEaDHNlY3JldA== api-key-of-mine"}"#),
    ];
    for driver in DRIVERS {
        for (status, body) in bodies {
            let script = Script::new([Act::Answer(status, body)]);
            let credentials = Credentials::new("ASIAEXAMPLE", "secret").with_session_token(TOKEN);
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
