//! Profile files. Settings are read from them and no credentials: these may name programs to run.
#![no_main]

use gatewright_fake::TestContext;
use gatewright_runtime::{
    ServiceInfo,
    endpoint::EndpointRules,
    settings::{ExplicitSettings, Settings},
    sign::Auth,
};
use libfuzzer_sys::fuzz_target;

static RULES: EndpointRules = EndpointRules::new(&[], &[]);

fuzz_target!(|file: &[u8]| {
    let service = ServiceInfo::new("Fuzz", "Fuzz", "2026-11-28", Auth::sigv4("fuzz"), &RULES, &[], &[]);
    let machine = TestContext::new()
        .variable("HOME", "/home/fuzz")
        .file("/home/fuzz/.aws/config", file)
        .file("/home/fuzz/.aws/credentials", file);
    let load = || Settings::load(&machine, &service, ExplicitSettings::default()).map_err(|e| e.to_string());
    let [first, second] = [load(), load()].map(|settings| settings.map(|settings| format!("{settings:?}")));
    assert_eq!(first, second);
});
