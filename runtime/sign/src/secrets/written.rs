//! A text that is written again without its secrets.

use super::{Kind, digest};
use crate::mask::MASK;

/// A range of a text that is part of secrets.
pub(super) struct Hidden {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
}

/// A text on the way to its masked form. Nothing is copied before the first secret.
pub(super) struct Written<'a> {
    text: &'a [u8],
    out: Vec<u8>,
    /// The text before this position is finished.
    kept: usize,
    /// The last range, which may still grow.
    hidden: Option<Hidden>,
}

impl<'a> Written<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, out: Vec::new(), kept: 0, hidden: None }
    }

    /// Hides this range too; ends of ranges never decrease.
    pub(super) fn hide(&mut self, next: Hidden) {
        match &mut self.hidden {
            Some(last) if next.start <= last.end => {
                // A range within another secret is masked like that secret.
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

    /// `None` if nothing was hidden.
    pub(super) fn finish(mut self) -> Option<Vec<u8>> {
        let last = self.hidden.take()?;
        self.write(&last);
        self.out.extend_from_slice(self.text.get(self.kept..).unwrap_or_default());
        Some(self.out)
    }
}
