//! `explain`: explains a saved exchange, a pasted response, or the state of a host.

mod probe;
mod url;

use std::{io, time::SystemTime};

use gatewright_core::text::without_mark;
use gatewright_runtime::{
    ServiceInfo,
    explain::{
        Evidence, Explanation, Outcome, Refused, Repair,
        signature::{Finding, Hint, Side, SignedRequest},
    },
    time::Timestamp,
};
use serde_json::{Value, json};

use crate::{arguments, failure::Failure, output, services::Program, source};

/// Maximum size of an exchange or message.
const MAX_BYTES: u64 = 4 << 20;

/// Maximum number of explanations of one text.
const MAX_ERRORS: usize = 5;

/// The beginning of compressed data, which no text has.
const GZIP: &[u8] = &[0x1f, 0x8b, 0x08];

/// Explains the subject of the arguments.
///
/// # Errors
/// A file cannot be read, or has another format than the arguments say.
pub fn run(program: &Program, arguments: &arguments::Explain) -> Result<(), Failure> {
    if arguments.message.is_none() && arguments.facts != arguments::Facts::default() {
        return Err(Failure::Usage(
            "options about a response and its request need --message, the file of the response, or - for standard input; \
             a service is named by --service"
                .into(),
        ));
    }
    if let Some(url) = &arguments.url {
        let (explanation, failed) = url::explain(program, &arguments.host, url)?;
        return print(
            arguments,
            &explanation,
            failed.as_ref().map(|(evidence, service)| (evidence, *service)),
        );
    }
    let service = arguments.service.as_deref().map(|name| program.info(name)).transpose()?;
    let (evidence, service) = match (&arguments.message, &arguments.saved) {
        (Some(message), _) => {
            let Pasted { evidence, parts } = pasted(program, &arguments.facts, message)?;
            if print_each(arguments, &parts, service)? {
                return Ok(());
            }
            (evidence, service)
        }
        (None, saved) => {
            let evidence = self::saved(program, saved.as_deref().unwrap_or("-"))?;
            let of_exchange = program.info_of_exchange(&evidence.service_id, &evidence.service);
            (evidence, service.or(of_exchange))
        }
    };
    print(arguments, &evidence.explain(service), Some((&evidence, service)))
}

fn print(
    arguments: &arguments::Explain,
    explanation: &Explanation,
    of: Option<(&Evidence, Known)>,
) -> Result<(), Failure> {
    if !arguments.json {
        return output::print_line(explanation);
    }
    output::print_line(format_args!("{:#}", json_of(explanation, of)))
}

/// Prints the explanations of a text's errors if they differ; returns whether they do.
fn print_each(arguments: &arguments::Explain, parts: &[String], service: Known) -> Result<bool, Failure> {
    let mut explained: Vec<(Explanation, Evidence)> = Vec::new();
    let mut rest = parts.iter();
    while explained.len() < MAX_ERRORS
        && let Some(part) = rest.next()
    {
        let evidence = of_refused(Refused::of_text(part));
        let explanation = evidence.explain(service);
        let says = |of: &Explanation| (of.causes.clone(), of.remedies.clone());
        if !explained.iter().any(|(earlier, _)| says(earlier) == says(&explanation)) {
            explained.push((explanation, evidence));
        }
    }
    if explained.len() < 2 {
        return Ok(false);
    }
    if arguments.json {
        let mut all =
            explained.iter().map(|(explanation, evidence)| json_of(explanation, Some((evidence, service))));
        let mut json = all.next().unwrap_or_default();
        json["others"] = all.collect();
        json["unexplained"] = rest.len().into();
        output::print_line(format_args!("{json:#}"))?;
        return Ok(true);
    }
    let texts: Vec<_> = explained.iter().map(|(explanation, _)| explanation.to_string()).collect();
    output::print_line(texts.join("\n\n"))?;
    match rest.len() {
        0 => {}
        left => output::note(format_args!(
            "{left} more errors of the text are not explained: explain the rest of the text by itself"
        )),
    }
    Ok(true)
}

fn json_of(explanation: &Explanation, of: Option<(&Evidence, Known)>) -> Value {
    let finding = of.and_then(|(evidence, service)| evidence.finding(service));
    let mut json = as_json(explanation, finding.as_ref());
    let known = of.map(|(evidence, service)| evidence.known_responses(service)).unwrap_or_default();
    json["known_responses"] = known.iter().map(|response| response.id).collect();
    json
}

type Known = Option<&'static ServiceInfo>;

/// Reads the exchange that `call --record` wrote.
fn saved(program: &Program, from: &str) -> Result<Evidence, Failure> {
    let wrong = |error| Failure::Refused(format!("{} is not a saved exchange: {error}", source::name(from)));
    let text = read(program, from)?;
    if text.trim().is_empty() { Err(empty(from)) } else { Evidence::from_json(&text).map_err(wrong) }
}

