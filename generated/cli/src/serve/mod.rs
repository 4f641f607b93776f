//! `serve`: runs a fake for programs in other processes.

mod api;
mod signals;

use std::io;

use gatewright_core::endpoint::check_region;
use gatewright_fake::Fake;
use gatewright_runtime::{DynamicOperation, Secret, credentials::Credentials};
use tokio::runtime;

use self::api::Orders;
use self::signals::Signals;
use crate::{
    arguments,
    failure::Failure,
    output::{self, note},
    services::{Program, Service},
};

/// Runs the fake until a signal ends it.
///
/// # Errors
/// The fake cannot listen, or the arguments do not fit the service.
pub fn run(program: &Program, arguments: &arguments::Serve) -> Result<(), Failure> {
    let service = program.find(&arguments.service)?;
    if api::list_if_asked(arguments, service)? {
        return Ok(());
    }
    let orders = Orders::read(program, arguments, service)?;
    let mut builder = Fake::builder(service.fake).port(arguments.port).control(arguments.control);
    let given = credentials(arguments);
    let has_own_credentials = given.is_some();
    if let Some(given) = given {
        builder = builder.credentials(given);
    }
    if let Some(region) = &arguments.region {
        // No client could sign for it.
        check_region(region).map_err(|error| Failure::Usage(format!("--region: {error}")))?;
        builder = builder.region(region);
    }
    let runtime = runtime::Builder::new_multi_thread().enable_all().build();
    let failed = |error: io::Error| Failure::Failed(format!("cannot serve: {error}"));
    runtime.map_err(failed)?.block_on(async {
        let fake = builder.start().await.map_err(|error| no_port(arguments.port, &error))?;
        // Signals are handled before the URL is printed, so that none is missed.
        let signals = Signals::handle().map_err(failed)?;
        orders.give(&fake)?;
        announce(program, &fake, service, &orders, has_own_credentials)?;
        signals.any().await.map_err(failed)
    })
}

/// The credentials that requests must be signed with, if they are not the fake's own.
fn credentials(arguments: &arguments::Serve) -> Option<Credentials> {
    let (id, secret) = (arguments.access_key_id.as_ref()?, arguments.secret_access_key.as_ref()?);
    let credentials = Credentials::new(id, Secret::new(&secret.0));
    Some(match &arguments.session_token {
        Some(token) => credentials.with_session_token(Secret::new(&token.0)),
        None => credentials,
    })
}

/// The fake cannot listen.
fn no_port(port: u16, error: &io::Error) -> Failure {
    let way_out = "name another --port, or use --port 0 for a free one";
    Failure::Failed(match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("cannot serve: port {port} is in use by another program; {way_out}")
        }
        io::ErrorKind::PermissionDenied => {
            format!("cannot serve: port {port} requires more privileges; {way_out}")
        }
        _ => format!("cannot serve on port {port}: {error}"),
    })
}

/// Prints the URL alone on standard output, for scripts, and instructions for people on standard error.
fn announce(
    program: &Program,
    fake: &Fake,
    service: &Service,
    orders: &Orders,
    has_own_credentials: bool,
) -> Result<(), Failure> {
    output::print_line(fake.url())?;
    note(format_args!("{}, faked until Ctrl-C. In another terminal:", service.name));
    let credentials = fake.credentials();
    let [id_variable, secret_variable, token_variable] = service.key_variables();
    if has_own_credentials {
        note(format_args!("  # {id_variable}, {secret_variable} and {token_variable} as you gave them"));
    } else {
        let (id, secret) = (credentials.access_key_id(), credentials.secret_access_key().expose());
        note(format_args!("  export {id_variable}={id} {secret_variable}={secret}"));
        note(format_args!("  unset {token_variable}"));
    }
    if service.client.is_none() {
        orders.announce(program, fake, service);
        return Ok(());
    }
    let (name, region, url) = (service.name, fake.region(), fake.url());
    let operation = example(service).map_or("<Operation> --input '{…}'", DynamicOperation::name);
    let (command, model) = (program.command, program.model_option());
    note(format_args!("  {command} call {name} {operation}{model} --region {region} --endpoint {url}"));
    Ok(())
}

/// A signed operation that needs no input, preferably a read-only one.
fn example(service: &Service) -> Option<&DynamicOperation> {
    let operations = service.fake.operations().iter();
    let simple = operations.filter(|operation| !operation.unsigned() && operation.check(b"{}").is_ok());
    simple.min_by_key(|operation| {
        ["List", "Get", "Describe", ""].iter().position(|verb| operation.name().starts_with(verb))
    })
}
