//! What only clients of APIs that are called by method and path can set.

use super::Client;
use crate::{ClientBuilder, Service};

impl<S: Service> ClientBuilder<Client<S>> {
    /// The stage, which comes first in the path: `prod`. A URL that has it in its path already needs none.
    pub fn stage(mut self, stage: impl Into<String>) -> Self {
        self.target.stage = Some(stage.into());
        self
    }

    /// The endpoint of a private network that an API, known by its id, is reached through: `vpce-01234567abcdef012`.
    pub fn vpc_endpoint(mut self, id: impl Into<String>) -> Self {
        self.target.vpc_endpoint = Some(id.into());
        self
    }

    /// The id of the API, for URLs with the host of an endpoint, which APIs share. It is sent and signed as a header.
    pub fn api_id(mut self, id: impl Into<String>) -> Self {
        self.target.api_id = Some(id.into());
        self
    }

    /// The host that the API is known by, for URLs with the host of an endpoint, which APIs share. It is sent and signed
    /// as `Host`, but connection and certificate are for the URL's host.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.target.host = Some(host.into());
        self
    }

    /// A URL to send requests to instead of the API's own, which they are signed for: a network for the delivery
    /// of content that you have set up before it. What follows the API's path in a request follows this URL's path instead.
    /// The network must hand `Authorization`, method, query and body on as they are, and send the `Host` of the API.
    pub fn through(mut self, url: impl Into<String>) -> Self {
        self.target.through = Some(url.into());
        self
    }

    /// The key of a usage plan, sent with every call as `x-api-key`. It does not identify the caller, and is never shown.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.target.api_key = Some(key.into());
        self
    }
}
