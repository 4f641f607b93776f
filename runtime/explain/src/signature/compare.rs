//! Comparison of the signed texts with the service's, line by line.

use super::{
    finding::{Difference, Finding, Part, ScopeFault, ScopeField},
    masked::{EMPTY_HASH, may_be_same, shown_header},
    uri::{align_masks, compare_paths, compare_queries, masked_query},
    verdict::{Hint, Verdict},
};
use crate::{
    host::read_host,
    mask::is_secret,
    sign::{CanonicalRequest, SignedTexts, StringToSign},
    text::single_spaced,
};

/// Every line in which the two sides differ, in the order of the decision table; `sent_host` is the `Host` on the wire.
///
/// The first difference decides verdict and hint. Without one, the verdict is [`Verdict::WrongSecret`], unless the
/// texts are too short for that conclusion.
pub(super) fn compare(ours: &SignedTexts, theirs: &SignedTexts, sent_host: Option<&str>) -> Finding {
    let mut finding = Finding::new(Verdict::WrongSecret);
    if let (Some(ours), Some(theirs)) = (&ours.string_to_sign, &theirs.string_to_sign) {
        strings_to_sign(&mut finding, ours, theirs);
    }
    let both = ours.canonical_request.as_ref().zip(theirs.canonical_request.as_ref());
    if let Some((ours, theirs)) = both {
        canonical_requests(&mut finding, ours, theirs, sent_host);
    }
    let mut is_settled = both.is_some_and(|(ours, theirs)| ours.is_complete() && theirs.is_complete());
    // The hash covers the canonical request: it is only informative if no line of the request differs.
    let is_only_in_hash = finding
        .differences
        .iter()
        .all(|difference| matches!(difference.what, Part::Algorithm | Part::Time | Part::Scope));
    let our_hash = ours.written_hash().map(str::to_owned);
    let our_hash = our_hash.or_else(|| ours.computed_hash().filter(|_| both.is_none()));
    if let (Some(ours), Some(theirs), true) = (our_hash, theirs.written_hash(), is_only_in_hash) {
        is_settled = true;
        if ours != theirs {
            let verdict = Verdict::UndeterminedMismatch;
            finding.push(Part::CanonicalHash, verdict, None, Some(ours), Some(theirs.to_owned()));
        }
    }
    if let Some(first) = finding.differences.first() {
        (finding.verdict, finding.hint) = (first.verdict, first.hint);
    } else if !is_settled {
        finding.verdict = Verdict::UndeterminedMismatch;
    }
    finding
}

impl Finding {
    fn push(
        &mut self,
        what: Part,
        verdict: Verdict,
        hint: Option<Hint>,
        ours: Option<String>,
        theirs: Option<String>,
    ) {
        self.differences.push(Difference { what, verdict, hint, ours, theirs });
    }

    fn push_if_different(&mut self, what: Part, verdict: Verdict, ours: Option<&str>, theirs: Option<&str>) {
        if let (Some(ours), Some(theirs)) = (ours, theirs)
            && ours != theirs
        {
            self.push(what, verdict, None, Some(ours.to_owned()), Some(theirs.to_owned()));
        }
    }
}

fn strings_to_sign(finding: &mut Finding, ours: &StringToSign, theirs: &StringToSign) {
    finding.push_if_different(
        Part::Algorithm,
        Verdict::WrongAlgorithm,
        ours.algorithm.as_deref(),
        theirs.algorithm.as_deref(),
    );
    finding.push_if_different(Part::Time, Verdict::DateChanged, ours.time.as_deref(), theirs.time.as_deref());
    finding.push_if_different(
        Part::Scope,
        Verdict::WrongScope,
        ours.scope.as_deref(),
        theirs.scope.as_deref(),
    );
    if let (Some(ours), Some(theirs)) = (&ours.scope, &theirs.scope)
        && ours != theirs
    {
        finding.scope = scope_faults(ours, theirs);
    }
}

