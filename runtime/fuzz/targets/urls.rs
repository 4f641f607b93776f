//! URLs of endpoints and proxies, and names of regions.
#![no_main]

use gatewright_fake::TestContext;
use gatewright_runtime::{
    endpoint::{EndpointParams, EndpointRules},
    transport::BlockingHttpTransport,
};
use libfuzzer_sys::fuzz_target;

static RULES: EndpointRules = EndpointRules::new(&[], &[]);

fuzz_target!(|url: &str| {
    let machine = TestContext::new().variables([("https_proxy", url), ("HTTPS_PROXY", url)]);
    let builder = BlockingHttpTransport::builder(&machine);
    if let Some((user, _)) = url.split_once("http://").and_then(|(_, rest)| rest.rsplit_once('@')) {
        let password = user.split_once(':').map_or("", |(_, password)| password);
        let is_telling = password.len() >= 12 && url.matches(password).count() == 1;
        let shown = format!("{builder:?}");
        assert!(!is_telling || !shown.contains(password), "a password in {shown}");
    }
    drop(builder.proxy(url));
    let mut params = EndpointParams::default();
    (params.region, params.endpoint) = (Some("us-east-1"), Some(url));
    drop(RULES.resolve(&params));
    (params.region, params.endpoint) = (Some(url), None);
    drop(RULES.resolve(&params));
});
