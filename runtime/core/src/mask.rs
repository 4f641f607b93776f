//! Removal of secrets from texts that are kept or shown. Secrets are found by the names before them.

pub mod plain;

use crate::signatures;

/// The replacement of a secret, or the beginning of the replacement.
pub const MASK: &str = "***";

/// Headers and query parameters that identify or authorize a caller, besides the names of signatures.
const NAMES: &[&str] = &[
    "access_token",
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "x-amz-copy-source-server-side-encryption-customer-key",
    "x-amz-server-side-encryption-context",
    "x-amz-server-side-encryption-customer-key",
    "x-api-key",
];

/// Parameters of queries and forms that identify or authorize a caller, besides the names of signatures.
const PARAMETERS: &[&str] = &["webidentitytoken"];

/// Parts of names, without `-` and `_`, of values that people choose; even a hash of such values could reveal them.
const CHOSEN: &[&str] = &["password", "passwd", "passphrase", "passcode", "secret", "privatekey", "cryptkey"];

/// Parts of names, without `-` and `_`, of values that identify or authorize a caller.
const GIVEN: &[&str] = &[
    "accesstoken",
    "apikey",
    "authorization",
    "authtoken",
    "bearertoken",
    "cookie",
    "identitytoken",
    "refreshtoken",
    "samlassertion",
    "securitytoken",
    "sessiontoken",
];

/// Complete names of such values. Tokens of pages and of idempotent requests are not secret.
const WHOLE: &[&str] = &["idtoken", "jwt", "pwd", "token", "tokencode"];

/// Names of several words, as people write them.
const PHRASES: &[&str] =
    &["access key secret", "accesskey secret", "secret access key", "secret key", "session token"];

/// Complete names that texts for people also put before a colon, without a secret after it: `invalid token: expired`.
const WORDS: &[&str] = &["secret", "secrets", "token"];

/// Fewest bytes of a secret after one of these words; it also has a digit.
const SECRET_BYTES: usize = 16;

/// Beginnings of the names of operations, such as `GetApiKey`, which error lines have before a colon.
const ACTIONS: &[&str] = &[
    "Assume", "Change", "Create", "Delete", "Describe", "Generate", "Get", "Import", "List", "Put", "Reset",
    "Rotate", "Set", "Update",
];

/// Beginnings of the names of errors, such as `InvalidIdentityToken: …`.
const FAULTS: &[&str] = &["expired", "incorrect", "invalid", "malformed", "missing", "unknown"];

/// Names whose values may contain blanks.
const WITH_BLANKS: &[&str] = &["authorization", "cookie"];

/// Schemes of `Authorization` without signatures. Another first word may be a token without a scheme.
pub const SCHEMES: &[&str] =
    &["AWS", "AWS3-HTTPS", "Basic", "Bearer", "Digest", "DPoP", "Hawk", "Negotiate", "NTLM", "OAuth"];

/// Parts of an `Authorization` header, as error messages quote them.
const PARTS: &[&str] = &["credential", "signature"];

/// What follows a part of an `Authorization` header that a service quotes, with the closing quote.
const QUOTED: &str = "' not a valid key=value pair";

/// The name of the header within its own value.
const REPEATED: &str = "authorization: ";

/// The end of a credential scope, whose parts are not secret.
const SCOPE_END: &str = "/aws4_request";

/// Whether the values of the header or query parameter of this name are hidden.
pub fn is_secret(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    names().chain(parameters()).any(|secret| name == secret) || is_named(&name)
}

/// The names of headers and query parameters.
fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().chain(signatures::ALL.iter().flat_map(|names| names.secrets)).copied()
}

/// The names of parameters.
fn parameters() -> impl Iterator<Item = &'static str> {
    PARAMETERS.iter().chain(signatures::ALL.iter().flat_map(|names| names.parameters)).copied()
}

/// Whether the model marks the member with this name as sensitive. Case is ignored, since some protocols ignore it.
pub fn is_marked(name: &str, members: &[&str]) -> bool {
    members.iter().any(|member| name.eq_ignore_ascii_case(member))
}

/// Whether a name in lower case has a secret that a person chose.
pub fn is_chosen(name: &str) -> bool {
    let name = squeezed(name);
    CHOSEN.iter().any(|part| name.contains(part))
}

/// Whether a name in lower case marks its value as a secret.
fn is_named(name: &str) -> bool {
    let name = squeezed(name);
    WHOLE.contains(&name.as_str()) || CHOSEN.iter().chain(GIVEN).any(|part| name.contains(part))
}

fn squeezed(name: &str) -> String {
    name.replace(['-', '_'], "")
}

/// Masks the secrets of a foreign text (a message, a canonical request) by `***`. A secret header hides the rest of its
/// line.
pub fn mask(text: &str) -> String {
    masked(text, How::Wholly, &[])
}

