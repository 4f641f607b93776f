//! `cargo xtask peers`: measures this client and its peers with the programs in `xtask/peers`.

use std::process::Command;

use crate::{cargo, failure::Failure, model};

pub(crate) const USAGE: &str = "\
peers all                 measures everything and prints the table; about half an hour
peers <step> [options]    prepare, check, crates, sign, load, parse, allocs, callgrind, builds, report, chart or baseline
peers --help              describes each step";

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    if arguments.is_empty() {
        return Err(Failure::Usage("peers takes a step".into()));
    }
    let program = model::root().join("xtask/peers/peers.py");
    let mut python = Command::new("python3");
    // The program builds what it measures.
    cargo::forget_package(&mut python);
    let status = python.arg(&program).args(arguments).status();
    match status.map_err(Failure::io("start python3 for", &program))? {
        status if status.success() => Ok(()),
        status => Err(Failure::Failed(format!("peers: {status}"))),
    }
}
