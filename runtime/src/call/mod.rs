//! Calls of operations.

#[cfg(feature = "aliyun-rpc")]
mod aliyun_rpc;
#[cfg(feature = "async-driver")]
mod awaiting;
#[cfg(feature = "blocking-driver")]
mod blocking;
mod checksum;
#[cfg(feature = "compression")]
mod compression;
#[cfg(feature = "xml")]
mod presigned;

use std::{fmt, time::Duration};

use http::Uri;

use crate::{
    Client, Error, Operation, Service,
    error::{CallError, Failure, InputError, ResponseError, ResponseMetadata},
    exchange::{CallOptions, Destination, Outcome, Prepared, call_options},
    protocol::{Choices, DecodeError, EncodeError, OperationInfo, Protocol},
    transport::{Request, Response},
    validate::{Check, Violation},
    wire::headers,
};

/// A call that can be configured and then sent: `.await` it, or use `.send_blocking()`.
///
/// Awaiting a call needs a tokio runtime with I/O and time enabled, as in `#[tokio::main]`. Outside of a runtime it fails
/// with [`NoRuntime`](crate::transport::TransportErrorKind::NoRuntime). If the runtime has I/O or time disabled, which
/// cannot be detected, tokio panics. Blocking calls need no runtime.
///
/// Dropping a call's future ends it: nothing more is sent. A request that was already sent may still be executed.
///
/// | for one call | method |
/// | --- | --- |
/// | time limits | [`operation_timeout`](Self::operation_timeout), [`attempt_timeout`](Self::attempt_timeout) |
/// | retries | [`max_attempts`](Self::max_attempts), [`no_retries`](Self::no_retries), [`backoff`](Self::backoff), [`retry_classifier`](Self::retry_classifier) |
/// | another destination or identity | [`region`](Self::region), [`credentials`](Self::credentials) |
/// | headers, and whether constraints are checked | [`header`](Self::header), [`check_constraints`](Self::check_constraints) |
/// | pages and their items | `pages`, `items`, `pages_blocking`, `items_blocking` |
/// | the response with its metadata | `with_metadata`, `with_metadata_blocking` |
/// | a request that others send | `sign`, `presign` |
#[must_use = "a call is made when it is awaited or sent"]
pub struct Call<R: Operation> {
    client: Client,
    request: R,
    pub(crate) options: CallOptions,
    refused: Vec<Violation>,
}

impl Client {
    /// A call of an operation of this client's service.
    pub fn call<R: Operation>(&self, request: R) -> Call<R> {
        let options = self.options().clone();
        Call { client: self.clone(), request, options, refused: Vec::new() }
    }
}

/// A response with metadata.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WithMetadata<T> {
    /// The response.
    pub output: T,
    /// Status, headers, body, request id and attempts.
    pub metadata: ResponseMetadata,
}

impl<R: Operation> Call<R> {
    call_options!();

    /// Calls the service in this region instead of the client's.
    ///
    /// The endpoint follows the same settings as the client's, and the signature is for this region. An invalid region makes the call fail with [`Error::Input`].
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.options.region = Some(region.into());
        self
    }

    /// Sends the request only once, whatever fails.
    pub fn no_retries(self) -> Self {
        self.max_attempts(1)
    }

    /// Sets a header. The header is signed unless proxies change such headers, and `Debug` does not show its value. A
    /// header of the same name is replaced. An invalid name or value, and a header that depends on the request, its
    /// signature or its connection, make the call fail with [`Error::Input`].
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match headers::parse(name, value, None) {
            Ok((name, mut value)) => {
                value.set_sensitive(true);
                self.options.headers.insert(name, value);
            }
            Err(why) => self.refused.push(Violation::new("header", why)),
        }
        self
    }

    /// Whether the request is checked against the model's constraints before it is sent.
    pub fn check_constraints(mut self, check: bool) -> Self {
        self.options.check_constraints = check;
        self
    }

    /// Checks, encodes and compresses the request, and adds its checksum.
    fn prepare(self) -> Result<(Client, Prepared, Decoder<R>), CallError<R>> {
        let (client, prepared, decoder) = self.uncompressed()?;
        #[cfg(feature = "compression")]
        let prepared = if R::INFO.compressed { compression::compressed(prepared) } else { prepared };
        let prepared = if R::INFO.has_checksum { checksum::with_checksum(prepared) } else { prepared };
        Ok((client, prepared, decoder))
    }

    /// Checks and encodes the request. Compiled for every operation; what does not depend on the request's type is in
    /// `prepared`.
    fn uncompressed(self) -> Result<(Client, Prepared, Decoder<R>), CallError<R>> {
        let Self { client, mut request, options, mut refused } = self;
        request.fill_client_token(&|| client.token());
        if options.check_constraints {
            refused.extend(Check::all(&request));
        }
        let protocol = <R::Service as Service>::PROTOCOL;
        let label = |member: &str| request.host_label(member);
        let encode = |endpoint: &Uri, choices| protocol.request(endpoint, R::INFO, &request, choices);
        match prepared(&protocol, &client, R::INFO, options, refused, &label, &encode) {
            Ok(prepared) => Ok((client, prepared, Decoder { output: None })),
            Err(invalid) => Err(Error::Input(invalid)),
        }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The same call, which must end within this time as well.
    pub(crate) fn within(&self, limit: Duration) -> Self
    where
        R: Clone,
    {
        let Self { client, request, options, refused } = self;
        let mut options = options.clone();
        options.operation_timeout = options.operation_timeout.min(limit);
        Self { client: client.clone(), request: request.clone(), options, refused: refused.clone() }
    }

    pub(crate) fn into_parts(self) -> (Client, R, CallOptions, Vec<Violation>) {
        (self.client, self.request, self.options, self.refused)
    }

    pub(crate) fn from_parts(
        client: Client,
        request: R,
        options: CallOptions,
        refused: Vec<Violation>,
    ) -> Self {
        Self { client, request, options, refused }
    }
}

