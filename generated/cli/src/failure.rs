//! Failures of verbs.

use std::{
    fmt::{self, Display, Formatter},
    io,
    path::Path,
};

use serde_json::Value;

/// Similarity from which a known name is suggested for an unknown one.
const NEAR: f64 = 0.6;

/// Largest difference in similarity between a suggestion and the best one.
const MARGIN: f64 = 0.1;

/// Why a verb ended early.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// Invalid arguments: exit code 2, and the usage.
    Usage(String),
    /// Invalid input: exit code 2, and only the message.
    Refused(String),
    /// The reader closed the output: the verb ends quietly, with exit code 0.
    Unread,
    /// The verb failed, or found a fault: exit code 1.
    Failed(String),
    /// A failure with facts for programs.
    Reported {
        /// Exit code.
        exit_code: u8,
        /// What people read.
        text: String,
        /// What programs read.
        json: Value,
    },
}

impl Failure {
    /// A failed operation on a file or folder.
    pub fn io(what: &str, path: &Path) -> impl Fn(io::Error) -> Self {
        move |error| Self::Failed(format!("cannot {what} {}: {error}", path.display()))
    }

    /// Makes the failure one of invalid input, for files that the command line names.
    #[must_use]
    pub fn of_input(self) -> Self {
        match self {
            Self::Failed(message) => Self::Refused(message),
            other => other,
        }
    }

    /// An unknown name, with similar known names, or all names if there are few.
    pub fn unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<_> = known.into_iter().collect();
        let hint = match near(name, &known).as_slice() {
            [] if known.is_empty() => "; there are none".to_owned(),
            [] if known.len() <= 20 => format!("; there are: {}", known.join(", ")),
            [] => String::new(),
            near => format!("; did you mean {}?", near.join(", ")),
        };
        Self::Usage(format!("unknown {what} {name:?}{hint}"))
    }
}

/// At most three similar names, the most similar first; none that is much less similar than the first.
pub(crate) fn near<'a>(name: &str, known: &[&'a str]) -> Vec<&'a str> {
    let similar = |known: &&'a str| {
        let similarity = strsim::normalized_damerau_levenshtein(name, known);
        (similarity >= NEAR).then_some((similarity, *known))
    };
    let mut near: Vec<_> = known.iter().filter_map(similar).collect();
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let best = near.first().map_or(0.0, |(similarity, _)| *similarity);
    near.retain(|(similarity, _)| *similarity > best - MARGIN);
    near.into_iter().take(3).map(|(_, known)| known).collect()
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Usage(text) | Self::Refused(text) | Self::Failed(text) | Self::Reported { text, .. } => {
                text
            }
            Self::Unread => "the reader closed the output",
        })
    }
}

/// A message of a fault that was found.
impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self::Failed(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_names_are_suggested_or_all_if_there_are_few() {
        let unknown =
            |name: &str| Failure::unknown("service", name, ["aws-sts", "aws-storage-gateway"]).to_string();
        assert_eq!(
            unknown("aws-storage-gatewy"),
            "unknown service \"aws-storage-gatewy\"; did you mean aws-storage-gateway?"
        );
        assert_eq!(unknown("x"), "unknown service \"x\"; there are: aws-sts, aws-storage-gateway");
        assert_eq!(near("abcdef", &["abcxyz", "abcdeg", "abdcef"]), ["abcdeg", "abdcef"]);
        assert_eq!(
            near("ListGateway", &["StartGateway", "ListGateways", "DisableGateway"]),
            ["ListGateways"]
        );
    }
}
