//! A change between two models, as facts; texts are created when the change is shown.

use std::fmt::{self, Display, Formatter};

use serde_json::{Number, Value};

use super::rules::Rule;
use crate::docs;

/// One change that users of a service's client can notice.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Name of the service.
    pub service: String,
    /// What changed.
    pub place: Place,
    /// The rule that judges the change.
    pub rule: &'static Rule,
    /// The fact in the old model.
    pub before: Option<Fact>,
    /// The fact in the new model.
    pub after: Option<Fact>,
    /// Names of the operations concerned, sorted; empty if the change concerns the service as a whole.
    pub operations: Vec<String>,
}

/// What a change means for users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Only texts change.
    Documentation,
    /// Behavior changes, but no program depends on the old behavior.
    Fix,
    /// Something new; what exists stays.
    Addition,
    /// Programs stop compiling, or requests and responses that worked are different now.
    Breaking,
}

impl Verdict {
    /// All verdicts, the most severe first.
    pub const ALL: [Self; 4] = [Self::Breaking, Self::Addition, Self::Fix, Self::Documentation];

    /// Its name in lowercase.
    pub fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Addition => "addition",
            Self::Fix => "fix",
            Self::Documentation => "documentation",
        }
    }
}

/// Where a change is, in Rust names where the item has one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The service as a whole.
    Service,
    /// An endpoint, of these regions.
    Endpoint {
        /// The requested variant of the endpoint, besides the region: `fips`.
        asked: Vec<&'static str>,
        /// Regions, sorted; empty without a region.
        regions: Vec<String>,
    },
    /// A region.
    Region(String),
    /// Hosts of this form.
    Host(String),
    /// A method of the client.
    Method(String),
    /// A type.
    Type(String),
    /// A field of a structure.
    Field {
        /// Type.
        ty: String,
        /// Field.
        field: String,
    },
    /// A variant of an enum.
    Variant {
        /// Type.
        ty: String,
        /// Variant.
        variant: String,
    },
    /// A shape of the model without a type of its own in Rust.
    Shape(String),
    /// Error codes with this prefix.
    Family(String),
    /// A known response, or a source of responses.
    KnownResponse(String),
}

impl Place {
    /// Whether its name is one in Rust.
    pub fn is_code(&self) -> bool {
        match self {
            Self::Method(_) | Self::Type(_) | Self::Field { .. } | Self::Variant { .. } => true,
            Self::Service
            | Self::Endpoint { .. }
            | Self::Region(_)
            | Self::Host(_)
            | Self::Shape(_)
            | Self::Family(_)
            | Self::KnownResponse(_) => false,
        }
    }

    /// The place in Markdown.
    pub fn markdown(&self) -> String {
        if self.is_code() { format!("`{self}`") } else { self.to_string() }
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service => f.write_str("the service"),
            Self::Endpoint { asked, regions } => {
                let region = regions.first().map_or("no region", String::as_str);
                write!(f, "endpoint of {region}")?;
                if regions.len() > 1 {
                    write!(f, " and {} more", regions.len() - 1)?;
                }
                asked.iter().try_for_each(|asked| write!(f, ", {asked}"))
            }
            Self::Region(name) => write!(f, "region `{name}`"),
            Self::Host(form) => write!(f, "hosts of the form `{form}`"),
            Self::Method(name) => write!(f, "Client::{name}"),
            Self::Type(name) => f.write_str(name),
            Self::Field { ty, field } => write!(f, "{ty}.{field}"),
            Self::Variant { ty, variant } => write!(f, "{ty}::{variant}"),
            Self::Shape(name) => write!(f, "shape `{name}`"),
            Self::Family(value) => write!(f, "error codes `{value}*`"),
            Self::KnownResponse(id) => write!(f, "known response `{id}`"),
        }
    }
}

/// A fact before or after a change; in Markdown when it is shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// A name, a type, a value on the wire.
    Code(String),
    /// A text that people read.
    Text(String),
    /// Several names.
    Names(Vec<String>),
    /// Inclusive bounds of a value or of its length.
    Bounds {
        /// Smallest.
        min: Option<Number>,
        /// Largest.
        max: Option<Number>,
        /// What is counted: `characters`; empty for the value itself.
        unit: &'static str,
    },
    /// A value in wire form.
    Value(Value),
}

impl Display for Fact {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(text) => f.write_str(&docs::code(text)),
            Self::Text(text) => write!(f, "“{}”", docs::escape(text)),
            Self::Names(names) if names.is_empty() => f.write_str("none"),
            Self::Names(names) => {
                f.write_str(&names.iter().map(|name| docs::code(name)).collect::<Vec<_>>().join(", "))
            }
            Self::Bounds { min, max, unit } => {
                match (min, max) {
                    (Some(min), Some(max)) if min == max => write!(f, "exactly {min}")?,
                    (Some(min), Some(max)) => write!(f, "{min} to {max}")?,
                    (Some(min), None) => write!(f, "at least {min}")?,
                    (None, Some(max)) => write!(f, "at most {max}")?,
                    (None, None) => f.write_str("any")?,
                }
                if unit.is_empty() { Ok(()) } else { write!(f, " {unit}") }
            }
            Self::Value(value) => f.write_str(&docs::code(&value.to_string())),
        }
    }
}

impl Change {
    /// What the change means for users.
    pub fn verdict(&self) -> Verdict {
        self.rule.verdict()
    }
}

/// What changed, in one line, in Markdown.
impl Display for Change {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { place, rule, before, after, .. } = self;
        write!(f, "{}: {}", place.markdown(), rule.title)?;
        match (before, after) {
            (None, None) => Ok(()),
            (None, Some(after)) => write!(f, " ({after})"),
            (Some(before), None) => write!(f, " (before: {before})"),
            (Some(before), Some(after)) => write!(f, ": {after}, before {before}"),
        }
    }
}
