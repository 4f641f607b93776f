//! The replacement of `trace` without the feature `tracing`, which reports nothing.

use std::{fmt::Display, time::Duration};

use http::{Method, Uri};

use crate::{
    hook::{Attempt, AttemptReport, Outcome},
    service::ServiceInfo,
};

#[expect(dead_code, reason = "same members as with the feature")]
pub(crate) struct Traced<'a> {
    pub(crate) service: &'static ServiceInfo,
    pub(crate) operation: &'static str,
    pub(crate) is_api: bool,
    pub(crate) method: &'a Method,
    pub(crate) address: &'a Uri,
    pub(crate) region: &'a str,
}

#[derive(Default)]
pub(crate) struct Span(());

#[expect(clippy::unused_self, reason = "same signatures as with the feature")]
impl Span {
    pub(crate) fn of_call(_call: &Traced<'_>) -> Self {
        Self(())
    }

    pub(crate) fn of_attempt(_call: &Traced<'_>, _number: u32) -> Self {
        Self(())
    }

    pub(crate) fn within<T>(&self, part: impl FnOnce() -> T) -> T {
        part()
    }

    pub(crate) fn around<F: Future + Unpin>(&self, part: F) -> F {
        part
    }

    pub(crate) fn end(&self, _outcome: &Outcome<'_>) {}
}

pub(crate) fn attempt(_attempt: &Attempt, _report: &AttemptReport<'_>) {}

pub(crate) fn clock(_seconds: i64) {}

pub(crate) fn not_renewed(_error: &dyn Display, _consequence: &'static str) {}

pub(crate) fn asked_again(_error: &dyn Display, _pause: Duration) {}
