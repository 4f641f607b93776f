//! Responses and refused requests.

use serde_json::{Value, json};

use super::{
    super::{Body, BodyForm, Refused, RequestFacts, ResponseEvidence, signature::SignedRequest},
    read::{Reader, SavedError, list, time},
};
use crate::protocol::Fault;

pub(super) fn write(response: &ResponseEvidence) -> Value {
    let headers = response.headers.iter().map(|(name, value)| json!({ "name": name, "value": value }));
    json!({
        "status": response.status,
        "request_id": response.request_id,
        "headers": list(headers),
        "received_at": response.received_at.map(time),
        "body": response.body.as_ref().map(write_body),
        "incomplete": response.incomplete,
    })
}

pub(super) fn read(saved: &Reader<'_>) -> Result<ResponseEvidence, SavedError> {
    Ok(ResponseEvidence {
        status: saved.required("status")?.number()?,
        request_id: saved.optional_text("request_id")?,
        headers: saved.items("headers", |header| Ok((header.text("name")?, header.text("value")?)))?,
        received_at: saved.optional_time("received_at")?,
        body: saved.optional("body")?.map(|body| read_body(&body)).transpose()?,
        incomplete: saved.optional_text("incomplete")?,
    })
}

fn write_body(body: &Body) -> Value {
    let (form, detail) = body.form.to_parts();
    json!({
        "text": body.text,
        "bytes": body.bytes,
        "is_exact": body.is_exact,
        "form": form,
        "form_detail": detail,
    })
}

fn read_body(saved: &Reader<'_>) -> Result<Body, SavedError> {
    let form = saved.required("form")?;
    let detail = saved.optional_text("form_detail")?;
    Ok(Body {
        text: saved.text("text")?,
        bytes: saved.required("bytes")?.number()?,
        is_exact: saved.boolean("is_exact")?,
        form: BodyForm::from_parts(form.as_text()?, detail)
            .ok_or_else(|| form.wrong("a form that this version knows, with its detail"))?,
    })
}

pub(super) fn write_refused(refused: &Refused) -> Value {
    let Fault { exception, code, message, details, host_id, blame, .. } = &refused.fault;
    json!({
        "response": write(&refused.response),
        "fault": {
            "exception": exception, "code": code, "message": message, "details": details, "host_id": host_id, "blame": blame,
        },
        "signed": refused.signed.as_ref().map(write_signed),
        "authorization_scheme": refused.authorization_scheme,
        "target": refused.target,
        "accepted_targets": refused.accepted_targets,
        "host": refused.host,
        "sent": write_request(&refused.request),
    })
}

pub(super) fn read_refused(saved: &Reader<'_>) -> Result<Refused, SavedError> {
    let parts = saved.required("fault")?;
    let mut fault = Fault::new(parts.optional_text("exception")?, parts.optional_text("message")?)
        .with_code(parts.optional_text("code")?);
    (fault.details, fault.host_id) = (parts.optional_text("details")?, parts.optional_text("host_id")?);
    fault.blame = parts.optional_text("blame")?;
    Ok(Refused {
        response: read(&saved.required("response")?)?,
        fault,
        signed: saved.optional("signed")?.map(|signed| read_signed(&signed)).transpose()?,
        authorization_scheme: saved.optional_text("authorization_scheme")?,
        target: saved.optional_text("target")?,
        accepted_targets: saved
            .optional("accepted_targets")?
            .map_or(Ok(Vec::new()), |_| saved.texts("accepted_targets"))?,
        host: saved.optional_text("host")?,
        request: saved.optional("sent")?.map_or(Ok(RequestFacts::default()), |sent| read_request(&sent))?,
    })
}

fn write_request(request: &RequestFacts) -> Value {
    json!({
        "method": request.method,
        "path": request.path,
        "header_names": request.header_names,
        "content_type": request.content_type,
        "is_signed": request.is_signed,
        "caller": request.caller,
        "owner": request.owner,
        "private_address": request.private_address,
        "client_certificate_asked": request.client_certificate_asked,
    })
}

fn read_request(saved: &Reader<'_>) -> Result<RequestFacts, SavedError> {
    let header_names = saved.optional("header_names")?.map(|_| saved.texts("header_names")).transpose()?;
    let boolean = |name| saved.optional(name)?.map(|_| saved.boolean(name)).transpose();
    Ok(RequestFacts {
        method: saved.optional_text("method")?,
        path: saved.optional_text("path")?,
        header_names,
        content_type: saved.optional_text("content_type")?,
        is_signed: boolean("is_signed")?,
        caller: saved.optional_text("caller")?,
        owner: saved.optional_text("owner")?,
        private_address: boolean("private_address")?,
        client_certificate_asked: boolean("client_certificate_asked")?,
    })
}

fn write_signed(signed: &SignedRequest) -> Value {
    let (canonical_request, string_to_sign) = signed.to_texts();
    json!({
        "canonical_request": canonical_request,
        "string_to_sign": string_to_sign,
        "access_key_id": signed.access_key_id,
        "has_session_token": signed.has_session_token,
        "signed_at": time(signed.signed_at),
        "expires_at": signed.expires_at.map(time),
        "credentials_source": signed.credentials_source.as_deref(),
        "secret_has_blank_ends": signed.secret_has_blank_ends,
        "keys_are_swapped": signed.keys_are_swapped,
    })
}

fn read_signed(saved: &Reader<'_>) -> Result<SignedRequest, SavedError> {
    let mut signed = SignedRequest::from_texts(
        &saved.text("canonical_request")?,
        &saved.text("string_to_sign")?,
        &saved.text("access_key_id")?,
        saved.boolean("has_session_token")?,
    );
    signed.signed_at = saved.required("signed_at")?.time()?;
    signed.expires_at = saved.optional_time("expires_at")?;
    signed.credentials_source = saved.optional_text("credentials_source")?.map(Into::into);
    signed.secret_has_blank_ends = saved.boolean("secret_has_blank_ends")?;
    signed.keys_are_swapped = saved.boolean("keys_are_swapped")?;
    Ok(signed)
}
