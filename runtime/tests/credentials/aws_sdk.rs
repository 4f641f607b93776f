//! Providers of the AWS SDK.

use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::{
    Credentials as SdkCredentials,
    provider::{
        ProvideCredentials as Provider, SharedCredentialsProvider, error::CredentialsError as Failure, future,
    },
};
use gatewright_runtime::credentials::AwsSdkCredentials;

use crate::{
    drivers::{DRIVERS, Driver},
    support::shown,
};

#[test]
fn a_provider_of_the_sdk_works() {
    let far = UNIX_EPOCH + Duration::from_secs(40_000_000_000);
    let given = SdkCredentials::new("SID", "s", Some("t".to_owned()), Some(far), "test");
    for driver in DRIVERS {
        let source = AwsSdkCredentials::new(SharedCredentialsProvider::new(given.clone()));
        assert_eq!(shown(driver.provide(&source)), "SID s t 40000000000");
    }
}

#[derive(Debug)]
struct Failing(fn() -> Failure);

impl Provider for Failing {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Err((self.0)()))
    }
}

#[test]
fn its_failures_are_reported() {
    let absent =
        AwsSdkCredentials::new(SharedCredentialsProvider::new(Failing(|| Failure::not_loaded("nothing"))));
    let error = Driver::Blocking.provide(&absent).unwrap_err();
    assert!(error.is_absent() && error.to_string().ends_with(": nothing"), "{error}");
    let failed = AwsSdkCredentials::new(SharedCredentialsProvider::new(Failing(|| {
        Failure::provider_error("secret=TOPSECRET")
    })));
    let error = Driver::Blocking.provide(&failed).unwrap_err();
    assert!(!error.is_absent() && shown(Err(error.clone())).ends_with("secret=***"), "{error}");
}
