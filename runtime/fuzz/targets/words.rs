//! Words of command lines.
#![no_main]

use gatewright_core::words::{posix as posix_words, windows as windows_words};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|line: &str| {
    if let Ok(words) = posix_words(line) {
        let quoted: Vec<_> =
            words.iter().map(|word| format!("'{}'", word.replace('\'', r#"'"'"'"#))).collect();
        assert_eq!(posix_words(&quoted.join(" ")), Ok(words));
    }
    if let Ok(words) = windows_words(line) {
        assert!(words.iter().map(String::len).sum::<usize>() <= line.len());
    }
});