fn empty(from: &str) -> Failure {
    Failure::Refused(format!("{} is empty: there is nothing to explain", source::name(from)))
}

/// A pasted text.
struct Pasted {
    evidence: Evidence,
    /// Its errors; none if options describe one.
    parts: Vec<String>,
}

/// Reads a pasted response or message, and the description of the request.
fn pasted(program: &Program, facts: &arguments::Facts, message: &str) -> Result<Pasted, Failure> {
    let (canonical_request, string_to_sign) = (&facts.canonical_request, &facts.string_to_sign);
    let sources = [Some(message), canonical_request.as_deref(), string_to_sign.as_deref()];
    if sources.iter().filter(|source| **source == Some("-")).count() > 1 {
        return Err(Failure::Usage("standard input can be only one of the texts".into()));
    }
    let text = |source: &Option<String>| source.as_deref().map(|source| read(program, source)).transpose();
    let (canonical_request, string_to_sign) = (text(canonical_request)?, text(string_to_sign)?);
    let pasted = read(program, message)?;
    if pasted.trim().is_empty() && facts.code.is_none() && facts.status.is_none() {
        return Err(empty(message));
    }
    let mut parts = Vec::new();
    if *facts == arguments::Facts::default() {
        if let Some(outcome) = Outcome::of_text(&pasted) {
            return Ok(Pasted { evidence: unanswered(outcome), parts });
        }
        parts = Refused::parts_of_text(&pasted);
    }
    let mut refused = Refused::of_text(&pasted);
    if let Some(status) = facts.status {
        refused.response.status = status;
    }
    if let Some(date) = &facts.date {
        let headers = &mut refused.response.headers;
        headers.retain(|(name, _)| !name.eq_ignore_ascii_case("date"));
        headers.push(("date".into(), http_date(date)?));
    }
    refused.fault.exception = facts.code.clone().or(refused.fault.exception);
    // A trace of the exchange shows some of the request; what is stated counts more.
    let state = |known: &mut Option<String>, stated: &Option<String>| {
        if stated.is_some() {
            known.clone_from(stated);
        }
    };
    state(&mut refused.target, &facts.target);
    state(&mut refused.host, &facts.called_host);
    state(&mut refused.request.method, &facts.method);
    state(&mut refused.request.path, &facts.path);
    state(&mut refused.request.caller, &facts.caller);
    state(&mut refused.request.owner, &facts.owner);
    state(&mut refused.authorization_scheme, &facts.authorization_scheme);
    if facts.unsigned {
        refused.request.is_signed = Some(false);
    }
    let key = facts.access_key_id.as_deref();
    let is_signed = canonical_request.is_some() || string_to_sign.is_some() || key.is_some();
    // Only signed requests have one.
    if is_signed || facts.session_token_sent {
        refused = refused.with_signed(&SignedRequest::from_texts(
            canonical_request.as_deref().unwrap_or_default().trim_end(),
            string_to_sign.as_deref().unwrap_or_default().trim_end(),
            key.unwrap_or_default(),
            facts.session_token_sent,
        ));
    }
    Ok(Pasted { evidence: of_refused(refused), parts })
}

fn of_refused(refused: Refused) -> Evidence {
    let summary = summary(&refused);
    Evidence::of_refused(refused, summary)
}

/// The evidence of a failure to get a response.
pub(super) fn unanswered(outcome: Outcome) -> Evidence {
    let mut evidence = Evidence::of_refused(Refused::default(), "");
    evidence.summary = match &outcome {
        Outcome::Transport(evidence) => evidence.explain().summary,
        Outcome::Credentials(_) => "no credentials".to_owned(),
        Outcome::Settings { reason } => reason.clone(),
        _ => String::new(),
    };
    evidence.outcome = outcome;
    evidence
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
fn read(program: &Program, from: &str) -> Result<String, Failure> {
    let unreadable = |error: io::Error| {
        let is_no_file = matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidFilename);
        let way_out = format!(
            "; - reads a text from standard input: `echo 'text' | {} explain --message -`",
            program.command
        );
        let way_out = if is_no_file { &way_out } else { "" };
        Failure::Refused(format!("cannot read {}: {error}{way_out}", source::name(from)))
    };
    let bytes = source::read(from, MAX_BYTES).map_err(unreadable)?;
    if bytes.windows(GZIP.len()).any(|window| window == GZIP) {
        return Err(Failure::Refused(format!(
            "{} is compressed with gzip: print the response with `curl --compressed`, or unpack it with `gunzip`",
            source::name(from)
        )));
    }
    Ok(String::from_utf8_lossy(&without_mark(&bytes)).into_owned())
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
