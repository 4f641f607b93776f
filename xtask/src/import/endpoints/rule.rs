//! Rules, while the list is being built.

use std::collections::BTreeSet;

use super::super::json::{Json, Object};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Condition {
    EndpointSet,
    Global,
    RegionSet,
    RegionIs(String),
    Fips,
    DualStack,
    PartitionIs(String),
    PartitionHasFips,
    PartitionHasDualStack,
}

impl Condition {
    pub(super) fn word(&self) -> Json {
        match self {
            Self::EndpointSet => "endpoint-set".into(),
            Self::Global => "global".into(),
            Self::RegionSet => "region-set".into(),
            Self::RegionIs(region) => [("region-is", region.as_str())].into(),
            Self::Fips => "fips".into(),
            Self::DualStack => "dual-stack".into(),
            Self::PartitionIs(partition) => [("partition-is", partition.as_str())].into(),
            Self::PartitionHasFips => "partition-has-fips".into(),
            Self::PartitionHasDualStack => "partition-has-dual-stack".into(),
        }
    }

    /// Whether the condition is about the region, so that there is one.
    pub(super) fn needs_region(&self) -> bool {
        matches!(
            self,
            Self::RegionIs(_) | Self::PartitionIs(_) | Self::PartitionHasFips | Self::PartitionHasDualStack
        )
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Custom,
    Url { url: String, region: Option<String> },
    Error(String),
}

impl Outcome {
    /// Whether it contains the region.
    pub(super) fn needs_region(&self) -> bool {
        matches!(self, Self::Url { url, .. } if url.contains('{'))
    }
}

/// A rule of the list, with conditions that must not hold while the list is being built.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) when: BTreeSet<Condition>,
    pub(super) not: BTreeSet<Condition>,
    pub(super) then: Outcome,
}

impl Rule {
    pub(super) fn entry(&self) -> Object {
        let mut entry = Object::default();
        // A region that equals a name is set.
        let is_exact = self.when.iter().any(|condition| matches!(condition, Condition::RegionIs(_)));
        let when = self.when.iter().filter(|condition| !is_exact || **condition != Condition::RegionSet);
        let mut set = |key: &str, value: Json| entry.0.push((key.to_owned(), value));
        set("when", Json::List(when.map(Condition::word).collect()));
        match &self.then {
            Outcome::Custom => set("custom", true.into()),
            Outcome::Error(error) => set("error", error.as_str().into()),
            Outcome::Url { url, region } => {
                set("url", url.as_str().into());
                if let Some(region) = region {
                    set("signing_region", region.as_str().into());
                }
            }
        }
        entry
    }

    /// Whether both can hold for one request.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let contradicts = |one: &Self, other: &Self| {
            one.when.iter().any(|condition| match condition {
                Condition::RegionIs(region) => other
                    .when
                    .iter()
                    .any(|other| matches!(other, Condition::RegionIs(known) if known != region)),
                Condition::PartitionIs(partition) => other
                    .when
                    .iter()
                    .any(|other| matches!(other, Condition::PartitionIs(known) if known != partition)),
                _ => false,
            }) || one.when.iter().any(|condition| other.not.contains(condition))
        };
        !contradicts(self, other) && !contradicts(other, self)
    }
}
