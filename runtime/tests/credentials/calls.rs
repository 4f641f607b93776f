//! Calls of a client that must fetch its credentials, by either driver.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use gatewright_fake::TestContext;
use gatewright_runtime::{
    BoxFuture, ClientBuilder, Error, Secret,
    credentials::{
        CachedCredentials, ContainerCredentials, Credentials, CredentialsError, Driver, ProvideCredentials,
        ProvideMfaCode, RoleCredentials,
    },
};

use crate::{
    drivers::DRIVERS,
    machine,
    role::sts,
    stage::{List, Name, StageClient},
    support::{NO_INSTANCE, Server, response, signed_by, stage, tls},
};

const CONTAINER: &str = r#"{"AccessKeyId":"CID","SecretAccessKey":"s","Token":"t",
    "Expiration":"1970-01-01T06:00:00Z"}"#;

fn builder(stage: &Server, machine: TestContext) -> ClientBuilder<StageClient> {
    ClientBuilder::new().context(machine).region("us-east-1").endpoint_url(&stage.url)
}

fn in_container(server: &Server) -> TestContext {
    machine::with(&[("AWS_CONTAINER_CREDENTIALS_FULL_URI", &server.url), NO_INSTANCE], &[])
}

#[test]
fn credentials_are_fetched_once_for_many_calls() {
    let server = Server::always(200, CONTAINER);
    let stage = stage();
    // Nothing is requested while the client is built.
    let client = builder(&stage, in_container(&server)).build().unwrap().0;
    assert_eq!(server.requests().len(), 0);
    for driver in [DRIVERS[1]; 4] {
        driver.make(client.call(List::default())).unwrap();
        assert_eq!(signed_by(&stage), "CID");
    }
    assert_eq!(server.requests().len(), 1);
}

/// A blocking call holds up the only thread of this runtime, which an awaited request would need.
#[test]
fn blocking_calls_fetch_by_blocking_even_within_a_runtime() {
    let server = Server::always(200, CONTAINER);
    let stage = stage();
    let client = builder(&stage, in_container(&server)).build().unwrap().0;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime
        .block_on(async {
            client.call(List::default()).operation_timeout(Duration::from_secs(5)).send_blocking()
        })
        .unwrap();
    runtime.block_on(async { client.call(List::default()).await }).unwrap();
    assert_eq!(server.requests().len(), 1);
}

/// Each source passes on whether the call blocks: here a role with a profile that selects a container.
#[test]
fn sources_of_sources_block_even_within_a_runtime() {
    let (roles, container) = (sts(|_| None), Server::always(200, CONTAINER));
    let config = "[default]\nrole_arn = arn:aws:iam::1:role/R\ncredential_source = EcsContainer\n";
    let variables = [
        ("AWS_ENDPOINT_URL_STS", roles.url.as_str()),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", &container.url),
        NO_INSTANCE,
    ];
    let stage = stage();
    let machine = machine::with(&variables, &[("/home/me/.aws/config", config)]);
    let client = builder(&stage, machine).build().unwrap().0;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime
        .block_on(async {
            client.call(List::default()).operation_timeout(Duration::from_secs(5)).send_blocking()
        })
        .unwrap();
    assert_eq!(signed_by(&stage), "R-by-CID");
}

/// A custom source around another one.
#[derive(Debug)]
struct Around<S>(S);

impl<S: ProvideCredentials> ProvideCredentials for Around<S> {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        self.0.provide()
    }

    fn provide_by(&self, driver: Driver) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        self.0.provide_by(driver)
    }
}

/// One that knows nothing of drivers.
#[derive(Debug)]
struct Plain<S>(S);

impl<S: ProvideCredentials> ProvideCredentials for Plain<S> {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        self.0.provide()
    }
}