/// Where a call goes.
struct Address {
    /// The call's own destination, if it differs from the client's.
    own: Option<Box<Destination>>,
    /// The endpoint with the operation's prefix, if it has one.
    prefixed: Option<Uri>,
}

impl Address {
    /// Returns every violation as an error: those in `refused`, and any of the region or the host prefix.
    fn of<'a>(
        client: &Client,
        operation: &OperationInfo,
        options: &CallOptions,
        label: &dyn Fn(&str) -> Option<&'a str>,
        mut refused: Vec<Violation>,
    ) -> Result<Self, Box<InputError>> {
        let own = client.shared().own_destination(options).unwrap_or_else(|error| {
            refused.push(Violation::new("region", error.to_string()));
            None
        });
        let mut address = Self { own, prefixed: None };
        if !operation.host_prefix.is_empty() {
            match operation.endpoint(address.endpoint(client), label) {
                Ok(prefixed) => address.prefixed = Some(prefixed),
                Err(violation) => refused.push(violation),
            }
        }
        if refused.is_empty() { Ok(address) } else { Err(Box::new(InputError::new(operation.name, refused))) }
    }

    fn endpoint<'c>(&'c self, client: &'c Client) -> &'c Uri {
        let own = || self.own.as_ref().map(|own| &own.endpoint);
        self.prefixed.as_ref().or_else(own).unwrap_or_else(|| client.endpoint())
    }
}

/// A request that `encode` makes for its address. Compiled once per protocol.
fn prepared<'a, P: Protocol>(
    _: &P,
    client: &Client,
    operation: &'static OperationInfo,
    options: CallOptions,
    refused: Vec<Violation>,
    label: &dyn Fn(&str) -> Option<&'a str>,
    encode: &dyn Fn(&Uri, Choices) -> Result<Request, EncodeError>,
) -> Result<Prepared, Box<InputError>> {
    let address = Address::of(client, operation, &options, label, refused)?;
    let encoded = encode(address.endpoint(client), options.choices);
    let request = encoded.map_err(|error| {
        let refused = vec![Violation::new("request", error.to_string())];
        Box::new(InputError::new(operation.name, refused))
    })?;
    Ok(Prepared::new(client.shared(), operation, request, options, address.own, P::fault, P::request_id))
}

/// Decodes the response inside the call loop, so that a request can be repeated if its response cannot be decoded.
struct Decoder<R: Operation> {
    output: Option<R::Output>,
}

impl<R: Operation> Decoder<R> {
    fn decode(&mut self, response: &Response) -> Result<(), DecodeError> {
        self.output = Some(<R::Service as Service>::PROTOCOL.response(R::INFO, response)?);
        Ok(())
    }

    fn finish(self, outcome: Outcome) -> Result<WithMetadata<R::Output>, CallError<R>> {
        let failure = match outcome {
            Ok(metadata) => match self.output {
                Some(output) => return Ok(WithMetadata { output, metadata }),
                None => undecoded(R::INFO, metadata),
            },
            Err(failed) => failed.failure,
        };
        Err(Error::new(failure))
    }
}

fn undecoded(operation: &OperationInfo, metadata: ResponseMetadata) -> Failure {
    let reason = "no response was decoded".to_owned();
    Failure::Response(ResponseError { called: operation.name.into(), reason, metadata })
}

impl<R: Operation + fmt::Debug> fmt::Debug for Call<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("request", &self.request)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
