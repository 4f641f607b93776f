//! `cargo xtask call`: one call, JSON in and JSON out.

use std::{
    fs,
    io::{self, Read as _},
    time::Duration,
};

use gatewright_runtime::{DynamicError, DynamicOperation, fake::Fake};
use serde_json::{Value, json};
use tokio::runtime;

use crate::{
    failure::Failure,
    flags::Flags,
    services::{self, Setup},
};

const VALUED: &[&str] = &["input", "endpoint", "region", "timeout", "attempt-timeout", "max-attempts"];
const SWITCHES: &[&str] = &["unchecked", "fake"];

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let order = Order::read(arguments).map_err(bad_input)?;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Failed(format!("cannot start the runtime: {error}")))?;
    let response: Value = runtime.block_on(order.send())?;
    println!("{response:#}");
    Ok(())
}

/// What is to be called.
struct Order<'a> {
    service: &'static services::Service,
    operation: &'a str,
    input: Vec<u8>,
    setup: Setup,
    fake: bool,
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
        let setup = Setup {
            endpoint: flags.value("endpoint").map(str::to_owned),
            region: flags.value("region").map(str::to_owned),
            timeout: seconds(&flags, "timeout")?,
            attempt_timeout: seconds(&flags, "attempt-timeout")?,
            max_attempts: flags.parsed("max-attempts", "a number from 1")?,
            unchecked: flags.has("unchecked"),
        };
        Ok(Self {
            service: services::find(service)?,
            operation,
            input: input(flags.value("input").unwrap_or("{}"))?,
            setup,
            fake: flags.has("fake"),
        })
    }

    async fn send(self) -> Result<Value, Failure> {
        let Self { service, operation: name, input, setup, fake } = self;
        let Some(operation) = service.fake.operation(name) else {
            let names = service.fake.operations().iter().map(DynamicOperation::name);
            return Err(bad_input(Failure::unknown("operation", name, names)));
        };
        let fake =
            if fake { Some(Fake::start(service.fake).await.map_err(|error| failed(&error))?) } else { None };
        let client = (service.client)(fake.as_ref(), &setup)
            .map_err(|error| bad_input(Failure::Usage(error.to_string())))?;
        let response = operation.call(&client, &input).await.map_err(|error| told(&error))?;
        serde_json::from_str(&response).map_err(|error| failed(&error.into()))
    }
}

fn seconds(flags: &Flags<'_>, name: &str) -> Result<Option<Duration>, Failure> {
    let Some(seconds) = flags.parsed(name, "a number of seconds")? else { return Ok(None) };
    let wrong = |_| Failure::Usage(format!("--{name} takes a number of seconds from 0, not {seconds}"));
    Duration::try_from_secs_f64(seconds).map(Some).map_err(wrong)
}

/// The input itself, or where it is.
fn input(source: &str) -> Result<Vec<u8>, Failure> {
    let read = match (source, source.strip_prefix('@')) {
        ("-", _) => {
            let mut input = Vec::new();
            io::stdin().read_to_end(&mut input).map(|_| input)
        }
        (_, Some(path)) => fs::read(path),
        (json, None) => Ok(json.into()),
    };
    read.map_err(|error| Failure::Usage(format!("cannot read the input from {source}: {error}")))
}

/// An error of the call, in the one form that scripts read.
fn told(error: &DynamicError) -> Failure {
    let explanation = json!({
        "summary": error.explanation.summary,
        "evidence": error.explanation.evidence,
        "causes": error.explanation.causes,
        "remedies": error.explanation.remedies,
    });
    let report = json!({
        "kind": error.kind,
        "exception": error.exception,
        "code": error.code,
        "message": error.message,
        "status": error.status,
        "request_id": error.request_id,
        "attempts": error.attempts,
        "explanation": explanation,
    });
    let report = format!("{report:#}");
    if error.kind == "Input" { Failure::Refused(report) } else { Failure::Failed(report) }
}

/// What is wrong before there is a call, in the same form.
fn bad_input(failure: Failure) -> Failure {
    let Failure::Usage(message) = failure else { return failure };
    told(&DynamicError::input(message))
}

fn failed(error: &io::Error) -> Failure {
    Failure::Failed(json!({ "kind": "Transport", "message": error.to_string(), "attempts": 0 }).to_string())
}
