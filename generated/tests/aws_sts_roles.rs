//! Roles that the fake hands out, and callers that identify themselves by a signed request.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::time::{Duration, SystemTime};

use gatewright::{
    Secret, aws_storage_gateway,
    aws_sts::{
        AssumeRoleRequest, AssumeRoleRequired, AssumeRoleWithWebIdentityRequest,
        AssumeRoleWithWebIdentityRequired, Client, Credentials, ErrorCode, FAKE, GetCallerIdentityRequest,
        PolicyDescriptorType,
    },
    context::{Context as _, SystemContext},
    credentials,
    fake::{Fake, FakeService, TestContext},
    sign::sigv4::{Scope, Signer, parse_time},
    transport::{HttpTransport, Request, Transport as _},
};
use http::Method;

const ROLE: &str = "arn:aws-cn:iam::444455556666:role/path/demo";
const SCOPE: Scope<'static> = Scope { region: "us-east-1", service: "sts" };

/// This machine at another time.
fn later(by: Duration) -> TestContext {
    let context = TestContext::isolated();
    context.advance(by);
    context
}

async fn start(service: &'static FakeService) -> Fake {
    Fake::start(service).await.unwrap()
}

async fn assume(fake: &Fake, request: AssumeRoleRequest) -> Credentials {
    let client: Client = fake.client().unwrap();
    client.assume_role(request).await.unwrap().credentials.unwrap()
}

/// As a program would use them.
fn usable(given: &Credentials) -> credentials::Credentials {
    let Credentials { access_key_id, secret_access_key, session_token, .. } = given.clone();
    credentials::Credentials::new(access_key_id.unwrap(), secret_access_key.unwrap())
        .with_session_token(session_token.unwrap())
}

#[tokio::test]
async fn a_role_is_used_at_another_fake_and_by_another_role() {
    let (sts, gateways) = (start(&FAKE).await, start(&aws_storage_gateway::FAKE).await);
    let role = usable(
        &assume(
            &sts,
            AssumeRoleRequest::new(AssumeRoleRequired {
                role_arn: ROLE.into(),
                role_session_name: "s1".into(),
            }),
        )
        .await,
    );
    let client: aws_storage_gateway::Client =
        gateways.client_builder().credentials(role.clone()).build().unwrap();
    client.list_gateways(aws_storage_gateway::ListGatewaysRequest::new()).await.unwrap();

    let sts_client: Client = sts.client_builder().credentials(role.clone()).build().unwrap();
    let identity = sts_client.get_caller_identity(GetCallerIdentityRequest::new()).await.unwrap();
    assert_eq!(identity.arn.as_deref(), Some("arn:aws-cn:sts::444455556666:assumed-role/demo/s1"));
    assert_eq!(identity.account.as_deref(), Some("444455556666"));
    assert_eq!(identity.user_id.as_deref(), Some("AROA123EXAMPLE123:s1"));
    let second = "arn:aws:iam::777788889999:role/second";
    let second = sts_client
        .assume_role(AssumeRoleRequest::new(AssumeRoleRequired {
            role_arn: second.into(),
            role_session_name: "s2".into(),
        }))
        .await
        .unwrap();
    let second = usable(&second.credentials.unwrap());
    let sts_client: Client = sts.client_builder().credentials(second).build().unwrap();
    let identity = sts_client.get_caller_identity(GetCallerIdentityRequest::new()).await.unwrap();
    assert_eq!(identity.arn.as_deref(), Some("arn:aws:sts::777788889999:assumed-role/second/s2"));

    // Neither without the token, nor with a token that another fake's secret made.
    let bare = credentials::Credentials::new(role.access_key_id(), role.secret_access_key().clone());
    let other =
        Fake::builder(&FAKE).credentials(credentials::Credentials::new("AKIDEXAMPLE", Secret::new("other")));
    let other = other.start().await.unwrap();
    let foreign = usable(
        &assume(
            &other,
            AssumeRoleRequest::new(AssumeRoleRequired {
                role_arn: ROLE.into(),
                role_session_name: "s1".into(),
            }),
        )
        .await,
    );
    for refused in [bare, foreign] {
        let client: Client = sts.client_builder().credentials(refused).build().unwrap();
        let error = client.get_caller_identity(GetCallerIdentityRequest::new()).await.unwrap_err();
        assert_eq!(error.code(), Some(&ErrorCode::InvalidClientTokenId));
    }
}

