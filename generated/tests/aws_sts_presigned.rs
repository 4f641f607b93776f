//! Requests that prove an identity to others, who send them: presigned URLs and signed requests.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::time::Duration;

use gatewright::{
    Secret,
    aws_sts::{
        AssumeRoleRequest, AssumeRoleRequired, AssumeRoleWithWebIdentityRequest,
        AssumeRoleWithWebIdentityRequired, Client, Error, FAKE, GetCallerIdentityRequest,
    },
    context::SystemContext,
    credentials::Credentials,
    fake::{Fake, TestContext},
    sign::sigv4::parse_time,
    transport::{HttpTransport, Request, Transport as _},
};
use http::{HeaderMap, Uri};

const MINUTE: Duration = Duration::from_secs(60);
const CLUSTER: &str = "x-k8s-aws-id";
const SERVER: &str = "x-vault-aws-iam-server-id";

async fn send(request: Request) -> (u16, String) {
    let response = HttpTransport::builder(&SystemContext).build().send(request).await.unwrap();
    (response.status().as_u16(), String::from_utf8(response.into_body().to_vec()).unwrap())
}

/// A GET as a cluster sends it: with the header of its own name.
async fn get(url: &Uri, headers: &[(&str, &str)]) -> (u16, String) {
    let mut request = http::Request::get(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(request.body("".into()).unwrap()).await
}

#[track_caller]
fn identified((status, text): (u16, String)) {
    assert_eq!(status, 200, "{text}");
    assert!(text.contains("<Arn>arn:aws:iam::111122223333:user/Alice</Arn>"), "{text}");
}

#[track_caller]
fn refused((status, text): (u16, String)) {
    assert_eq!((status, text.contains("<Code>SignatureDoesNotMatch</Code>")), (403, true), "{text}");
}

#[tokio::test]
async fn a_url_identifies_the_caller_to_one_cluster() {
    let fake = Fake::start(&FAKE).await.unwrap();
    let client: Client = fake.client().unwrap();
    let call = || client.get_caller_identity(GetCallerIdentityRequest::new()).header(CLUSTER, "prod");
    let awaited = call().presign(MINUTE).await.unwrap();
    let blocking = tokio::task::spawn_blocking({
        let call = call();
        move || call.presign_blocking(MINUTE).unwrap()
    });
    for url in [awaited, blocking.await.unwrap()] {
        let query = url.query().unwrap();
        assert!(query.starts_with("Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm="), "{url}");
        assert!(query.contains("&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&"), "{url}");
        identified(get(&url, &[(CLUSTER, "prod")]).await);
        refused(get(&url, &[(CLUSTER, "test")]).await);
        refused(get(&url, &[]).await);
    }
    assert_eq!(fake.requests().len(), 6, "presigning sends nothing");
}

/// The same time, keys and cluster give the URL that botocore 1.43.11 makes.
#[test]
fn the_url_equals_that_of_other_tools() {
    let client: Client = Client::builder()
        .region("us-east-1")
        .context(TestContext::isolated().at(parse_time("20991122T120000Z").unwrap()))
        .credentials(Credentials::new("AKIDEXAMPLE", Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")))
        .build()
        .unwrap();
    let call = client.get_caller_identity(GetCallerIdentityRequest::new()).header(CLUSTER, "prod");
    let url = call.presign_blocking(MINUTE).unwrap();
    assert_eq!(
        url.to_string(),
        "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15\
         &X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20991122%2Fus-east-1%2Fsts%2Faws4_request\
         &X-Amz-Date=20991122T120000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id\
         &X-Amz-Signature=045e5927f0bf2e7460c31a9074dda2d56b3f659aecb4848360225a111e3119d5"
    );
}

#[tokio::test]
async fn a_signed_request_logs_in_at_one_vault() {
    let fake = Fake::start(&FAKE).await.unwrap();
    let client: Client = fake.client().unwrap();
    let call =
        || client.get_caller_identity(GetCallerIdentityRequest::new()).header(SERVER, "vault.example.com");
    let awaited = call().sign().await.unwrap();
    let blocking = tokio::task::spawn_blocking({
        let call = call();
        move || call.sign_blocking().unwrap()
    });
    for signed in [awaited, blocking.await.unwrap()] {
        assert_eq!((signed.method().as_str(), signed.uri().path()), ("POST", "/"));
        assert_eq!(signed.body(), "Action=GetCallerIdentity&Version=2011-06-15");
        let authorization = signed.headers()["authorization"].to_str().unwrap();
        assert!(
            authorization.contains("SignedHeaders=content-type;host;x-amz-date;x-vault-aws-iam-server-id,"),
            "{authorization}"
        );
        identified(send(signed.clone()).await);
        let mut other = signed.clone();
        other.headers_mut().insert(SERVER, "vault.example.org".parse().unwrap());
        refused(send(other).await);
    }
    assert_eq!(fake.requests().len(), 4, "signing sends nothing");
}

#[tokio::test]
async fn parameters_are_in_the_url() {
    let fake = Fake::start(&FAKE).await.unwrap();
    let client: Client = fake.client().unwrap();
    let role = AssumeRoleRequest::new(AssumeRoleRequired {
        role_arn: "arn:aws:iam::111122223333:role/demo".into(),
        role_session_name: "s1".into(),
    })
    .policy("{ \"a+b\": [] }");
    let url = client.assume_role(role).presign(MINUTE).await.unwrap();
    assert!(url.query().unwrap().contains("&Policy=%7B%20%22a%2Bb%22%3A%20%5B%5D%20%7D&"), "{url}");
    let (status, text) = get(&url, &[]).await;
    assert_eq!((status, text.contains("<AssumeRoleResult>")), (200, true), "{text}");
}

/// What is wrong, in one line.
#[track_caller]
fn check(error: Result<Uri, Error>, expected: &str) {
    let error = error.unwrap_err();
    assert!(matches!(error, Error::Input(_)), "{error:?}");
    assert!(error.to_string().contains(expected), "{error}");
}

#[test]
fn what_cannot_be_presigned() {
    let now = parse_time("20260101T000000Z").unwrap();
    let builder = || Client::builder().region("us-east-1").context(TestContext::isolated().at(now));
    let keys = Credentials::new("AKIDEXAMPLE", Secret::new("secret"));
    let client: Client = builder().credentials(keys.clone()).build().unwrap();
    let identity = || client.get_caller_identity(GetCallerIdentityRequest::new());
    let week = Duration::from_secs(7 * 24 * 60 * 60);
    identity().presign_blocking(week).unwrap();
    identity().presign_blocking(Duration::from_secs(1)).unwrap();
    for validity in [Duration::ZERO, Duration::from_millis(999), week + Duration::from_secs(1), Duration::MAX]
    {
        check(identity().presign_blocking(validity), "a presigned URL is valid for 1 s to 7 days");
    }
    let role = || {
        AssumeRoleRequest::new(AssumeRoleRequired {
            role_arn: "arn:aws:iam::111122223333:role/demo".into(),
            role_session_name: "x".into(),
        })
    };
    check(client.assume_role(role()).presign_blocking(MINUTE), "RoleSessionName");
    let web = AssumeRoleWithWebIdentityRequest::new(AssumeRoleWithWebIdentityRequired {
        role_arn: "arn:aws:iam::111122223333:role/demo".into(),
        role_session_name: "s1".into(),
        web_identity_token: Secret::new("eyJh.eyJz.c2ln"),
    });
    check(
        client.assume_role_with_web_identity(web.clone()).presign_blocking(MINUTE),
        "called without credentials and signature",
    );
    let error = client.assume_role_with_web_identity(web).sign_blocking().unwrap_err();
    assert!(error.to_string().contains("called without credentials and signature"), "{error}");

    // A URL is never said to be valid for longer than the keys that sign it.
    let until = |seconds| {
        keys.clone().with_session_token(Secret::new("token")).with_expiry(now + Duration::from_secs(seconds))
    };
    identity().credentials(until(60)).presign_blocking(MINUTE).unwrap();
    check(
        identity().credentials(until(59)).presign_blocking(MINUTE),
        "presigned URL: would be valid for 60 s, but the credentials that sign it expire in 59 s",
    );
    let without: Client = builder().build().unwrap();
    let error =
        without.get_caller_identity(GetCallerIdentityRequest::new()).presign_blocking(MINUTE).unwrap_err();
    assert!(matches!(error, Error::Credentials(_)), "{error}");
}

#[tokio::test]
async fn region_and_credentials_may_be_of_the_call() {
    let client: Client = Client::builder()
        .region("us-east-1")
        .context(TestContext::isolated())
        .credentials(Credentials::new("AKIDEXAMPLE", Secret::new("secret")))
        .build()
        .unwrap();
    let call = client.get_caller_identity(GetCallerIdentityRequest::new());
    let call = call.region("cn-north-1").credentials(Credentials::new("AKIDOTHER", Secret::new("other")));
    let url = call.presign(MINUTE).await.unwrap();
    assert_eq!(url.host(), Some("sts.cn-north-1.amazonaws.com.cn"));
    let query = url.query().unwrap();
    assert!(query.contains("X-Amz-Credential=AKIDOTHER%2F"), "{url}");
    assert!(query.contains("%2Fcn-north-1%2Fsts%2Faws4_request"), "{url}");
    let signed =
        client.get_caller_identity(GetCallerIdentityRequest::new()).region("eu-west-1").sign().await.unwrap();
    let shown = format!("{:?}", signed.headers() as &HeaderMap);
    assert_eq!(signed.headers()["host"], "sts.eu-west-1.amazonaws.com");
    assert!(!shown.contains("Signature="), "{shown}");
}
