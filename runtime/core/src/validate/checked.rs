//! Patterns, checked by a regex engine.

use std::sync::OnceLock;

use regex::Regex;

/// A pattern that is compiled when first used.
#[derive(Debug)]
pub(super) struct Checked {
    pattern: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Checked {
    pub(super) const fn new(pattern: &'static str) -> Self {
        Self { pattern, compiled: OnceLock::new() }
    }

    /// Whether `value` does not match. A pattern that does not compile, which the model's checks rule out, matches
    /// everything.
    pub(super) fn refuses(&self, value: &str) -> bool {
        let regex = self.compiled.get_or_init(|| Regex::new(self.pattern).ok());
        regex.as_ref().is_some_and(|regex| !regex.is_match(value))
    }
}
