//! What was called, as the lines of errors name it.

use std::fmt;

use crate::{secrets::Secrets, text::OneLine};

/// An operation, or the method and URL of a call without one.
#[derive(Clone)]
pub(crate) struct Called {
    pub(crate) operation: &'static str,
    /// `GET https://api.example/pets`, without its query.
    address: Option<Box<str>>,
}

impl Called {
    /// A call by method and URL. Secrets that are known by value are hidden; a query is left out, since its parameters may
    /// be secret.
    pub(crate) fn at(operation: &'static str, method: &http::Method, url: &str, secrets: &Secrets) -> Self {
        let url = url.split(['?', '#']).next().unwrap_or_default();
        let url = crate::mask::mask(&secrets.conceal_text(url));
        Self { operation, address: Some(format!("{method} {url}").into()) }
    }
}

impl From<&'static str> for Called {
    fn from(operation: &'static str) -> Self {
        Self { operation, address: None }
    }
}

impl fmt::Display for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.address {
            Some(address) => OneLine(address).fmt(f),
            None => f.write_str(self.operation),
        }
    }
}

/// As in lines.
impl fmt::Debug for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}
