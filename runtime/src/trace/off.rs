//! The replacement of `trace` without the feature `tracing`, which reports nothing.

use std::{fmt::Display, time::Duration};

use crate::hook::{Attempt, AttemptReport};

pub(crate) struct Span;

impl Span {
    pub(crate) fn new(_service: &'static str, _operation: &'static str, _region: &str) -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "same signature as with the feature")]
    pub(crate) fn within<T>(&self, call: impl FnOnce() -> T) -> T {
        call()
    }
}

pub(crate) fn attempt(_attempt: &Attempt, _report: &AttemptReport<'_>) {}

pub(crate) fn clock(_seconds: i64) {}

pub(crate) fn not_renewed(_error: &dyn Display, _consequence: &'static str) {}

pub(crate) fn asked_again(_error: &dyn Display, _pause: Duration) {}
