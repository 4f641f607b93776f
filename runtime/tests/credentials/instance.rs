//! Roles and regions of instances.

use std::time::Duration;

use gatewright_runtime::credentials::{InstanceCredentials, InstanceMetadata};

use crate::{
    drivers::{DRIVERS, Driver, block_on},
    machine,
    support::{NO_INSTANCE, Server, fails, response, shown},
};

const ENDPOINT: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
const GOOD: &str = r#"{"Code":"Success","AccessKeyId":"IID","SecretAccessKey":"TOPSECRET","Token":"itoken",
    "Expiration":"1970-01-01T06:00:00Z"}"#;

fn metadata(variables: &[(&str, &str)], files: &[(&str, &str)]) -> InstanceMetadata {
    InstanceMetadata::new(machine::with(variables, files).shared(), None).timeout(Duration::from_millis(500))
}

fn source(variables: &[(&str, &str)]) -> InstanceCredentials {
    InstanceCredentials::new(metadata(variables, &[]))
}

/// Responds as an instance does, unless a test has another response.
pub(crate) fn instance(first: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Server {
    Server::new(move |request| {
        let line = request.lines().next().unwrap();
        let has_token = request.contains("x-aws-ec2-metadata-token: TOPSECRETtoken\r\n");
        first(line).or_else(|| {
            Some(match line {
                "PUT /latest/api/token HTTP/1.1"
                    if request.contains("x-aws-ec2-metadata-token-ttl-seconds: 21600\r\n") =>
                {
                    response(200, "TOPSECRETtoken")
                }
                _ if !has_token => response(401, ""),
                "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1" => response(200, "reader\n"),
                "GET /latest/meta-data/iam/security-credentials/reader HTTP/1.1" => response(200, GOOD),
                "GET /latest/meta-data/placement/region HTTP/1.1" => response(200, "eu-west-1"),
                _ => response(404, ""),
            })
        })
    })
}

#[test]
fn the_role_comes_with_a_token() {
    for driver in DRIVERS {
        let server = instance(|_| None);
        let source = source(&[(ENDPOINT, &server.url)]);
        for _ in 0..3 {
            assert_eq!(shown(driver.provide(&source)), "IID TOPSECRET itoken 21600");
        }
        assert_eq!(server.requests().len(), 3);
    }
}

#[test]
fn the_region_is_there_too() {
    let server = instance(|_| None);
    let metadata = metadata(&[(ENDPOINT, &format!("{}/", server.url))], &[]);
    assert_eq!(block_on(metadata.region()).unwrap(), "eu-west-1");
    assert_eq!(metadata.region_blocking().unwrap(), "eu-west-1");
}

#[test]
fn unlimited_timeouts_work() {
    for driver in DRIVERS {
        let server = instance(|_| None);
        let endless = metadata(&[(ENDPOINT, &server.url)], &[]).timeout(Duration::MAX);
        assert_eq!(shown(driver.provide(&InstanceCredentials::new(endless))), "IID TOPSECRET itoken 21600");
    }
}

#[test]
fn time_and_attempts_come_from_the_settings() {
    const ATTEMPTS: (&str, &str) = ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "1");
    let busy = || instance(|_| Some(response(503, "")));
    let metadata = |variables: &[(&str, &str)], config: &str| {
        InstanceMetadata::new(machine::with(variables, &[("/home/me/.aws/config", config)]).shared(), None)
    };
    for (variables, config, attempts) in [
        (&[][..], "", 3),
        (&[ATTEMPTS], "", 1),
        (&[], "[default]\nmetadata_service_num_attempts = 2", 2),
        (&[ATTEMPTS], "[default]\nmetadata_service_num_attempts = 2", 1),
    ] {
        for driver in DRIVERS {
            let server = busy();
            let variables = [&[(ENDPOINT, server.url.as_str())], variables].concat();
            driver.provide(&InstanceCredentials::new(metadata(&variables, config))).unwrap_err();
            assert_eq!(server.requests().len(), attempts, "{variables:?} {config}");
        }
    }
    // A second is too short for this one, unless a setting says otherwise.
    let slow = || {
        instance(|_| {
            std::thread::sleep(Duration::from_millis(1500));
            None
        })
    };
    for (variables, config) in [
        (&[("AWS_METADATA_SERVICE_TIMEOUT", "20")][..], ""),
        (&[], "[default]\nmetadata_service_timeout = 20"),
    ] {
        let server = slow();
        let variables = [&[(ENDPOINT, server.url.as_str())], variables].concat();
        assert_eq!(metadata(&variables, config).region_blocking().unwrap(), "eu-west-1");
    }
    for (name, value) in [("TIMEOUT", "0"), ("TIMEOUT", "1.5"), ("NUM_ATTEMPTS", "many")] {
        let name = format!("AWS_METADATA_SERVICE_{name}");
        let source = || Box::new(InstanceCredentials::new(metadata(&[(&name, value)], "")));
        fails(
            || source(),
            &[&format!("instance metadata: {name}: `{value}`: expected a whole number, at least 1")],
        );
        // What is switched off needs no other settings.
        let off = || Box::new(InstanceCredentials::new(metadata(&[(&name, value), NO_INSTANCE], "")));
        fails(|| off(), &["AWS_EC2_METADATA_DISABLED is true"]);
    }
    let unclear = || Box::new(InstanceCredentials::new(metadata(&[("AWS_EC2_METADATA_DISABLED", "1")], "")));
    fails(|| unclear(), &["AWS_EC2_METADATA_DISABLED: `1`: expected true or false"]);
}

