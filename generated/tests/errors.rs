//! Errors of programs that call several operations and services.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{error::Error as StdError, fmt, num::NonZeroU32, time::Duration};

use gatewright::{
    Category, Service as _, ServiceClient, alibaba_csg, api_gateway,
    aws_storage_gateway::{
        self as storage, ActivateGatewayError, ActivateGatewayRequest, ActivateGatewayRequired,
        CreateSnapshotError, CreateSnapshotRequest, CreateSnapshotRequired, ErrorCode, ListGatewaysRequest,
        ListTapesRequest,
    },
    aws_sts::{self as sts, GetCallerIdentityRequest},
    fake::{Fake, FakeError, Misbehaviour},
    retry::{Backoff, RetryBudget},
};

const VOLUME: &str = "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B/volume/vol-1122AABB";

/// A client without retries, of its own fake.
async fn start<C: ServiceClient>(fake: &'static gatewright::fake::FakeService) -> (Fake, C) {
    let fake = Fake::start(fake).await.unwrap();
    let client = fake.client_builder::<C>().max_attempts(NonZeroU32::MIN).build().unwrap();
    (fake, client)
}

fn activation() -> ActivateGatewayRequest {
    ActivateGatewayRequest::new(ActivateGatewayRequired {
        activation_key: "29AV1-3OFV9-VVIUB-NKT0I-LRO6V".into(),
        gateway_name: "backup".into(),
        gateway_region: "us-east-1".into(),
        gateway_timezone: "GMT-6:00".into(),
    })
}

/// Several operations, with and without codes of their own, and pages, with `?` alone.
async fn set_up(client: &storage::Client) -> Result<usize, storage::Error> {
    client.activate_gateway(activation()).await?;
    client
        .create_snapshot(CreateSnapshotRequest::new(CreateSnapshotRequired {
            snapshot_description: "nightly".into(),
            volume_arn: VOLUME.into(),
        }))
        .await?;
    let mut tapes = client.list_tapes(ListTapesRequest::new()).items();
    let mut count = 0;
    while let Some(tape) = tapes.next().await {
        tape?;
        count += 1;
    }
    Ok(count)
}

/// What a program can find out, whichever way the error came.
#[track_caller]
fn check(error: &storage::Error, code: &ErrorCode) {
    assert_eq!(error.code(), Some(code));
    assert_eq!((error.metadata().unwrap().status().as_u16(), error.attempts()), (400, 1));
    assert_eq!(error.request_id(), Some("00000000-0000-4000-8000-000000000001"));
    let causes = error.explain().causes;
    assert_eq!(causes, storage::AwsStorageGateway::INFO.error_code(code.as_str()).unwrap().causes);
    assert!(!causes.is_empty());
}

#[tokio::test]
async fn one_error_for_all_operations_of_a_service() {
    let (fake, client) = start(&storage::FAKE).await;
    assert!(set_up(&client).await.unwrap() > 0);
    fake.fail_next::<ActivateGatewayRequest>(ErrorCode::ActivationKeyExpired);
    let error = set_up(&client).await.unwrap_err();
    assert_eq!(error.kind(), Some(ActivateGatewayError::ActivationKeyExpired));
    fake.fail_next::<CreateSnapshotRequest>(ErrorCode::VolumeNotFound);
    let error = set_up(&client).await.unwrap_err();
    assert_eq!(error.kind(), Some(CreateSnapshotError::VolumeNotFound));
    assert_eq!(error.kind(), Some(ActivateGatewayError::Other(ErrorCode::VolumeNotFound)));
    fake.fail_next::<ListTapesRequest>(ErrorCode::GatewayNotFound);
    let error = set_up(&client).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::GatewayNotFound));
}

