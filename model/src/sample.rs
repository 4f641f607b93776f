//! Rules that derive a fake's response from the request.

use crate::TimestampFormat;

/// A rule for one place in a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleRule {
    /// Wire names from the response to the place.
    pub at: Vec<String>,
    /// The value at the place.
    pub value: SampleValue,
}

/// The value that a fake puts at a place of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SampleValue {
    /// Text made of pieces; if a piece is missing, the place keeps its value.
    Text(Vec<SamplePiece>),
    /// Fresh credentials that fakes accept until they expire. The members are checked to exist.
    Issued {
        /// Wire name of the access key id.
        access_key_id: String,
        /// Wire name of the secret access key.
        secret_access_key: String,
        /// Wire name of the session token.
        session_token: String,
        /// Wire name and format of the expiry.
        expiration: (String, TimestampFormat),
        /// Wire name of the request member with the lifetime in seconds, if there is one.
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
    /// Literal text.
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
    /// The field between colons, counted from 0: the account of an ARN is 4.
    Colon(usize),
    /// The text after the last slash.
    LastSlash,
}
