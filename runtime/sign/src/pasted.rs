//! Canonical requests and strings to sign, written by other tools.
//!
//! Services repeat them in messages, people paste them from logs and terminals, and saved exchanges hold them. What a
//! signer of this crate signs is never read back from its text.

use std::collections::BTreeSet;

use super::texts::{CanonicalRequest, SignedTexts, StringToSign, is_payload_hash};

impl SignedTexts {
    /// Reads both texts; either may be empty.
    pub fn read(canonical_request: &str, string_to_sign: &str) -> Self {
        let canonical_request = Some(CanonicalRequest::read(canonical_request))
            .filter(|read| *read != CanonicalRequest::default());
        let mut texts = Self { canonical_request, string_to_sign: None };
        if !string_to_sign.trim().is_empty() {
            texts.read_string_to_sign(string_to_sign);
        }
        texts
    }

    /// Takes a string to sign, unless there is one. In version 1.0 of RPC services, it contains the canonical request.
    pub fn read_string_to_sign(&mut self, text: &str) {
        if let Some(canonical) = super::rpc_text::read_string_to_sign(text) {
            self.canonical_request.get_or_insert(canonical);
            return;
        }
        self.string_to_sign.get_or_insert_with(|| StringToSign::read(text));
    }
}

impl StringToSign {
    /// Reads any text as well as possible.
    pub(super) fn read(text: &str) -> Self {
        let text = text.trim();
        let mut lines: Vec<_> = if text.contains('\n') {
            // No part contains a blank.
            text.lines().map(|line| line.split_whitespace().next().unwrap_or_default()).collect()
        } else {
            text.split_whitespace().collect()
        };
        if matches!(lines.as_slice(), [_, hash] if is_payload_hash(hash)) {
            lines.splice(1..1, ["", ""]);
        }
        let line = |index: usize| lines.get(index).copied().filter(|line| !line.is_empty());
        // The text may be quoted within a sentence: the first quote ends it.
        let hash = line(3).and_then(|hash| hash.split('\'').next()).map(str::trim);
        let hash = hash.filter(|hash| !hash.is_empty());
        let [algorithm, time, scope, hash] =
            [line(0), line(1), line(2), hash].map(|part| part.map(str::to_owned));
        Self { algorithm, time, scope, hash }
    }
}

impl CanonicalRequest {
    /// Reads any text as well as possible. The written form of the result is read back as the same parts.
    pub fn read(text: &str) -> Self {
        let read = Self::parse(text);
        // If the text was cut off, trimming its end may have changed the last part.
        if read.is_complete() { read } else { Self::parse(&read.to_string()) }
    }

    fn parse(text: &str) -> Self {
        let text = text.trim_end_matches(['\r', '\n', ' ']);
        let text = text.replace('\r', if text.contains('\n') { "" } else { "\n" });
        let text = text.trim_end_matches(['\n', ' ']);
        if text.contains('\n') { Self::from_lines(text) } else { Self::from_words(text) }
    }

    fn from_lines(text: &str) -> Self {
        let mut lines = text.split('\n').map(str::to_owned);
        let [method, path, query] = [(); 3].map(|()| lines.next().unwrap_or_default());
        let rest: Vec<_> = lines.collect();
        let mut canonical = Self { method, path, query, ..Self::default() };
        // The empty line ends the headers; a signer at fault leaves it out.
        let (headers, last) = match rest.iter().position(String::is_empty) {
            Some(empty) => {
                canonical.has_empty_line = true;
                (rest.get(..empty), rest.get(empty + 1..))
            }
            None if rest.len() > 1 && rest.last().is_some_and(|line| is_payload_hash(line)) => {
                (rest.get(..rest.len() - 2), rest.get(rest.len() - 2..))
            }
            None => (rest.get(..), None),
        };
        for line in headers.unwrap_or_default() {
            canonical.push_header_line(line);
        }
        let mut last = last.unwrap_or_default().iter().map(|line| line.trim());
        canonical.names = last.next().map(str::to_owned);
        // The text may be quoted within a sentence: the first quote ends it.
        let hash = last.next().and_then(|hash| hash.split('\'').next()).map(str::trim);
        canonical.payload_hash = hash.filter(|hash| !hash.is_empty()).map(str::to_owned);
        if canonical.payload_hash.is_none() {
            canonical.names.take_if(|names| names.is_empty());
        }
        canonical.has_empty_line &= canonical.names.is_some();
        canonical
    }

    fn push_header_line(&mut self, line: &str) {
        match (line.split_once(':'), self.headers.last_mut()) {
            (Some((name, value)), _) => self.headers.push((name.to_owned(), value.to_owned())),
            // A long value, such as a token, that was wrapped when it was copied.
            (None, Some((_, value))) => value.push_str(line),
            (None, None) => self.headers.push((line.to_owned(), String::new())),
        }
    }

    /// Reads a text whose line ends were lost, by the shape of its words.
    fn from_words(text: &str) -> Self {
        let mut words: Vec<_> = text.split_whitespace().collect();
        let mut canonical = Self::default();
        if words.len() > 3 && words.last().is_some_and(|word| is_payload_hash(word)) {
            canonical.payload_hash = words.pop().map(str::to_owned);
            let names = words.pop_if(|word| !word.contains(':'));
            canonical.names = Some(names.unwrap_or_default().to_owned());
            canonical.has_empty_line = true;
        }
        let known: Option<BTreeSet<&str>> =
            canonical.names.as_deref().map(|names| names.split(';').collect());
        let mut headers: Vec<(String, String)> = Vec::new();
        let mut query = Vec::new();
        let mut words = words.into_iter();
        let [method, path] = [(); 2].map(|()| words.next().unwrap_or_default().to_owned());
        for word in words {
            let header = word.split_once(':').filter(|(name, _)| match &known {
                Some(known) => known.contains(name),
                None => is_header_name(name),
            });
            match (header, headers.last_mut()) {
                (Some((name, value)), _) => headers.push((name.to_owned(), value.to_owned())),
                (None, Some((_, value))) => {
                    value.push(' ');
                    value.push_str(word);
                }
                (None, None) => query.push(word),
            }
        }
        Self { method, path, query: query.join(" "), headers, ..canonical }
    }
}

fn is_header_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}
