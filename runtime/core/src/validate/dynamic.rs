//! Violations of requests in JSON, and as services report them.

use super::{Check, Rule, Segment, Validate, Violation, violation::Fault};

impl Check {
    /// Every violation that a service reports: also values of enums that the model does not know.
    pub fn as_service(request: &impl Validate) -> Vec<Violation> {
        Self { closed_enums: true, ..Self::default() }.run(request)
    }
}

impl Violation {
    /// A fault of a value in a request.
    pub fn at(place: Vec<Segment>, message: String) -> Self {
        Self { place, fault: Fault::Other(message) }
    }

    /// A member that is required but missing.
    pub fn missing(place: Vec<Segment>) -> Self {
        Self::of_rule(place, Rule::Required)
    }

    /// The steps from the request to the value.
    pub fn place(&self) -> &[Segment] {
        &self.place
    }

    /// The steps, to be renamed as the request had them.
    pub fn place_mut(&mut self) -> &mut [Segment] {
        &mut self.place
    }
}

impl Segment {
    /// Whether the steps are the same; those to the values of maps are members to a deserializer.
    pub fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Index(one), Self::Index(other)) => one == other,
            (Self::Member(one), Self::Member(other)) => one == other,
            (Self::Member(one), Self::Key(other)) | (Self::Key(other), Self::Member(one)) => one == other,
            (Self::Key(one), Self::Key(other)) => one == other,
            (Self::Index(_), _) | (_, Self::Index(_)) => false,
        }
    }
}
