//! The explanation of a finding.

use std::collections::BTreeSet;

use super::{
    case::{Case, is_signature},
    evidence_lines::{clock, difference, pairs, quote, scope, shown},
    finding::{Candidate, Clock, Finding},
    masked::EMPTY_HASH,
    rules::{foreign_region, foreign_service, region_of_host, rewritten_headers},
    scope_texts::{of_candidate, of_scope_fault},
    verdict::{Hint, Verdict},
};
use crate::{
    Explanation, Refused,
    mask::{SCHEMES, mask},
    time::Timestamp,
};

impl Finding {
    /// The explanation: what happened, the evidence, causes and remedies.
    pub fn explain(&self, refused: &Refused) -> Explanation {
        let case = Case::new(refused);
        let refused = match self.verdict {
            Verdict::WrongTargetVersion | Verdict::UnsignedOrNoRoute | Verdict::NotASignature => "request",
            _ => "signature",
        };
        let explanation = Explanation {
            summary: format!("{refused} refused: {} ({})", self.verdict.text().summary, self.verdict),
            evidence: self.evidence(&case),
            causes: self.causes(&case),
            remedies: self.remedies(&case),
            repairs: Vec::new(),
        };
        explanation.in_lines()
    }

    fn evidence(&self, case: &Case<'_>) -> Vec<String> {
        let mut evidence: Vec<_> = self.differences.iter().map(difference).collect();
        evidence.extend(pairs("pairs of the query that did not arrive", &self.missing_at_server));
        evidence.extend(pairs("pairs of the query that were not signed", &self.added_at_server));
        evidence.extend(self.clock.iter().flat_map(clock));
        evidence.extend(self.scope.iter().map(scope));
        evidence.extend(pairs("missing", &self.missing));
        evidence.extend(self.unreadable.iter().map(|&said| said.to_owned()));
        let has_other_scheme = case.scheme().is_some_and(|scheme| !is_signature(scheme));
        if self.verdict == Verdict::NotASignature
            || self.verdict == Verdict::MalformedAuthorization && has_other_scheme
        {
            evidence.push(authorization(case));
        }
        evidence.extend(pairs("prefixes of x-amz-target that the service knows", &self.accepted));
        evidence.extend(self.because.map(str::to_owned));
        evidence.extend(self.credentials(case));
        evidence.extend(self.proof(case).map(str::to_owned));
        if matches!(self.verdict, Verdict::UndeterminedMismatch | Verdict::WrongScope) {
            evidence.extend(circumstances(self.verdict, case));
        }
        if let Some(next) = &self.next_fault {
            evidence.push(format!(
                "the host was signed as `{}` and sent as `{}`, which is also refused",
                shown(&next.ours),
                shown(&next.sent)
            ));
        }
        evidence
    }

    /// The kind of key that was used, with the part of the id that shows it.
    fn credentials(&self, case: &Case<'_>) -> Option<String> {
        let about_credentials = matches!(
            self.verdict,
            Verdict::WrongSecret
                | Verdict::ExpiredSessionToken
                | Verdict::MissingSessionToken
                | Verdict::SessionTokenMismatch
                | Verdict::SessionTokenNotWanted
                | Verdict::UnknownAccessKey
                | Verdict::UndeterminedMismatch
        );
        let signed = case.signed().filter(|signed| about_credentials && !signed.access_key_id.is_empty())?;
        if self.because.is_some() && signed.expires_at.is_none() {
            return None;
        }
        let prefix: String = signed.access_key_id.chars().take(4).collect();
        let token = if case.has_token() { "with" } else { "without" };
        let expiry =
            signed.expires_at.map(|at| format!(", valid until {}", Timestamp::from(at))).unwrap_or_default();
        Some(format!("access key {prefix}…, {token} a session token{expiry}"))
    }

