//! Settings that only clients of APIs by method and path have.

use super::Client;
use crate::{ClientBuilder, Service};

impl<S: Service> ClientBuilder<Client<S>> {
    /// The stage, the first segment of paths: `prod`. Not needed if the URL already contains the stage.
    pub fn stage(mut self, stage: impl Into<String>) -> Self {
        self.target.stage = Some(stage.into());
        self
    }

    /// The VPC endpoint of a private API that has an id: `vpce-01234567abcdef012`.
    pub fn vpc_endpoint(mut self, id: impl Into<String>) -> Self {
        self.target.vpc_endpoint = Some(id.into());
        self
    }

    /// The id of the API. For URLs with the host of an endpoint that APIs share. The id is sent and signed as a header.
    pub fn api_id(mut self, id: impl Into<String>) -> Self {
        self.target.api_id = Some(id.into());
        self
    }

    /// The host of the API. For URLs with the host of an endpoint that APIs share. The API's host is sent and signed as
    /// `Host`, but connection and certificate are for the URL's host.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.target.host = Some(host.into());
        self
    }

    /// The URL of a content delivery network in front of the API. Requests are sent to this URL.
    ///
    /// Requests are signed for the API's own URL. The rest of a request's path, after the API's path, follows this URL's
    /// path. The network must forward `Authorization`, method, query and body unchanged, and send the `Host` of the
    /// API.
    pub fn through(mut self, url: impl Into<String>) -> Self {
        self.target.through = Some(url.into());
        self
    }

    /// The key of a usage plan, sent with every call as `x-api-key`. The key does not identify the caller, and is never
    /// shown.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.target.api_key = Some(key.into());
        self
    }
}
