//! Credentials that clients of Alibaba Cloud find on an instance or at a URL, through the transport of the client.

use gatewright_fake::TestContext;
use gatewright_runtime::{ClientBuilder, transport::MetadataRequest};

use crate::{
    drivers::{DRIVERS, Driver},
    rpc::{BoothClient, Show},
    stage::{Act, Script, clock},
};

const OK: Act = Act::Respond(200, r#"{"Success": true, "Marker": "m"}"#);
const TOKEN: Act = Act::Respond(200, "the-token");
const ROLE: Act = Act::Respond(200, "reader");
const KEYS: Act = Act::Respond(
    200,
    r#"{"Code": "Success", "AccessKeyId": "EID", "AccessKeySecret": "esecret", "SecurityToken": "etoken",
        "Expiration": "2026-11-22T18:00:00Z", "LastUpdated": "2026-11-22T12:00:00Z"}"#,
);

/// The requests as `method path token`, with the key that signed the call at the end; or the error.
fn call(driver: Driver, variables: &[(&str, &str)], acts: &[Act]) -> Result<Vec<String>, String> {
    let script = Script::new(acts.to_vec());
    let machine: TestContext = clock().variable("HOME", "/home/me").variables(variables.iter().copied());
    let client = ClientBuilder::<BoothClient>::new()
        .context(machine)
        .region("cn-hangzhou")
        .endpoint_url("https://booth.example.com")
        .transport(script.clone())
        .blocking_transport(script.clone())
        .build()
        .unwrap()
        .0;
    let called = driver.make(client.call(Show).max_attempts(1)).map_err(|error| error.to_string());
    assert_eq!(script.attempts(), acts.len(), "{called:?}");
    called?;
    let seen = script.seen.lock().unwrap();
    Ok(seen
        .iter()
        .map(|request| {
            let uri = request.uri();
            if uri.host() == Some("booth.example.com") {
                let query = uri.query().unwrap();
                assert!(query.contains("SecurityToken=etoken"), "{query}");
                let key = query.split('&').find_map(|pair| pair.strip_prefix("AccessKeyId="));
                return key.unwrap().to_owned();
            }
            let is_marked = MetadataRequest::is_in(request);
            assert_eq!(is_marked, uri.host() == Some("100.100.100.200"), "{uri}");
            let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap());
            let token = header("x-aliyun-ecs-metadata-token");
            let seconds = header("x-aliyun-ecs-metadata-token-ttl-seconds");
            format!("{} {} {}", request.method(), uri.path(), token.or(seconds).unwrap_or("-"))
        })
        .collect())
}

#[track_caller]
fn check(variables: &[(&str, &str)], acts: &[Act], expected: &[&str]) {
    for driver in DRIVERS {
        let seen = call(driver, variables, acts).unwrap();
        assert_eq!(seen, expected, "{driver:?}");
    }
}

#[track_caller]
fn fails(variables: &[(&str, &str)], acts: &[Act], expected: &str) {
    for driver in DRIVERS {
        let error = call(driver, variables, acts).unwrap_err();
        assert!(error.contains(expected), "{expected:?} in {error:?}");
        assert!(!error.contains("esecret") && !error.contains("etoken"), "{error}");
    }
}

const PUT: &str = "PUT /latest/api/token 21600";
const REFUSED: Act = Act::Respond(403, "");

#[test]
fn the_role_of_an_instance() {
    let roles = "GET /latest/meta-data/ram/security-credentials/";
    let with_token = [PUT, &format!("{roles} the-token"), &format!("{roles}reader the-token"), "EID"];
    check(&[], &[TOKEN, ROLE, KEYS, OK], &with_token);
    let named = [PUT, &format!("{roles}writer the-token"), "EID"];
    check(&[("ALIBABA_CLOUD_ECS_METADATA", "writer")], &[TOKEN, KEYS, OK], &named);
    // Version 1, if there are no tokens, or if they are not accepted.
    let without = [PUT, &format!("{roles} -"), &format!("{roles}reader -"), "EID"];
    for none in [REFUSED, Act::Respond(404, ""), Act::Respond(200, "")] {
        check(&[], &[none, ROLE, KEYS, OK], &without);
    }
    let both =
        [PUT, &format!("{roles} the-token"), &format!("{roles} -"), &format!("{roles}reader -"), "EID"];
    check(&[], &[TOKEN, REFUSED, ROLE, KEYS, OK], &both);
}

#[test]
fn version_1_can_be_disabled() {
    const ONLY_2: &[(&str, &str)] = &[("ALIBABA_CLOUD_IMDSV1_DISABLED", "true")];
    fails(ONLY_2, &[REFUSED], "instance metadata: status 403");
    fails(ONLY_2, &[TOKEN, REFUSED], "instance metadata: status 403");
}

