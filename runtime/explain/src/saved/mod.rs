//! Evidence as JSON, so that a call can be explained later or on another machine.

mod read;
mod response;
mod transport;

use serde_json::{Value, json};

pub use self::read::SavedError;
use self::read::{Reader, list};
use super::{ClockEvidence, Evidence, Outcome, SourceTried};
use crate::{identity::SourceFault, validate::Violation};

const FAULTS: &[(&str, SourceFault)] = &[
    ("absent", SourceFault::Absent),
    ("failed", SourceFault::Failed),
    ("keys_swapped", SourceFault::KeysSwapped),
    ("timed_out", SourceFault::TimedOut),
];
const FORMAT: &str = "gatewright-exchange";
const VERSION: u32 = 1;
/// Far more than the texts, of at most 64 KiB each, and their escapes need.
const MAX_BYTES: usize = 4 << 20;

impl Evidence {
    /// The evidence as JSON, which [`from_json`](Self::from_json) reads.
    ///
    /// An object of the form `gatewright-exchange`, version 1. Absent values are `null`, times are RFC 3339 in UTC.
    ///
    /// | member | holds |
    /// |---|---|
    /// | `format`, `version` | `"gatewright-exchange"`, `1` |
    /// | `service` | `title` and `id`; `null` if it is not known |
    /// | `operation`, `attempts`, `summary` | the operation, how often it was sent, and what happened, in one line |
    /// | `request` | `body`: the text, or `null` if it was omitted, with a `note` about that |
    /// | `clock` | `offset_seconds` and `corrected`, if a service found this machine's clock off; or `null` |
    /// | `outcome` | `succeeded`, `settings`, `input`, `credentials`, `transport`, `service` or `response` |
    /// | `violations` | of `input`: a list of `path` and `message` |
    /// | `sources` | of `credentials`: a list of `source`, `reason`, `fault` (`absent`, `failed`, `keys_swapped` or `timed_out`), `causes` and `remedies` |
    /// | `transport` | of `transport`: `kind`, `reached`, `peer` (as text), `server` and `by_proxy` (`host`, `port`), `address`, `chain` and other facts |
    /// | `response` | of `succeeded`, `service` and `response`: `status`, `request_id`, `headers` (`name`, `value`), `received_at`, `body`, `incomplete` (why the body is incomplete, or `null`) |
    /// | `response.body` | `text`, `bytes`, `is_exact`, `form`, `form_detail`; `null` if it is not kept |
    /// | `fault` | of `service`: `exception`, `code`, `message`, `details`, `host_id`, `blame` |
    /// | `signed` | of `service`: `canonical_request`, `string_to_sign`, `access_key_id` (its first four characters), `has_session_token`, `signed_at`, `expires_at`, `credentials_source`, `secret_has_blank_ends`, `keys_are_swapped`; or `null` |
    /// | `authorization_scheme`, `target`, `accepted_targets`, `host` | of `service`: facts about the request |
    /// | `sent` | of `service`: other facts about the request: `method`, `path`, `header_names`, `content_type`, `is_signed`, `caller`, `owner`, `private_address`, `client_certificate_asked` |
    /// | `reason` | of `response`: why the response could not be decoded; of `settings`: the setting, and what is wrong |
    pub fn to_json(&self) -> String {
        const LEFT_OUT: &str = "the request's body is omitted, because it may hold passwords";
        let note = self.request_body.is_none().then_some(LEFT_OUT);
        let (outcome, parts) = self.outcome.write();
        let mut saved = json!({
            "format": FORMAT,
            "version": VERSION,
            "service": { "title": self.service, "id": self.service_id },
            "operation": self.operation,
            "attempts": self.attempts,
            "summary": self.summary,
            "request": { "body": self.request_body, "note": note },
            "clock": self.clock.map(write_clock),
            "outcome": outcome,
        });
        if let (Value::Object(saved), Value::Object(parts)) = (&mut saved, parts) {
            saved.extend(parts);
        }
        format!("{saved:#}")
    }