fn scope_faults(ours: &str, theirs: &str) -> Vec<ScopeFault> {
    const FIELDS: [(usize, ScopeField); 4] = [
        (1, ScopeField::Region),
        (2, ScopeField::Service),
        (0, ScopeField::Date),
        (3, ScopeField::Terminator),
    ];
    let fault = |field, ours: Option<&str>, theirs: Option<&str>| ScopeFault {
        field,
        ours: ours.map(str::to_owned),
        theirs: theirs.map(str::to_owned),
    };
    let [our_parts, their_parts] = [ours, theirs].map(|scope| scope.split('/').collect::<Vec<_>>());
    if our_parts.len() != their_parts.len() {
        return vec![fault(ScopeField::Shape, Some(ours), Some(theirs))];
    }
    let parts = FIELDS.map(|(at, field)| (field, our_parts.get(at).copied(), their_parts.get(at).copied()));
    let differ = parts.into_iter().filter(|(_, ours, theirs)| ours != theirs);
    differ.map(|(field, ours, theirs)| fault(field, ours, theirs)).collect()
}

fn canonical_requests(
    finding: &mut Finding,
    ours: &CanonicalRequest,
    theirs: &CanonicalRequest,
    sent_host: Option<&str>,
) {
    finding.push_if_different(Part::Method, Verdict::MethodChanged, Some(&ours.method), Some(&theirs.method));
    if ours.path != theirs.path {
        let (verdict, hint) = compare_paths(&ours.path, &theirs.path);
        finding.push(Part::Path, verdict, hint, Some(ours.path.clone()), Some(theirs.path.clone()));
    }
    queries(finding, &ours.query, &theirs.query);
    finding.push_if_different(
        Part::HeaderNames,
        Verdict::SignedHeadersChanged,
        ours.names.as_deref(),
        theirs.names.as_deref(),
    );
    headers(finding, ours, theirs, sent_host);
    if let (Some(ours), Some(theirs)) = (&ours.payload_hash, &theirs.payload_hash)
        && ours != theirs
    {
        let hint = payload_hint(ours, theirs);
        let verdict = Verdict::BodyChanged;
        finding.push(Part::Payload, verdict, Some(hint), Some(ours.clone()), Some(theirs.clone()));
    }
}

fn queries(finding: &mut Finding, ours: &str, theirs: &str) {
    let (ours, theirs) = align_masks(ours, theirs);
    if ours == theirs {
        return;
    }
    let difference = compare_queries(&ours, &theirs);
    finding.parameter = difference.parameter;
    finding.missing_at_server = difference.missing;
    finding.added_at_server = difference.added;
    let [ours, theirs] = [ours, theirs].map(|query| Some(masked_query(&query)));
    finding.push(Part::Query, difference.verdict, None, ours, theirs);
}

