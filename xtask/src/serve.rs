//! `cargo xtask serve`: the fake, for programs in other processes.

use std::{
    future::poll_fn,
    io::{self, Write as _},
    task::Poll,
};

use gatewright::credentials::Credentials;
use gatewright_runtime::fake::Fake;
use tokio::{
    runtime,
    signal::unix::{SignalKind, signal},
};

use crate::{failure::Failure, flags::Flags, services};

const VALUED: &[&str] = &["port", "access-key-id", "secret-access-key", "session-token", "region"];
const SWITCHES: &[&str] = &["control"];

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let flags = Flags::parse(arguments, VALUED, SWITCHES)?;
    let [service] = flags.positions.as_slice() else {
        return Err(Failure::Usage("serve takes a service".into()));
    };
    let service = services::find(service)?;
    let mut builder = Fake::builder(service.fake)
        .port(flags.parsed("port", "a number up to 65535")?.unwrap_or(0))
        .control(flags.has("control"));
    match (flags.value("access-key-id"), flags.value("secret-access-key"), flags.value("session-token")) {
        (None, None, None) => {}
        (Some(id), Some(secret), None) => builder = builder.credentials(Credentials::new(id, secret)),
        (Some(id), Some(secret), Some(token)) => {
            builder = builder.credentials(Credentials::new(id, secret).with_session_token(token));
        }
        _ => return Err(Failure::Usage("--access-key-id and --secret-access-key go together".into())),
    }
    if let Some(region) = flags.value("region") {
        builder = builder.region(region);
    }
    let has_own_credentials = flags.value("access-key-id").is_some();
    let runtime = runtime::Builder::new_multi_thread().enable_all().build();
    let failed = |error: io::Error| Failure::Failed(format!("cannot serve: {error}"));
    runtime.map_err(failed)?.block_on(async {
        let fake = builder.start().await.map_err(failed)?;
        announce(&fake, service.name, has_own_credentials).map_err(failed)?;
        until_told_to_end().await.map_err(failed)
    })
}

/// The URL is alone on standard output, for scripts; the rest is for people.
fn announce(fake: &Fake, service: &str, has_own_credentials: bool) -> io::Result<()> {
    println!("{}", fake.url());
    io::stdout().flush()?;
    let credentials = fake.credentials();
    let secret = if has_own_credentials { "…" } else { credentials.secret_access_key() };
    eprintln!("{service}, faked, until Ctrl-C. In another terminal:");
    eprintln!("  export AWS_ACCESS_KEY_ID={} AWS_SECRET_ACCESS_KEY={secret}", credentials.access_key_id());
    eprintln!(
        "  cargo xtask call {service} {} --region {} --endpoint {}",
        "ListGateways",
        fake.region(),
        fake.url()
    );
    Ok(())
}

async fn until_told_to_end() -> io::Result<()> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    poll_fn(|cx| {
        let told = interrupt.poll_recv(cx).is_ready() || terminate.poll_recv(cx).is_ready();
        if told { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    Ok(())
}
