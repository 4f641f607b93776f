//! Causes and remedies of error responses.

use super::{
    BodyForm, Evidence, Explanation, Outcome, Refused, ResponseEvidence, add,
    denied::Denied,
    known_responses, lines,
    signature::{self, Candidate, Finding, Verdict},
    status,
};
use crate::{
    Category, ServiceInfo,
    body::{beginning, is_blank, said_beside, without_tags},
    known::{KnownBy, KnownError, category_of_status},
    mask::mask,
    protocol::Fault,
    text::{is_visible, single_spaced},
    time::Timestamp,
    vendor::Vendor,
};

/// The sources of an explanation of an error response, the most specific first:
///
/// 1. the permission that the message says is missing, and what the model's known responses (`known-responses.json`) add to it;
/// 2. the result of comparing the two sides of a signature, before or instead of known responses;
/// 3. the model's known responses;
/// 4. the causes of the error's name, in the model or in the table of common errors, else of its message; of its status only
///    if the response names no error. For a refused signature, only if comparing found nothing.
pub(super) fn explain(
    refused: &Refused,
    attempts: u32,
    service: Option<&'static ServiceInfo>,
) -> Explanation {
    let Refused { response, fault, .. } = refused;
    let by_model = known_responses::Known::of_response(refused, service);
    let known = KnownError::find(service, fault, response.status, by_model.first());
    let finding = signature_finding(refused, known, service);
    let denied = denied(fault);
    let is_about_identity = denied.is_some()
        || finding.is_some()
        || known.is_some_and(|error| error.category.is_about_identity());
    let mut explanation = match (denied, &finding) {
        (Some(denied), _) => {
            // The model knows what usually is the reason if the message names none.
            let of_model = known.filter(|known| denied.is_open() && known.is_of_model());
            let of_model = of_model.map(|known| general(refused, Some(known), service)).unwrap_or_default();
            let (by_model, denied, is_open) = (by_model.explain(), denied.explain(), denied.is_open());
            // A kind of policy that the message names says more than the model's usual reasons.
            let (first, then) = if is_open { (by_model, denied) } else { (denied, by_model) };
            first.and(then).and(of_model)
        }
        (None, Some(finding)) if by_model.is_empty() => {
            about_signature(finding, refused, service, || general(refused, known, service))
        }
        // This verdict only says that a signature may be missing.
        (None, Some(finding)) if finding.verdict == Verdict::UnsignedOrNoRoute => by_model.explain(),
        // Lines that differ are more specific than the general causes of such a response.
        (None, Some(finding)) if !finding.differences.is_empty() => finding.explain(refused),
        (None, Some(finding)) => finding.explain(refused).and(by_model.explain()),
        (None, None) if by_model.is_empty() => general(refused, known, service),
        (None, None) => by_model.explain(),
    };
    let evidence = &mut explanation.evidence;
    evidence.extend(by_model.source());
    let is_unsigned = !by_model.is_empty() && refused.request.is_signed == Some(false);
    // People may have removed the header from what they show.
    let unsigned = match refused.request.header_names {
        Some(_) => "the request shows no `Authorization`",
        None => "the request was not signed",
    };
    evidence.extend(is_unsigned.then(|| unsigned.to_owned()));
    if is_about_identity {
        let source = refused.signed.as_ref().and_then(|signed| signed.credentials_source.as_deref());
        evidence.extend(labelled("the credentials are from", source));
    }
    if finding.is_none_or(|finding| finding.clock.is_none()) {
        evidence.extend(clock(response));
    }
    evidence.extend(response_facts(response, attempts));
    let by_message = known.filter(|known| {
        known.by == KnownBy::CodeMessage && fault.exception.is_some() && fault.code.is_none()
    });
    evidence.extend(labelled("the service's message", fault.message.as_deref()));
    evidence.extend(by_message.map(|known| format!("that is the message of the code {}", known.name)));
    evidence.extend(labelled("details", fault.details.as_deref().filter(|details| !is_blank(details))));
    let body = response.body.as_ref().map_or("", |body| body.text.as_str());
    let names = [&fault.exception, &fault.code].into_iter().flatten();
    if !names.into_iter().any(|name| is_visible(name)) || said_beside(fault, body.as_bytes()).is_some() {
        evidence.extend(response.body.as_ref().map(|body| body.form.describe()));
        evidence.extend(body_start(response));
        evidence.extend(sender(response));
    }
    explanation
}