#[test]
fn custom_sources_ask_others_by_either_driver() {
    let server = Server::always(200, CONTAINER);
    let container = || ContainerCredentials::new(in_container(&server).shared());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let sources: [&dyn Fn() -> Arc<dyn ProvideCredentials>; 3] = [
        &|| Arc::new(Around(container())),
        &|| Arc::new(CachedCredentials::new(in_container(&server).shared(), Around(container()))),
        &|| Arc::new(Plain(container())),
    ];
    for (index, source) in sources.iter().enumerate() {
        for driver in DRIVERS {
            let stage = stage();
            let client = builder(&stage, TestContext::new()).credentials(source()).build().unwrap().0;
            runtime.block_on(driver.send(client.call(List::default()))).unwrap();
            assert_eq!(signed_by(&stage), "CID");
        }
        // Only those that pass the driver on can be used by a blocking call that holds up the runtime's thread.
        if index < 2 {
            let stage = stage();
            let client = builder(&stage, TestContext::new()).credentials(source()).build().unwrap().0;
            let call = client.call(List::default()).operation_timeout(Duration::from_secs(5));
            runtime.block_on(async { call.send_blocking() }).unwrap();
        }
    }
}

/// One that never provides anything.
#[derive(Debug)]
struct Silent;

impl ProvideCredentials for Silent {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::pending())
    }
}

#[test]
fn a_source_that_takes_the_whole_time_is_a_timeout() {
    let stage = stage();
    let client = builder(&stage, TestContext::new()).credentials(Silent).build().unwrap().0;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let call = client.call(List::default()).operation_timeout(Duration::from_millis(10));
    let error = runtime.block_on(async { call.await }).unwrap_err();
    assert!(error.is_timeout() && !error.is_transient(), "{error}");
}

/// Requests of sources last no longer than the call that waits for them.
#[test]
fn sources_that_do_not_respond_take_no_longer_than_the_call() {
    let silent = Server::new(|_| None);
    let role = "[default]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = keys\n\
                [profile keys]\naws_access_key_id = K\naws_secret_access_key = k\n";
    let role = machine::with(&[("AWS_ENDPOINT_URL_STS", &silent.url)], &[("/home/me/.aws/config", role)]);
    let instance = machine::with(&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", &silent.url)], &[]);
    for machine in [in_container(&silent), instance, role] {
        let stage = stage();
        let client = builder(&stage, machine).build().unwrap().0;
        for driver in DRIVERS {
            let took = || {
                let began = Instant::now();
                let call = client.call(List::default()).operation_timeout(Duration::from_millis(200));
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                let error = runtime.block_on(driver.send(call)).unwrap_err();
                assert!(
                    error.is_timeout() && error.to_string().contains("operation timeout"),
                    "{driver:?}: {error}"
                );
                began.elapsed()
            };
            // A busy machine stalls some tries; each source alone takes a second and more.
            assert!((0..9).any(|_| took() < Duration::from_millis(900)), "{driver:?}");
        }
        assert_eq!(stage.requests().len(), 0);
    }
}

/// The error of a call with a time limit, while one without waits for the same credentials and succeeds.
fn error_in_haste(server: &Server, limit: Duration) -> Error<Name> {
    let stage = stage();
    let client = builder(&stage, in_container(server)).build().unwrap().0;
    std::thread::scope(|scope| {
        let call = client.call(List::default()).operation_timeout(limit);
        let hasty = scope.spawn(|| call.send_blocking().unwrap_err());
        std::thread::sleep(Duration::from_millis(50));
        client.call(List::default()).send_blocking().unwrap();
        hasty.join().unwrap()
    })
}

/// A caller with less time than others leaves the refresh to them.
#[test]
fn callers_with_little_time_fail_alone() {
    let server = Server::new(|_| {
        std::thread::sleep(Duration::from_millis(600));
        Some(response(200, CONTAINER))
    });
    assert!(error_in_haste(&server, Duration::from_millis(200)).is_timeout());
}

/// The time that is left does not suffice for a third request.
#[test]
fn callers_with_little_time_fail_alone_before_it_is_over() {
    let asked = AtomicUsize::new(0);
    let server = Server::new(move |_| {
        if asked.fetch_add(1, Ordering::Relaxed) < 2 {
            std::thread::sleep(Duration::from_millis(200));
            return Some(response(503, ""));
        }
        Some(response(200, CONTAINER))
    });
    let error = error_in_haste(&server, Duration::from_secs(1));
    assert!(error.to_string().contains("503"), "{error}");
}

/// A device whose owner types slowly.
#[derive(Clone, Debug, Default)]
struct Slow(Arc<AtomicUsize>);

impl ProvideMfaCode for Slow {
    fn code<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<String, CredentialsError>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(300));
        Box::pin(async { Ok("123456".to_owned()) })
    }
}

