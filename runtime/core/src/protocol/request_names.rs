//! Names of members in requests, if these differ from the names in responses.

use std::borrow::Cow;

/// Names of members in requests, by their wire names, if they are not the wire names with a capital.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RequestNames(pub(super) &'static [(&'static str, &'static str)]);

impl RequestNames {
    /// The name of a member in requests.
    pub(super) fn of(self, wire: &str) -> Cow<'_, str> {
        if let Some((_, name)) = self.0.iter().find(|(known, _)| *known == wire) {
            return Cow::Borrowed(name);
        }
        match wire.as_bytes() {
            [b'a'..=b'z', ..] => {
                let mut name = wire.to_owned();
                name[..1].make_ascii_uppercase();
                Cow::Owned(name)
            }
            _ => Cow::Borrowed(wire),
        }
    }
}
