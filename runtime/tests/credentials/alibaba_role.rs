//! RAM roles of Alibaba Cloud, and the service that issues them.

use std::sync::{Arc, Mutex};

use gatewright_fake::TestContext;
use gatewright_runtime::{
    Secret,
    credentials::{
        AlibabaCloudOidcCredentials, AlibabaCloudRoleBuilder, AlibabaCloudRoleCredentials, Credentials,
        ProvideCredentials,
    },
};

use crate::{
    drivers::{DRIVERS, Driver},
    machine,
    stage::{self, List},
    support::{Server, fails, response, shown},
};

/// A service that names the keys of a role after the role and its assumer, unless a test has another response.
pub(crate) fn sts(first: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Server {
    Server::new(move |request| first(request).or_else(|| Some(role(request))))
}

fn role(request: &str) -> String {
    let role = parameter(request, "RoleArn").unwrap();
    let role = role.rsplit("%2F").next().unwrap();
    let by = parameter(request, "AccessKeyId").or_else(|| parameter(request, "OIDCToken")).unwrap();
    let credentials = format!(
        r#"{{"AccessKeyId": "{role}-by-{by}", "AccessKeySecret": "TOPSECRET", "SecurityToken": "token-of-{role}",
            "Expiration": "1970-01-01T01:00:00Z"}}"#
    );
    response(200, &format!(r#"{{"RequestId": "id-1", "Credentials": {credentials}}}"#))
}

/// A parameter of query or form.
pub(crate) fn parameter(request: &str, name: &str) -> Option<String> {
    let query = request.split([' ', '?']).nth(2).unwrap();
    let form = request.split("\r\n\r\n").nth(1).unwrap();
    let mut pairs = query.split('&').chain(form.split('&'));
    pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
}

const ARN: &str = "acs:ram::1234567890123456:role/R";

fn builder(server: &Server) -> AlibabaCloudRoleBuilder {
    let ours = Credentials::new("OURS", Secret::new("secret")).with_session_token(Secret::new("our-token"));
    AlibabaCloudRoleCredentials::builder(ARN, ours).context(TestContext::new()).endpoint_url(&server.url)
}

/// Parameters without those that every signature adds.
fn own(text: &str) -> String {
    const COMMON: [&str; 9] = [
        "AccessKeyId=",
        "Format=",
        "SecurityToken=",
        "Signature=",
        "SignatureMethod=",
        "SignatureNonce=",
        "SignatureVersion=",
        "Timestamp=",
        "Version=",
    ];
    let own = text.split('&').filter(|pair| !COMMON.iter().any(|common| pair.starts_with(common)));
    own.collect::<Vec<_>>().join("&")
}

#[test]
fn a_role_is_assumed() {
    for driver in DRIVERS {
        let server = sts(|_| None);
        let role = builder(&server)
            .session_name("session")
            .external_id("word")
            .policy(r#"{"Version": "1"}"#)
            .duration(std::time::Duration::from_secs(30 * 60))
            .build();
        for _ in 0..3 {
            assert_eq!(shown(driver.provide(&role)), "R-by-OURS TOPSECRET token-of-R 3600");
        }
        let requests = server.requests();
        let [request] = requests.as_slice() else { panic!("one request, not {requests:?}") };
        let line = request.lines().next().unwrap();
        let query = line.strip_prefix("POST /?").and_then(|rest| rest.strip_suffix(" HTTP/1.1")).unwrap();
        assert_eq!(
            own(query),
            "Action=AssumeRole&DurationSeconds=1800&ExternalId=word&Policy=%7B%22Version%22%3A%20%221%22%7D&\
             RoleArn=acs%3Aram%3A%3A1234567890123456%3Arole%2FR&RoleSessionName=session"
        );
        for (name, value) in [
            ("AccessKeyId", "OURS"),
            ("Format", "JSON"),
            ("SecurityToken", "our-token"),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"),
            ("Timestamp", "1970-01-01T00%3A00%3A00Z"),
            ("Version", "2015-04-01"),
        ] {
            assert_eq!(parameter(request, name).as_deref(), Some(value), "{name}");
        }
        assert!(!format!("{role:?}").contains("our-token"));
    }
}

#[test]
fn a_session_has_a_name_and_an_hour() {
    let server = sts(|_| None);
    let name = |machine: TestContext, builder: AlibabaCloudRoleBuilder| {
        shown(Driver::Blocking.provide(&builder.context(machine).build()));
        let request = server.requests().pop().unwrap();
        assert_eq!(parameter(&request, "DurationSeconds").as_deref(), Some("3600"));
        parameter(&request, "RoleSessionName").unwrap()
    };
    let named = || TestContext::new().variable("ALIBABA_CLOUD_ROLE_SESSION_NAME", "pod");
    assert_eq!(name(TestContext::new(), builder(&server)), "gatewright-0");
    assert_eq!(name(named(), builder(&server)), "pod");
    assert_eq!(name(named(), builder(&server).session_name("mine")), "mine");
}

#[test]
fn roles_assume_roles() {
    let server = sts(|_| None);
    let second = AlibabaCloudRoleCredentials::builder("acs:ram::1:role/S", builder(&server).build())
        .context(TestContext::new())
        .endpoint_url(&server.url)
        .build();
    for driver in DRIVERS {
        assert_eq!(shown(driver.provide(&second)), "S-by-R-by-OURS TOPSECRET token-of-S 3600");
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(parameter(&requests[1], "SecurityToken").as_deref(), Some("token-of-R"));
}

/// The host of a request, as a proxy receives it, or the error.
fn host(
    variables: &[(&str, &str)],
    change: fn(AlibabaCloudRoleBuilder) -> AlibabaCloudRoleBuilder,
) -> String {
    let proxy = Server::always(403, "");
    let machine = machine::with(variables, &[]).variable("HTTPS_PROXY", &*proxy.url);
    let role = AlibabaCloudRoleCredentials::builder(ARN, Credentials::new("A", Secret::new("a")));
    let text = shown(Driver::Blocking.provide(&change(role.context(machine)).build()));
    match proxy.requests().first() {
        Some(request) => request.split(' ').nth(1).unwrap().to_owned(),
        None => text,
    }
}

#[test]
fn the_endpoint_is_of_this_service_alone() {
    const REGION: (&str, &str) = ("ALIBABA_CLOUD_STS_REGION", "cn-beijing");
    const VPC: (&str, &str) = ("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "true");
    let unchanged = |role| role;
    assert_eq!(host(&[], unchanged), "sts.aliyuncs.com:443");
    assert_eq!(host(&[REGION], unchanged), "sts.cn-beijing.aliyuncs.com:443");
    assert_eq!(host(&[REGION, VPC], unchanged), "sts-vpc.cn-beijing.aliyuncs.com:443");
    assert_eq!(host(&[REGION, VPC], |role| role.vpc(false)), "sts.cn-beijing.aliyuncs.com:443");
    assert_eq!(host(&[REGION], |role| role.region("cn-shenzhen")), "sts.cn-shenzhen.aliyuncs.com:443");
    assert_eq!(
        host(&[], |role| role.region("cn-shenzhen").vpc(true)),
        "sts-vpc.cn-shenzhen.aliyuncs.com:443"
    );
    let own = ("ALIBABA_CLOUD_STS_ENDPOINT", "sts.example.com");
    assert_eq!(host(&[REGION, VPC, own], unchanged), "sts.example.com:443");
    assert_eq!(host(&[own], |role| role.endpoint_url("https://own.example.com")), "own.example.com:443");
    // The region and the settings of the client's own service, and of another vendor, do not apply.
    let others = [
        ("ALIBABA_CLOUD_REGION_ID", "cn-hangzhou"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1"),
        ("AWS_CA_BUNDLE", "/none"),
    ];
    assert_eq!(host(&others, unchanged), "sts.aliyuncs.com:443");

    // A private cloud without a region is not left by a request to the public endpoint, nor is TLS.
    for (variables, problem) in [
        (&[VPC][..], "sts: endpoints within a virtual private cloud need a region"),
        (&[("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "1")], "`1`: expected true or false"),
        (
            &[("ALIBABA_CLOUD_STS_REGION", "evil.example/")],
            "sts: ALIBABA_CLOUD_STS_REGION: region `evil.example/`",
        ),
        (
            &[("ALIBABA_CLOUD_STS_ENDPOINT", "http://sts.example.com")],
            "only for this machine; use `https://`",
        ),
        (&[("ALIBABA_CLOUD_STS_ENDPOINT", "https://a b")], "sts: ALIBABA_CLOUD_STS_ENDPOINT: "),
    ] {
        let text = host(variables, unchanged);
        assert!(text.contains(problem), "{problem:?} in {text:?}");
    }
}

const OIDC: [(&str, &str); 3] = [
    ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/token"),
    ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/P"),
    ("ALIBABA_CLOUD_ROLE_ARN", ARN),
];

fn oidc(server: &Server, token: &str) -> AlibabaCloudOidcCredentials {
    let machine = machine::with(&OIDC, &[("/token", token)]);
    AlibabaCloudOidcCredentials::new(machine.variable("ALIBABA_CLOUD_STS_ENDPOINT", &*server.url).shared())
}

#[test]
fn tokens_are_sent_in_a_form_without_a_signature() {
    for driver in DRIVERS {
        let server = sts(|_| None);
        let source = oidc(&server, "\u{feff}jwt\n");
        for _ in 0..3 {
            assert_eq!(shown(driver.provide(&source)), "R-by-jwt TOPSECRET token-of-R 3600");
        }
        let requests = server.requests();
        let [request] = requests.as_slice() else { panic!("one request, not {requests:?}") };
        let line = request.lines().next().unwrap();
        let time = "Timestamp=1970-01-01T00%3A00%3A00Z&Version=2015-04-01";
        assert_eq!(line, format!("POST /?Action=AssumeRoleWithOIDC&Format=JSON&{time} HTTP/1.1"));
        assert_eq!(
            request.split("\r\n\r\n").nth(1).unwrap(),
            "OIDCProviderArn=acs%3Aram%3A%3A1%3Aoidc-provider%2FP&OIDCToken=jwt&\
             RoleArn=acs%3Aram%3A%3A1234567890123456%3Arole%2FR&RoleSessionName=gatewright-0&DurationSeconds=3600"
        );
        assert!(!request.to_ascii_lowercase().contains("authorization:"), "{request}");
    }
}

#[test]
fn a_token_is_read_again_for_new_credentials() {
    let server = sts(|_| None);
    let machine = machine::with(&OIDC, &[("/token", "first")]);
    let machine = machine.variable("ALIBABA_CLOUD_STS_ENDPOINT", &*server.url);
    let source = AlibabaCloudOidcCredentials::new(machine.clone().shared());
    assert!(shown(Driver::Blocking.provide(&source)).starts_with("R-by-first "));
    let machine = machine.file("/token", "second");
    machine.advance(std::time::Duration::from_secs(3590));
    assert!(shown(Driver::Blocking.provide(&source)).starts_with("R-by-second "));
}

#[test]
fn what_a_token_needs_is_named() {
    let server = sts(|_| None);
    let without = |missing: &str| {
        let set: Vec<_> = OIDC.into_iter().filter(|(name, _)| *name != missing).collect();
        let machine = machine::with(&set, &[("/token", "jwt")]);
        AlibabaCloudOidcCredentials::new(
            machine.variable("ALIBABA_CLOUD_STS_ENDPOINT", &*server.url).shared(),
        )
    };
    let absent = Driver::Blocking.provide(&without("ALIBABA_CLOUD_OIDC_TOKEN_FILE")).unwrap_err();
    assert!(absent.is_absent());
    assert_eq!(absent.to_string(), "no credentials: OIDC token: ALIBABA_CLOUD_OIDC_TOKEN_FILE is not set");
    for (missing, problem) in [
        (
            "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
            "OIDC token: the provider's ARN is missing: set it in the profile, or ALIBABA",
        ),
        (
            "ALIBABA_CLOUD_ROLE_ARN",
            "OIDC token: the role's ARN is missing: set it in the profile, or ALIBABA",
        ),
    ] {
        let error = Driver::Blocking.provide(&without(missing)).unwrap_err();
        assert!(!error.is_absent() && error.to_string().contains(problem), "{error}");
    }
    let long = "TOPSECRET".repeat(10_000);
    for (token, problem) in [
        (" \n", "OIDC token: /token: it is empty"),
        (long.as_str(), "OIDC token: /token: larger than 64 KiB, so it is not a token"),
    ] {
        fails(|| Box::new(oidc(&server, token)), &[problem]);
    }
    assert!(server.requests().is_empty());
}

#[test]
fn refusals_are_reported_without_secrets() {
    let refusal = r#"{"RequestId": "id-9", "HostId": "sts.aliyuncs.com", "Code": "NoPermission",
        "Message": "You are not authorized to do this action. You should be authorized by RAM."}"#;
    for (status, body, parts) in [
        (
            403,
            refusal,
            ["role acs:ram::1234567890123456:role/R: sts: AssumeRole: NoPermission: You are", "id-9"],
        ),
        (200, "<html>TOPSECRET", ["role ", "could not be decoded"]),
        (200, "{}", ["role ", "sts: AccessKeyId is missing"]),
        (500, "", ["sts: AssumeRole", "3 attempts"]),
    ] {
        let server = Server::always(status, body);
        fails(|| Box::new(builder(&server).build()), &parts);
    }
    let repeats = r#"{"Code": "AuthenticationFail.OIDCToken.Invalid", "Message": "TOPSECRET is no token"}"#;
    let server = Server::always(401, repeats);
    fails(
        || Box::new(oidc(&server, "TOPSECRET")),
        &["OIDC token: sts: ", "OIDCToken.Invalid: *** is no token"],
    );
    // A redirect is not followed.
    let other = sts(|_| None);
    let location = format!("HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", other.url);
    let server = Server::new(move |_| Some(location.clone()));
    fails(|| Box::new(oidc(&server, "TOPSECRET")), &["302"]);
    assert!(other.requests().is_empty());
}

/// The explanation of a call whose credentials cannot be had.
fn explained(source: impl ProvideCredentials) -> gatewright_runtime::explain::Explanation {
    let client = stage::builder(&stage::Script::new([])).credentials(source).build().unwrap().0;
    Driver::Blocking.make(client.call(List::default())).unwrap_err().explain()
}

#[test]
fn refusals_are_explained() {
    for (code, message, cause, remedy) in [
        (
            "AuthenticationFail.NoPermission",
            "There is no permission",
            "trust policy does not allow",
            "as `Federated`",
        ),
        (
            "AuthenticationFail.NoPermission",
            "No such OIDC Provider registered.",
            "no identity provider with this ARN",
            "ARN of the provider, and that it is registered",
        ),
        (
            "AuthenticationFail.OIDCToken.Expired",
            "This JsonWebToken is expired.",
            "no longer renewed",
            "a fresh token",
        ),
        (
            "EntityNotExist.Role",
            "The role not exists: acs:ram::1:role/R.",
            "ARN is misspelt",
            "in lower case",
        ),
        // Not in the model, but of a family that is.
        (
            "AuthenticationFail.Unheard",
            "No.",
            "does not match the identity provider",
            "claims `iss`, `aud` and `sub`",
        ),
    ] {
        let server = Server::always(401, &format!(r#"{{"Code": "{code}", "Message": "{message}"}}"#));
        let explanation = explained(oidc(&server, "jwt"));
        assert!(explanation.causes.iter().any(|line| line.contains(cause)), "{explanation}");
        assert!(explanation.remedies.iter().any(|line| line.contains(remedy)), "{explanation}");
        assert!(explanation.evidence.iter().any(|line| line.contains(message)), "{explanation}");
    }
    let refusal = r#"{"Code": "NoPermission", "Message": "You are not authorized to do this action."}"#;
    let explanation = explained(builder(&Server::always(403, refusal)).build());
    assert!(explanation.to_string().contains("`AliyunSTSAssumeRoleAccess`"), "{explanation}");
    // What is wrong before a request is sent.
    let nowhere = builder(&sts(|_| None)).endpoint_url("http://sts.example.com").build();
    let explanation = explained(nowhere);
    assert!(explanation.remedies[0].contains("Fix that source"), "{explanation}");
}

/// Another request of the same client gets the cached credentials, or the cached refusal.
#[test]
fn sources_are_asked_by_one_caller_at_a_time() {
    let asked = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked);
    let server = sts(move |_| {
        *count.lock().unwrap() += 1;
        std::thread::sleep(std::time::Duration::from_millis(50));
        None
    });
    let source = oidc(&server, "jwt");
    std::thread::scope(|scope| {
        for index in 0..20 {
            let source = &source;
            scope.spawn(move || assert!(shown(DRIVERS[index % 2].provide(source)).starts_with("R-by-jwt ")));
        }
    });
    assert_eq!(*asked.lock().unwrap(), 1);
}