/// Masks a text like [`mask`], but so that two texts can be compared. Secrets of headers and parameters become digests,
/// and the text after a secret remains. The values of the given members become `***`.
pub fn mask_by(digest: Digest, text: &str, members: &[&str]) -> String {
    masked(text, How::Comparably(digest), members)
}

/// Cuts a text after the first name of a marked member. `***` replaces the rest.
///
/// For texts without a known grammar, such as JSON that was cut: the end of the value after the name is unknown.
pub fn cut_at_members(text: String, members: &[&str]) -> String {
    let mut at = 0;
    for word in text.split(|c| !is_word(c)) {
        let end = at + word.len();
        if is_marked(word, members) {
            return [text.get(..end).unwrap_or_default(), ": ", MASK].concat();
        }
        at = end + text.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
    text
}

/// A function that makes a digest of a secret, which [`is_digest`] recognizes.
pub(crate) type Digest = fn(&[u8]) -> String;

/// Whether a text is a digest: `***` and eight digits of a hash. A digest distinguishes secrets without revealing them.
pub fn is_digest(text: &str) -> bool {
    let digits = text.trim().strip_prefix(MASK).unwrap_or_default();
    digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[derive(Clone, Copy)]
enum How {
    Wholly,
    Comparably(Digest),
}

/// A secret after a mark, such as a colon, that follows a name.
struct Secret {
    /// The beginning, counted from the mark.
    skipped: usize,
    length: usize,
    is_compared: bool,
}

impl Secret {
    fn plain(skipped: usize, length: usize) -> Self {
        Self { skipped, length, is_compared: false }
    }

    fn shown(&self, value: &str, how: How) -> String {
        let value = value.trim();
        match how {
            How::Comparably(_) if self.is_compared && is_digest(value) => value.to_owned(),
            How::Comparably(digest) if self.is_compared && value != MASK => digest(value.as_bytes()),
            How::Comparably(_) | How::Wholly => MASK.to_owned(),
        }
    }
}

/// A text without escapes.
pub fn unescaped(text: &[u8]) -> Vec<u8> {
    plain::plain(text).map(|unit| unit.byte).collect()
}

fn masked(text: &str, how: How, members: &[&str]) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let (mut kept, mut at) = (0, 0);
    while let Some(found) = lower.get(at..).and_then(|rest| rest.find([':', '=', '%', '>', '\''])) {
        let mark = at + found;
        at = mark + 1;
        let (before, rest) =
            (lower.get(kept..mark).unwrap_or_default(), lower.get(mark..).unwrap_or_default());
        if rest.starts_with(QUOTED) {
            out.push_str(text.get(kept..mark).unwrap_or_default());
            kept = mark;
            hide_quoted(&mut out);
            continue;
        }
        let Some(secret) = secret(before, rest, how, members).filter(|secret| secret.length > 0) else {
            continue;
        };
        let start = mark + secret.skipped;
        let end = start + secret.length;
        out.push_str(text.get(kept..start).unwrap_or_default());
        out.push_str(&secret.shown(text.get(start..end).unwrap_or_default(), how));
        (kept, at) = (end, end);
    }
    out.push_str(text.get(kept..).unwrap_or_default());
    out
}

/// Hides what is quoted at the end of a text whose closing quote follows.
fn hide_quoted(text: &mut String) {
    let Some(start) = text.rfind('\'').map(|open| open + 1) else { return };
    let quoted = text.get(start..).unwrap_or_default();
    if !quoted.is_empty() && !quoted.to_ascii_lowercase().ends_with(SCOPE_END) {
        text.truncate(start);
        text.push_str(MASK);
    }
}

/// The secret after the mark that `rest` begins with. Both texts are in lower case. No part of `before` is read for
/// more than one mark, so that the time is linear.
fn secret(before: &str, rest: &str, how: How, members: &[&str]) -> Option<Secret> {
    if let Some(quoted) = rest.strip_prefix('\'') {
        // The rest of a credential scope is not secret.
        let credential =
            quoted.split('\'').next().filter(|_| before.ends_with("got "))?.strip_suffix(SCOPE_END)?;
        let (at, _) = credential.rmatch_indices('/').nth(2)?;
        // Access key ids contain no slash, so that this is a secret instead of an id.
        return credential.get(..at)?.contains('/').then(|| Secret::plain(1, at));
    }
    // A header that could not be parsed, and may contain quotes. The parts of a signature are masked one by one.
    if let Some(quoted) = rest.strip_prefix(": '").filter(|_| before.ends_with("authorization header")) {
        if signatures::is_in_header(quoted) {
            return None;
        }
        let scheme = quoted
            .split_once(' ')
            .map(|(scheme, _)| scheme)
            .filter(|scheme| SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme)));
        let scheme = scheme.map_or(0, |scheme| scheme.len() + 1);
        // The whole line may have been set as the value.
        let scheme = if quoted.starts_with(REPEATED) { REPEATED.len() } else { scheme };
        let end = quoted.rfind('\'').unwrap_or(quoted.len()).max(scheme);
        return Some(Secret::plain(3 + scheme, end - scheme));
    }
    let bare = before.trim_end_matches([' ', '\t', '"', '\'', '\\']);
    let is_quoted = before.get(bare.len()..)?.contains(['"', '\'']);
    let word = bare.rsplit(|c| !is_word(c)).next()?;
    // The word before a name may begin with the `n` of an escaped line end.
    let name = names().find(|name| word.ends_with(name));
    let is_marked = is_marked(word, members);
    let is_member = || name.is_some() || is_marked || is_named(word);
    if let Some(value) = rest.strip_prefix('>') {
        return is_member().then(|| Secret::plain(1, value.find('<').unwrap_or(value.len())));
    }
    if let Some(value) = rest.strip_prefix(':') {
        return if is_quoted {
            is_member().then(|| member(rest))?
        } else {
            let name = name.or_else(|| (word.contains('-') && is_named(word)).then_some(word))?;
            Some(Secret { skipped: 1, length: header(name, value, how), is_compared: !is_chosen(name) })
        };
    }
    let is_encoded = rest.starts_with("%3d");
    let skipped = if is_encoded { 3 } else { usize::from(rest.starts_with('=')) };
    let value = rest.get(skipped..).filter(|_| skipped > 0)?;
    let (skipped, value, quote) = match how {
        How::Wholly if !is_encoded && !is_quoted => {
            let (opening, quote) = opening(value, bare.strip_suffix(word)?);
            (skipped + opening, value.get(opening..)?, quote)
        }
        How::Wholly | How::Comparably(_) => (skipped, value, None),
    };
    let length = |is_listed| match quote {
        Some(quote) => string_end(value, quote, 0).unwrap_or(value.len()),
        None => parameter(value, is_encoded, is_listed),
    };
    match name.or_else(|| parameters().find(|name| word.ends_with(name))) {
        // The parts of a parsed header are masked one by one.
        Some(_) if signatures::is_in_header(value) => None,
        Some(name) if may_hold_blanks(name) => Some(Secret::plain(skipped, header(name, value, how))),
        Some(_) => Some(Secret { skipped, length: length(false), is_compared: true }),
        None if PARTS.iter().any(|part| word.ends_with(part)) => Some(Secret::plain(skipped, length(true))),
        None => (is_marked || is_named(word)).then(|| Secret {
            skipped,
            length: length(false),
            is_compared: !is_marked && !is_chosen(word),
        }),
    }
}

