//! Violations of JSON requests, and in the form that services report.

use super::{Check, Rule, Segment, Validate, Violation, violation::Fault};

impl Check {
    /// Every violation that a service reports, including unknown values of enums.
    pub fn as_service(request: &impl Validate) -> Vec<Violation> {
        Self { closed_enums: true, ..Self::default() }.run(request)
    }
}

impl Violation {
    /// A fault of a value in a request.
    pub fn at(place: Vec<Segment>, message: String) -> Self {
        Self { place, fault: Fault::Other(message) }
    }

    /// A violation for a missing required member.
    pub fn missing(place: Vec<Segment>) -> Self {
        Self::of_rule(place, Rule::Required)
    }

    /// The steps from the request to the value.
    pub fn place(&self) -> &[Segment] {
        &self.place
    }

    /// The steps, for renaming to the names in the request.
    pub fn place_mut(&mut self) -> &mut [Segment] {
        &mut self.place
    }
}

impl Segment {
    /// Whether the steps are equal. A deserializer sees keys of maps as members.
    pub fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Index(one), Self::Index(other)) => one == other,
            (Self::Index(_), _) | (_, Self::Index(_)) => false,
            (one, other) => one.name() == other.name(),
        }
    }

    /// The name of a member, or a key.
    fn name(&self) -> Option<&str> {
        match self {
            Self::Member(name) => Some(name),
            Self::Key(key) => Some(key),
            Self::SecretKey(key) => Some(key.expose()),
            Self::Index(_) => None,
        }
    }
}