#[tokio::test]
async fn roles_end_when_they_say() {
    let sts = start(&FAKE).await;
    let now = SystemContext.now();
    for (request, lifetime) in [
        (
            AssumeRoleRequest::new(AssumeRoleRequired {
                role_arn: ROLE.into(),
                role_session_name: "s1".into(),
            }),
            3600,
        ),
        (
            AssumeRoleRequest::new(AssumeRoleRequired {
                role_arn: ROLE.into(),
                role_session_name: "s1".into(),
            })
            .duration_seconds(900),
            900,
        ),
    ] {
        let end = SystemTime::from(assume(&sts, request).await.expiration.unwrap());
        let left = end.duration_since(now).unwrap().as_secs();
        assert!((lifetime - 1..lifetime + 300).contains(&left), "{left} s, not {lifetime}");
    }

    let role = usable(
        &assume(
            &sts,
            AssumeRoleRequest::new(AssumeRoleRequired {
                role_arn: ROLE.into(),
                role_session_name: "s1".into(),
            })
            .duration_seconds(900),
        )
        .await,
    );
    let in_20_minutes = later(Duration::from_secs(20 * 60));
    let later = Fake::builder(&FAKE).context(in_20_minutes.clone()).start().await.unwrap();
    let client: Client = later.client_builder().context(in_20_minutes).credentials(role).build().unwrap();
    let error = client.get_caller_identity(GetCallerIdentityRequest::new()).await.unwrap_err();
    assert!(error.to_string().contains("ExpiredToken"), "{error}");
}

#[tokio::test]
async fn only_requested_members_are_in_the_response() {
    let sts = start(&FAKE).await;
    let client: Client = sts.client().unwrap();
    let plain = client
        .assume_role(AssumeRoleRequest::new(AssumeRoleRequired {
            role_arn: ROLE.into(),
            role_session_name: "s1".into(),
        }))
        .await
        .unwrap();
    assert_eq!((plain.source_identity, plain.session_token_size), (None, None));
    assert!(
        !sts_text(&sts, "Action=AssumeRole&Version=2011-06-15&RoleSessionName=s1&RoleArn=", ROLE)
            .await
            .contains("Packed")
    );
    let policy = PolicyDescriptorType::new().arn("arn:aws:iam::aws:policy/ReadOnlyAccess");
    let asked =
        AssumeRoleRequest::new(AssumeRoleRequired { role_arn: ROLE.into(), role_session_name: "s1".into() })
            .policy_arns(vec![policy])
            .source_identity("Bob");
    let asked = client.assume_role(asked.minimum_session_token_size(2000)).await.unwrap();
    assert_eq!(asked.source_identity.as_deref(), Some("Bob"));
    assert!(asked.session_token_size.is_some() && asked.session_token_utilization.is_some());

    let token = AssumeRoleWithWebIdentityRequest::new(AssumeRoleWithWebIdentityRequired {
        role_arn: ROLE.into(),
        role_session_name: "s1".into(),
        web_identity_token: Secret::new("eyJhbGciOi.eyJzdWIi.c2ln"),
    });
    let identity = client.assume_role_with_web_identity(token).await.unwrap();
    assert_eq!(identity.source_identity, None);
    assert!(identity.subject_from_web_identity_token.is_some());
    let user = identity.assumed_role_user.unwrap();
    assert_eq!(user.arn.as_deref(), Some("arn:aws-cn:sts::444455556666:assumed-role/demo/s1"));
}

/// The body of a response to a signed GET.
async fn sts_text(fake: &Fake, query: &str, role: &str) -> String {
    let target = format!("{query}{}", role.replace(':', "%3A").replace('/', "%2F"));
    let (_, text) = send(signed(fake, Method::GET, &target, "", Duration::ZERO)).await;
    text
}

fn request(fake: &Fake, method: Method, query: &str, form: &str) -> Request {
    http::Request::builder()
        .method(method)
        .uri(format!("{}/?{query}", fake.url()))
        .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
        .body(form.to_owned().into())
        .unwrap()
}

fn signed(fake: &Fake, method: Method, query: &str, form: &str, ahead: Duration) -> Request {
    let mut request = request(fake, method, query, form);
    Signer::new(fake.credentials(), SCOPE, SystemContext.now() + ahead).sign(&mut request).unwrap();
    request
}

async fn send(request: Request) -> (u16, String) {
    let response = HttpTransport::builder(&SystemContext).build().send(request).await.unwrap();
    (response.status().as_u16(), String::from_utf8(response.into_body().to_vec()).unwrap())
}

