//! `cargo xtask credentials`: shows which credentials a client of AWS uses here.

use std::sync::Arc;

use gatewright_runtime::{
    context::SystemContext,
    credentials::{CredentialsChain, ProvideCredentials as _},
};
use tokio::runtime;

use crate::{failure::Failure, flags::Flags, output};

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let flags = Flags::parse(arguments, &["profile"], &[])?;
    if !flags.positions.is_empty() {
        return Err(Failure::Usage("credentials takes no arguments but --profile".into()));
    }
    let chain =
        CredentialsChain::standard(Arc::new(SystemContext), flags.value("profile").map(str::to_owned));
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Failed(format!("cannot start the runtime: {error}")))?;
    let credentials =
        runtime.block_on(chain.provide()).map_err(|error| Failure::Failed(error.to_string()))?;
    output::print_line(credentials.access_key_id())
}