#[test]
fn a_profile_may_name_the_endpoint() {
    let server = instance(|_| None);
    let config = format!("[default]\nec2_metadata_service_endpoint = {}\n", server.url);
    let metadata = metadata(&[], &[("/home/me/.aws/config", &config)]);
    assert_eq!(
        shown(Driver::Blocking.provide(&InstanceCredentials::new(metadata))),
        "IID TOPSECRET itoken 21600"
    );
}

type Case = (Box<dyn Fn(&str) -> Option<String> + Send + Sync>, &'static str);

#[test]
fn refusals_say_what_to_do() {
    let token = |line: &str| line.starts_with("PUT");
    let role = |line: &str| line.ends_with("/reader HTTP/1.1");
    let cases: Vec<Case> = vec![
        (Box::new(move |line| token(line).then(|| response(403, ""))), "disabled for this instance"),
        (Box::new(move |line| token(line).then(|| response(404, ""))), "which the client requires"),
        (Box::new(move |line| token(line).then(|| response(400, "what"))), "status 400: what"),
        (
            Box::new(move |line| token(line).then(|| response(200, "a\nb"))),
            "the token has characters that a header cannot hold",
        ),
        (
            Box::new(|line| line.ends_with("credentials/ HTTP/1.1").then(|| response(404, ""))),
            "the instance has no role; attach an instance profile",
        ),
        (
            Box::new(|line| line.ends_with("credentials/ HTTP/1.1").then(|| response(200, "<html>"))),
            "the response is not a name",
        ),
        (
            Box::new(move |line| {
                let body =
                    r#"{"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role"}"#;
                role(line).then(|| response(200, body))
            }),
            "role `reader`: AssumeRoleUnauthorizedAccess: EC2 cannot assume the role",
        ),
        (Box::new(move |line| role(line).then(|| response(200, "{\"Sec"))), "invalid JSON"),
        (
            Box::new(move |line| role(line).then(|| response(200, &"x".repeat(70_000)))),
            "larger than the limit",
        ),
    ];
    for (first, part) in cases {
        let server = instance(first);
        fails(|| Box::new(source(&[(ENDPOINT, &server.url)])), &[part]);
    }
}

#[test]
fn a_missing_token_mentions_the_hop_limit() {
    let server = Server::new(|_| None);
    let metadata = metadata(&[(ENDPOINT, &server.url)], &[]).timeout(Duration::from_millis(40));
    fails(
        || Box::new(InstanceCredentials::new(metadata.clone())),
        &["no response within the attempt timeout", "--http-put-response-hop-limit 2"],
    );
}

#[test]
fn without_metadata_the_source_is_absent() {
    for (variables, part) in [
        (&[NO_INSTANCE][..], "AWS_EC2_METADATA_DISABLED is true"),
        (&[(ENDPOINT, "http://127.0.0.1:1")], "this is not an EC2 instance, or its metadata is disabled"),
    ] {
        let error = Driver::Blocking.provide(&source(variables)).unwrap_err();
        assert!(error.is_absent() && error.to_string().contains(part), "{error}");
    }
}

#[test]
fn only_link_local_hosts_are_called() {
    for (variables, part) in [
        (&[(ENDPOINT, "http://example.com")][..], "points to example.com, where anyone may listen"),
        (&[(ENDPOINT, "http://10.0.0.1")], "points to 10.0.0.1"),
        (&[(ENDPOINT, "ftp://127.0.0.1")], "starts with neither https:// nor http://"),
        (&[(ENDPOINT, "http://127.0.0.1/?token=TOPSECRET")], "has a query or fragment"),
        (&[(ENDPOINT, "http://127.0.0.1#/")], "has a query or fragment"),
        (&[(ENDPOINT, "http://127.0.0.1:99999")], "has a port that is not between 1 and 65535"),
        (&[(ENDPOINT, "http://me:TOPSECRET@127.0.0.1")], "carries a user name or password"),
        (
            &[("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5")],
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: `IPv5`: neither IPv4 nor IPv6",
        ),
    ] {
        fails(|| Box::new(source(variables)), &[part]);
    }
}
