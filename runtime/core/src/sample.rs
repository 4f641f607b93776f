//! Rules that derive a fake's response from request, caller and time.

/// A rule for one place in the sample of an operation's response.
#[derive(Clone, Copy, Debug)]
pub struct SampleRule {
    /// JSON pointer (RFC 6901) into the sample.
    pub at: &'static str,
    /// The value to put there.
    pub value: SampleValue,
}

impl SampleRule {
    /// Puts a value at a JSON pointer (RFC 6901) of the sample.
    pub const fn new(at: &'static str, value: SampleValue) -> Self {
        Self { at, value }
    }
}

/// A value that a fake puts into a response.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "matched by the layers above")]
pub enum SampleValue {
    /// The current time.
    Now(SampleTime),
    /// Text made of pieces; if a piece is missing, the sample's value stays.
    Text(&'static [SamplePiece]),
    /// New credentials, which fakes accept until they expire.
    Issued(Issued),
    /// The sample's value if the request has one of these members, nothing otherwise.
    OnlyWith(&'static [&'static str]),
}

/// The form of a time.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "matched by the layers above")]
pub enum SampleTime {
    /// A number of seconds since 1970.
    EpochSeconds,
    /// RFC 3339 text.
    DateTime,
    /// An IMF-fixdate (RFC 9110, 5.6.7).
    HttpDate,
}

/// Wire names of the members of credentials.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by generated tables")]
pub struct Issued {
    /// The access key id.
    pub access_key_id: &'static str,
    /// The secret access key.
    pub secret_access_key: &'static str,
    /// The session token.
    pub session_token: &'static str,
    /// The expiry, and its form.
    pub expiration: (&'static str, SampleTime),
    /// Member of the request with the lifetime in seconds, if there is one.
    pub lifetime: Option<&'static str>,
    /// Lifetime in seconds, unless the request sets one.
    pub default_lifetime: u32,
}

/// A piece of a text.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "matched by the layers above")]
pub enum SamplePiece {
    /// Constant text.
    Literal(&'static str),
    /// A member of the request.
    Request(&'static str, SamplePart),
    /// A value from the response in which the caller's credentials were issued. The text is a JSON pointer.
    Caller(&'static str, SamplePart),
}

/// Part of a text.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum SamplePart {
    /// The whole text.
    Whole,
    /// The part between colons, counted from 0: the account of an ARN is 4.
    Colon(usize),
    /// The part after the last slash.
    LastSlash,
}

impl SamplePart {
    /// This part of a text, if the text has the part.
    pub fn of(self, text: &str) -> Option<&str> {
        match self {
            Self::Whole => Some(text),
            Self::Colon(number) => text.split(':').nth(number),
            Self::LastSlash => text.rsplit_once('/').map(|(_, last)| last),
        }
    }
}
