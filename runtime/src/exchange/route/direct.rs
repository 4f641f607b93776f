//! `route` without the feature `raw-http`: requests are sent to the endpoint.

use std::convert::Infallible;

use http::Uri;

use crate::transport::Request;

#[derive(Debug, Default)]
pub(crate) struct Route(());

impl Route {
    #[cfg(feature = "aws-query")]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "same signature as with the feature")]
    pub(crate) fn of_url(&self, _endpoint: &Uri, url: Uri) -> Result<Uri, Infallible> {
        Ok(url)
    }

    #[expect(clippy::unused_self, reason = "same signature as with the feature")]
    pub(crate) fn address<'a>(&self, request: &'a Uri) -> &'a Uri {
        request
    }

    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "same signature as with the feature")]
    pub(crate) fn take(&self, _endpoint: &Uri, _request: &mut Request) -> Result<(), Infallible> {
        Ok(())
    }
}
