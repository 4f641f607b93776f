//! An in-process service for tests, which responds on 127.0.0.1 according to the model.
//!
//! The fake checks signatures, targets, required members and constraints as the service does. It responds with values
//! from the model, with the response of a handler ([`Fake::on`]) or with any error ([`Fake::fail_next`]); it can
//! misbehave ([`Fake::misbehave_next`]). One router handles every operation, driven by the tables of the generated
//! crate.
//!
//! ```no_run
//! # mod gatewright {
//! #     pub use gatewright_fake as fake;
//! #     pub use gatewright_runtime::*;
//! # }
//! use gatewright::{
//!     ServiceClient,
//!     fake::{Fake, FakeService},
//! };
//!
//! /// `service` is the `FAKE` of a service's module.
//! async fn start<C: ServiceClient>(
//!     service: &'static FakeService,
//! ) -> Result<(Fake, C), Box<dyn std::error::Error>> {
//!     let fake = Fake::start(service).await?;
//!     let client = fake.client()?;
//!     Ok((fake, client))
//! }
//! ```
//!
//! The guide "Testing with the fake" in the documentation of `gatewright` has whole tests.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![deny(missing_docs, clippy::exhaustive_enums, clippy::indexing_slicing)]
#![forbid(unsafe_code)]

mod body;
mod builder;
mod control;
mod dialect;
mod error;
mod gzip;
mod issued;
mod misbehaviour;
mod nearest;
mod record;
mod response;
mod router;
mod script;
mod server;
mod service;
mod test_context;
mod violations;
mod wire;

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Weak},
};

use serde_core::{Serialize, de::DeserializeOwned};
use tokio::task::JoinHandle;

pub use self::{
    builder::FakeBuilder,
    dialect::raw_http::{FakeRefusal, FakeRequest, InvalidPath, UnknownRefusal},
    error::FakeError,
    misbehaviour::Misbehaviour,
    record::ReceivedRequest,
    server::Connections,
    service::{FakeErrorMembers, FakeService},
    test_context::TestContext,
};
use self::{dialect::raw_http, router::Router, script::Handler, server::Port};
use gatewright_core::mask;
use gatewright_runtime::{
    BuildError, Category, ClientBuilder, DynamicOperation, ErrorMembers, Operation, Secret, Service,
    ServiceClient, ServiceInfo, WireError, WireName, context,
    credentials::{self, Credentials},
    dynamic, endpoint, explain, hosts,
    protocol::{self, Protocol as _},
    sample, time, transport, validate,
};
use gatewright_sign::{self as sign, crypto};

/// A running fake. Dropping it frees its port and closes its connections.
#[derive(Debug)]
pub struct Fake {
    router: Arc<Router>,
    address: SocketAddr,
    port: Weak<Port>,
    server: JoinHandle<()>,
}

impl Fake {
    /// Starts a fake with [example credentials](Self::credentials), for any region.
    ///
    /// # Errors
    /// The error of listening to a port of 127.0.0.1, or the lack of a runtime.
    pub async fn start(service: &'static FakeService) -> io::Result<Self> {
        Self::builder(service).start().await
    }

    /// A builder with more settings.
    pub fn builder(service: &'static FakeService) -> FakeBuilder {
        FakeBuilder::new(service)
    }

    /// The URL of the fake: `http://127.0.0.1:49152`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The credentials that requests must be signed with.
    pub fn credentials(&self) -> &Credentials {
        &self.router.credentials
    }

    /// The region that requests must be signed for. An example if every region is accepted.
    pub fn region(&self) -> &str {
        self.router.region()
    }

    /// A client of the fake, which ignores the environment.
    ///
    /// # Errors
    /// The errors of [`ClientBuilder::build`].
    pub fn client<C: ServiceClient>(&self) -> Result<C, BuildError> {
        self.client_builder().build()
    }

    /// A builder of clients of the fake, for settings that [`client`](Self::client) does not have.
    pub fn client_builder<C: ServiceClient>(&self) -> ClientBuilder<C> {
        ClientBuilder::new()
            .context(TestContext::isolated())
            .endpoint_url(self.url())
            .region(self.region())
            .credentials(self.credentials().clone())
    }

