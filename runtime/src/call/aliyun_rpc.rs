//! What only calls of this protocol can choose.

use super::Call;
use crate::{
    Operation, Service,
    protocol::{AliyunRpc, Format},
};

impl<R: Operation> Call<R>
where
    R::Service: Service<Protocol = AliyunRpc>,
{
    /// The format of the response; either is read into the same types.
    pub fn response_format(mut self, format: Format) -> Self {
        self.options.choices.format = format;
        self
    }

    /// Sends GET if the operation takes it, instead of POST.
    pub fn prefer_get(mut self, get: bool) -> Self {
        self.options.choices.get = get;
        self
    }
}
