//! Secrets in the encodings of other programs, and a search for their parts.

use std::collections::BTreeMap;

/// This many characters in a row of a secret are not shown.
const WINDOW: usize = 8;

/// Ways in which a server may repeat what it was sent.
pub(crate) fn written(text: &str) -> Vec<String> {
    let escape = |escape: fn(u8) -> String| text.bytes().map(escape).collect::<Vec<_>>().concat();
    let json = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let percent = escape(|byte| format!("%{byte:02x}"));
    vec![
        text.to_owned(),
        json(text).replace('/', "\\/"),
        json(&json(text)),
        escape(|byte| format!("\\u{byte:04x}")),
        percent.clone(),
        percent.to_uppercase(),
        percent.replace('%', "%25"),
        text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\'', "&#39;"),
        escape(|byte| format!("&#{byte};")),
        text.as_bytes().chunks(12).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\r\n "),
    ]
}

/// All parts of secrets, in all ways of writing them.
pub(crate) struct Parts {
    by_first_bytes: BTreeMap<Vec<u8>, Vec<String>>,
    /// Whether a part begins with these two bytes: most places of a text are left out at little cost.
    begins: Vec<bool>,
}

impl Parts {
    /// The parts of secrets in ASCII.
    pub(crate) fn of<S: AsRef<str>>(secrets: impl IntoIterator<Item = S>) -> Self {
        let mut parts = Self { by_first_bytes: BTreeMap::new(), begins: vec![false; 1 << 16] };
        for secret in secrets {
            let secret = secret.as_ref().as_bytes();
            assert!(secret.is_ascii() && secret.len() >= WINDOW, "a secret that can be found");
            for part in secret.windows(WINDOW).filter_map(|part| str::from_utf8(part).ok()).flat_map(written)
            {
                let first = &part.as_bytes()[..WINDOW];
                parts.begins[begin(first)] = true;
                parts.by_first_bytes.entry(first.to_vec()).or_default().push(part);
            }
        }
        parts
    }

    /// A part that a text contains.
    pub(crate) fn find(&self, text: &str) -> Option<&str> {
        let text = text.as_bytes();
        text.windows(WINDOW).enumerate().filter(|(_, first)| self.begins[begin(first)]).find_map(
            |(at, first)| {
                let mut parts = self.by_first_bytes.get(first)?.iter().map(String::as_str);
                parts.find(|part| text[at..].starts_with(part.as_bytes()))
            },
        )
    }
}

/// The first two bytes as a number.
fn begin(bytes: &[u8]) -> usize {
    usize::from(u16::from_le_bytes([bytes[0], bytes[1]]))
}
