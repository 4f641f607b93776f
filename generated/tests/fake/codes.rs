//! Every operation error code and exception, from the wire to the enums.

use gatewright::{
    Error, Service as _,
    aws_storage_gateway::{
        ActivateGatewayError, ActivateGatewayRequest, ActivateGatewayRequired, AwsStorageGateway, Client,
        ErrorCode, Exception, FAKE, ListGatewaysRequest,
    },
    fake::{Fake, FakeError},
};

async fn start_without_retries() -> (Fake, Client) {
    let fake = Fake::start(&FAKE).await.unwrap();
    let client = fake.client_builder::<Client>().max_attempts(std::num::NonZeroU32::MIN).build().unwrap();
    (fake, client)
}

#[tokio::test]
async fn every_code_arrives_as_its_variant_with_its_message() {
    let (fake, client) = start_without_retries().await;
    let codes = AwsStorageGateway::INFO.error_codes;
    assert!(codes.len() >= 70, "{} codes and aliases", codes.len());
    for known in codes {
        fake.fail_next::<ListGatewaysRequest>(known.wire);
        // A typed code is its canonical spelling, so that an alias is ordered by its text.
        fake.fail::<ListGatewaysRequest>(FakeError::code(known.wire), 1);
        for _ in 0..2 {
            let Err(Error::Service(error)) = client.list_gateways(ListGatewaysRequest::new()).await else {
                panic!("{}: no service error", known.wire)
            };
            let code = error.code().unwrap();
            assert_eq!(code, &ErrorCode::from(known.wire));
            assert!(!matches!(code, ErrorCode::Unknown(_)), "{}", known.wire);
            let message = if known.message.is_empty() { known.causes[0] } else { known.message };
            assert_eq!(error.message(), Some(message), "{}", known.wire);
            let is_servers_fault = error.metadata().status().is_server_error();
            let carrier = if is_servers_fault {
                Exception::InternalServerError
            } else {
                Exception::InvalidGatewayRequestException
            };
            assert_eq!(error.exception(), Some(&carrier), "{}", known.wire);
        }
        assert_eq!(error_explained(&fake, &client, known.wire).await, known.causes, "{}", known.wire);
    }
    assert_eq!(fake.requests().len(), 3 * codes.len());
}

/// Causes that the explanation of a code names.
async fn error_explained(fake: &Fake, client: &Client, code: &str) -> Vec<String> {
    fake.fail_next::<ListGatewaysRequest>(code);
    client.list_gateways(ListGatewaysRequest::new()).await.unwrap_err().explain().causes
}

#[tokio::test]
async fn every_exception_arrives_as_its_variant_with_its_status() {
    let (fake, client) = start_without_retries().await;
    for known in AwsStorageGateway::INFO.exceptions {
        fake.fail::<ListGatewaysRequest>(FakeError::exception(known.wire), 1);
        let error = client.list_gateways(ListGatewaysRequest::new()).await.unwrap_err();
        let exception = error.exception().unwrap();
        assert_eq!(exception, &Exception::from(known.wire));
        assert!(!matches!(exception, Exception::Unknown(_)), "{}", known.wire);
        assert_eq!(error.metadata().unwrap().status(), known.status, "{}", known.wire);
        assert_eq!(error.code(), None, "{}", known.wire);
    }
}

#[tokio::test]
async fn operations_have_their_codes_as_an_enum_of_their_own() {
    let (fake, client) = start_without_retries().await;
    let request = ActivateGatewayRequest::new(ActivateGatewayRequired {
        activation_key: "29AV1-3OFV9-VVIUB-NKT0I-LRO6V".into(),
        gateway_name: "backup".into(),
        gateway_region: "us-east-1".into(),
        gateway_timezone: "GMT-6:00".into(),
    });
    fake.fail_next::<ActivateGatewayRequest>(ErrorCode::ActivationKeyExpired);
    let error = client.activate_gateway(request.clone()).await.unwrap_err();
    assert_eq!(error.kind(), Some(ActivateGatewayError::ActivationKeyExpired));
    assert_eq!(error.code(), Some(&ErrorCode::ActivationKeyExpired));
    assert_eq!(
        error.to_string(),
        "ActivateGateway: InvalidGatewayRequestException ActivationKeyExpired: \
         The specified activation key has expired. \
         (status 400, request id 00000000-0000-4000-8000-000000000001, 1 attempt)"
    );

    fake.fail_next::<ActivateGatewayRequest>(ErrorCode::VolumeNotFound);
    let error = client.activate_gateway(request.clone()).await.unwrap_err();
    assert_eq!(error.kind(), Some(ActivateGatewayError::Other(ErrorCode::VolumeNotFound)));

    fake.fail_next::<ActivateGatewayRequest>("MoonInTheWay");
    let error = client.activate_gateway(request).await.unwrap_err();
    assert_eq!(error.code().map(ErrorCode::as_str), Some("MoonInTheWay"));
    assert!(matches!(error.kind(), Some(ActivateGatewayError::Other(ErrorCode::Unknown(_)))));
}
