//! Endpoint rules: the published cases of AWS Storage Gateway, and what no rule may let through.

use gatewright::{
    Document, Service as _,
    aws_storage_gateway::AwsStorageGateway,
    endpoint::{Endpoint, EndpointError, EndpointParams, EndpointRules, Outcome::Url, Partition, Rule},
};

fn resolve(region: Option<&str>, endpoint: Option<&str>) -> Result<Endpoint, EndpointError> {
    resolve_with(region, endpoint, false, false)
}

fn resolve_with(
    region: Option<&str>,
    endpoint: Option<&str>,
    use_fips: bool,
    use_dual_stack: bool,
) -> Result<Endpoint, EndpointError> {
    let mut params = EndpointParams::default();
    params.region = region;
    params.endpoint = endpoint;
    params.use_fips = use_fips;
    params.use_dual_stack = use_dual_stack;
    AwsStorageGateway::INFO.endpoints.resolve(&params)
}

/// Four cases have what held `formerly`, before the isolated partitions got dual-stack endpoints.
#[test]
fn published_cases_hold() {
    let cases: Document = include_str!("data/endpoints.json").parse().unwrap();
    let cases = cases.as_array().unwrap();
    assert_eq!(cases.len(), 53);

    for case in cases {
        let text = |key: &str| case[key].as_str();
        let flag = |key: &str| case[key].as_bool().unwrap_or(false);
        let result = resolve_with(text("region"), text("endpoint"), flag("fips"), flag("dual_stack"));
        match (text("url"), result) {
            (Some(url), Ok(endpoint)) => {
                assert_eq!(endpoint.url.to_string(), format!("{url}/"), "{case}");
                assert_eq!(endpoint.signing_region().ok(), text("region"), "{case}");
            }
            (None, Err(EndpointError::Refused { reason, .. })) => {
                assert_eq!(Some(reason), text("error"), "{case}");
            }
            (_, other) => panic!("{case}: {other:?}"),
        }
    }
}

#[track_caller]
fn goes_to(region: &str, url: &str) {
    let endpoint = resolve(Some(region), None).expect(region);
    assert_eq!(endpoint.url.to_string(), format!("https://{url}/"));
}

#[test]
fn unlisted_regions_belong_to_the_partition_of_their_prefix() {
    goes_to("us-south-7", "storagegateway.us-south-7.amazonaws.com");
    goes_to("cn-west-12", "storagegateway.cn-west-12.amazonaws.com.cn");
    goes_to("us-iso-north-1", "storagegateway.us-iso-north-1.c2s.ic.gov");
    goes_to("us-isob-north-1", "storagegateway.us-isob-north-1.sc2s.sgov.gov");
    goes_to("eusc-de-west-2", "storagegateway.eusc-de-west-2.amazonaws.eu");
}

#[test]
fn regions_of_no_partition_belong_to_the_first() {
    goes_to("mars-east-1", "storagegateway.mars-east-1.amazonaws.com");
    goes_to("cn-north", "storagegateway.cn-north.amazonaws.com");
    goes_to("cn-north-1x", "storagegateway.cn-north-1x.amazonaws.com");
    goes_to("cnnorth-1", "storagegateway.cnnorth-1.amazonaws.com");
    goes_to("us-iso--1", "storagegateway.us-iso--1.amazonaws.com");
}

#[test]
fn old_fips_regions_are_a_region_and_a_flag() {
    for region in ["us-east-2-fips", "fips-us-east-2"] {
        let endpoint = resolve(Some(region), None).unwrap();
        assert_eq!(endpoint.url.host(), Some("storagegateway-fips.us-east-2.amazonaws.com"));
        assert_eq!(endpoint.signing_region(), Ok("us-east-2"));
    }
    let error = resolve(Some("us-east-2-fips"), Some("https://example.com")).unwrap_err();
    assert!(matches!(error, EndpointError::Refused { reason, .. } if reason.contains("FIPS and custom")));
}

#[test]
fn a_region_cannot_change_the_host() {
    for region in [
        "",
        "-",
        "fips",
        "fips-",
        "-fips",
        "fips-fips",
        "us east 1",
        "us-east-1.evil.com",
        "evil.com/",
        "evil.com#",
        "x@evil.com",
        "us-east-1:80",
        "us-east-1/../",
        "{dnsSuffix}",
        "us_east_1",
        "12",
        "-us-east-1",
        "us-east-1-",
        "üs-east-1",
        "us-east-1\r\n",
        &"a".repeat(64),
    ] {
        for endpoint in [None, Some("https://example.com")] {
            let error = resolve(Some(region), endpoint).unwrap_err();
            assert!(matches!(error, EndpointError::Region { .. }), "{region:?}: {error:?}");
            assert!(!error.to_string().contains(char::is_control), "{error}");
        }
    }
}

