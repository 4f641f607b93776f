//! Masking of the secrets that a call knows, by value, in any encoding.

use std::{borrow::Cow, collections::VecDeque};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use bytes::Bytes;
use http::{HeaderValue, header::CONTENT_TYPE};
use serde_json::Value;
use zeroize::Zeroize as _;

use super::{MASK, digest, is_chosen, is_secret, plain::plain};
use crate::{
    credentials::Credentials,
    sign::decode,
    transport::{Request, Response},
};

/// This many bytes in a row of a secret are not shown.
const WINDOW: usize = 8;

/// What is shorter may stand in a text by chance.
const MIN_LEN: usize = 4;

/// Of longer secrets, only the beginning is known.
const MAX_LEN: usize = 64 << 10;

/// Levels of JSON within strings of JSON that are searched.
const MAX_NESTED: usize = 3;

/// Bits of the hash in the filter.
const FILTER_BITS: u32 = 16;

/// The secrets of a call, as what stands for them in any text.
///
/// A text is read once, through its escapes, and every [`WINDOW`] bytes in a row that are part of a secret are masked:
/// a secret that was cut, or taken apart, is hidden as well. Shorter secrets are masked as whole words.
#[derive(Default)]
pub(crate) struct Secrets {
    /// The windows of secrets that are masked without a digest; sorted.
    silent: Vec<u64>,
    /// The windows of secrets that can be told apart by a digest; sorted.
    comparable: Vec<u64>,
    /// Shorter secrets: how long, and which.
    short: Vec<(usize, u64)>,
    filter: Vec<u64>,
}

/// How a secret is masked.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// By `***` alone, since a person may have chosen it.
    Silent,
    /// With digits of a hash, so that two sides can be compared.
    Comparable,
}

impl Secrets {
    /// What a request carries: of the members that its model marks, and of headers and parameters that are known by their
    /// names. The body is the one before compression.
    pub(crate) fn of_request(request: &Request, body: &[u8], members: &[&str]) -> Self {
        let mut secrets = Self::default();
        for (name, value) in request.headers() {
            let text = String::from_utf8_lossy(value.as_bytes());
            if is_secret(name.as_str()) {
                secrets.add(&text, kind_of(name.as_str()));
            } else if value.is_sensitive() && !is_about_form(name.as_str()) {
                secrets.add(&text, Kind::Silent);
            }
        }
        let form = if is_form(request) { str::from_utf8(body).unwrap_or_default() } else { "" };
        for pair in
            [request.uri().query().unwrap_or_default(), form].iter().flat_map(|pairs| pairs.split('&'))
        {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let [name, value] = [name, value].map(|text| decode(text.as_bytes(), true));
            secrets.add_pair(&name, &value, members);
        }
        secrets.add_json(body, members);
        secrets.ready()
    }

    /// The members of a text in JSON that a model marks, and those that are known by their names.
    pub(crate) fn of_json(text: &[u8], members: &[&str]) -> Self {
        let mut secrets = Self::default();
        secrets.add_json(text, members);
        secrets.ready()
    }

    /// What a request was signed with. An access key id is none, as long as it has the form of one.
    pub(crate) fn with_credentials(mut self, credentials: &Credentials) -> Self {
        self.add(credentials.secret_access_key(), Kind::Silent);
        if credentials.shown_id() != credentials.access_key_id() {
            self.add(credentials.access_key_id(), Kind::Silent);
        }
        if let Some(token) = credentials.session_token() {
            self.add(token, Kind::Comparable);
        }
        self.ready()
    }

    fn add(&mut self, secret: &str, kind: Kind) {
        let secret = secret.trim().as_bytes();
        let secret = secret.get(..MAX_LEN).unwrap_or(secret);
        let mut bytes: Vec<u8> = plain(secret).map(|unit| unit.byte).collect();
        if (MIN_LEN..WINDOW).contains(&bytes.len()) {
            self.short.push((bytes.len(), bytes.iter().fold(0, |value, byte| shifted(value, *byte))));
        }
        let windows = match kind {
            Kind::Silent => &mut self.silent,
            Kind::Comparable => &mut self.comparable,
        };
        windows.extend(windows_of(&bytes));
        // In Base64, a text is written in three ways, by where in it the groups of three bytes begin.
        for (shift, before) in [[].as_slice(), &[0], &[0, 0]].into_iter().enumerate() {
            let mut shifted = [before, secret].concat();
            let mut encoded = STANDARD_NO_PAD.encode(&shifted).into_bytes();
            let whole = encoded.get((shift * 4).div_ceil(3)..shifted.len() * 4 / 3).unwrap_or_default();
            self.silent.extend(windows_of(whole));
            shifted.zeroize();
            encoded.zeroize();
        }
        bytes.zeroize();
    }

