//! Masking of the secrets that a call knows, by value, in any encoding.

mod collect;
mod errors;
mod windows;
mod written;
mod xml;

use std::{borrow::Cow, collections::VecDeque, fmt};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use bytes::Bytes;
use http::HeaderValue;
use zeroize::Zeroize as _;

use self::{
    windows::{WINDOW, Windows, shifted, windows_of},
    written::{Hidden, Written},
};
use crate::{
    crypto::{hex, sha256},
    identity::Credentials,
    mask::{MASK, mask_by, plain::plain, unescaped},
    wire::Response,
};

/// Masks a text so that the masked texts of two sides can be compared. Digests replace secrets of headers and parameters.
pub fn mask_comparably(text: &str) -> String {
    mask_members(text, &[])
}

/// Like [`mask_comparably`], with `***` for the values of these members.
pub fn mask_members(text: &str, members: &[&str]) -> String {
    mask_by(digest, text, members)
}

/// `***` and eight digits of the hash, which do not depend on how the secret is escaped.
fn digest(secret: &[u8]) -> String {
    let digest = hex(&sha256(&unescaped(secret)));
    MASK.chars().chain(digest.iter().take(8).map(|&digit| char::from(digit))).collect()
}

/// Shorter secrets may occur in a text by chance.
const MIN_LEN: usize = 4;

/// Only this many bytes at the beginning of a secret are searched for.
const MAX_LEN: usize = 64 << 10;

/// The secrets of a call, in a form that finds them in any text.
///
/// A text is read once, with escapes decoded, and every `WINDOW` consecutive bytes that are part of a secret are
/// masked: a secret that was cut or split is hidden as well. Shorter secrets are masked as whole words.
#[derive(Default)]
pub struct Secrets {
    /// The windows of secrets that are masked without a digest.
    silent: Windows,
    /// The windows of secrets that get a digest.
    comparable: Windows,
    /// Shorter secrets, by their length.
    short: [Windows; WINDOW - MIN_LEN],
    /// The windows of the only text that will be masked; windows that do not occur in that text are not stored.
    within: Option<Windows>,
}

/// How a secret is masked.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// With `***` alone, since a person may have chosen the secret.
    Silent,
    /// With digits of a hash, so that two sides can be compared.
    Comparable,
}

/// Omits the secrets.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

impl Secrets {
    /// Adds the credentials of a request. An access key id that looks like one is not secret.
    fn add_credentials(&mut self, credentials: &Credentials) {
        self.add(credentials.secret_access_key().expose().as_bytes(), Kind::Silent);
        if credentials.shown_id() != credentials.access_key_id() {
            self.add(credentials.access_key_id().as_bytes(), Kind::Silent);
        }
        if let Some(token) = credentials.session_token() {
            self.add(token.expose().as_bytes(), Kind::Comparable);
        }
    }

    /// Adds a text without a type, which may also be a boolean or an ARN.
    fn add_untyped(&mut self, text: &str, kind: Kind) {
        if !matches!(text, "true" | "false") {
            self.add(resource(text.trim()).unwrap_or(text).as_bytes(), kind);
        }
    }

    fn add(&mut self, secret: &[u8], kind: Kind) {
        let secret = secret.trim_ascii();
        let secret = secret.get(..MAX_LEN).unwrap_or(secret);
        let mut bytes = unescaped(secret);
        let within = self.within.as_ref();
        if let Some(short) = bytes.len().checked_sub(MIN_LEN).and_then(|length| self.short.get_mut(length)) {
            let word = bytes.iter().fold(0, |value, byte| shifted(value, *byte));
            let is_needed = within.is_none_or(|within| within.contains_start(bytes.len(), word));
            short.extend(is_needed.then_some(word).into_iter());
        }
        let is_needed = |window: &u64| within.is_none_or(|within| within.contains(*window));
        let windows = match kind {
            Kind::Silent => &mut self.silent,
            Kind::Comparable => &mut self.comparable,
        };
        windows.extend(windows_of(&bytes).filter(is_needed));
        // Base64 of a text depends on where in the text the groups of three bytes begin: three variants.
        for (shift, before) in [[].as_slice(), &[0], &[0, 0]].into_iter().enumerate() {
            let mut shifted = [before, secret].concat();
            let mut encoded = STANDARD_NO_PAD.encode(&shifted).into_bytes();
            let whole = encoded.get((shift * 4).div_ceil(3)..shifted.len() * 4 / 3).unwrap_or_default();
            self.silent.extend(windows_of(whole).filter(is_needed));
            shifted.zeroize();
            encoded.zeroize();
        }
        bytes.zeroize();
    }

    /// Sorts the windows, so that they can be found.
    fn ready(mut self) -> Self {
        for windows in [&mut self.silent, &mut self.comparable].into_iter().chain(&mut self.short) {
            windows.sort();
        }
        self
    }

    /// How this window is masked; `None` if it is not part of a secret.
    fn find(&self, window: u64) -> Option<Kind> {
        if self.comparable.contains(window) {
            Some(Kind::Comparable)
        } else {
            self.silent.contains(window).then_some(Kind::Silent)
        }
    }

    /// The length of the short secret that ends here, if a word ends here too. `in_line` bytes of the line have been
    /// read.
    fn short_word(&self, window: u64, in_line: usize) -> Option<usize> {
        (MIN_LEN..WINDOW).zip(&self.short).rev().find_map(|(length, short)| {
            // A window that is not full yet begins with zeros.
            let [before, ..] = (window >> (8 * length)).to_le_bytes();
            let word = window & !(u64::MAX << (8 * length));
            let begins_here = in_line == length || !before.is_ascii_alphanumeric();
            (begins_here && short.contains(word)).then_some(length)
        })
    }

    /// Masks these secrets in a response.
    pub fn conceal(&self, mut response: Response) -> Response {
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

    /// Masks these secrets in a text.
    pub fn conceal_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        concealed(text, self.replaced(text.as_bytes()))
    }

    /// `None` if the text contains no secret.
    fn replaced(&self, text: &[u8]) -> Option<Vec<u8>> {
        if [&self.silent, &self.comparable].into_iter().chain(&self.short).all(Windows::is_empty) {
            return None;
        }
        let mut written = Written::new(text);
        let mut window = 0;
        // Where the last bytes begin.
        let mut starts = VecDeque::with_capacity(WINDOW + 1);
        let mut word: Option<Hidden> = None;
        // Line breaks are skipped within secrets, but they end words.
        let (mut end, mut in_line) = (0, 0);
        for unit in plain(text) {
            let is_after_break = unit.start > end;
            let is_other_word = is_after_break || !unit.byte.is_ascii_alphanumeric();
            if let Some(word) = word.take().filter(|_| is_other_word) {
                written.hide(word);
            }
            in_line = if is_after_break { 1 } else { in_line + 1 };
            end = unit.end;
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
            word = self.short_word(window, in_line).and_then(|length| hidden(length, Kind::Silent));
        }
        if let Some(word) = word {
            written.hide(word);
        }
        written.finish()
    }
}

/// The resource of an ARN, if it is long enough to be hidden. What comes before it, such as region and account, is in many
/// texts and no secret.
fn resource(arn: &str) -> Option<&str> {
    arn.strip_prefix("arn:")?.splitn(5, ':').nth(4).filter(|resource| resource.len() >= MIN_LEN)
}

fn concealed(text: &str, replaced: Option<Vec<u8>>) -> Cow<'_, str> {
    match replaced {
        Some(concealed) => Cow::Owned(String::from_utf8_lossy(&concealed).into_owned()),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests;
