//! `credentials`: shows which credentials a client uses here.

use std::sync::Arc;

use gatewright_runtime::{
    context::SystemContext,
    credentials::{CredentialsChain, CredentialsError, ProvideCredentials as _},
    time::Timestamp,
};
use serde_json::json;
use tokio::runtime;

use crate::{
    arguments::{self, Vendor},
    failure::Failure,
    output,
};

/// Prints the access key id, the source and the expiry of the credentials.
///
/// # Errors
/// No source has credentials.
pub fn run(arguments: &arguments::Credentials) -> Result<(), Failure> {
    let (machine, profile) = (Arc::new(SystemContext), arguments.profile.clone());
    let chain = match arguments.vendor {
        Vendor::Aws => CredentialsChain::standard(machine, profile),
        Vendor::AlibabaCloud => CredentialsChain::alibaba_cloud(machine, profile),
    };
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Failed(format!("cannot start the runtime: {error}")))?;
    let credentials = runtime.block_on(chain.provide()).map_err(|error| none(&error))?;
    let expires = credentials.expires_at().map(|time| Timestamp::from(time).to_string());
    if !arguments.json {
        let lines = [
            ("access key id", Some(credentials.access_key_id())),
            ("source", credentials.source()),
            ("expires", expires.as_deref()),
        ];
        let lines = lines.into_iter().filter_map(|(label, value)| Some(format!("{label}: {}", value?)));
        return output::print_line(lines.collect::<Vec<_>>().join("\n"));
    }
    let json = json!({
        "access_key_id": credentials.access_key_id(),
        "source": credentials.source(),
        "has_session_token": credentials.session_token().is_some(),
        "expires": expires,
    });
    output::print_line(format_args!("{json:#}"))
}

/// No source has credentials; with the reason of each.
fn none(error: &CredentialsError) -> Failure {
    let sources = || error.attempts().filter(|attempt| *attempt != ("", ""));
    let lines = sources().map(|(source, reason)| format!("\n  {source}: {reason}"));
    let text = lines.fold("no credentials".to_owned(), |text, line| text + &line);
    let source = |(source, reason): (&str, &str)| json!({ "source": source, "reason": reason });
    let json = json!({
        "kind": "Credentials",
        "message": error.to_string(),
        "sources": sources().map(source).collect::<Vec<_>>(),
    });
    Failure::Reported { exit_code: 1, text, json }
}