/// A match over the codes of one operation is complete without a wildcard: this did not compile before.
fn advice(error: &storage::Error) -> &'static str {
    match error.kind() {
        Some(CreateSnapshotError::VolumeNotFound) => "create the volume",
        Some(
            CreateSnapshotError::GatewayNotConnected | CreateSnapshotError::GatewayProxyNetworkConnectionBusy,
        ) => "wait",
        Some(
            CreateSnapshotError::GatewayInternalError
            | CreateSnapshotError::GatewayNotFound
            | CreateSnapshotError::InternalError
            | CreateSnapshotError::InvalidParameters
            | CreateSnapshotError::NotSupported
            | CreateSnapshotError::VolumeNotReady
            | CreateSnapshotError::Other(_),
        )
        | None => "look into it",
    }
}

#[tokio::test]
async fn a_match_over_the_codes_of_an_operation_is_exhaustive() {
    let (fake, client) = start::<storage::Client>(&storage::FAKE).await;
    for (code, expected) in [
        ("VolumeNotFound", "create the volume"),
        ("GatewayNotConnected", "wait"),
        ("Moonlight", "look into it"),
    ] {
        fake.fail_next::<CreateSnapshotRequest>(code);
        let error = client
            .create_snapshot(CreateSnapshotRequest::new(CreateSnapshotRequired {
                snapshot_description: "nightly".into(),
                volume_arn: VOLUME.into(),
            }))
            .await
            .unwrap_err();
        assert_eq!(advice(&error), expected);
    }
}

/// An error of a program, made by `?` from the errors of two services.
#[derive(Debug)]
enum Problem {
    Storage(storage::Error),
    Identity(sts::Error),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Storage(error) => error.fmt(f),
            Self::Identity(error) => error.fmt(f),
        }
    }
}

impl StdError for Problem {}

impl From<storage::Error> for Problem {
    fn from(error: storage::Error) -> Self {
        Self::Storage(error)
    }
}

impl From<sts::Error> for Problem {
    fn from(error: sts::Error) -> Self {
        Self::Identity(error)
    }
}

/// The same calls of two services, for any error of a program.
macro_rules! calls {
    ($name:ident, $error:ty) => {
        async fn $name(storage: &storage::Client, sts: &sts::Client) -> Result<(), $error> {
            sts.get_caller_identity(GetCallerIdentityRequest::new()).await?;
            storage.activate_gateway(activation()).await?;
            storage.list_tapes(ListTapesRequest::new()).await?;
            Ok(())
        }
    };
}

calls!(to_problem, Problem);
calls!(to_box, Box<dyn StdError + Send + Sync>);
calls!(to_anyhow, anyhow::Error);
calls!(to_eyre, eyre::Report);

#[tokio::test]
async fn errors_of_several_services_are_found_by_one_type_each() {
    let (sts_fake, sts) = start::<sts::Client>(&sts::FAKE).await;
    let fails = async || {
        let (fake, client) = start::<storage::Client>(&storage::FAKE).await;
        fake.fail_next::<ActivateGatewayRequest>(ErrorCode::ActivationKeyExpired);
        (fake, client)
    };
    let expired = ErrorCode::ActivationKeyExpired;

    let (_fake, storage) = fails().await;
    let Problem::Storage(error) = to_problem(&storage, &sts).await.unwrap_err() else { unreachable!() };
    check(&error, &expired);
    let (_fake, storage) = fails().await;
    let error = to_box(&storage, &sts).await.unwrap_err();
    check(error.downcast_ref().unwrap(), &expired);
    let (_fake, storage) = fails().await;
    let error = to_anyhow(&storage, &sts).await.unwrap_err().context("setting up").context("starting");
    check(error.downcast_ref().unwrap(), &expired);
    assert!(error.downcast_ref::<sts::Error>().is_none());
    let (_fake, storage) = fails().await;
    let error = to_eyre(&storage, &sts).await.unwrap_err().wrap_err("setting up");
    check(error.downcast_ref().unwrap(), &expired);

    // The other service, and an operation without codes of its own.
    sts_fake.fail_next::<GetCallerIdentityRequest>(sts::ErrorCode::AccessDenied);
    let error = to_anyhow(&storage, &sts).await.unwrap_err();
    assert_eq!(error.downcast_ref::<sts::Error>().unwrap().code(), Some(&sts::ErrorCode::AccessDenied));
    let (fake, storage) = start::<storage::Client>(&storage::FAKE).await;
    fake.fail_next::<ListTapesRequest>(ErrorCode::GatewayNotConnected);
    let error = to_anyhow(&storage, &sts).await.unwrap_err().context("setting up");
    assert_eq!(error.downcast_ref::<storage::Error>().unwrap().code(), Some(&ErrorCode::GatewayNotConnected));
}

