//! A client of an AWS query service against its fake, and the endpoints of its requests.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use gatewright::{
    BoxFuture, ClientBuilder, Document, Error, Secret, Service as _, Timestamp,
    aws_sts::{
        AssumeRoleError, AssumeRoleRequest, AssumeRoleRequired, AssumeRoleResponse,
        AssumeRoleWithWebIdentityRequest, AssumeRoleWithWebIdentityRequired, AwsSts, Client, Credentials,
        ErrorCode, FAKE, GetCallerIdentityRequest, OPERATIONS, PolicyDescriptorType, Tag, TagRequired,
    },
    context::SystemContext,
    credentials::{self, CredentialsError, ProvideCredentials},
    endpoint::{EndpointError, EndpointParams},
    fake::{Fake, FakeError, TestContext},
    transport::{HttpTransport, Transport as _},
};
use http::StatusCode;

const ROLE: &str = "arn:aws:iam::111122223333:role/demo";

async fn start() -> (Fake, Client) {
    let fake = Fake::start(&FAKE).await.unwrap();
    let client = fake.client().unwrap();
    (fake, client)
}

#[tokio::test]
async fn every_operation_sends_and_receives_every_member() {
    let inputs: Document = include_str!("data/aws_sts_inputs.json").parse().unwrap();
    assert_eq!(OPERATIONS.len(), 3);
    let (fake, client) = start().await;
    for operation in OPERATIONS {
        let (name, input) = (operation.name(), &inputs[operation.name()]);
        let output = operation.call(client.as_ref(), input.to_string().as_bytes()).await;
        let output: Document = output.unwrap_or_else(|error| panic!("{name}: {error}")).parse().unwrap();
        let mut expected: Document = operation.sample().parse().unwrap();
        let members = expected.as_object_mut().unwrap();
        for (member, value) in &mut *members {
            if let Some(given) = input.get(member) {
                value.clone_from(given);
            }
        }
        if let Some(credentials) = members.get_mut("Credentials") {
            assert_ne!(output["Credentials"], *credentials, "{name}: fresh ones");
            credentials.clone_from(&output["Credentials"]);
            let user = r#"{"Arn":"arn:aws:sts::111122223333:assumed-role/demo/backup","AssumedRoleId":"AROA123EXAMPLE123:backup"}"#;
            members.insert("AssumedRoleUser".to_owned(), user.parse().unwrap());
        }
        match name {
            // The token would contain it, and does not.
            "AssumeRoleWithWebIdentity" => drop(members.remove("SourceIdentity")),
            "GetCallerIdentity" => {
                members.insert("Arn".to_owned(), "arn:aws:iam::111122223333:user/Alice".into());
            }
            _ => {}
        }
        assert_eq!(output, expected, "{name}");

        let received = fake.requests().pop().unwrap();
        assert_eq!((received.operation.as_deref(), received.target.as_str()), (Some(name), "/"));
        let form = String::from_utf8(received.body.to_vec()).unwrap();
        assert_eq!(form.split('&').count(), 2 + leaves(input), "{form}");
        assert_eq!(received.headers.contains_key("authorization"), !operation.unsigned(), "{name}");
    }
}

/// Parameters that an input is flattened to.
fn leaves(input: &Document) -> usize {
    match input {
        Document::Array(items) => items.iter().map(leaves).sum(),
        Document::Object(members) => members.values().map(leaves).sum(),
        _ => 1,
    }
}

#[tokio::test]
async fn lists_structures_and_text_arrive_as_they_were() {
    let (fake, client) = start().await;
    let request =
        AssumeRoleRequest::new(AssumeRoleRequired { role_arn: ROLE.into(), role_session_name: "s1".into() })
            .policy_arns(vec![PolicyDescriptorType::new().arn("arn:aws:iam::aws:policy/ReadOnlyAccess")])
            .tags(vec![
                Tag::new(TagRequired { key: "Project".into(), value: "a b+c=d".into() }),
                Tag::new(TagRequired { key: "café".into(), value: String::new() }),
            ])
            .policy("{\"a b+c&d=e%\": \"é\"}")
            .transitive_tag_keys(["Project"])
            .duration_seconds(900);
    let expected = request.clone();
    fake.on(move |received: AssumeRoleRequest| {
        assert_eq!(received, expected);
        let credentials = Credentials::new()
            .access_key_id("ASIAIOSFODNN7EXAMPLE")
            .expiration(Timestamp::from_seconds(1_709_254_798))
            .secret_access_key(Secret::new("<s>"))
            .session_token(Secret::new("t&"));
        Ok(AssumeRoleResponse::new().credentials(credentials))
    });
    let credentials = client.assume_role(request).await.unwrap().credentials.unwrap();
    assert_eq!(credentials.secret_access_key, Some(Secret::new("<s>")));
    assert_eq!(credentials.session_token, Some(Secret::new("t&")));
    assert_eq!(credentials.expiration, Some(Timestamp::from_seconds(1_709_254_798)));
    let shown = format!("{credentials:?}");
    assert!(!shown.contains("<s>") && !shown.contains("t&"), "{shown}");
}

