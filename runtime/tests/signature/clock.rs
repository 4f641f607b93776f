//! Refusals that are explained without comparing texts: clock, scope, credentials, form of the authorization.

use std::time::Duration;

use gatewright_runtime::explain::{
    Refused,
    signature::{Candidate, Finding, Hint, Retry, ScopeField, Side, Verdict, find},
};

use crate::stage::{BODY, MISMATCH, canonical, date, explained, noon, refusal, refused, signed};

fn request(host: &str, query: &str) -> String {
    canonical("POST", "/", query, &[("host", host), ("x-amz-date", "20261122T120000Z")], BODY)
}

const HOST: &str = "storagegateway.us-east-2.amazonaws.com";
const EXPIRED: &str =
    "Signature expired: 20261122T120000Z is now earlier than 20261122T120500Z (20261122T121000Z - 5 min.)";

/// The verdict on a message and code, of a request that was signed with this key, with or without a token.
#[track_caller]
fn verdict(key: &str, token: bool, code: &str, message: &str) -> Verdict {
    let mut signed = signed(&request(HOST, ""));
    key.clone_into(&mut signed.access_key_id);
    signed.has_session_token = token;
    let mut refusal = refusal(&signed, message);
    refusal.fault.exception = Some(code.to_owned());
    explained(&refusal).0.verdict
}

/// What is found when `now` is this machine's clock, in seconds after noon.
#[track_caller]
fn at(now: Option<u64>, query: &str, message: &str) -> Finding {
    let signed = signed(&request(HOST, query));
    let mut refusal = refusal(&signed, message);
    date(&mut refusal, None);
    refusal.response.received_at = now.map(|seconds| noon() + Duration::from_secs(seconds));
    explained(&refusal).0
}

#[test]
fn an_old_signature_is_distinguished_from_a_wrong_clock() {
    for (now, query, verdict) in [
        (Some(600), "", Verdict::SignatureTooOld),
        (Some(590), "", Verdict::SignatureTooOld),
        (Some(2), "", Verdict::ClockSkew),
        (None, "", Verdict::ClockSkew),
        (None, "X-Amz-Expires=3600", Verdict::SignatureTooOld),
        (Some(1), "X-Amz-Expires=3600", Verdict::ClockSkew),
    ] {
        let finding = at(now, query, EXPIRED);
        assert_eq!(finding.verdict, verdict, "{now:?} {query}");
        let clock = finding.clock.unwrap();
        assert_eq!((clock.skew_seconds, clock.allowed_seconds), (Some(600), Some(300)));
        assert_eq!(clock.client_clock_ok, now.map(|now| now > 300));
    }
    assert_eq!(at(None, "X-Amz-Expires=3600", EXPIRED).hint, Some(Hint::XAmzExpiresIgnored));
    assert_eq!(at(None, "X-Amz-Expires=60", EXPIRED).hint, None);
    assert_eq!(Verdict::SignatureTooOld.retry(), Retry::AfterSigningAgain);
}

#[test]
fn a_clock_that_is_ahead() {
    let message = "Signature not yet current: 20261122T120000Z is still later than 20261122T115000Z (20261122T113500Z + 15 min.)";
    let finding = at(Some(0), "", message);
    let clock = finding.clock.unwrap();
    assert_eq!(finding.verdict, Verdict::ClockSkew);
    assert_eq!((clock.skew_seconds, clock.client_is), (Some(-1500), Some(Side::Ahead)));
    assert_eq!((clock.allowed_seconds, clock.client_clock_ok), (Some(900), Some(false)));

    // Signed with a time that is not this machine's, which is not a signature that has become old.
    let signed = signed(&request(HOST, ""));
    let mut refusal = refusal(&signed, message);
    refusal.response.received_at = Some(noon() - Duration::from_secs(25 * 60));
    let (finding, explanation) = explained(&refusal);
    assert_eq!(finding.verdict, Verdict::ClockSkew);
    assert!(explanation.causes[0].contains("time zone"), "{explanation}");
}

