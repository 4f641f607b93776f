//! The two texts that are signed, taken apart into their lines.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use crate::{
    crypto::{hex, sha256},
    mask::{MASK, is_digest, is_secret, mask},
};

/// The hash of an empty payload.
pub(super) const EMPTY_HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The texts of one side, as far as they are known.
#[derive(Default)]
pub(super) struct Texts {
    pub(super) canonical: Option<Canonical>,
    pub(super) string_to_sign: Option<StringToSign>,
}

impl Texts {
    pub(super) fn read(canonical: &str, string_to_sign: &str) -> Self {
        let some = |text: &str| !text.trim().is_empty();
        let mut texts =
            Self { canonical: some(canonical).then(|| Canonical::read(canonical)), string_to_sign: None };
        if some(string_to_sign) {
            texts.read_string_to_sign(string_to_sign);
        }
        texts
    }

    /// Takes a string to sign, unless there is one; where that is all that is signed, it tells the canonical request.
    pub(super) fn read_string_to_sign(&mut self, text: &str) {
        #[cfg(feature = "rpc-v1")]
        if let Some(canonical) = super::rpc::canonical(text) {
            self.canonical.get_or_insert(canonical);
            return;
        }
        self.string_to_sign.get_or_insert_with(|| StringToSign::read(text));
    }

    /// The hash in the string to sign.
    pub(super) fn written_hash(&self) -> Option<&str> {
        self.string_to_sign.as_ref().and_then(StringToSign::hash)
    }

    /// The hash that belongs there.
    pub(super) fn computed_hash(&self) -> Option<String> {
        self.canonical.as_ref().and_then(Canonical::computed_hash)
    }

    /// Whether both hashes are known, and differ.
    pub(super) fn disagree(&self) -> bool {
        let hashes = self.written_hash().zip(self.computed_hash());
        hashes.is_some_and(|(written, computed)| written != computed)
    }
}

/// Algorithm, time, scope and hash; time and scope are empty where a signature has none.
pub(super) struct StringToSign(Vec<String>);

impl StringToSign {
    pub(super) fn read(text: &str) -> Self {
        let text = text.trim();
        let mut lines: Vec<_> = if text.contains('\n') {
            text.lines().map(|line| line.trim().to_owned()).collect()
        } else {
            text.split_whitespace().map(str::to_owned).collect()
        };
        if matches!(lines.as_slice(), [_, hash] if is_payload_hash(hash)) {
            lines.splice(1..1, [String::new(), String::new()]);
        }
        Self(lines)
    }

    pub(super) fn algorithm(&self) -> Option<&str> {
        self.line(0)
    }

    pub(super) fn time(&self) -> Option<&str> {
        self.line(1)
    }

    pub(super) fn scope(&self) -> Option<&str> {
        self.line(2)
    }

    pub(super) fn hash(&self) -> Option<&str> {
        self.line(3).and_then(|hash| hash.split('\'').next())
    }

    fn line(&self, index: usize) -> Option<&str> {
        self.0.get(index).map(String::as_str).filter(|line| !line.is_empty())
    }
}

/// A canonical request. The last parts are `None` where the text ends before them.
#[derive(Clone, Default, PartialEq, Eq)]
pub(in crate::explain) struct Canonical {
    pub(in crate::explain) method: String,
    pub(in crate::explain) path: String,
    pub(in crate::explain) query: String,
    pub(in crate::explain) headers: Vec<(String, String)>,
    pub(in crate::explain) empty_line: bool,
    pub(in crate::explain) names: Option<String>,
    pub(in crate::explain) hash: Option<String>,
}

impl Canonical {
    /// Reads any text as well as it can be read.
    pub(in crate::explain) fn read(text: &str) -> Self {
        let text = text.trim_end_matches(['\r', '\n', ' ']).replace("\r\n", "\n");
        let text = if text.contains('\n') { text } else { text.replace('\r', "\n") };
        if text.contains('\n') { Self::from_lines(&text) } else { Self::from_words(&text) }
    }