    /// Sets a handler for an operation. It gets requests that have passed every check; if it panics, the connection is
    /// closed.
    pub fn on<R>(&self, mut handler: impl FnMut(R) -> Result<R::Output, FakeError> + Send + 'static) -> &Self
    where
        R: Operation + DeserializeOwned,
        R::Output: Serialize,
    {
        let handler: Handler = Box::new(move |input| {
            let request: R =
                <R::Service as Service>::PROTOCOL.input(R::INFO, input).map_err(FakeError::unreadable)?;
            serde_json::to_string(&handler(request)?).map_err(FakeError::unwritable)
        });
        self.router.script.on(R::INFO.name, handler);
        self
    }

    /// Fails the next request of an operation with an operation error code. The code is typed or a text. A client that
    /// retries this code succeeds with its next attempt.
    pub fn fail_next<R: Operation>(&self, code: impl Into<<R::Service as Service>::ErrorCode>) -> &Self {
        self.fail::<R>(FakeError::code(WireName::as_str(&code.into())), 1)
    }

    /// Fails the next `times` requests of an operation, after failures that were ordered before.
    pub fn fail<R: Operation>(&self, error: FakeError, times: usize) -> &Self {
        self.router.script.fail(R::INFO.name, error, times);
        self
    }

    /// Refuses the next `times` requests of a service without operations. The response is the refusal `id`; refusals
    /// that were ordered before come first. [`FakeService::refusals`] lists the refusals.
    ///
    /// # Errors
    /// [`UnknownRefusal`] if there is no such refusal, or if it has no response.
    pub fn refuse(&self, id: &str, times: usize) -> Result<&Self, UnknownRefusal> {
        raw_http::order(&self.router, id, times)?;
        Ok(self)
    }

    /// Withdraws the failures, refusals and misbehaviours that were ordered. Handlers and responses stay.
    pub fn recover(&self) -> &Self {
        self.router.script.reset();
        self
    }

    /// Sets the response to requests with this method and path. Only for services without operations. In the path
    /// `{name}` is one segment and `{name+}` all remaining segments; a method of `None` means every method. Of
    /// several paths that fit, the most specific one counts: from the left, text goes before `{name}`, and that before `{name+}`.
    ///
    /// Requests must be signed; other requests get an echo of themselves.
    ///
    /// # Errors
    /// [`InvalidPath`] if no request can have the path.
    pub fn respond(
        &self,
        method: impl Into<Option<http::Method>>,
        path: impl Into<String>,
        response: http::Response<impl Into<bytes::Bytes>>,
    ) -> Result<&Self, InvalidPath> {
        self.router.script.respond(method.into(), path.into(), response.map(Into::into))?;
        Ok(self)
    }

    /// Misbehaves in the response to the next request of any operation. Misbehaviours that were ordered before come
    /// first.
    pub fn misbehave_next(&self, misbehaviour: Misbehaviour) -> &Self {
        self.router.script.misbehave(misbehaviour);
        self
    }

    /// Misbehaves in the response to every `n`-th request from now on. The misbehaviours take turns. Orders of
    /// [`misbehave_next`](Self::misbehave_next) come first. Replaces the previous order; 0, or no misbehaviours, ends
    /// it.
    pub fn misbehave_every(&self, n: usize, misbehaviours: impl IntoIterator<Item = Misbehaviour>) -> &Self {
        self.router.script.misbehave_every(n, misbehaviours.into_iter().collect());
        self
    }

    /// The number of misbehaviours so far; [`recover`](Self::recover) does not reset it.
    pub fn misbehaviours(&self) -> u64 {
        self.router.script.misbehaviours()
    }

    /// The number of accepted connections, and how many of them are open.
    pub fn connections(&self) -> Connections {
        self.router.connections.now()
    }

    /// The received requests, oldest first: the last 1000, or fewer if they are large.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.router.records.all()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        if let Some(port) = self.port.upgrade() {
            port.close();
        }
        self.server.abort();
    }
}

/// The examples of the README are compiled as doc tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
