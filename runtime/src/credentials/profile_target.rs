//! Sources that profiles select.

use std::sync::Arc;

use super::{ProvideCredentials, provide, used_by};

/// A source that a profile selects. Its errors name the profile, and having no credentials is a failure.
#[derive(Debug)]
pub(super) struct ProfileTarget {
    name: String,
    source: Arc<dyn ProvideCredentials>,
}

impl ProfileTarget {
    pub(super) fn of(source: Arc<dyn ProvideCredentials>, name: String) -> Arc<dyn ProvideCredentials> {
        Arc::new(Self { name, source })
    }
}

provide!(ProfileTarget, |target, driver| async move {
    used_by(&target.name, target.source.provide_by(driver).await)
});

/// Checks that a profile may come next in a chain of profiles that name each other.
pub(super) fn check_next(path: &[String], next: &str) -> Result<(), String> {
    const MOST: usize = 16;
    if path.iter().any(|passed| passed == next) {
        let path: Vec<_> = path.iter().map(String::as_str).chain([next]).collect();
        return Err(format!("its source profiles form a cycle: {}", path.join(" -> ").escape_debug()));
    }
    if path.len() > MOST {
        return Err(format!("more than {MOST} profiles in one chain of roles"));
    }
    Ok(())
}
