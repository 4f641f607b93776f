//! Operations chosen by name at run time, with requests and responses in JSON. For tools, and for the fake.

mod call;
mod input;
mod names;
mod repair;

use std::{fmt, future};

use serde_core::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    BoxFuture, Client, Error, Explanation, Operation, OperationInfo, ServiceInfo, WithMetadata,
    codec::decode::Structure,
    explain::{Evidence, Outcome},
    operation::{Service, ServiceErrorCode},
    protocol::{Fault, Protocol as _},
    sample::SampleRule,
    secrets::Secrets,
    validate::Violation,
};

use self::call::CallDestination;
pub use self::call::DynamicCall;
pub use self::{
    input::{InputFaults, Refused, items},
    names::{Names, member},
};

/// An operation that can be called by its name.
#[derive(Clone, Copy)]
pub struct DynamicOperation {
    info: &'static OperationInfo,
    names: Names,
    /// Wire names of all members, if their case is ignored.
    members: &'static [&'static str],
    /// Wire names of required members.
    required: &'static [&'static str],
    sample: &'static str,
    rules: &'static [SampleRule],
    call: for<'a> fn(&'a Client, &'a [u8], CallDestination) -> Called<'a>,
    check: fn(&[u8]) -> Result<Value, Refused>,
    response_body: fn(&Value, &str) -> WrittenBody,
}

/// The body of a fake's response, if the protocol of the service writes it by the types of its members.
type WrittenBody = Option<Result<Vec<u8>, String>>;

type Called<'a> = BoxFuture<'a, Result<WithMetadata<String>, DynamicError>>;

impl DynamicOperation {
    /// The operation of a request type, with a response that satisfies the model.
    pub const fn new<R>(sample: &'static str) -> Self
    where
        R: Operation + Structure + DeserializeOwned,
        R::Output: Serialize,
    {
        Self {
            info: R::INFO,
            names: Names::of::<R::Service>(),
            members: R::MEMBERS,
            required: R::REQUIRED,
            sample,
            rules: &[],
            call: call::<R>,
            check: input::of_service::<R>,
            response_body: response_body::<R>,
        }
    }

    /// Adds rules by which a fake's response follows from the request. Without rules, only members of the same name are
    /// repeated.
    #[must_use]
    pub const fn with_sample_rules(mut self, rules: &'static [SampleRule]) -> Self {
        self.rules = rules;
        self
    }

    /// Name on the wire.
    pub fn name(&self) -> &'static str {
        self.info.name
    }

    /// The names that its requests accept for their members.
    #[doc(hidden)]
    pub fn names(&self) -> Names {
        self.names
    }

    /// Whether its requests read a member of this name as the member with this wire name.
    #[doc(hidden)]
    pub fn reads(&self, name: &str, wire: &str) -> bool {
        let is_alike = || wire.eq_ignore_ascii_case(name) && self.members.contains(&wire);
        name == wire || (is_alike() && !self.members.contains(&name))
    }

    /// Whether the member with this wire name is required in requests.
    #[doc(hidden)]
    pub fn requires(&self, wire: &str) -> bool {
        self.required.contains(&wire)
    }

    /// A response that satisfies the model, as JSON.
    pub fn sample(&self) -> &'static str {
        self.sample
    }

    /// Everything about the operation that does not depend on its types.
    pub fn info(&self) -> &'static OperationInfo {
        self.info
    }

    /// How a fake's response follows from the request.
    pub fn sample_rules(&self) -> &'static [SampleRule] {
        self.rules
    }

    /// Whether the operation also accepts GET.
    pub fn accepts_get(&self) -> bool {
        self.info.accepts_get
    }

    /// Whether it is sent without credentials and signature.
    pub fn unsigned(&self) -> bool {
        self.info.unsigned
    }

    /// Calls the operation with a request in JSON with wire names. Returns the response in the same form.
    ///
    /// # Errors
    /// [`DynamicError`]; its kind is `Input` also if the JSON is not a valid request.
    pub async fn call(&self, client: &Client, input: &[u8]) -> Result<String, DynamicError> {
        self.call_with_metadata(client, input).await.map(|response| response.output)
    }

    /// Like [`call`](Self::call), with the metadata of the response.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn call_with_metadata(
        &self,
        client: &Client,
        input: &[u8],
    ) -> Result<WithMetadata<String>, DynamicError> {
        self.request(client, input).with_metadata().await
    }

    /// A call with a region or credentials of its own. Await it for the response in JSON.
    pub fn request<'a>(&self, client: &'a Client, input: &'a [u8]) -> DynamicCall<'a> {
        DynamicCall { call: self.call, client, input, destination: CallDestination::default() }
    }

    /// Parses a request in JSON, and checks it as the service would. Returns the members that the service reads, by
    /// their wire names.
    ///
    /// # Errors
    /// [`Refused`], with every fault of the request.
    pub fn check(&self, input: &[u8]) -> Result<Value, Refused> {
        (self.check)(input)
    }

    /// The body of a response with an output in JSON and the request's id, if the protocol of the service writes it by the
    /// types of its members.
    ///
    /// # Errors
    /// The output is not valid for the operation.
    #[doc(hidden)]
    pub fn response_body(&self, output: &Value, id: &str) -> WrittenBody {
        (self.response_body)(output, id)
    }
}

impl fmt::Debug for DynamicOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamicOperation").field("name", &self.info.name).finish_non_exhaustive()
    }
}

