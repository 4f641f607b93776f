//! Verbs that need the generated client. A build without the client runs them in a build that has it.

use crate::{failure::Failure, tools};

pub(crate) const CALL: &str = "\
call <service> <Operation> [--model <folder>] [--input JSON|@file|-] [--endpoint URL] [--region R] [--timeout S]
     [--attempt-timeout S] [--max-attempts N] [--unchecked] [--fake] [--record FILE [--record-input]]
     prints the response as JSON; prints a failure as JSON to standard error, with exit code 1, or 2 for invalid input
     --unchecked    sends the request even if it breaks constraints of the model
     --fake         calls a fake that runs for this call only: needs no account
     --record       saves the call, for `explain`, without secrets and without the request's body
     --model        the service is one of a model elsewhere; its tools are built first, once
     --record-input saves the request's body, too, without the members that the model marks as sensitive";

pub(crate) const CREDENTIALS: &str = "\
credentials [--profile P]
     prints the access key id; if there are no credentials, prints each source tried, with exit code 1";

pub(crate) const EXPLAIN: &str = "\
explain FILE|- [--model <folder>] [--service S] [--json]
     explains a call that `call --record` saved; exit code 2 if the file cannot be read
explain --message FILE|- [--model <folder>] [--status N] [--code NAME] [--date HTTP-DATE] [--canonical-request FILE]
     [--string-to-sign FILE] [--access-key-id ID] [--session-token-sent] [--authorization-scheme S] [--target T]
     [--host H] [--method M] [--path P] [--caller ARN] [--owner ACCOUNT] [--unsigned] [--service S] [--json]
     explains a pasted response: JSON or XML, with or without headers, or only the message
     --status, --code and --date describe the response; the other flags describe the request
     --model        the services are of a model elsewhere; its tools are built first, once
     --json         prints the explanation as JSON, with the verdict on the signature
     --method, --path   of the request; known already from a canonical request
     --caller, --owner  ARN or account of the caller, and of the API's owner
     --unsigned     the request had no signature
explain --url URL [--clock] [--address IP] [--root-certificates FILE] [--json]
     checks the URL's host: addresses, TLS and the certificate's names; connects to no other host and calls no API
     --clock        compares the clocks by one HEAD request without credentials, to a host name that does not exist;
                    hosts known not to treat that as a call are asked directly
     --address      connects to this address instead of the host's";

pub(crate) const SERVE: &str = "\
serve <service> [--model <folder>] [--port N] [--access-key-id ID] [--secret-access-key KEY] [--session-token T] [--region R] [--control]
     runs until Ctrl-C; the first line is the URL
serve api-gateway … [--respond \"METHOD PATH=FILE\"]… [--refuse NAME]
     fakes an API that requires signed requests, and echoes them
     --model        the service is one of a model elsewhere; its tools are built first, once
     --respond      responds with a file: \"GET /pets/{id}=pet.json\", with a status: \"POST /pets=201:pet.json\";
                    ANY is every method, {name} one segment of the path, {name+} all remaining segments
     --refuse       refuses every request in one way; `--refuse list` lists the ways
     --region       the only region that requests may be signed for
     --control      lets other programs order failures: POST /__gatewright/fail {\"operation\": …, \"code\": …}; for
                    api-gateway {\"code\": NAME, \"times\": N}";

pub(crate) const INTEROP: &str = "\
interop [--operations Operation,…]
     compares all operations, or the given ones";

pub(crate) const FAULTS: &str = "\
faults [--blocking]
     prints how the default client handles each fault: attempts, outcome and time";

/// Makes one call, with JSON as input and output.
pub(crate) fn call(arguments: &[String]) -> Result<(), Failure> {
    if let Some(done) = tools::run("call", arguments) {
        return done;
    }
    #[cfg(feature = "client")]
    return crate::call::run(arguments);
    #[cfg(not(feature = "client"))]
    rerun("call", arguments)
}

/// Shows the credentials that a client uses.
pub(crate) fn credentials(arguments: &[String]) -> Result<(), Failure> {
    #[cfg(feature = "client")]
    return crate::credentials::run(arguments);
    #[cfg(not(feature = "client"))]
    rerun("credentials", arguments)
}

/// Explains why a call failed.
pub(crate) fn explain(arguments: &[String]) -> Result<(), Failure> {
    if let Some(done) = tools::run("explain", arguments) {
        return done;
    }
    #[cfg(feature = "client")]
    return crate::explain::run(arguments);
    #[cfg(not(feature = "client"))]
    rerun("explain", arguments)
}

/// Runs a fake until a signal ends it.
pub(crate) fn serve(arguments: &[String]) -> Result<(), Failure> {
    if let Some(done) = tools::run("serve", arguments) {
        return done;
    }
    #[cfg(feature = "client")]
    return crate::serve::run(arguments);
    #[cfg(not(feature = "client"))]
    rerun("serve", arguments)
}

/// Compares clients and fakes with the vendors' SDKs.
pub(crate) fn interop(arguments: &[String]) -> Result<(), Failure> {
    #[cfg(feature = "client")]
    return crate::interop::run(arguments);
    #[cfg(not(feature = "client"))]
    rerun("interop", arguments)
}

/// Prints the handling of every fault as a table.
pub(crate) fn faults(arguments: &[String]) -> Result<(), Failure> {
    #[cfg(feature = "client")]
    return crate::faults::run(arguments);
    #[cfg(not(feature = "client"))]
    rerun("faults", arguments)
}

/// Replaces this process by the same verb in a build with the client.
#[cfg(not(feature = "client"))]
fn rerun(verb: &str, arguments: &[String]) -> Result<(), Failure> {
    let mut cargo = crate::cargo::command();
    cargo
        .args(["run", "--quiet", "--manifest-path"])
        .arg(crate::model::root().join("xtask/Cargo.toml"))
        .args(["--features", "client", "--", verb])
        .args(arguments);
    let failed = |error| Failure::Failed(format!("cannot run cargo: {error}"));
    // The process keeps its id, so that its signals and exit code are the verb's own.
    #[cfg(unix)]
    return Err(failed(std::os::unix::process::CommandExt::exec(&mut cargo)));
    #[cfg(not(unix))]
    match cargo.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => Err(failed(error)),
    }
}
