//! Operations chosen by name at run time, JSON in and JSON out: for tools, and for the fake.

use std::fmt;

use serde_core::{Serialize, de::DeserializeOwned};

use crate::{
    BoxFuture, Client, Error, Explanation, Operation, WireName as _,
    validate::{Check, Violation},
};

/// An operation that can be called by its name.
#[derive(Clone, Copy)]
pub struct DynamicOperation {
    name: &'static str,
    sample: &'static str,
    call: for<'a> fn(&'a Client, &'a [u8]) -> BoxFuture<'a, Result<String, DynamicError>>,
    check: fn(&[u8]) -> Result<Vec<Violation>, String>,
}

impl DynamicOperation {
    /// The operation of a request type, with a response that satisfies the model.
    pub const fn new<R>(sample: &'static str) -> Self
    where
        R: Operation + DeserializeOwned,
        R::Output: Serialize,
    {
        Self { name: R::NAME, sample, call: call::<R>, check: check::<R> }
    }

    /// Name on the wire.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// A response that satisfies the model, as JSON.
    pub fn sample(&self) -> &'static str {
        self.sample
    }

    /// Calls the operation with a request in JSON, in wire names; gives the response likewise.
    ///
    /// # Errors
    /// [`DynamicError`], of kind `Input` too where the JSON is no request.
    pub async fn call(&self, client: &Client, input: &[u8]) -> Result<String, DynamicError> {
        (self.call)(client, input).await
    }

    /// What is wrong with a request in JSON: constraints that do not hold.
    ///
    /// # Errors
    /// Why the JSON is no request at all.
    pub fn check(&self, input: &[u8]) -> Result<Vec<Violation>, String> {
        (self.check)(input)
    }
}

impl fmt::Debug for DynamicOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamicOperation").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A failed call, without the operation's types.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DynamicError {
    /// `Input`, `Credentials`, `Transport`, `Service` or `Response`.
    pub kind: &'static str,
    /// Name of the exception.
    pub exception: Option<String>,
    /// Operation error code.
    pub code: Option<String>,
    /// The service's text, or ours where the service sent none.
    pub message: String,
    /// HTTP status, where an answer came.
    pub status: Option<u16>,
    /// The id that the service gave the request.
    pub request_id: Option<String>,
    /// How often the request was sent.
    pub attempts: u32,
    /// Causes and remedies.
    pub explanation: Explanation,
}

impl fmt::Display for DynamicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.explanation.summary)
    }
}

impl std::error::Error for DynamicError {}

fn call<'a, R>(client: &'a Client, input: &'a [u8]) -> BoxFuture<'a, Result<String, DynamicError>>
where
    R: Operation + DeserializeOwned,
    R::Output: Serialize,
{
    Box::pin(async move {
        let request: R = serde_json::from_slice(input).map_err(|error| not_a_request(R::NAME, &error))?;
        let output = client.call(request).await.map_err(|error| erased(&error))?;
        serde_json::to_string(&output).map_err(|error| not_a_request(R::NAME, &error))
    })
}

fn check<R: Operation + DeserializeOwned>(input: &[u8]) -> Result<Vec<Violation>, String> {
    let request: R = serde_json::from_slice(input).map_err(|error| error.to_string())?;
    Ok(Check::all(&request))
}

fn not_a_request(operation: &str, error: &serde_json::Error) -> DynamicError {
    let summary = format!("{operation}: the input is no request: {error}");
    DynamicError {
        kind: "Input",
        exception: None,
        code: None,
        message: error.to_string(),
        status: None,
        request_id: None,
        attempts: 0,
        explanation: Explanation { summary, ..Explanation::default() },
    }
}

fn erased<E: crate::operation::OperationError>(error: &Error<E>) -> DynamicError {
    let service = error.as_service();
    let kind = match error {
        Error::Input(_) => "Input",
        Error::Credentials(_) => "Credentials",
        Error::Transport(_) => "Transport",
        Error::Service(_) => "Service",
        Error::Response(_) => "Response",
    };
    DynamicError {
        kind,
        exception: service.and_then(|error| error.fault().exception.clone()),
        code: service.and_then(|error| Some(error.code()?.as_str().to_owned())),
        message: service.and_then(|error| error.message()).map_or_else(|| error.to_string(), ToOwned::to_owned),
        status: error.metadata().map(|metadata| metadata.status().as_u16()),
        request_id: error.request_id().map(ToOwned::to_owned),
        attempts: error.attempts(),
        explanation: error.explain(),
    }
}
