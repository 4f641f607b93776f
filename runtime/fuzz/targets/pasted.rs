//! Error responses that a person pasted.
#![no_main]

use gatewright_runtime::explain::{Evidence, Refused};
use gatewright_runtime_fuzz::check_lines;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|pasted: &str| {
    let parts = Refused::parts_of_text(pasted);
    assert!(!parts.is_empty(), "no part");
    for text in parts.iter().map(String::as_str).chain([pasted]) {
        let evidence = Evidence::of_refused(Refused::of_text(text), "pasted");
        let explanation = evidence.explain(None);
        check_lines(&explanation);
        assert!(!explanation.causes.is_empty(), "no cause");
        assert!(Evidence::from_json(&evidence.to_json()).is_ok(), "what was saved is not read back");
    }
});