/// The variants of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DynamicErrorKind {
    /// Refused before sending.
    Input,
    /// There were no credentials to sign with.
    Credentials,
    /// A hook stopped the call before it was signed.
    Hook,
    /// No complete response came.
    Transport,
    /// The service sent an error.
    Service,
    /// A successful response could not be decoded.
    Response,
}

impl DynamicErrorKind {
    /// Name of the variant: `Input`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Input => "Input",
            Self::Credentials => "Credentials",
            Self::Hook => "Hook",
            Self::Transport => "Transport",
            Self::Service => "Service",
            Self::Response => "Response",
        }
    }
}

/// A failed call, without the operation's types.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DynamicError {
    /// Which of the errors it is.
    pub kind: DynamicErrorKind,
    /// Name of the exception.
    pub exception: Option<String>,
    /// Operation error code.
    pub code: Option<String>,
    /// The service's message without secrets. The client's own message if the service sent none.
    pub message: String,
    /// HTTP status, if a response was received.
    pub status: Option<u16>,
    /// The id that the service gave the request.
    pub request_id: Option<String>,
    /// How often the request was sent.
    pub attempts: u32,
    /// Causes and remedies.
    pub explanation: Explanation,
    /// The evidence of the error, which can be saved. `None` if there is no such operation.
    pub evidence: Option<Box<Evidence>>,
}

impl DynamicError {
    /// An error of the input, for which no call is made.
    pub fn input(message: impl Into<String>) -> Self {
        let message = message.into();
        let mut explanation = Explanation::default();
        explanation.summary.clone_from(&message);
        explanation.causes.push("The requested call cannot be made.".to_owned());
        explanation.remedies.push("Correct what the message names, and call again.".to_owned());
        Self {
            kind: DynamicErrorKind::Input,
            exception: None,
            code: None,
            explanation,
            message,
            status: None,
            request_id: None,
            attempts: 0,
            evidence: None,
        }
    }
}

impl fmt::Display for DynamicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.explanation.summary)
    }
}

impl std::error::Error for DynamicError {}

fn response_body<R>(output: &Value, id: &str) -> WrittenBody
where
    R: Operation,
    R::Output: Serialize,
{
    <R::Service as Service>::PROTOCOL.response_body::<R::Output>(R::INFO, output, id)
}

fn call<'a, R>(client: &'a Client, input: &'a [u8], destination: CallDestination) -> Called<'a>
where
    R: Operation + Structure + DeserializeOwned,
    R::Output: Serialize,
{
    let mut call = match input::of_client::<R>(input, client.options().check_constraints) {
        Ok(request) => client.call(request),
        Err(refused) => return not_a_request(<R::Service as Service>::INFO, R::INFO.name, input, &refused),
    };
    destination.apply(&mut call.options);
    Box::pin(async move {
        match call.with_metadata().await {
            Ok(WithMetadata { output, metadata }) => {
                let json = json_of(&output).ok().and_then(|json| String::from_utf8(json).ok());
                let output = json.expect("what was read from JSON can be written as JSON");
                Ok(WithMetadata { output, metadata })
            }
            Err(error) => Err(erased(&error)),
        }
    })
}

/// Compiled for every request and response: through fewer functions than `serde_json::to_vec`.
fn json_of(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut json = Vec::new();
    value.serialize(&mut serde_json::Serializer::new(&mut json))?;
    Ok(json)
}

/// A call that fails, since its input is not a request.
fn not_a_request<'a>(
    info: &'static ServiceInfo,
    operation: &'static str,
    input: &[u8],
    refused: &Refused,
) -> Called<'a> {
    // The description of a fault may quote the value.
    let message = format!("{operation}: invalid input: {refused}");
    let secrets = Secrets::of_json(&message, input, info.sensitive_members);
    let shown = |text: &str| secrets.conceal_text(text).into_owned();
    let message = shown(&message);
    let violations = match refused {
        Refused::Malformed(reason) => vec![Violation::new("input", shown(reason))],
        Refused::Invalid(faults) => {
            faults.iter().map(|fault| Violation::new(shown(&fault.path()), shown(&fault.message()))).collect()
        }
    };
    let evidence = Evidence::of_input(info, operation, &message, violations);
    let error = DynamicError {
        explanation: evidence.explain(Some(info)),
        evidence: Some(Box::new(evidence)),
        ..DynamicError::input(message)
    };
    Box::pin(future::ready(Err(error)))
}

fn erased<C: ServiceErrorCode>(error: &Error<C>) -> DynamicError {
    let evidence = error.evidence();
    let service = error.as_service();
    // What is kept of it, without the secrets that a service may repeat.
    let fault = match &evidence.outcome {
        Outcome::Service(refused) => refused.fault.clone(),
        _ => Fault::default(),
    };
    let kind = match error {
        Error::Input(_) => DynamicErrorKind::Input,
        Error::Credentials(_) => DynamicErrorKind::Credentials,
        Error::Hook(_) => DynamicErrorKind::Hook,
        Error::Transport(_) => DynamicErrorKind::Transport,
        Error::Service(_) => DynamicErrorKind::Service,
        Error::Response(_) => DynamicErrorKind::Response,
    };
    DynamicError {
        kind,
        exception: fault.exception,
        code: service.and_then(|error| Some(error.code()?.as_str().to_owned())),
        message: fault.message.unwrap_or_else(|| evidence.summary.clone()),
        status: error.metadata().map(|metadata| metadata.status().as_u16()),
        request_id: error.request_id().map(ToOwned::to_owned),
        attempts: error.attempts(),
        explanation: evidence.explain(Some(<C::Service as Service>::INFO)),
        evidence: Some(Box::new(evidence)),
    }
}
