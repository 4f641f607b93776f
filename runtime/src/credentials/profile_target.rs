//! Sources that profiles select.

use super::{ProvideCredentials, provide};

/// A source that a profile selects. Its errors name the profile, and having no credentials is a failure.
#[derive(Debug)]
pub(super) struct ProfileTarget {
    name: String,
    source: Box<dyn ProvideCredentials>,
}

impl ProfileTarget {
    pub(super) fn new(source: impl ProvideCredentials, name: String) -> Self {
        Self { name, source: Box::new(source) }
    }
}

provide!(ProfileTarget, |target, driver| async move {
    target.source.provide_by(driver).await.map_err(|error| error.of_use(&target.name))
});
