//! Tables of responses that a model distinguishes by more than their names. They are distinguished by message, headers
//! and request.
//!
//! The generated crate contains the table; explanations read it.

use std::{any::Any, fmt};

use super::Category;

/// A reader of tables. Its implementation knows the evidence that a table is compared with.
pub trait KnownResponsesReader: Any + fmt::Debug + Send + Sync {}

/// The table of a service's known responses.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct KnownResponses {
    /// Possible senders of responses; the first that fits is chosen.
    pub sources: &'static [ResponseSource],
    /// Entries; the first of several that fit equally well is the likeliest.
    pub entries: &'static [KnownResponse],
    /// The reader of the table. Linked only with services that have a table.
    pub reader: Option<&'static dyn KnownResponsesReader>,
}

impl KnownResponses {
    /// No entry.
    pub const NONE: &'static Self = &Self { sources: &[], entries: &[], reader: None };
}

/// A sender of responses, identified by their headers.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ResponseSource {
    /// Name.
    pub id: &'static str,
    /// Description, in a sentence.
    pub doc: &'static str,
    /// Headers that the response has, with a pattern for the value of each.
    pub headers: &'static [(&'static str, &'static str)],
    /// Headers that the response does not have.
    pub without: &'static [&'static str],
}

impl ResponseSource {
    /// Describes a source.
    pub const fn new(
        id: &'static str,
        doc: &'static str,
        headers: &'static [(&'static str, &'static str)],
        without: &'static [&'static str],
    ) -> Self {
        Self { id, doc, headers, without }
    }
}

/// A known response, or a known failure to get one.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct KnownResponse {
    /// Name.
    pub id: &'static str,
    /// Meaning, in a sentence.
    pub doc: &'static str,
    /// Meaning for the caller.
    pub category: Category,
    /// Alternatives, of which one must hold, each with conditions that must all hold.
    pub when: &'static [&'static [When]],
    /// Why it happens.
    pub causes: &'static [&'static str],
    /// What to do.
    pub remedies: &'static [&'static str],
    /// Operations that show or repair the cause.
    pub repairs: &'static [RepairBy],
}

impl KnownResponse {
    /// Describes a response.
    pub const fn new(
        id: &'static str,
        doc: &'static str,
        category: Category,
        when: &'static [&'static [When]],
        causes: &'static [&'static str],
        remedies: &'static [&'static str],
    ) -> Self {
        Self { id, doc, category, when, causes, remedies, repairs: &[] }
    }

    /// Adds operations that show or repair the cause.
    #[must_use]
    pub const fn with_repairs(self, repairs: &'static [RepairBy]) -> Self {
        Self { repairs, ..self }
    }
}

/// An operation that shows or repairs the cause of a response.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RepairBy {
    /// Name of the operation's service.
    pub service: &'static str,
    /// Name of the operation on the wire.
    pub operation: &'static str,
    /// Members of the request with their values. `{name}` in a value is a part that a pattern read.
    pub input: &'static [(&'static str, &'static str)],
}

impl RepairBy {
    /// Describes an operation.
    pub const fn new(
        service: &'static str,
        operation: &'static str,
        input: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { service, operation, input }
    }
}

/// A condition that identifies a response.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum When {
    /// No other entry fits.
    Otherwise,
    /// There is no response, for one of these reasons.
    Failure(&'static [Failure]),
    /// One of these statuses; a single digit matches all that begin with it.
    Status(&'static [u16]),
    /// One of these names of the error.
    Type(&'static [&'static str]),
    /// The message fits one of these patterns.
    Message(&'static [&'static str]),
    /// One of these sources responded.
    By(&'static [&'static str]),
    /// The response has this header, with a value that fits the pattern.
    Header(&'static str, &'static str),
    /// The host's name has one of these forms. `other` is a name of no known form.
    Host(&'static [&'static str]),
    /// The host's name has none of these forms. This can exclude the entry, but does not support it.
    NotHost(&'static [&'static str]),
    /// One of these methods.
    Method(&'static [&'static str]),
    /// The path, decoded, fits one of these patterns.
    Path(&'static [&'static str]),
    /// The request's content type fits one of these patterns.
    ContentType(&'static [&'static str]),
    /// The request has this header.
    Sent(&'static str),
    /// The request does not have this header.
    Unsent(&'static str),
    /// The request has this property.
    Request(RequestTrait),
    /// The server's certificate has a name that fits one of these patterns.
    Certificate(&'static [&'static str]),
    /// Two parts, ARNs or account ids, belong to different accounts.
    OtherAccount(&'static str, &'static str),
    /// Two parts, ARNs or account ids, belong to one account.
    SameAccount(&'static str, &'static str),
}

/// A reason why there is no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// The name has no address.
    Dns,
    /// There is no connection: refused, unreachable, or too late.
    Connect,
    /// The certificate is for other names.
    CertificateName,
    /// The certificate's authority is not trusted.
    CertificateIssuer,
    /// The server requires a client certificate.
    ClientCertificate,
}

/// A property of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestTrait {
    /// The request had a signature.
    Signed,
    /// The request had no signature.
    Unsigned,
    /// The request had a session token.
    SessionToken,
    /// The request had a signature without a session token.
    NoSessionToken,
    /// The request was sent to a private address.
    PrivateAddress,
    /// The server requested a client certificate.
    ClientCertificateAsked,
}
