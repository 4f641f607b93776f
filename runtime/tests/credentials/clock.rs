//! Machines with a fast clock: the service's time applies to the expiry of credentials.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use gatewright_fake::TestContext;
use gatewright_runtime::{
    BoxFuture, ClientBuilder, Secret,
    credentials::{Credentials, RoleCredentials, SsoCredentials, WebIdentityCredentials},
    transport::{
        BlockingHttpTransport, BlockingTransport, HttpTransport, Request, Response, Transport, TransportError,
    },
};

use crate::{
    drivers::{DRIVERS, Driver},
    machine,
    role::sts,
    sso,
    stage::{Act, List, Script, StageClient},
    support::{NO_INSTANCE, Server, response, shown},
};

const TWO_HOURS: Duration = Duration::from_secs(2 * 60 * 60);
/// The time that services have: when machines say 02:00.
const DATE: &str = "Thu, 01 Jan 1970 00:00:00 GMT";
const OK: Act = Act::Respond(200, r#"{"Names":["a"]}"#);

fn ahead(machine: TestContext) -> TestContext {
    machine.advance(TWO_HOURS);
    machine
}

fn dated(response: &str) -> String {
    response.replacen("\r\n", &format!("\r\nDate: {DATE}\r\n"), 1)
}

/// A service that refuses dates two hours ahead, and says what time it is.
fn strict_sts() -> Server {
    sts(|request| {
        request.contains("19700101T0200").then(|| {
            dated(&response(
                403,
                "<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>Signature not \
                 yet current: 19700101T020000Z is still later than 19700101T001500Z (19700101T000000Z + 15 \
                 min.)</Message></Error></ErrorResponse>",
            ))
        })
    })
}

#[test]
fn roles() {
    for driver in DRIVERS {
        let server = strict_sts();
        let machine = ahead(TestContext::new());
        let role = RoleCredentials::builder("arn:aws:iam::1:role/R", Credentials::new("A", Secret::new("a")))
            .context(machine.clone())
            .region("eu-west-1")
            .endpoint_url(&server.url)
            .build();
        // They end at 01:00, an hour from now, which this machine takes for an hour ago.
        assert_eq!(shown(driver.provide(&role)), "R-by-A TOPSECRET token-of-R 3600");
        assert_eq!(shown(driver.provide(&role)), "R-by-A TOPSECRET token-of-R 3600");
        assert_eq!(server.requests().len(), 2);
        machine.advance(Duration::from_secs(60 * 60));
        shown(driver.provide(&role));
        assert_eq!(server.requests().len(), 3, "in time, and with the right date immediately");
    }
}

#[test]
fn web_identities() {
    for driver in DRIVERS {
        // Nothing is signed and therefore nothing refused: only the date shows the time.
        let server = Server::new(|request| Some(dated(&crate::role::role(request))));
        let variables = [
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"),
            ("AWS_ROLE_ARN", "arn:aws:iam::1:role/R"),
            ("AWS_ENDPOINT_URL_STS", server.url.as_str()),
        ];
        let source =
            WebIdentityCredentials::new(ahead(machine::with(&variables, &[("/token", "jwt")])).shared());
        for _ in 0..2 {
            assert_eq!(shown(driver.provide(&source)), "R-by-jwt TOPSECRET token-of-R 3600");
        }
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn sign_ins() {
    for driver in DRIVERS {
        let server = Server::new(|_| Some(dated(&response(200, sso::GOOD))));
        let machine = machine::with(&[("AWS_ENDPOINT_URL_SSO", &server.url)], &[]);
        let source =
            SsoCredentials::new(ahead(machine.file(sso::CACHE, sso::SIGNED_IN)).shared(), sso::role());
        for _ in 0..2 {
            assert_eq!(shown(driver.provide(&source)), "SID TOPSECRET stoken 3600");
        }
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn without_a_date_the_machine_is_right() {
    let server = Server::always(200, sso::GOOD);
    let machine = machine::with(&[("AWS_ENDPOINT_URL_SSO", &server.url)], &[]);
    let source = SsoCredentials::new(ahead(machine.file(sso::CACHE, sso::SIGNED_IN)).shared(), sso::role());
    let shown = shown(Driver::Blocking.provide(&source));
    assert!(
        shown.ends_with(
            "expired at 1970-01-01T01:00:00.5Z, and this machine's clock shows 1970-01-01T02:00:00Z"
        )
    );
}

/// Plays a script for the service, and sends the requests of sources to this machine.
#[derive(Clone, Debug)]
struct Split {
    script: Script,
    network: (HttpTransport, BlockingHttpTransport),
}

impl Transport for Split {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        match request.uri().host() {
            Some("127.0.0.1") => self.network.0.send(request),
            _ => Transport::send(&self.script, request),
        }
    }
}

impl BlockingTransport for Split {
    fn send(&self, request: Request, timeout: Duration) -> Result<Response, TransportError> {
        match request.uri().host() {
            Some("127.0.0.1") => self.network.1.send(request, timeout),
            _ => BlockingTransport::send(&self.script, request, timeout),
        }
    }
}

fn builder(script: &Script, machine: TestContext) -> ClientBuilder<StageClient> {
    let network = (HttpTransport::new(&machine), BlockingHttpTransport::new(&machine));
    let split = Split { script: script.clone(), network };
    let builder = ClientBuilder::new().context(machine).region("us-east-1");
    builder.transport(split.clone()).blocking_transport(split)
}

fn dates(script: &Script) -> Vec<String> {
    let seen = script.seen.lock().unwrap();
    seen.iter().map(|request| request.headers()["x-amz-date"].to_str().unwrap().to_owned()).collect()
}

#[test]
fn the_service_has_the_time_that_its_source_has() {
    let server = strict_sts();
    let config = "[default]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = default\n\
        aws_access_key_id = K\naws_secret_access_key = k\n";
    let variables = [("AWS_ENDPOINT_URL_STS", server.url.as_str())];
    let machine = ahead(machine::with(&variables, &[("/home/me/.aws/config", config)]));
    let script = Script::new([OK]);
    let client = builder(&script, machine).build().unwrap().0;
    DRIVERS[1].make(client.call(List::default())).unwrap();
    assert_eq!(dates(&script), ["19700101T000000Z"]);
    assert_eq!(client.clock_offset(), -7200);
}

#[test]
fn sources_have_the_time_that_their_service_has() {
    const REFUSED: Act = Act::RespondWith(
        400,
        &[("date", DATE)],
        r#"{"__type":"InvalidSignatureException","message":"Signature not yet current: a is still later than b"}"#,
    );
    let ends = Arc::new(Mutex::new("04:00"));
    let said = Arc::clone(&ends);
    let server = Server::new(move |_| {
        let body = r#"{"AccessKeyId":"C","SecretAccessKey":"s","Token":"t","Expiration":"1970-01-01T%:00Z"}"#;
        Some(response(200, &body.replace('%', &said.lock().unwrap())))
    });
    let variables = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url.as_str()), NO_INSTANCE];
    let machine = ahead(machine::with(&variables, &[]));
    let script = Script::new([REFUSED, OK, OK, OK]);
    let client = builder(&script, machine.clone()).build().unwrap().0;
    DRIVERS[1].make(client.call(List::default())).unwrap();
    // 04:01 here, 02:01 there.
    machine.advance(Duration::from_secs(121 * 60));
    DRIVERS[1].make(client.call(List::default())).unwrap();
    assert_eq!(server.requests().len(), 1);
    machine.advance(Duration::from_secs(118 * 60));
    *ends.lock().unwrap() = "06:00";
    DRIVERS[1].make(client.call(List::default())).unwrap();
    assert_eq!(server.requests().len(), 2);
}

/// Anyone on the way of plain HTTP may name any time.
#[test]
fn plain_http_is_believed_for_itself_alone() {
    const REFUSED: Act = Act::RespondWith(
        400,
        &[("date", DATE)],
        r#"{"__type":"InvalidSignatureException","message":"Signature not yet current: a is still later than b"}"#,
    );
    let server = Server::always(
        200,
        r#"{"AccessKeyId":"C","SecretAccessKey":"s","Token":"t","Expiration":"1970-01-01T04:00:00Z"}"#,
    );
    let variables = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url.as_str()), NO_INSTANCE];
    let machine = ahead(machine::with(&variables, &[]));
    let script = Script::new([REFUSED, OK, OK]);
    let client = builder(&script, machine.clone()).endpoint_url("http://stage.example").build().unwrap().0;
    DRIVERS[1].make(client.call(List::default())).unwrap();
    assert_eq!(client.clock_offset(), -7200);
    machine.advance(Duration::from_secs(2 * 60 * 60));
    DRIVERS[1].make(client.call(List::default())).unwrap();
    assert_ne!(server.requests().len(), 1, "the end of credentials is where the machine says");
}
