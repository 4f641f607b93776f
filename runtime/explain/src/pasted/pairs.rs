//! Names with quoted values, in the notations of several languages.

use std::str::Chars;

/// A name, and the text that is quoted after it.
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) value: String,
}

/// Reads `"name": "value"`, `name: 'value'`, `name: Some("value")` and `'name': "value"`, wherever they are in a text.
///
/// JavaScript breaks long values into pieces with `+` between them. The last value may be cut.
pub(super) fn read(text: &str) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut rest = text;
    while let Some(colon) = rest.find(':') {
        let (before, after) = rest.split_at(colon);
        let name = before.trim_end_matches(['"', '\'']);
        let name = name.rsplit(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).next();
        rest = after.get(1..).unwrap_or_default();
        let value = rest.trim_start();
        let value = value.strip_prefix("Some(").unwrap_or(value);
        let (Some(name), true) = (name.filter(|name| !name.is_empty()), value.starts_with(['"', '\'']))
        else {
            continue;
        };
        let name = name.to_owned();
        let mut value = value.chars();
        let text = quoted(&mut value);
        pairs.push(Pair { name, value: text });
        rest = value.as_str();
    }
    pairs
}

/// The text in quotes, and in further quotes after `+`; the rest remains.
fn quoted(rest: &mut Chars<'_>) -> String {
    let mut value = String::new();
    loop {
        let quote = rest.next();
        loop {
            match rest.next() {
                None => return value,
                end if end == quote => break,
                Some('\\') => value.extend(match rest.next() {
                    Some('n') => Some('\n'),
                    Some('t') => Some('\t'),
                    Some('r') => Some('\r'),
                    other => other,
                }),
                Some(char) => value.push(char),
            }
        }
        let next = rest.as_str().trim_start().strip_prefix('+').map(str::trim_start);
        match next.filter(|next| next.starts_with(['"', '\''])) {
            Some(next) => *rest = next.chars(),
            None => return value,
        }
    }
}
