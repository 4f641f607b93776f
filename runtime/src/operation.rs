//! What the generated crate says of a service and its operations, as types.

use serde_core::{Serialize, de::DeserializeOwned};

use crate::{PagesRead, ServiceInfo, WireName, protocol::Protocol, validate::Validate};

/// A service.
pub trait Service: Sized + 'static {
    /// What there is to know about it.
    const INFO: &'static ServiceInfo;
    /// How its requests and responses are written.
    type Protocol: Protocol;
    /// That protocol's settings.
    const PROTOCOL: Self::Protocol;
    /// Its exceptions.
    type Exception: WireName;
    /// Its operation error codes.
    type ErrorCode: WireName;
}

/// An operation, told by its request.
pub trait Operation: Serialize + Validate + Send + Sync + 'static {
    /// Name on the wire.
    const NAME: &'static str;
    /// The service it belongs to.
    type Service: Service;
    /// Its response.
    type Output: DeserializeOwned + Send + 'static;
    /// Its operation error codes.
    type Error: OperationError<Service = Self::Service>;
    /// Executing it twice leaves the service as executing it once: it may be sent again when the first answer is lost.
    const REPEATABLE: bool;
    /// Its response has no members, so that an empty body is one.
    const EMPTY_OUTPUT: bool = false;
    /// GET serves as well as POST.
    const ACCEPTS_GET: bool = false;
    /// It is sent without credentials and signature: who may call it is told by the request itself.
    const UNSIGNED: bool = false;
    /// Its requests are sent compressed by gzip, from 10,240 bytes on; with the feature `compression`, which the
    /// service's feature brings.
    const COMPRESSED: bool = false;
    /// Wire name of the client token, where there is one.
    const CLIENT_TOKEN: Option<&'static str> = None;

    /// Fills the client token, where there is one and it is not set.
    fn fill_client_token(&mut self, _token: &dyn Fn() -> String) {}
}

/// Operation error codes of an operation.
pub trait OperationError: std::fmt::Debug + Clone + PartialEq + Send + Sync + 'static {
    /// The service they belong to.
    type Service: Service;

    /// The operation's own view of a code.
    fn from_code(code: &<Self::Service as Service>::ErrorCode) -> Self;
}

/// An operation whose answer comes in pages.
pub trait Paginated: Operation + Clone {
    /// What the pages hold.
    type Item: Send + 'static;

    /// The token of the next page, if there is one; numbered pages have none.
    fn next_token(output: &Self::Output) -> Option<&str>;

    /// The number of the next page, where pages are numbered and there is one; `read` counts those up to this.
    fn next_number(&self, _output: &Self::Output, _read: &mut PagesRead) -> Option<i64> {
        None
    }

    /// Asks for the page after `token`, or for the page of this number.
    fn set_token(&mut self, token: String);

    /// The items of a page.
    fn into_items(output: Self::Output) -> Vec<Self::Item>;
}
