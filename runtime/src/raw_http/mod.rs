//! Calls by method and path, for APIs of users behind a service.
//!
//! A [`Client`] is built for one API, from a URL or from the API's parts. It makes signed [`Call`]s, which return
//! [`Response`]s; credentials, retries, timeouts, errors and their explanations work as in every client.

#[cfg(feature = "async-driver")]
mod awaiting;
#[cfg(feature = "blocking-driver")]
mod blocking;
mod builder;
mod call;
mod response;

use std::{fmt, marker::PhantomData};

use http::Method;

pub use self::{call::Call, response::Response};
pub use crate::builder::TargetError;
use crate::{ClientBuilder, Service, ServiceClient};

/// A client of one API. Cheap to clone; clones share connections, credentials and retry budget.
pub struct Client<S> {
    client: crate::Client,
    service: PhantomData<fn() -> S>,
}

impl<S: Service> Client<S> {
    /// A builder of a client of the API at this URL.
    ///
    /// The URL is the service's own, with the stage in its path if the API has one, or a custom domain with its base path. If the host does not contain the region, set
    /// [`region`](ClientBuilder::region) to the API's region.
    ///
    /// `wss://` is for [`presign`](Call::presign) and [`sign`](Call::sign): the handshake of a WebSocket is a GET.
    pub fn for_url(url: impl Into<String>) -> ClientBuilder<Self> {
        let mut builder = ClientBuilder::new();
        builder.target.url = Some(url.into());
        builder
    }

    /// A builder of a client of the API with this id. Its [`region`](ClientBuilder::region) must be set, and its
    /// [`stage`](ClientBuilder::stage) and [`vpc_endpoint`](ClientBuilder::vpc_endpoint) if there are any.
    pub fn for_api(id: impl Into<String>) -> ClientBuilder<Self> {
        ClientBuilder::new().api_id(id)
    }

    /// A GET call. See [`call`](Self::call) for paths.
    pub fn get(&self, path: &str) -> Call<S> {
        self.call(Method::GET, path)
    }

    /// A HEAD call. See [`call`](Self::call) for paths.
    pub fn head(&self, path: &str) -> Call<S> {
        self.call(Method::HEAD, path)
    }

    /// A POST call. See [`call`](Self::call) for paths.
    pub fn post(&self, path: &str) -> Call<S> {
        self.call(Method::POST, path)
    }

    /// A PUT call. See [`call`](Self::call) for paths.
    pub fn put(&self, path: &str) -> Call<S> {
        self.call(Method::PUT, path)
    }

    /// A PATCH call. See [`call`](Self::call) for paths.
    pub fn patch(&self, path: &str) -> Call<S> {
        self.call(Method::PATCH, path)
    }

    /// A DELETE call. See [`call`](Self::call) for paths.
    pub fn delete(&self, path: &str) -> Call<S> {
        self.call(Method::DELETE, path)
    }

    /// A call with any method. The path is empty or begins with `/`, follows the path of the client's URL, and is sent
    /// unchanged, so that it must be percent-encoded. Append variable segments with [`segment`](Call::segment), which
    /// encodes them.
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

/// The values that all calls share: endpoint, region, clock.
impl<S> AsRef<crate::Client> for Client<S> {
    fn as_ref(&self) -> &crate::Client {
        &self.client
    }
}
