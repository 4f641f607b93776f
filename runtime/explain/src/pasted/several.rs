//! Texts with several errors, such as logs.

use super::{forms, plain};
use crate::{Refused, protocol::Fault};

impl Refused {
    /// Divides a pasted text into its errors; each part is a text for [`of_text`](Self::of_text).
    ///
    /// Each error after the first begins at a line with a name and a message; services share the name, or the line has a
    /// form that only errors have. A text with the head of a response is one part.
    pub fn parts_of_text(pasted: &str) -> Vec<String> {
        let text = plain::plain(pasted.trim_start_matches('\u{feff}'));
        let has_head = text.lines().any(|line| line.trim_start_matches(['<', ' ']).starts_with("HTTP/"));
        let (mut parts, mut latest): (Vec<_>, Option<Fault>) = (vec![String::new()], None);
        for line in text.split_inclusive('\n') {
            let begun = if has_head { None } else { forms::begun(line) };
            // A trace has the same error several times, and an object its name once more.
            let other = begun.filter(|fault| fault.message.is_some() && latest.as_ref() != Some(fault));
            if other.is_some() && std::mem::replace(&mut latest, other).is_some() {
                parts.push(String::new());
            }
            if let Some(part) = parts.last_mut() {
                part.push_str(line);
            }
        }
        parts
    }
}
