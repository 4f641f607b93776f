//! `cargo xtask serve`: runs a fake for programs in other processes.

mod api;

use std::{future::poll_fn, io, task::Poll};

use gatewright::credentials::Credentials;
use gatewright::fake::Fake;
use gatewright_runtime::{DynamicOperation, Secret};
use tokio::{
    runtime,
    signal::unix::{Signal, SignalKind, signal},
};

use self::api::Orders;
use crate::{
    failure::Failure,
    flags::Flags,
    output::{self, note},
    registry::MODEL,
    services::{self, Service},
};

const VALUED: &[&str] =
    &["port", "access-key-id", "secret-access-key", "session-token", "region", "respond", "refuse"];
const SWITCHES: &[&str] = &["control"];

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let flags = Flags::parse(arguments, VALUED, SWITCHES)?;
    let [service] = flags.positions.as_slice() else {
        return Err(Failure::Usage("serve takes a service".into()));
    };
    let service = services::find(service)?;
    if api::list_if_asked(&flags, service)? {
        return Ok(());
    }
    let orders = Orders::read(&flags, service)?;
    let mut builder = Fake::builder(service.fake)
        .port(flags.parsed("port", "a number up to 65535")?.unwrap_or(0))
        .control(flags.has("control"));
    match (flags.value("access-key-id"), flags.value("secret-access-key"), flags.value("session-token")) {
        (None, None, None) => {}
        (Some(id), Some(secret), None) => {
            builder = builder.credentials(Credentials::new(id, Secret::new(secret)));
        }
        (Some(id), Some(secret), Some(token)) => {
            builder = builder.credentials(
                Credentials::new(id, Secret::new(secret)).with_session_token(Secret::new(token)),
            );
        }
        _ => {
            return Err(Failure::Usage(
                "credentials need both --access-key-id and --secret-access-key".into(),
            ));
        }
    }
    if let Some(region) = flags.value("region") {
        builder = builder.region(region);
    }
    let has_own_credentials = flags.value("access-key-id").is_some();
    let runtime = runtime::Builder::new_multi_thread().enable_all().build();
    let failed = |error: io::Error| Failure::Failed(format!("cannot serve: {error}"));
    runtime.map_err(failed)?.block_on(async {
        let fake = builder.start().await.map_err(failed)?;
        // Signals are handled before the URL is printed, so that none is missed.
        let (interrupt, terminate) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
        let signals = [interrupt.map_err(failed)?, terminate.map_err(failed)?];
        orders.give(&fake)?;
        announce(&fake, service, &orders, has_own_credentials)?;
        any(signals).await;
        Ok(())
    })
}

/// Prints the URL alone on standard output, for scripts, and instructions for people on standard error.
fn announce(
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
        orders.announce(fake, service);
        return Ok(());
    }
    let (name, region, url) = (service.name, fake.region(), fake.url());
    let operation = example(service).map_or("<Operation> --input '{…}'", DynamicOperation::name);
    note(format_args!("  cargo xtask call {name} {operation}{MODEL} --region {region} --endpoint {url}"));
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

/// Waits for one of the signals.
async fn any(mut signals: [Signal; 2]) {
    poll_fn(|cx| {
        let came = signals.iter_mut().any(|signal| signal.poll_recv(cx).is_ready());
        if came { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}
