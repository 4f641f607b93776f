//! `call`: makes one call, with JSON as input and output.

use std::{
    fmt::Write as _,
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::Path,
};

use gatewright_fake::Fake;
use gatewright_runtime::{BuildError, DynamicError, DynamicErrorKind, DynamicOperation, explain::Evidence};
use serde_json::{Value, json};
use tokio::runtime;

use crate::{
    arguments::{self, source_name},
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
        .map_err(|error| Failure::Failed(format!("cannot start the runtime: {error}")))?;
    let (response, unsaved) = runtime.block_on(order.send())?;
    let printed = output::print_line(format_args!("{response:#}"));
    unsaved.map_or(printed, Err)
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
            timeout: arguments.timeout,
            attempt_timeout: arguments.attempt_timeout,
            max_attempts: arguments.max_attempts,
            unchecked: arguments.unchecked,
        };
        Ok(Self {
            service,
            client,
            operation: arguments.operation.clone(),
            input: input(&arguments.input)?,
            setup,
            fake: arguments.fake,
            record: arguments.record.clone(),
            record_input: arguments.record_input,
        })
    }

    /// Returns the response, and why it could not be saved.
    async fn send(self) -> Result<(Value, Option<Failure>), Failure> {
        let Self { service, client, operation: name, input, setup, fake, record, record_input } = self;
        let Some(operation) = service.fake.operation(&name) else {
            let names = service.fake.operations().iter().map(DynamicOperation::name);
            return Err(bad_input(Failure::unknown("operation", &name, names)));
        };
        let fake =
            if fake { Some(Fake::start(service.fake).await.map_err(|error| failed(&error))?) } else { None };
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
                if is_unset && matches!(error, BuildError::Endpoint(_)) {
                    add_option(&mut refused, "`--region` sets the region, `--endpoint` the URL of the service.");
                }
                return Err(failure(&refused, keep(evidence)));
            }
        };
        match operation.call_with_metadata(&client, &input).await {
            Ok(response) => {
                let evidence = Evidence::of_success(service.fake.info(), &name, &response.metadata);
                // Only a person can set the clock, and the response does not show that it is wrong.
                if let Some(clock) = evidence.clock {
                    output::note(format_args!("warning: {clock}; set the clock, preferably with NTP"));
                }
                let unsaved = keep(evidence).err().map(|error| {
                    Failure::Failed(format!("the call succeeded, and could not be saved: {error}"))
                });
                let response = serde_json::from_str(&response.output).map_err(|error| failed(&error.into()))?;
                Ok((response, unsaved))
            }
            Err(mut error) => {
                if error.kind == DynamicErrorKind::Input && !setup.unchecked {
                    let remedy = "On this command line, `--unchecked` disables the check of constraints, but not of required members \
                                  and types.";
                    add_option(&mut error, remedy);
                }
                let kept = error.evidence.as_deref().cloned().map_or(Ok(None), keep);
                Err(failure(&error, kept))
            }
        }
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
        options.write(true).create(true).truncate(true);
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
        self.file.write_all(text.as_bytes()).map_err(unwritten)?;
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

/// The input: given directly, in a file, or on standard input.
fn input(source: &str) -> Result<Vec<u8>, Failure> {
    let read = match (source, source.strip_prefix('@')) {
        ("-", _) => {
            let mut input = Vec::new();
            io::stdin().read_to_end(&mut input).map(|_| input)
        }
        (_, Some(path)) => fs::read(path),
        (json, None) if Path::new(json).is_file() => {
            return Err(Failure::Usage(format!("the input is the name of a file; did you mean @{json}?")));
        }
        (json, None) => Ok(json.into()),
    };
    let name = source_name(source);
    let mut input =
        read.map_err(|error| Failure::Usage(format!("cannot read the input from {name}: {error}")))?;
    // Some editors write a byte order mark.
    if input.starts_with(b"\xef\xbb\xbf") {
        input.drain(..3);
    }
    if input.trim_ascii().is_empty() {
        let from = if source.trim().is_empty() { String::new() } else { format!(" from {name}") };
        return Err(Failure::Usage(format!("the input{from} is empty; an input without members is {{}}")));
    }
    Ok(input)
}

/// Adds a remedy that the command line has.
fn add_option(error: &mut DynamicError, remedy: &str) {
    error.explanation.remedies.push(remedy.to_owned());
}

/// An error of the call, for people and for programs.
fn failure(error: &DynamicError, recorded: io::Result<Option<String>>) -> Failure {
    let (recorded, record_error) = match recorded {
        Ok(path) => (path, None),
        Err(error) => (None, Some(error.to_string())),
    };
    let mut text = error.explanation.to_string();
    if let Some(path) = &recorded {
        let _ = write!(text, "\n\nThe call is saved in {path}.");
    }
    let explanation = json!({
        "summary": error.explanation.summary,
        "evidence": error.explanation.evidence,
        "causes": error.explanation.causes,
        "remedies": error.explanation.remedies,
    });
    let mut json = json!({
        "kind": error.kind.as_str(),
        "exception": error.exception,
        "code": error.code,
        "message": error.message,
        "status": error.status,
        "request_id": error.request_id,
        "attempts": error.attempts,
        "explanation": explanation,
        "recorded": recorded,
    });
    if let Some(error) = record_error {
        let _ = write!(text, "\n\nThe call could not be saved: {error}");
        json["record_error"] = error.into();
    }
    let exit_code = if error.kind == DynamicErrorKind::Input { 2 } else { 1 };
    Failure::Reported { exit_code, text, json }
}

/// An error before the call, in the same format.
fn bad_input(failure: Failure) -> Failure {
    let Failure::Usage(message) = failure else { return failure };
    self::failure(&DynamicError::input(message), Ok(None))
}

fn failed(error: &io::Error) -> Failure {
    let text = error.to_string();
    Failure::Reported { exit_code: 1, json: json!({ "kind": "Transport", "message": text, "attempts": 0 }), text }
}