    fn add_pair(&mut self, name: &[u8], value: &[u8], members: &[&str]) {
        let [name, value] = [name, value].map(String::from_utf8_lossy);
        // `Users.1.Password`, `Password.member.1`
        let is_marked = || name.split('.').any(|part| is_member(part, members));
        if is_marked() {
            self.add(&value, Kind::Silent);
        } else if let Some(last) = name.rsplit('.').next().filter(|last| is_secret(last)) {
            self.add(&value, kind_of(last));
        } else {
            self.add_json(value.as_bytes(), members);
        }
    }

    fn add_json(&mut self, text: &[u8], members: &[&str]) {
        if let Some(value) = json(text) {
            self.add_value(&value, None, members, MAX_NESTED);
        }
    }

    fn add_value(&mut self, value: &Value, kind: Option<Kind>, members: &[&str], levels: usize) {
        match (value, kind) {
            (Value::Object(object), _) => {
                for (name, value) in object {
                    if let Some(kind) = kind {
                        self.add(name, kind);
                    }
                    let kind = kind
                        .or_else(|| is_member(name, members).then_some(Kind::Silent))
                        .or_else(|| is_secret(name).then(|| kind_of(name)));
                    self.add_value(value, kind, members, levels);
                }
            }
            (Value::Array(items), _) => {
                for item in items {
                    self.add_value(item, kind, members, levels);
                }
            }
            (Value::String(text), Some(kind)) => self.add(text, kind),
            (Value::Number(number), Some(kind)) => self.add(&number.to_string(), kind),
            (Value::String(text), None) if levels > 0 => {
                if let Some(nested) = json(text.as_bytes()) {
                    self.add_value(&nested, None, members, levels - 1);
                }
            }
            (Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null, _) => {}
        }
    }

    /// Sorted, so that they can be found.
    fn ready(mut self) -> Self {
        self.filter.resize(1 << (FILTER_BITS - 6), 0);
        for windows in [&mut self.silent, &mut self.comparable] {
            windows.sort_unstable();
            windows.dedup();
            for window in windows {
                let (word, bit) = place(*window);
                if let Some(word) = self.filter.get_mut(word) {
                    *word |= bit;
                }
            }
        }
        self
    }

    /// How this window is masked, if it is part of a secret.
    fn find(&self, window: u64) -> Option<Kind> {
        let (word, bit) = place(window);
        if self.filter.get(word).is_none_or(|word| word & bit == 0) {
            None
        } else if self.comparable.binary_search(&window).is_ok() {
            Some(Kind::Comparable)
        } else {
            self.silent.binary_search(&window).is_ok().then_some(Kind::Silent)
        }
    }

    /// A response without these secrets.
    pub(crate) fn conceal(&self, mut response: Response) -> Response {
        for value in response.headers_mut().values_mut() {
            let concealed = self.replaced(value.as_bytes());
            if let Some(Ok(concealed)) = concealed.map(|text| HeaderValue::from_bytes(&text)) {
                *value = concealed;
            }
        }
        if let Some(body) = self.replaced(response.body()) {
            *response.body_mut() = Bytes::from(body);
        }
        response
    }

    /// A text without these secrets.
    pub(crate) fn conceal_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.replaced(text.as_bytes()) {
            Some(concealed) => Cow::Owned(String::from_utf8_lossy(&concealed).into_owned()),
            None => Cow::Borrowed(text),
        }
    }

    /// `None` if there are none in it.
    fn replaced(&self, text: &[u8]) -> Option<Vec<u8>> {
        if self.silent.is_empty() && self.comparable.is_empty() && self.short.is_empty() {
            return None;
        }
        let mut written = Written { text, out: Vec::new(), kept: 0, hidden: None };
        let mut window = 0;
        // Where the last bytes begin.
        let mut starts = VecDeque::with_capacity(WINDOW + 1);
        let mut word: Option<Hidden> = None;
        for unit in plain(text) {
            if let Some(word) = word.take().filter(|_| !unit.byte.is_ascii_alphanumeric()) {
                written.hide(word);
            }
            window = shifted(window, unit.byte);
            starts.push_back(unit.start);
            if starts.len() > WINDOW {
                starts.pop_front();
            }
            let hidden = |length: usize, kind| {
                let start = starts.get(starts.len().checked_sub(length)?)?;
                Some(Hidden { start: *start, end: unit.end, kind })
            };
            if let Some(hidden) = self.find(window).and_then(|kind| hidden(WINDOW, kind)) {
                written.hide(hidden);
            }
            word = self.short.iter().find_map(|&(length, secret)| {
                // A window that is not full yet begins with zeros.
                let [before, ..] = (window >> (8 * length)).to_le_bytes();
                let is_it = window & !(u64::MAX << (8 * length)) == secret && !before.is_ascii_alphanumeric();
                is_it.then(|| hidden(length, Kind::Silent)).flatten()
            });
        }
        if let Some(word) = word {
            written.hide(word);
        }
        written.finish()
    }
}