    fn from_lines(text: &str) -> Self {
        let mut lines = text.split('\n').map(str::to_owned);
        let [method, path, query] = [(); 3].map(|()| lines.next().unwrap_or_default());
        let rest: Vec<_> = lines.collect();
        let mut canonical = Self { method, path, query, ..Self::default() };
        // The empty line ends the headers; a signer at fault leaves it out.
        let (headers, last) = match rest.iter().position(String::is_empty) {
            Some(empty) => {
                canonical.empty_line = true;
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
        let mut last = last.unwrap_or_default().iter();
        canonical.names = last.next().cloned();
        // A quote of a sentence that follows the text is taken for the closing one.
        canonical.hash = last.next().and_then(|hash| hash.split('\'').next()).map(str::to_owned);
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
        let mut canonical = Self { empty_line: true, ..Self::default() };
        if words.len() > 3 && words.last().is_some_and(|word| is_payload_hash(word)) {
            canonical.hash = words.pop().map(str::to_owned);
            let names = words.pop_if(|word| !word.contains(':'));
            canonical.names = Some(names.unwrap_or_default().to_owned());
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

    /// Whether the text reaches to its end, so that what it lacks is not there.
    pub(in crate::explain) fn is_complete(&self) -> bool {
        self.hash.is_some()
    }

    /// Values by names in lower case; lines of one name are joined.
    pub(super) fn header_values(&self) -> BTreeMap<String, String> {
        let mut values: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in &self.headers {
            let joined = values.entry(name.trim().to_ascii_lowercase());
            joined
                .and_modify(|joined| {
                    joined.push(',');
                    joined.push_str(value);
                })
                .or_insert_with(|| value.clone());
        }
        values
    }

    /// The value of a header, by its name in lower case.
    pub(in crate::explain) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(header, _)| header.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The hash of this text; `None` where a secret in it was masked or its end is missing.
    pub(super) fn computed_hash(&self) -> Option<String> {
        let text = self.to_string();
        let known = self.is_complete() && !text.contains(MASK);
        known.then(|| String::from_utf8_lossy(&hex(&sha256(text.as_bytes()))).into_owned())
    }
}

/// The text itself, its lines ended as they are signed.
impl fmt::Display for Canonical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}", self.method, self.path, self.query)?;
        for (name, value) in &self.headers {
            write!(f, "\n{name}:{value}")?;
        }
        if self.empty_line && self.names.is_some() {
            f.write_str("\n")?;
        }
        for line in [&self.names, &self.hash].into_iter().flatten() {
            write!(f, "\n{line}")?;
        }
        Ok(())
    }
}

/// Whether two secrets are not known to differ. Masked ones are compared by the digits of their hash that the mask
/// may have, and with what is not masked not at all.
pub(super) fn may_be_same(ours: &str, theirs: &str) -> bool {
    let are_there = !ours.trim().is_empty() && !theirs.trim().is_empty();
    let is_unknown = is_mask(ours) || is_mask(theirs) || is_digest(ours) != is_digest(theirs);
    ours == theirs || are_there && is_unknown
}

/// What stands in a text that was masked in the place of a secret.
pub(super) fn is_mask(value: &str) -> bool {
    let value = value.trim().trim_matches(['<', '>', '[', ']']);
    let word = ["redacted", "masked", "hidden"].iter().any(|word| value.eq_ignore_ascii_case(word));
    word || !value.is_empty() && value.chars().all(|c| matches!(c, '*' | '…' | '•'))
}

/// `***`, and how long the secret is: one that was cut is told from one that was exchanged.
pub(super) fn hidden(value: &str) -> String {
    if is_digest(value) {
        value.trim().to_owned()
    } else if is_mask(value) {
        MASK.to_owned()
    } else {
        format!("*** ({} characters)", value.chars().count())
    }
}

/// A header's value, unless that is a secret.
pub(super) fn shown_header(name: &str, value: &str) -> String {
    if is_secret(name) { hidden(value) } else { mask(value) }
}

fn is_payload_hash(line: &str) -> bool {
    let digits = line.len() == 64 && line.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits || line.starts_with("UNSIGNED-PAYLOAD") || line.starts_with("STREAMING-")
}

fn is_header_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}