fn headers(
    finding: &mut Finding,
    ours: &CanonicalRequest,
    theirs: &CanonicalRequest,
    sent_host: Option<&str>,
) {
    let before = finding.differences.len();
    let [our_values, their_values] = [ours, theirs].map(CanonicalRequest::header_values);
    let host = our_values.contains_key("host") || their_values.contains_key("host");
    let names = our_values.keys().chain(their_values.keys().filter(|name| !our_values.contains_key(*name)));
    for name in
        host.then_some("host").into_iter().chain(names.map(String::as_str).filter(|name| *name != "host"))
    {
        let [ours_here, theirs_here] =
            [&our_values, &their_values].map(|values| values.get(name).map(String::as_str));
        // An incomplete text has no information about the headers after its end.
        let unknown =
            theirs_here.is_none() && !theirs.is_complete() || ours_here.is_none() && !ours.is_complete();
        let pair = ours_here.zip(theirs_here).filter(|_| is_secret(name));
        let masked = pair.is_some_and(|(ours, theirs)| may_be_same(ours, theirs));
        if ours_here == theirs_here || unknown || masked {
            continue;
        }
        let (what, verdict, hint) = if name == "host" {
            (Part::Host, Verdict::HostRewritten, host_hint(ours_here, theirs_here, sent_host))
        } else {
            let hint = header_hint(name, ours_here, theirs_here);
            (Part::Header(name.to_owned()), Verdict::HeaderChanged, hint)
        };
        let [ours, theirs] =
            [ours_here, theirs_here].map(|value| value.map(|value| shown_header(name, value)));
        finding.push(what, verdict, hint, ours, theirs);
    }
    if finding.differences.len() > before || !ours.is_complete() || !theirs.is_complete() {
        return;
    }
    // The values are the same; only their form can differ.
    let [our_lines, their_lines] = [ours, theirs].map(header_lines);
    let verdict = Verdict::SignedHeadersChanged;
    if our_lines != their_lines {
        let hint = Some(Hint::HeaderOrder);
        finding.push(Part::HeaderLines, verdict, hint, Some(our_lines), Some(their_lines));
    } else if ours.has_empty_line != theirs.has_empty_line {
        let [ours, theirs] = [ours, theirs].map(|side| side.has_empty_line.then(String::new));
        finding.push(Part::EmptyLine, verdict, Some(Hint::EmptyLineMissing), ours, theirs);
    }
}

/// The names of the header lines, as written.
fn header_lines(canonical: &CanonicalRequest) -> String {
    canonical.headers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ")
}

fn host_hint(ours: Option<&str>, theirs: Option<&str>, sent: Option<&str>) -> Option<Hint> {
    let (ours, theirs) = (ours?, theirs?);
    let bare = |host: &'_ str| host.trim_end_matches(":443").trim_end_matches(":80").to_ascii_lowercase();
    let is_endpoint = |host: &str| host.contains(".vpce.") && read_host(host).is_some();
    let sent_otherwise = sent.is_some_and(|sent| sent.eq_ignore_ascii_case(theirs));
    if bare(ours) == bare(theirs) {
        (ours.len() != theirs.len()).then_some(Hint::DefaultPortInHost)
    } else if sent_otherwise || is_endpoint(ours) && !is_endpoint(theirs) {
        Some(Hint::SignTheHostHeaderValue)
    } else {
        None
    }
}

fn header_hint(name: &str, ours: Option<&str>, theirs: Option<&str>) -> Option<Hint> {
    if is_rewritten_by_proxies(name) {
        Some(Hint::LeaveHeaderUnsigned)
    } else if theirs.is_none_or(|value| value.trim().is_empty()) {
        Some(Hint::HeaderAbsentAtServer)
    } else if ours.map(single_spaced) == theirs.map(single_spaced) {
        Some(Hint::BlanksInHeaderValue)
    } else {
        None
    }
}

/// Hop-by-hop and tracing headers, and others that proxies set.
pub(super) fn is_rewritten_by_proxies(name: &str) -> bool {
    const NAMES: [&str; 26] = [
        "accept-encoding",
        "b3",
        "cache-control",
        "connection",
        "content-length",
        "expect",
        "forwarded",
        "keep-alive",
        "max-forwards",
        "pragma",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "traceparent",
        "tracestate",
        "baggage",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
        "x-amzn-trace-id",
        "x-correlation-id",
        "x-real-ip",
        "x-request-id",
    ];
    NAMES.contains(&name)
        || ["x-forwarded-", "x-b3-", "cf-", "cloudfront-"].iter().any(|start| name.starts_with(start))
}

fn payload_hint(ours: &str, theirs: &str) -> Hint {
    if ours == EMPTY_HASH {
        Hint::SignedEmptyBody
    } else if theirs == EMPTY_HASH {
        Hint::ServerSawEmptyBody
    } else if ours.starts_with("UNSIGNED-PAYLOAD") || ours.starts_with("STREAMING-") {
        Hint::PayloadModeNotAccepted
    } else {
        Hint::ReEncodedOrCompressedOnTheWay
    }
}
