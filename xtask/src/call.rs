//! `cargo xtask call`: makes one call, with JSON as input and output.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    time::Duration,
};

use gatewright::fake::Fake;
use gatewright_runtime::{DynamicError, DynamicErrorKind, DynamicOperation, explain::Evidence};
use serde_json::{Value, json};
use tokio::runtime;

use crate::{
    failure::Failure,
    flags::Flags,
    output,
    services::{self, Setup},
};

const VALUED: &[&str] =
    &["input", "endpoint", "region", "timeout", "attempt-timeout", "max-attempts", "record"];
const SWITCHES: &[&str] = &["unchecked", "fake", "record-input"];

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let order = Order::read(arguments).map_err(bad_input)?;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Failed(format!("cannot start the runtime: {error}")))?;
    let response: Value = runtime.block_on(order.send())?;
    output::print_line(format_args!("{response:#}"))
}

/// The call to make.
struct Order<'a> {
    service: &'static services::Service,
    client: services::MakeClient,
    operation: &'a str,
    input: Vec<u8>,
    setup: Setup,
    fake: bool,
    /// Where to save the exchange.
    record: Option<&'a str>,
    record_input: bool,
}

impl<'a> Order<'a> {
    fn read(arguments: &'a [String]) -> Result<Self, Failure> {
        let flags = Flags::parse(arguments, VALUED, SWITCHES)?;
        let [service, operation] = flags.positions.as_slice() else {
            return Err(Failure::Usage("call takes a service and an operation".into()));
        };
        if flags.has("fake") && flags.value("endpoint").is_some() {
            return Err(Failure::Usage("--fake and --endpoint exclude each other".into()));
        }
        if flags.has("record-input") && flags.value("record").is_none() {
            return Err(Failure::Usage("--record-input goes with --record".into()));
        }
        let setup = Setup {
            endpoint: flags.value("endpoint").map(str::to_owned),
            region: flags.value("region").map(str::to_owned),
            timeout: seconds(&flags, "timeout")?,
            attempt_timeout: seconds(&flags, "attempt-timeout")?,
            max_attempts: flags.parsed("max-attempts", "a number from 1")?,
            unchecked: flags.has("unchecked"),
        };
        let service = services::find(service)?;
        let Some(client) = service.client else {
            let way_out = "`serve` runs its fake, and `explain` explains why a call of it failed";
            return Err(Failure::Usage(format!(
                "{} is called by method and path and has no operations; {way_out}",
                service.name
            )));
        };
        Ok(Self {
            service,
            client,
            operation,
            input: input(flags.value("input").unwrap_or("{}"))?,
            setup,
            fake: flags.has("fake"),
            record: flags.value("record"),
            record_input: flags.has("record-input"),
        })
    }

    async fn send(self) -> Result<Value, Failure> {
        let Self { service, client, operation: name, input, setup, fake, record, record_input } = self;
        let Some(operation) = service.fake.operation(name) else {
            let names = service.fake.operations().iter().map(DynamicOperation::name);
            return Err(bad_input(Failure::unknown("operation", name, names)));
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
                let evidence = Evidence::of_settings(service.fake.info(), name, &error);
                let mut refused = DynamicError::input(error.to_string());
                refused.explanation = evidence.explain(Some(service.fake.info()));
                return Err(error_json(&refused, keep(evidence)));
            }
        };
        match operation.call_with_metadata(&client, &input).await {
            Ok(response) => {
                let evidence = Evidence::of_success(service.fake.info(), name, &response.metadata);
                // Only a person can set the clock, and the response does not show that it is wrong.
                if let Some(clock) = evidence.clock {
                    output::note(format_args!("warning: {clock}; set the clock, best by NTP"));
                }
                keep(evidence).map_err(|error| failed(&error))?;
                serde_json::from_str(&response.output).map_err(|error| failed(&error.into()))
            }
            Err(error) => {
                let kept = error.evidence.as_deref().cloned().map_or(Ok(None), keep);
                Err(error_json(&error, kept))
            }
        }
    }
}

/// A file for the exchange.
struct Record<'a> {
    path: &'a str,
    file: File,
}

impl<'a> Record<'a> {
    fn create(path: &'a str) -> Result<Self, Failure> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        // Responses may contain secrets for their receiver only. On Windows, files inherit the rights of their folder, and
        // a user's folder is accessible to that user only.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let opened = options.open(path).and_then(|file| restricted(&file).map(|()| file));
        let file =
            opened.map_err(|error| Failure::Usage(format!("cannot write the record to {path}: {error}")))?;
        Ok(Self { path, file })
    }

    /// Prints the path of the record.
    fn keep(&mut self, evidence: &Evidence) -> io::Result<Option<&'a str>> {
        let text = evidence.to_json() + "\n";
        self.file.write_all(text.as_bytes())?;
        Ok(Some(self.path))
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

fn seconds(flags: &Flags<'_>, name: &str) -> Result<Option<Duration>, Failure> {
    let Some(seconds) = flags.parsed(name, "a number of seconds")? else { return Ok(None) };
    let wrong = |_| Failure::Usage(format!("--{name} takes a number of seconds from 0, not {seconds}"));
    Duration::try_from_secs_f64(seconds).map(Some).map_err(wrong)
}

/// The input: given directly, in a file, or on standard input.
fn input(source: &str) -> Result<Vec<u8>, Failure> {
    let read = match (source, source.strip_prefix('@')) {
        ("-", _) => {
            let mut input = Vec::new();
            io::stdin().read_to_end(&mut input).map(|_| input)
        }
        (_, Some(path)) => fs::read(path),
        (json, None) => Ok(json.into()),
    };
    let mut input =
        read.map_err(|error| Failure::Usage(format!("cannot read the input from {source}: {error}")))?;
    // Some editors write a byte order mark.
    if input.starts_with(b"\xef\xbb\xbf") {
        input.drain(..3);
    }
    Ok(input)
}

/// An error of the call as JSON, for scripts.
fn error_json(error: &DynamicError, recorded: io::Result<Option<&str>>) -> Failure {
    let (recorded, record_error) = match recorded {
        Ok(path) => (path, None),
        Err(error) => (None, Some(error.to_string())),
    };
    let explanation = json!({
        "summary": error.explanation.summary,
        "evidence": error.explanation.evidence,
        "causes": error.explanation.causes,
        "remedies": error.explanation.remedies,
    });
    let mut report = json!({
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
        report["record_error"] = error.into();
    }
    let report = format!("{report:#}");
    if error.kind == DynamicErrorKind::Input { Failure::Refused(report) } else { Failure::Failed(report) }
}

/// An error before the call, in the same format.
fn bad_input(failure: Failure) -> Failure {
    let Failure::Usage(message) = failure else { return failure };
    error_json(&DynamicError::input(message), Ok(None))
}

fn failed(error: &io::Error) -> Failure {
    Failure::Failed(json!({ "kind": "Transport", "message": error.to_string(), "attempts": 0 }).to_string())
}
