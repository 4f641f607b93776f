//! Alibaba Cloud RPC: parameters in a form or query, responses in JSON or XML.

mod parameters;

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::{HeaderName, Method, Request, StatusCode, header};
use serde_json::Value;

use self::parameters::Parameters;
use super::{Dialect, Reply, xml};
use crate::{
    DynamicOperation, FakeError, FakeService, ServiceInfo,
    dynamic::Refused,
    endpoint::Condition,
    issued::Caller,
    protocol::{AliyunRpc, Format},
    router::Router,
    sign::{
        Signable,
        rpc_verify::{Verified, Verifier, VerifyError},
    },
    transport::Response,
};

impl Dialect for AliyunRpc {
    fn operation(&self, _: &'static FakeService, request: &Request<Bytes>) -> Option<String> {
        Parameters::of(request).common("Action", request)
    }

    fn serve(&self, router: &Router, request: &Request<Bytes>, now: SystemTime) -> Result<String, FakeError> {
        let (operation, input, caller) = check(router, request, now)?;
        router.perform(operation, &input, &caller, now)
    }

    fn respond(&self, mut reply: Reply<'_>, result: Result<String, FakeError>) -> Response {
        let parameters = reply.request.map(|request| (Parameters::of(request), request));
        let parameters = parameters.as_ref();
        let (status, root, mut body) = match result {
            Ok(text) => {
                let action =
                    parameters.and_then(|(parameters, request)| parameters.common("Action", request));
                let body = serde_json::from_str(&text).unwrap_or_default();
                (StatusCode::OK, action.unwrap_or_default() + "Response", body)
            }
            Err(error) => {
                let (status, body) = failure(reply.router.service, self, &error);
                (status, "Error".to_owned(), body)
            }
        };
        reply.id.make_ascii_uppercase();
        if let Some(members) = body.as_object_mut() {
            members.insert("RequestId".to_owned(), Value::String(reply.id.clone()));
        }
        let format = parameters.map_or(Format::Xml, |(parameters, request)| format(parameters, request));
        let (content_type, text) = match format {
            Format::Json => ("application/json;charset=utf-8", body.to_string()),
            Format::Xml => ("text/xml;charset=utf-8", xml::Form::default().document(&root, &body)),
        };
        reply.response(HeaderName::from_static("x-acs-request-id"), status, content_type, text)
    }

    fn example_region(&self, service: &ServiceInfo) -> &'static str {
        let mut conditions = service.endpoints.rules.iter().flat_map(|rule| rule.when);
        let named = conditions.find_map(|condition| match condition {
            Condition::RegionIs(region) => Some(*region),
            _ => None,
        });
        named.unwrap_or("us-east-1")
    }
}

/// Nonces that were used.
#[derive(Debug, Default)]
pub(crate) struct Nonces(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    all: BTreeSet<String>,
    /// The same nonces, oldest first.
    by_age: VecDeque<(SystemTime, String)>,
}

impl Nonces {
    /// How long a nonce is kept. Afterwards, the time of its signature is refused.
    const KEPT: Duration = Duration::from_secs(30 * 60);

    fn take(&self, verified: Verified, now: SystemTime) -> Result<(), VerifyError> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while seen.by_age.front().is_some_and(|(at, _)| *at + Self::KEPT <= now)
            && let Some((_, nonce)) = seen.by_age.pop_front()
        {
            seen.all.remove(&nonce);
        }
        if !seen.all.insert(verified.nonce.clone()) {
            return Err(VerifyError::NonceUsed);
        }
        seen.by_age.push_back((now, verified.nonce));
        Ok(())
    }
}

