//! The replacement of `checked` without the feature `patterns`: only the service checks patterns.

#[derive(Debug)]
pub(super) struct Checked;

impl Checked {
    pub(super) const fn new(_pattern: &'static str) -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "same signature as with the feature")]
    pub(super) fn refuses(&self, _value: &str) -> bool {
        false
    }
}
