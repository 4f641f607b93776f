//! State shared by a client and its sources of credentials.

use std::{path::Path, sync::Arc, time::Duration};

use gatewright_fake::TestContext;
use gatewright_runtime::{
    ClientBuilder, Secret,
    credentials::{Credentials, RoleCredentials},
    transport::{BlockingHttpTransport, BlockingTransport, HttpTransport, Transport},
};

use crate::{
    calls::SHA1_OF_S,
    drivers::{DRIVERS, Driver},
    instance::instance,
    machine,
    role::sts,
    stage::{List, StageClient},
    support::{Keeping, NO_INSTANCE, Server, response, signed_by, stage, tls},
};

const CONFIG: &str = "/home/me/.aws/config";
const CREDENTIALS: &str = "/home/me/.aws/credentials";

fn reads(machine: &TestContext, path: &str) -> usize {
    machine.reads().iter().filter(|read| *read == Path::new(path)).count()
}

/// Two calls by each driver, by a client that has everything from this machine; the second after an hour and a half, when
/// the credentials of the first are over.
#[track_caller]
fn calls(machine: impl Fn() -> TestContext, key: &str, check: impl Fn(&TestContext)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for driver in DRIVERS {
        let (machine, stage) = (machine(), stage());
        let builder = ClientBuilder::<StageClient>::new().context(machine.clone());
        let client = builder.endpoint_url(&stage.url).build().unwrap().0;
        for _ in 0..2 {
            runtime.block_on(driver.send(client.call(List::default()))).unwrap();
            assert_eq!(signed_by(&stage), key);
            machine.advance(Duration::from_secs(90 * 60));
        }
        for file in [CONFIG, CREDENTIALS] {
            assert_eq!(reads(&machine, file), 1, "{file} of {key} by {driver:?}");
        }
        check(&machine);
    }
}

/// The portal and metadata give credentials that expire long after every test, or an hour after 1970 began.
fn expiring(key: &str) -> String {
    format!(
        r#"{{"AccessKeyId":"{key}","SecretAccessKey":"s","Token":"t","Expiration":"1970-01-01T01:00:00Z",
            "roleCredentials":{{"accessKeyId":"{key}","secretAccessKey":"s","sessionToken":"t","expiration":3600000}}}}"#
    )
}

#[test]
fn files_are_read_once_with_roles() {
    // Each role is good for one hour, and then given for another.
    let late = "1970-01-01T09:00:00Z";
    let server = sts(move |request| {
        let is_late = request.contains("gatewright-5400");
        is_late.then(|| crate::role::role(request).replace("1970-01-01T01:00:00Z", late))
    });
    let config = format!(
        "[default]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = first\nservices = s\n\
         [profile first]\nrole_arn = arn:aws:iam::1:role/F\nsource_profile = keys\n\
         [profile keys]\naws_access_key_id = K\naws_secret_access_key = k\n\
         [services s]\nsts =\n  endpoint_url = {}\n",
        server.url
    );
    calls(
        || machine::with(&[NO_INSTANCE], &[(CONFIG, &config)]),
        "R-by-F-by-K",
        |machine| assert_eq!(machine.reads().len(), 2),
    );
    // Two roles, twice, by either driver.
    assert_eq!(server.requests().len(), 8);
}