const IDENTITY: &str = "Action=GetCallerIdentity&Version=2011-06-15";

#[track_caller]
fn identified((status, text): (u16, String)) {
    assert_eq!(status, 200, "{text}");
    assert!(text.contains("<Arn>arn:aws:iam::111122223333:user/Alice</Arn>"), "{text}");
}

#[tokio::test]
async fn callers_are_identified_by_get_and_post() {
    let fake = start(&FAKE).await;
    identified(send(signed(&fake, Method::GET, IDENTITY, "", Duration::ZERO)).await);
    identified(send(signed(&fake, Method::POST, IDENTITY, "", Duration::ZERO)).await);
    identified(send(signed(&fake, Method::POST, "", IDENTITY, Duration::ZERO)).await);
    let (status, text) = send(signed(&fake, Method::PUT, IDENTITY, "", Duration::ZERO)).await;
    assert_eq!((status, text.contains("InvalidAction")), (400, true), "{text}");
}

/// The life of such URLs is the window of 15 minutes, whatever they say.
#[tokio::test]
async fn callers_are_identified_by_presigned_urls() {
    let fake = start(&FAKE).await;
    let presigned = |method: Method, role: &credentials::Credentials, ago: u64| {
        let request =
            http::Request::builder().method(method.clone()).uri(format!("{}/?{IDENTITY}", fake.url()));
        let request = request.body("".into()).unwrap();
        let time = SystemContext.now() - Duration::from_secs(ago * 60);
        let url = Signer::new(role, SCOPE, time).presign(&request, Duration::from_secs(60)).unwrap();
        http::Request::builder().method(method).uri(url).body("".into()).unwrap()
    };
    let own = fake.credentials().clone();
    identified(send(presigned(Method::GET, &own, 0)).await);
    identified(send(presigned(Method::POST, &own, 0)).await);
    identified(send(presigned(Method::GET, &own, 14)).await);
    let (status, text) = send(presigned(Method::GET, &own, 16)).await;
    assert_eq!((status, text.contains("15 min.)")), (403, true), "{text}");
    let role = usable(
        &assume(
            &fake,
            AssumeRoleRequest::new(AssumeRoleRequired {
                role_arn: ROLE.into(),
                role_session_name: "s1".into(),
            }),
        )
        .await,
    );
    let (status, text) = send(presigned(Method::GET, &role, 0)).await;
    assert_eq!((status, text.contains(":assumed-role/demo/s1</Arn>")), (200, true), "{text}");
}

/// Signed by another implementation, as older tokens of clusters are and as logins of vaults are.
#[tokio::test]
async fn callers_are_identified_by_tokens_of_other_tools() {
    const PRESIGNED: &str = "Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=\
        AKIDEXAMPLE%2F20991122%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20991122T120000Z&X-Amz-SignedHeaders=";
    const PLAIN: &str =
        "host&X-Amz-Signature=61a25e51ccef4e63f63808046a56482865804c7235cc1aaa4a999da88cdcd8a1";
    const CLUSTER: &str = "host%3Bx-k8s-aws-id&X-Amz-Signature=5bbbb1a36931628d93dad923bbb3310f78629afce645d7bdb560c5d57ce27505";
    let at = async |time: &str, request: http::request::Builder, query: &str, form: &str| {
        let fake = Fake::builder(&FAKE)
            .context(TestContext::isolated().at(parse_time(time).unwrap()))
            .start()
            .await
            .unwrap();
        let request =
            request.uri(format!("{}/{query}", fake.url())).header("host", "sts.us-east-1.amazonaws.com");
        send(request.body(form.to_owned().into()).unwrap()).await
    };
    let (plain, cluster) = (format!("?{PRESIGNED}{PLAIN}"), format!("?{PRESIGNED}{CLUSTER}"));
    let named = |name: &str| http::Request::get("/").header("x-k8s-aws-id", name);
    for time in ["20991122T120000Z", "20991122T121430Z", "20991122T114530Z"] {
        identified(at(time, http::Request::get("/"), &plain, "").await);
        identified(at(time, named("prod"), &cluster, "").await);
    }
    let (status, text) = at("20991122T121530Z", http::Request::get("/"), &plain, "").await;
    assert_eq!((status, text.contains("15 min.)")), (403, true), "{text}");
    // A token is good for its cluster only.
    let (status, text) = at("20991122T120000Z", named("test"), &cluster, "").await;
    assert_eq!((status, text.contains("<Code>SignatureDoesNotMatch</Code>")), (403, true), "{text}");

    let login = |server: &str| {
        let authorization = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20991122/us-east-1/sts/aws4_request, \
            SignedHeaders=content-length;content-type;host;x-amz-date;x-vault-aws-iam-server-id, Signature=4d18b53df6e736e83ad53c8bfc2571b801b38e87797fe49ff5e91cdf995cead3";
        http::Request::post("/")
            .header("authorization", authorization)
            .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
            .header("x-amz-date", "20991122T120000Z")
            .header("x-vault-aws-iam-server-id", server)
    };
    identified(at("20991122T120000Z", login("vault.example.com"), "", IDENTITY).await);
    let (status, text) = at("20991122T120000Z", login("vault.example.org"), "", IDENTITY).await;
    assert_eq!((status, text.contains("<Code>SignatureDoesNotMatch</Code>")), (403, true), "{text}");
}

