//! Every error of every service is explained.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::num::NonZero;

use gatewright::{
    Service as _,
    alibaba_csg::{self, AlibabaCsg, DescribeGatewaysRequest},
    alibaba_sts::{self, AlibabaSts},
    api_gateway::ApiGateway,
    aws_storage_gateway::{self, AwsStorageGateway, Client, ErrorCode, ListGatewaysRequest},
    aws_sts::{self, AwsSts},
    fake::{Fake, FakeService},
};
use gatewright_runtime::{
    Category, ServiceInfo, WireError,
    explain::{Evidence, Explanation, Refused, signature::Verdict},
};

const SERVICES: &[&FakeService] = &[&aws_storage_gateway::FAKE];
/// Services without exceptions.
const SERVICES_OF_CODES: &[&FakeService] = &[&alibaba_csg::FAKE, &alibaba_sts::FAKE, &aws_sts::FAKE];

/// Explains an error as it comes over the wire, without and with the model's knowledge.
#[track_caller]
fn check(service: &FakeService, name: Option<&str>, code: Option<&str>, error: &WireError) {
    let body = match code {
        Some(code) => {
            format!(r#"{{"__type":"{}","error":{{"errorCode":"{code}"}}}}"#, name.unwrap_or_default())
        }
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

/// A pasted text does not show whether its name is an exception or a code.
#[test]
fn pasted_codes_are_found_in_the_model() {
    for service in SERVICES_OF_CODES {
        let info = service.info();
        assert!(info.exceptions.is_empty() && !info.error_codes.is_empty());
        for error in info.error_codes {
            let code = error.wire;
            for pasted in [
                format!(r#"{{"Code":"{code}","Message":"m"}}"#),
                format!(
                    "<ErrorResponse><Error><Code>{code}</Code><Message>m</Message></Error></ErrorResponse>"
                ),
                format!("An error occurred ({code}) when calling the Call operation: m"),
                format!("Call: {code}: m (status 400, 1 attempt)"),
            ] {
                let refused = Refused::of_text(&pasted);
                let known = refused.known_error(Some(info)).and_then(|known| known.error);
                assert_eq!(known, Some(error), "{pasted}");
                if !error.category.is_about_identity() {
                    let explanation = Evidence::of_refused(refused, "it failed").explain(Some(info));
                    assert_eq!(explanation.causes, error.causes, "{pasted}");
                }
            }
        }
    }
}

/// Body and text of an error are explained as the error itself.
#[track_caller]
fn check_pasted(body: &[u8], text: &str, explained: &Explanation, service: &'static ServiceInfo) {
    for pasted in [str::from_utf8(body).unwrap(), text] {
        let explanation = Evidence::of_refused(Refused::of_text(pasted), "it failed").explain(Some(service));
        assert_eq!(explanation.causes, explained.causes, "{pasted}");
        assert_eq!(explanation.remedies, explained.remedies, "{pasted}");
    }
}

#[tokio::test]
async fn pasted_errors_are_explained_like_the_error() {
    let fake = Fake::start(&alibaba_csg::FAKE).await.unwrap();
    let client: alibaba_csg::Client = fake.client().unwrap();
    fake.fail_next::<DescribeGatewaysRequest>("GatewayInOperation");
    let error = client.describe_gateways(DescribeGatewaysRequest::new()).max_attempts(1).await.unwrap_err();
    let body = error.metadata().unwrap().body();
    check_pasted(body, &error.to_string(), &error.explain(), AlibabaCsg::INFO);

    let fake = Fake::start(&aws_storage_gateway::FAKE).await.unwrap();
    let client: Client = fake.client().unwrap();
    fake.fail_next::<ListGatewaysRequest>(ErrorCode::GatewayNotFound);
    let error = client.list_gateways(ListGatewaysRequest::new()).await.unwrap_err();
    let body = error.metadata().unwrap().body();
    check_pasted(body, &error.to_string(), &error.explain(), AwsStorageGateway::INFO);
}

/// The evidence of a pasted code, from a response with a status.
fn pasted(status: u16, code: &str, scheme: Option<&str>) -> Evidence {
    let mut refused = Refused::of_text(&format!("<Error><Code>{code}</Code><Message>m</Message></Error>"));
    refused.response.status = status;
    refused.authorization_scheme = scheme.map(ToOwned::to_owned);
    Evidence::of_refused(refused, "it failed")
}

/// Causes and remedies are those of the entry for the error.
#[track_caller]
fn is_of_the_entry(evidence: &Evidence, service: Option<&'static ServiceInfo>) {
    let explanation = evidence.explain(service);
    let entry = evidence.known_error(service).unwrap().error.unwrap();
    assert_eq!(explanation.causes, entry.causes);
    assert_eq!(explanation.remedies, entry.remedies);
}

#[test]
fn only_apis_are_explained_by_their_gateway() {
    let evidence = pasted(403, "MissingAuthenticationToken", None);
    for service in [AwsSts::INFO, AwsStorageGateway::INFO] {
        is_of_the_entry(&evidence, Some(service));
        assert_eq!(evidence.finding(Some(service)), None);
    }
    for service in [None, Some(ApiGateway::INFO)] {
        let finding = evidence.finding(service).unwrap();
        assert_eq!(finding.verdict, Verdict::UnsignedOrNoRoute);
    }
    let explanation = evidence.explain(None);
    assert!(explanation.evidence[0].contains("gateway"), "{explanation}");
}

#[test]
fn incomplete_signatures_are_explained_by_their_vendor() {
    for (service, scheme) in [
        (Some(AlibabaCsg::INFO), None),
        (Some(AlibabaCsg::INFO), Some("ACS3-HMAC-SHA256")),
        (None, Some("HMAC-SHA1")),
    ] {
        let evidence = pasted(400, "IncompleteSignature", scheme);
        is_of_the_entry(&evidence, service);
        assert_eq!(evidence.finding(service).unwrap().verdict, Verdict::MalformedAuthorization);
    }
    for (service, scheme) in [
        (None, None),
        (Some(AwsStorageGateway::INFO), None),
        (Some(AlibabaCsg::INFO), Some("AWS4-HMAC-SHA256")),
    ] {
        let explanation = pasted(400, "IncompleteSignature", scheme).explain(service);
        assert!(explanation.remedies[0].contains("SignedHeaders"), "{explanation}");
    }
}

/// They begin like the codes of invalid parameters.
#[test]
fn unlisted_codes_of_credentials_are_not_about_parameters() {
    for service in [AlibabaCsg::INFO, AlibabaSts::INFO] {
        for code in ["InvalidSecurityToken.MismatchWithAccessKey", "InvalidAccessKeyId.Other"] {
            let known = pasted(400, code, None).known_error(Some(service)).unwrap();
            assert_eq!(known.category, Category::Auth, "{code}");
        }
    }
}

/// Only gateways of APIs have routes, which a token may have missed.
#[test]
fn unreadable_authorizations_are_explained_by_routes_only_for_apis() {
    let message = "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'x='.";
    let evidence = |scheme: Option<&str>| {
        let mut refused = Refused::of_text(message);
        refused.authorization_scheme = scheme.map(str::to_owned);
        Evidence::of_refused(refused, "it failed")
    };
    for scheme in [None, Some("Bearer")] {
        for service in [None, Some(ApiGateway::INFO)] {
            let explanation = evidence(scheme).explain(service);
            assert!(explanation.causes.concat().contains("no route"), "{explanation}");
        }
        let evidence = evidence(scheme);
        let finding = evidence.finding(Some(AwsSts::INFO)).unwrap();
        assert_eq!((finding.verdict, finding.hint), (Verdict::MalformedAuthorization, None));
        assert_eq!(finding.candidates, []);
        let explanation = evidence.explain(Some(AwsSts::INFO));
        assert_eq!(
            explanation.causes,
            ["The signer builds an invalid authorization.", "A proxy cuts off or rewrites the header."]
        );
        let names_scheme = explanation.evidence.iter().any(|line| line.ends_with("has the scheme Bearer"));
        assert_eq!(names_scheme, scheme.is_some(), "{explanation}");
    }
}

/// Such a message does not mention the role's own policy, nor that the role may not exist.
#[test]
fn denials_without_a_reason_are_also_explained_by_the_model() {
    let denied = "An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::111122223333:user/x \
        is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/demo";
    let explain = |pasted: &str| {
        Evidence::of_refused(Refused::of_text(pasted), "it failed")
            .explain(Some(AwsSts::INFO))
            .causes
            .concat()
    };
    assert!(explain(denied).contains("trust policy") && explain(denied).contains("does not exist"));
    let reason = format!("{denied} with an explicit deny in an identity-based policy");
    assert_eq!(explain(&reason), "An identity-based policy denies the action explicitly.");
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
