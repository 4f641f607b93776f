//! How clients treat the known responses: retries and explanations.

use std::collections::BTreeSet;

use gatewright::{
    Category, Service as _,
    api_gateway::{ApiGateway, Call, Client, Error},
    explain::{
        KnownBy,
        known_responses::{KnownResponse, When},
    },
};

use crate::{
    URL, credentials,
    script::{Script, machine, response},
};

fn client(script: &Script) -> Client {
    let builder = Client::for_url(URL).context(machine()).credentials(credentials());
    builder.transport(script.clone()).blocking_transport(script.clone()).build().unwrap()
}

/// The gateway's own response, for up to three attempts.
fn gateway(status: u16, name: &str, body: &'static str) -> Script {
    let headers = [("x-amz-apigw-id", "id"), ("x-amzn-requestid", "r-1"), ("x-amzn-errortype", name)];
    Script::new((0..3).map(|_| response(status, &headers, body)))
}

/// The error of a call, and how often it was sent.
#[track_caller]
fn refused(script: &Script, call: impl FnOnce(&Client) -> Call) -> (Error, usize) {
    let error = call(&client(script)).send_blocking().unwrap_err();
    (error, script.seen().len())
}

#[track_caller]
fn check_response(error: &Error, expected: &str, pieces: &[&str]) {
    let picked = error.evidence().known_responses(Some(ApiGateway::INFO));
    assert_eq!(picked.first().map(|response| response.id), Some(expected));
    let text = error.explain().to_string();
    for piece in pieces {
        assert!(text.contains(piece), "{piece:?} is not in\n{text}");
    }
    assert!(!text.contains("the-session") && !text.contains("hush"), "{text}");
}

/// The same status and, according to the AWS SDKs, the same remedy; but waiting does not restore a quota.
#[test]
fn quotas_are_not_tried_again() {
    let script = gateway(429, "LimitExceededException", r#"{"message":"Limit Exceeded"}"#);
    let (error, attempts) = refused(&script, |client| client.get("/pets"));
    assert_eq!(attempts, 1);
    check_response(&error, "quota-exceeded", &["usage plan", "larger quota"]);
    let script = gateway(429, "TooManyRequestsException", r#"{"message":"Too Many Requests"}"#);
    let (error, attempts) = refused(&script, |client| client.get("/pets"));
    assert_eq!(attempts, 3);
    check_response(&error, "throttled", &["longer each time"]);
}

#[test]
fn what_the_call_had_distinguishes_refusals() {
    let forbidden = || gateway(403, "ForbiddenException", r#"{"message":"Forbidden"}"#);
    let (error, attempts) = refused(&forbidden(), |client| client.get("/pets"));
    assert_eq!(attempts, 1);
    check_response(&error, "forbidden-api-key", &["Send the key as `x-api-key`", "dig abc123.execute-api"]);
    let (error, _) = refused(&forbidden(), |client| client.get("/pets").api_key("hush"));
    check_response(&error, "forbidden-waf", &["web ACL"]);
    let (error, _) = refused(&forbidden(), |client| client.post("/@connections/L0SM9cOFvHcCIhw="));
    check_response(
        &error,
        "connection-forbidden",
        &["ManageConnections", ":abc123/<stage>/POST/@connections/*"],
    );
}

#[test]
fn a_path_that_is_not_deployed() {
    let body = r#"{"message":"Missing Authentication Token"}"#;
    let script = gateway(403, "MissingAuthenticationTokenException", body);
    let (error, attempts) = refused(&script, |client| client.get("/pets"));
    assert_eq!(attempts, 1);
    check_response(
        &error,
        "missing-authentication-token",
        &["GET /prod/pets", "get-stages --rest-api-id abc123"],
    );
}

/// Status, headers and body.
type Described = (u16, Vec<(String, String)>, String);

/// Responses that an entry of the model describes, one per alternative.
fn described(entry: &KnownResponse) -> Vec<Described> {
    let known = ApiGateway::INFO.known_responses;
    let filled = |pattern: &str| {
        let mut pieces = pattern.split('{');
        let first = pieces.next().unwrap_or_default().to_owned();
        let rest = pieces.map(|piece| format!("part{}", piece.split_once('}').unwrap().1));
        rest.fold(first, |text, piece| text + &piece).replace('*', "more")
    };
    let mut responses = Vec::new();
    for conditions in entry.when {
        if conditions.iter().any(|condition| matches!(condition, When::Failure(_))) {
            continue;
        }
        let (mut status, mut headers, mut body) = (403, Vec::new(), "{}".to_owned());
        for condition in *conditions {
            match condition {
                When::Status(statuses) if statuses[0] < 10 => status = statuses[0] * 100 + 18,
                When::Status(statuses) => status = statuses[0],
                When::Type(names) => headers.push(("x-amzn-errortype".to_owned(), names[0].to_owned())),
                When::Message(patterns) => {
                    body = format!(r#"{{"message":"{}"}}"#, filled(patterns[0]).replace('"', "\\\""));
                }
                When::Header(name, value) => headers.push(((*name).to_owned(), filled(value))),
                When::By(sources) => {
                    let source = known.sources.iter().find(|source| source.id == sources[0]).unwrap();
                    let named =
                        source.headers.iter().map(|(name, value)| (name.replace('*', "x"), filled(value)));
                    headers.extend(named);
                }
                _ => {}
            }
        }
        responses.push((status, headers, body));
    }
    responses
}

/// Whatever entry the explanation is from, it also decides whether the call was made again.
#[test]
fn retries_and_explanations_agree_on_every_response_of_the_model() {
    let mut entries = BTreeSet::new();
    for entry in ApiGateway::INFO.known_responses.entries {
        for (status, headers, body) in described(entry) {
            let body: &'static str = Box::leak(body.into_boxed_str());
            let headers: Vec<_> =
                headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let script = || Script::new((0..3).map(|_| response(status, &headers, body)));
            for path in ["/pets", "/@connections/id="] {
                let (error, gets) = refused(&script(), |client| client.get(path));
                let (_, posts) = refused(&script(), |client| client.post(path));
                let evidence = error.evidence();
                let known = evidence.known_error(Some(ApiGateway::INFO));
                let first = evidence
                    .known_responses(Some(ApiGateway::INFO))
                    .first()
                    .map(|entry| (entry.id, entry.category));
                if let Some((id, category)) = first {
                    let known = known.unwrap();
                    assert_eq!((known.name, known.category, known.by), (id, category, KnownBy::Response));
                    entries.insert(id);
                }
                let is_passing = match known.map(|known| known.category) {
                    Some(Category::Throttling | Category::Transient) => true,
                    Some(Category::Server) | None => matches!(status, 429 | 500 | 502 | 503 | 504),
                    Some(_) => false,
                };
                assert_eq!(gets, if is_passing { 3 } else { 1 }, "{} {status} {body} {known:?}", entry.id);
                let is_throttled =
                    known.map_or(status == 429, |known| known.category == Category::Throttling);
                assert_eq!(posts, if is_throttled { 3 } else { 1 }, "{} {status} {body} {known:?}", entry.id);
            }
        }
    }
    assert!(entries.len() >= 40, "{} {entries:?}", entries.len());
}
