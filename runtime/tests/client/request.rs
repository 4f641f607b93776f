//! Requests.

use gatewright_runtime::{BuildError, Error};

use crate::{
    OK,
    drivers::DRIVERS,
    move_,
    stage::{self, Act, Move, Props, Script, client},
};

#[tokio::test(start_paused = true)]
async fn every_attempt_is_the_same_request_signed_anew() {
    let (client, script) = client([Act::Respond(503, ""), OK]);
    let response = client.call(move_()).header("x-note", "n").with_metadata().await.unwrap();
    assert_eq!(response.output, Props { names: Some(vec!["a".to_owned()]), marker: None });
    assert_eq!((response.metadata.attempts(), response.metadata.request_id()), (2, Some("id-1")));
    assert_eq!(&response.metadata.body()[..], br#"{"Names":["a"]}"#);

    let seen = script.seen.lock().unwrap();
    let [first, second] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!(first.body(), second.body());
    assert_eq!(first.uri(), "https://stage.us-east-1.amazonaws.com/");
    let header = |name| first.headers()[name].to_str().unwrap();
    assert_eq!(header("x-amz-target"), "Stage_20260101.Move");
    assert_eq!(header("content-type"), "application/x-amz-json-1.1");
    assert_eq!(header("user-agent"), user_agent());
    assert!(
        header("authorization").contains("SignedHeaders=content-type;host;x-amz-date;x-amz-target;x-note")
    );
    let body: serde_json::Value = serde_json::from_slice(first.body()).unwrap();
    let token = body["Token"].as_str().unwrap();
    let groups: Vec<_> = token.split('-').map(str::len).collect();
    assert_eq!(groups, [8, 4, 4, 4, 12], "{token}");
    assert!(token.as_bytes()[14] == b'4' && b"89ab".contains(&token.as_bytes()[19]), "{token}");
}

/// The form of the AWS SDKs, on this machine.
fn user_agent() -> String {
    let (version, os, arch) = (env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
    format!("gatewright/{version} ua/2.1 os/{os} md/arch#{arch} lang/rust")
}

/// The header of a client with this application in the environment, and this suffix.
fn user_agent_of(application: Option<&str>, suffix: Option<&str>) -> Result<String, BuildError> {
    let mut script = Script::new([OK, OK]);
    if let Some(application) = application {
        script.clock = script.clock.variable("AWS_SDK_UA_APP_ID", application);
    }
    let mut builder = stage::builder(&script);
    if let Some(suffix) = suffix {
        builder = builder.user_agent_suffix(suffix);
    }
    let client = builder.build()?.0;
    for driver in DRIVERS {
        driver.make(client.call(move_())).unwrap();
    }
    let seen = script.seen.lock().unwrap();
    let agents: Vec<_> =
        seen.iter().map(|request| request.headers()["user-agent"].to_str().unwrap()).collect();
    assert_eq!(agents[0], agents[1]);
    Ok(agents[0].to_owned())
}

#[test]
fn the_user_agent_names_machine_language_and_application() {
    let own = user_agent();
    let agent = |application, suffix| user_agent_of(application, suffix).unwrap();
    assert_eq!(agent(None, None), own);
    assert_eq!(agent(Some("backup-2.1"), None), format!("{own} app/backup-2.1"));
    // No name of an application can add a part of its own.
    assert_eq!(agent(Some("a b/1#2 (x)"), None), format!("{own} app/a-b-1-2--x-"));
    assert_eq!(agent(Some("a"), Some("lib/other#1.0")), format!("{own} lib/other#1.0"));
    for suffix in ["a\r\nx-injected: 1", "a\0", "Ä", "\u{7f}"] {
        let error = user_agent_of(None, Some(suffix)).unwrap_err();
        assert!(matches!(error, BuildError::UserAgent), "{suffix:?}: {error}");
    }
    let error = user_agent_of(Some("a\r\nx-injected: 1"), None).unwrap_err();
    assert!(matches!(error, BuildError::Settings(_)), "{error}");
}

#[tokio::test]
async fn unchecked_requests_go_as_they_are() {
    let (client, script) = client([OK]);
    let request = Move { prop: Some("x".to_owned()), token: Some("mine".to_owned()) };
    client.call(request).check_constraints(false).await.unwrap();
    assert_eq!(script.seen.lock().unwrap()[0].body(), r#"{"Prop":"x","Token":"mine"}"#);

    let lenient = stage::builder(&script).check_constraints(false).build().unwrap().0;
    let request = Move { prop: Some("x".to_owned()), token: None };
    let error = lenient.call(request).check_constraints(true).await.unwrap_err();
    assert!(matches!(error, Error::Input(_)), "{error}");
}
