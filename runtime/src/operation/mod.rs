//! Traits of services and operations, which generated crates implement.

mod circle;
mod pages_read;

use serde_core::{Serialize, de::DeserializeOwned};

pub use self::pages_read::PagesRead;
pub(crate) use self::pages_read::Repeated;
use crate::{
    ServiceInfo, WireName,
    protocol::{Binding, OperationInfo, Protocol},
    validate::Validate,
};

/// A service.
pub trait Service: Sized + 'static {
    /// The tables of the service.
    const INFO: &'static ServiceInfo;
    /// The protocol of requests and responses.
    type Protocol: Protocol;
    /// The settings of the protocol.
    const PROTOCOL: Self::Protocol;
    /// Exceptions of the service.
    type Exception: WireName;
    /// Operation error codes of the service.
    type ErrorCode: ServiceErrorCode<Service = Self>;
}

/// An operation, identified by its request type.
pub trait Operation: Serialize + Validate + Send + Sync + 'static {
    /// The table of the operation, which does not depend on its types.
    const INFO: &'static OperationInfo;
    /// The service of the operation.
    type Service: Service;
    /// The response.
    type Output: DeserializeOwned + Send + 'static;

    /// The value of a required member, by its wire name, for the host name.
    fn host_label(&self, _member: &str) -> Option<&str> {
        None
    }

    /// Fills the client token if there is one and it is not set.
    fn fill_client_token(&mut self, _token: &dyn Fn() -> String) {}
}

/// The operation error codes of a service. They determine the type of the service's [errors](crate::Error).
pub trait ServiceErrorCode: WireName {
    /// The service of the codes.
    type Service: Service<ErrorCode = Self>;
}

/// The operation error codes of one operation, as an enum of its own. [`Error::kind`](crate::Error::kind) returns it.
///
/// Unlike other enums, these are exhaustive, so that a `match` over them is: the compiler shows the codes that a program does
/// not handle. Codes that the model does not list for the operation are `Other`, so that a new code of the service breaks
/// no program; a code that the model adds is a breaking change.
pub trait OperationError: std::fmt::Debug + Clone + PartialEq + Send + Sync + 'static {
    /// The service of the codes.
    type Service: Service;

    /// The operation's value for a code of the service.
    fn from_code(code: &<Self::Service as Service>::ErrorCode) -> Self;
}

/// Members of an exception or operation error code besides its message, as a type.
pub trait ErrorMembers: DeserializeOwned {
    /// The service that sends the error.
    type Service: Service;
    /// Names of the error on the wire.
    const NAMES: &'static [&'static str];
    /// Members outside of the body of the error response.
    const BINDINGS: &'static [Binding] = &[];
}

/// An operation whose response comes in pages.
pub trait Paginated: Operation + Clone {
    /// An item of a page.
    type Item: Send + 'static;

    /// Makes this the request of the page after `output`; returns whether there is one. `read` knows the pages so far.
    fn next_page(&mut self, output: &Self::Output, read: &mut PagesRead) -> bool;

    /// The items of a page.
    fn into_items(output: Self::Output) -> Vec<Self::Item>;
}