#[test]
fn clocks_by_code_and_date() {
    let signed = signed(&request(HOST, ""));
    for code in
        ["RequestTimeTooSkewed", "com.amazonaws#RequestExpired", "RequestInTheFutureException:http://x/"]
    {
        let mut refusal = refusal(&signed, "The request is out of time.");
        refusal.fault.exception = Some(code.to_owned());
        date(&mut refusal, Some(noon() + Duration::from_secs(18 * 60)));
        let (finding, explanation) = explained(&refusal);
        assert_eq!(finding.verdict, Verdict::ClockSkew, "{code}");
        assert_eq!(finding.clock.unwrap().skew_seconds, Some(1080));
        assert!(
            explanation.evidence.contains(&"this machine's clock is 18 min behind the service's".to_owned()),
            "{explanation}"
        );
    }
}

#[test]
fn scopes() {
    let sentences = "Credential should be scoped to a valid region, not 'us-east-1'. \
        Credential should be scoped to correct service: 'execute-api'. \
        Credential should be scoped with a valid terminator: 'aws4_request', not 'aws4'. \
        Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
        '20261121' != '20261122', from '20261122T000001Z'.";
    let mut refusal = Refused::default();
    refusal.fault.message = Some(sentences.to_owned());
    let (finding, explanation) = explained(&refusal);
    assert_eq!(finding.verdict, Verdict::WrongScope);
    let parts: Vec<_> = finding
        .scope
        .iter()
        .map(|fault| {
            (fault.field, fault.ours.as_deref().unwrap_or("?"), fault.theirs.as_deref().unwrap_or("?"))
        })
        .collect();
    assert_eq!(
        parts,
        [
            (ScopeField::Region, "us-east-1", "?"),
            (ScopeField::Service, "?", "execute-api"),
            (ScopeField::Date, "20261121", "20261122"),
            (ScopeField::Terminator, "aws4", "aws4_request"),
        ],
        "{explanation}"
    );
    refusal.fault.message = Some(
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, \
         got 'AKIAIOSFODNN7EXAMPLE/20261122/us-east-1'"
            .to_owned(),
    );
    let (finding, explanation) = explained(&refusal);
    assert_eq!(finding.scope[0].ours.as_deref(), Some("AKIA***/20261122/us-east-1"));
    assert!(!explanation.to_string().contains("IOSFODNN7"), "{explanation}");
}

/// Amazon S3 has sentences of its own.
#[test]
fn scopes_of_buckets() {
    for (code, message, ours, theirs) in [
        (
            "AuthorizationHeaderMalformed",
            "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
            Some("us-east-1"),
            "Set the region to `eu-west-1`.",
        ),
        (
            "AuthorizationQueryParametersError",
            "Error parsing the X-Amz-Credential parameter; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
            Some("us-east-1"),
            "Set the region to `eu-west-1`.",
        ),
        (
            "AuthorizationHeaderMalformed",
            "The authorization header is malformed; the region is wrong; expecting 'eu-west-1'.",
            None,
            "Set the region to `eu-west-1`.",
        ),
        (
            "AuthorizationHeaderMalformed",
            "The authorization header is malformed; incorrect service \"s4\". This endpoint belongs to \"s3\".",
            Some("s4"),
            "Sign for the service `s3`.",
        ),
    ] {
        let (finding, explanation) = explained(&refused(code, message));
        assert_eq!(finding.verdict, Verdict::WrongScope, "{message}");
        assert_eq!(finding.scope[0].ours.as_deref(), ours, "{message}");
        assert_eq!(explanation.remedies[0], theirs, "{message}");
    }
}

#[test]
fn presigned_urls_that_are_used_late() {
    let (finding, explanation) = explained(&refused("AccessDenied", "Request has expired"));
    assert_eq!((finding.verdict, finding.hint), (Verdict::SignatureTooOld, Some(Hint::UsedAfterItsEnd)));
    assert!(explanation.causes[0].contains("presigned URL"), "{explanation}");
    // Neither the queue nor the clock, of which nothing is known, is a reason.
    assert_eq!((explanation.causes.len(), explanation.remedies.len()), (1, 1), "{explanation}");
    assert_eq!(find(&refused("AccessDenied", "Access Denied")), None);
}