#[tokio::test]
async fn codes_belong_to_the_operation() {
    let (fake, client) = start().await;
    let assume = || {
        client.assume_role(AssumeRoleRequest::new(AssumeRoleRequired {
            role_arn: ROLE.into(),
            role_session_name: "s1".into(),
        }))
    };
    fake.fail_next::<AssumeRoleRequest>(ErrorCode::PackedPolicyTooLarge);
    let error = assume().await.unwrap_err();
    assert_eq!(error.kind(), Some(AssumeRoleError::PackedPolicyTooLarge));
    assert_eq!(error.metadata().unwrap().status(), StatusCode::BAD_REQUEST);
    assert_eq!(error.request_id().map(str::len), Some(36));

    let denied = "User: arn:aws:iam::111122223333:user/x is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/demo";
    fake.fail::<AssumeRoleRequest>(FakeError::code("AccessDenied").with_message(denied), 1);
    let error = assume().await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::AccessDenied));
    assert_eq!(error.as_service().unwrap().message(), Some(denied));
    assert!(error.explain().to_string().contains("sts:AssumeRole"), "{}", error.explain());

    fake.fail_next::<AssumeRoleRequest>("Brand&New");
    assert_eq!(assume().await.unwrap_err().code(), Some(&ErrorCode::Unknown("Brand&New".to_owned())));

    for code in [ErrorCode::Throttling, ErrorCode::IdpCommunicationError, ErrorCode::ServiceUnavailable] {
        fake.fail_next::<AssumeRoleRequest>(code);
        assert_eq!(assume().with_metadata().await.unwrap().metadata.attempts(), 2);
    }
}

#[tokio::test]
async fn who_signs_wrongly_is_refused() {
    let (fake, client) = start().await;
    let other =
        credentials::Credentials::new(fake.credentials().access_key_id(), Secret::new("another secret"));
    let wrong: Client = fake.client_builder().credentials(other).build().unwrap();
    let error = wrong.get_caller_identity(GetCallerIdentityRequest::new()).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::SignatureDoesNotMatch));
    assert!(error.explain().to_string().contains("secret"), "{}", error.explain());

    let request = AssumeRoleRequest::new(AssumeRoleRequired {
        role_arn: "short".into(),
        role_session_name: "s1".into(),
    });
    let error = client.assume_role(request).check_constraints(false).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::ValidationError));

    let form = "application/x-www-form-urlencoded";
    for (body, code) in [
        ("Action=GetCallerIdentity&Version=2011-06-15", "MissingAuthenticationToken"),
        ("Action=GetCallerIdentity&Version=2011-06-16", "InvalidAction"),
        ("Action=Get&Version=2011-06-15", "InvalidAction"),
        ("Version=2011-06-15", "MissingAction"),
        ("Action=AssumeRoleWithWebIdentity&Version=2011-06-15", "ValidationError"),
    ] {
        let request = http::Request::post(fake.url() + "/").header("content-type", form);
        let request = request.body(body.as_bytes().into()).unwrap();
        let response = HttpTransport::builder(&SystemContext).build().send(request).await.unwrap();
        let text = str::from_utf8(response.body()).unwrap();
        assert!(text.contains(&format!("<Code>{code}</Code>")), "{body}: {text}");
    }
}

#[derive(Debug)]
struct NoOne;

impl ProvideCredentials for NoOne {
    fn provide(&self) -> BoxFuture<'_, Result<credentials::Credentials, CredentialsError>> {
        Box::pin(std::future::ready(Err(CredentialsError::new("no one", "has none"))))
    }
}

fn client(fake: &Fake) -> Client {
    fake.client_builder().credentials(NoOne).build().unwrap()
}