/// Both how far they may be off, and the words.
#[tokio::test]
async fn the_window_is_the_service_own() {
    let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
    let fake = start(&FAKE).await;
    identified(send(signed(&fake, Method::GET, IDENTITY, "", minutes(14))).await);
    let (status, text) = send(signed(&fake, Method::GET, IDENTITY, "", minutes(16))).await;
    assert_eq!((status, text.contains("Signature not yet current")), (403, true), "{text}");
    assert!(text.contains("+ 15 min.)"), "{text}");

    let gateways = start(&aws_storage_gateway::FAKE).await;
    let client = |ahead| {
        let builder = gateways.client_builder::<aws_storage_gateway::Client>().context(later(minutes(ahead)));
        builder.max_attempts(1.try_into().unwrap()).build().unwrap()
    };
    client(4).list_gateways(aws_storage_gateway::ListGatewaysRequest::new()).await.unwrap();
    let error = client(6).list_gateways(aws_storage_gateway::ListGatewaysRequest::new()).await.unwrap_err();
    assert!(error.to_string().contains("+ 5 min.)"), "{error}");
}

/// Patterns are for whole values, on both sides.
#[tokio::test]
async fn session_names_are_checked_as_a_whole() {
    let fake = start(&FAKE).await;
    let client: Client = fake.client().unwrap();
    for name in ["a/b", "a b", "é1", "ab\n"] {
        let request = AssumeRoleRequest::new(AssumeRoleRequired {
            role_arn: ROLE.into(),
            role_session_name: name.into(),
        });
        let error = client.assume_role(request.clone()).await.unwrap_err();
        assert!(error.to_string().contains("RoleSessionName: does not match [\\w+=,.@-]*"), "{error}");
        let error = client.assume_role(request).check_constraints(false).await.unwrap_err();
        assert_eq!(error.code(), Some(&ErrorCode::ValidationError));
        let expected = format!(
            "1 validation error detected: Value '{name}' at 'roleSessionName' failed to satisfy constraint: Member \
             must satisfy regular expression pattern: [\\w+=,.@-]*"
        );
        assert_eq!(error.as_service().unwrap().message(), Some(expected.as_str()));
    }
    let tags = vec![gatewright::aws_sts::Tag::new(gatewright::aws_sts::TagRequired {
        key: String::new(),
        value: "v".into(),
    })];
    let request =
        AssumeRoleRequest::new(AssumeRoleRequired { role_arn: ROLE.into(), role_session_name: "s1".into() })
            .tags(tags)
            .transitive_tag_keys(["", "{}"]);
    let error = client.assume_role(request).check_constraints(false).await.unwrap_err();
    let message = error.as_service().unwrap().message().unwrap();
    assert_eq!(
        message,
        "3 validation errors detected: Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have \
         length greater than or equal to 1; Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must \
         satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+; Value '[, {}]' at 'transitiveTagKeys' \
         failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to \
         128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: \
         [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+]"
    );
    // Secrets are not repeated.
    let request = AssumeRoleWithWebIdentityRequest::new(AssumeRoleWithWebIdentityRequired {
        role_arn: ROLE.into(),
        role_session_name: "s1".into(),
        web_identity_token: Secret::new("abc"),
    });
    let error = client.assume_role_with_web_identity(request).check_constraints(false).await.unwrap_err();
    assert!(error.to_string().contains("Value at 'webIdentityToken' failed"), "{error}");
}
