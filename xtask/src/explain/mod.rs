//! `cargo xtask explain`: explains a saved exchange, a pasted response, or the state of a host.

mod probe;
mod url;

use std::{
    fs::File,
    io::{self, Read},
    time::SystemTime,
};

use gatewright_runtime::{
    ServiceInfo,
    explain::{
        Evidence, Explanation, Refused, Repair,
        signature::{Finding, Hint, Side, SignedRequest},
    },
    time::Timestamp,
};
use serde_json::{Value, json};

use crate::{failure::Failure, flags::Flags, output, services};

const VALUED: &[&str] = &[
    "message",
    "canonical-request",
    "string-to-sign",
    "status",
    "code",
    "date",
    "access-key-id",
    "authorization-scheme",
    "target",
    "host",
    "service",
    "method",
    "path",
    "caller",
    "owner",
    "url",
    "address",
    "root-certificates",
];
/// The flags that `--url` accepts.
const OF_URL: &[&str] = &["url", "address", "root-certificates", "clock", "json"];
const SWITCHES: &[&str] = &["session-token-sent", "unsigned", "clock", "json"];
/// Maximum size of an exchange or message.
const MAX_BYTES: u64 = 4 << 20;

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let flags = Flags::parse(arguments, VALUED, SWITCHES)?;
    if let Some(url) = flags.value("url") {
        only_of_url(&flags)?;
        return print(&flags, &url::explain(&flags, url)?, None);
    }
    if let Some(name) =
        OF_URL.iter().find(|name| **name != "json" && (flags.has(name) || flags.value(name).is_some()))
    {
        return Err(Failure::Usage(format!("--{name} goes with --url")));
    }
    let (evidence, service) = match (flags.positions.as_slice(), flags.value("message")) {
        ([saved], None) => self::saved(&flags, saved)?,
        ([], Some(message)) => (pasted(&flags, message)?, service(&flags)?),
        _ => {
            return Err(Failure::Usage(
                "explain takes a saved exchange, or --message and what belongs to it, or --url".into(),
            ));
        }
    };
    print(&flags, &evidence.explain(service), Some((&evidence, service)))
}

fn print(
    flags: &Flags<'_>,
    explanation: &Explanation,
    of: Option<(&Evidence, Known)>,
) -> Result<(), Failure> {
    if !flags.has("json") {
        return output::print_line(explanation);
    }
    let finding = of.and_then(|(evidence, service)| evidence.finding(service));
    let mut json = as_json(explanation, finding.as_ref());
    let known = of.map(|(evidence, service)| evidence.known_responses(service)).unwrap_or_default();
    json["answers"] = known.iter().map(|response| response.id).collect();
    output::print_line(format_args!("{json:#}"))
}

/// Fails for flags that describe a response or a request, which `--url` does not take.
fn only_of_url(flags: &Flags<'_>) -> Result<(), Failure> {
    let given = VALUED.iter().filter(|name| flags.value(name).is_some());
    let mut given = given.chain(SWITCHES.iter().filter(|name| flags.has(name)));
    match given.find(|name| !OF_URL.contains(name)) {
        Some(name) => Err(Failure::Usage(format!("--{name} does not go with --url"))),
        None if !flags.positions.is_empty() => {
            Err(Failure::Usage("--url and a saved exchange exclude each other".into()))
        }
        None => Ok(()),
    }
}

type Known = Option<&'static ServiceInfo>;

fn service(flags: &Flags<'_>) -> Result<Known, Failure> {
    flags.value("service").map(services::info).transpose()
}

/// Reads the exchange that `call --record` wrote.
fn saved(flags: &Flags<'_>, source: &str) -> Result<(Evidence, Known), Failure> {
    let foreign = VALUED.iter().find(|name| **name != "service" && flags.value(name).is_some());
    let foreign = foreign.or_else(|| SWITCHES.iter().find(|name| **name != "json" && flags.has(name)));
    if let Some(name) = foreign {
        return Err(Failure::Usage(format!("--{name} goes with --message: a saved exchange has it already")));
    }
    let wrong = |error| Failure::Refused(format!("{source} is not a saved exchange: {error}"));
    let evidence = Evidence::from_json(&read(source)?).map_err(wrong)?;
    let of_exchange = services::info_of_exchange(&evidence.service_id, &evidence.service);
    let service = service(flags)?.or(of_exchange);
    Ok((evidence, service))
}