/// The operation of a request, its input, and who sends it.
fn check(
    router: &Router,
    request: &Request<Bytes>,
    now: SystemTime,
) -> Result<(&'static DynamicOperation, Value, Caller), FakeError> {
    let service = router.service;
    let parameters = Parameters::of(request);
    let need = |name| parameters.common(name, request).ok_or_else(|| missing(name));
    let (action, version) = (need("Action")?, need("Version")?);
    if parameters.common("Format", request).is_some_and(|format| read_format(&format).is_none()) {
        return Err(FakeError::code("InvalidParameter.Format"));
    }
    let operation = service.operation(&action);
    let caller = if operation.is_some_and(DynamicOperation::unsigned) {
        Caller::default()
    } else {
        authenticate(router, &parameters, request, now).map_err(|error| {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
            FakeError::code(error.code()).with_status(status).with_message(error.to_string())
        })?
    };
    if version != service.info.version {
        let message = format!("the version is {}, not {version}", service.info.version);
        return Err(FakeError::code("NoSuchVersion").with_message(message));
    }
    let Some(operation) = operation else {
        let message = format!("{} has no operation {action}", service.info.title);
        return Err(FakeError::code("InvalidApi.NotFound")
            .with_status(StatusCode::NOT_FOUND)
            .with_message(message));
    };
    let method = request.method();
    if *method != Method::POST && !(*method == Method::GET && operation.accepts_get()) {
        let message = format!("{action} does not accept {method}");
        return Err(FakeError::code("UnsupportedHTTPMethod").with_message(message));
    }
    let invalid = |why: String| FakeError::code("InvalidParameter").with_message(why);
    let input = parameters.into_input().map_err(invalid)?;
    match operation.check(input.to_string().as_bytes()) {
        Ok(input) => Ok((operation, input, caller)),
        Err(refused) => Err(self::refused(&refused)),
    }
}

fn authenticate(
    router: &Router,
    parameters: &Parameters,
    request: &Request<Bytes>,
    now: SystemTime,
) -> Result<Caller, VerifyError> {
    let token = parameters.token(request);
    let mut caller = Caller::default();
    let find = |id: &str| {
        let (found, by) = router.issuer().find(id, token.as_deref())?;
        caller = by;
        Some(found)
    };
    router.nonces.take(Verifier::new(now).verify(&Signable::of(request), find)?, now)?;
    Ok(caller)
}

fn missing(name: &str) -> FakeError {
    FakeError::code(["Missing", name].concat()).with_message(format!("{name} is mandatory for this action."))
}

fn refused(refused: &Refused) -> FakeError {
    match refused {
        Refused::Invalid(faults) => faults.missing.first().map(|missing| self::missing(&missing.path())),
        _ => None,
    }
    .unwrap_or_else(|| FakeError::code("InvalidParameter").with_message(refused.to_string()))
}

fn read_format(name: &str) -> Option<Format> {
    let forms = [("json", Format::Json), ("xml", Format::Xml)];
    forms.into_iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, format)| format)
}

/// The format of a response: XML, unless the request's parameter or `Accept` header requires another.
fn format(parameters: &Parameters, request: &Request<Bytes>) -> Format {
    let required = parameters.common("Format", request).and_then(|format| read_format(&format));
    required.unwrap_or_else(|| {
        let accepted = request.headers().get(header::ACCEPT).and_then(|kinds| kinds.to_str().ok());
        if accepted.is_some_and(|kinds| kinds.contains("json")) { Format::Json } else { Format::Xml }
    })
}

/// Status and body of an error. If the status is a success, the body reports the failure.
fn failure(service: &FakeService, protocol: &AliyunRpc, error: &FakeError) -> (StatusCode, Value) {
    let code = error.code.as_deref().or(error.exception.as_deref());
    let status = error.status.unwrap_or_else(|| service.code_status(code.unwrap_or_default()));
    let message = error.text(service, code, None, status);
    let success = protocol.success.filter(|_| status.is_success()).map(|member| (member, Value::Bool(false)));
    let code_name = code.unwrap_or_default();
    let code = code.map(|code| ("Code", code.into()));
    let members =
        [("HostId", "127.0.0.1".into()), ("Message", message.as_ref().into())].into_iter().chain(code);
    let members = members.chain(success).map(|(name, value)| (name.to_owned(), value));
    let further = service.error_members(code_name, &error.details);
    (status, Value::Object(members.chain(further).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_taken_once_until_its_signature_is_old() {
        let nonces = Nonces::default();
        let take = |nonce: &str, minutes: u64| {
            let now = SystemTime::UNIX_EPOCH + Duration::from_secs(minutes * 60);
            let (access_key_id, nonce) = ("id".to_owned(), nonce.to_owned());
            nonces.take(Verified { access_key_id, signed_at: now, nonce }, now)
        };
        assert_eq!((take("a", 0), take("b", 1)), (Ok(()), Ok(())));
        assert_eq!(
            (take("a", 29), take("b", 30)),
            (Err(VerifyError::NonceUsed), Err(VerifyError::NonceUsed))
        );
        assert_eq!((take("a", 30), take("b", 31)), (Ok(()), Ok(())));
        assert_eq!(nonces.0.lock().unwrap().all.len(), 2);
    }
}
