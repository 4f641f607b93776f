//! Texts that other programs or people wrote.

mod one_line;

use std::{borrow::Cow, error::Error, iter::successors};

pub use self::one_line::{Labelled, OneLine, brief, in_one_line, is_visible};

/// A text as UTF-8, without a byte order mark. Editors and shells put the mark before texts.
///
/// UTF-16, as PowerShell writes it, is recognized by its mark (RFC 2781, 3.2); a text without a mark is returned
/// unchanged.
pub fn without_mark(bytes: &[u8]) -> Cow<'_, [u8]> {
    match bytes {
        [0xff, 0xfe, text @ ..] => decode_utf16(text, u16::from_le_bytes),
        [0xfe, 0xff, text @ ..] => decode_utf16(text, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, text @ ..] | text => text.into(),
    }
}

/// Invalid UTF-16 becomes U+FFFD, which readers of the text reject or show.
fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Cow<'_, [u8]> {
    let (pairs, rest) = bytes.as_chunks();
    let chars = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)));
    let text = chars.map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER));
    let cut = (!rest.is_empty()).then_some(char::REPLACEMENT_CHARACTER);
    text.chain(cut).collect::<String>().into_bytes().into()
}

/// The words of a text, with one blank between them.
pub fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning of a text, in at most `max` bytes.
pub fn within(text: &str, max: usize) -> &str {
    // At most four bytes are one character.
    (0..=max.min(text.len())).rev().take(4).find_map(|end| text.get(..end)).unwrap_or_default()
}

/// The causes of an error, outermost first.
pub fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    successors(error.source(), |cause: &&'a (dyn Error + 'static)| (*cause).source())
}

/// An error with its causes.
pub fn with_causes(error: &(dyn Error + 'static)) -> String {
    causes(error).fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_end_between_characters() {
        let text = "aé€\u{1f60a}z";
        for (max, expected) in [
            (0, ""),
            (1, "a"),
            (2, "a"),
            (3, "aé"),
            (5, "aé"),
            (6, "aé€"),
            (9, "aé€"),
            (10, "aé€\u{1f60a}"),
            (11, text),
            (usize::MAX, text),
        ] {
            assert_eq!(within(text, max), expected, "{max}");
        }
    }

    #[test]
    fn marks() {
        for (bytes, text) in [
            (b"".as_slice(), ""),
            (b"{}", "{}"),
            (b"\xef\xbb\xbf", ""),
            (b"\xef\xbb\xbf{}", "{}"),
            (b"\xef\xbb\xbf\xef\xbb\xbf{}", "\u{feff}{}"),
            (b"\xff\xfe{\0}\0", "{}"),
            (b"\xfe\xff\0{\0}", "{}"),
            (b"\xff\xfe=\xd8\x0a\xde", "\u{1f60a}"),
            (b"\xff\xfe=\xd8{\0}", "\u{fffd}{\u{fffd}"),
            (b"\xff\xfe", ""),
        ] {
            assert_eq!(String::from_utf8_lossy(&without_mark(bytes)), text, "{bytes:?}");
        }
        assert_eq!(*without_mark(b"\x30\x82\xff\xfe"), *b"\x30\x82\xff\xfe");
    }
}