    /// What the refusal proves about the checks that come before it.
    fn proof(&self, case: &Case<'_>) -> Option<&'static str> {
        match self.verdict {
            Verdict::WrongSecret => Some(
                "every line is the same on both sides: only the secret can differ; access key, time and scope were accepted",
            ),
            Verdict::MissingSessionToken
            | Verdict::SessionTokenMismatch
            | Verdict::SessionTokenNotWanted
            | Verdict::UnknownAccessKey => {
                Some("time and scope were accepted: services check them before the access key")
            }
            Verdict::UndeterminedMismatch if case.covers_parameters_only() => Some(
                "access key and time were most likely accepted: services check them before the signature",
            ),
            Verdict::UndeterminedMismatch => Some(
                "access key, time and scope were most likely accepted: services check them before the signature",
            ),
            _ => None,
        }
    }

    fn causes(&self, case: &Case<'_>) -> Vec<String> {
        let of_hint = self.hint.and_then(|hint| hint.text().0);
        let of_scope = self.scope.iter().map(|fault| of_scope_fault(fault, None).0);
        let of_candidates = self.candidates.iter().filter(|candidate| is_possible(**candidate, case));
        let mut causes: Vec<_> = of_hint.into_iter().chain(of_scope).collect();
        causes.extend(of_candidates.filter_map(|candidate| of_candidate(*candidate)));
        let is_specific = !self.scope.is_empty() || !self.candidates.is_empty() || self.is_certain();
        let usual = self.verdict.text().causes.iter().filter(|_| !is_specific);
        causes.extend(usual);
        let clock_is_right = |clock: &Clock| clock.client_clock_ok == Some(true);
        let is_elsewhere = |clock: &Clock| clock_is_right(clock) || is_time_zone(clock);
        if self.verdict == Verdict::ClockSkew && self.clock.as_ref().is_some_and(is_elsewhere) {
            causes.rotate_left(1);
        }
        distinct(causes.into_iter().map(str::to_owned))
    }

    /// Whether the service itself says what the hint says, so that there is no other reason.
    fn is_certain(&self) -> bool {
        self.hint == Some(Hint::UsedAfterItsEnd)
    }

    /// All remedies of the first difference, and the first one of each further difference.
    fn remedies(&self, case: &Case<'_>) -> Vec<String> {
        let region = region_of_host(case);
        let first = self.hint.iter().chain(&self.check_first).map(|&hint| hint.text().1.to_owned());
        let scope = self.scope.iter().map(|fault| of_scope_fault(fault, region).1);
        // The first candidate comes from the evidence, unless it is the secret, which is always possible.
        let suspected = self.candidates.first().and_then(|candidate| candidate.verdict());
        let suspected = suspected.filter(|verdict| *verdict != Verdict::WrongSecret);
        let suspected = suspected
            .into_iter()
            .flat_map(|verdict| verdict.text().remedies)
            .map(|&remedy| remedy.to_owned());
        let usual = self.verdict.text().remedies.iter().filter(|_| !self.is_certain());
        let usual = usual.map(|&remedy| remedy.to_owned());
        let further = self.differences.iter().skip(1).filter_map(|difference| {
            let of_hint = difference.hint.map(|hint| hint.text().1);
            of_hint.or_else(|| difference.verdict.text().remedies.first().copied()).map(str::to_owned)
        });
        distinct(first.chain(scope).chain(suspected).chain(usual).chain(further))
    }
}

fn distinct(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    lines.filter(|line| seen.insert(line.clone())).collect()
}

/// Whether the skew may be a difference of time zones: one hour to 14 hours, a multiple of half an hour.
fn is_time_zone(clock: &Clock) -> bool {
    let skew = clock.skew_seconds.unwrap_or_default().unsigned_abs();
    (3540..=14 * 3600 + 60).contains(&skew) && (skew + 60) % 1800 <= 120
}

/// What a request does not have, or its signature does not cover, cannot be the reason.
fn is_possible(candidate: Candidate, case: &Case<'_>) -> bool {
    let is_path = candidate.verdict() == Some(Verdict::PathEncoding);
    let is_body = candidate.verdict() == Some(Verdict::BodyChanged);
    let is_header = matches!(candidate.verdict(), Some(Verdict::HeaderChanged | Verdict::HostRewritten));
    if case.covers_parameters_only() && (is_path || is_body || is_header) {
        return false;
    }
    let theirs = case.message.texts.canonical_request.as_ref();
    let Some(canonical) = case.canonical().or(theirs) else { return true };
    let is_query = matches!(candidate.verdict(), Some(Verdict::QueryOrder | Verdict::QueryEncoding));
    !(is_query && canonical.query.is_empty()
        || is_path && canonical.path == "/"
        || is_body && canonical.method == "GET" && canonical.payload_hash.as_deref() == Some(EMPTY_HASH))
}

fn authorization(case: &Case<'_>) -> String {
    let sent = case.scheme().filter(|sent| !is_signature(sent));
    let scheme = sent.and_then(|sent| sent.split_whitespace().next());
    let known = scheme.and_then(|scheme| SCHEMES.iter().find(|known| known.eq_ignore_ascii_case(scheme)));
    match known {
        Some(scheme) => format!("the Authorization header has the scheme {scheme}"),
        None => "the Authorization header does not begin with AWS4-HMAC-SHA256".to_owned(),
    }
}

/// Clues in the request itself.
fn circumstances(verdict: Verdict, case: &Case<'_>) -> Vec<String> {
    let mut clues = Vec::new();
    if let Some((signed, named)) = foreign_region(case) {
        clues.push(format!(
            "the scope is for region `{}`, the host name has `{}`",
            shown(signed),
            shown(named)
        ));
    }
    if let Some((signed, named)) = foreign_service(case) {
        clues.push(format!(
            "the scope is for service `{}`, the host name has `{}`",
            shown(signed),
            shown(named)
        ));
    }
    let rewritten: Vec<_> = rewritten_headers(case).map(str::to_owned).collect();
    clues.extend(pairs("signed headers that proxies rewrite", &rewritten));
    if case.signed().is_some_and(|signed| signed.secret_has_blank_ends) {
        clues.push("the secret access key begins or ends with white space".to_owned());
    }
    match (case.signed(), case.message.texts.canonical_request.as_ref()) {
        // There is nothing to compare with: the service's text is shown, for readers who know what was signed.
        (None, Some(theirs)) => {
            let lines = mask(&theirs.to_string());
            // There, empty lines have a meaning only if there are headers.
            let lines = lines.lines().filter(|line| !(line.is_empty() && case.covers_parameters_only()));
            clues.extend(lines.map(|line| format!("the service has: {}", quote(&shown(line)))));
        }
        (Some(_), None) if verdict == Verdict::UndeterminedMismatch => {
            clues.push("the service does not show its canonical request".to_owned());
        }
        _ => {}
    }
    clues
}