/// Length of a header's value in a canonical request, which may be within JSON, XML or a pasted line.
fn header(name: &str, value: &str, how: How) -> usize {
    let ends = |c: char| match how {
        How::Wholly => matches!(c, '\n' | '\r'),
        How::Comparably(_) => {
            matches!(c, '\n' | '\r' | '\\' | '\'' | '"' | '<') || !may_hold_blanks(name) && c.is_whitespace()
        }
    };
    let blank = value.len() - value.trim_start_matches(' ').len();
    let value = value.get(blank..).unwrap_or_default();
    let length = value.find(ends).unwrap_or(value.len());
    if length == 0 { 0 } else { blank + length }
}

/// Length and last quote of what may precede a value in files and commands: `name = value`, `name='value'`. `before` is the
/// text before the name: a quote that begins there ends after the mark, and has no value.
fn opening(value: &str, before: &str) -> (usize, Option<char>) {
    let blanks = value.len() - value.trim_start_matches([' ', '\t']).len();
    let quote = value.get(blanks..).and_then(|value| value.chars().next());
    match quote.filter(|quote| matches!(quote, '"' | '\'')) {
        Some(quote) if before.ends_with(quote) => (0, None),
        Some(quote) => (blanks + 1, Some(quote)),
        None => (blanks, None),
    }
}

/// Length of a parameter's value. If it is percent-encoded twice, as in a string to sign, it ends at `%26`.
fn parameter(value: &str, is_encoded: bool, is_listed: bool) -> usize {
    let ends =
        |c: char| c.is_whitespace() || matches!(c, '&' | '\'' | '"' | '<' | '\\') || is_listed && c == ',';
    let is_and = |at| is_encoded && value.get(at..).is_some_and(|rest| rest.starts_with("%26"));
    value.char_indices().find(|&(at, c)| ends(c) || is_and(at)).map_or(value.len(), |(at, _)| at)
}