impl Drop for Secrets {
    fn drop(&mut self) {
        for windows in [&mut self.silent, &mut self.comparable] {
            windows.zeroize();
        }
        for (_, secret) in &mut self.short {
            secret.zeroize();
        }
    }
}

/// Bytes of a text that are part of secrets.
struct Hidden {
    start: usize,
    end: usize,
    kind: Kind,
}

/// A text on its way to one without secrets. Nothing is copied before the first of them.
struct Written<'a> {
    text: &'a [u8],
    out: Vec<u8>,
    /// Up to here, the text has been dealt with.
    kept: usize,
    /// What may grow yet.
    hidden: Option<Hidden>,
}

impl Written<'_> {
    /// Hides these bytes too; their ends never go back.
    fn hide(&mut self, next: Hidden) {
        match &mut self.hidden {
            Some(last) if next.start <= last.end => {
                // What is within another secret is masked as that one is.
                if next.start <= last.start {
                    last.kind = next.kind;
                } else if next.end > last.end && next.kind != last.kind {
                    last.kind = Kind::Silent;
                }
                last.start = last.start.min(next.start);
                last.end = last.end.max(next.end);
            }
            last => {
                if let Some(last) = last.replace(next) {
                    self.write(&last);
                }
            }
        }
    }

    fn write(&mut self, hidden: &Hidden) {
        let is_within = |at: usize| self.text.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
        let (mut start, mut end) = (hidden.start.max(self.kept), hidden.end);
        while start > self.kept && is_within(start) {
            start -= 1;
        }
        while is_within(end) {
            end += 1;
        }
        self.out.extend_from_slice(self.text.get(self.kept..start).unwrap_or_default());
        let secret = self.text.get(start..end).unwrap_or_default();
        match hidden.kind {
            Kind::Silent => self.out.extend_from_slice(MASK.as_bytes()),
            Kind::Comparable => self.out.extend_from_slice(digest(secret).as_bytes()),
        }
        self.kept = end;
    }

    fn finish(mut self) -> Option<Vec<u8>> {
        let last = self.hidden.take()?;
        self.write(&last);
        self.out.extend_from_slice(self.text.get(self.kept..).unwrap_or_default());
        Some(self.out)
    }
}

fn shifted(window: u64, byte: u8) -> u64 {
    window << 8 | u64::from(byte)
}

fn windows_of(bytes: &[u8]) -> impl Iterator<Item = u64> + '_ {
    bytes.windows(WINDOW).map(|window| window.iter().fold(0, |value, byte| shifted(value, *byte)))
}

/// Where in the filter a window has its bit.
fn place(window: u64) -> (usize, u64) {
    let hash = window.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - FILTER_BITS);
    (usize::try_from(hash >> 6).unwrap_or_default(), 1 << (hash & 63))
}

fn kind_of(name: &str) -> Kind {
    if is_chosen(&name.to_ascii_lowercase()) { Kind::Silent } else { Kind::Comparable }
}

fn is_member(name: &str, members: &[&str]) -> bool {
    members.iter().any(|member| name.eq_ignore_ascii_case(member))
}

/// Headers about the form of a message, which hold nothing that is secret, whoever set them.
fn is_about_form(name: &str) -> bool {
    ["accept", "content-", "user-agent", "x-amz-target", "x-amzn-trace-id", "trace"]
        .iter()
        .any(|begin| name.starts_with(begin))
}

fn is_form(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    kind.to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded")
}

/// An object or list in JSON.
fn json(text: &[u8]) -> Option<Value> {
    let text = text.trim_ascii();
    matches!(text.first(), Some(b'{' | b'[')).then(|| serde_json::from_slice(text).ok()).flatten()
}

#[cfg(test)]
mod tests;
