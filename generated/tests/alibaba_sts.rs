//! Alibaba Cloud's service of temporary credentials: calls of its client, and the credentials that its fake issues.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::time::{Duration, SystemTime};

use gatewright::{
    Secret, alibaba_csg,
    alibaba_sts::{
        AssumeRoleRequest, AssumeRoleRequired, AssumeRoleWithOidcRequest, AssumeRoleWithOidcRequired, Client,
        Credentials, ErrorCode, FAKE, GetCallerIdentityRequest,
    },
    context::{Context as _, SystemContext},
    credentials,
    fake::{Fake, TestContext},
    sign::Auth,
};

const ROLE: &str = "acs:ram::4444555566667777:role/demo";

async fn assume(fake: &Fake, request: AssumeRoleRequest) -> Credentials {
    let client: Client = fake.client().unwrap();
    client.assume_role(request).await.unwrap().credentials.unwrap()
}

fn request() -> AssumeRoleRequest {
    AssumeRoleRequest::new(AssumeRoleRequired { role_arn: ROLE.into(), role_session_name: "s1".into() })
}

/// As a program would use them.
fn usable(given: &Credentials) -> credentials::Credentials {
    let Credentials { access_key_id, access_key_secret, security_token, .. } = given.clone();
    credentials::Credentials::new(access_key_id.unwrap(), access_key_secret.unwrap())
        .with_session_token(security_token.unwrap())
}

#[tokio::test]
async fn a_role_is_used_at_another_fake_with_either_signature() {
    let sts = Fake::start(&FAKE).await.unwrap();
    let gateways = Fake::start(&alibaba_csg::FAKE).await.unwrap();
    let issued = assume(&sts, request()).await;
    assert!(issued.access_key_id.as_deref().unwrap().starts_with("STS."));
    let role = usable(&issued);
    for auth in [Auth::RPC_V1, Auth::ACS3] {
        let client: alibaba_csg::Client =
            gateways.client_builder().credentials(role.clone()).auth(auth).build().unwrap();
        client.describe_gateways(alibaba_csg::DescribeGatewaysRequest::new()).await.unwrap();
        let sts: Client = sts.client_builder().credentials(role.clone()).auth(auth).build().unwrap();
        let identity = sts.get_caller_identity(GetCallerIdentityRequest::new()).await.unwrap();
        assert_eq!(identity.arn.as_deref(), Some("acs:ram::4444555566667777:assumed-role/demo/s1"));
        assert_eq!(identity.account_id.as_deref(), Some("4444555566667777"));
    }
    // Neither without the token, nor at a fake of another secret.
    let bare = credentials::Credentials::new(role.access_key_id(), role.secret_access_key().clone());
    let other =
        Fake::builder(&FAKE).credentials(credentials::Credentials::new("LTAIEXAMPLE", Secret::new("other")));
    let other = other.start().await.unwrap();
    for (fake, keys) in [(&sts, bare), (&other, role)] {
        let client: Client = fake.client_builder().credentials(keys).build().unwrap();
        let error = client.get_caller_identity(GetCallerIdentityRequest::new()).await.unwrap_err();
        assert_eq!(error.code(), Some(&ErrorCode::InvalidAccessKeyIdNotFound), "{error}");
    }
}

#[tokio::test]
async fn credentials_last_as_long_as_the_request_says() {
    let sts = Fake::start(&FAKE).await.unwrap();
    let mut request = request();
    request.duration_seconds = Some(900);
    let issued = assume(&sts, request).await;
    let lifetime = SystemTime::from(issued.expiration.unwrap()).duration_since(SystemContext.now()).unwrap();
    assert!(lifetime <= Duration::from_secs(900) && lifetime > Duration::from_secs(880), "{lifetime:?}");
    let context = TestContext::isolated();
    context.advance(Duration::from_secs(901));
    let later = Fake::builder(&FAKE).context(context.clone()).start().await.unwrap();
    let client: Client =
        later.client_builder().context(context).credentials(usable(&issued)).build().unwrap();
    let error = client.get_caller_identity(GetCallerIdentityRequest::new()).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::InvalidSecurityTokenExpired), "{error}");
}

#[tokio::test]
async fn a_token_is_sent_in_a_form_and_without_credentials() {
    let sts = Fake::start(&FAKE).await.unwrap();
    let client =
        || sts.client_builder().credentials(credentials::Credentials::new("none", Secret::new("none")));
    for (client, is_preferred) in [(client(), false), (client(), true)] {
        let client: Client = client.prefer_get(is_preferred).build().unwrap();
        let request = AssumeRoleWithOidcRequest::new(AssumeRoleWithOidcRequired {
            oidc_provider_arn: "acs:ram::1:oidc-provider/p".into(),
            oidc_token: Secret::new("the-token"),
            role_arn: ROLE.into(),
            role_session_name: "pod".into(),
        });
        assert!(!format!("{request:?}").contains("the-token"));
        let response = client.assume_role_with_oidc(request).await.unwrap();
        assert_eq!(
            response.assumed_role_user.unwrap().arn.as_deref(),
            Some("acs:ram::4444555566667777:assumed-role/demo/pod")
        );
    }
    for received in sts.requests() {
        assert_eq!(received.method, "POST");
        assert!(
            received.target.contains("Timestamp=") && !received.target.contains("the-token"),
            "{}",
            received.target
        );
        assert!(String::from_utf8_lossy(&received.body).contains("OIDCToken=the-token"));
    }
}