#[track_caller]
fn custom(given: &str, used: &str) {
    assert_eq!(resolve(Some("eu-west-1"), Some(given)).expect(given).url.to_string(), used);
}

#[test]
fn endpoint_urls_keep_port_and_path() {
    custom("http://127.0.0.1:8080", "http://127.0.0.1:8080/");
    custom("http://127.0.0.1:8080/", "http://127.0.0.1:8080/");
    custom("http://[::1]:8080/base", "http://[::1]:8080/base");
    custom("https://example.com/a/b%20c/", "https://example.com/a/b%20c");
    custom("https://example.com///", "https://example.com/");
    custom("HTTPS://Example.com", "https://Example.com/");
}

#[test]
fn unusable_endpoint_urls_are_refused() {
    for (url, problem) in [
        ("", "neither https:// nor http://"),
        ("localhost:8080", "neither https:// nor http://"),
        ("//localhost", "neither https:// nor http://"),
        ("ftp://localhost", "neither https:// nor http://"),
        ("file:///etc/passwd", "neither https:// nor http://"),
        ("https://", "names no host"),
        ("https:///path", "names no host"),
        ("https://:80", "names no host"),
        ("https://example.com:", "port"),
        ("https://example.com:0", "port"),
        ("https://example.com:65536", "port"),
        ("https://example.com:http", "port"),
        ("https://[::1", "not a URL"),
        ("https://exa mple.com", "spaces"),
        ("https://example.com/\r\nx: y", "spaces"),
        ("https://exämple.com", "non-ASCII"),
        ("https://example.com?x=TOPSECRET", "query"),
        ("https://example.com/#TOPSECRET", "fragment"),
        ("https://user:TOPSECRET@example.com", "user name or password"),
        ("https://TOPSECRET@example.com/path", "user name or password"),
    ] {
        let error = resolve(Some("eu-west-1"), Some(url)).unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, EndpointError::Url { .. }) && text.contains(problem), "{url:?}: {text}");
        assert!(!text.contains("TOPSECRET") && !text.contains(char::is_control), "{text}");
    }
}

#[test]
fn an_endpoint_without_region_takes_unsigned_requests_only() {
    let endpoint = resolve(None, Some("https://example.com")).unwrap();
    let error = endpoint.signing_region().unwrap_err();
    assert_eq!(
        error.to_string(),
        "endpoint URL `https://example.com/` contains no region to sign for: \
         set a region in the builder, in AWS_REGION or as `region` of the profile"
    );
}

#[test]
fn errors_name_the_way_out() {
    let text =
        |region, endpoint, fips, dual| resolve_with(region, endpoint, fips, dual).unwrap_err().to_string();
    assert_eq!(
        text(None, None, false, false),
        "Invalid Configuration: Missing Region: \
         set a region in the builder, in AWS_REGION or as `region` of the profile"
    );
    assert!(text(None, Some("https://example.com"), true, false).contains("AWS_USE_FIPS_ENDPOINT"));
    assert!(text(None, Some("https://example.com"), false, true).contains("AWS_USE_DUALSTACK_ENDPOINT"));
}

#[test]
fn partitions_without_fips_or_dual_stack_say_so() {
    let bare = EndpointRules::new(
        AwsStorageGateway::INFO.endpoints.rules,
        &[Partition {
            id: "bare",
            region_prefixes: &[],
            dns_suffix: "example.com",
            dual_stack_dns_suffix: "example.net",
            other_dns_suffixes: &[],
            supports_fips: false,
            supports_dual_stack: false,
            regions: &[],
        }],
    );
    for (use_fips, use_dual_stack, expected) in [
        (true, true, "FIPS and DualStack are enabled, but this partition does not support one or both"),
        (true, false, "FIPS is enabled but this partition does not support FIPS"),
        (false, true, "DualStack is enabled but this partition does not support DualStack"),
    ] {
        let mut params = EndpointParams::default();
        params.region = Some("us-east-1");
        params.use_fips = use_fips;
        params.use_dual_stack = use_dual_stack;
        let error = bare.resolve(&params).unwrap_err();
        assert!(matches!(error, EndpointError::Refused { reason, .. } if reason == expected), "{error}");
    }
}

#[test]
fn tables_without_an_endpoint_are_errors() {
    static EMPTY: EndpointRules = EndpointRules::new(&[], &[]);
    static UNFILLED: EndpointRules =
        EndpointRules::new(&[Rule { when: &[], then: Url("https://x.{Region}.{dnsSuffix}") }], &[]);
    assert!(EMPTY.resolve(&EndpointParams::default()).is_err());
    assert!(UNFILLED.resolve(&EndpointParams::default()).is_err());
}
