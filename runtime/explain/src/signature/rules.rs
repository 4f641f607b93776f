//! The decision table of refusals. The first rule that applies decides.

use super::{
    case::{Case, is_signature},
    compare::{self, is_rewritten_by_proxies},
    finding::{Candidate, Clock, Difference, Finding, Part, ScopeFault, ScopeField, Side},
    service_sentences::{self, Skew},
    verdict::{Hint, Verdict},
};
use crate::{
    Refused,
    host::{is_region, read_host},
};

/// Seconds by which the clocks may differ, unless the service names another limit.
const USUAL_WINDOW: u64 = 300;

pub(super) fn find(refused: &Refused) -> Option<Finding> {
    const TABLE: [fn(&Case<'_>) -> Option<Finding>; 12] = [
        swapped,
        unsigned,
        malformed,
        clock,
        used_late,
        scope,
        expired_token,
        invalid_token,
        target,
        texts,
        mismatch,
        incomplete,
    ];
    let case = Case::new(refused);
    let mut finding = TABLE.iter().find_map(|rule| rule(&case))?;
    finding.next_fault = case.next_fault(finding.verdict);
    Some(finding)
}

/// Swapped keys, regardless of the service's error.
fn swapped(case: &Case<'_>) -> Option<Finding> {
    let are_swapped = case.signed().is_some_and(|signed| signed.keys_are_swapped);
    are_swapped.then(|| Finding::new(Verdict::KeysSwapped))
}

fn unsigned(case: &Case<'_>) -> Option<Finding> {
    // 0: a message without its response.
    let refused = matches!(case.status(), 0 | 400 | 401 | 403);
    let not_found =
        case.message.says("missing authentication token") || case.code_is(&["MissingAuthenticationToken"]);
    // Gateways send this for many reasons: only of a request without authorization is one of them the likeliest.
    let is_unsigned = case.refused.request.is_signed == Some(false) && case.scheme().is_none();
    let is_forbidden = case.status() == 403 && case.message.is("forbidden") && case.code.is_empty();
    if !(refused && not_found || is_forbidden && is_unsigned) {
        return None;
    }
    let mut finding = Finding::new(Verdict::UnsignedOrNoRoute);
    finding.candidates = if case.is_signed() {
        vec![
            Candidate::NoSuchResourceOrMethod,
            Candidate::StageMissingInPath,
            Candidate::AuthorizationRemovedOnTheWay,
        ]
    } else {
        vec![Candidate::RequestNotSigned, Candidate::NoSuchResourceOrMethod, Candidate::StageMissingInPath]
    };
    Some(finding)
}

fn malformed(case: &Case<'_>) -> Option<Finding> {
    let malformed = service_sentences::malformed(&case.message)?;
    let scheme = case.scheme().or(malformed.scheme.as_deref());
    let finding = if scheme.is_some_and(|scheme| !is_signature(scheme)) {
        Finding { hint: Some(Hint::RouteOrMethodProbablyMissing), ..Finding::new(Verdict::NotASignature) }
    } else {
        let hints = [
            (malformed.key_id_has_blank, Hint::KeyIdHasBlank),
            (malformed.repeats_name, Hint::HeaderNameInValue),
        ];
        let hint = hints.into_iter().find_map(|(applies, hint)| applies.then_some(hint));
        // What has no pairs is a token more often than a signature.
        let may_be_token = malformed.has_no_pairs && hint.is_none() && !case.is_signed() && scheme.is_none();
        let candidates = may_be_token.then_some([Verdict::NotASignature, Verdict::MalformedAuthorization]);
        let candidates = candidates.into_iter().flatten().map(Candidate::Verdict).collect();
        Finding { hint, candidates, ..Finding::new(Verdict::MalformedAuthorization) }
    };
    Some(Finding { missing: malformed.missing, unreadable: malformed.unreadable, ..finding })
}

fn clock(case: &Case<'_>) -> Option<Finding> {
    let by_code = case.code_is(&[
        "RequestTimeTooSkewed",
        "RequestExpired",
        "RequestInTheFuture",
        "InvalidTimeStamp.Expired",
    ]);
    let said = service_sentences::skew(&case.message).or_else(|| by_code.then(Skew::default))?;
    let mut clock = case.clock(&said);
    if said.is_future || case.code_is(&["RequestInTheFuture"]) {
        clock.client_is = Some(Side::Ahead);
    }
    let lifetime = case.query("X-Amz-Expires").map(|seconds| seconds.parse::<i64>().unwrap_or(i64::MAX));
    let allowed = clock.allowed_seconds.unwrap_or(USUAL_WINDOW);
    clock.client_clock_ok = clock.offset_seconds.map(|offset| {
        // The clock's part of the skew; the rest passed between signing and arrival.
        let is_lesser_part =
            clock.skew_seconds.is_none_or(|skew| offset.unsigned_abs() <= skew.unsigned_abs() / 2);
        offset.unsigned_abs() < allowed && is_lesser_part
    });
    let is_late = clock.client_is == Some(Side::Behind);
    // Without this machine's clock, a presigned URL is more likely used late than signed by a wrong clock.
    if !is_late || !clock.client_clock_ok.unwrap_or(lifetime.is_some()) {
        return Some(Finding { clock: Some(clock), ..Finding::new(Verdict::ClockSkew) });
    }
    clock.age_seconds = clock.skew_seconds;
    let ignored = lifetime.is_some_and(|lifetime| clock.age_seconds.is_some_and(|age| age < lifetime));
    let hint = ignored.then_some(Hint::XAmzExpiresIgnored);
    Some(Finding { clock: Some(clock), hint, ..Finding::new(Verdict::SignatureTooOld) })
}

/// A presigned URL that was used after the end that it has itself, as Amazon S3 reports it.
fn used_late(case: &Case<'_>) -> Option<Finding> {
    let is_late = case.code_is(&["AccessDenied"]) && case.message.is("request has expired");
    let hint = Some(Hint::UsedAfterItsEnd);
    is_late.then(|| Finding { hint, ..Finding::new(Verdict::SignatureTooOld) })
}

fn scope(case: &Case<'_>) -> Option<Finding> {
    let mut faults = service_sentences::scope(&case.message);
    if faults.is_empty() {
        return None;
    }
    for fault in &mut faults {
        let signed = match fault.field {
            ScopeField::Date => case.scope(0),
            ScopeField::Region => case.scope(1),
            ScopeField::Service => case.scope(2),
            ScopeField::Terminator => case.scope(3),
            ScopeField::Shape => None,
        };
        if let Some(signed) = signed {
            fault.ours = Some(signed.to_owned());
        }
    }
    let hint = scope_hint(case, &faults);
    Some(Finding { scope: faults, hint, ..Finding::new(Verdict::WrongScope) })
}

fn scope_hint(case: &Case<'_>, faults: &[ScopeFault]) -> Option<Hint> {
    let region = faults.iter().find(|fault| fault.field == ScopeField::Region);
    let host = case.host_or_signed();
    let region = region.and_then(|fault| fault.ours.as_deref()).filter(|region| !is_region(region));
    let is_split = region.is_some_and(|region| match host {
        Some(host) => host.split('.').any(|label| label == region),
        // Labels such as `execute-api` have no digit; mistyped regions have.
        None => !region.bytes().any(|byte| byte.is_ascii_digit()),
    });
    let by_name = faults.iter().any(|fault| matches!(fault.field, ScopeField::Region | ScopeField::Service));
    if is_split {
        Some(Hint::NameSplitAtWrongLabel)
    } else {
        (by_name && host.is_some_and(|host| read_host(host).is_none())).then_some(Hint::CustomDomain)
    }
}

fn expired_token(case: &Case<'_>) -> Option<Finding> {
    // Tokens of identity providers, in requests without a signature, expire with the same code.
    let of_provider = ["token expired: current date/time", "token must be redeemed within"];
    let is_of_provider = case.refused.request.is_signed == Some(false)
        || of_provider.iter().any(|sentence| case.message.says(sentence));
    let expired = case.code_is(&["ExpiredToken"]) && !is_of_provider
        || case.message.says("security token included in the request is expired");
    expired.then(|| Finding::new(Verdict::ExpiredSessionToken))
}

fn invalid_token(case: &Case<'_>) -> Option<Finding> {
    let is_invalid = case.message.says("security token included in the request is invalid")
        || case.code_is(&["UnrecognizedClient", "InvalidClientTokenId", "InvalidAccessKeyId"]);
    if !is_invalid {
        return None;
    }
    let [is_temporary, is_long_term] = ["ASIA", "AKIA"].map(|prefix| case.key_starts_with(prefix));
    let (verdict, because) = match (is_temporary, is_long_term, case.has_token()) {
        (true, _, false) => (
            Verdict::MissingSessionToken,
            "access key id starts with ASIA and x-amz-security-token is absent",
        ),
        (_, true, true) => (
            Verdict::SessionTokenNotWanted,
            "access key id starts with AKIA and x-amz-security-token was sent",
        ),
        (true, _, true) => (
            Verdict::SessionTokenMismatch,
            "access key id starts with ASIA and x-amz-security-token was sent",
        ),
        (_, true, false) => {
            (Verdict::UnknownAccessKey, "access key id starts with AKIA and x-amz-security-token is absent")
        }
        (_, _, true) => (Verdict::SessionTokenMismatch, "x-amz-security-token was sent"),
        (_, _, false) if case.signed().is_none() => (
            Verdict::UnknownAccessKey,
            "it is not known which key was used, and whether with a session token",
        ),
        (_, _, false) => {
            (Verdict::UnknownAccessKey, "the access key id does not show which kind of key it is")
        }
    };
    let mut finding = Finding { because: Some(because), ..Finding::new(verdict) };
    if case.signed().is_none() {
        let verdicts =
            [Verdict::UnknownAccessKey, Verdict::MissingSessionToken, Verdict::SessionTokenMismatch];
        finding.candidates = verdicts.map(Candidate::Verdict).to_vec();
    }
    Some(finding)
}

fn target(case: &Case<'_>) -> Option<Finding> {
    let target = case.refused.target.as_deref().or_else(|| case.header("x-amz-target"))?;
    if !case.code_is(&["UnknownOperation", "InvalidAction"]) {
        return None;
    }
    let prefix = target.rsplit_once('.').map_or(target, |(prefix, _)| prefix);
    let difference = Difference {
        what: Part::Target,
        verdict: Verdict::WrongTargetVersion,
        hint: None,
        ours: Some(prefix.to_owned()),
        theirs: None,
    };
    Some(Finding {
        differences: vec![difference],
        accepted: case.refused.accepted_targets.clone(),
        signature_ok: true,
        ..Finding::new(Verdict::WrongTargetVersion)
    })
}

fn texts(case: &Case<'_>) -> Option<Finding> {
    let (ours, theirs) = (case.ours, &case.message.texts);
    let hashes = theirs.written_hash().is_some()
        && (ours.string_to_sign.is_some() || ours.canonical_request.is_some());
    if !hashes && (ours.canonical_request.is_none() || theirs.canonical_request.is_none()) {
        return None;
    }
    let mut finding = compare::compare(ours, theirs, case.host());
    match finding.verdict {
        Verdict::WrongSecret => {
            finding.check_first = check_first(case);
            finding.hint = finding.check_first.first().copied();
        }
        // The canonical requests differ, and the service does not show where.
        Verdict::UndeterminedMismatch => {
            finding.hint = ours.disagree().then_some(Hint::OwnTextsDisagree);
            finding.candidates = candidates(case, &Clock::default());
            if !finding.differences.is_empty() {
                finding.candidates.retain(|candidate| *candidate != Candidate::Verdict(Verdict::WrongSecret));
            }
        }
        _ => {}
    }
    Some(finding)
}

/// Known faults first, then the usual one.
fn check_first(case: &Case<'_>) -> Vec<Hint> {
    let blank = case.signed().is_some_and(|signed| signed.secret_has_blank_ends);
    let known = [(blank, Hint::SecretHasBlankEnds), (case.ours.disagree(), Hint::OwnTextsDisagree)];
    let known = known.into_iter().filter_map(|(applies, hint)| applies.then_some(hint));
    known.chain([Hint::SecretOfAnotherKey]).collect()
}

fn mismatch(case: &Case<'_>) -> Option<Finding> {
    let texts = &case.message.texts;
    let is_mismatch = case.message.says("signature we calculated does not match")
        || texts.canonical_request.is_some()
        || texts.string_to_sign.is_some()
        || case.code_is(&["SignatureDoesNotMatch", "InvalidSignature"]);
    if !is_mismatch {
        return None;
    }
    let mut clock = case.clock(&Skew::default());
    let candidates = candidates(case, &clock);
    // A few seconds are network delay.
    clock.client_is = clock.client_is.filter(|_| is_off(clock.skew_seconds));
    let blank = case.signed().is_some_and(|signed| signed.secret_has_blank_ends);
    let hint = blank.then_some(Hint::SecretHasBlankEnds);
    Some(Finding { clock: Some(clock), candidates, hint, ..Finding::new(Verdict::UndeterminedMismatch) })
}

/// Verdicts that the evidence suggests, then the usual ones.
fn candidates(case: &Case<'_>, clock: &Clock) -> Vec<Candidate> {
    const USUAL: [Verdict; 7] = [
        Verdict::WrongSecret,
        Verdict::HeaderChanged,
        Verdict::HostRewritten,
        Verdict::PathEncoding,
        Verdict::QueryOrder,
        Verdict::QueryEncoding,
        Verdict::BodyChanged,
    ];
    let has_token = case.has_token();
    let suspects = [
        (is_off(clock.offset_seconds) || is_off(clock.skew_seconds), Verdict::ClockSkew),
        (case.next_fault(Verdict::UndeterminedMismatch).is_some(), Verdict::HostRewritten),
        (foreign_region(case).is_some(), Verdict::WrongScope),
        (case.signed().is_some_and(|signed| signed.secret_has_blank_ends), Verdict::WrongSecret),
        (case.key_starts_with("ASIA") && !has_token, Verdict::MissingSessionToken),
        (case.key_starts_with("AKIA") && has_token, Verdict::SessionTokenNotWanted),
        (rewritten_headers(case).next().is_some(), Verdict::HeaderChanged),
    ];
    let mut candidates: Vec<Candidate> = Vec::new();
    let suspects = suspects.into_iter().filter_map(|(applies, verdict)| applies.then_some(verdict));
    for candidate in suspects.chain(USUAL).map(Candidate::Verdict) {
        if !candidates.contains(&candidate) {
            candidates.push(candidate);
        }
    }
    candidates
}

fn is_off(seconds: Option<i64>) -> bool {
    seconds.is_some_and(|seconds| seconds.unsigned_abs() > USUAL_WINDOW)
}

/// Region of the host name.
pub(super) fn region_of_host<'a>(case: &'a Case<'_>) -> Option<&'a str> {
    read_host(case.host_or_signed()?)?.region
}

/// Region of the scope and of the host name, if they differ.
pub(super) fn foreign_region<'a>(case: &'a Case<'_>) -> Option<(&'a str, &'a str)> {
    case.scope(1).zip(region_of_host(case)).filter(|(signed, named)| signed != named)
}

/// Service of the scope and of the host name, if they differ; for some services they always do.
pub(super) fn foreign_service<'a>(case: &'a Case<'_>) -> Option<(&'a str, &'a str)> {
    let host = read_host(case.host_or_signed()?)?;
    case.scope(2).zip(host.service).filter(|(signed, named)| signed != named)
}

/// Signed headers that proxies are known to rewrite.
pub(super) fn rewritten_headers<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a str> {
    let headers = case.canonical().into_iter().flat_map(|canonical| &canonical.headers);
    headers.map(|(name, _)| name.as_str()).filter(|name| is_rewritten_by_proxies(name))
}

fn incomplete(case: &Case<'_>) -> Option<Finding> {
    case.code_is(&["IncompleteSignature"]).then(|| Finding::new(Verdict::MalformedAuthorization))
}
