//! Characters in the texts and attributes of XML 1.0.

use std::borrow::Cow;

use crate::protocol::EncodeError;

/// A text as content of an element or value of an attribute. Line ends and tabs are references, since readers change them
/// otherwise (XML 1.0, sections 2.11 and 3.3.3).
pub(super) fn escaped(text: &str) -> Result<Cow<'_, str>, EncodeError> {
    if let Some(forbidden) = text.chars().find(|char| is_forbidden(*char)) {
        let code = u32::from(forbidden);
        return Err(EncodeError(format!("has the character U+{code:04X}, which XML cannot have")));
    }
    Ok(replaced(text))
}

/// The URI of a namespace, which the model gives.
pub(super) fn uri(text: &str) -> Cow<'_, str> {
    replaced(text)
}

fn replaced(text: &str) -> Cow<'_, str> {
    if text.chars().all(|char| reference(char).is_none()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for char in text.chars() {
        match reference(char) {
            Some(reference) => out.push_str(reference),
            None => out.push(char),
        }
    }
    Cow::Owned(out)
}

fn reference(char: char) -> Option<&'static str> {
    Some(match char {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\t' => "&#x9;",
        '\n' => "&#xA;",
        '\r' => "&#xD;",
        // Readers of XML 1.1 take them for line ends.
        '\u{85}' => "&#x85;",
        '\u{2028}' => "&#x2028;",
        _ => return None,
    })
}

/// Characters that XML cannot represent, not even by references (XML 1.0, section 2.2).
fn is_forbidden(char: char) -> bool {
    matches!(char, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}
