//! The line of an error: method and URL, without its query and without secrets.

use gatewright::{
    BoxFuture,
    api_gateway::{Call, Client, Error, Response},
    credentials::{Credentials, CredentialsError, ProvideCredentials},
    transport::{Reached, Request, Transport, TransportError, TransportErrorKind},
};
use http::Method;

use crate::{
    URL, credentials,
    script::{Script, response},
};

/// The beginning of every line.
const CALLED: &str = "GET https://abc123.execute-api.eu-west-1.amazonaws.com/prod/pets/7%208: ";

/// Fails every request.
#[derive(Clone, Debug)]
struct Broken;

impl Transport for Broken {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<gatewright::transport::Response, TransportError>> {
        let error = TransportError::new(TransportErrorKind::Closed, "a proxy", Reached::MaybeSent);
        Box::pin(std::future::ready(Err(error)))
    }
}

/// Has no credentials.
#[derive(Debug)]
struct Nobody;

impl ProvideCredentials for Nobody {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(Err(CredentialsError::new("nobody", "asked in vain"))))
    }
}

fn client(transport: impl Transport) -> Client {
    Client::for_url(URL).credentials(credentials()).transport(transport).build().unwrap()
}

/// The error of a call by `change` of one to `/pets`, for each way to fail.
async fn errors(change: impl Fn(&Client) -> Call) -> Vec<Error> {
    let nobody = Client::for_url(URL).credentials(Nobody).transport(Broken).build().unwrap();
    let refusing = client(Script::new([response(403, &[], r#"{"message":"Forbidden"}"#)]));
    let garbled = client(Script::new([response(200, &[], "{")]));
    let unreadable: Result<Response, Error> = change(&garbled).await;
    vec![
        change(&refusing).max_attempts(1).await.unwrap_err(),
        change(&client(Broken)).max_attempts(1).await.unwrap_err(),
        change(&nobody).await.unwrap_err(),
        change(&client(Broken)).header("host", "other").await.unwrap_err(),
        unreadable.unwrap().json::<u32>().unwrap_err().into(),
    ]
}

#[tokio::test]
async fn every_kind_names_method_host_and_path() {
    let lines: Vec<_> = errors(|client| client.get("/pets").segment("7 8").query("token", "hush"))
        .await
        .iter()
        .map(ToString::to_string)
        .collect();
    let whys = [
        "",
        "a proxy: ",
        "no credentials: nobody: ",
        "refused before sending: header: ",
        "the response could not ",
    ];
    assert_eq!(lines.len(), whys.len());
    for (line, why) in lines.iter().zip(whys) {
        let rest = line.strip_prefix(CALLED).unwrap_or_else(|| panic!("{line}"));
        assert!(rest.starts_with(why) && !line.contains("hush"), "{line}");
    }
    // Hooks, spans and evidence still have the method as the name of the operation.
    let error =
        client(Broken).call("PURGE".parse::<Method>().unwrap(), "/a").max_attempts(1).await.unwrap_err();
    assert!(error.to_string().starts_with("PURGE https://abc123.execute-api."), "{error}");
    assert_eq!(error.evidence().operation, "call");
}

/// Whatever part of the URL a secret was put into, and however it is encoded there.
#[tokio::test]
async fn no_line_has_a_secret() {
    const KEY: &str = "key/of+the=plan";
    for secret in ["the-secret", "the-session", KEY] {
        let encoded = secret.bytes().fold(String::new(), |text, byte| format!("{text}%{byte:02X}"));
        let in_path = |client: &Client| client.get("/reset").segment(secret).api_key(KEY);
        let in_encoded = |client: &Client| client.get(&format!("/reset/{encoded}")).api_key(KEY);
        let in_query = |client: &Client| client.get("/reset").query("q", secret).api_key(KEY);
        let by_name = |client: &Client| client.get("/reset/X-Amz-Signature=hush&password=hush").api_key(KEY);
        let all =
            [errors(in_path).await, errors(in_encoded).await, errors(in_query).await, errors(by_name).await];
        // What is not sent is not signed: a client that has no credentials knows only the secrets of the call.
        for error in all.iter().flatten() {
            let is_unknown = secret != KEY && !matches!(error, Error::Service(_) | Error::Transport(_));
            let text = format!("{error} {error:?}");
            for form in [secret, &encoded, "hush"] {
                assert!(is_unknown && form != "hush" || !text.contains(form), "{text}");
            }
        }
    }
}
