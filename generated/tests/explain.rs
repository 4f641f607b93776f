//! Every error of every service is explained.

use std::num::NonZero;

use gatewright::{
    aws_storage_gateway::{self, Client, ErrorCode, ListGatewaysRequest},
    fake::{Fake, FakeService},
};
use gatewright_runtime::{
    WireError,
    explain::{Evidence, Refused},
};

const SERVICES: &[&FakeService] = &[&aws_storage_gateway::FAKE];

/// Explains an error as it comes over the wire, without and with the model's knowledge.
#[track_caller]
fn check(service: &FakeService, name: Option<&str>, code: Option<&str>, error: &WireError) {
    let body = match code {
        Some(code) => format!(r#"{{"__type":"{}","error":{{"errorCode":"{code}"}}}}"#, name.unwrap_or_default()),
        None => format!(r#"{{"__type":"{}","message":"{}"}}"#, name.unwrap_or_default(), error.message),
    };
    let mut refused = Refused::of_text(&body);
    refused.response.status = if error.status == 0 { 400 } else { error.status };
    let evidence = Evidence::of_refused(refused, "it failed");
    let info = Some(service.info());
    for explanation in [evidence.explain(None), evidence.explain(info)] {
        assert!(!explanation.causes.is_empty(), "{}: {explanation}", error.wire);
        assert!(!explanation.remedies.is_empty(), "{}: {explanation}", error.wire);
        assert!(!explanation.evidence.is_empty(), "{}: {explanation}", error.wire);
    }
    let explanation = evidence.explain(info);
    assert!(!error.causes.is_empty() && !error.remedies.is_empty(), "{}", error.wire);
    // What is about access is for the rules of signatures to explain.
    if code.is_some() || !error.category.is_about_identity() {
        assert_eq!(explanation.causes, error.causes, "{}", error.wire);
        assert_eq!(explanation.remedies, error.remedies, "{}", error.wire);
    }
}

#[test]
fn every_exception_and_code_has_causes_and_remedies() {
    for service in SERVICES {
        let info = service.info();
        assert!(!info.exceptions.is_empty() && !info.error_codes.is_empty());
        for exception in info.exceptions {
            check(service, Some(exception.wire), None, exception);
        }
        for code in info.error_codes {
            check(service, Some("InvalidGatewayRequestException"), Some(code.wire), code);
        }
    }
}

/// To find out why access was denied, one must know whose credentials were used.
#[tokio::test]
async fn refusals_of_an_identity_name_the_source_of_its_credentials() {
    let fake = Fake::start(&aws_storage_gateway::FAKE).await.unwrap();
    let client: Client = fake
        .client_builder()
        .credentials(fake.credentials().clone().with_source("vault"))
        .max_attempts(NonZero::<u32>::MIN)
        .build()
        .unwrap();
    for (name, is_about_identity) in [
        ("AccessDeniedException", true),
        ("UnrecognizedClientException", true),
        ("ExpiredTokenException", true),
        ("ThrottlingException", false),
        ("InternalServerError", false),
    ] {
        fake.fail_next::<ListGatewaysRequest>(ErrorCode::from(name));
        let error = client.list_gateways(ListGatewaysRequest::new()).await.unwrap_err();
        let explanation = error.explain();
        let names_it = explanation.evidence.iter().any(|line| line == "the credentials are from: vault");
        assert_eq!(names_it, is_about_identity, "{name}: {explanation}");
    }
}
