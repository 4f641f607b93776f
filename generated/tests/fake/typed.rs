//! Requests and responses as types.

use gatewright::{
    Error, Secret,
    aws_storage_gateway::{
        ActivateGatewayRequest, ActivateGatewayRequired, AssociateFileSystemRequest,
        AssociateFileSystemRequired, CacheReportFilter, CacheReportFilterRequired, Client,
        CreateSnapshotRequest, CreateSnapshotRequired, CreateTapePoolRequest, CreateTapePoolRequired,
        DescribeGatewayInformationRequest, DescribeGatewayInformationResponse, FAKE, HostEnvironment,
        ListGatewaysRequest, RetentionLockType, SetLocalConsolePasswordRequest,
        SetLocalConsolePasswordRequired, SetLocalConsolePasswordResponse, StartCacheReportRequest,
        StartCacheReportRequired, TapeStorageClass,
    },
    credentials::Credentials,
    fake::{Fake, FakeError},
};

use crate::start;

const GATEWAY: &str = "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B";

#[tokio::test]
async fn handlers_see_requests_and_give_responses() {
    let (fake, client) = start().await;
    fake.on(|request: DescribeGatewayInformationRequest| {
        if request.gateway_arn != GATEWAY {
            return Err(FakeError::code("GatewayNotFound"));
        }
        // Unknown values are kept.
        Ok(DescribeGatewayInformationResponse::new().host_environment(HostEnvironment::from("MOON-BASE")))
    });
    let response =
        client.describe_gateway_information(DescribeGatewayInformationRequest::new(GATEWAY)).await.unwrap();
    assert_eq!(response.host_environment, Some(HostEnvironment::Unknown("MOON-BASE".to_owned())));
    let other = DescribeGatewayInformationRequest::new(format!("{GATEWAY}C"));
    let error = client.describe_gateway_information(other).await.unwrap_err();
    assert_eq!(error.code().map(ToString::to_string).as_deref(), Some("GatewayNotFound"));
}

#[tokio::test]
async fn the_sample_is_about_what_the_request_names() {
    let (_fake, client) = start().await;
    let request = CreateSnapshotRequest::new(CreateSnapshotRequired {
        snapshot_description: "nightly".into(),
        volume_arn: format!("{GATEWAY}/volume/vol-1122AABB"),
    });
    let response = client.create_snapshot(request.clone()).await.unwrap();
    assert_eq!(response.volume_arn.as_deref(), Some(request.volume_arn.as_str()));
    assert!(response.snapshot_id.is_some());
}

#[tokio::test]
async fn constraints_are_checked_on_both_sides() {
    let (fake, client) = start().await;
    let request = ActivateGatewayRequest::new(ActivateGatewayRequired {
        activation_key: String::new(),
        gateway_name: "b".into(),
        gateway_region: "us-east-1".into(),
        gateway_timezone: "GMT-6:00".into(),
    });
    let error = client.activate_gateway(request.clone()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "ActivateGateway: refused before sending: ActivationKey: 0 characters, at least 1; \
         GatewayName: 1 character, at least 2"
    );
    assert!(fake.requests().is_empty());
    let error = client.activate_gateway(request).check_constraints(false).await.unwrap_err();
    let message = error.as_service().unwrap().message().unwrap();
    assert_eq!(
        message,
        "2 validation errors detected: Value '' at 'activationKey' failed to satisfy constraint: Member must have \
         length greater than or equal to 1; Value 'b' at 'gatewayName' failed to satisfy constraint: Member must \
         have length greater than or equal to 2"
    );
}

