//! Whether another attempt helps after a refused signature.

use std::fmt;

pub use crate::tables::signatures::{Hint, Verdict};

impl Verdict {
    /// Whether another attempt helps, and what must happen before it.
    pub const fn retry(self) -> Retry {
        match self {
            Self::ClockSkew => Retry::AfterCorrectingTheClock,
            Self::SignatureTooOld => Retry::AfterSigningAgain,
            Self::ExpiredSessionToken => Retry::AfterRenewingCredentials,
            _ => Retry::Never,
        }
    }
}

/// Whether another attempt with the same settings helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Retry {
    /// No: it is refused as well.
    Never,
    /// Once, signed with the service's time.
    AfterCorrectingTheClock,
    /// With a new signature; the clock is right.
    AfterSigningAgain,
    /// Once, with new credentials.
    AfterRenewingCredentials,
}

impl Retry {
    /// Every value, in the order of declaration.
    pub const ALL: &'static [Self] = &[
        Self::Never,
        Self::AfterCorrectingTheClock,
        Self::AfterSigningAgain,
        Self::AfterRenewingCredentials,
    ];

    /// The identifier, in snake case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::AfterCorrectingTheClock => "after_correcting_the_clock",
            Self::AfterSigningAgain => "after_signing_again",
            Self::AfterRenewingCredentials => "after_renewing_credentials",
        }
    }
}

impl fmt::Display for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