/// The denied action, if a permission is missing; then the signature was correct.
fn denied(fault: &Fault) -> Option<Denied> {
    let by_details = fault.details.as_deref().and_then(Denied::read_details);
    by_details.or_else(|| fault.message.as_deref().and_then(Denied::read))
}

/// The finding of the signature rules, if the error may be about a signature.
fn signature_finding(
    refused: &Refused,
    known: Option<KnownError>,
    service: Option<&'static ServiceInfo>,
) -> Option<Finding> {
    let Refused { response, fault, .. } = refused;
    let is_about_access = known.is_some_and(|error| {
        let operation_is_unknown = matches!(error.name, "InvalidAction" | "UnknownOperationException");
        error.category.is_about_identity() || operation_is_unknown
    });
    let may_be = is_about_access || known.is_none() || matches!(response.status, 401 | 403);
    // A code within an exception is about the operation, after the service had accepted the signature. The code of a
    // query-compatible service, which states who caused the error, is only another name of the exception.
    let is_let_in = fault.exception.is_some() && fault.code.is_some() && fault.blame.is_none();
    if !may_be || is_let_in || denied(fault).is_some() {
        return None;
    }
    // Such verdicts are about the gateway before an API; other services have none.
    let may_have_routes = service.is_none_or(|service| !service.hosts.forms.is_empty());
    let mut finding = signature::find(refused)
        .filter(|finding| finding.verdict != Verdict::UnsignedOrNoRoute || may_have_routes)?;
    if !may_have_routes {
        without_routes(&mut finding);
    }
    Some(finding)
}

/// The finding about a service that has no routes, which a token could have missed.
fn without_routes(finding: &mut Finding) {
    if finding.verdict == Verdict::NotASignature {
        (finding.verdict, finding.hint) = (Verdict::MalformedAuthorization, None);
    }
    if finding.candidates.contains(&Candidate::Verdict(Verdict::NotASignature)) {
        finding.candidates.clear();
    }
}

/// The vendor of the signature, else of the service.
fn vendor(refused: &Refused, service: Option<&'static ServiceInfo>) -> Vendor {
    let kind = refused.authorization_scheme.as_deref().and_then(signature::kind);
    let by_signature = kind.map(|kind| kind.vendor);
    by_signature.or_else(|| service.map(|service| service.auth.vendor())).unwrap_or_default()
}

impl Refused {
    /// The error, identified as in the retry decision.
    pub fn known_error(&self, service: Option<&'static ServiceInfo>) -> Option<KnownError> {
        let response = known_responses::Known::of_response(self, service).first();
        KnownError::find(service, &self.fault, self.response.status, response)
    }
}

/// The finding; general causes and remedies of the error only if the finding leaves the cause open.
fn about_signature(
    finding: &Finding,
    refused: &Refused,
    service: Option<&'static ServiceInfo>,
    general: impl FnOnce() -> Explanation,
) -> Explanation {
    let mut explanation = finding.explain(refused);
    // The verdict's texts name the parts of an AWS signature.
    if finding.verdict == Verdict::MalformedAuthorization && vendor(refused, service) != Vendor::Aws {
        explanation.causes.clear();
        explanation.remedies.clear();
    }
    let is_open = matches!(finding.verdict, Verdict::UndeterminedMismatch);
    if is_open || explanation.causes.is_empty() || explanation.remedies.is_empty() {
        let general = general();
        add(&mut explanation.causes, general.causes);
        add(&mut explanation.remedies, general.remedies);
    }
    explanation
}

impl Evidence {
    /// The finding of the signature rules. `None` unless the service refused the request for its signature or
    /// credentials.
    pub fn finding(&self, service: Option<&'static ServiceInfo>) -> Option<Finding> {
        let Outcome::Service(refused) = &self.outcome else { return None };
        signature_finding(refused, refused.known_error(service), service)
    }

    /// The error that the service sent, identified as in the retry decision.
    pub fn known_error(&self, service: Option<&'static ServiceInfo>) -> Option<KnownError> {
        let Outcome::Service(refused) = &self.outcome else { return None };
        refused.known_error(service)
    }
}

