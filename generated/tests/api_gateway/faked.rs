//! The fake: what it verifies, what it responds with, and that clients recognise each of its refusals.

use std::time::Duration;

use gatewright::{
    Document, Secret, Service as _,
    api_gateway::{ApiGateway, Client, Error, FAKE, Response},
    context::{Context as _, SystemContext},
    credentials::Credentials,
    explain::{Evidence, Outcome, known_responses::RequestTrait},
    fake::{Fake, FakeRefusal, Misbehaviour},
    sign,
    sign::sigv4::Scope,
};
use http::{Method, StatusCode};

const GUIDE: &str = include_str!("../../guides/api-gateway.md");

const HOST: &str = "abc123.execute-api.eu-west-1.amazonaws.com";
/// On the wire it is as the two before it, which are likelier.
const DEFAULT_ENDPOINT_OFF: [&str; 4] =
    ["forbidden-api-key", "forbidden-waf", "forbidden-default-endpoint-off", "forbidden-private-endpoint"];

/// The error of a call with this refusal, and its evidence.
async fn refused(fake: &Fake, refusal: &FakeRefusal) -> (Error, Evidence) {
    let request = &refusal.request;
    let host = request.host.unwrap_or(HOST);
    let client: Client = fake.client_builder().region("eu-west-1").host(host).build().unwrap();
    let mut call = client.get(request.path.unwrap_or("/prod/pets")).max_attempts(1);
    for name in request.sent {
        call = call.header(name, "x");
    }
    let error = call.await.unwrap_err();
    let mut evidence = error.evidence();
    // What a client cannot know, and a person can add to the evidence.
    let Outcome::Service(refused) = &mut evidence.outcome else { panic!("{}: {error}", refusal.id) };
    refused.request.caller = request.caller.map(str::to_owned);
    refused.request.owner = request.owner.map(str::to_owned);
    if request.is.contains(&RequestTrait::ClientCertificateAsked) {
        refused.request.client_certificate_asked = Some(true);
    }
    (error, evidence)
}

#[tokio::test]
async fn each_refusal_is_recognised() {
    let fake = Fake::start(&FAKE).await.unwrap();
    for refusal in FAKE.refusals() {
        fake.refuse(refusal.id, 1).unwrap();
        let (error, evidence) = refused(&fake, refusal).await;
        assert_eq!(error.metadata().unwrap().status().as_u16(), refusal.status, "{}", refusal.id);
        let picked = evidence.known_responses(Some(ApiGateway::INFO));
        let ids: Vec<_> = picked.iter().map(|entry| entry.id).collect();
        if refusal.id == DEFAULT_ENDPOINT_OFF[2] {
            assert_eq!(ids, DEFAULT_ENDPOINT_OFF);
        } else {
            assert_eq!(ids.first(), Some(&refusal.id), "{ids:?}: {error}");
        }
        let shown = evidence.explain(Some(ApiGateway::INFO)).to_string();
        for part in ["<method>", "<path>", "<region>", "<resource>", "<user>"] {
            assert!(!shown.contains(part), "{}: {shown}", refusal.id);
        }
    }
}

#[tokio::test]
async fn refusals_can_be_withdrawn() {
    let fake = Fake::start(&FAKE).await.unwrap();
    fake.refuse("forbidden-waf", usize::MAX).unwrap();
    let client: Client = fake.client().unwrap();
    for _ in 0..2 {
        assert_eq!(client.get("/pets").await.unwrap_err().status(), Some(StatusCode::FORBIDDEN));
    }
    fake.recover();
    assert_eq!(client.get("/pets").await.unwrap().status(), StatusCode::OK);
}

/// Some known responses are the lack of a response, and are tried in `no_response`; the fake can return each other one.
#[tokio::test]
async fn refusals_have_the_ids_of_the_model() {
    let entries = ApiGateway::INFO.known_responses.entries;
    let counted = format!("distinguishes {} known ways", entries.len());
    assert!(GUIDE.contains(&counted), "generated/guides/api-gateway.md does not say: {counted}");
    let served = |id| FAKE.refusals().iter().any(|refusal| refusal.id == id);
    let unserved: Vec<_> = entries.iter().map(|entry| entry.id).filter(|id| !served(*id)).collect();
    let without_response = [
        "dns-not-found",
        "private-api-from-outside",
        "tls-name-mismatch",
        "tls-untrusted-or-intercepted",
        "connect-timeout",
    ];
    assert_eq!(unserved, without_response);
    let fake = Fake::start(&FAKE).await.unwrap();
    let unknown = fake.refuse("thrttled", 1).unwrap_err();
    assert_eq!(unknown.to_string(), "unknown refusal \"thrttled\"; did you mean throttled?");
    let unknown = fake.refuse("quota", 1).unwrap_err();
    assert!(unknown.to_string().contains("unknown refusal \"quota\"; there are: missing-auth"), "{unknown}");
    let unknown = fake.refuse("connect-timeout", 1).unwrap_err().to_string();
    assert!(
        unknown.contains("which is the lack of a response: The host cannot be reached on its port."),
        "{unknown}"
    );
}

