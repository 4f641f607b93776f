//! Roles, and the service that issues them.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use gatewright_fake::TestContext;
use gatewright_runtime::{
    BoxFuture, Secret,
    credentials::{
        Credentials, CredentialsError, ProvideMfaCode, RoleBuilder, RoleCredentials, WebIdentityCredentials,
    },
};

use crate::{
    drivers::{DRIVERS, Driver},
    machine,
    support::{Server, fails, response, shown},
};

/// A service that names the keys of a role after the role and its assumer, unless a test has another response.
pub(crate) fn sts(first: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Server {
    Server::new(move |request| first(request).or_else(|| Some(role(request))))
}

pub(crate) fn role(request: &str) -> String {
    let role = parameter(request, "RoleArn").unwrap();
    let role = role.rsplit("%2F").next().unwrap();
    let signed = request.split("Credential=").nth(1).map(|rest| rest.split('/').next().unwrap().to_owned());
    let by = signed.or_else(|| parameter(request, "WebIdentityToken")).unwrap();
    let action = parameter(request, "Action").unwrap();
    response(
        200,
        &format!(
            "<{action}Response><{action}Result><Credentials><AccessKeyId>{role}-by-{by}</AccessKeyId>\
             <SecretAccessKey>TOPSECRET</SecretAccessKey><SessionToken>token-of-{role}</SessionToken>\
             <Expiration>1970-01-01T01:00:00Z</Expiration></Credentials></{action}Result>\
             <ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></{action}Response>"
        ),
    )
}

fn parameter(request: &str, name: &str) -> Option<String> {
    let body = request.split("\r\n\r\n").nth(1).unwrap();
    let value = body.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    value.map(str::to_owned)
}

const ARN: &str = "arn:aws:iam::123456789012:role/R";

fn builder(server: &Server) -> RoleBuilder {
    RoleCredentials::builder(
        ARN,
        Credentials::new("OURS", Secret::new("secret")).with_session_token(Secret::new("our-token")),
    )
    .context(TestContext::new())
    .region("eu-west-1")
    .endpoint_url(&server.url)
}

#[test]
fn a_role_is_requested_once() {
    for driver in DRIVERS {
        let server = sts(|_| None);
        let role = builder(&server)
            .session_name("me")
            .external_id("word")
            .duration(Duration::from_secs(30 * 60))
            .build();
        for _ in 0..3 {
            assert_eq!(shown(driver.provide(&role)), "R-by-OURS TOPSECRET token-of-R 3600");
        }
        let requests = server.requests();
        assert_eq!(requests.len(), 1);
        let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
        assert_eq!(
            body,
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FR\
             &RoleSessionName=me&DurationSeconds=1800&ExternalId=word"
        );
        assert!(head.contains("OURS/19700101/eu-west-1/sts/aws4_request"), "{head}");
        assert!(head.contains("x-amz-security-token: our-token"), "{head}");
        assert!(!format!("{role:?}").contains("our-token"));
    }
}

#[test]
fn a_session_without_a_name_is_named_by_its_time() {
    let server = sts(|_| None);
    shown(Driver::Blocking.provide(&builder(&server).build()));
    assert_eq!(parameter(&server.requests()[0], "RoleSessionName").unwrap(), "gatewright-0");
}

#[test]
fn roles_assume_roles() {
    let server = sts(|_| None);
    let second = RoleCredentials::builder("arn:aws:iam::1:role/S", builder(&server).build())
        .context(TestContext::new())
        .endpoint_url(&server.url)
        .build();
    for driver in DRIVERS {
        assert_eq!(shown(driver.provide(&second)), "S-by-R-by-OURS TOPSECRET token-of-S 3600");
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[1].contains("x-amz-security-token: token-of-R\r\n"));
    assert!(
        requests[1].contains("/us-east-1/sts/aws4_request"),
        "without a region, the shared endpoint's region"
    );
}

#[test]
fn fifty_threads_ask_for_a_role_once() {
    let server = sts(|_| {
        thread::sleep(Duration::from_millis(50));
        None
    });
    let role = builder(&server).build();
    thread::scope(|scope| {
        for index in 0..50 {
            let role = &role;
            scope.spawn(move || assert!(shown(DRIVERS[index % 2].provide(role)).starts_with("R-by-OURS ")));
        }
    });
    assert_eq!(server.requests().len(), 1);
}

/// Cases of smithy-rs's fixtures `assume_role_override_global_env_url` and `assume_role_override_global_profile_url`
/// among them.
#[test]
fn configured_endpoints_apply_to_the_service_of_roles() {
    let server = sts(|_| None);
    let ask = |variables: &[(&str, &str)], config: &str| {
        let machine =
            machine::with(variables, &[("/home/me/.aws/config", &config.replace("URL", &server.url))]);
        let role =
            RoleCredentials::builder(ARN, Credentials::new("OURS", Secret::new("secret"))).context(machine);
        shown(Driver::Blocking.provide(&role.region("eu-west-1").build()))
    };
    let url = server.url.as_str();
    for (variables, config) in [
        (&[("AWS_ENDPOINT_URL", url)][..], "[default]\nendpoint_url = http://127.0.0.1:1"),
        (&[("AWS_ENDPOINT_URL_STS", url), ("AWS_ENDPOINT_URL", "http://127.0.0.1:1")], ""),
        (&[], "[default]\nendpoint_url = URL"),
        (&[], "[default]\nservices = s\n[services s]\nsts =\n  endpoint_url = URL"),
        (&[("AWS_PROFILE", "x")], "[profile x]\nendpoint_url = URL"),
    ] {
        assert_eq!(ask(variables, config), "R-by-OURS TOPSECRET token-of-R 3600", "{variables:?} {config}");
    }
    let proxy = Server::always(403, "");
    let variables = [("HTTPS_PROXY", proxy.url.as_str()), ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")];
    ask(&variables, "[default]\nendpoint_url = URL\nuse_dualstack_endpoint = true");
    let request = &proxy.requests()[0];
    assert!(request.starts_with("CONNECT sts.eu-west-1.api.aws:443 "), "{request}");
    let text = ask(&[], "[default]\nca_bundle = /none");
    assert!(text.contains("/home/me/.aws/config:2: ca_bundle: /none: entity not found"), "{text}");
}

#[test]
fn web_identities_are_not_signed() {
    for driver in DRIVERS {
        let server = sts(|_| None);
        let variables = [
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"),
            ("AWS_ROLE_ARN", ARN),
            ("AWS_ROLE_SESSION_NAME", "pod"),
            ("AWS_ENDPOINT_URL_STS", server.url.as_str()),
        ];
        let source =
            WebIdentityCredentials::new(machine::with(&variables, &[("/token", "\u{feff}jwt\n")]).shared());
        for _ in 0..3 {
            assert_eq!(shown(driver.provide(&source)), "R-by-jwt TOPSECRET token-of-R 3600");
        }
        let requests = server.requests();
        assert_eq!(requests.len(), 1);
        assert!(!requests[0].to_ascii_lowercase().contains("authorization:"), "{requests:?}");
        assert_eq!(parameter(&requests[0], "RoleSessionName").as_deref(), Some("pod"));
    }
    let refusal = "<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>TOPSECRET is none</Message></Error>\
        </ErrorResponse>";
    let server = Server::always(400, refusal);
    let variables = [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"),
        ("AWS_ROLE_ARN", ARN),
        ("AWS_ENDPOINT_URL_STS", server.url.as_str()),
    ];
    let refused =
        || WebIdentityCredentials::new(machine::with(&variables, &[("/token", "TOPSECRET")]).shared());
    fails(|| Box::new(refused()), &["web identity: sts: ", "InvalidIdentityToken: *** is none"]);
    let empty = [("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"), ("AWS_ROLE_ARN", ARN)];
    let empty =
        || Box::new(WebIdentityCredentials::new(machine::with(&empty, &[("/token", " \n")]).shared()));
    fails(|| empty(), &["web identity: /token: it is empty"]);
}

#[test]
fn refusals_are_reported_without_secrets() {
    let refusal = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: x is not \
        authorized to perform: sts:AssumeRole</Message></Error><RequestId>id-9</RequestId></ErrorResponse>";
    for (status, body, parts) in [
        (
            403,
            refusal,
            ["role arn:aws:iam::123456789012:role/R: sts: AssumeRole: AccessDenied: User: x", "id-9"],
        ),
        (200, "<html>TOPSECRET", ["role ", "could not be decoded"]),
        (200, "<AssumeRoleResponse/>", ["role ", "sts: AccessKeyId is missing"]),
        (500, "", ["sts: AssumeRole", "3 attempts"]),
    ] {
        let server = Server::always(status, body);
        fails(|| Box::new(builder(&server).build()), &parts);
    }
    let unreachable =
        RoleCredentials::builder(ARN, Credentials::new("A", Secret::new("a"))).context(TestContext::new());
    fails(|| Box::new(unreachable.clone().endpoint_url("http://127.0.0.1:1").build()), &["no connection"]);
    let machine = || TestContext::new().variable("AWS_REGION", "us_east");
    fails(|| Box::new(unreachable.clone().context(machine()).build()), &["sts: AWS_REGION: "]);
}

#[test]
fn a_source_that_fails_is_named() {
    let server = sts(|_| None);
    let empty = gatewright_runtime::credentials::CredentialsChain::new(Vec::new());
    let role =
        RoleCredentials::builder(ARN, empty).context(TestContext::new()).endpoint_url(&server.url).build();
    let error = Driver::Blocking.provide(&role).unwrap_err();
    assert!(!error.is_absent());
    assert_eq!(error.to_string(), format!("no credentials: role {ARN}: chain: it has no sources"));
}

#[derive(Clone, Debug, Default)]
struct Device {
    asked: Arc<AtomicUsize>,
    says: Arc<Mutex<&'static str>>,
}

impl ProvideMfaCode for Device {
    fn code<'a>(&'a self, serial: &'a str) -> BoxFuture<'a, Result<String, CredentialsError>> {
        assert_eq!(serial, "arn:aws:iam::1:mfa/me");
        self.asked.fetch_add(1, Ordering::Relaxed);
        let code = *self.says.lock().unwrap();
        Box::pin(async move { Ok(code.to_owned()) })
    }
}

fn throttled() -> String {
    response(
        400,
        "<ErrorResponse><Error><Code>Throttling</Code><Message>Slow down</Message></Error></ErrorResponse>",
    )
}

#[test]
fn a_device_provides_its_code() {
    let server = sts(|_| None);
    let device = Device::default();
    *device.says.lock().unwrap() = " 123456\n";
    let role = builder(&server).mfa("arn:aws:iam::1:mfa/me", device.clone()).build();
    for driver in DRIVERS {
        assert!(shown(driver.provide(&role)).starts_with("R-by-OURS "));
    }
    assert_eq!(device.asked.load(Ordering::Relaxed), 1);
    let request = &server.requests()[0];
    assert_eq!(parameter(request, "TokenCode").as_deref(), Some("123456"));
    assert_eq!(parameter(request, "SerialNumber").as_deref(), Some("arn%3Aaws%3Aiam%3A%3A1%3Amfa%2Fme"));

    // A code can be used once: the second attempt would be refused for that.
    for (first, attempts) in [(response(500, ""), 1), (response(200, "<html>"), 1), (throttled(), 2)] {
        let first = Mutex::new(Some(first));
        let server = sts(move |_| first.lock().unwrap().take());
        let role = builder(&server).mfa("arn:aws:iam::1:mfa/me", device.clone()).build();
        let succeeds = shown(Driver::Blocking.provide(&role)).starts_with("R-by-OURS ");
        assert_eq!((server.requests().len(), succeeds), (attempts, attempts == 2));
    }

    *device.says.lock().unwrap() = "TOPSECRET";
    let role = || builder(&server).mfa("arn:aws:iam::1:mfa/me", device.clone()).build();
    fails(|| Box::new(role()), &["the code is empty or has characters other than digits"]);
}
