//! Codes of multi-factor devices.

use std::fmt;

use super::CredentialsError;
use crate::BoxFuture;

/// Provides the codes of multi-factor devices, for roles whose profile has `mfa_serial`.
///
/// A code is needed whenever a role is assumed: at the first call, then once per lifetime of the role's credentials.
///
#[cfg_attr(feature = "assume-role", doc = "```")]
#[cfg_attr(not(feature = "assume-role"), doc = "```ignore")]
/// # extern crate gatewright_runtime as gatewright;
/// use gatewright::{BoxFuture, credentials::{CredentialsError, ProvideMfaCode}};
///
/// #[derive(Debug)]
/// struct Terminal;
///
/// impl ProvideMfaCode for Terminal {
///     fn code<'a>(&'a self, serial: &'a str) -> BoxFuture<'a, Result<String, CredentialsError>> {
///         let mut line = String::new();
///         eprint!("code of {serial}: ");
///         let read = std::io::stdin().read_line(&mut line);
///         let code = read.map(|_| line).map_err(|error| CredentialsError::new("terminal", error.to_string()));
///         Box::pin(std::future::ready(code))
///     }
/// }
/// ```
pub trait ProvideMfaCode: fmt::Debug + Send + Sync + 'static {
    /// The current code of the device with this serial number or ARN. Spaces around the code are ignored.
    ///
    /// # Errors
    /// [`CredentialsError`] if no code can be obtained.
    fn code<'a>(&'a self, serial: &'a str) -> BoxFuture<'a, Result<String, CredentialsError>>;
}
