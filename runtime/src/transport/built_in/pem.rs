//! PEM files (RFC 7468).

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use crate::text::without_mark;

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// A section of a PEM file. Its text may be a key.
pub(super) struct Section<'a> {
    pub(super) label: &'a str,
    base64: Zeroizing<String>,
}

impl Section<'_> {
    pub(super) fn der(&self) -> Result<Zeroizing<Vec<u8>>, String> {
        STANDARD.decode(&*self.base64).map(Zeroizing::new).map_err(|why| format!("not Base64: {why}"))
    }
}

/// The text of a file, if it is PEM.
pub(super) fn text_of(file: &[u8]) -> Option<Zeroizing<String>> {
    let text = match without_mark(file) {
        Cow::Borrowed(text) => String::from_utf8_lossy(text).into_owned(),
        Cow::Owned(text) => String::from_utf8_lossy(&Zeroizing::new(text)).into_owned(),
    };
    let text = Zeroizing::new(text);
    text.contains(BEGIN).then_some(text)
}

/// The sections of a file. Text between sections is explanatory, and skipped.
pub(super) fn sections(text: &str) -> impl Iterator<Item = Result<Section<'_>, String>> {
    let mut lines = text.lines().map(str::trim);
    std::iter::from_fn(move || {
        let label = lines.find_map(|line| line.strip_prefix(BEGIN))?;
        let Some(label) = label.strip_suffix(DASHES) else {
            return Some(Err(format!("the line `{BEGIN}{label}` does not end in {DASHES}")));
        };
        let end = format!("-----END {label}-----");
        let mut base64 = Zeroizing::new(String::new());
        for line in &mut lines {
            if line == end {
                return Some(Ok(Section { label, base64 }));
            }
            base64.push_str(line);
        }
        Some(Err(format!("no line `{end}` follows")))
    })
}
