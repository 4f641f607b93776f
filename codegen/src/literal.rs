//! Literals as a person would write them.

use std::fmt::Display;

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{LitFloat, LitInt};

/// An integer, with long numbers in groups of three digits.
pub(crate) fn integer(value: impl Display) -> LitInt {
    LitInt::new(&grouped(&value.to_string()), Span::call_site())
}

/// A floating-point number.
pub(crate) fn float(value: f64) -> LitFloat {
    LitFloat::new(&format!("{value:?}"), Span::call_site())
}

/// An optional value.
pub(crate) fn option(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}

/// A text, without escapes if possible.
pub(crate) fn raw(text: &str) -> Literal {
    let is_plain = !text.contains(['\\', '"']) || text.contains(is_hidden);
    if is_plain { Literal::string(text) } else { unescaped(text) }
}

/// The text of a line of documentation. It is printed as `///`, and `syn`, which reads each text twice, reads raw ones faster.
pub(crate) fn doc(line: &str) -> Literal {
    let shown = |c: char| if is_hidden(c) { c.escape_unicode().to_string() } else { c.to_string() };
    let line = if line.contains(is_hidden) { line.chars().map(shown).collect() } else { line.to_owned() };
    if line.is_empty() { unescaped("") } else { unescaped(&format!(" {line}")) }
}

/// Whether a character cannot be seen, or changes how others are shown. The compiler refuses some of them in comments and raw
/// texts, and clippy others.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A raw text, unless it contains what ends one or what a raw text cannot contain.
fn unescaped(text: &str) -> Literal {
    let hash = if text.contains('"') { "#" } else { "" };
    format!("r{hash}\"{text}\"{hash}").parse().unwrap_or_else(|_| Literal::string(text))
}

fn grouped(number: &str) -> String {
    let digits = number.trim_start_matches('-').len();
    let mut grouped = String::new();
    for (index, character) in number.char_indices() {
        let left = number.len() - index;
        if digits > 5 && character != '-' && left.is_multiple_of(3) && left < digits {
            grouped.push('_');
        }
        grouped.push(character);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_where_they_are_many() {
        for (value, expected) in
            [(0, "0"), (-12345, "-12345"), (123_456, "123_456"), (-4_294_967_294, "-4_294_967_294")]
        {
            assert_eq!(grouped(&i64::to_string(&value)), expected);
        }
    }

    #[test]
    fn texts_are_raw_where_that_reads_better() {
        for (text, expected) in [("a", r#""a""#), (r"\d", r#"r"\d""#), (r#"{"a"}"#, r##"r#"{"a"}"#"##)] {
            assert_eq!(raw(text).to_string(), expected);
        }
    }

    #[test]
    fn texts_are_raw_unless_that_would_change_them() {
        for (text, expected) in [
            ("a", "r\" a\""),
            ("", "r\"\""),
            ("a \\ b", "r\" a \\ b\""),
            ("say \"a\"", "r#\" say \"a\"\"#"),
            ("a\"#b", "\" a\\\"#b\""),
            ("a\rb\u{202e}", r#"r" a\u{d}b\u{202e}""#),
        ] {
            assert_eq!(doc(text).to_string(), expected);
        }
        assert_eq!(raw("\\\u{202e}\n").to_string(), r#""\\\u{202e}\n""#);
        assert_eq!(raw("a").to_string(), "\"a\"");
        assert_eq!(raw("a\\").to_string(), "r\"a\\\"");
    }
}
