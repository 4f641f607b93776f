//! Bundles of certificates.
#![no_main]

use gatewright_runtime::transport::BlockingHttpTransport;
use gatewright_runtime_fuzz::Machine;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    drop(BlockingHttpTransport::builder(&Machine::default()).root_certificates(file));
});
