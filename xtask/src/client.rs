//! Verbs that need the generated client. A build without the client runs them in a build that has it.

use clap::Args;

#[cfg(not(feature = "client"))]
mod rerun;
#[cfg(feature = "client")]
mod verbs;

#[cfg(not(feature = "client"))]
pub(crate) use rerun::{call, credentials, explain, faults, interop, serve};
#[cfg(feature = "client")]
pub(crate) use verbs::{call, credentials, explain, faults, interop, serve};

/// Compare clients and fakes with the vendors' SDKs
///
/// Needs Python 3.11.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  {program} interop
  {program} interop --operations ListGateways,AddCache
  {program} interop --import lambda,route53")]
pub(crate) struct Interop {
    /// Operations to compare, separated by commas; default: all
    #[arg(long, value_name = "OPERATIONS", value_delimiter = ',')]
    pub(crate) operations: Vec<String>,
    /// Services of botocore to import and compare as well, separated by commas
    #[arg(long, value_name = "SERVICES", value_delimiter = ',', conflicts_with = "operations")]
    pub(crate) import: Vec<String>,
    /// Leave out the program that uses the AWS SDK for Rust, which takes a minute of CPU to compile
    #[arg(long)]
    pub(crate) without_aws_config: bool,
}

/// Show how the client handles each kind of fault
///
/// Prints one line per fault: attempts, outcome and time of a call with default settings.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  {program} faults
  {program} faults --blocking --json")]
pub(crate) struct Faults {
    /// Use the blocking driver
    #[arg(long)]
    pub(crate) blocking: bool,
    /// Print the table as JSON
    #[arg(long)]
    pub(crate) json: bool,
}
