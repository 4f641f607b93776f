//! Bundles of certificates.
#![no_main]

use gatewright_fake::TestContext;
use gatewright_runtime::transport::BlockingHttpTransport;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    drop(BlockingHttpTransport::builder(&TestContext::new()).root_certificates(file));
});