/// Causes and remedies by the error's name, or else by the status.
fn general(
    refused: &Refused,
    known: Option<KnownError>,
    service: Option<&'static ServiceInfo>,
) -> Explanation {
    let Refused { response, fault, .. } = refused;
    if let Some(known) = known.and_then(|known| known.error) {
        return Explanation {
            causes: lines(known.causes),
            remedies: lines(known.remedies),
            ..Explanation::default()
        };
    }
    let Some(name) = fault.code.as_ref().or(fault.exception.as_ref()) else {
        return without_name(response, service);
    };
    let (unexplained, way_out) = match service {
        Some(_) => (
            "for which neither its model nor the list of errors common to AWS services has causes",
            "Look the name up in the service's documentation; a newer model may have causes and remedies for it.",
        ),
        None => (
            "which the list of errors common to AWS services does not explain",
            "Name the service, whose model may explain it (`gatewright explain --service`), or look the name up in the service's documentation.",
        ),
    };
    let unknown = Explanation {
        causes: vec![format!("The service sent {name:?}, {unexplained}.")],
        remedies: lines(&["Read the service's message and the raw body, which the error keeps.", way_out]),
        ..Explanation::default()
    };
    // The status is also why such an error was retried.
    if category_of_status(response.status).is_some_and(Category::is_retried) {
        unknown.and(status::explain(response))
    } else {
        unknown
    }
}

/// By the form of the body if it is a web page, and by the status.
fn without_name(response: &ResponseEvidence, service: Option<&'static ServiceInfo>) -> Explanation {
    let mut by_status = status::explain(response);
    // A message without its response.
    if response.status == 0 && service.is_none() {
        let remedy = "Name the service, whose model may know the error: `gatewright explain --service`.";
        by_status.remedies.push(remedy.to_owned());
    }
    match response.body.as_ref().map(|body| &body.form) {
        // These statuses say who responded, and why, whatever the page looks like.
        Some(form @ BodyForm::Html { .. }) if !matches!(response.status, 300..=399 | 407 | 413) => {
            let mut explanation = super::body_form::explain_form(form);
            add(&mut explanation.causes, by_status.causes);
            add(&mut explanation.remedies, by_status.remedies);
            explanation
        }
        _ => by_status,
    }
}

/// Status, request id and attempts, one line each.
pub(super) fn response_facts(response: &ResponseEvidence, attempts: u32) -> Vec<String> {
    let reason =
        http::StatusCode::from_u16(response.status).ok().and_then(|status| status.canonical_reason());
    let mut evidence: Vec<_> = match (response.status, reason) {
        // A message without its response.
        (0, _) => None,
        (status, Some(reason)) => Some(format!("status {status} ({reason})")),
        (status, None) => Some(format!("status {status}")),
    }
    .into_iter()
    .collect();
    evidence.extend(labelled("the body is incomplete", response.incomplete.as_deref()));
    let id = response.request_id.as_deref().filter(|id| is_visible(id));
    evidence.extend(id.map(|id| format!("request id {}", beginning(id, MAX_SHOWN))));
    evidence.extend((attempts > 0).then(|| format!("attempts: {attempts}")));
    evidence
}

/// The difference between the clocks.
fn clock(response: &ResponseEvidence) -> Option<String> {
    let [here, there] = [response.received_at?, response.date()?].map(|time| Timestamp::from(time).seconds());
    signature::own_clock(there.saturating_sub(here))
}

/// The beginning of the body, in one line.
pub(super) fn body_start(response: &ResponseEvidence) -> Option<String> {
    let body = response.body.as_ref()?;
    match body.form {
        BodyForm::Empty | BodyForm::Compressed | BodyForm::Binary => None,
        BodyForm::Html { .. } => {
            // Without entities, a secret may have a name before it.
            let words = mask(&without_tags(&body.text));
            labelled("the page says", Some(&single_spaced(&words)))
        }
        _ => labelled("the body begins", Some(&body.text)),
    }
}

/// Headers that show who wrote a response without a name.
fn sender(response: &ResponseEvidence) -> Vec<String> {
    const HEADERS: [&str; 6] =
        ["server", "via", "x-squid-error", "x-cache", "proxy-authenticate", "www-authenticate"];
    let line = |name: &str| labelled(&format!("header {name}"), response.header(name));
    HEADERS.into_iter().filter_map(line).collect()
}

/// Foreign text after a label, if there is any.
pub(super) fn labelled(label: &str, text: Option<&str>) -> Option<String> {
    let text = text.map(|text| beginning(text, MAX_SHOWN)).filter(|text| is_visible(text))?;
    Some(format!("{label}: {text}"))
}

/// Characters of foreign text in a line of evidence.
const MAX_SHOWN: usize = 400;
