//! Transport errors without the secrets of a call: a source may quote the request or a response.

use std::{error::Error as StdError, fmt, io, iter};

use super::Secrets;
use crate::{
    text::causes,
    wire::{TransportError, TunnelError},
};

type BoxError = Box<dyn StdError + Send + Sync>;

/// Maximum number of sources that are searched; if anything is hidden, deeper sources are dropped.
const MAX_SOURCES: usize = 100;

/// The text of an error without secrets.
struct Concealed {
    display: String,
    debug: String,
    source: Option<BoxError>,
}

impl Secrets {
    /// Replaces the sources that contain these secrets, but keeps the facts that explanations need.
    pub fn conceal_error(&self, error: &mut TransportError) {
        error.change_source(|source| self.are_in(source).then(|| self.concealed(source, MAX_SOURCES)));
    }

    fn are_in(&self, error: &(dyn StdError + 'static)) -> bool {
        iter::once(error).chain(causes(error)).take(MAX_SOURCES).any(|error| {
            [error.to_string(), format!("{error:?}")]
                .iter()
                .any(|text| self.replaced(text.as_bytes()).is_some())
        })
    }

    fn concealed(&self, error: &(dyn StdError + 'static), depth: usize) -> BoxError {
        if let Some(tunnel) = error.downcast_ref::<TunnelError>() {
            let problem = self.conceal_text(&tunnel.problem).into_owned().into();
            return Box::new(TunnelError { status: tunnel.status, problem });
        }
        let source = error.source().filter(|_| depth > 0);
        let concealed = Concealed {
            display: self.conceal_text(&error.to_string()).into_owned(),
            debug: self.conceal_text(&format!("{error:?}")).into_owned(),
            source: source.map(|source| self.concealed(source, depth - 1)),
        };
        match error.downcast_ref::<io::Error>() {
            Some(error) => Box::new(io::Error::new(error.kind(), concealed)),
            None => Box::new(concealed),
        }
    }
}

impl fmt::Debug for Concealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.debug)
    }
}

impl fmt::Display for Concealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.display)
    }
}

impl StdError for Concealed {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
