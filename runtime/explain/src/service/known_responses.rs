//! Tables of the responses that a service's model tells apart by more than a name: by message, headers, and what the
//! request was like.
//!
//! The generated crate brings the table; explanations read it.

use std::{any::Any, fmt};

use super::Category;

/// Reads a table. Its implementation knows the evidence that a table is compared with; here it is only carried.
pub trait KnownResponsesReader: Any + fmt::Debug + Send + Sync {}

/// What is known of a service's responses.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct KnownResponses {
    /// Who may have responded; the first that fits counts.
    pub sources: &'static [ResponseSource],
    /// Entries; of those that fit equally well, the first is likeliest.
    pub entries: &'static [KnownResponse],
    /// What reads the table: linked with services that have one, and with no others.
    pub reader: Option<&'static dyn KnownResponsesReader>,
}

impl KnownResponses {
    /// No entry.
    pub const NONE: &'static Self = &Self { sources: &[], entries: &[], reader: None };
}

/// Who responded, identified by the response's headers.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ResponseSource {
    /// Name.
    pub id: &'static str,
    /// Who it is, in a sentence.
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

/// A response, or a failure to get one, and what is known of it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct KnownResponse {
    /// Name.
    pub id: &'static str,
    /// What it means, in a sentence.
    pub doc: &'static str,
    /// What it means for the caller.
    pub category: Category,
    /// Alternatives, of which one must hold, each with conditions that must all hold.
    pub when: &'static [&'static [When]],
    /// Why it happens.
    pub causes: &'static [&'static str],
    /// What to do.
    pub remedies: &'static [&'static str],
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
        Self { id, doc, category, when, causes, remedies }
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
    /// The host's name has one of these forms; `other` is a name of no known form.
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
    /// The request was so.
    Request(RequestTrait),
    /// The server's certificate has a name that fits one of these patterns.
    Certificate(&'static [&'static str]),
    /// Two parts, ARNs or account ids, belong to different accounts.
    OtherAccount(&'static str, &'static str),
    /// Two parts, ARNs or account ids, belong to one account.
    SameAccount(&'static str, &'static str),
}

/// Why there is no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// The name has no address.
    Dns,
    /// No connection: refused, unreachable, or not in time.
    Connect,
    /// The certificate is for other names.
    CertificateName,
    /// The certificate's authority is not trusted.
    CertificateIssuer,
    /// The server wants a certificate of the client.
    ClientCertificate,
}

/// What a request was like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestTrait {
    /// It had a signature.
    Signed,
    /// It had none.
    Unsigned,
    /// It had a session token.
    SessionToken,
    /// It had a signature without a session token.
    NoSessionToken,
    /// It went to a private address.
    PrivateAddress,
    /// The server asked for a certificate of the client.
    ClientCertificateAsked,
}
