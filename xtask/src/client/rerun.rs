//! The same verbs, in a build without the client: this process becomes a build that has it, with the same command line.

use gatewright_cli::arguments::{Call, Credentials, Explain, Serve};

use super::{Faults, Interop};
use crate::{cargo, failure::Failure};

pub(crate) fn call(_: &Call) -> Result<(), Failure> {
    rerun()
}

pub(crate) fn credentials(_: &Credentials) -> Result<(), Failure> {
    rerun()
}

pub(crate) fn explain(_: &Explain) -> Result<(), Failure> {
    rerun()
}

pub(crate) fn serve(_: &Serve) -> Result<(), Failure> {
    rerun()
}

pub(crate) fn interop(_: &Interop) -> Result<(), Failure> {
    rerun()
}

pub(crate) fn faults(_: &Faults) -> Result<(), Failure> {
    rerun()
}

fn rerun() -> Result<(), Failure> {
    Err(cargo::restart("client", "the verbs that need the client"))
}
