//! Failures of verbs.

use std::{
    fmt::{self, Display, Formatter},
    io,
    path::Path,
};

/// Why a verb ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Invalid arguments: exit code 2, and the usage.
    Usage(String),
    /// Invalid input: exit code 2, and only the message.
    #[cfg_attr(not(feature = "client"), expect(dead_code, reason = "only calls are given input"))]
    Refused(String),
    /// The reader closed the output: the verb ends quietly, with exit code 0.
    Unread,
    /// The verb failed, or found a fault: exit code 1.
    Failed(String),
}

impl Failure {
    pub(crate) fn io(what: &str, path: &Path) -> impl Fn(io::Error) -> Self {
        move |error| Self::Failed(format!("cannot {what} {}: {error}", path.display()))
    }

    /// An unknown name, with similar known names, or all names if there are few.
    pub(crate) fn unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<_> = known.into_iter().collect();
        let near = similar::get_close_matches(name, &known, 3, 0.6);
        let hint = match near.as_slice() {
            [] if known.is_empty() => "; there are none".to_owned(),
            [] if known.len() <= 20 => format!("; there are: {}", known.join(", ")),
            [] => String::new(),
            near => format!("; did you mean {}?", near.join(", ")),
        };
        Self::Usage(format!("unknown {what} {name:?}{hint}"))
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Usage(message) | Self::Refused(message) | Self::Failed(message) => message,
            Self::Unread => "the reader closed the output",
        })
    }
}
