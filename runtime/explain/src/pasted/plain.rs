//! Removal of what terminals and tools put around a text, and of secrets that nothing names.

use std::borrow::Cow;

use crate::{
    identity::is_secret_by_form,
    mask::{MASK, mask_notes},
};

/// The text without colours, without the frame that Terraform draws, and without secrets that people copy along. User
/// names and passwords in URLs become [`MASK`].
pub(super) fn plain(pasted: &str) -> String {
    let text = without_colours(pasted);
    let text = if text.contains(FRAME) { Cow::Owned(without_frame(&text)) } else { text };
    without_bare_secrets(&mask_notes(&without_users(&text)))
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

/// Masks what precedes the host in `scheme://user:password@host`.
fn without_users(text: &str) -> String {
    const BEGIN: &str = "://";
    let mut pieces = text.split(BEGIN);
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |mut plain, piece| {
        plain.push_str(BEGIN);
        match piece.split_at_checked(user_end(piece)) {
            Some((user, rest)) if !user.is_empty() => plain.extend([MASK, rest]),
            _ => plain.push_str(piece),
        }
        plain
    })
}

/// Length of user name and password, before their `@`.
fn user_end(url: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '`' | '\\');
    let url = url.split(ends).next().unwrap_or_default();
    let authority = url.split(['/', '?', '#']).next().unwrap_or_default();
    // A path may contain `@`, too. But a password with `/`, `?` or `#` seems to end the authority: what follows the colon is
    // an invalid port then.
    let is_cut = || authority.split_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_err());
    let has_user = authority.contains('@') || !authority.starts_with('[') && is_cut();
    url.rfind('@').filter(|_| has_user).unwrap_or_default()
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
