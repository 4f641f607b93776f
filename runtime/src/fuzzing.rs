//! Access to private parsers, for the fuzz targets in `runtime/fuzz`.
//!
//! This module is only there with `--cfg fuzzing`, which the fuzzer sets.

pub use crate::transport::read_pieces as response;

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
