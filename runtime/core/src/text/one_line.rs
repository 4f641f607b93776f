//! Foreign text within one line of a message.

use std::fmt;

use super::within;
use crate::mask::mask;

/// Characters that are shown.
const MAX_CHARS: usize = 1000;

/// Bytes that are looked at: enough for as many characters, and for line breaks between them.
const MAX_BYTES: usize = 16 << 10;

/// Foreign text, displayed in one line. Secrets are masked, line breaks become spaces, and long text is cut.
#[derive(Debug)]
pub struct OneLine<'a>(pub &'a str);

impl<'a> OneLine<'a> {
    /// The text, or `None` if nothing of it is visible. So messages have no label without a value.
    pub fn of(text: Option<&'a str>) -> Option<Self> {
        text.filter(|text| is_visible(text)).map(OneLine)
    }
}

/// Whether a character ends a line, or has an effect on terminals that readers do not expect within one.
fn breaks_line(char: char) -> bool {
    char.is_control() || matches!(char, '\u{2028}' | '\u{2029}')
}

/// A text of any length on one line. For texts of the client itself that quote others: nothing is masked or cut.
pub fn in_one_line(text: String) -> String {
    if !text.contains(breaks_line) {
        return text;
    }
    text.split(breaks_line).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether something of a text is visible in a line.
pub fn is_visible(text: &str) -> bool {
    text.chars().take(MAX_BYTES).any(|char| !char.is_whitespace() && !char.is_control())
}

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = MAX_CHARS;
        // A secret that is cut is nevertheless masked, by its name.
        let begin = within(self.0, MAX_BYTES);
        let masked = mask(begin);
        for (index, part) in masked.trim().split(breaks_line).filter(|part| !part.is_empty()).enumerate() {
            f.write_str(if index == 0 { "" } else { " " })?;
            if let Some((end, _)) = part.char_indices().nth(left) {
                return write!(f, "{}…", part.get(..end).unwrap_or_default());
            }
            f.write_str(part)?;
            left -= part.chars().count();
        }
        f.write_str(if begin.len() < self.0.len() { "…" } else { "" })
    }
}

/// A label and a text, joined by a colon. If one of them is empty, only the other.
#[derive(Debug)]
pub struct Labelled<'a>(pub &'a str, pub &'a str);

impl fmt::Display for Labelled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self("", text) | Self(text, "") => f.write_str(text),
            Self(label, text) => write!(f, "{label}: {text}"),
        }
    }
}

/// Foreign text in `Debug` output.
pub fn brief(text: Option<&str>) -> Option<String> {
    text.map(|text| OneLine(text).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(OneLine::of(Some(text)).map(|line| line.to_string()).as_deref(), expected);
    }

    #[test]
    fn texts_fit_in_a_line() {
        check("", None);
        check(" \r\n\u{0}\u{85}\u{2028} ", None);
        check(" a\r\nb\u{2028}c ", Some("a b c"));
        check("password=hush", Some("password=***"));
        check(&"a".repeat(1000), Some(&"a".repeat(1000)));
        check(&"a".repeat(1001), Some(&("a".repeat(1000) + "…")));
        check(&("a".to_owned() + &"\n".repeat(20_000) + "b"), Some("a…"));
        check(&"ä\n".repeat(9000), Some(&("ä ".repeat(1000).trim_end().to_owned() + " …")));
    }
}