#[test]
fn files_are_read_once_with_a_sign_in_which_is_read_whenever_it_is_needed() {
    let server = Server::new(|_| Some(response(200, &expiring("SID").replace("3600000", "5400001"))));
    let config = format!(
        "[default]\nregion = eu-west-1\nsso_account_id = 1\nsso_role_name = r\nsso_region = us-east-2\n\
         sso_start_url = s\nservices = s\n[services s]\nsso =\n  endpoint_url = {}\n",
        server.url
    );
    let cache = format!("/home/me/.aws/sso/cache/{SHA1_OF_S}.json");
    let sign_in = r#"{"accessToken":"t","expiresAt":"2030-01-01T00:00:00Z"}"#;
    calls(
        || machine::with(&[NO_INSTANCE], &[(CONFIG, &config), (&cache, sign_in)]),
        "SID",
        |machine| assert_eq!((reads(machine, &cache), machine.reads().len()), (2, 4)),
    );
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn files_are_read_once_with_instance_metadata() {
    let server = instance(|_| None);
    let config = format!("[default]\nregion = eu-west-1\nec2_metadata_service_endpoint = {}\n", server.url);
    calls(|| machine::with(&[], &[(CONFIG, &config)]), "IID", |machine| assert_eq!(machine.reads().len(), 2));
}

/// All requests of the sources of a client go by one transport: reading certificates takes longer than a request.
#[test]
fn certificates_are_read_once() {
    let (url, authority) = tls(&expiring("CID").replace("1970-01-01T01", "1970-01-01T02"));
    let variables = [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", url.as_str()),
        ("AWS_CA_BUNDLE", "/ours.pem"),
        ("AWS_REGION", "eu-west-1"),
        NO_INSTANCE,
    ];
    calls(
        || machine::with(&variables, &[("/ours.pem", &authority)]),
        "CID",
        |machine| assert_eq!(reads(machine, "/ours.pem"), 1),
    );
}

const ROLE: &str = "[default]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = default\n\
                    aws_access_key_id = K\naws_secret_access_key = k\n";

/// Calls of two clients, and the requests for the role that signs them, as one server sees them.
fn connections_of_two_clients(driver: Driver, is_shared: bool) -> usize {
    let server = Keeping::new(|request| {
        if request.contains("Action=AssumeRole") {
            crate::role::role(request)
        } else {
            response(200, r#"{"Names":["a"]}"#)
        }
    });
    let machine = machine::with(&[("AWS_ENDPOINT_URL", &server.url), NO_INSTANCE], &[(CONFIG, ROLE)]);
    let transports = || (HttpTransport::new(&machine), BlockingHttpTransport::new(&machine));
    let shared = transports();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for _ in 0..2 {
        let (transport, blocking) = if is_shared { shared.clone() } else { transports() };
        let builder = ClientBuilder::<StageClient>::new().context(machine.clone());
        let client = builder.transport(transport).blocking_transport(blocking).build().unwrap().0;
        runtime.block_on(driver.send(client.call(List::default()))).unwrap();
    }
    server.connections()
}

#[test]
fn clients_and_their_sources_share_connections() {
    for driver in DRIVERS {
        assert_eq!(connections_of_two_clients(driver, true), 1, "{driver:?}");
        // The client and its source, each time.
        assert_eq!(connections_of_two_clients(driver, false), 2, "{driver:?}");
    }
}

/// A source that is built apart shares, too, and `Arc` is a transport.
#[test]
fn a_role_and_a_client_share_connections() {
    let server = Keeping::new(|request| {
        if request.contains("Action=AssumeRole") {
            crate::role::role(request)
        } else {
            response(200, r#"{"Names":["a"]}"#)
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for driver in DRIVERS {
        let before = server.connections();
        let machine = TestContext::new();
        let awaited: Arc<dyn Transport> = Arc::new(HttpTransport::new(&machine));
        let blocking: Arc<dyn BlockingTransport> = Arc::new(BlockingHttpTransport::new(&machine));
        let role = RoleCredentials::builder("arn:aws:iam::1:role/R", Credentials::new("K", Secret::new("k")))
            .context(machine.clone())
            .endpoint_url(&server.url)
            .transport(Arc::clone(&awaited))
            .blocking_transport(Arc::clone(&blocking))
            .build();
        let builder =
            ClientBuilder::<StageClient>::new().context(machine).region("eu-west-1").credentials(role);
        let builder = builder.endpoint_url(&server.url).transport(awaited).blocking_transport(blocking);
        let client = builder.build().unwrap().0;
        runtime.block_on(driver.send(client.call(List::default()))).unwrap();
        assert_eq!(server.connections() - before, 1, "{driver:?}");
    }
}

/// What a client permits, since its errors advise it, is permitted to its sources.
#[test]
fn settings_that_errors_advise_reach_sources() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = |machine: &TestContext| {
        ClientBuilder::<StageClient>::new().context(machine.clone()).region("eu-west-1")
    };
    for driver in DRIVERS {
        let call = |builder: ClientBuilder<StageClient>| {
            runtime.block_on(driver.send(builder.build().unwrap().0.call(List::default())))
        };
        let container = Server::always(200, &(expiring("CID") + &" ".repeat(70_000)));
        let stage = stage();
        let variables = [
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", container.url.as_str()),
            ("AWS_ENDPOINT_URL", &stage.url),
            NO_INSTANCE,
        ];
        let machine = machine::with(&variables, &[]);
        let error = call(client(&machine)).unwrap_err().to_string();
        assert!(error.ends_with("larger than 65536 bytes; `max_body_bytes` sets the limit"), "{error}");
        call(client(&machine).max_body_bytes(80_000)).unwrap();
        // Less is for calls alone.
        let error = call(client(&machine).max_body_bytes(9)).unwrap_err().to_string();
        assert!(error.ends_with("larger than 65536 bytes; `max_body_bytes` sets the limit"), "{error}");

        let proxy = Server::new(|request| {
            let is_role = request.contains("Action=AssumeRole");
            Some(if is_role { crate::role::role(request) } else { response(200, r#"{"Names":["a"]}"#) })
        });
        let variables =
            [("AWS_ENDPOINT_URL", "http://stage.example"), ("HTTP_PROXY", &proxy.url), NO_INSTANCE];
        let machine = machine::with(&variables, &[(CONFIG, ROLE)]);
        call(client(&machine).allow_http_to_any_host(true)).unwrap();
        assert_eq!(proxy.requests().len(), 2, "{driver:?}");
    }
}

/// The proxy of a client's transport must not see the requests to metadata, which have secrets in plain text.
#[test]
fn metadata_is_requested_without_the_proxy_of_the_transport() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for driver in DRIVERS {
        let container = Server::always(200, &expiring("CID"));
        let proxy = stage();
        let variables = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", container.url.as_str()), NO_INSTANCE];
        let machine = machine::with(&variables, &[]);
        let http =
            || HttpTransport::builder(&machine).proxy(&proxy.url).unwrap().allow_http_to_any_host(true);
        let builder = ClientBuilder::<StageClient>::new().context(machine.clone()).region("eu-west-1");
        let builder = builder.endpoint_url("http://stage.example");
        let builder = builder.transport(http().build()).blocking_transport(http().build_blocking());
        runtime.block_on(driver.send(builder.build().unwrap().0.call(List::default()))).unwrap();
        assert_eq!((container.requests().len(), proxy.requests().len()), (1, 1), "{driver:?}");
        assert!(proxy.requests()[0].starts_with("POST http://stage.example/"), "{:?}", proxy.requests());
    }
}
