//! `call`: makes one call, with JSON as input and output.

mod input;

use std::{
    fmt::Write as _,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
};

use gatewright_fake::Fake;
use gatewright_runtime::{
    BuildError, DynamicError, DynamicErrorKind, DynamicOperation, Explanation,
    error::ResponseMetadata,
    explain::{Evidence, Outcome},
    transport::TransportErrorKind,
};
use serde_json::{Value, json};
use tokio::runtime;

use crate::{
    arguments,
    failure::Failure,
    output,
    services::{MakeClient, Program, Service, Setup},
};

/// Makes the call.
///
/// # Errors
/// The failure of the call, for people and for programs.
pub fn run(program: &Program, arguments: &arguments::Call) -> Result<(), Failure> {
    let order = Order::read(program, arguments).map_err(bad_input)?;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| unsent("cannot start the runtime", &error))?;
    let (response, unsaved) = runtime.block_on(order.send())?;
    let printed = output::print_line(indented(response));
    unsaved.map_or(printed, Err)
}

/// A response with a line for each member. A response that is nested too deep for `serde_json` is printed as received.
fn indented(response: String) -> String {
    serde_json::from_str::<Value>(&response).map_or(response, |response| format!("{response:#}"))
}

/// The call to make.
struct Order {
    service: &'static Service,
    client: MakeClient,
    operation: String,
    input: Vec<u8>,
    setup: Setup,
    fake: bool,
    /// Where to save the exchange.
    record: Option<String>,
    record_input: bool,
}

impl Order {
    fn read(program: &Program, arguments: &arguments::Call) -> Result<Self, Failure> {
        let service = program.find(&arguments.service)?;
        let Some(client) = service.client else {
            let way_out = "`serve` runs its fake, and `explain` explains why a call of it failed";
            return Err(Failure::Usage(format!(
                "{} is called by method and path and has no operations; {way_out}",
                service.name
            )));
        };
        let setup = Setup {
            endpoint: arguments.endpoint.clone(),
            region: arguments.region.clone(),
            profile: arguments.profile.clone(),
            timeout: arguments.timeout,
            attempt_timeout: arguments.attempt_timeout,
            max_attempts: arguments.max_attempts,
            unchecked: arguments.unchecked,
        };
        Ok(Self {
            service,
            client,
            operation: arguments.operation.clone(),
            input: input::read(&arguments.input)?,
            setup,
            fake: arguments.fake,
            record: arguments.record.clone(),
            record_input: arguments.record_input,
        })
    }

    /// Returns the response in JSON, and why it could not be saved.
    async fn send(self) -> Result<(String, Option<Failure>), Failure> {
        let Self { service, client, operation: name, input, setup, fake, record, record_input } = self;
        let Some(operation) = service.fake.operation(&name) else {
            let names = service.fake.operations().iter().map(DynamicOperation::name);
            return Err(bad_input(Failure::unknown("operation", &name, names)));
        };
        let fake = if fake {
            let started = Fake::start(service.fake).await;
            Some(started.map_err(|error| unsent("the fake cannot start", &error))?)
        } else {
            None
        };
        // Opened first, so that no call is made whose record cannot be saved.
        let mut record = record.map(Record::create).transpose().map_err(bad_input)?;
        let kept_input = record_input.then(|| input.clone());
        let mut keep = |mut evidence: Evidence| {
            let Some(record) = &mut record else { return Ok(None) };
            if let Some(input) = &kept_input {
                evidence = evidence.with_request_body(service.fake.info(), input);
            }
            record.keep(&evidence)
        };
        let client = match client(fake.as_ref(), &setup) {
            Ok(client) => client,
            Err(error) => {
                let evidence = Evidence::of_settings(service.fake.info(), &name, &error);
                let mut refused = DynamicError::input(error.to_string());
                refused.explanation = evidence.explain(Some(service.fake.info()));
                let is_unset = setup.region.is_none() && setup.endpoint.is_none();
                if !is_unset || setup.profile.is_some() {
                    let remedy = "On this command line, `--region`, `--endpoint` and `--profile` are settings of the builder.";
                    add_option(&mut refused, remedy);
                } else if matches!(error, BuildError::Endpoint(_)) {
                    add_option(
                        &mut refused,
                        "`--region` sets the region, `--endpoint` the URL of the service.",
                    );
                }
                return Err(failure(&refused, keep(evidence)));
            }
        };
        match operation.call_with_metadata(&client, &input).await {
            Ok(response) => {
                let evidence = Evidence::of_success(service.fake.info(), &name, &response.metadata);
                // Only a person can set the clock, and the response does not show that it is wrong. Programs read the record.
                if let Some(clock) = evidence.clock.filter(|_| !output::is_json()) {
                    output::note(format_args!("warning: {clock}; set the clock, preferably with NTP"));
                }
                let explanation = evidence.explain(Some(service.fake.info()));
                let unsaved =
                    keep(evidence).err().map(|error| unsaved(&response.metadata, explanation, error));
                Ok((response.output, unsaved))
            }
            Err(mut error) => {
                if error.kind == DynamicErrorKind::Input && !setup.unchecked {
                    let remedy = "On this command line, `--unchecked` disables the check of constraints, but not of required members \
                                  and types.";
                    add_option(&mut error, remedy);
                }
                let outcome = error.evidence.as_deref().map(|evidence| &evidence.outcome);
                if let Some(option) = outcome.and_then(timeout_option) {
                    add_option(&mut error, &format!("On this command line, `{option}` sets this timeout."));
                }
                if error.kind == DynamicErrorKind::Credentials {
                    let [id, secret, token] = service.key_variables();
                    let profile = service.profile_variable();
                    let remedy = format!(
                        "On this command line, set `{id}` and `{secret}`, with temporary keys also `{token}`; or `{profile}` or \
                         `--profile` to a profile of the shared files."
                    );
                    add_option(&mut error, &remedy);
                }
                let kept = error.evidence.as_deref().cloned().map_or(Ok(None), keep);
                Err(failure(&error, kept))
            }
        }
    }
}

