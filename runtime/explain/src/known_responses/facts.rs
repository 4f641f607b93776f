//! The facts that conditions are compared with, from the evidence that there is.

use std::borrow::Cow;

use super::{
    Failure, KnownResponses, ResponseSource,
    glob::{self, Parts},
};
use crate::{
    BodyForm, Refused, RequestFacts, ResponseEvidence, ServiceInfo,
    body::{without_tags, xml},
    host::is_region,
    is_private,
    protocol::bare_name,
    signature::{SignedRequest, canonical_request_in, is_signature, percent_decoded},
    transport::{IoEvidence, TlsEvidence, TransportEvidence},
    wire::TransportErrorKind,
};

/// The form of hosts of no known form.
pub(super) const OTHER: &str = "other";

/// All known facts. Unknown ones are `None`; they neither support an entry nor exclude it.
#[derive(Default)]
pub(super) struct Facts<'a> {
    pub(super) failure: Option<Failure>,
    pub(super) has_response: bool,
    pub(super) status: Option<u16>,
    pub(super) name: Option<&'a str>,
    pub(super) message: Option<Cow<'a, str>>,
    /// The text of a web page.
    pub(super) page: Option<String>,
    pub(super) response: Option<&'a ResponseEvidence>,
    pub(super) source: Option<&'static ResponseSource>,
    pub(super) form: Option<&'static str>,
    pub(super) path: Option<String>,
    pub(super) has_token: Option<bool>,
    pub(super) certificate: &'a [String],
    pub(super) request: RequestFacts,
    /// Names of headers that were sent, though there may be others.
    pub(super) signed_headers: Vec<String>,
    pub(super) parts: Parts,
}

impl<'a> Facts<'a> {
    /// The facts of an error response.
    pub(super) fn of_response(refused: &'a Refused, service: &'static ServiceInfo) -> Self {
        let Refused { response, fault, signed, request, .. } = refused;
        let name = response.header("x-amzn-errortype").or(fault.exception.as_deref()).map(bare_name);
        let mut facts = Self {
            has_response: true,
            status: (response.status != 0).then_some(response.status),
            name: name.filter(|name| !name.is_empty()),
            message: message(refused),
            page: page(response),
            response: (!response.headers.is_empty()).then_some(response),
            source: source(response, service.known_responses),
            request: request.clone(),
            ..Self::default()
        };
        let scheme = refused.authorization_scheme.as_deref();
        let by_scheme = scheme.map(is_signature).or(signed.as_ref().map(|_| true));
        facts.request.is_signed = request.is_signed.or(by_scheme);
        facts.signed(signed.as_ref(), service);
        if let Some(host) = &refused.host {
            facts.part("host", host);
        }
        facts.shown(fault.message.as_deref().unwrap_or_default());
        facts.finish(service)
    }

    /// The facts of a failure to get a response.
    pub(super) fn of_transport(evidence: &'a TransportEvidence, service: &'static ServiceInfo) -> Self {
        let mut facts = Self { failure: failure(evidence), ..Self::default() };
        if let Some(TlsEvidence::WrongName { presented, .. }) = &evidence.tls {
            facts.certificate = presented;
        }
        let peer = &evidence.peer;
        facts.part("host", &peer.server.host);
        let address = peer.address.filter(|_| peer.proxy.is_none());
        facts.request.private_address = address.map(|address| is_private(address.ip()));
        facts.finish(service)
    }

    fn signed(&mut self, signed: Option<&SignedRequest>, service: &ServiceInfo) {
        let Some(signed) = signed else { return };
        self.has_token = Some(signed.has_session_token);
        // Unless the host names another one.
        if let Some(region) = signed.texts.scope(1).filter(|region| is_region(region)) {
            self.part("region", region);
        }
        let Some(canonical) = signed.texts.canonical_request.as_ref().filter(|text| text.is_complete())
        else {
            return;
        };
        self.request.method.get_or_insert_with(|| canonical.method.clone());
        self.request.path.get_or_insert_with(|| canonical.path.clone());
        if let Some(host) = canonical.header("host") {
            self.part("host", host);
        }
        // Unless the host names it.
        if let Some(api) = service.hosts.api_header.and_then(|name| canonical.header(name)) {
            self.part("api", api);
        }
        if self.request.content_type.is_none() {
            self.request.content_type = canonical.header("content-type").map(ToOwned::to_owned);
        }
        self.signed_headers = canonical.headers.iter().map(|(name, _)| name.clone()).collect();
    }

    /// The request as the service has it, if the message shows it and nothing else does.
    fn shown(&mut self, message: &str) {
        let Some(canonical) = canonical_request_in(message) else { return };
        self.request.method.get_or_insert_with(|| canonical.method.clone());
        // Escapes are escaped once more there.
        if self.request.path.is_none() && !canonical.path.contains('%') {
            self.request.path = Some(canonical.path.clone());
        }
        if let Some(host) = canonical.header("host").filter(|_| !self.parts.contains_key("host")) {
            self.part("host", host);
        }
    }

