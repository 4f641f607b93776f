//! Texts with secrets behind their names.
#![no_main]

use gatewright_core::mask::mask;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    const SECRET: &str = "wJalrXUtnFEMI0K7MDENG";
    let masked = mask(text);
    assert_eq!(mask(&masked), masked, "what is masked stays as it is");
    if !text.contains(SECRET) {
        let line = format!("{text}\nx-amz-security-token:{SECRET}\n");
        assert!(!mask(&line).contains(SECRET), "{line:?}");
    }
});
