//! Settings of single calls, and signed requests for others, of a service with another signature.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use gatewright::{
    Secret,
    alibaba_csg::{Client, DescribeGatewaysRequest, Error},
    credentials::Credentials,
    fake::TestContext,
};

fn client() -> Client {
    Client::builder()
        .region("cn-shanghai")
        .context(TestContext::isolated())
        .credentials(Credentials::new("ID-CLIENT", Secret::new("client-secret")))
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_call_has_a_region_and_credentials_of_its_own() {
    let client = client();
    let call = || client.describe_gateways(DescribeGatewaysRequest::new());
    let own = call().sign().await.unwrap();
    assert!(own.uri().query().unwrap().contains("AccessKeyId=ID-CLIENT"), "{}", own.uri());
    let other = Credentials::new("ID-OTHER", Secret::new("other-secret"))
        .with_session_token(Secret::new("other-token"));
    let signed = call().region("eu-central-1").credentials(other).sign().await.unwrap();

    assert_eq!(own.uri().host(), Some("sgw.cn-shanghai.aliyuncs.com"));
    assert_eq!(signed.uri().host(), Some("sgw.eu-central-1.aliyuncs.com"));
    let query = signed.uri().query().unwrap();
    for part in ["AccessKeyId=ID-OTHER", "SecurityToken=other-token", "Signature="] {
        assert!(query.contains(part), "{part}: {query}");
    }
    assert!(!query.contains("secret"), "{query}");
    // A signature has a nonce: no two are equal.
    assert_ne!(call().sign_blocking().unwrap().uri(), own.uri());

    let error = call().region("nowhere!").sign_blocking().unwrap_err();
    assert!(matches!(error, Error::Input(_)), "{error:?}");
}