#[tokio::test]
async fn the_service_alone_refuses_unknown_values_of_enums() {
    let (fake, client) = start().await;
    let request = CreateTapePoolRequest::new(CreateTapePoolRequired {
        pool_name: "pool".into(),
        storage_class: "ICE".into(),
    })
    .retention_lock_type("governance");
    let error = client.create_tape_pool(request).await.unwrap_err();
    let error = error.as_service().unwrap();
    assert_eq!(error.exception().map(ToString::to_string).as_deref(), Some("ValidationException"));
    assert_eq!(
        error.message().unwrap(),
        "2 validation errors detected: Value 'governance' at 'retentionLockType' failed to satisfy constraint: Member \
         must satisfy enum value set: [COMPLIANCE, GOVERNANCE, NONE]; Value 'ICE' at 'storageClass' failed to satisfy \
         constraint: Member must satisfy enum value set: [DEEP_ARCHIVE, GLACIER]"
    );

    let share = format!("{GATEWAY}/share/share-11223344");
    let filter = |name: &str| {
        CacheReportFilter::new(CacheReportFilterRequired {
            name: name.into(),
            values: vec!["UPLOADING".into()],
        })
    };
    let request = |filters: Vec<CacheReportFilter>| {
        let (bucket, role) = ("arn:aws:s3:::bucket/prefix", "arn:aws:iam::111122223333:role/reports");
        StartCacheReportRequest::new(StartCacheReportRequired {
            bucket_region: "us-east-1".into(),
            file_share_arn: share.clone(),
            location_arn: bucket.into(),
            role: role.into(),
        })
        .inclusion_filters(filters)
    };
    let error =
        client.start_cache_report(request(vec![filter("UploadState"), filter("")])).await.unwrap_err();
    assert_eq!(
        error.as_service().unwrap().message().unwrap(),
        "1 validation error detected: Value '' at 'inclusionFilters.2.member.name' failed to satisfy constraint: Member \
         must satisfy enum value set: [UploadFailureReason, UploadState]"
    );
    assert_eq!(fake.requests().len(), 2, "clients keep values that the model does not know");

    client.start_cache_report(request(vec![filter("UploadState")])).await.unwrap();
    let known = CreateTapePoolRequest::new(CreateTapePoolRequired {
        pool_name: "pool".into(),
        storage_class: TapeStorageClass::Glacier,
    });
    client.create_tape_pool(known.retention_lock_type(RetentionLockType::None)).await.unwrap();
}

#[tokio::test]
async fn client_tokens_are_fresh_unless_set() {
    let (fake, client) = start().await;
    let request = || {
        let location = "arn:aws:fsx:us-east-1:111122223333:file-system/fs-0123456789abcdef0";
        AssociateFileSystemRequest::new(AssociateFileSystemRequired {
            gateway_arn: GATEWAY.into(),
            location_arn: location.into(),
            password: Secret::new("secret-word"),
            user_name: "user".into(),
        })
    };
    client.associate_file_system(request()).await.unwrap();
    client.associate_file_system(request()).await.unwrap();
    client.associate_file_system(request().client_token("12345-mine")).await.unwrap();
    let tokens: Vec<String> = fake
        .requests()
        .iter()
        .map(|request| {
            let body: gatewright::Document = str::from_utf8(&request.body).unwrap().parse().unwrap();
            body["ClientToken"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!((tokens[0].len(), tokens[1].len(), tokens[2].as_str()), (36, 36, "12345-mine"));
    assert_ne!(tokens[0], tokens[1]);
}

#[tokio::test]
async fn a_token_stays_the_same_on_every_attempt() {
    let (fake, client) = start().await;
    fake.fail::<AssociateFileSystemRequest>(FakeError::exception("ServiceUnavailable"), 2);
    let location = "arn:aws:fsx:us-east-1:111122223333:file-system/fs-0123456789abcdef0";
    let request = AssociateFileSystemRequest::new(AssociateFileSystemRequired {
        gateway_arn: GATEWAY.into(),
        location_arn: location.into(),
        password: Secret::new("secret-word"),
        user_name: "user".into(),
    });
    let response = client.associate_file_system(request).with_metadata().await.unwrap();
    assert_eq!(response.metadata.attempts(), 3);
    let bodies: Vec<_> = fake.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies.len(), 3);
    assert!(bodies.iter().all(|body| *body == bodies[0]));
}

#[tokio::test]
async fn secrets_do_not_show() {
    let (fake, client) = start().await;
    let request = SetLocalConsolePasswordRequest::new(SetLocalConsolePasswordRequired {
        gateway_arn: GATEWAY.into(),
        local_console_password: Secret::new("hunter22"),
    });
    fake.on(|request: SetLocalConsolePasswordRequest| {
        assert_eq!(request.local_console_password.expose(), "hunter22");
        Ok(SetLocalConsolePasswordResponse::new())
    });
    let shown =
        format!("{request:?} {:?} {client:?} {fake:?}", client.set_local_console_password(request.clone()));
    client.set_local_console_password(request).await.unwrap();
    let shown = format!("{shown} {:?}", fake.requests());
    for secret in ["hunter22", fake.credentials().secret_access_key().expose()] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn wrong_keys_are_refused() {
    let fake = Fake::start(&FAKE).await.unwrap();
    let id = fake.credentials().access_key_id();
    let builder = fake.client_builder::<Client>().credentials(Credentials::new(id, Secret::new("wrong")));
    let error = builder.build().unwrap().list_gateways(ListGatewaysRequest::new()).await.unwrap_err();
    let Error::Service(error) = error else { panic!("{error}") };
    assert_eq!(error.exception().map(ToString::to_string).as_deref(), Some("InvalidSignatureException"));
    assert!(error.message().unwrap().contains("The Canonical String for this request should have been"));
}
