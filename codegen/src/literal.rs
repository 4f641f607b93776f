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
    let plain = !text.contains(['\\', '"']);
    let hashes = if text.contains('"') { "#" } else { "" };
    let raw = format!("r{hashes}\"{text}\"{hashes}");
    let raw = if plain || text.contains("\"#") { None } else { raw.parse().ok() };
    raw.unwrap_or_else(|| Literal::string(text))
}

/// The text of a line of documentation. Its quotes are not shown, and `syn`, which reads each text twice, reads raw texts faster.
pub(crate) fn doc(line: &str) -> Literal {
    let start = if line.is_empty() { "" } else { " " };
    let hash = if line.contains('"') { "#" } else { "" };
    format!("r{hash}\"{start}{line}\"{hash}")
        .parse()
        .unwrap_or_else(|_| Literal::string(&format!("{start}{line}")))
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
}
