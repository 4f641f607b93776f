//! Verbs that need the generated client. Without it in this build, they are run by one that has it.

use crate::failure::Failure;

pub(crate) const CALL: &str = "\
call <service> <Operation> [--input JSON|@file|-] [--endpoint URL] [--region R] [--timeout S]
     [--attempt-timeout S] [--max-attempts N] [--unchecked] [--fake] [--record FILE [--record-input]]
     prints the response as JSON; a failure as JSON on standard error, with exit code 1, or 2 for bad input
     --unchecked    sends what breaks the model's constraints, too
     --fake         calls a service that is started for the call alone: no account is needed
     --record       keeps what came back, for explain; secrets and the request's body are left out
     --record-input keeps the request's body, too, without the members that the model marks as sensitive";

pub(crate) const CREDENTIALS: &str = "\
credentials [--profile P]
     prints the id of the access key; ends with exit code 1 and what was tried where there is none";

pub(crate) const EXPLAIN: &str = "\
explain FILE|- [--service S] [--json]
     says why a call failed that call --record kept; ends with exit code 2 where it cannot be read
explain --message FILE|- [--status N] [--code NAME] [--date HTTP-DATE] [--canonical-request FILE]
     [--string-to-sign FILE] [--access-key-id ID] [--session-token-sent] [--authorization-scheme S] [--target T]
     [--host H] [--caller ARN] [--owner ACCOUNT] [--unsigned] [--service S] [--json]
     says it of an answer that was pasted: JSON, XML, with or without headers, or the bare message
     --status, --code and --date are those of the answer; the rest is said of the request
     --json         prints the explanation as JSON, with the verdict on the signature
     --caller, --owner  ARN or account of who called, and of what was called
     --unsigned     the request had no signature
explain --url URL [--clock] [--address IP] [--root-certificates FILE] [--json]
     looks at the URL's host, and talks to no other: addresses, TLS, the names of its certificate; nothing is called
     --clock        compares the clocks by one HEAD without credentials, for a host that no one has; hosts that are
                    known not to take that for a call are asked anyway
     --address      connects there, in place of where the name leads";

pub(crate) const SERVE: &str = "\
serve <service> [--port N] [--access-key-id ID] [--secret-access-key KEY] [--session-token T] [--region R] [--control]
     prints the URL first; ends on Ctrl-C
serve api-gateway … [--respond \"METHOD PATH=FILE\"]… [--refuse NAME]
     fakes an API that wants signed requests, and echoes them
     --respond      sends the file in response to METHOD PATH, both as in \"GET /pets/{id}=pet.json\" or
                    \"POST /pets=201:made.json\"; ANY is every method, {name} one segment, {name+} all that are left
     --refuse       refuses every request in this way; `--refuse list` lists the ways
     --region       the only region that requests may be signed for
     --control      lets other programs order failures: POST /__gatewright/fail {\"operation\": …, \"code\": …}; of
                    api-gateway {\"code\": NAME, \"times\": N}";

pub(crate) const INTEROP: &str = "\
interop [--operations Operation,…]
     all operations, unless some are named";

pub(crate) const FAULTS: &str = "\
faults [--blocking]
     prints what the default client makes of every fault: attempts, outcome and time";

/// One call, JSON in and JSON out.
pub(crate) fn call(arguments: &[String]) -> Result<(), Failure> {
    #[cfg(feature = "client")]
    return crate::call::run(arguments);
    #[cfg(not(feature = "client"))]
    rerun("call", arguments)
}

/// Whose credentials are used.
pub(crate) fn credentials(arguments: &[String]) -> Result<(), Failure> {
    #[cfg(feature = "client")]
    return crate::credentials::run(arguments);
    #[cfg(not(feature = "client"))]
    rerun("credentials", arguments)
}

/// Why a call failed.
pub(crate) fn explain(arguments: &[String]) -> Result<(), Failure> {
    #[cfg(feature = "client")]
    return crate::explain::run(arguments);
    #[cfg(not(feature = "client"))]
    rerun("explain", arguments)
}

/// The fake, until it is told to end.
pub(crate) fn serve(arguments: &[String]) -> Result<(), Failure> {
    #[cfg(feature = "client")]
    return crate::serve::run(arguments);
    #[cfg(not(feature = "client"))]
    rerun("serve", arguments)
}

/// Clients and fakes beside the vendors' SDKs.
pub(crate) fn interop(arguments: &[String]) -> Result<(), Failure> {
    #[cfg(feature = "client")]
    return crate::interop::run(arguments);
    #[cfg(not(feature = "client"))]
    rerun("interop", arguments)
}

/// Every fault, as a table.
pub(crate) fn faults(arguments: &[String]) -> Result<(), Failure> {
    #[cfg(feature = "client")]
    return crate::faults::run(arguments);
    #[cfg(not(feature = "client"))]
    rerun("faults", arguments)
}

/// Becomes the same verb in a build with the client.
#[cfg(not(feature = "client"))]
fn rerun(verb: &str, arguments: &[String]) -> Result<(), Failure> {
    let mut cargo = crate::cargo::command();
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
