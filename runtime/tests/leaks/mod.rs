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

/// All parts of secrets, in all ways of writing them, by their first bytes.
pub(crate) struct Parts(BTreeMap<Vec<u8>, Vec<String>>);

impl Parts {
    /// The parts of secrets in ASCII.
    pub(crate) fn of<S: AsRef<str>>(secrets: impl IntoIterator<Item = S>) -> Self {
        let mut parts = BTreeMap::<_, Vec<String>>::new();
        for secret in secrets {
            let secret = secret.as_ref().as_bytes();
            assert!(secret.is_ascii() && secret.len() >= WINDOW, "a secret that can be found");
            for part in secret.windows(WINDOW).filter_map(|part| str::from_utf8(part).ok()).flat_map(written)
            {
                parts.entry(part.as_bytes()[..WINDOW].to_vec()).or_default().push(part);
            }
        }
        Self(parts)
    }

    /// A part that a text contains.
    pub(crate) fn find(&self, text: &str) -> Option<&str> {
        let text = text.as_bytes();
        (0..text.len()).find_map(|at| {
            let rest = &text[at..];
            let parts = self.0.get(rest.get(..WINDOW)?)?;
            parts.iter().map(String::as_str).find(|part| rest.starts_with(part.as_bytes()))
        })
    }
}
