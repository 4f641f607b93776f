//! Presigned URLs of operations.

use std::time::Duration;

use http::Uri;

use super::Call;
use crate::{
    Client, Operation, Service,
    error::{CallError, InputError},
    exchange::Prepared,
    protocol::{AwsQuery, OperationInfo},
    validate::Violation,
};

/// Only for services of this protocol. The URL of a GET contains the whole request.
impl<R: Operation> Call<R>
where
    R::Service: Service<Protocol = AwsQuery>,
{
    /// Makes a presigned URL. Until it expires, anyone can make this call by a GET of the URL, without credentials.
    /// Keep the URL secret until then. The request is checked as in every call, and not sent; hooks do not run.
    ///
    /// ```
    /// # extern crate gatewright_runtime as gatewright;
    /// use gatewright::{Call, Error, Operation, Service, protocol::AwsQuery};
    /// use std::time::Duration;
    ///
    /// async fn url<R>(call: Call<R>) -> Result<http::Uri, Error<<R::Service as Service>::ErrorCode>>
    /// where
    ///     R: Operation<Service: Service<Protocol = AwsQuery>>,
    /// {
    ///     call.presign(Duration::from_secs(60)).await
    /// }
    /// ```
    ///
    /// Operations of other protocols have no such form:
    ///
    /// ```compile_fail,E0599
    /// # extern crate gatewright_runtime as gatewright;
    /// use gatewright::{Call, Error, Operation, Service, protocol::AwsJson};
    /// use std::time::Duration;
    ///
    /// async fn url<R>(call: Call<R>) -> Result<http::Uri, Error<<R::Service as Service>::ErrorCode>>
    /// where
    ///     R: Operation<Service: Service<Protocol = AwsJson>>,
    /// {
    ///     call.presign(Duration::from_secs(60)).await
    /// }
    /// ```
    ///
    /// Headers that were set by [`header`](Self::header) are signed, and must be sent with the GET. The validity is in
    /// whole seconds, from one second to seven days, and a service may let the URL expire earlier: AWS STS after 15
    /// minutes. A URL that would outlive its credentials is refused.
    ///
    /// # Errors
    /// [`Error::Input`](crate::Error::Input) if the request or the validity is invalid or the operation is not signed,
    /// [`Error::Credentials`](crate::Error::Credentials) if there are no credentials.
    #[cfg(feature = "async-driver")]
    pub async fn presign(self, expires_in: Duration) -> Result<Uri, CallError<R>> {
        let (client, call) = self.into_get()?;
        let provided = client.identity(&call).await;
        client.presign(&call, provided, expires_in)
    }

    /// Like [`presign`](Self::presign), but blocks the thread while credentials are requested.
    ///
    /// # Errors
    /// The errors of [`presign`](Self::presign).
    #[cfg(feature = "blocking-driver")]
    pub fn presign_blocking(self, expires_in: Duration) -> Result<Uri, CallError<R>> {
        let (client, call) = self.into_get()?;
        let provided = client.identity_blocking(&call);
        client.presign(&call, provided, expires_in)
    }

    fn into_get(self) -> Result<(Client, Prepared), CallError<R>> {
        // A query is not compressed.
        let (client, mut call, _) = self.uncompressed()?;
        to_get(R::INFO, &mut call).map_err(crate::Error::Input)?;
        Ok((client, call))
    }
}

fn to_get(operation: &OperationInfo, call: &mut Prepared) -> Result<(), Box<InputError>> {
    AwsQuery::to_get(&mut call.request).map_err(|error| {
        let refused = vec![Violation::new("presigned URL", error.to_string())];
        Box::new(InputError::new(operation.name, refused))
    })
}