fn json(text: &str) -> Document {
    text.parse().unwrap()
}

fn document(response: &Response) -> Document {
    json(response.text().unwrap())
}

#[tokio::test]
async fn requests_are_echoed() {
    let session = Credentials::new("AKIDEXAMPLE", Secret::new("the-secret"))
        .with_session_token(Secret::new("the-session"));
    let fake = Fake::builder(&FAKE).credentials(session).start().await.unwrap();
    let client: Client = fake.client_builder().stage("prod").api_key("the-key").build().unwrap();
    let call = client.post("/pets/a%20b").query("limit", 10).query("tag", "x").query("tag", "y z");
    let response = call.json(&["socks"]).await.unwrap();
    let echo = document(&response);
    assert_eq!(echo["method"].as_str(), Some("POST"));
    assert_eq!(echo["path"].as_str(), Some("/prod/pets/a%20b"));
    assert_eq!(echo["query"], json(r#"{"limit": "10", "tag": ["x", "y z"]}"#));
    assert_eq!(echo["body"], json(r#"["socks"]"#));
    assert_eq!(echo["headers"]["content-type"].as_str(), Some("application/json"));
    for secret in ["authorization", "x-amz-security-token", "x-api-key"] {
        assert_eq!(echo["headers"][secret].as_str(), Some("***"), "{echo}");
    }
    let caller = r#"{"access_key_id": "AKIDEXAMPLE", "region": "us-east-1", "service": "execute-api"}"#;
    assert_eq!(echo["caller"], json(caller));
    let text = client.put("/pets").body("plain").await.unwrap();
    assert_eq!(document(&text)["body"].as_str(), Some("plain"));
}

#[tokio::test]
async fn responses_are_set_by_method_and_path() {
    let fake = Fake::start(&FAKE).await.unwrap();
    let made = http::Response::builder().status(201).header("x-own", "kept").body(r#"{"id": 7}"#).unwrap();
    fake.respond(Method::POST, "/pets", made).unwrap();
    fake.respond(None, "/pets/{id}", http::Response::new(r#"{"name": "Rex"}"#)).unwrap();
    let client: Client = fake.client().unwrap();
    let response = client.post("/pets").await.unwrap();
    assert_eq!((response.status(), response.text().unwrap()), (StatusCode::CREATED, r#"{"id": 7}"#));
    assert_eq!(response.headers()["x-own"], "kept");
    assert_eq!(client.delete("/pets/7").await.unwrap().text().unwrap(), r#"{"name": "Rex"}"#);
    assert_eq!(document(&client.get("/toys").await.unwrap())["path"].as_str(), Some("/toys"));
    // The signature goes before the API.
    let other =
        fake.client_builder::<Client>().credentials(Credentials::new("AKIDEXAMPLE", Secret::new("other")));
    check(&other.build().unwrap(), "signature-mismatch").await;
}

#[track_caller]
fn picked(error: &Error, id: &str) {
    let picked = error.evidence().known_responses(Some(ApiGateway::INFO));
    assert_eq!(picked.first().map(|entry| entry.id), Some(id), "{error}");
}

async fn check(client: &Client, id: &str) -> String {
    let error = client.get("/prod/pets").max_attempts(1).await.unwrap_err();
    picked(&error, id);
    error.explain().to_string()
}

#[tokio::test]
async fn requests_signed_differently_are_refused_by_default() {
    let session = || {
        Credentials::new("AKIDEXAMPLE", Secret::new("the-secret"))
            .with_session_token(Secret::new("the-session"))
    };
    let fake = Fake::builder(&FAKE).region("eu-west-1").credentials(session()).start().await.unwrap();
    let builder = || fake.client_builder::<Client>();
    let with = |credentials| builder().credentials(credentials).build().unwrap();

    let shown = check(&builder().region("sa-east-1").build().unwrap(), "scope-region").await;
    assert!(shown.contains("signed `sa-east-1`"), "{shown}");
    let shown =
        check(&with(Credentials::new("AKIDEXAMPLE", Secret::new("other"))), "signature-mismatch").await;
    assert!(shown.contains("The secret"), "{shown}");
    check(&with(Credentials::new("AKIDEXAMPLE", Secret::new("the-secret"))), "security-token-invalid").await;
    check(&with(Credentials::new("AKIDOTHER", Secret::new("the-secret"))), "security-token-invalid").await;
    fake.misbehave_next(Misbehaviour::SkewedClock(-600));
    check(&builder().build().unwrap(), "signature-not-yet-current").await;
    fake.misbehave_next(Misbehaviour::SkewedClock(600));
    check(&builder().build().unwrap(), "signature-expired").await;
    builder().build().unwrap().get("/prod/pets").await.unwrap();

    let end = SystemContext.now() - Duration::from_secs(1);
    let ended = Fake::builder(&FAKE).credentials(session().with_expiry(end)).start().await.unwrap();
    let client: Client = ended.client_builder().credentials(session()).build().unwrap();
    check(&client, "security-token-expired").await;
}

/// A client that says which host it calls is verified for that, as the gateway does.
#[tokio::test]
async fn the_host_determines_region_and_service() {
    let fake = Fake::start(&FAKE).await.unwrap();
    for (host, region, service) in [
        (HOST, "eu-west-1", "execute-api"),
        ("abc123.lambda-url.eu-west-1.on.aws", "eu-west-1", "lambda"),
        ("api.example.com", "sa-east-1", "execute-api"),
    ] {
        let client: Client = fake.client_builder().region(region).host(host).build().unwrap();
        let echo = document(&client.get("/prod/pets").await.unwrap());
        assert_eq!(echo["headers"]["host"].as_str(), Some(host));
        assert_eq!(
            (echo["caller"]["region"].as_str(), echo["caller"]["service"].as_str()),
            (Some(region), Some(service))
        );
    }
    let mut request = http::Request::get(fake.url() + "/prod/pets").header("host", HOST).body("").unwrap();
    let elsewhere = Scope { region: "us-east-1", service: "execute-api" };
    sign(&mut request, fake.credentials(), elsewhere, SystemContext.now()).unwrap();
    assert_eq!(send(&fake, &request).await, (403, "InvalidSignatureException".to_owned()));
}

/// Requests that no client of ours makes.
#[tokio::test]
async fn requests_without_a_whole_signature() {
    let fake = Fake::start(&FAKE).await.unwrap();
    let request = || http::Request::get(fake.url() + "/pets").header("host", "api.example.com");
    let unsigned = request().body("").unwrap();
    assert_eq!(send(&fake, &unsigned).await, (403, "MissingAuthenticationTokenException".to_owned()));
    let bearer = request().header("authorization", "Bearer abc").body("").unwrap();
    assert_eq!(send(&fake, &bearer).await, (403, "IncompleteSignatureException".to_owned()));
    let client: Client = fake.client().unwrap();
    let url = client.get("/pets").query("limit", 1).presign(Duration::from_secs(5 * 60)).await.unwrap();
    let presigned =
        http::Request::get(&url).header("host", url.authority().unwrap().as_str()).body("").unwrap();
    assert_eq!(send(&fake, &presigned).await, (200, String::new()));
    let spoilt = url.to_string().replace("limit=1", "limit=2");
    let spoilt =
        http::Request::get(spoilt).header("host", url.authority().unwrap().as_str()).body("").unwrap();
    assert_eq!(send(&fake, &spoilt).await, (403, "InvalidSignatureException".to_owned()));
}

#[tokio::test]
async fn requests_that_a_client_signed_for_others() {
    let fake = Fake::start(&FAKE).await.unwrap();
    let client: Client = fake.client_builder().region("eu-west-1").host(HOST).stage("prod").build().unwrap();
    let mut signed = client.get("/pets").query("limit", 1).sign().await.unwrap().map(|_| "");
    assert_eq!(send(&fake, &signed).await, (200, String::new()));
    *signed.uri_mut() = signed.uri().to_string().replace("limit=1", "limit=2").parse().unwrap();
    assert_eq!(send(&fake, &signed).await, (403, "InvalidSignatureException".to_owned()));
}

/// Sends a request as it is; gives status and name of the error.
async fn send(fake: &Fake, request: &http::Request<&'static str>) -> (u16, String) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let target = request.uri().path_and_query().unwrap();
    let mut text = format!("{} {target} HTTP/1.1\r\nconnection: close\r\n", request.method());
    for (name, value) in request.headers() {
        text.extend([name.as_str(), ": ", value.to_str().unwrap(), "\r\n"]);
    }
    let mut socket = tokio::net::TcpStream::connect(fake.url().trim_start_matches("http://")).await.unwrap();
    socket.write_all((text + "\r\n").as_bytes()).await.unwrap();
    let mut response = String::new();
    socket.read_to_string(&mut response).await.unwrap();
    let name = response.lines().find_map(|line| line.strip_prefix("x-amzn-errortype: ")).unwrap_or_default();
    (response[9..12].parse().unwrap(), name.to_owned())
}