#[test]
fn a_code_that_comes_after_the_call_is_used_for_the_next_one() {
    let server = sts(|_| None);
    let device = Slow::default();
    let context = machine::with(&[("AWS_ENDPOINT_URL_STS", &server.url)], &[]);
    let role = RoleCredentials::builder("arn:aws:iam::1:role/R", Credentials::new("K", Secret::new("k")));
    let role = role.mfa("m", device.clone()).context(context.shared()).region("us-east-1").build();
    let stage = stage();
    let client = builder(&stage, context).credentials(role).build().unwrap().0;
    // Whether this call itself fails depends on the time of its context, which the device does not advance.
    let _ = client.call(List::default()).operation_timeout(Duration::from_millis(200)).send_blocking();
    client.call(List::default()).send_blocking().unwrap();
    assert_eq!((signed_by(&stage), device.0.load(Ordering::Relaxed)), ("R-by-K".to_owned(), 1));
}

/// One that fails with an error of its own.
#[derive(Debug)]
struct Sealed;

impl ProvideCredentials for Sealed {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        let error = CredentialsError::new("vault", "is sealed").with_reason(std::fmt::Error);
        Box::pin(std::future::ready(Err(error)))
    }
}

#[test]
fn the_error_of_a_custom_source_reaches_the_caller() {
    for driver in DRIVERS {
        let stage = stage();
        let client = builder(&stage, TestContext::new()).credentials(Sealed).build().unwrap().0;
        let error = driver.make(client.call(List::default())).unwrap_err();
        assert!(std::error::Error::source(&error).unwrap().is::<std::fmt::Error>());
        assert!(!error.is_timeout());
        // Also after the time limit: a source that blocks cannot be interrupted.
        let late = CachedCredentials::new(TestContext::new().shared(), Late);
        let client = builder(&stage, TestContext::new()).credentials(late).build().unwrap().0;
        let call = client.call(List::default()).operation_timeout(Duration::from_millis(200));
        let error = call.send_blocking().unwrap_err();
        assert!(error.to_string().contains("vault: is sealed") && !error.is_timeout(), "{error}");
    }
}

/// The same, later.
#[derive(Debug)]
struct Late;

impl ProvideCredentials for Late {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        std::thread::sleep(Duration::from_millis(300));
        Sealed.provide()
    }
}

#[test]
fn awaited_calls_fetch_by_awaiting() {
    let server = Server::always(200, CONTAINER);
    let stage = stage();
    let client = builder(&stage, in_container(&server)).build().unwrap().0;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { client.call(List::default()).await }).unwrap();
    assert_eq!(signed_by(&stage), "CID");
}

#[derive(Debug)]
struct Device;

impl ProvideMfaCode for Device {
    fn code<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<String, CredentialsError>> {
        Box::pin(async { Ok("123456".to_owned()) })
    }
}

/// No timeout overflows, is lost or has to be waited for.
#[test]
fn unlimited_timeouts_work() {
    let server = Server::always(200, CONTAINER);
    let stage = stage();
    let limits = builder(&stage, in_container(&server))
        .connect_timeout(Duration::MAX)
        .attempt_timeout(Duration::MAX)
        .operation_timeout(Duration::MAX);
    let client = limits.build().unwrap().0;
    let call =
        || client.call(List::default()).operation_timeout(Duration::MAX).attempt_timeout(Duration::MAX);
    call().send_blocking().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { call().await }).unwrap();
    assert_eq!(signed_by(&stage), "CID");
}

