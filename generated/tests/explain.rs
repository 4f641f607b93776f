//! Every error of every service is explained.

use gatewright::{aws_storage_gateway, fake::FakeService};
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
