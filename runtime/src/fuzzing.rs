//! Access to private parsers, for the fuzz targets in `runtime/fuzz`.
//!
//! This module is only there with `--cfg fuzzing`, which the fuzzer sets.

use crate::secrets::Secrets;
pub use crate::transport::blocking::pieces::read_pieces as response;

/// The words of a command line, as a POSIX shell splits them.
///
/// # Errors
/// The quote or escape that is left open.
pub fn posix_words(line: &str) -> Result<Vec<String>, &'static str> {
    crate::words::posix(line)
}

/// The words of a command line, as programs on Windows split them.
///
/// # Errors
/// The quote or escape that is left open.
pub fn windows_words(line: &str) -> Result<Vec<String>, &'static str> {
    crate::words::windows(line)
}

/// Masks the secrets that follow known names in a text.
pub fn mask(text: &str) -> String {
    crate::mask::mask(text)
}

/// Masks the secrets of a text in JSON, by `members` and known names, wherever another text repeats them.
pub fn conceal(text: &str, json: &[u8], members: &[&str]) -> String {
    Secrets::of_json(text, json, members).conceal_text(text).into_owned()
}

/// A text without its escapes, as masking reads it.
pub fn unescaped(text: &str) -> Vec<u8> {
    crate::mask::unescaped(text.as_bytes())
}