#[test]
fn region_profile_and_device_of_the_builder_reach_the_role() {
    let server = sts(|_| None);
    let config = "[profile x]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = x\nmfa_serial = m\n\
        aws_access_key_id = K\naws_secret_access_key = k\n";
    let stage = stage();
    let machine =
        machine::with(&[("AWS_ENDPOINT_URL_STS", &server.url)], &[("/home/me/.aws/config", config)]);
    let client =
        builder(&stage, machine).region("eu-central-1").profile("x").mfa_code(Device).build().unwrap().0;
    DRIVERS[1].make(client.call(List::default())).unwrap();
    assert_eq!(signed_by(&stage), "R-by-K");
    let request = &server.requests()[0];
    assert!(
        request.contains("K/19700101/eu-central-1/sts/") && request.contains("TokenCode=123456"),
        "{request}"
    );
}

#[test]
fn a_call_without_credentials_says_what_was_tried() {
    for driver in DRIVERS {
        let stage = stage();
        let client = builder(&stage, machine::with(&[NO_INSTANCE], &[])).build().unwrap().0;
        let error = driver.make(client.call(List::default())).unwrap_err();
        assert!(matches!(error, Error::Credentials(_)));
        let text = error.to_string();
        for source in
            ["environment: ", "web identity: ", "profile `default`: ", "container: ", "instance metadata: "]
        {
            assert!(text.contains(source), "{text}");
        }
    }
}

/// The builder's authority, endpoint settings and region reach the sources that it chooses.
#[test]
fn trust_and_endpoints_of_the_builder_reach_the_sources() {
    let (url, authority) = tls(CONTAINER);
    let in_container = || machine::with(&[("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url), NO_INSTANCE], &[]);
    for trusted in [false, true] {
        let stage = stage();
        let client = || {
            let builder = builder(&stage, in_container());
            let builder = if trusted { builder.root_certificates(authority.as_str()) } else { builder };
            builder.build().unwrap().0
        };
        assert_eq!(client().call(List::default()).send_blocking().is_ok(), trusted);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        assert_eq!(runtime.block_on(async { client().call(List::default()).await }).is_ok(), trusted);
    }

    // STS and the portal, as a proxy that refuses them sees them.
    let role = "role_arn = arn:aws:iam::1:role/R\nsource_profile = x\n\
        aws_access_key_id = K\naws_secret_access_key = k\n";
    let sso = "sso_account_id = 1\nsso_role_name = r\nsso_region = us-east-2\nsso_start_url = s\n";
    for (config, expected) in [
        (role, "CONNECT sts-fips.us-east-1.api.aws:443 "),
        (sso, "CONNECT portal.sso-fips.us-east-2.api.aws:443 "),
    ] {
        let proxy = Server::always(403, "");
        let config = format!("[profile x]\n{config}");
        let sign_in = r#"{"accessToken":"t","expiresAt":"2030-01-01T00:00:00Z"}"#;
        let cache = format!("/home/me/.aws/sso/cache/{SHA1_OF_S}.json");
        let files = [("/home/me/.aws/config", config.as_str()), (&cache, sign_in)];
        let machine = machine::with(&[("HTTPS_PROXY", &proxy.url)], &files);
        let stage = stage();
        let builder = builder(&stage, machine).profile("x").use_fips(true).use_dual_stack(true);
        DRIVERS[1].make(builder.build().unwrap().0.call(List::default())).unwrap_err();
        assert!(proxy.requests()[0].starts_with(expected), "{:?}", proxy.requests());
    }
}

pub(crate) const SHA1_OF_S: &str = "a0f1490a20d0211c997b44bc357e1972deab8ae3";

/// The authority of one private host does not take the trust in public services away.
#[test]
fn the_authority_of_the_builder_is_trusted_next_to_others() {
    let (url, authority) = tls(CONTAINER);
    let (_, other) = tls("");
    let variables =
        [("AWS_CONTAINER_CREDENTIALS_FULL_URI", url.as_str()), ("AWS_CA_BUNDLE", "/ours.pem"), NO_INSTANCE];
    let machine = machine::with(&variables, &[("/ours.pem", &authority)]);
    let stage = stage();
    let builder = builder(&stage, machine).root_certificates(other.as_str());
    DRIVERS[1].make(builder.build().unwrap().0.call(List::default())).unwrap();
    assert_eq!(signed_by(&stage), "CID");
}
