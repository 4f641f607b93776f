//! Saved exchanges.
#![no_main]

use gatewright_runtime::explain::Evidence;
use gatewright_runtime_fuzz::check_lines;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &str| {
    if let Ok(evidence) = Evidence::from_json(json) {
        let again = Evidence::from_json(&evidence.to_json()).expect("what was saved is read back");
        assert_eq!(again, evidence);
        check_lines(&evidence.explain(None));
    }
});
