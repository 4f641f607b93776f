//! Setters that only calls of this protocol have.

use super::Call;
use crate::{
    Operation, Service,
    protocol::{AliyunRpc, Format},
};

impl<R: Operation> Call<R>
where
    R::Service: Service<Protocol = AliyunRpc>,
{
    /// The format of the response; both formats are decoded into the same types.
    pub fn response_format(mut self, format: Format) -> Self {
        self.options.choices.format = format;
        self
    }

    /// Sends GET instead of POST, if the operation accepts GET.
    pub fn prefer_get(mut self, get: bool) -> Self {
        self.options.choices.get = get;
        self
    }
}
