//! What only clients of this protocol can choose.

use super::{ClientBuilder, ServiceClient};
use crate::{
    Service,
    protocol::{AliyunRpc, Format},
};

impl<C: ServiceClient> ClientBuilder<C>
where
    C::Service: Service<Protocol = AliyunRpc>,
{
    /// The format of responses: JSON unless set. Either is read into the same types.
    pub fn response_format(mut self, format: Format) -> Self {
        self.choices.format = format;
        self
    }

    /// Sends GET where an operation takes it, instead of POST.
    pub fn prefer_get(mut self, get: bool) -> Self {
        self.choices.get = get;
        self
    }
}