/// Reads a pasted response or message, and the description of the request.
fn pasted(flags: &Flags<'_>, message: &str) -> Result<Evidence, Failure> {
    let sources = ["message", "canonical-request", "string-to-sign"];
    if sources.iter().filter(|name| flags.value(name) == Some("-")).count() > 1 {
        return Err(Failure::Usage("standard input can be only one of the texts".into()));
    }
    let text = |name| flags.value(name).map(read).transpose();
    let (canonical_request, string_to_sign) = (text("canonical-request")?, text("string-to-sign")?);
    let pasted = read(message)?;
    if pasted.trim().is_empty() && flags.value("code").is_none() && flags.value("status").is_none() {
        return Err(Failure::Refused(format!("{message} is empty: there is nothing to explain")));
    }
    let owned = |name| flags.value(name).map(str::to_owned);
    let mut refused = Refused::of_text(&pasted);
    if let Some(status) = flags.parsed("status", "a status like 403")? {
        refused.response.status = status;
    }
    if let Some(date) = flags.value("date") {
        refused.response.headers.push(("date".into(), http_date(date)?));
    }
    refused.fault.exception = owned("code").or(refused.fault.exception);
    refused.target = owned("target");
    refused.host = owned("host");
    refused.request.method = owned("method");
    refused.request.path = owned("path");
    refused.request.caller = owned("caller");
    refused.request.owner = owned("owner");
    refused.request.is_signed = flags.has("unsigned").then_some(false);
    let key = flags.value("access-key-id");
    let is_signed = canonical_request.is_some() || string_to_sign.is_some() || key.is_some();
    refused.authorization_scheme = owned("authorization-scheme");
    if is_signed {
        refused = refused.with_signed(&SignedRequest::from_texts(
            canonical_request.as_deref().unwrap_or_default().trim_end(),
            string_to_sign.as_deref().unwrap_or_default().trim_end(),
            key.unwrap_or_default(),
            flags.has("session-token-sent"),
        ));
    }
    let summary = summary(&refused);
    Ok(Evidence::of_refused(refused, summary))
}

/// The text that an error of a client would have.
fn summary(refused: &Refused) -> String {
    let name = refused.fault.exception.as_deref().unwrap_or("error without a name");
    let message: Vec<_> = refused.fault.message.as_deref().unwrap_or_default().split_whitespace().collect();
    let mut line: String = message.join(" ").chars().take(200).collect();
    if line.len() < message.join(" ").len() {
        line.push('…');
    }
    let status = match refused.response.status {
        0 => String::new(),
        status => format!(" (status {status})"),
    };
    if line.is_empty() { format!("{name}{status}") } else { format!("{name}: {line}{status}") }
}

fn http_date(date: &str) -> Result<String, Failure> {
    let time = Timestamp::parse_http_date(date).or_else(|| Timestamp::parse_date_time(date));
    let time = time.ok_or_else(|| {
        Failure::Usage(format!(
            "--date takes the response's Date, like \"Sun, 22 Nov 2026 12:00:01 GMT\", not {date:?}"
        ))
    })?;
    Ok(time.http_date().to_string())
}

/// A file, or standard input.
fn read(source: &str) -> Result<String, Failure> {
    let unreadable = |error: io::Error| Failure::Refused(format!("cannot read {source}: {error}"));
    let mut bytes = Vec::new();
    let read = match source {
        "-" => io::stdin().take(MAX_BYTES + 1).read_to_end(&mut bytes),
        path => File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes)),
    };
    read.map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Failure::Refused(format!(
            "{source} is larger than 4 MiB: it is not an exchange or a message"
        )));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn as_json(explanation: &Explanation, finding: Option<&Finding>) -> Value {
    let mut json = json!({
        "summary": explanation.summary,
        "evidence": explanation.evidence,
        "causes": explanation.causes,
        "remedies": explanation.remedies,
        "repairs": explanation.repairs.iter().map(repair_json).collect::<Vec<_>>(),
        "verdict": finding.map(|finding| finding.verdict.as_str()),
    });
    if let (Value::Object(json), Some(Value::Object(finding))) = (&mut json, finding.map(finding_json)) {
        json.extend(finding);
    }
    json
}

fn repair_json(repair: &Repair) -> Value {
    let input = repair.input.iter().map(|(member, value)| ((*member).to_owned(), json!(value)));
    json!({
        "service": repair.service,
        "operation": repair.operation,
        "input": Value::Object(input.collect()),
    })
}

/// The verdict on a signature as JSON.
fn finding_json(finding: &Finding) -> Value {
    let clock = finding.clock.as_ref();
    let differences: Vec<_> = finding
        .differences
        .iter()
        .map(|difference| {
            json!({
                "what": difference.what.to_string(),
                "verdict": difference.verdict.as_str(),
                "hint": difference.hint.map(Hint::as_str),
                "ours": difference.ours,
                "theirs": difference.theirs,
            })
        })
        .collect();
    let scope: Vec<_> = finding
        .scope
        .iter()
        .map(|fault| json!({ "field": fault.field.as_str(), "ours": fault.ours, "theirs": fault.theirs }))
        .collect();
    let time = |time: SystemTime| Timestamp::from(time).to_string();
    let clock = clock.map(|clock| {
        json!({
            "skew_seconds": clock.skew_seconds,
            "offset_seconds": clock.offset_seconds,
            "client_is": clock.client_is.map(Side::as_str),
            "allowed_seconds": clock.allowed_seconds,
            "server_time": clock.server_time.map(time),
            "age_seconds": clock.age_seconds,
            "client_clock_ok": clock.client_clock_ok,
        })
    });
    json!({
        "retry": finding.verdict.retry().as_str(),
        "hint": finding.hint.map(Hint::as_str),
        "header": finding.header(),
        "differences": differences,
        "clock": clock,
        "scope": scope,
        "missing": finding.missing,
        "missing_at_server": finding.missing_at_server,
        "added_at_server": finding.added_at_server,
        "parameter": finding.parameter,
        "because": finding.because,
        "candidates": finding.candidates.iter().map(|candidate| candidate.as_str()).collect::<Vec<_>>(),
        "check_first": finding.check_first.iter().map(|hint| hint.as_str()).collect::<Vec<_>>(),
        "signature_ok": finding.signature_ok,
    })
}
