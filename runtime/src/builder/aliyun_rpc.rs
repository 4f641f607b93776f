//! Settings that only clients of this protocol have.

use super::{ClientBuilder, ServiceClient};
use crate::{
    Service,
    protocol::{AliyunRpc, Format},
};

impl<C: ServiceClient> ClientBuilder<C>
where
    C::Service: Service<Protocol = AliyunRpc>,
{
    /// The format of responses; default: JSON. Both formats are decoded into the same types.
    pub fn response_format(mut self, format: Format) -> Self {
        self.choices.format = format;
        self
    }

    /// Sends GET instead of POST, for operations that accept GET.
    pub fn prefer_get(mut self, get: bool) -> Self {
        self.choices.get = get;
        self
    }
}