/// Clients of the same fake: one that sends requests once, one that sends them twice without a pause.
async fn once_and_twice<C: ServiceClient>(fake: &'static gatewright::fake::FakeService) -> (Fake, C, C) {
    let fake = Fake::start(fake).await.unwrap();
    let client = |attempts| {
        let backoff = Backoff::new().base(Duration::ZERO).throttling_base(Duration::ZERO);
        let builder = fake.client_builder::<C>().max_attempts(NonZeroU32::new(attempts).unwrap());
        builder.backoff(backoff).retry_budget(RetryBudget::new(u32::MAX)).build().unwrap()
    };
    let (once, twice) = (client(1), client(2));
    (fake, once, twice)
}

/// Checks every exception and code of a service, also one of each family: what the name says, what the error says, and
/// whether the call is retried.
macro_rules! check_names {
    ($service:ident, $marker:ident, $request:ident, $operation:ident) => {{
        let info = $service::$marker::INFO;
        let (fake, once, twice) = once_and_twice::<$service::Client>(&$service::FAKE).await;
        let families = info.error_families.iter().map(|family| format!("{}.Odd", family.wire));
        let codes: Vec<_> =
            info.error_codes.iter().map(|code| code.wire.to_owned()).chain(families).collect();
        let exceptions: Vec<_> = info.exceptions.iter().map(|exception| exception.wire.to_owned()).collect();
        let names = codes
            .iter()
            .map(|code| (FakeError::code(code), code, $service::ErrorCode::from(code.as_str()).category()));
        let exceptions = exceptions.iter().map(|name| {
            (FakeError::exception(name), name, $service::Exception::from(name.as_str()).category())
        });
        let mut categories = Vec::new();
        for (fails, name, category) in names.chain(exceptions) {
            fake.fail::<$service::$request>(fails.clone(), 1);
            let error = once.$operation($service::$request::new()).await.unwrap_err();
            assert!(error.category() == category || category == Some(Category::Server), "{name}: {error}");
            assert_eq!(error.is_throttling(), error.category() == Some(Category::Throttling), "{name}");
            assert_eq!(error.is_access_denied(), error.category() == Some(Category::AccessDenied), "{name}");
            assert_eq!(error.is_not_found(), error.category() == Some(Category::NotFound), "{name}");
            fake.fail::<$service::$request>(fails, 1);
            let is_retried = twice.$operation($service::$request::new()).await.is_ok();
            assert_eq!(error.is_throttling() || error.is_transient(), is_retried, "{name}: {error}");
            assert_eq!(error.category().is_some_and(Category::is_retried), is_retried, "{name}");
            categories.push((name.clone(), error.category().unwrap()));
        }
        categories
    }};
}

