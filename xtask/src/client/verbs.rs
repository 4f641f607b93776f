//! The verbs, in a build with the client.

use gatewright_cli::{
    SERVICES,
    arguments::{Call, Credentials, Explain, Serve},
    services::Program,
};

use super::{Faults, Interop};
use crate::{PROGRAM, failure::Failure};

const HERE: Program = Program { services: SERVICES, command: PROGRAM, model: None };

pub(crate) fn call(arguments: &Call) -> Result<(), Failure> {
    gatewright_cli::call(&HERE, arguments)
}

pub(crate) fn credentials(arguments: &Credentials) -> Result<(), Failure> {
    gatewright_cli::credentials(arguments)
}

pub(crate) fn explain(arguments: &Explain) -> Result<(), Failure> {
    gatewright_cli::explain(&HERE, arguments)
}

pub(crate) fn serve(arguments: &Serve) -> Result<(), Failure> {
    gatewright_cli::serve(&HERE, arguments)
}

pub(crate) fn interop(arguments: &Interop) -> Result<(), Failure> {
    crate::interop::run(arguments)
}

pub(crate) fn faults(arguments: &Faults) -> Result<(), Failure> {
    crate::faults::run(arguments)
}
