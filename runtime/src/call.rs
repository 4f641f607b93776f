//! One call: an operation's request on its way.

use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    time::Duration,
};

use http::{HeaderName, HeaderValue};

use crate::{
    Client, Error, Operation, Service,
    client::{CallOptions, Prepared},
    error::{Failure, InputError, ResponseError, ResponseMetadata},
    operation::Paginated,
    pages::{Items, Pages},
    protocol::Protocol as _,
    transport::Response,
    validate::{Check, Violation},
};

/// A call that is about to be made: `.await` it, or set something for it alone first.
#[must_use = "a call is made when it is awaited"]
pub struct Call<R: Operation> {
    client: Client,
    request: R,
    options: CallOptions,
    refused: Vec<Violation>,
}

/// A response with what came with it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WithMetadata<T> {
    /// The response.
    pub output: T,
    /// Status, headers, body, request id and attempts.
    pub metadata: ResponseMetadata,
}

impl<R: Operation> Call<R> {
    pub(crate) fn new(client: Client, request: R) -> Self {
        let options = client.options().clone();
        Self { client, request, options, refused: Vec::new() }
    }

    /// Bounds the whole call: every attempt and the waits between them.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.operation_timeout = timeout;
        self
    }

    /// Bounds each attempt.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.options.attempt_timeout = timeout;
        self
    }

    /// How often the request may be sent, the first time too; 1 switches retries off.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.options.max_attempts = attempts;
        self
    }

    /// Adds a header, which is signed and not shown in `Debug`. A name or value that is none refuses the call with
    /// [`Error::Input`].
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(true);
                self.options.headers.insert(name, value);
            }
            (Err(_), _) => self.refuse(format!("{name:?} is no header name")),
            (_, Err(_)) => self.refuse(format!("the value of {name} is no header value")),
        }
        self
    }

    /// Sends the request whether or not it satisfies the model's constraints.
    pub fn unchecked(mut self) -> Self {
        self.options.check_constraints = false;
        self
    }

    /// Makes the call and keeps what came with the response.
    ///
    /// # Errors
    /// [`Error`], which keeps the same of an answer that is an error.
    pub async fn with_metadata(self) -> Result<WithMetadata<R::Output>, Error<R::Error>> {
        let Self { client, mut request, options, refused } = self;
        let (prepared, mut decoder) = prepare(&client, &mut request, options, refused).map_err(Error::new)?;
        let decode: &mut (dyn FnMut(&Response) -> Result<(), String> + Send) =
            &mut |response| decoder.decode(response);
        let metadata = client.execute(prepared, decode).await.map_err(Error::new)?;
        let Some(output) = decoder.output else {
            let reason = "no response was decoded".to_owned();
            return Err(Error::new(Failure::Response(ResponseError {
                operation: R::NAME,
                reason,
                metadata,
            })));
        };
        Ok(WithMetadata { output, metadata })
    }

    fn refuse(&mut self, why: String) {
        self.refused.push(Violation::new("header", why));
    }

    pub(crate) fn into_parts(self) -> (Client, R, CallOptions) {
        (self.client, self.request, self.options)
    }

    pub(crate) fn with_options(client: Client, request: R, options: CallOptions) -> Self {
        Self { client, request, options, refused: Vec::new() }
    }
}

impl<R: Paginated> Call<R> {
    /// The pages from this request on, fetched one by one as they are asked for.
    pub fn pages(self) -> Pages<R> {
        Pages::new(self)
    }

    /// The items of all pages, fetched page by page as they are asked for.
    pub fn items(self) -> Items<R> {
        Items::new(self.pages())
    }
}

/// Reads the response inside the call loop, so that an answer that is none can be asked for again.
struct Decoder<R: Operation> {
    output: Option<R::Output>,
}

impl<R: Operation> Decoder<R> {
    fn decode(&mut self, response: &Response) -> Result<(), String> {
        let body: &[u8] = match response.body() {
            body if R::EMPTY_OUTPUT && body.trim_ascii().is_empty() => b"{}",
            body => body,
        };
        let output = <R::Service as Service>::PROTOCOL.response(body).map_err(|error| error.to_string())?;
        self.output = Some(output);
        Ok(())
    }
}

/// Checks and encodes: what depends on the operation's types, before what does not.
fn prepare<R: Operation>(
    client: &Client,
    request: &mut R,
    options: CallOptions,
    mut refused: Vec<Violation>,
) -> Result<(Prepared, Decoder<R>), Failure> {
    request.fill_client_token(&|| client.token());
    if options.check_constraints {
        refused.extend(Check::all(request));
    }
    if !refused.is_empty() {
        return Err(Failure::Input(InputError::new(R::NAME, refused)));
    }
    let request =
        <R::Service as Service>::PROTOCOL.request(client.endpoint(), R::NAME, request).map_err(|error| {
            Failure::Input(InputError::new(R::NAME, vec![Violation::new("request", error.to_string())]))
        })?;
    let prepared = Prepared {
        operation: R::NAME,
        repeatable: R::REPEATABLE,
        fault: <R::Service as Service>::Protocol::fault,
        request_id: <R::Service as Service>::Protocol::request_id,
        request,
        options,
    };
    Ok((prepared, Decoder { output: None }))
}

impl<R: Operation> IntoFuture for Call<R> {
    type Output = Result<R::Output, Error<R::Error>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.with_metadata().await.map(|answer| answer.output) })
    }
}

impl<R: Operation + fmt::Debug> fmt::Debug for Call<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("request", &self.request)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
