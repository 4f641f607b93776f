//! A service's message, split into sentences and the texts that the service computed.

use std::ops::Range;

use crate::{
    body::xml,
    sign::{CanonicalRequest, SignedTexts},
};

/// A service's message: its sentences, and the texts that it computed.
pub(super) struct Message {
    /// The sentences before the texts, with single spaces.
    prose: String,
    /// The sentences in lower case, of the same length.
    lower: String,
    pub(super) texts: SignedTexts,
}

impl Message {
    /// Parses a message, which may still be escaped for JSON or XML, or be wrapped by a terminal.
    pub(super) fn read(message: &str) -> Self {
        let mut message = message.to_owned();
        let may_be_json = !message.contains('\n') || message.trim_start().starts_with('{');
        if may_be_json && ["\\n", "\\u0027"].iter().any(|escape| message.contains(escape)) {
            message = unescape_json(&message);
        }
        if message.trim_start().starts_with('<') {
            message = xml::unescape(&message);
        }
        let found = markers(&message);
        let end = found.first().map_or(message.len(), |(_, marker)| marker.start);
        let prose: Vec<_> = message.get(..end).unwrap_or_default().split_whitespace().collect();
        let mut prose = prose.join(" ");
        if QUOTES_IN_XML.iter().any(|entity| prose.contains(entity)) {
            prose = xml::unescape(&prose);
        }
        let lower = prose.to_ascii_lowercase();
        Self { prose, lower, texts: texts(&message, &found) }
    }

    /// Whether a sentence, given in lower case, is part of the message.
    pub(super) fn says(&self, sentence: &str) -> bool {
        self.lower.contains(sentence)
    }

    /// Whether the message is exactly this sentence, given in lower case.
    pub(super) fn is(&self, sentence: &str) -> bool {
        self.lower.trim_end_matches('.') == sentence
    }

    /// The text after each occurrence of a phrase, given in lower case.
    pub(super) fn after(&self, phrase: &str) -> impl Iterator<Item = &str> {
        let ends = self.lower.match_indices(phrase).map(|(at, phrase)| at + phrase.len());
        ends.filter_map(|end| self.prose.get(end..))
    }

    /// The text before the first occurrence of a phrase, given in lower case.
    pub(super) fn before(&self, phrase: &str) -> Option<&str> {
        self.lower.find(phrase).and_then(|at| self.prose.get(..at))
    }
}

/// The text up to the next quote.
pub(super) fn quoted(rest: &str) -> Option<&str> {
    rest.split_once('\'').map(|(text, _)| text)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Canonical,
    StringToSign,
}

/// The sentences that announce a text, in any case and with any white space between their words.
const MARKERS: [(Kind, &[&str]); 7] = [
    (Kind::Canonical, &["canonical", "string", "for", "this", "request", "should", "have", "been"]),
    (Kind::Canonical, &["canonical", "request", "should", "have", "been"]),
    (Kind::StringToSign, &["string-to-sign", "should", "have", "been"]),
    (Kind::StringToSign, &["string", "to", "sign", "should", "have", "been"]),
    (Kind::StringToSign, &["server", "string", "to", "sign", "is"]),
    (Kind::StringToSign, &["server", "stringtosign", "is"]),
    (Kind::Canonical, &["server", "canonicalrequest", "is"]),
];

fn markers(message: &str) -> Vec<(Kind, Range<usize>)> {
    let lower = message.to_ascii_lowercase();
    let mut found = Vec::new();
    for (kind, words) in MARKERS {
        let first = words.first().copied().unwrap_or_default();
        for (start, _) in lower.match_indices(first) {
            if let Some(end) = end_of_phrase(&lower, start, words) {
                found.push((kind, start..end));
            }
        }
    }
    found.sort_by_key(|(_, marker)| marker.start);
    found
}

fn end_of_phrase(text: &str, start: usize, words: &[&str]) -> Option<usize> {
    let mut rest = text.get(start..)?;
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            let trimmed = rest.trim_start();
            if trimmed.len() == rest.len() {
                return None;
            }
            rest = trimmed;
        }
        rest = rest.strip_prefix(word)?;
    }
    Some(text.len() - rest.len())
}

/// The texts between each marker and the next.
fn texts(message: &str, markers: &[(Kind, Range<usize>)]) -> SignedTexts {
    let mut texts = SignedTexts::default();
    let ends = markers.iter().skip(1).map(|(_, next)| next.start).chain([message.len()]);
    for ((kind, marker), end) in markers.iter().zip(ends) {
        let text = outdented(unquote(message.get(marker.end..end).unwrap_or_default()));
        if text.is_empty() {
            continue;
        }
        match kind {
            Kind::Canonical => {
                texts.canonical_request.get_or_insert_with(|| canonical(&text));
            }
            Kind::StringToSign => texts.read_string_to_sign(&text),
        }
    }
    texts
}

/// An ampersand in a canonical query is never followed by `amp;`, unless the text is still escaped.
fn canonical(text: &str) -> CanonicalRequest {
    let canonical = CanonicalRequest::read(text);
    if canonical.query.contains("&amp;") { CanonicalRequest::read(&xml::unescape(text)) } else { canonical }
}

/// Removes the indentation that logs and terminals add after the first line; no line of these texts begins with a
/// space.
fn outdented(text: String) -> String {
    let is_indented = text.split('\n').nth(1).is_some_and(|line| line.starts_with([' ', '\t']));
    if is_indented { text.split('\n').map(str::trim_start).collect::<Vec<_>>().join("\n") } else { text }
}

/// The text from the first quote or bracket to the last, or all of it; the text itself may have quotes.
fn unquote(text: &str) -> String {
    let text = text.trim_start_matches(':').trim();
    let is_escaped = QUOTES_IN_XML.iter().any(|entity| text.starts_with(entity));
    let text = if is_escaped { xml::unescape(text) } else { text.to_owned() };
    let mut rest = text.chars();
    let closing: &[char] = match rest.next() {
        Some('\'') => &['\''],
        Some('"') => &['"'],
        Some('`') => &['`', '\''],
        Some('‘' | '’') => &['’', '\''],
        Some('[') => &[']'],
        _ => return text.strip_suffix("The").unwrap_or(&text).trim().to_owned(),
    };
    let inner = rest.as_str();
    inner.rfind(closing).and_then(|end| inner.get(..end)).unwrap_or(inner).to_owned()
}

const QUOTES_IN_XML: [&str; 6] = ["&apos;", "&#39;", "&#x27;", "&#X27;", "&quot;", "&#34;"];

fn unescape_json(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let mut characters = after.chars();
        let character = match characters.next() {
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some(same @ ('"' | '\\' | '/' | '\'')) => Some(same),
            Some('u') => {
                let digits = after.get(1..5).and_then(|digits| u32::from_str_radix(digits, 16).ok());
                let character = digits.and_then(char::from_u32);
                character.inspect(|_| characters = after.get(5..).unwrap_or_default().chars())
            }
            _ => None,
        };
        plain.push(character.unwrap_or('\\'));
        rest = if character.is_some() { characters.as_str() } else { after };
    }
    plain + rest
}
