//! Verbs that need the generated client. Without it in this build, they are run by one that has it.

use crate::failure::Failure;

pub(crate) const CALL: &str = "\
call <service> <Operation> [--input JSON|@file|-] [--endpoint URL] [--region R] [--timeout S]
     [--attempt-timeout S] [--max-attempts N] [--unchecked] [--fake]
     prints the response as JSON; a failure as JSON on standard error, with exit code 1, or 2 for bad input
     --unchecked    sends what breaks the model's constraints, too
     --fake         calls a service that is started for the call alone: no account is needed";

pub(crate) const SERVE: &str = "\
serve <service> [--port N] [--access-key-id ID] [--secret-access-key KEY] [--session-token T] [--region R] [--control]
     prints the URL first; ends on Ctrl-C
     --region       the only region that requests may be signed for
     --control      lets other programs order failures: POST /__gatewright/fail {\"operation\": …, \"code\": …}";

pub(crate) const INTEROP: &str = "\
interop [--operations Operation,…]
     all operations, unless some are named";

/// One call, JSON in and JSON out.
pub(crate) fn call(arguments: &[String]) -> Result<(), Failure> {
    #[cfg(feature = "client")]
    return crate::call::run(arguments);
    #[cfg(not(feature = "client"))]
    rerun("call", arguments)
}

/// The fake, until it is told to end.
pub(crate) fn serve(arguments: &[String]) -> Result<(), Failure> {
    #[cfg(feature = "client")]
    return crate::serve::run(arguments);
    #[cfg(not(feature = "client"))]
    rerun("serve", arguments)
}

/// Client and fake beside boto3.
pub(crate) fn interop(arguments: &[String]) -> Result<(), Failure> {
    #[cfg(feature = "client")]
    return crate::interop::run(arguments);
    #[cfg(not(feature = "client"))]
    rerun("interop", arguments)
}

/// Becomes the same verb in a build with the client.
#[cfg(not(feature = "client"))]
fn rerun(verb: &str, arguments: &[String]) -> Result<(), Failure> {
    let mut cargo = std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["run", "--quiet", "--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")])
        .args(["--features", "client", "--", verb])
        .args(arguments);
    let failed = |error| Failure::Failed(format!("cannot run cargo: {error}"));
    // The same process goes on, so that signals to it and its exit code are the verb's own.
    #[cfg(unix)]
    return Err(failed(std::os::unix::process::CommandExt::exec(&mut cargo)));
    #[cfg(not(unix))]
    match cargo.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => Err(failed(error)),
    }
}
