//! Known responses, which are identified by more than a name.

use crate::Category;
use crate::json::{choice, object};

/// Known responses of a service, and the sources that may have written one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownResponses {
    /// Sources of responses; the first that matches applies.
    pub sources: Vec<ResponseSource>,
    /// Known responses; of entries that match equally well, the first is the likeliest.
    pub entries: Vec<KnownResponse>,
}

/// The component that wrote a response, identified by headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseSource {
    /// Name.
    pub id: String,
    /// What the component is, in a sentence.
    pub doc: String,
    /// Headers of the response, with a pattern for the value of each.
    pub headers: Vec<(String, String)>,
    /// Headers that the response does not have.
    pub without: Vec<String>,
}

/// A known response, or a failure to get a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownResponse {
    /// Name.
    pub id: String,
    /// What it means, in a sentence.
    pub doc: String,
    /// What it means for the caller.
    pub category: Category,
    /// Alternatives, of which one must match; all conditions of an alternative must hold.
    pub when: Vec<Vec<ResponseCondition>>,
    /// Why it happens, each a sentence; `{name}` is replaced by a part that a pattern read.
    pub causes: Vec<String>,
    /// What to do, each a sentence; `{name}` is replaced by a part that a pattern read.
    pub remedies: Vec<String>,
    /// Operations that show or repair the cause, in this order.
    pub repairs: Vec<Repair>,
    /// A response that matches; `None` if a call gets no response at all.
    pub example: Option<ResponseExample>,
}

/// An operation, mostly of another service, that shows or repairs the cause of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Name of the service.
    pub service: String,
    /// Name of the operation on the wire.
    pub operation: String,
    /// Members of the request on the wire with their values, sorted; `{name}` is replaced by a part that a pattern read.
    pub input: Vec<(String, String)>,
}

/// An example of a known response, complete enough for a fake. It matches one of the entry's alternatives.
///
/// Message, body and values of headers are templates: `{name}` is replaced by a part of the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResponseExample {
    /// HTTP status.
    pub status: u16,
    /// Headers, sorted by name.
    pub headers: Vec<(String, String)>,
    /// The message, for a body without any.
    pub message: Option<String>,
    /// Member of a JSON body that holds the message.
    pub message_key: String,
    /// The body, if it is not JSON with a message.
    pub body: Option<String>,
    /// The request, as far as the entry depends on it.
    pub request: ExampleRequest,
}

object! {
    /// The request of an example, as far as the entry depends on it.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct ExampleRequest {
        /// Host name that was called.
        pub host: Option<String>,
        /// Path.
        pub path: Option<String>,
        /// Content type.
        pub content_type: Option<String>,
        /// Headers that the request had, besides the headers of every request.
        pub sent: Vec<String> = Vec::new(),
        /// The caller: an ARN or an account id.
        pub caller: Option<String>,
        /// Account that owns what was called, or its ARN.
        pub owner: Option<String>,
        /// Further properties of the request.
        pub is: Vec<RequestTrait> = Vec::new(),
    }
}

/// A condition that identifies a response. In patterns `*` is any text, and `{name}` a part without blanks, which sentences
/// may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseCondition {
    /// No other entry matches.
    Otherwise,
    /// There is no response, for one of these reasons.
    Failure(Vec<Failure>),
    /// One of these statuses; a single digit means all statuses that begin with it.
    Status(Vec<u16>),
    /// One of these names of the error.
    Type(Vec<String>),
    /// The message matches one of these patterns.
    Message(Vec<String>),
    /// One of these sources wrote the response.
    By(Vec<String>),
    /// The response has this header, with a value that matches the pattern.
    Header(String, String),
    /// The host name has one of these forms of the protocol; `other` means no known form.
    Host(Vec<String>),
    /// The host name has none of these forms. The condition can only exclude the entry, and does not support it.
    NotHost(Vec<String>),
    /// One of these methods.
    Method(Vec<String>),
    /// The decoded path matches one of these patterns.
    Path(Vec<String>),
    /// The request's content type matches one of these patterns.
    ContentType(Vec<String>),
    /// The request has this header.
    Sent(String),
    /// The request does not have this header.
    Unsent(String),
    /// The request has this property.
    Request(RequestTrait),
    /// The server's certificate has a name that matches one of these patterns.
    Certificate(Vec<String>),
    /// Two parts, ARNs or account ids, belong to different accounts.
    OtherAccount(String, String),
    /// Two parts, ARNs or account ids, belong to one account.
    SameAccount(String, String),
}

choice! {
    /// The failure that prevented a response.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Failure {
        /// The name has no address.
        Dns = "dns",
        /// No connection: refused, unreachable, or timed out.
        Connect = "connect",
        /// The certificate is for other names.
        CertificateName = "certificate-name",
        /// The certificate's authority is not trusted.
        CertificateIssuer = "certificate-issuer",
        /// The server requires a client certificate.
        ClientCertificate = "client-certificate",
    }
}

choice! {
    /// A property of a request.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum RequestTrait {
        /// It was signed.
        Signed = "signed",
        /// It was not signed.
        Unsigned = "unsigned",
        /// It had a session token.
        SessionToken = "session-token",
        /// It was signed without a session token.
        NoSessionToken = "no-session-token",
        /// It went to a private address.
        PrivateAddress = "private-address",
        /// The server requested a client certificate.
        ClientCertificateAsked = "client-certificate-asked",
    }
}
