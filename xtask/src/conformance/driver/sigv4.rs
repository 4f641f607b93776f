//! Signing vectors. Canonical request, string to sign and signature are compared in this order, since the first
//! difference shows the fault; then the signed request is compared.

use std::{collections::BTreeSet, path::Path, time::Duration};

use bytes::Bytes;
use gatewright_runtime::{
    Secret,
    credentials::Credentials,
    sign::{
        Signable,
        sigv4::{
            ContentHash, Explanation, PathNormalization, Scope, SessionToken, Settings, Signer, parse_time,
        },
        verify::Verifier,
    },
};
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use serde_json::Value;

use super::{report::Report, suite};

const FILES: [&str; 2] = ["vectors.json", "service-vectors.json"];

/// Runs the cases of the folder.
pub(super) fn run(folder: &Path) -> Result<Report, String> {
    let mut report = Report::default();
    for file in FILES {
        for case in suite::cases(&folder.join(file))? {
            report.add(suite::id(&case), check(&case));
        }
    }
    Ok(report)
}

fn check(case: &Value) -> Result<(), String> {
    let (context, request) = (&case["context"], &case["request"]);
    let credentials = credentials(&context["credentials"])?;
    let scope = Scope { region: text_of(&context["region"])?, service: text_of(&context["service"])? };
    let stamp: String = text_of(&context["timestamp"])?.chars().filter(|c| !"-:".contains(*c)).collect();
    let time = parse_time(&stamp).ok_or("context.timestamp: not a time")?;
    let signer = Signer::new(&credentials, scope, time).settings(settings(case));

    let (method, target) = (text_of(&request["method"])?, text_of(&request["target"])?);
    let headers = headers(&request["headers"])?;
    let body = text_of(&request["body"])?;
    let signable = Signable::new(method, target, &headers, body.as_bytes());
    let verifier = Verifier::new(scope, time).settings(settings(case));
    let verify = |signed: &Signable<'_>| {
        verifier.verify(signed, |_| Some(credentials.clone())).map_err(|error| format!("verify: {error}"))
    };

    match text_of(&case["mode"])? {
        "header" => {
            let Some(mut sent) = http_request(request, &headers)? else {
                return compare_texts(case, &signer.explain(&signable).map_err(|error| error.to_string())?);
            };
            signer.sign(&mut sent).map_err(|error| error.to_string())?;
            let explanation = signer.explain(&Signable::of(&sent)).map_err(|error| error.to_string())?;
            compare_texts(case, &explanation)?;
            for (name, value) in &added_headers(case)? {
                compare(
                    name.as_str(),
                    value.to_str().unwrap_or("?").trim(),
                    &all_values(sent.headers(), name),
                )?;
            }
            verify(&Signable::of(&sent)).map(drop)
        }
        "query" => {
            let seconds = context["expiration_in_seconds"].as_u64().ok_or("no expiration_in_seconds")?;
            let presigned = signer
                .presign_target(&signable, Duration::from_secs(seconds))
                .map_err(|error| error.to_string())?;
            compare_texts(case, presigned.explanation())?;
            compare_targets(signed_target(case)?, presigned.target())?;
            verify(&Signable::new(method, presigned.target(), &headers, body.as_bytes())).map(drop)
        }
        mode => Err(format!("mode: unknown value {mode:?}")),
    }
}

fn credentials(value: &Value) -> Result<Credentials, String> {
    let keys = Credentials::new(
        text_of(&value["access_key_id"])?,
        Secret::new(text_of(&value["secret_access_key"])?),
    );
    Ok(match value.get("session_token").or_else(|| value.get("token")) {
        Some(token) => keys.with_session_token(Secret::new(text_of(token)?)),
        None => keys,
    })
}

fn settings(case: &Value) -> Settings {
    let context = &case["context"];
    let mut settings = Settings::default();
    if context["normalize"] == false {
        settings = settings.path_normalization(PathNormalization::AsIs);
    }
    // Only S3 expects URLs that cover no body.
    if context["sign_body"] == true && case["mode"] == "header" {
        settings = settings.content_hash(ContentHash::Sent);
    }
    if context["omit_session_token"] == true {
        settings = settings.session_token(SessionToken::Unsigned);
    }
    settings
}

/// The request as the runtime sends it; `None` if the target is not a valid URI, so that only texts can be compared.
fn http_request(request: &Value, headers: &HeaderMap) -> Result<Option<Request<Bytes>>, String> {
    let scheme = request["scheme"].as_str().unwrap_or("https");
    let host = headers.get("host").and_then(|host| host.to_str().ok()).ok_or("no host header")?;
    let uri = format!("{scheme}://{host}{}", text_of(&request["target"])?);
    let built = Request::builder().method(text_of(&request["method"])?).uri(uri);
    let Ok(mut built) = built.body(Bytes::from(text_of(&request["body"])?.to_owned())) else {
        return Ok(None);
    };
    *built.headers_mut() = headers.clone();
    Ok(Some(built))
}

fn headers(list: &Value) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for header in list.as_array().ok_or("headers: not a list")? {
        let name =
            HeaderName::from_bytes(text_of(&header[0])?.as_bytes()).map_err(|error| error.to_string())?;
        let value = HeaderValue::from_str(text_of(&header[1])?).map_err(|error| error.to_string())?;
        headers.append(name, value);
    }
    Ok(headers)
}

/// The headers that the signer must add, together with existing headers if the case lists all headers.
fn added_headers(case: &Value) -> Result<Vec<(HeaderName, HeaderValue)>, String> {
    let list = case.get("signed_headers_added").unwrap_or(&case["signed_request"]["headers"]);
    let ours = |name: &HeaderName| *name == "authorization" || name.as_str().starts_with("x-amz-");
    Ok(headers(list)?
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .filter(|(name, _)| ours(name))
        .collect())
}

fn all_values(headers: &HeaderMap, name: &HeaderName) -> String {
    let values: Vec<_> = headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("?")).collect();
    values.join(",")
}

fn signed_target(case: &Value) -> Result<&str, String> {
    match case.get("signed_url") {
        Some(url) => {
            let url = text_of(url)?;
            let rest = url.split_once("://").ok_or("signed_url: no scheme")?.1;
            rest.find(['/', '?'])
                .and_then(|start| rest.get(start..))
                .ok_or_else(|| "signed_url: no query".to_owned())
        }
        None => text_of(&case["signed_request"]["target"]),
    }
}

fn compare_texts(case: &Value, ours: &Explanation) -> Result<(), String> {
    compare(
        "canonical request",
        text_of(&case["canonical_request"])?,
        &ours.canonical_request().to_string(),
    )?;
    compare("string to sign", text_of(&case["string_to_sign"])?, &ours.string_to_sign().to_string())?;
    compare("signature", text_of(&case["signature"])?, ours.signature())
}

/// The order of parameters does not matter, and an empty path equals `/`.
fn compare_targets(expected: &str, ours: &str) -> Result<(), String> {
    let parts = |target: &str| {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = if path.is_empty() { "/" } else { path };
        (path.to_owned(), query.split('&').map(str::to_owned).collect::<BTreeSet<_>>())
    };
    if parts(expected) == parts(ours) { Ok(()) } else { Err(differs("target", expected, ours)) }
}

fn compare(what: &str, expected: &str, ours: &str) -> Result<(), String> {
    if expected == ours { Ok(()) } else { Err(differs(what, expected, ours)) }
}

fn differs(what: &str, expected: &str, ours: &str) -> String {
    format!("{what} differs\n--- expected\n{expected}\n--- ours\n{ours}")
}

fn text_of(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| format!("not a text: {value}"))
}
