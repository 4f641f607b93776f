//! Known responses of API Gateway are identified by the response and the request, and explained.
//!
//! Every entry's example is tried by `api_gateway/faked.rs` and `no_response.rs`; here is what they do not have: other
//! texts of an entry, order among entries, and what the explanations say.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use gatewright_runtime::{
    Explanation, Service as _, ServiceInfo,
    explain::{
        Evidence, Outcome, Refused,
        signature::SignedRequest,
        transport::{IoEvidence, TlsEvidence, TransportEvidence},
    },
    transport::{Reached, TransportErrorKind},
};

const INFO: &ServiceInfo = gatewright::api_gateway::ApiGateway::INFO;
const DEFAULT: &str = "abc123.execute-api.eu-west-1.amazonaws.com";
const CUSTOM: &str = "api.example.com";
const CONNECTION: &str = "/prod/@connections/L0SM9cOFvHcCIhw%3D";

/// Who wrote a response, by the headers that show it.
const GATEWAY: &str = "x-amz-apigw-id: id\nx-amzn-requestid: r-1\n";
const HTTP_API: &str = "apigw-requestid: id\n";
const FUNCTION: &str = "x-amzn-requestid: r-1\n";
const EDGE: &str = "content-type: text/html\nserver: CloudFront\nx-cache: Error from cloudfront\n";

/// A response, and the request that it is for.
struct Case {
    refused: Refused,
    expected: Vec<&'static str>,
}

fn gateway(status: u16, name: &str, body: &str) -> Case {
    Case::new(&format!("HTTP/1.1 {status}\n{GATEWAY}x-amzn-errortype: {name}\n\n{body}")).host(DEFAULT)
}

fn http_api(status: u16, message: &str) -> Case {
    Case::new(&format!("HTTP/1.1 {status}\n{HTTP_API}\n{{\"message\":\"{message}\"}}")).host(DEFAULT)
}

fn message(text: &str) -> String {
    format!("{{\"message\":\"{text}\"}}")
}

impl Case {
    fn new(response: &str) -> Self {
        Self { refused: Refused::of_text(response), expected: Vec::new() }
    }

    fn host(mut self, host: &str) -> Self {
        self.refused.host = Some(host.to_owned());
        self
    }

    fn path(mut self, path: &str) -> Self {
        self.refused.request.path = Some(path.to_owned());
        self
    }

    fn signed(mut self, is_signed: bool) -> Self {
        self.refused.request.is_signed = Some(is_signed);
        self
    }

    /// Names of all headers of the request.
    fn sent(mut self, names: &[&str]) -> Self {
        self.refused.request.header_names = Some(names.iter().map(|name| (*name).to_owned()).collect());
        self
    }

    fn content_type(mut self, content_type: &str) -> Self {
        self.refused.request.content_type = Some(content_type.to_owned());
        self
    }

