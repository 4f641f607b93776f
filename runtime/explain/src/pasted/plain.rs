//! Removal of what terminals and tools put around a text, and of secrets that nothing names.

use std::borrow::Cow;

use crate::{
    identity::is_secret_by_form,
    mask::{MASK, mask_notes},
};

/// The text without colours, without the frame that Terraform draws, and without secrets that people copy along.
pub(super) fn plain(pasted: &str) -> String {
    let text = without_colours(pasted);
    let text = if text.contains(FRAME) { Cow::Owned(without_frame(&text)) } else { text };
    without_bare_secrets(&mask_notes(&text))
}

/// Removes the control sequences of terminals: `ESC [`, parameters, and a letter.
fn without_colours(text: &str) -> Cow<'_, str> {
    const BEGIN: &str = "\u{1b}[";
    let mut pieces = text.split(BEGIN);
    let first = pieces.next().unwrap_or_default();
    if first.len() == text.len() {
        return text.into();
    }
    let after =
        |piece: &'_ str| piece.find(|c: char| c.is_ascii_alphabetic()).map_or(piece.len(), |end| end + 1);
    pieces.fold(first.to_owned(), |plain, piece| plain + piece.get(after(piece)..).unwrap_or_default()).into()
}

const FRAME: [char; 3] = ['│', '╷', '╵'];

fn without_frame(text: &str) -> String {
    let inner = |line: &'_ str| {
        let line = line.trim_start().trim_start_matches(FRAME);
        line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned()
    };
    text.lines().map(inner).collect::<Vec<_>>().join("\n")
}

fn without_bare_secrets(text: &str) -> String {
    let is_of_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '.');
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_of_base64) {
        let (before, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|c| !is_of_base64(c)).unwrap_or(from.len()));
        plain.push_str(before);
        plain.push_str(if is_secret_by_form(word.trim_end_matches('.')) { MASK } else { word });
        rest = after;
    }
    plain + rest
}
