//! Codes of multi-factor devices.

use std::fmt;

use super::CredentialsError;
use crate::BoxFuture;

/// Gives the codes that a multi-factor device shows, for roles whose profile names one in `mfa_serial`.
///
/// It is asked whenever a role is assumed anew: at the first call, then once in the role's lifetime.
///
/// ```
/// use gatewright_runtime::{BoxFuture, credentials::{CredentialsError, ProvideMfaCode}};
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
    /// The code that the device with this serial number or ARN shows now; spaces around it do not matter.
    ///
    /// # Errors
    /// [`CredentialsError`] if no code can be obtained.
    fn code<'a>(&'a self, serial: &'a str) -> BoxFuture<'a, Result<String, CredentialsError>>;
}