#[tokio::test]
async fn categories_agree_with_retries_for_every_name_of_every_service() {
    let storage = check_names!(storage, AwsStorageGateway, ListGatewaysRequest, list_gateways);
    let sts = check_names!(sts, AwsSts, GetCallerIdentityRequest, get_caller_identity);
    let csg = check_names!(alibaba_csg, AlibabaCsg, DescribeGatewaysRequest, describe_gateways);
    let all: Vec<_> = storage.into_iter().chain(sts).chain(csg).collect();
    assert!(all.len() > 170, "{} names", all.len());
    let of =
        |category| all.iter().filter(move |(_, found)| *found == category).map(|(name, _)| name.as_str());
    for name in ["VolumeNotFound", "DiskDoesNotExist", "GatewayNotExist", "StorageBundleNotExist"] {
        assert!(of(Category::NotFound).any(|found| found == name), "{name}");
    }
    for name in ["AccessDenied", "UnauthorizedOperation", "Forbidden.RAM", "NoPermission"] {
        assert!(of(Category::AccessDenied).any(|found| found == name), "{name}");
    }
    assert!(of(Category::Throttling).any(|name| name == "Throttling.Odd"));
    assert_eq!(ErrorCode::from("NobodyKnows").category(), None);
}

/// Without operations, whole responses are recognized; without any knowledge, the status decides.
#[tokio::test]
async fn categories_agree_with_retries_for_every_known_response() {
    let fake = Fake::start(&api_gateway::FAKE).await.unwrap();
    let client = |attempts| {
        let backoff = Backoff::new().base(Duration::ZERO).throttling_base(Duration::ZERO);
        let builder = fake.client_builder::<api_gateway::Client>().region("eu-west-1");
        builder.max_attempts(NonZeroU32::new(attempts).unwrap()).backoff(backoff).build().unwrap()
    };
    let (once, twice) = (client(1), client(2));
    let mut denied = 0;
    for refusal in api_gateway::FAKE.refusals() {
        fake.refuse(refusal.id, 1).unwrap();
        let error = once.get("/prod/pets").await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), refusal.status, "{}", refusal.id);
        fake.refuse(refusal.id, 1).unwrap();
        let is_retried = twice.get("/prod/pets").await.is_ok();
        assert_eq!(error.is_throttling() || error.is_transient(), is_retried, "{}: {error}", refusal.id);
        denied += usize::from(error.is_access_denied());
    }
    assert!(denied >= 9, "{denied} refusals deny access");
    for (status, category) in [
        (401, Category::Auth),
        (403, Category::AccessDenied),
        (404, Category::NotFound),
        (409, Category::Client),
        (429, Category::Throttling),
        (501, Category::Server),
        (503, Category::Transient),
    ] {
        fake.misbehave_next(Misbehaviour::Status(status.try_into().unwrap()));
        let error = once.get("/prod/pets").await.unwrap_err();
        assert_eq!(error.category(), Some(category), "{error}");
    }
}

#[tokio::test]
async fn failures_without_a_response_are_classified_too() {
    let (fake, client) = start::<storage::Client>(&storage::FAKE).await;
    fake.misbehave_next(Misbehaviour::Delay(Duration::from_secs(60)));
    let call = client.list_gateways(ListGatewaysRequest::new()).attempt_timeout(Duration::from_secs(2));
    let error = call.await.unwrap_err();
    assert!(error.is_timeout() && error.is_transient() && error.status().is_none(), "{error}");
    fake.misbehave_next(Misbehaviour::Reset);
    let error = client.list_gateways(ListGatewaysRequest::new()).await.unwrap_err();
    assert!(!error.is_timeout() && error.is_transient(), "{error}");
    fake.misbehave_next(Misbehaviour::Status(504.try_into().unwrap()));
    let error = client.list_gateways(ListGatewaysRequest::new()).await.unwrap_err();
    assert!(error.is_timeout() && error.is_transient(), "{error}");
    let error = client.activate_gateway(activation().gateway_name("n")).await.unwrap_err();
    assert_eq!((error.category(), error.is_timeout()), (Some(Category::Client), false));
    fake.misbehave_next(Misbehaviour::Body("no JSON".into()));
    let error = client.list_gateways(ListGatewaysRequest::new()).await.unwrap_err();
    assert_eq!((error.category(), error.status().unwrap().as_u16()), (None, 200), "{error}");
}