    /// Derives the remaining facts.
    fn finish(mut self, service: &'static ServiceInfo) -> Self {
        let host = self.parts.get("host").cloned().unwrap_or_default();
        let host = host.split(':').next().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
        if let Some(found) = service.hosts.recognize(&host, service.endpoints.partitions) {
            self.form = Some(found.form.form);
            for (name, part) in found.parts() {
                self.part(&name.to_ascii_lowercase(), part);
            }
            let path = self.request.path.as_deref().map(|path| decoded(path) + "/");
            let known = found.form.path.zip(path.as_deref());
            for (name, part) in
                known.and_then(|(pattern, path)| glob::read(pattern, path)).into_iter().flatten()
            {
                self.part(name, part);
            }
        } else if !host.is_empty() {
            self.form = Some(OTHER);
        }
        self.path = self.request.path.as_deref().map(decoded);
        let RequestFacts { method, caller, owner, .. } = self.request.clone();
        let status = self.status.map(|status| status.to_string());
        let region = self.parts.get("region").map_or("", String::as_str);
        // Without a region, the first.
        let partition = service.endpoints.partition(region);
        let suffix = self.parts.get("dnssuffix").cloned();
        let suffix = suffix.or_else(|| partition.map(|partition| partition.dns_suffix.to_owned()));
        let known = [
            ("partition", partition.map(|partition| partition.id.to_owned())),
            ("dnssuffix", suffix),
            ("method", method),
            ("path", self.path.clone()),
            ("principal", caller),
            ("owner", owner),
            ("status", status),
        ];
        for (name, part) in known {
            if let Some(part) = part {
                self.part(name, &part);
            }
        }
        self
    }

    fn part(&mut self, name: &str, part: &str) {
        self.parts.insert(name.to_owned(), part.to_owned());
    }
}

/// The text of a web page.
fn page(response: &ResponseEvidence) -> Option<String> {
    let body = response.body.as_ref().filter(|body| matches!(body.form, BodyForm::Html { .. }))?;
    Some(without_tags(&body.text))
}

/// The message, or its substitute: the title of a web page, a short text, the message of an XML error.
fn message(refused: &Refused) -> Option<Cow<'_, str>> {
    if let Some(message) = &refused.fault.message {
        return Some(message.trim_end().into());
    }
    let body = refused.response.body.as_ref()?;
    match &body.form {
        BodyForm::Html { title } => title.as_deref().map(Into::into),
        BodyForm::Text => Some(body.text.trim().into()),
        BodyForm::Xml => Some(xml::unescape(xml::element(&body.text, "Message")?).into()),
        _ => None,
    }
}

/// Who responded, if one of the sources fits.
fn source(response: &ResponseEvidence, known: &'static KnownResponses) -> Option<&'static ResponseSource> {
    let has = |name: &str, pattern: &str| header_fits(response, name, pattern);
    known.sources.iter().find(|source| {
        source.headers.iter().all(|(name, pattern)| has(name, pattern))
            && !source.without.iter().any(|name| has(name, "*"))
    })
}

/// Whether a header of this name, or with this beginning, has a value that fits; case is ignored.
pub(super) fn header_fits(response: &ResponseEvidence, name: &str, pattern: &str) -> bool {
    let is_named = |header: &str| match name.strip_suffix('*') {
        Some(start) => header.to_ascii_lowercase().starts_with(start),
        None => header.eq_ignore_ascii_case(name),
    };
    let fits = |value: &str| glob::read(pattern, &value.to_ascii_lowercase()).is_some();
    response.headers.iter().any(|(header, value)| is_named(header) && fits(value))
}

fn failure(evidence: &TransportEvidence) -> Option<Failure> {
    match &evidence.tls {
        Some(TlsEvidence::WrongName { .. }) => return Some(Failure::CertificateName),
        Some(TlsEvidence::UnknownIssuer | TlsEvidence::SelfSigned) => {
            return Some(Failure::CertificateIssuer);
        }
        Some(TlsEvidence::Alert { name }) if requires_certificate(name) => {
            return Some(Failure::ClientCertificate);
        }
        Some(_) => return None,
        None => {}
    }
    match (evidence.kind, evidence.io) {
        (_, Some(IoEvidence::NameUnknown | IoEvidence::LookupFailed)) | (TransportErrorKind::Dns, _) => {
            Some(Failure::Dns)
        }
        (TransportErrorKind::Connect | TransportErrorKind::ConnectTimeout, _) => Some(Failure::Connect),
        _ if evidence.is_unconnected() => Some(Failure::Connect),
        _ => None,
    }
}

/// Whether an alert asks for a client certificate.
fn requires_certificate(alert: &str) -> bool {
    matches!(
        alert,
        "CertificateRequired" | "BadCertificate" | "UnknownCA" | "CertificateUnknown" | "AccessDenied"
    )
}

/// Removes percent-encoding, which signed paths have twice.
fn decoded(path: &str) -> String {
    percent_decoded(&percent_decoded(path))
}
