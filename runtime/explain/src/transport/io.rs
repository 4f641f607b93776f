//! Errors of the operating system.

use std::{error::Error as StdError, io};

/// An error of the operating system about a connection or a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IoEvidence {
    /// No such host name.
    NameUnknown,
    /// The host name could not be looked up at the moment.
    LookupFailed,
    /// The other side refused the connection.
    Refused,
    /// There is no route to the address.
    Unreachable,
    /// This machine has no network.
    NetworkDown,
    /// This machine does not allow the program to connect.
    Forbidden,
    /// The system stopped waiting for the other side.
    TimedOut,
    /// This machine has no address or port left for one more connection.
    NoLocalAddress,
    /// The process or the machine has reached its limit of open files and connections.
    TooManyFiles,
    /// The other side reset the connection.
    Reset,
    /// The other side ended the connection too early.
    Ended,
}

impl IoEvidence {
    /// All variants.
    pub const ALL: &'static [Self] = &[
        Self::NameUnknown,
        Self::LookupFailed,
        Self::Refused,
        Self::Unreachable,
        Self::NetworkDown,
        Self::Forbidden,
        Self::TimedOut,
        Self::NoLocalAddress,
        Self::TooManyFiles,
        Self::Reset,
        Self::Ended,
    ];

    /// Its name in saved evidence.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NameUnknown => "name_unknown",
            Self::LookupFailed => "lookup_failed",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::NetworkDown => "network_down",
            Self::Forbidden => "forbidden",
            Self::TimedOut => "timed_out",
            Self::NoLocalAddress => "no_local_address",
            Self::TooManyFiles => "too_many_files",
            Self::Reset => "reset",
            Self::Ended => "ended",
        }
    }

    /// The variant of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.as_str() == name)
    }

    pub(super) fn of(source: &(dyn StdError + 'static)) -> Option<Self> {
        let error: &io::Error = source.downcast_ref()?;
        Some(match error.kind() {
            io::ErrorKind::ConnectionRefused => Self::Refused,
            io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => Self::Unreachable,
            io::ErrorKind::NetworkDown => Self::NetworkDown,
            io::ErrorKind::PermissionDenied => Self::Forbidden,
            io::ErrorKind::TimedOut => Self::TimedOut,
            io::ErrorKind::AddrNotAvailable | io::ErrorKind::AddrInUse => Self::NoLocalAddress,
            io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
                Self::Reset
            }
            io::ErrorKind::UnexpectedEof => Self::Ended,
            _ => return Self::of_text(&error.to_string()),
        })
    }

    /// Errors that the standard library distinguishes only by their text.
    fn of_text(text: &str) -> Option<Self> {
        /// Texts of glibc, musl, macOS and Windows.
        const UNKNOWN: &[&str] = &[
            "Name or service not known",
            "No address associated with hostname",
            "Name does not resolve",
            "Name has no usable address",
            "nodename nor servname provided",
            "(os error 11001)",
            "(os error 11004)",
        ];
        const TOO_MANY: &[&str] = &["(os error 23)", "(os error 24)", "(os error 10024)"];
        let has = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
        if has(UNKNOWN) {
            Some(Self::NameUnknown)
        } else if text.starts_with("failed to lookup address") || text.ends_with("(os error 11002)") {
            Some(Self::LookupFailed)
        } else {
            has(TOO_MANY).then_some(Self::TooManyFiles)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_systems() {
        for (text, evidence) in [
            (
                "failed to lookup address information: Name or service not known",
                Some(IoEvidence::NameUnknown),
            ),
            ("failed to lookup address information: Name does not resolve", Some(IoEvidence::NameUnknown)),
            ("No such host is known. (os error 11001)", Some(IoEvidence::NameUnknown)),
            ("failed to lookup address information: Try again", Some(IoEvidence::LookupFailed)),
            (
                "failed to lookup address information: Temporary failure in name resolution",
                Some(IoEvidence::LookupFailed),
            ),
            ("Too many open files (os error 24)", Some(IoEvidence::TooManyFiles)),
            ("something else", None),
        ] {
            assert_eq!(IoEvidence::of(&io::Error::other(text)), evidence, "{text}");
        }
    }

    #[test]
    fn names_are_read_back() {
        for known in IoEvidence::ALL {
            assert_eq!(IoEvidence::parse(known.as_str()), Some(*known));
        }
        assert_eq!(IoEvidence::parse("nothing"), None);
    }
}
