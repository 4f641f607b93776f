//! What each outcome of a call means, apart from error responses.

use gatewright_core::{body::BodyForm, text::is_visible, validate::Violation};
use gatewright_sign::identity::SourceFault;

use super::{
    ClockEvidence, Evidence, Explanation, Outcome, ResponseEvidence, SourceTried, body_form, error_response,
    explanation::{add, lines},
    known_responses::Known,
    service::ServiceInfo,
    transport::TransportEvidence,
};

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
            "If the service now accepts such requests, disable the check: `check_constraints(false)` for a call or a client.",
        ]),
        ..Explanation::default()
    }
}

fn credentials(sources: &[SourceTried]) -> Explanation {
    let is = |fault| sources.iter().any(|tried| tried.fault == fault);
    let (cause, remedy) = if is(SourceFault::KeysSwapped) {
        (
            "The access key id and the secret access key are swapped: the id has a secret's value.",
            "Swap them: the access key id is the shorter one, like `AKIA…` of AWS or `LTAI…` of Alibaba Cloud.",
        )
    } else if is(SourceFault::TimedOut) {
        (
            "The source of credentials did not respond within the time limit of the call.",
            "Make the source faster, or raise `operation_timeout` on the client or on the call.",
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