/// The string in `:"…"`, `: ["…"]` or, in JSON within JSON, `:\"…\"`.
fn member(rest: &str) -> Option<Secret> {
    let value = rest.trim_start_matches([':', '=', ' ', '\t', '\n', '\r', '[']);
    let string = value.trim_start_matches('\\');
    let depth = value.len() - string.len();
    let quote = string.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let string = string.get(1..)?;
    let length = string_end(string, quote, depth).map_or(string.len(), |end| end.saturating_sub(depth));
    Some(Secret::plain(rest.len() - string.len(), length))
}

/// The end of a string, with so many levels of strings around it. A shell writes a quote within quotes as `'\''`.
fn string_end(string: &str, quote: char, depth: usize) -> Option<usize> {
    const WITHIN: &str = r"'\''";
    let (mut escapes, mut resumes_at) = (0, 0);
    let mut characters = string.char_indices();
    let (end, _) = characters.find(|&(at, c)| {
        // Each level doubles backslashes, and adds one before quotes.
        let is_quote = c == quote && escapes % (2 * (depth + 1)) == depth && at >= resumes_at;
        escapes = if c == '\\' { escapes + 1 } else { 0 };
        let is_within = is_quote && string.get(at..).is_some_and(|rest| rest.starts_with(WITHIN));
        if is_within {
            resumes_at = at + WITHIN.len();
        }
        is_quote && !is_within
    })?;
    Some(end)
}

/// Masks secrets after `name: ` and `name = `, as people write them.
///
/// For texts of people. In errors of programs, such names are often followed by what is wrong with their values.
pub fn mask_notes(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let (mut kept, mut at) = (0, 0);
    while let Some(found) = lower.get(at..).and_then(|rest| rest.find([':', '='])) {
        let mark = at + found;
        at = mark + 1;
        let is_action = is_action(text.get(kept..mark).unwrap_or_default());
        let before = lower.get(kept..mark).unwrap_or_default();
        let secret = labelled(before, text.get(mark..).unwrap_or_default()).filter(|_| !is_action);
        let Some(secret) = secret.filter(|secret| secret.length > 0) else { continue };
        out.push_str(text.get(kept..mark + secret.skipped).unwrap_or_default());
        out.push_str(MASK);
        (kept, at) = (mark + secret.skipped + secret.length, mark + secret.skipped + secret.length);
    }
    out.push_str(text.get(kept..).unwrap_or_default());
    out
}

/// Whether a text ends with the name of an operation.
fn is_action(before: &str) -> bool {
    let word = before.rsplit(|c| !is_word(c)).next().unwrap_or_default();
    ACTIONS
        .iter()
        .any(|verb| word.strip_prefix(verb).is_some_and(|rest| rest.starts_with(char::is_uppercase)))
}

/// The value after the mark that `rest` begins with; quoted or up to the next blank.
fn labelled(before: &str, rest: &str) -> Option<Secret> {
    let before = before.trim_end_matches([' ', '\t']);
    let word = before.rsplit(|c| !is_word(c)).next()?;
    let value = rest.get(1..)?.trim_start_matches([' ', '\t']);
    let skipped = rest.len() - value.len();
    // The first bytes tell enough, and take no longer in a long word.
    let head = value.bytes().take(2 * SECRET_BYTES).take_while(|byte| !byte.is_ascii_whitespace());
    let has = |is: fn(&u8) -> bool| head.clone().any(|byte| is(&byte));
    let is_long = head.clone().count() >= SECRET_BYTES;
    // Values of headers are masked by their own rules.
    let is_other = WORDS.contains(&word) && !(is_long && has(u8::is_ascii_digit) && skipped > 1)
        || ["file", "exception", "error", "violation"].iter().any(|end| word.ends_with(end))
        || names().any(|name| word.ends_with(name))
        || FAULTS.iter().any(|fault| word.starts_with(fault));
    // Prose follows phrases, too: `failed to get session token: connection refused`.
    let is_phrase = PHRASES.iter().any(|phrase| before.ends_with(phrase))
        && (has(u8::is_ascii_digit) || has(u8::is_ascii_uppercase) || value.starts_with(['"', '\'']));
    // Names of services and actions have no blank after the colon, either: `secretsmanager:GetSecretValue`.
    let is_name = || {
        let squeezed = squeezed(word);
        word.contains(['-', '_']) || CHOSEN.iter().chain(GIVEN).any(|part| squeezed.ends_with(part))
    };
    let is_label = is_phrase || is_named(word) && !is_other && (skipped > 1 || is_name());
    if !is_label {
        return None;
    }
    if value.starts_with(['"', '\'']) {
        member(rest)
    } else {
        Some(Secret::plain(skipped, parameter(value, false, true)))
    }
}

fn may_hold_blanks(name: &str) -> bool {
    WITH_BLANKS.iter().any(|end| name.ends_with(end))
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

#[cfg(test)]
mod tests;
