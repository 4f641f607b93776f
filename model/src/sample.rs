//! Rules that derive a fake's response from the request.

use crate::TimestampFormat;

/// A rule for one place in a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleRule {
    /// Wire names from the response to the place.
    pub at: Vec<String>,
    /// What the fake puts there.
    pub value: SampleValue,
}

/// What a fake puts into a place of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SampleValue {
    /// Text made of pieces; where a piece is missing, the place keeps its value.
    Text(Vec<SamplePiece>),
    /// Fresh credentials that fakes accept until they end. The members are checked to exist.
    Issued {
        /// Wire name of the access key id.
        access_key_id: String,
        /// Wire name of the secret access key.
        secret_access_key: String,
        /// Wire name of the session token.
        session_token: String,
        /// Wire name and form of the end.
        expiration: (String, TimestampFormat),
        /// Wire name of the request member with the lifetime in seconds, where there is one.
        lifetime: Option<String>,
        /// Lifetime in seconds, unless the request sets one.
        default_lifetime: u32,
    },
    /// The place's own value if the request has one of these members, nothing otherwise.
    OnlyWith(Vec<String>),
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SamplePiece {
    /// Text as it is.
    Literal(String),
    /// A member of the request, by wire name.
    Request(String, SamplePart),
    /// A value of the response in which the caller's credentials were issued, by wire names.
    Caller(Vec<String>, SamplePart),
}

/// Part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SamplePart {
    /// All of it.
    Whole,
    /// What stands between colons, counted from 0: the account of an ARN is 4.
    Colon(usize),
    /// What follows the last slash.
    LastSlash,
}