#[test]
fn scopes_of_hosts_without_a_region_in_their_name() {
    let hint = |host: &str, region: &str| {
        let signed = signed(&request(host, ""));
        let message = format!("Credential should be scoped to a valid region, not '{region}'. ");
        let mut refusal = refusal(&signed, &message);
        let unsigned = Refused::default();
        refusal.signed = if region == "us-east-2" { refusal.signed } else { unsigned.signed };
        refusal.host = Some(host.to_owned());
        find(&refusal).unwrap().hint
    };
    assert_eq!(hint("api.example.com", "us-east-2"), Some(Hint::CustomDomain));
    assert_eq!(
        hint("a1.execute-api.us-east-1.amazonaws.com", "execute-api"),
        Some(Hint::NameSplitAtWrongLabel)
    );
    assert_eq!(hint(HOST, "us-east-2"), None);
    // Not a part of the host's name: a typing error.
    assert_eq!(hint("a1.execute-api.us-east-1.amazonaws.com", "useast1"), None);
    let pasted = |region: &str| {
        let message = format!("Credential should be scoped to a valid region, not '{region}'. ");
        find(&refused("InvalidSignatureException", &message)).unwrap().hint
    };
    assert_eq!(pasted("execute-api"), Some(Hint::NameSplitAtWrongLabel));
    assert_eq!((pasted("useast1"), pasted("us-esat-1")), (None, None));
}

#[test]
fn credentials() {
    const INVALID: &str = "The security token included in the request is invalid.";
    for (key, token, expected) in [
        ("ASIAIOSFODNN7EXAMPLE", false, Verdict::MissingSessionToken),
        ("ASIAIOSFODNN7EXAMPLE", true, Verdict::SessionTokenMismatch),
        ("AKIAIOSFODNN7EXAMPLE", true, Verdict::SessionTokenNotWanted),
        ("AKIAIOSFODNN7EXAMPLE", false, Verdict::UnknownAccessKey),
        ("test", false, Verdict::UnknownAccessKey),
    ] {
        for code in ["UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException"] {
            assert_eq!(verdict(key, token, code, INVALID), expected, "{key} {token} {code}");
        }
        assert_eq!(verdict(key, token, "UnrecognizedClientException", ""), expected);
    }
    let expired = "The security token included in the request is expired";
    assert_eq!(verdict("ASIA", true, "AccessDenied", expired), Verdict::ExpiredSessionToken);
    assert_eq!(
        verdict("ASIA", true, "aws#ExpiredTokenException:http://x/", ""),
        Verdict::ExpiredSessionToken
    );
    assert_eq!(Verdict::ExpiredSessionToken.retry(), Retry::AfterRenewingCredentials);
}

/// The token that is exchanged for credentials has expired, and the credentials do not exist yet.
#[test]
fn expired_tokens_of_identity_providers_are_no_credentials() {
    for message in [
        "Token expired: current date/time 1740387458 must be before the expiration date/time 1740319004",
        "Token must be redeemed within 5 minutes of issuance",
    ] {
        assert_eq!(find(&refused("ExpiredTokenException", message)), None, "{message}");
    }
}

/// A pasted message does not show what was sent.
#[test]
fn an_unknown_key_is_said_to_be_unknown() {
    let (finding, explanation) =
        explained(&refused("InvalidClientTokenId", "The security token included in the request is invalid."));
    assert_eq!(finding.candidates.len(), 3, "{explanation}");
    assert!(finding.because.unwrap().contains("not known which key"), "{explanation}");
}

#[test]
fn forms_of_the_authorization() {
    let mut refusal = Refused::default();
    refusal.response.status = 403;
    refusal.authorization_scheme = Some("AWS4-HMAC-SHA256".to_owned());
    for (message, missing) in [
        (
            "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' \
             parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. \
             Authorization=AWS4-HMAC-SHA256 hush",
            "Credential in Authorization, Signature in Authorization, X-Amz-Date or Date header",
        ),
        ("'Host' must be a 'SignedHeader' in the AWS Authorization.", "host in SignedHeaders"),
        ("AWS query-string parameters must include 'X-Amz-Algorithm'. ", "X-Amz-Algorithm in the query"),
        ("Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'", ""),
        ("Date must be in ISO-8601 'basic format'. Got '2026-11-22'.", ""),
        ("Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.", ""),
    ] {
        refusal.fault.message = Some(message.to_owned());
        let (finding, explanation) = explained(&refusal);
        assert_eq!(finding.verdict, Verdict::MalformedAuthorization, "{message}");
        assert_eq!(finding.missing.join(", "), missing);
        assert_eq!(finding.unreadable.len(), usize::from(missing.is_empty()), "{message}");
        assert!(!explanation.to_string().contains("hush"), "{explanation}");
    }
    refusal.fault.message = None;
    refusal.fault.exception = Some("IncompleteSignature".to_owned());
    assert_eq!(explained(&refusal).0.verdict, Verdict::MalformedAuthorization);
}

