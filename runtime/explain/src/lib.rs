//! Explanations of failed calls: causes and remedies, from evidence alone.
//!
//! [`Evidence`] is plain data without secrets: from a failed call, from a pasted response, or read from JSON.
//! [`Evidence::explain`] returns the [`Explanation`]: causes and remedies, likeliest first, from the evidence and the
//! service's model ([`ServiceInfo`]).
//!
//! This crate is a part of `gatewright-runtime`, whose errors convert themselves to evidence. The modules [`known`] and
//! [`service`] are public for that crate and for generated code.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![deny(missing_docs, clippy::exhaustive_enums, clippy::indexing_slicing)]
#![forbid(unsafe_code)]

mod body_form;
mod denied;
mod error_response;
mod evidence;
mod host;
pub mod kept;
pub mod known;
pub mod known_responses;
mod pasted;
mod received;
mod request;
mod saved;
pub mod service;
pub mod signature;
mod status;
#[rustfmt::skip]
#[allow(clippy::too_many_lines, reason = "tables")]
mod tables;
pub mod transport;

use std::fmt;

pub use self::{
    evidence::{Body, ClockEvidence, Evidence, Outcome, Refused, ResponseEvidence, SourceTried},
    host::is_private,
    kept::beginning,
    known::{KnownBy, KnownError},
    request::RequestFacts,
    saved::SavedError,
    service::{Category, ServiceInfo, WireError},
};
use self::{known_responses::Known, transport::TransportEvidence};
pub use gatewright_core::body::BodyForm;
use gatewright_core::{
    body, endpoint, hosts, mask, percent, protocol, signatures,
    text::{self, in_one_line, is_visible},
    time,
    validate::{self, Violation},
    wire,
};
use gatewright_sign::{
    self as sign,
    identity::{self, SourceFault},
    secrets,
};

/// An error, explained.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// What happened, in one line.
    pub summary: String,
    /// The facts behind the conclusion.
    pub evidence: Vec<String>,
    /// Why it happens, likeliest first.
    pub causes: Vec<String>,
    /// What to do, in this order.
    pub remedies: Vec<String>,
    /// Operations that show or repair the cause, in this order; of most errors, none are known.
    pub repairs: Vec<Repair>,
}

/// A call of an operation, mostly of another service, that shows or repairs the cause of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repair {
    /// Name of the operation's service, as features and commands have it.
    pub service: &'static str,
    /// Name of the operation on the wire.
    pub operation: &'static str,
    /// Known members of the request by their names on the wire. Operations may require others.
    pub input: Vec<(&'static str, String)>,
}

impl Repair {
    /// The value of a known member of the request.
    pub fn member(&self, name: &str) -> Option<&str> {
        self.input.iter().find(|(member, _)| *member == name).map(|(_, value)| value.as_str())
    }

    /// The known members of the request as JSON, which calls by the operation's name take.
    pub fn input_json(&self) -> String {
        let members = self.input.iter().map(|(member, value)| ((*member).to_owned(), value.as_str().into()));
        serde_json::Value::Object(members.collect()).to_string()
    }
}

/// Service, operation, and the known members as JSON.
impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.service, self.operation)?;
        if self.input.is_empty() { Ok(()) } else { write!(f, " {}", self.input_json()) }
    }
}

impl Evidence {
    /// Causes and remedies, from the evidence and, if it is given, the service's model.
    pub fn explain(&self, service: Option<&'static ServiceInfo>) -> Explanation {
        let mut explanation = match &self.outcome {
            Outcome::Succeeded(response) => succeeded(response, self.attempts, self.clock),
            Outcome::Settings { .. } => settings(),
            Outcome::Input(violations) => input(violations),
            Outcome::Credentials(sources) => credentials(sources),
            Outcome::Hook { reason } => hook(reason),
            Outcome::Transport(evidence) => transport(evidence, service),
            Outcome::Service(refused) => error_response::explain(refused, self.attempts, service),
            Outcome::Response { response, reason } => undecodable(response, reason, self.attempts),
        };
        explanation.evidence.extend(self.clock.map(|clock| clock.to_string()));
        explanation.under(&self.summary).in_lines()
    }
}

impl Explanation {
    /// Adds the lines of another explanation; takes its summary only if this one has none.
    fn and(mut self, more: Self) -> Self {
        if self.summary.is_empty() {
            self.summary = more.summary;
        }
        add(&mut self.evidence, more.evidence);
        add(&mut self.causes, more.causes);
        add(&mut self.remedies, more.remedies);
        add(&mut self.repairs, more.repairs);
        self
    }

    /// Puts each text on one line, whatever it quotes from a response, a log or a saved exchange.
    fn in_lines(self) -> Self {
        let in_lines = |lines: Vec<String>| lines.into_iter().map(in_one_line).collect();
        Self {
            summary: in_one_line(self.summary),
            evidence: in_lines(self.evidence),
            causes: in_lines(self.causes),
            remedies: in_lines(self.remedies),
            repairs: self.repairs,
        }
    }

    /// Replaces the summary; the old one becomes the first line of evidence.
    fn under(mut self, summary: &str) -> Self {
        let conclusion = std::mem::replace(&mut self.summary, summary.to_owned());
        if !conclusion.is_empty() && conclusion != self.summary {
            self.evidence.insert(0, conclusion);
        }
        self
    }
}