/// The option for the timeout that ended a call.
fn timeout_option(outcome: &Outcome) -> Option<&'static str> {
    let Outcome::Transport(evidence) = outcome else { return None };
    match evidence.kind {
        TransportErrorKind::OperationTimeout => Some("--timeout"),
        TransportErrorKind::AttemptTimeout => Some("--attempt-timeout"),
        _ => None,
    }
}

/// A file for the exchange.
struct Record {
    path: String,
    file: File,
}

impl Record {
    fn create(path: String) -> Result<Self, Failure> {
        let mut options = OpenOptions::new();
        // An older record stays until there is another.
        options.write(true).create(true).truncate(false);
        // Responses may contain secrets for their receiver only. On Windows, files inherit the rights of their folder, and
        // a user's folder is accessible to that user only.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let opened = options.open(&path).and_then(|file| restricted(&file).map(|()| file));
        let file =
            opened.map_err(|error| Failure::Usage(format!("cannot write the record to {path}: {error}")))?;
        Ok(Self { path, file })
    }

    /// Prints the path of the record.
    fn keep(&mut self, evidence: &Evidence) -> io::Result<Option<String>> {
        let text = evidence.to_json() + "\n";
        let unwritten = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", self.path));
        // Devices and pipes have no length.
        let emptied =
            self.file.metadata().and_then(|file| if file.is_file() { self.file.set_len(0) } else { Ok(()) });
        emptied.and_then(|()| self.file.write_all(text.as_bytes())).map_err(unwritten)?;
        Ok(Some(self.path.clone()))
    }
}

/// Removes the access of others to a file that existed before.
#[cfg(unix)]
fn restricted(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = file.metadata()?;
    let is_shared = metadata.is_file() && metadata.permissions().mode() & 0o077 != 0;
    if is_shared { file.set_permissions(fs::Permissions::from_mode(0o600)) } else { Ok(()) }
}

#[cfg(not(unix))]
fn restricted(_: &File) -> io::Result<()> {
    Ok(())
}

/// Adds a remedy that the command line has.
fn add_option(error: &mut DynamicError, remedy: &str) {
    error.explanation.remedies.push(remedy.to_owned());
}

/// An error of the call, for people and for programs.
fn failure(error: &DynamicError, recorded: io::Result<Option<String>>) -> Failure {
    let mut text = error.explanation.to_string();
    let _ = match &recorded {
        Ok(None) => Ok(()),
        Ok(Some(path)) => write!(text, "\n\nThe call is saved in {path}."),
        Err(error) => write!(text, "\n\nThe call could not be saved: {error}"),
    };
    let exit_code = if error.kind == DynamicErrorKind::Input { 2 } else { 1 };
    Failure::Reported { exit_code, text, json: as_json(error.kind.as_str(), error, recorded) }
}

/// What every failure of a call has, for programs.
fn as_json(kind: &str, error: &DynamicError, recorded: io::Result<Option<String>>) -> Value {
    let explanation = json!({
        "summary": error.explanation.summary,
        "evidence": error.explanation.evidence,
        "causes": error.explanation.causes,
        "remedies": error.explanation.remedies,
    });
    let mut json = json!({
        "kind": kind,
        "exception": error.exception,
        "code": error.code,
        "message": error.message,
        "status": error.status,
        "request_id": error.request_id,
        "attempts": error.attempts,
        "explanation": explanation,
        "recorded": null,
    });
    match recorded {
        Ok(path) => json["recorded"] = path.into(),
        Err(error) => json["record_error"] = error.to_string().into(),
    }
    json
}

/// The failure to save a call that succeeded.
fn unsaved(metadata: &ResponseMetadata, explanation: Explanation, why: io::Error) -> Failure {
    let text = format!("the call succeeded, and could not be saved: {why}");
    let mut error = DynamicError::input(&text);
    error.status = Some(metadata.status().as_u16());
    error.request_id = metadata.request_id().map(str::to_owned);
    error.attempts = metadata.attempts();
    error.explanation = explanation;
    Failure::Reported { exit_code: 1, text, json: as_json("Failed", &error, Err(why)) }
}

/// An error before the call, in the same format.
fn bad_input(failure: Failure) -> Failure {
    let Failure::Usage(message) = failure else { return failure };
    self::failure(&DynamicError::input(message), Ok(None))
}

/// A failure of this machine, before the call.
fn unsent(what: &str, why: &io::Error) -> Failure {
    let mut error = DynamicError::input(format!("{what}: {why}"));
    error.kind = DynamicErrorKind::Transport;
    error.explanation.causes =
        vec!["This machine refused what the call needs; no request was sent.".to_owned()];
    error.explanation.remedies = vec!["Correct what the summary names, and call again.".to_owned()];
    failure(&error, Ok(None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_is_printed_whatever_its_depth() {
        assert_eq!(indented(r#"{"B":1,"A":[]}"#.to_owned()), "{\n  \"A\": [],\n  \"B\": 1\n}");
        for depth in [126, 127, 10_000] {
            let response = format!(r#"{{"Payload":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
            assert_eq!(indented(response.clone()).replace([' ', '\n'], ""), response, "{depth}");
        }
    }
}
