//! Patterns: `*` is any text, `{name}` a part without spaces.

use std::collections::BTreeMap;

/// The parts that patterns matched, by name.
pub type Parts = BTreeMap<String, String>;

/// Longer texts fit no pattern.
const MAX_TEXT: usize = 64 << 10;
/// Positions that are tried before a text counts as not fitting, which bounds the cost.
const MAX_STEPS: u32 = 20_000;

/// The parts, if the text fits.
pub(super) fn read<'p, 't>(pattern: &'p str, text: &'t str) -> Option<Vec<(&'p str, &'t str)>> {
    if text.len() > MAX_TEXT {
        return None;
    }
    let mut parts = Vec::new();
    fits(pattern, text, &mut parts, &mut MAX_STEPS.clone()).then_some(parts)
}

fn fits<'p, 't>(
    pattern: &'p str,
    text: &'t str,
    parts: &mut Vec<(&'p str, &'t str)>,
    steps: &mut u32,
) -> bool {
    let Some(at) = pattern.find(['*', '{']) else { return pattern == text };
    let (literal, wild) = pattern.split_at(at);
    let Some(text) = text.strip_prefix(literal) else { return false };
    let (name, after) = match wild.strip_prefix('{').and_then(|named| named.split_once('}')) {
        Some((name, after)) => (Some(name), after),
        None => (None, wild.get(1..).unwrap_or_default()),
    };
    if name.is_none() && after.is_empty() {
        return true;
    }
    let end = if name.is_some() { text.find(char::is_whitespace).unwrap_or(text.len()) } else { text.len() };
    let shortest = usize::from(name.is_some());
    let ends = (shortest..=end).filter(|end| text.is_char_boundary(*end));
    for end in ends {
        let (part, rest) = text.split_at(end);
        let Some(left) = steps.checked_sub(1) else { return false };
        *steps = left;
        let known = parts.len();
        parts.extend(name.map(|name| (name, part)));
        if fits(after, rest, parts, steps) {
            return true;
        }
        parts.truncate(known);
    }
    false
}

/// A sentence with its parts filled in; an unknown one is shown as `<name>`.
pub fn fill(sentence: &str, parts: &Parts) -> String {
    /// Characters of a part that are shown.
    const MAX: usize = 160;
    fill_by(sentence, |name| {
        Some(parts.get(name)?.chars().filter(|char| !char.is_control()).take(MAX).collect())
    })
}

/// A text with its parts filled in, if all are known.
pub(super) fn fill_whole(text: &str, parts: &Parts) -> Option<String> {
    let mut is_whole = true;
    let filled = fill_by(text, |name| {
        let part = parts.get(name);
        is_whole &= part.is_some();
        part.cloned()
    });
    is_whole.then_some(filled)
}

/// A sentence with the parts that a function returns for their names.
pub(crate) fn fill_by(sentence: &str, mut part: impl FnMut(&str) -> Option<String>) -> String {
    let mut pieces = sentence.split('{');
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once('}').unwrap_or((piece, ""));
        match part(name) {
            Some(part) => filled.push_str(&part),
            None => filled.extend(["<", name, ">"]),
        }
        filled.push_str(rest);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: Option<&[(&str, &str)]>) {
        let parts = read(pattern, text);
        assert_eq!(parts.as_deref(), expected, "{pattern:?} on {text:?}");
    }

    #[test]
    fn patterns_fit_whole_texts() {
        check("", "", Some(&[]));
        check("", "a", None);
        check("*", "", Some(&[]));
        check("Forbidden", "Forbidden", Some(&[]));
        check("Forbidden", "forbidden", None);
        check("Forbidden", "Forbidden.", None);
        check("a*c", "a b c c", Some(&[]));
        check("a*c", "a b c d", None);
        check("*mid*", "a mid b", Some(&[]));
        check("*ä*", "böä", Some(&[]));
    }

    #[test]
    fn parts_have_no_spaces() {
        check("on {what} of {whom}", "on a/b of c", Some(&[("what", "a/b"), ("whom", "c")]));
        check("on {what}", "on a b", None);
        check("on {what}", "on ", None);
        check("on {what} *", "on a because b", Some(&[("what", "a")]));
        check("{api}-vpce-{id}.x", "a-b-vpce-1.x", Some(&[("api", "a-b"), ("id", "1")]));
        check("User: {who} is*", "User: ä is not", Some(&[("who", "ä")]));
    }

    #[test]
    fn no_text_costs_much() {
        let text = "a".repeat(MAX_TEXT);
        check("*a*a*a*a*b", &text, None);
        check("*", &"a".repeat(MAX_TEXT + 1), None);
    }

    #[test]
    fn sentences_are_filled() {
        let parts = Parts::from([("a".to_owned(), "1\n2".to_owned())]);
        assert_eq!(fill("x {a} {b}.", &parts), "x 12 <b>.");
        assert_eq!(fill("none", &parts), "none");
    }
}
