//! Answers that are told apart by more than a name.

use serde::Deserialize;

use crate::Category;

/// What is known of a service's answers: which there are, and who gives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    /// Who may have answered; the first that fits counts.
    pub sources: Vec<AnswerSource>,
    /// Entries; of those that fit equally well, the first is likeliest.
    pub entries: Vec<Answer>,
}

/// Who answered, told by headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerSource {
    /// Name.
    pub id: String,
    /// Who it is, in a sentence.
    pub doc: String,
    /// Headers of the answer, with a pattern for the value of each.
    pub headers: Vec<(String, String)>,
    /// Headers that the answer does not have.
    pub without: Vec<String>,
}

/// An answer, or a failure to get one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Name.
    pub id: String,
    /// What it means, in a sentence.
    pub doc: String,
    /// What it means for the caller.
    pub category: Category,
    /// Alternatives, of which one must hold, each with conditions that must all hold.
    pub when: Vec<Vec<AnswerCondition>>,
    /// Why it happens, each a sentence; `{name}` stands for a part that was read.
    pub causes: Vec<String>,
    /// What to do, each a sentence; `{name}` stands for a part that was read.
    pub remedies: Vec<String>,
    /// A response that fits; `None` if a call gets no response at all.
    pub example: Option<AnswerExample>,
}

/// A response of an entry, complete enough to be served. It fits one of the entry's alternatives.
///
/// Message, body and values of headers are templates: `{name}` stands for a part of the request that is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerExample {
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
    /// What the request was like, as far as the entry depends on it.
    pub request: ExampleRequest,
}

/// The request that an example answers, as far as its entry depends on it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct ExampleRequest {
    /// Host name that was called.
    pub host: Option<String>,
    /// Path.
    pub path: Option<String>,
    /// Content type.
    pub content_type: Option<String>,
    /// Headers that the request had, beside those of every request.
    pub sent: Vec<String>,
    /// Who called: an ARN or an account id.
    pub caller: Option<String>,
    /// Account that owns what was called, or its ARN.
    pub owner: Option<String>,
    /// What else it was like.
    pub is: Vec<RequestTrait>,
}

/// What an answer is known by. In patterns `*` is any text, and `{name}` a part without blanks, which sentences may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerCondition {
    /// No other entry fits.
    Otherwise,
    /// There is no answer, for one of these reasons.
    Failure(Vec<Failure>),
    /// One of these statuses; a single digit stands for all that begin with it.
    Status(Vec<u16>),
    /// One of these names of the error.
    Type(Vec<String>),
    /// The message fits one of these patterns.
    Message(Vec<String>),
    /// One of these sources answered.
    By(Vec<String>),
    /// The answer has this header, with a value that fits the pattern.
    Header(String, String),
    /// The host's name is of one of these forms of the protocol's hosts; `other` stands for none of those known.
    Host(Vec<String>),
    /// The host's name is of none of these forms. It tells nothing for the entry, but may tell against it.
    NotHost(Vec<String>),
    /// One of these methods.
    Method(Vec<String>),
    /// The path, decoded, fits one of these patterns.
    Path(Vec<String>),
    /// The request's content type fits one of these patterns.
    ContentType(Vec<String>),
    /// The request has this header.
    Sent(String),
    /// The request does not have this header.
    Unsent(String),
    /// The request was so.
    Request(RequestTrait),
    /// The server's certificate has a name that fits one of these patterns.
    Certificate(Vec<String>),
    /// Two parts, ARNs or account ids, belong to different accounts.
    OtherAccount(String, String),
    /// Two parts, ARNs or account ids, belong to one account.
    SameAccount(String, String),
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
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
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
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
