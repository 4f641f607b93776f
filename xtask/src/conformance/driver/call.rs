//! Calls of cases with the whole client, to a peer that sends the case's response.

use std::{marker::PhantomData, num::NonZeroU32};

use gatewright_fake::TestContext;
use gatewright_runtime::{
    BoxFuture, Client, ClientBuilder, Error, ErrorMembers, Operation, Secret, Service, ServiceClient,
    ServiceErrorCode, WireName, credentials::Credentials,
};
use serde_core::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::peer::Peer;

mod signed;

/// Makes a case's call; returns the request that the peer received, and the output or error.
pub(crate) fn call<R>(case: &Value, errors: &[Members<R::Service>]) -> Result<Value, String>
where
    R: Operation + DeserializeOwned,
    R::Output: Serialize,
{
    let input = case["input"].to_string();
    let request: R =
        serde_json::from_str(&input).map_err(|error| format!("the input is refused: {error}"))?;
    let make: Make<R::Service> = Box::new(|client| {
        Box::pin(async move {
            let response = client.call(request).with_metadata().await?;
            let id = response.metadata.request_id().map(str::to_owned);
            Ok((serde_json::to_string(&response.output), id))
        })
    });
    if case["signed"].is_null() {
        proxied::<R::Service>(case, make, errors)
    } else {
        signed::call::<R::Service>(case, make, errors)
    }
}

/// A call of an operation, which results in the output's text and the id of the request. In boxes, since everything else is then
/// compiled once per service, not once per operation.
type Make<S> = Box<dyn FnOnce(Client) -> BoxFuture<'static, Outcome<<S as Service>::ErrorCode>>>;

type Outcome<E> = Result<(serde_json::Result<String>, Option<String>), Error<E>>;

/// Makes a call to a peer on loopback.
fn proxied<S: Service>(case: &Value, make: Make<S>, errors: &[Members<S>]) -> Result<Value, String> {
    let peer = Peer::responding(&case["response"]).map_err(|error| error.to_string())?;
    // The peer is the proxy, so that any host can be called.
    let authority = peer.authority();
    let endpoint = case["endpoint"].as_str().unwrap_or(&authority);
    let context = match case["endpoint"].as_str() {
        Some(_) => TestContext::new().variable("http_proxy", format!("http://{authority}")),
        None => TestContext::new(),
    };
    let client: Caller<S> = ClientBuilder::new()
        .context(context)
        .region("eu-west-1")
        .credentials(Credentials::new("AKIDEXAMPLE", Secret::new("example")))
        .endpoint_url(format!("http://{endpoint}"))
        .allow_http_to_any_host(true)
        .max_attempts(NonZeroU32::MIN)
        .build()
        .map_err(|error| error.to_string())?;
    let mut seen = made(client, make, errors)?;
    seen["request"] = peer.request()?;
    Ok(seen)
}

/// Reads the members of an error, if they have the type that the function is for.
pub(crate) type Members<S> = fn(&Error<<S as Service>::ErrorCode>) -> Option<Value>;

/// The members of an error as JSON.
pub(crate) fn members<T>(error: &Error<<T::Service as Service>::ErrorCode>) -> Option<Value>
where
    T: ErrorMembers + Serialize,
{
    let members = error.members::<T>()?.map_err(|error| error.to_string());
    let members =
        members.and_then(|members| serde_json::to_value(&members).map_err(|error| error.to_string()));
    Some(members.unwrap_or_else(Value::from))
}

/// The result of a call.
fn made<S: Service>(client: Caller<S>, make: Make<S>, errors: &[Members<S>]) -> Result<Value, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    Ok(match runtime.block_on(make(client.client)) {
        Ok((text, id)) => {
            // From the text, in which a 32-bit float has as few digits as possible.
            let text = text.map_err(|error| error.to_string())?;
            let output: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
            json!({ "output": output, "request_id": id })
        }
        Err(error) => {
            let mut seen = error_json(&error);
            seen["members"] = errors.iter().find_map(|members| members(&error)).into();
            json!({ "error": seen })
        }
    })
}

fn error_json<E: ServiceErrorCode>(error: &Error<E>) -> Value {
    let metadata = error.metadata();
    let body = metadata.map(|metadata| String::from_utf8_lossy(metadata.body()));
    json!({
        "text": error.to_string(),
        "is_service": error.as_service().is_some(),
        "exception": error.exception().map(WireName::as_str),
        "code": error.code().map(WireName::as_str),
        "message": error.as_service().and_then(|error| error.message()),
        "details": error.as_service().and_then(|error| error.fault().details.clone()),
        "status": metadata.map(|metadata| metadata.status().as_u16()),
        "request_id": error.request_id(),
        "body": body,
    })
}

/// A client of any service.
struct Caller<S> {
    client: Client,
    service: PhantomData<S>,
}

impl<S: Service> ServiceClient for Caller<S> {
    type Service = S;

    fn from_client(client: Client) -> Self {
        Self { client, service: PhantomData }
    }
}
