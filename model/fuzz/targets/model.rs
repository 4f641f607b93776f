//! Models, and the generator behind those that are accepted.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};

/// Models from the form of the generator's fixtures.
#[path = "../../../codegen/tests/fixtures/model.rs"]
mod fixture;

fuzz_target!(|json: &[u8]| -> Corpus {
    let Ok(fixture) = serde_json::from_slice(json) else { return Corpus::Reject };
    match fixture::parse(&fixture) {
        // What the loader accepts can be generated, without a panic and the same each time.
        Ok(service) => {
            let files = gatewright_codegen::generate(&service);
            assert_eq!(gatewright_codegen::generate(&service), files);
        }
        Err(faults) => assert!(!faults.to_string().is_empty(), "a model is refused without a reason"),
    }
    Corpus::Keep
});