#[test]
fn metadata_that_has_no_keys_says_so() {
    let failed = Act::Respond(200, r#"{"Code": "Failed", "AccessKeySecret": "esecret"}"#);
    fails(&[], &[TOKEN, ROLE, failed], "instance metadata: its code is `Failed`");
    let partial =
        Act::Respond(200, r#"{"Code": "Success", "AccessKeyId": "EID", "AccessKeySecret": "esecret"}"#);
    fails(&[], &[TOKEN, ROLE, partial], "instance metadata: SecurityToken is missing from the response");
    fails(&[("ALIBABA_CLOUD_ECS_METADATA", "a/../b")], &[TOKEN], "`a/../b` is not a valid role name");
    let none = Act::Respond(404, "");
    fails(
        &[],
        &[TOKEN, none.clone(), none],
        "instance metadata: the instance has no RAM role; credentials URI: ",
    );
    fails(&[("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "yes")], &[], "`yes`: expected true or false");
}

const NO_INSTANCE: (&str, &str) = ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");

#[test]
fn a_url_that_has_keys() {
    for (url, path) in
        [("https://keys.example.com/a?b=c", "/a"), ("http://localhost:7002/", "/"), ("http://[::1]/x", "/x")]
    {
        let variables = [NO_INSTANCE, ("ALIBABA_CLOUD_CREDENTIALS_URI", url)];
        check(&variables, &[KEYS, OK], &[&format!("GET {path} -"), "EID"]);
    }
    let at = |url| [NO_INSTANCE, ("ALIBABA_CLOUD_CREDENTIALS_URI", url)];
    fails(
        &at("http://keys.example.com/"),
        &[],
        "points to keys.example.com, which everyone on the way could read",
    );
    fails(&at("keys"), &[], "ALIBABA_CLOUD_CREDENTIALS_URI is not an http:// or https:// URL");
    fails(&at("https://keys.example.com/"), &[REFUSED], "credentials URI: status 403");
    // Transient failures are repeated.
    let busy = Act::Respond(503, "");
    check(&at("https://k.example/"), &[busy, KEYS, OK], &["GET / -", "GET / -", "EID"]);
}

/// The instance comes before the URL, as in the vendor's SDKs.
#[test]
fn an_instance_comes_first() {
    use gatewright_runtime::transport::{Reached, TransportErrorKind};
    let variables =
        [("ALIBABA_CLOUD_CREDENTIALS_URI", "https://k.example/"), ("ALIBABA_CLOUD_ECS_METADATA", "r")];
    let role = "GET /latest/meta-data/ram/security-credentials/r the-token";
    check(&variables, &[TOKEN, KEYS, OK], &[PUT, role, "EID"]);
    let elsewhere = Act::Fail(TransportErrorKind::Connect, Reached::NotSent);
    check(&variables, &[elsewhere.clone(), KEYS, OK], &[PUT, "GET / -", "EID"]);
    fails(&[], &[elsewhere], "this is not an ECS instance");
}

const ISSUED: Act = Act::Respond(
    200,
    r#"{"RequestId": "r", "Credentials": {"AccessKeyId": "EID", "AccessKeySecret": "esecret",
        "SecurityToken": "etoken", "Expiration": "2026-11-22T18:00:00Z"}}"#,
);
const CONFIG: &str = r#"{"current": "role", "profiles": [
    {"name": "role", "mode": "ChainableRamRoleArn", "source_profile": "keys", "ram_role_arn": "acs:ram::1:role/r",
     "sts_region": "cn-beijing", "enable_vpc": true},
    {"name": "keys", "mode": "AK", "access_key_id": "K", "access_key_secret": "k"},
    {"name": "instance", "mode": "RamRoleArnWithRoleName", "ram_role_name": "reader",
     "ram_role_arn": "acs:ram::1:role/r"}]}"#;

/// Roles are requested through the transport of the client, whose region and endpoint do not apply to them.
#[test]
fn roles_and_tokens_by_the_transport_of_the_client() {
    let machine = |variables: &[(&str, &str)]| {
        let machine: TestContext = clock().variable("HOME", "/home/me").variables(variables.iter().copied());
        machine.file("/home/me/.aliyun/config.json", CONFIG).file("/token", "jwt")
    };
    let requests = |machine: TestContext, profile: Option<&str>, acts: &[Act]| {
        DRIVERS.map(|driver| {
            let script = Script::new(acts.to_vec());
            let mut builder = ClientBuilder::<BoothClient>::new()
                .context(machine.clone())
                .region("cn-hangzhou")
                .endpoint_url("https://booth.example.com")
                .transport(script.clone())
                .blocking_transport(script.clone());
            if let Some(profile) = profile {
                builder = builder.profile(profile);
            }
            driver.make(builder.build().unwrap().0.call(Show)).unwrap();
            let seen = script.seen.lock().unwrap();
            let (call, sources) = seen.split_last().unwrap();
            assert!(call.uri().query().unwrap().contains("SecurityToken=etoken"));
            let shown = sources.iter().map(|request| {
                let query = request.uri().query().unwrap_or_default();
                let named = |name: &str| {
                    let pair = query.split('&').find(|pair| pair.starts_with(name));
                    pair.map(str::to_owned).unwrap_or_default()
                };
                let host = request.uri().host().unwrap();
                format!("{host} {} {}", named("Action="), named("AccessKeyId="))
            });
            shown.collect::<Vec<_>>()
        })
    };
    let variables = [
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/token"),
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/p"),
        ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/r"),
    ];
    for seen in requests(machine(&[]), None, &[ISSUED, OK]) {
        assert_eq!(seen, ["sts-vpc.cn-beijing.aliyuncs.com Action=AssumeRole AccessKeyId=K"]);
    }
    for seen in requests(machine(&variables), None, &[ISSUED, OK]) {
        assert_eq!(seen, ["sts.aliyuncs.com Action=AssumeRoleWithOIDC "]);
    }
    for seen in requests(machine(&[]), Some("instance"), &[TOKEN, KEYS, ISSUED, OK]) {
        let instance = "100.100.100.200  ";
        assert_eq!(seen, [instance, instance, "sts.aliyuncs.com Action=AssumeRole AccessKeyId=EID"]);
    }
}
