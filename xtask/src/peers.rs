//! `cargo xtask peers`: measures this client and its peers with the programs in `xtask/peers`.

use std::{ffi::OsString, process::Command};

use clap::{Args, Subcommand, builder::RangedI64ValueParser, value_parser};

use crate::{cargo, failure::Failure, model, progress::Progress};

/// Measure this client and its peers
///
/// Figures go to xtask/peers/out. Needs Python 3.11.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  {program} peers all
  {program} peers load --scenarios list100-seq --only ours --rounds 5")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    step: Step,
}

/// The steps of the program, with its own options.
#[derive(Debug, Subcommand)]
enum Step {
    /// Build the load programs, the server and the bench (release)
    Prepare,
    /// Check that every signature is the reference's, and that programs and apps work against the server
    Check,
    /// Measure time and allocations per signature
    Sign {
        /// Number of runs
        #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = positive())]
        runs: u32,
    },
    /// Measure CPU, calls per second and peak memory
    Load {
        /// Number of rounds
        #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = positive())]
        rounds: u32,
        /// Scenarios of contenders.toml, separated by commas; default: all
        #[arg(long, value_name = "NAMES")]
        scenarios: Option<String>,
        #[command(flatten)]
        contenders: Contenders,
        /// Number of calls, instead of the scenario's own; 0 for the scenario's own
        #[arg(long, value_name = "NUMBER", default_value_t = 0)]
        calls: u32,
    },
    /// Measure how long responses take to read
    Parse,
    /// Count allocations per call
    Allocs,
    /// Count instructions per signature, and per call in memory
    Callgrind(Contenders),
    /// Measure cold and warm builds, and the size of the binary; takes long
    Builds {
        /// Number of cold builds
        #[arg(default_value_t = 1, value_parser = positive())]
        runs: u32,
        #[command(flatten)]
        contenders: Contenders,
        /// Kinds of builds, separated by commas; default: all
        #[arg(long, value_name = "NAMES")]
        modes: Option<String>,
    },
    /// Count the crates of each build
    Crates(Contenders),
    /// Print the table of all figures
    Report,
    /// Store the figures of README's comparison in docs/peers.json, and draw docs/peers.svg
    Chart {
        /// Only compare the chart with the stored figures
        #[arg(long)]
        check: bool,
    },
    /// Write the figures to baseline.json
    Baseline,
    /// Run everything, and print the table; takes about half an hour
    All {
        /// Number of cold builds
        #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = positive())]
        runs: u32,
    },
}

/// A number of runs: none would measure nothing.
fn positive() -> RangedI64ValueParser<u32> {
    value_parser!(u32).range(1..)
}

/// Which contenders are measured.
#[derive(Args, Debug)]
struct Contenders {
    /// Contenders of contenders.toml, separated by commas; default: all
    #[arg(long, value_name = "NAMES")]
    only: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let program = model::root().join("xtask/peers/peers.py");
    let mut python = Command::new("python3");
    // The program builds what it measures.
    cargo::forget_package(&mut python);
    let words = arguments.step.words();
    let progress = Progress::of_program("peers");
    let _step = progress.begin(words.first().map(|step| step.to_string_lossy()).unwrap_or_default());
    match progress
        .run(python.arg(&program).args(&words))
        .map_err(Failure::io("start python3 for", &program))?
    {
        status if status.success() => Ok(()),
        // The exit code of Python's `argparse`, which has printed what is invalid.
        status if status.code() == Some(2) => Err(Failure::Refused("peers: the options are invalid".into())),
        status => Err(Failure::Failed(format!("peers: {status}"))),
    }
}

impl Step {
    /// The command line of the program.
    fn words(&self) -> Vec<OsString> {
        let mut words = Words(Vec::new());
        match self {
            Self::Prepare => words.step("prepare"),
            Self::Check => words.step("check"),
            Self::Sign { runs } => words.step("sign").with("runs", Some(runs)),
            Self::Load { rounds, scenarios, contenders, calls } => {
                let words = words.step("load").with("rounds", Some(rounds)).with("calls", Some(calls));
                words.with("scenarios", scenarios.as_ref()).with("only", contenders.only.as_ref())
            }
            Self::Parse => words.step("parse"),
            Self::Allocs => words.step("allocs"),
            Self::Callgrind(contenders) => words.step("callgrind").with("only", contenders.only.as_ref()),
            Self::Builds { runs, contenders, modes } => {
                let words = words.step("builds").step(&runs.to_string());
                words.with("only", contenders.only.as_ref()).with("modes", modes.as_ref())
            }
            Self::Crates(contenders) => words.step("crates").with("only", contenders.only.as_ref()),
            Self::Report => words.step("report"),
            Self::Chart { check } => {
                let words = words.step("chart");
                if *check { words.step("--check") } else { words }
            }
            Self::Baseline => words.step("baseline"),
            Self::All { runs } => words.step("all").with("runs", Some(runs)),
        };
        words.0
    }
}

/// Builder of a command line.
struct Words(Vec<OsString>);

impl Words {
    fn step(&mut self, word: &str) -> &mut Self {
        self.0.push(word.into());
        self
    }

    fn with(&mut self, option: &str, value: Option<&impl ToString>) -> &mut Self {
        if let Some(value) = value {
            self.0.push(format!("--{option}={}", value.to_string()).into());
        }
        self
    }
}
