//! What the generated crate says of a service and its operations, as types.

mod pages_read;

use serde_core::{Serialize, de::DeserializeOwned};

pub use self::pages_read::PagesRead;
use crate::{
    ServiceInfo, WireName,
    protocol::{OperationInfo, Protocol},
    validate::Validate,
};

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
    type ErrorCode: ServiceErrorCode<Service = Self>;
}

/// An operation, identified by its request type.
pub trait Operation: Serialize + Validate + Send + Sync + 'static {
    /// Everything about it that does not depend on its types.
    const INFO: &'static OperationInfo;
    /// The service that it belongs to.
    type Service: Service;
    /// Its response.
    type Output: DeserializeOwned + Send + 'static;

    /// The value of a required member that is a part of the host name, by its wire name.
    fn host_label(&self, _member: &str) -> Option<&str> {
        None
    }

    /// Fills the client token if there is one and it is not set.
    fn fill_client_token(&mut self, _token: &dyn Fn() -> String) {}
}

/// The operation error codes of a service, and with it the type of its [errors](crate::Error).
pub trait ServiceErrorCode: WireName {
    /// The service they belong to.
    type Service: Service<ErrorCode = Self>;
}

/// The operation error codes of one operation, as an enum of its own, which [`Error::kind`](crate::Error::kind) returns.
///
/// Unlike other enums, these are exhaustive, so that a `match` over them is: the compiler shows the codes that a program does
/// not handle. Codes that the model does not list for the operation are `Other`, so that a new code of the service breaks
/// no program; a code that the model adds is a breaking change.
pub trait OperationError: std::fmt::Debug + Clone + PartialEq + Send + Sync + 'static {
    /// The service they belong to.
    type Service: Service;

    /// The operation's own view of a code.
    fn from_code(code: &<Self::Service as Service>::ErrorCode) -> Self;
}

/// An operation whose response comes in pages.
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