    /// The next entries, in this order.
    fn then(mut self, ids: &[&'static str]) -> Self {
        self.expected.extend(ids);
        self
    }

    fn evidence(self) -> Evidence {
        Evidence::of_refused(self.refused, "it failed")
    }

    #[track_caller]
    fn is(mut self, id: &'static str) -> Explanation {
        let mut expected = std::mem::take(&mut self.expected);
        expected.insert(0, id);
        identified(&self.evidence(), &expected)
    }
}

/// The entries that are picked, and that their causes and remedies come out.
#[track_caller]
fn identified(evidence: &Evidence, expected: &[&str]) -> Explanation {
    let picked: Vec<_> = evidence.known_responses(Some(INFO)).iter().map(|entry| entry.id).collect();
    assert_eq!(picked, expected);
    let explanation = evidence.explain(Some(INFO));
    let entry = INFO
        .known_responses
        .entries
        .iter()
        .find(|entry| Some(entry.id) == expected.first().copied())
        .unwrap();
    let (causes, remedies) = (explanation.causes.len(), explanation.remedies.len());
    assert!(causes >= entry.causes.len() && remedies >= entry.remedies.len(), "{explanation}");
    for line in explanation.causes.iter().chain(&explanation.remedies) {
        assert!(line.ends_with('.') && !line.contains(['{', '}', '\n']), "{line}");
    }
    explanation
}

#[track_caller]
fn says(explanation: &Explanation, pieces: &[&str]) {
    let text = explanation.to_string();
    for piece in pieces {
        assert!(text.contains(piece), "{piece:?} is not in\n{text}");
    }
}

/// Entries for requests of a certain kind come after those for any request, if the request is not known.
#[test]
fn a_bare_response_is_explained_by_what_any_request_may_meet() {
    let bare = Case::new(r#"{"message":"Forbidden"}"#).evidence();
    let picked: Vec<_> = bare.known_responses(Some(INFO)).iter().map(|entry| entry.id).collect();
    let place = |id| picked.iter().position(|picked| *picked == id);
    assert_eq!(place("http-forbidden"), Some(0), "{picked:?}");
    for any in ["forbidden-api-key", "forbidden-waf"] {
        for certain in ["cross-account-http", "forbidden-private-endpoint", "forbidden-mtls"] {
            assert!(place(any).unwrap() < place(certain).unwrap(), "{any} {certain}: {picked:?}");
        }
    }
}

/// An ARN of another partition matches nothing in a policy.
#[test]
fn arns_and_hosts_are_those_of_the_partition() {
    let host = "abc123.execute-api.cn-north-1.amazonaws.com.cn";
    let explanation = http_api(403, "Forbidden").host(host).evidence().explain(Some(INFO));
    says(&explanation, &["`arn:aws-cn:execute-api:cn-north-1:<account>:abc123/"]);
    let mut private = gateway(403, "ForbiddenException", &message("Forbidden")).host(host);
    private.refused.request.private_address = Some(true);
    says(&private.evidence().explain(Some(INFO)), &["`Host: <api>.execute-api.cn-north-1.amazonaws.com.cn`"]);
}

/// Custom domains do not show their region: it is the signed one, else the partition is the usual one.
#[test]
fn without_a_region_in_the_host_the_scope_decides() {
    let forbidden = |signed: &str| {
        let scope =
            format!("AWS4-HMAC-SHA256\n20261122T120000Z\n20261122/{signed}/execute-api/aws4_request\nabc");
        let signed = SignedRequest::from_texts("", &scope, "AKIDEXAMPLE", false);
        let mut case = http_api(403, "Forbidden").host(CUSTOM);
        case.refused = case.refused.with_signed(&signed);
        case.evidence().explain(Some(INFO))
    };
    says(&forbidden("cn-north-1"), &["`arn:aws-cn:execute-api:cn-north-1:<account>:<api>/"]);
    says(&forbidden("example"), &["`arn:aws:execute-api:<region>:<account>:<api>/"]);
    let mut private = gateway(403, "ForbiddenException", &message("Forbidden")).host(CUSTOM);
    private.refused.request.private_address = Some(true);
    says(&private.evidence().explain(Some(INFO)), &["`Host: <api>.execute-api.<region>.amazonaws.com`"]);
}

#[test]
fn missing_token() {
    let case = || {
        gateway(403, "MissingAuthenticationTokenException", &message("Missing Authentication Token"))
            .path("/pets")
    };
    let explanation = case().signed(true).is("missing-authentication-token");
    says(
        &explanation,
        &["get-resources --rest-api-id abc123", "lacks the stage", "the gateway wrote the response itself"],
    );
    let explanation = case().signed(false).is("missing-authentication-token");
    says(&explanation, &["the request was not signed", "had no signature"]);
}

/// Of the members of a request, those are set that the call shows.
#[test]
fn operations_that_repair_it_are_named() {
    let repairs = |case: Case| {
        let explanation = case.evidence().explain(Some(INFO));
        explanation.repairs.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let missing = |host: &str| {
        gateway(403, "MissingAuthenticationTokenException", &message("Missing Authentication Token"))
            .host(host)
    };
    let named = |api: &str, stage: &str| {
        [("GetResources", api), ("GetStage", stage), ("CreateDeployment", stage)]
            .map(|(operation, input)| format!("aws-api-gateway-management {operation}{input}"))
    };
    let api = r#" {"restApiId":"abc123"}"#;
    let stage = r#" {"restApiId":"abc123","stageName":"prod"}"#;
    for host in [DEFAULT, "abc123-vpce-0a1b2c3d.execute-api.eu-west-1.amazonaws.com"] {
        assert_eq!(repairs(missing(host).path("/prod/pets")), named(api, stage));
    }
    assert_eq!(repairs(missing(DEFAULT).path("/prod")), named(api, stage));
    assert_eq!(repairs(missing(DEFAULT).path("/")), named(api, api));
    assert_eq!(repairs(missing(DEFAULT)), named(api, api));
    // A mapping of the custom domain names API and stage.
    assert_eq!(repairs(missing(CUSTOM).path("/pets")), named("", ""));
    let texts = format!(
        "GET\n/prod/pets\n\nhost:vpce-0a1b2c3d-1.execute-api.eu-west-1.vpce.amazonaws.com\nx-amz-date:20261122T120000Z\n\
         x-apigw-api-id:abc123\n\nhost;x-amz-date;x-apigw-api-id\n{:064}",
        0
    );
    let mut endpoint = Case::new(&format!(
        "HTTP/1.1 403\n{GATEWAY}x-amzn-errortype: MissingAuthenticationTokenException\n\n{}",
        message("Missing Authentication Token")
    ));
    endpoint.refused = endpoint.refused.with_signed(&SignedRequest::from_texts(&texts, "", "", false));
    assert_eq!(repairs(endpoint), named(api, stage));

    let explanation = missing(DEFAULT).path("/prod/pets").evidence().explain(Some(INFO));
    says(
        &explanation,
        &["\nOperations that show or repair it:\n- aws-api-gateway-management GetResources {"],
    );
    let deployment = explanation.repairs.last().unwrap();
    assert_eq!(
        (deployment.service, deployment.operation),
        ("aws-api-gateway-management", "CreateDeployment")
    );
    assert_eq!((deployment.member("stageName"), deployment.member("variables")), (Some("prod"), None));
}

#[test]
fn signatures() {
    let refused = |name: &str, text: &str| gateway(403, name, &message(text)).signed(true);
    let invalid = "The security token included in the request is invalid.";
    for name in ["UnrecognizedClientException", "InvalidSignatureException", "AccessDeniedException"] {
        refused(name, invalid).is("security-token-invalid");
    }
    let mismatch = "The request signature we calculated does not match the signature you provided. Check your AWS \
        Secret Access Key and signing method. Consult the service documentation for details.";
    refused("InvalidSignatureException", mismatch).is("signature-mismatch");
    let expired = "Signature expired: 20261122T115000Z is now earlier than 20261122T115500Z (20261122T120000Z - 5 min.)";
    says(&refused("InvalidSignatureException", expired).is("signature-expired"), &["X-Amz-Expires", "NTP"]);
    for region in [
        "Credential should be scoped to a valid region, not 'us-east-1'. ",
        "Credential should be scoped to a valid region. ",
    ] {
        refused("InvalidSignatureException", region).is("scope-region");
    }
    let service = "Credential should be scoped to correct service: 'execute-api'. ";
    says(&refused("InvalidSignatureException", service).is("scope-service"), &["Sign for `execute-api`"]);
    let date = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
        '20261121' != '20261122', from '20261122T000001Z'.";
    says(&refused("InvalidSignatureException", date).is("scope-date"), &["the scope has 20261121"]);
    for other in [
        "'abc' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer abc'.",
        "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'x='.",
    ] {
        refused("IncompleteSignatureException", other).is("authorization-not-sigv4");
    }
}

/// If lines differ, the general causes of such a response are left out.
#[test]
fn mismatches_keep_their_difference() {
    let ours = format!(
        "GET\n/pets\n\nhost:{DEFAULT}\nx-amz-date:20261122T120000Z\n\nhost;x-amz-date\n\
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    let theirs = ours.replace("/pets", "/prod/pets");
    let text = format!(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
         Key and signing method. Consult the service documentation for details.\\n\\nThe Canonical String for this \
         request should have been\\n'{}'\\n\\nThe String-to-Sign should have been\\n'AWS4-HMAC-SHA256\\n\
         20261122T120000Z\\n20261122/eu-west-1/execute-api/aws4_request\\n{}'\\n",
        theirs.replace('\n', "\\n"),
        "0".repeat(64),
    );
    let mut case = gateway(403, "InvalidSignatureException", &message(&text));
    let string_to_sign = format!(
        "AWS4-HMAC-SHA256\n20261122T120000Z\n20261122/eu-west-1/execute-api/aws4_request\n{}",
        "1".repeat(64)
    );
    case.refused =
        case.refused.with_signed(&SignedRequest::from_texts(&ours, &string_to_sign, "AKIDEXAMPLE", false));
    let evidence = case.evidence();
    let picked = evidence.known_responses(Some(INFO));
    assert_eq!(picked.first().map(|entry| entry.id), Some("signature-mismatch"));
    let explanation = evidence.explain(Some(INFO));
    says(&explanation, &["/prod/pets"]);
    assert!(!explanation.to_string().contains("percent-encoded too often"), "{explanation}");
}

#[test]
fn permissions() {
    const USER: &str = "User: arn:aws:iam::111122223333:user/ann";
    const ON: &str = "is not authorized to perform: execute-api:Invoke on resource";
    let denied = |text: &str| {
        gateway(403, "AccessDeniedException", &format!("{{\"Message\":\"{text}\"}}")).signed(true)
    };
    let arn = |account: &str| format!("arn:aws:execute-api:eu-west-1:{account}:abc123/prod/GET/pets");
    let own = arn("********3333");
    let foreign = arn("********9999");
    for end in ["", " because no identity-based policy allows the execute-api:Invoke action"] {
        let explanation = denied(&format!("{USER} {ON}: {own}{end}")).is("iam-not-allowed");
        says(
            &explanation,
            &[
                "Allow `execute-api:Invoke`",
                "on `arn:aws:execute-api:eu-west-1:********3333:abc123/prod/GET/pets` to `arn:aws:iam::111122223333:user/ann`",
                "Within one account",
            ],
        );
        let explanation = denied(&format!("{USER} {ON}: {foreign}{end}")).is("cross-account-rest");
        says(
            &explanation,
            &["must both allow the call", "arn:aws:iam::111122223333:user/ann", "********9999"],
        );
    }
    for end in [" with an explicit deny", " with an explicit deny in a resource-based policy"] {
        let explanation = denied(&format!("{USER} {ON}: {own}{end}")).is("iam-explicit-deny");
        says(&explanation, &["get-rest-api --rest-api-id abc123", "explicitly"]);
    }
    for (end, id) in [
        (" with an explicit deny in a service control policy", "iam-explicit-deny-elsewhere"),
        (" with an explicit deny in a network policy", "iam-explicit-deny-elsewhere"),
        (" because no session policy allows the execute-api:Invoke action", "iam-limited"),
        (" because no network policy allows the execute-api:Invoke action", "iam-limited"),
    ] {
        let explanation = denied(&format!("{USER} {ON}: {own}{end}")).is(id);
        says(&explanation, &["the kind that the message names", "Other policies may refuse as well"]);
    }
    let hidden = denied(&format!("{USER} {ON}: {}", arn("************")));
    hidden.then(&["cross-account-rest"]).is("iam-not-allowed");
    let anonymous =
        denied(&format!("User: anonymous {ON}: {own} because no resource-based policy allows it"));
    says(&anonymous.signed(false).is("anonymous-not-allowed"), &["resource policy", "aws:SourceVpce"]);
    for end in [
        "",
        " with an explicit deny",
        " because no identity-based policy allows the execute-api:Invoke action",
    ] {
        denied(&format!("User is not authorized to access this resource{end}")).is("authorizer-denied");
    }
    let sts = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: \
        arn:aws:iam::111122223333:user/ann is not authorized to perform: sts:AssumeRole on resource: \
        arn:aws:iam::444455556666:role/caller</Message></Error><RequestId>r</RequestId></ErrorResponse>";
    let explanation = Case::new(&format!("HTTP/1.1 403\n\n{sts}")).is("assume-role-denied");
    says(&explanation, &["trust policy of `arn:aws:iam::444455556666:role/caller`", "external id"]);
}

#[test]
fn http_apis_say_little() {
    let forbidden = || http_api(403, "Forbidden").signed(true);
    forbidden().then(&["cross-account-http"]).is("http-forbidden");
    let mut case = forbidden();
    case.refused.request.caller = Some("arn:aws:iam::111122223333:user/ann".to_owned());
    case.refused.request.owner = Some("444455556666".to_owned());
    let explanation = case.then(&["http-forbidden"]).is("cross-account-http");
    says(
        &explanation,
        &["sts assume-role", "key id, secret and session token", ":abc123/<stage or $default>/"],
    );
    let mut case = forbidden();
    case.refused.request.caller = Some("444455556666".to_owned());
    case.refused.request.owner = Some("444455556666".to_owned());
    case.is("http-forbidden");
    http_api(503, "Service Unavailable").is("service-unavailable");
    http_api(401, "Unauthorized").is("unauthorized");
    http_api(429, "Too Many Requests").is("throttled");
}

#[test]
fn forbidden_by_the_gateway() {
    let case = || gateway(403, "ForbiddenException", &message("Forbidden")).path("/prod/pets");
    let signed = ["host", "authorization", "user-agent"];
    let with_key = ["host", "authorization", "user-agent", "x-api-key"];
    case()
        .sent(&signed)
        .then(&["forbidden-waf", "forbidden-default-endpoint-off", "forbidden-private-endpoint"])
        .is("forbidden-api-key");
    let explanation = case()
        .sent(&with_key)
        .then(&["forbidden-api-key", "forbidden-default-endpoint-off", "forbidden-private-endpoint"])
        .is("forbidden-waf");
    says(&explanation, &["own host is disabled", "Call the custom domain"]);
    case()
        .sent(&signed)
        .path(CONNECTION)
        .then(&[
            "forbidden-api-key",
            "forbidden-waf",
            "forbidden-default-endpoint-off",
            "forbidden-private-endpoint",
        ])
        .is("connection-forbidden");
    case()
        .sent(&with_key)
        .host("vpce-0a1b2c3d-4e5f.execute-api.eu-west-1.vpce.amazonaws.com")
        .then(&["forbidden-waf", "forbidden-api-key"])
        .is("forbidden-private-endpoint");
    let mut private = case().sent(&with_key);
    private.refused.request.private_address = Some(true);
    private
        .then(&["forbidden-waf", "forbidden-api-key", "forbidden-default-endpoint-off"])
        .is("forbidden-private-endpoint");
    case()
        .sent(&with_key)
        .host(CUSTOM)
        .then(&["forbidden-waf", "forbidden-api-key", "forbidden-mtls", "forbidden-private-endpoint"])
        .is("forbidden-no-mapping");
    let mut asked = case().sent(&with_key).host(CUSTOM);
    asked.refused.request.client_certificate_asked = Some(true);
    asked
        .then(&["forbidden-no-mapping", "forbidden-waf", "forbidden-api-key", "forbidden-private-endpoint"])
        .is("forbidden-mtls");
}

/// Nothing distinguishes this entry from its neighbours for certain.
#[test]
fn a_default_endpoint_that_is_off_is_named() {
    let evidence = gateway(403, "ForbiddenException", &message("Forbidden")).evidence();
    let picked = evidence.known_responses(Some(INFO));
    assert!(picked.iter().any(|entry| entry.id == "forbidden-default-endpoint-off"));
    says(&evidence.explain(Some(INFO)), &["own host is disabled", "Call the custom domain."]);
}

#[test]
fn requests_that_are_wrong() {
    Case::new("HTTP/1.1 413\n\nHTTP content length exceeded 10485760 bytes.").is("payload-too-large");
    let page = "<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD></HTML>";
    let edge = Case::new(&format!("HTTP/1.1 403\n{EDGE}\n{page}")).host(DEFAULT);
    says(&edge.is("cloudfront-html-403"), &["did not reach the API", "without a body"]);
}

#[test]
fn too_many_requests() {
    gateway(429, "LimitExceededException", &message("Limit Exceeded"))
        .path("/prod/pets")
        .is("quota-exceeded");
    gateway(429, "LimitExceededException", "{}")
        .path(CONNECTION)
        .then(&["quota-exceeded"])
        .is("connection-limit");
}

#[test]
fn failures_behind_the_gateway() {
    let internal = "{\"message\": \"Internal server error\"}";
    let failed = |status| gateway(status, "InternalServerErrorException", internal);
    says(
        &failed(500)
            .content_type("application/json")
            .then(&["api-configuration-error"])
            .is("internal-server-error"),
        &["`POST`", "concurrency", "VPC link", "10 MB"],
    );
    failed(500).content_type("image/png").then(&["internal-server-error"]).is("api-configuration-error");
    failed(502).is("bad-gateway");
    let network = message("Network error communicating with endpoint");
    for status in [500, 504] {
        gateway(status, "InternalServerErrorException", &network).is("integration-failure");
    }
    let late = gateway(504, "InternalServerErrorException", &message("Endpoint request timed out"));
    says(&late.is("integration-timeout"), &["29 seconds", "whether the backend completed it"]);
}

#[test]
fn responses_of_the_owner() {
    // The name belongs to one entry, which is then likelier than anything else.
    let custom = gateway(404, "MissingAuthenticationTokenException", "{\"error\":\"nothing here\"}");
    custom.then(&["default-4xx"]).is("missing-authentication-token");
    gateway(418, "TeapotException", "{\"error\":\"tea\"}").is("default-4xx");
    gateway(599, "TeapotException", "{\"error\":\"tea\"}").is("default-5xx");
    let case = gateway(422, "BadRequestException", "{\"error\":\"no\"}");
    let evidence = case.evidence();
    let picked: Vec<_> = evidence.known_responses(Some(INFO)).iter().map(|entry| entry.id).collect();
    assert_eq!(picked.first(), Some(&"default-4xx"), "{picked:?}");
}

/// Responses of the backend are not attributed to the gateway.
#[test]
fn responses_of_the_backend() {
    for headers in [GATEWAY, "x-amzn-remapped-date: x\nx-amzn-errortype: ForbiddenException\n"] {
        let evidence = Case::new(&format!("HTTP/1.1 403\n{headers}\n{}", message("Forbidden"))).evidence();
        assert_eq!(evidence.known_responses(Some(INFO)).len(), 0);
        says(&evidence.explain(Some(INFO)), &["the backend wrote the response"]);
    }
    let evidence = Case::new(&format!("HTTP/1.1 418\n{GATEWAY}\n{{}}")).evidence();
    assert_eq!(evidence.known_responses(Some(INFO)).len(), 0);
}

#[test]
fn function_urls() {
    const HOST: &str = "abc123.lambda-url.eu-west-1.on.aws";
    let response = |name: &str, body: &str| {
        Case::new(&format!("HTTP/1.1 403\n{FUNCTION}x-amzn-errortype: {name}\n\n{body}"))
    };
    let forbidden = response("AccessDeniedException", "{\"Message\":\"Forbidden\"}").host(HOST);
    says(&forbidden.is("function-url-forbidden"), &["`lambda`", "lambda:InvokeFunctionUrl"]);
    let mismatch = "The request signature we calculated does not match the signature you provided. Check your AWS \
        Secret Access Key and signing method.";
    let behind_cdn = response("InvalidSignatureException", &message(mismatch)).host("cdn.example.com");
    let explanation =
        behind_cdn.signed(false).then(&["signature-mismatch"]).is("function-url-signature-behind-cdn");
    says(&explanation, &["x-amz-content-sha256"]);
    response("InvalidSignatureException", &message(mismatch))
        .host(HOST)
        .signed(true)
        .is("signature-mismatch");
}

/// A WebSocket API sends no `x-amz-apigw-id`, and many clients do not show its response.
#[test]
fn refused_handshakes_are_not_those_of_a_function() {
    for text in [
        "websocket._exceptions.WebSocketBadStatusException: Handshake status 403 Forbidden -+-+- {'x-amzn-errortype': \
         'AccessDeniedException'} -+-+- b''",
        "error: Unexpected server response: 403",
        "WebSocket connection to 'wss://x/' failed: Error during WebSocket handshake: Unexpected response code: 403",
    ] {
        says(&Case::new(text).is("websocket-refused"), &["`$connect`", "presign"]);
    }
    let body = "{\"message\":\"Forbidden\",\"connectionId\":\"a=\",\"requestId\":\"b=\"}";
    let refused = Case::new(&format!("HTTP/1.1 403\nx-amzn-errortype: ForbiddenException\n\n{body}"));
    let refused = refused.host(DEFAULT).path("/prod").sent(&["host"]);
    refused.then(&["forbidden-default-endpoint-off"]).is("forbidden-api-key");
}

/// A message alone, as from a log: every entry that has it is named.
#[test]
fn bare_messages() {
    let evidence = Case::new("{\"message\":\"Forbidden\"}").evidence();
    let picked: Vec<_> = evidence.known_responses(Some(INFO)).iter().map(|entry| entry.id).collect();
    for id in ["forbidden-api-key", "forbidden-waf", "http-forbidden", "function-url-forbidden"] {
        assert!(picked.contains(&id), "{id}: {picked:?}");
    }
    Case::new("{\"message\":\"Missing Authentication Token\"}").is("missing-authentication-token");
    Case::new("Endpoint request timed out").is("integration-timeout");
    assert!(Case::new("HTTP/1.1 403\n\n").evidence().known_responses(Some(INFO)).is_empty());
    assert!(Case::new("{\"message\":\"forbidden fruit\"}").evidence().known_responses(Some(INFO)).is_empty());
}

fn transport(kind: TransportErrorKind, peer: &str) -> TransportEvidence {
    TransportEvidence::new(kind, Reached::NotSent, peer)
}

#[track_caller]
fn no_response(evidence: TransportEvidence, expected: &[&str]) -> Explanation {
    let mut whole = Case::new("").evidence();
    whole.outcome = Outcome::Transport(evidence);
    identified(&whole, expected)
}

#[test]
fn failures_without_a_response() {
    let mut dns = transport(TransportErrorKind::Dns, &format!("{CUSTOM}:443"));
    dns.io = Some(IoEvidence::NameUnknown);
    says(&no_response(dns, &["dns-not-found"]), &["nslookup api.example.com", "inbound endpoint"]);
    let dns = transport(TransportErrorKind::Dns, &format!("{DEFAULT}:443"));
    no_response(dns, &["dns-not-found", "private-api-from-outside"]);
    let alias = "abc123-vpce-0a1b2c3d.execute-api.eu-west-1.amazonaws.com:443";
    let dns = transport(TransportErrorKind::Dns, alias);
    let explanation = no_response(dns, &["private-api-from-outside", "dns-not-found"]);
    says(&explanation, &["<api>-<vpce id>.execute-api.eu-west-1.amazonaws.com", "x-apigw-api-id"]);

    let name = |presented: &str| {
        let mut tls = transport(TransportErrorKind::Tls, &format!("{CUSTOM}:443 (192.0.2.1:443)"));
        tls.tls =
            Some(TlsEvidence::WrongName { wanted: CUSTOM.to_owned(), presented: vec![presented.to_owned()] });
        tls
    };
    let explanation = no_response(name("*.execute-api.eu-west-1.amazonaws.com"), &["tls-name-mismatch"]);
    says(&explanation, &["eu-west-1", "us-east-1 for edge-optimized domains"]);
    no_response(name("www.example.org"), &["tls-name-mismatch"]);
    let mut tls = transport(TransportErrorKind::Tls, &format!("{DEFAULT}:443"));
    tls.tls = Some(TlsEvidence::UnknownIssuer);
    no_response(tls, &["tls-untrusted-or-intercepted"]);
    let mut tls = transport(TransportErrorKind::Tls, &format!("{CUSTOM}:443"));
    tls.tls = Some(TlsEvidence::Alert { name: "CertificateRequired".to_owned() });
    no_response(tls, &["forbidden-mtls"]);

    let late = transport(TransportErrorKind::ConnectTimeout, &format!("{DEFAULT}:443 (10.0.0.7:443)"));
    says(&no_response(late, &["connect-timeout"]), &["security group", "curl -v --connect-timeout 5"]);
    let refused = transport(TransportErrorKind::Connect, alias);
    no_response(refused, &["private-api-from-outside", "connect-timeout"]);
    // Without facts about the request, every cause is possible.
    let mut whole = Case::new("").evidence();
    whole.outcome = Outcome::Transport(transport(TransportErrorKind::Closed, DEFAULT));
    assert!(whole.known_responses(Some(INFO)).is_empty());
}

#[test]
fn entries_are_sentences() {
    for entry in INFO.known_responses.entries {
        for line in entry.causes.iter().chain(entry.remedies).chain([&entry.doc]) {
            assert!(line.ends_with('.') && line.len() < 220, "{}: {line}", entry.id);
        }
    }
}

/// Saved evidence is explained alike.
#[test]
fn what_was_sent_is_saved() {
    let mut case =
        gateway(403, "ForbiddenException", &message("Forbidden")).sent(&["host"]).path("/prod/pets");
    case.refused.request.client_certificate_asked = Some(false);
    case.refused.request.caller = Some("111122223333".to_owned());
    let evidence = case.evidence();
    let read = Evidence::from_json(&evidence.to_json()).unwrap();
    assert_eq!(read, evidence);
}