    /// Reads the JSON of [`to_json`](Self::to_json); unknown members are ignored.
    ///
    /// # Errors
    /// [`SavedError`], which names the member that is missing or wrong.
    pub fn from_json(json: &str) -> Result<Self, SavedError> {
        if json.len() > MAX_BYTES {
            return Err(SavedError::new("", format!("{} bytes, at most {MAX_BYTES}", json.len())));
        }
        let saved: Value = serde_json::from_str(json.trim_start_matches('\u{feff}'))
            .map_err(|error| SavedError::new("", format!("not JSON: {error}")))?;
        let saved = Reader::root(&saved)?;
        if saved.optional_text("format")?.as_deref() != Some(FORMAT) {
            return Err(SavedError::new("format", format!("must be {FORMAT:?}: not a saved exchange")));
        }
        let version: u32 = saved.required("version")?.number()?;
        if version != VERSION {
            let reason =
                format!("{version}, but this library reads version {VERSION}; use the one that wrote it");
            return Err(SavedError::new("version", reason));
        }
        let service = saved.required("service")?;
        Ok(Self {
            service: service.text("title")?,
            service_id: service.text("id")?,
            operation: saved.text("operation")?,
            attempts: saved.required("attempts")?.number()?,
            summary: saved.text("summary")?,
            request_body: saved.optional("request")?.map_or(Ok(None), |it| it.optional_text("body"))?,
            clock: saved.optional("clock")?.map(|clock| read_clock(&clock)).transpose()?,
            outcome: read_outcome(&saved)?,
        })
    }
}

impl Outcome {
    /// The name of the outcome, and its members.
    fn write(&self) -> (&'static str, Value) {
        match self {
            Self::Succeeded(response) => ("succeeded", json!({ "response": response::write(response) })),
            Self::Settings { reason } => ("settings", json!({ "reason": reason })),
            Self::Input(violations) => ("input", json!({ "violations": write_violations(violations) })),
            Self::Credentials(sources) => ("credentials", json!({ "sources": write_sources(sources) })),
            Self::Hook { reason } => ("hook", json!({ "reason": reason })),
            Self::Transport(evidence) => ("transport", json!({ "transport": transport::write(evidence) })),
            Self::Service(refused) => ("service", response::write_refused(refused)),
            Self::Response { response, reason } => {
                ("response", json!({ "response": response::write(response), "reason": reason }))
            }
        }
    }
}

fn read_outcome(saved: &Reader<'_>) -> Result<Outcome, SavedError> {
    let outcome = saved.required("outcome")?;
    Ok(match outcome.as_text()? {
        "succeeded" => Outcome::Succeeded(response::read(&saved.required("response")?)?),
        "settings" => Outcome::Settings { reason: saved.text("reason")? },
        "input" => Outcome::Input(saved.items("violations", |violation| {
            Ok(Violation::new(violation.text("path")?, violation.text("message")?))
        })?),
        "credentials" => Outcome::Credentials(saved.items("sources", |tried| {
            let fault = tried.required("fault")?.named(FAULTS)?;
            // Exchanges that older versions saved have neither.
            let lines = |name| tried.optional(name)?.map_or(Ok(Vec::new()), |_| tried.texts(name));
            Ok(SourceTried {
                source: tried.text("source")?,
                reason: tried.text("reason")?,
                fault,
                causes: lines("causes")?,
                remedies: lines("remedies")?,
            })
        })?),
        "hook" => Outcome::Hook { reason: saved.text("reason")? },
        "transport" => Outcome::Transport(transport::read(&saved.required("transport")?)?),
        "service" => Outcome::Service(Box::new(response::read_refused(saved)?)),
        "response" => Outcome::Response {
            response: response::read(&saved.required("response")?)?,
            reason: saved.text("reason")?,
        },
        _ => {
            return Err(outcome
                .wrong("succeeded, settings, input, credentials, hook, transport, service or response"));
        }
    })
}

fn write_clock(clock: ClockEvidence) -> Value {
    json!({ "offset_seconds": clock.offset_seconds, "corrected": clock.corrected })
}

fn read_clock(saved: &Reader<'_>) -> Result<ClockEvidence, SavedError> {
    let offset = saved.required("offset_seconds")?.integer()?;
    Ok(ClockEvidence::new(offset, saved.boolean("corrected")?))
}

fn write_violations(violations: &[Violation]) -> Value {
    list(
        violations
            .iter()
            .map(|violation| json!({ "path": violation.path(), "message": violation.message() })),
    )
}

fn write_sources(sources: &[SourceTried]) -> Value {
    list(sources.iter().map(|tried| {
        let fault = FAULTS.iter().find(|(_, fault)| *fault == tried.fault).map(|(name, _)| *name);
        json!({
            "source": tried.source,
            "reason": tried.reason,
            "fault": fault,
            "causes": tried.causes,
            "remedies": tried.remedies,
        })
    }))
}

#[cfg(test)]
mod tests;
