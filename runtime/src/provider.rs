//! The trait of sources of credentials.

use std::{fmt, sync::Arc};

use crate::{
    BoxFuture,
    driver::Driver,
    identity::{Credentials, CredentialsError},
    wire::TransportErrorKind,
};

/// A source of credentials, asked before every signature; sources that do I/O cache.
///
/// Sources of this crate that send requests need a tokio runtime, or the feature `blocking`; without either they fail.
pub trait ProvideCredentials: fmt::Debug + Send + Sync + 'static {
    /// The credentials to use now.
    ///
    /// # Errors
    /// [`CredentialsError`] if the source has no credentials or fails.
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>>;

    /// Like [`provide`](Self::provide), for a call with this driver. A source that asks another one passes the driver
    /// on, so that its requests block while a blocking call waits, and end with that call; unless defined, this is
    /// [`provide`](Self::provide).
    ///
    /// # Errors
    /// The errors of [`provide`](Self::provide).
    fn provide_by(&self, driver: Driver) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        let _ = driver;
        self.provide()
    }
}

/// The error of a source that gave nothing before the whole call's timeout.
pub(crate) fn late(source: &str) -> CredentialsError {
    CredentialsError::timed_out(source, TransportErrorKind::OperationTimeout.to_string())
}

/// The name of a source that has not said which it is.
pub(crate) const ANY_SOURCE: &str = "the source of credentials";

/// What a source provides.
pub(crate) type Provided<'a> = BoxFuture<'a, Result<Credentials, CredentialsError>>;

/// Names the user of a source, in the source of its credentials and in its error.
pub(crate) fn used_by(
    user: &str,
    provided: Result<Credentials, CredentialsError>,
) -> Result<Credentials, CredentialsError> {
    provided.map(|credentials| credentials.of_use(user)).map_err(|error| error.of_use(user))
}

/// Implements [`ProvideCredentials`] by a function that is immediate, or that takes the driver.
macro_rules! provide {
    ($source:ty, |$this:ident| $provided:expr) => {
        impl crate::provider::ProvideCredentials for $source {
            fn provide(&self) -> crate::provider::Provided<'_> {
                let $this = self;
                Box::pin(std::future::ready($provided))
            }
        }
    };
    ($source:ty, |$this:ident, $driver:ident| $provided:expr) => {
        impl crate::provider::ProvideCredentials for $source {
            fn provide(&self) -> crate::provider::Provided<'_> {
                Box::pin(async {
                    crate::provider::ProvideCredentials::provide_by(self, crate::driver::Driver::of_thread())
                        .await
                })
            }

            fn provide_by(&self, $driver: crate::driver::Driver) -> crate::provider::Provided<'_> {
                let $this = self;
                Box::pin($provided)
            }
        }
    };
}
pub(crate) use provide;

/// Several clients may share a source.
impl<P: ProvideCredentials + ?Sized> ProvideCredentials for Arc<P> {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        (**self).provide()
    }

    fn provide_by(&self, driver: Driver) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        (**self).provide_by(driver)
    }
}

// Static credentials are their own source.
provide!(Credentials, |credentials| Ok(credentials.clone()));
