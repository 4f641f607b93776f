//! What fuzz targets share.

use gatewright_runtime::Explanation;

/// Checks that each text of an explanation is one line, whatever it quotes.
///
/// # Panics
/// If a text breaks its line.
pub fn check_lines(explanation: &Explanation) {
    let Explanation { summary, evidence, causes, remedies, .. } = explanation;
    for line in [summary].into_iter().chain(evidence).chain(causes).chain(remedies) {
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
}