fn succeeded(response: &ResponseEvidence, attempts: u32, clock: Option<ClockEvidence>) -> Explanation {
    let corrected = clock.is_some_and(|clock| clock.corrected);
    // One attempt may have been refused only for the time of its signature.
    let failed = attempts.saturating_sub(1 + u32::from(corrected));
    let (mut causes, mut remedies) = (Vec::new(), Vec::new());
    if clock.is_some() {
        remedies.push("Set this machine's clock, best by NTP.");
    }
    if corrected {
        causes.push(
            "This machine's clock was off when an attempt was signed, and the service refused the attempt; the client signed again with the service's time, and the service accepted the request.",
        );
    }
    if failed > 0 {
        causes.push("The call succeeded after failed attempts, which were retried.");
        remedies
            .push("No action is needed; if it happens often, look for throttling or an unstable connection.");
    }
    if causes.is_empty() {
        causes.push("Nothing failed: the first attempt succeeded.");
    }
    if remedies.is_empty() {
        remedies.push("No action is needed.");
    }
    Explanation {
        evidence: error_response::response_facts(response, attempts),
        causes: lines(&causes),
        remedies: lines(&remedies),
        ..Explanation::default()
    }
}

fn settings() -> Explanation {
    Explanation {
        causes: lines(&["A setting of the client is missing or invalid, so that no request was sent."]),
        remedies: lines(&[
            "Correct the setting that the summary names, or pass another value to the client's builder.",
        ]),
        ..Explanation::default()
    }
}

fn hook(reason: &str) -> Explanation {
    Explanation {
        evidence: vec![reason.to_owned()],
        causes: lines(&["A hook of the program stopped the call before it was signed; nothing was sent."]),
        remedies: lines(&["Follow the reason that the hook gives."]),
        ..Explanation::default()
    }
}

fn input(violations: &[Violation]) -> Explanation {
    Explanation {
        evidence: violations.iter().map(ToString::to_string).collect(),
        causes: lines(&["The request violates constraints of the service."]),
        remedies: lines(&[
            "Correct the members that the evidence names.",
            "If the service now accepts such requests, disable the check: `unchecked()` for a call, `check_constraints(false)` for a client.",
        ]),
        ..Explanation::default()
    }
}

fn credentials(sources: &[SourceTried]) -> Explanation {
    let is = |fault| sources.iter().any(|tried| tried.fault == fault);
    let (cause, remedy) = if is(SourceFault::KeysSwapped) {
        (
            "The access key id and the secret access key are swapped: the id has a secret's value.",
            "Swap them: the access key id consists of capital letters and digits, like `AKIA…`.",
        )
    } else if is(SourceFault::Failed) {
        (
            "A source is configured but fails: the last one tried.",
            "Fix that source, or remove its settings, so that another one is used.",
        )
    } else {
        (
            "No source of credentials is configured for this program; another user, shell, container or profile may have credentials.",
            "Configure one of these sources; the evidence names what each of them lacks.",
        )
    };
    // What is known about a source's failure says more than that it failed.
    let or = |known: fn(&SourceTried) -> &Vec<String>, general: &str| {
        let known = sources.iter().map(known).find(|lines| !lines.is_empty());
        known.cloned().unwrap_or_else(|| lines(&[general]))
    };
    let mut remedies = or(|tried| &tried.remedies, remedy);
    add(&mut remedies, lines(&["Or pass credentials to the client's builder."]));
    Explanation {
        evidence: sources.iter().map(SourceTried::to_string).filter(|line| is_visible(line)).collect(),
        causes: or(|tried| &tried.causes, cause),
        remedies,
        ..Explanation::default()
    }
}

/// Causes and remedies of the failure itself, then those of the model's entry for it.
fn transport(evidence: &TransportEvidence, service: Option<&'static ServiceInfo>) -> Explanation {
    evidence.explain_call(service).and(Known::of_transport(evidence, service).explain())
}

/// A successful response that could not be decoded.
fn undecodable(response: &ResponseEvidence, reason: &str, attempts: u32) -> Explanation {
    let form = response.body.as_ref().map(|body| &body.form);
    let mut explanation = body_form::explain_form(form.unwrap_or(&BodyForm::Text));
    explanation.evidence = error_response::response_facts(response, attempts);
    explanation.evidence.extend(form.map(BodyForm::describe));
    explanation.evidence.extend(is_visible(reason).then(|| reason.to_owned()));
    explanation.evidence.extend(error_response::body_start(response));
    explanation
}

/// Adds the lines that are not there yet.
fn add<T: PartialEq>(lines: &mut Vec<T>, more: Vec<T>) {
    for line in more {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary)?;
        let parts = [("Evidence", &self.evidence), ("Causes", &self.causes), ("What to do", &self.remedies)];
        for (title, lines) in parts.into_iter().filter(|(_, lines)| !lines.is_empty()) {
            write!(f, "\n{title}:")?;
            for line in lines {
                write!(f, "\n- {line}")?;
            }
        }
        if !self.repairs.is_empty() {
            f.write_str("\nOperations that show or repair it:")?;
        }
        for repair in &self.repairs {
            write!(f, "\n- {repair}")?;
        }
        Ok(())
    }
}

/// The examples of the README are compiled as doc tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
