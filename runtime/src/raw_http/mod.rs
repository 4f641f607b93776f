//! Calls by method and path, of services whose APIs belong to their users.
//!
//! A [`Client`] is set up for one API, by its URL or its parts, makes signed [`Call`]s and gives [`Response`]s; credentials,
//! retries, timeouts, errors and their explanations work as in every client.

#[cfg(feature = "async")]
mod awaiting;
#[cfg(feature = "blocking")]
mod blocking;
mod builder;
mod call;
mod presign;
mod response;

use std::{fmt, marker::PhantomData};

use http::Method;

pub use self::{call::Call, response::Response};
pub use crate::builder::TargetError;
use crate::{ClientBuilder, Service, ServiceClient};

/// Calls one API of a user. Cheap to clone; clones share connections, credentials and retry budget.
pub struct Client<S> {
    client: crate::Client,
    service: PhantomData<fn() -> S>,
}

impl<S: Service> Client<S> {
    /// Sets up a client of the API at this URL: the service's own, with the stage in its path where the API has one, or a
    /// domain of yours with its base path. Where the host does not tell the region, set
    /// [`region`](ClientBuilder::region) to that of the API.
    ///
    /// `wss://` is for [`presign`](Call::presign): the handshake of a WebSocket is a GET.
    pub fn for_url(url: impl Into<String>) -> ClientBuilder<Self> {
        let mut builder = ClientBuilder::new();
        builder.target.url = Some(url.into());
        builder
    }

    /// Sets up a client of the API with this id: its [`region`](ClientBuilder::region) must be set, and its
    /// [`stage`](ClientBuilder::stage) and [`vpc_endpoint`](ClientBuilder::vpc_endpoint) where there is one.
    pub fn for_api(id: impl Into<String>) -> ClientBuilder<Self> {
        ClientBuilder::new().api_id(id)
    }

    /// A GET. See [`call`](Self::call) for paths.
    pub fn get(&self, path: &str) -> Call<S> {
        self.call(Method::GET, path)
    }

    /// A HEAD. See [`call`](Self::call) for paths.
    pub fn head(&self, path: &str) -> Call<S> {
        self.call(Method::HEAD, path)
    }

    /// A POST. See [`call`](Self::call) for paths.
    pub fn post(&self, path: &str) -> Call<S> {
        self.call(Method::POST, path)
    }

    /// A PUT. See [`call`](Self::call) for paths.
    pub fn put(&self, path: &str) -> Call<S> {
        self.call(Method::PUT, path)
    }

    /// A PATCH. See [`call`](Self::call) for paths.
    pub fn patch(&self, path: &str) -> Call<S> {
        self.call(Method::PATCH, path)
    }

    /// A DELETE. See [`call`](Self::call) for paths.
    pub fn delete(&self, path: &str) -> Call<S> {
        self.call(Method::DELETE, path)
    }

    /// A call by any method. The path begins with `/`, or is empty, follows that of the client's URL, and is sent as it is:
    /// percent-encoded where need be. Append what is not known beforehand by [`segment`](Call::segment), which encodes it.
    pub fn call(&self, method: Method, path: &str) -> Call<S> {
        Call::new(self.client.clone(), method, path)
    }
}

impl<S: Service> ServiceClient for Client<S> {
    type Service = S;

    fn from_client(client: crate::Client) -> Self {
        Self { client, service: PhantomData }
    }
}

impl<S> Clone for Client<S> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone(), service: PhantomData }
    }
}

impl<S> fmt::Debug for Client<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.client.fmt(f)
    }
}

/// What all calls share: endpoint, region, clock.
impl<S> AsRef<crate::Client> for Client<S> {
    fn as_ref(&self) -> &crate::Client {
        &self.client
    }
}