#[test]
fn authorizations_without_a_signature() {
    let mut refusal = Refused::default();
    for (scheme, message) in [
        (Some("Basic"), "Authorization header requires 'Credential' parameter. "),
        (
            Some("hush-hush"),
            "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'x='.",
        ),
        (
            None,
            "'hush' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer hush'.",
        ),
    ] {
        refusal.authorization_scheme = scheme.map(str::to_owned);
        refusal.fault.message = Some(message.to_owned());
        let (finding, explanation) = explained(&refusal);
        assert_eq!(finding.verdict, Verdict::NotASignature, "{message}");
        assert!(!explanation.to_string().contains("hush"), "{explanation}");
    }
}

/// As in a ticket of an API that is signed by hand.
#[test]
fn a_header_with_its_own_name_in_its_value() {
    const MESSAGE: &str = "'AWS4-HMAC-SHA256' not a valid key=value pair (missing equal-sign) in Authorization header: 'Authorization: \
        AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20210605/us-west-2/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=0a'.";
    for refusal in [refused("IncompleteSignatureException", MESSAGE), Refused::of_text(MESSAGE)] {
        let (finding, explanation) = explained(&refusal);
        assert_eq!(
            (finding.verdict, finding.hint),
            (Verdict::MalformedAuthorization, Some(Hint::HeaderNameInValue))
        );
        assert!(explanation.causes[0].contains("begins with `Authorization:`"), "{explanation}");
        assert!(explanation.remedies[0].contains("what follows the colon"), "{explanation}");
    }
}

/// Without the scheme, a header that has no pairs may be a token as well as a signature.
#[test]
fn authorizations_that_may_be_tokens() {
    const NO_PAIRS: &str = "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'x='.";
    let mut refusal = refused("IncompleteSignatureException", NO_PAIRS);
    let (finding, explanation) = explained(&refusal);
    assert_eq!(finding.verdict, Verdict::MalformedAuthorization);
    assert!(explanation.causes[0].contains("`Bearer`"), "{explanation}");
    assert!(explanation.causes[1].contains("signer"), "{explanation}");
    refusal.authorization_scheme = Some("AWS4-HMAC-SHA256".to_owned());
    let (finding, explanation) = explained(&refusal);
    assert_eq!((finding.candidates.len(), explanation.causes.len()), (0, 2), "{explanation}");
}

#[test]
fn requests_that_met_no_route() {
    let signed = signed(&request(HOST, ""));
    let missing = refusal(&signed, "Missing Authentication Token");
    let (finding, _) = explained(&missing);
    assert_eq!(finding.verdict, Verdict::UnsignedOrNoRoute);
    assert!(!finding.candidates.contains(&Candidate::RequestNotSigned));

    let mut forbidden = Refused::default();
    forbidden.response.status = 403;
    forbidden.fault.message = Some("Forbidden".to_owned());
    // Without knowing the request, there are other reasons: an API key, a web ACL.
    assert_eq!(find(&forbidden), None);
    forbidden.request.is_signed = Some(false);
    assert_eq!(find(&forbidden).map(|finding| finding.verdict), Some(Verdict::UnsignedOrNoRoute));
    forbidden.authorization_scheme = Some("Bearer".to_owned());
    assert_eq!(find(&forbidden), None);
    (forbidden.authorization_scheme, forbidden.request.is_signed) = (None, None);
    forbidden.signed = Some(signed);
    assert_eq!(find(&forbidden), None);
    forbidden.signed = None;
    forbidden.fault.exception = Some("ForbiddenException".to_owned());
    assert_eq!(find(&forbidden), None);
}