/// Who has no credentials can still exchange a token for some.
#[tokio::test]
async fn unsigned_operations_ask_for_no_credentials() {
    let (fake, _) = start().await;
    let error = client(&fake).get_caller_identity(GetCallerIdentityRequest::new()).await.unwrap_err();
    assert!(matches!(error, Error::Credentials(_)), "{error}");

    let request = || {
        AssumeRoleWithWebIdentityRequest::new(AssumeRoleWithWebIdentityRequired {
            role_arn: ROLE.into(),
            role_session_name: "s1".into(),
            web_identity_token: Secret::new("eyJhbGciOi.eyJzdWIi.c2ln"),
        })
    };
    fake.fail_next::<AssumeRoleWithWebIdentityRequest>(ErrorCode::IdpCommunicationError);
    let response = client(&fake).assume_role_with_web_identity(request()).with_metadata().await.unwrap();
    assert_eq!(response.metadata.attempts(), 2);
    assert!(response.output.credentials.is_some());

    fake.fail_next::<AssumeRoleWithWebIdentityRequest>(ErrorCode::InvalidIdentityToken);
    let blocking = client(&fake);
    let refused = tokio::task::spawn_blocking(move || {
        blocking.assume_role_with_web_identity(request()).send_blocking().unwrap_err()
    });
    assert_eq!(refused.await.unwrap().code(), Some(&ErrorCode::InvalidIdentityToken));
    let denied = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
    let expired = "Token expired: current date/time 2 must be before the expiration date/time 1";
    for (code, message, advice) in [
        ("AccessDenied", denied, "trust policy"),
        ("ExpiredTokenException", expired, "a fresh token from the identity provider"),
    ] {
        fake.fail::<AssumeRoleWithWebIdentityRequest>(FakeError::code(code).with_message(message), 1);
        let error = client(&fake).assume_role_with_web_identity(request()).await.unwrap_err();
        let text = error.explain().to_string();
        assert!(text.contains(advice) && !text.contains("signature"), "{text}");
    }
    // An issuer that is slow may respond the next time.
    let unread = "Couldn't retrieve verification key from your identity provider";
    let unread = FakeError::code("InvalidIdentityToken").with_message(unread);
    fake.fail::<AssumeRoleWithWebIdentityRequest>(unread, 3);
    let error = client(&fake).assume_role_with_web_identity(request()).max_attempts(3).await.unwrap_err();
    assert_eq!(error.metadata().unwrap().attempts(), 3);
    let explanation = error.explain();
    assert!(explanation.causes[0].contains("at that moment"), "{explanation}");
    for received in fake.requests().iter().skip(1) {
        assert!(!received.headers.keys().any(|name| name.as_str().starts_with("x-amz-")), "{received:?}");
    }
}

/// Four cases have what held `formerly`, before the isolated partitions got dual-stack endpoints.
#[test]
fn published_endpoints_hold() {
    let cases: Document = include_str!("data/aws_sts_endpoints.json").parse().unwrap();
    let cases = cases.as_array().unwrap();
    assert_eq!(cases.len(), 73);
    for case in cases {
        let text = |key: &str| case[key].as_str();
        let flag = |key: &str| case[key].as_bool().unwrap_or(false);
        let mut params = EndpointParams::default();
        (params.region, params.endpoint) = (text("region"), text("endpoint"));
        (params.use_fips, params.use_dual_stack) = (flag("fips"), flag("dual_stack"));
        params.use_global = flag("global");
        match (text("url"), AwsSts::INFO.endpoints.resolve(&params)) {
            (Some(url), Ok(endpoint)) => {
                assert_eq!(endpoint.url.to_string(), format!("{url}/"), "{case}");
                let signing_region = text("signing_region").or(text("region"));
                assert_eq!(endpoint.signing_region().ok(), signing_region, "{case}");
            }
            (None, Err(EndpointError::Refused { reason, .. })) => {
                assert_eq!(Some(reason), text("error"), "{case}");
            }
            (_, other) => panic!("{case}: {other:?}"),
        }
    }
}

#[test]
fn the_endpoint_of_all_regions_is_selected_by_builder_or_environment() {
    const LEGACY: &[(&str, &str)] = &[("AWS_STS_REGIONAL_ENDPOINTS", "legacy")];
    let endpoint = |variables: &[(&str, &str)], global: Option<bool>| {
        let context = TestContext::new().variables(variables.iter().copied());
        let builder = Client::builder().context(context).region("eu-west-1");
        let builder = global.into_iter().fold(builder, ClientBuilder::use_global_endpoint);
        builder.build().map(|client: Client| client.as_ref().endpoint().to_string())
    };
    let (shared, regional) = ("https://sts.amazonaws.com/", "https://sts.eu-west-1.amazonaws.com/");
    assert_eq!(endpoint(&[], None).unwrap(), regional);
    assert_eq!(endpoint(&[], Some(true)).unwrap(), shared);
    assert_eq!(endpoint(LEGACY, None).unwrap(), shared);
    assert_eq!(endpoint(LEGACY, Some(false)).unwrap(), regional);
    assert_eq!(
        endpoint(&[("AWS_STS_REGIONAL_ENDPOINTS", "both")], None).unwrap_err().to_string(),
        "AWS_STS_REGIONAL_ENDPOINTS: `both`: expected legacy or regional"
    );
}