#[test]
fn targets() {
    let mut refusal = Refused::default();
    refusal.fault.exception = Some("UnknownOperationException".to_owned());
    assert_eq!(find(&refusal), None);
    refusal.target = Some("DynamoDB_20111205.ListTables".to_owned());
    refusal.accepted_targets = vec!["DynamoDB_20120810".to_owned()];
    let (finding, explanation) = explained(&refusal);
    assert_eq!((finding.verdict, finding.signature_ok), (Verdict::WrongTargetVersion, true));
    assert!(explanation.to_string().contains("DynamoDB_20120810"), "{explanation}");
}

#[test]
fn a_mismatch_without_texts_is_reasoned_about() {
    let text = canonical(
        "POST",
        "/",
        "",
        &[("connection", "close"), ("host", "storagegateway.eu-west-1.amazonaws.com")],
        BODY,
    );
    let mut signed = signed(&text);
    signed.has_session_token = true;
    signed.secret_has_blank_ends = true;
    let mut refusal = refusal(&signed, MISMATCH);
    date(&mut refusal, Some(noon() + Duration::from_secs(60 * 60)));
    refusal.host = Some("proxy.example.com".to_owned());
    let (finding, explanation) = explained(&refusal);
    assert_eq!(finding.verdict, Verdict::UndeterminedMismatch);
    let likeliest: Vec<_> = finding.candidates.iter().take(5).map(|candidate| candidate.as_str()).collect();
    assert_eq!(
        likeliest,
        ["clock_skew", "host_rewritten", "wrong_secret", "session_token_not_wanted", "header_changed"],
        "{explanation}"
    );
    refusal.host = Some("storagegateway.eu-west-1.amazonaws.com".to_owned());
    let (finding, explanation) = explained(&refusal);
    assert!(finding.candidates.contains(&Candidate::Verdict(Verdict::WrongScope)));
    assert!(explanation.remedies.iter().any(|remedy| remedy.contains("NTP")), "{explanation}");
    let shown = explanation.to_string();
    for clue in
        ["1 h behind", "us-east-2", "eu-west-1", "connection", "white space", "with a session token", "AKIA…"]
    {
        assert!(shown.contains(clue), "{clue}\n{shown}");
    }
    refusal.fault.message = None;
    assert_eq!(find(&refusal).map(|finding| finding.verdict), Some(Verdict::UndeterminedMismatch));
}

#[test]
fn a_time_zone_taken_for_utc_is_the_first_cause() {
    let message = "Signature expired: 20261122T120000Z is now earlier than 20261122T135500Z (20261122T140010Z - 5 min.)";
    let signed = signed(&request(HOST, ""));
    let mut refusal = refusal(&signed, message);
    refusal.response.received_at = None;
    let (_, explanation) = explained(&refusal);
    assert!(explanation.causes[0].contains("time zone"), "{explanation}");
    // No time zone is half an hour from UTC.
    refusal.fault.message = Some(message.replace("T140010Z", "T123010Z"));
    let (_, explanation) = explained(&refusal);
    assert!(explanation.causes[0].contains("clock is off"), "{explanation}");
}

/// What a signature does not cover cannot be the reason.
#[test]
fn signatures_of_parameters_cover_no_headers() {
    let mut refusal = refused("SignatureDoesNotMatch", "");
    let causes = |refusal: &Refused| explained(refusal).1.causes.concat();
    let of_headers = ["Host", "the header", "path", "body"];
    assert!(of_headers.iter().all(|part| causes(&refusal).contains(part)), "{}", causes(&refusal));
    refusal.authorization_scheme = Some("HMAC-SHA1".to_owned());
    assert!(!of_headers.iter().any(|part| causes(&refusal).contains(part)), "{}", causes(&refusal));
    refusal.authorization_scheme = None;
    refusal.signed = Some(signed(&request(HOST, "")));
    assert!(!causes(&refusal).contains("path"), "{}", causes(&refusal));
}

#[test]
fn the_region_of_the_host_is_recommended() {
    let mut refusal = refused(
        "InvalidSignatureException",
        "Credential should be scoped to a valid region, not 'us-east-1'. ",
    );
    refusal.host = Some("storagegateway.cn-north-1.amazonaws.com.cn".to_owned());
    assert_eq!(explained(&refusal).1.remedies[0], "Set the region to `cn-north-1`.");
    refusal.host = Some("storagegateway.us-east-1.amazonaws.com".to_owned());
    assert_eq!(explained(&refusal).1.remedies[0], "Set the region of the endpoint.");
}
