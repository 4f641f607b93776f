//! `cargo xtask fuzz`: fuzzes every parser of input from outside with libFuzzer.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Mutex,
    thread,
};

use clap::Args;

use crate::{cargo, failure::Failure, model, progress::Progress};

/// Fuzz every parser of input from outside, on all cores
///
/// Needs cargo-fuzz: cargo install cargo-fuzz --locked
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  {program} fuzz
  {program} fuzz xml --seconds 600
  {program} fuzz --dev --runs 20000")]
pub(crate) struct Arguments {
    /// Target to run; default: all
    target: Option<String>,
    /// Time for each target
    #[arg(long, value_name = "NUMBER", default_value_t = 60, conflicts_with = "runs", value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// Executions of each target with a fixed seed, for reproducible runs
    #[arg(long, value_name = "NUMBER")]
    runs: Option<u32>,
    /// Build without optimization, in half the time, for short runs
    #[arg(long)]
    dev: bool,
}

/// The crates of fuzz targets, which are not members of the workspace, so that only this verb builds them.
pub(crate) const CRATES: &[&str] = &["runtime/fuzz", "model/fuzz"];

/// Folders for findings and for the learned corpus, both below `target/fuzz`.
const ARTIFACTS: &str = "artifacts";
const CORPUS: &str = "corpus";

/// One target: a file in the folder `targets` of its crate, and a folder in `seeds`.
#[derive(Clone, Debug)]
struct Target {
    folder: PathBuf,
    name: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let limit = match arguments.runs {
        Some(runs) => vec![format!("-runs={runs}"), "-seed=1".to_owned()],
        None => vec![format!("-max_total_time={}", arguments.seconds)],
    };
    let mut targets = targets(model::root())?;
    if let Some(only) = &arguments.target {
        let known: Vec<_> = targets.iter().map(|target| target.name.clone()).collect();
        targets.retain(|target| target.name == *only);
        if targets.is_empty() {
            return Err(Failure::unknown("target", only, known.iter().map(String::as_str)));
        }
    }
    Fuzzer { root: model::root(), is_dev: arguments.dev, limit }.fuzz(targets)
}

/// Builds and runs targets.
struct Fuzzer<'a> {
    root: &'a Path,
    /// Whether targets are built without optimization. Assertions and checks for overflow are there in any build.
    is_dev: bool,
    /// Arguments that end a run.
    limit: Vec<String>,
}

fn targets(root: &Path) -> Result<Vec<Target>, Failure> {
    let mut targets = Vec::new();
    for folder in CRATES.iter().map(|folder| root.join(folder)) {
        let sources = folder.join("targets");
        let cannot_read = Failure::io("read", &sources);
        for entry in fs::read_dir(&sources).map_err(&cannot_read)? {
            let path = entry.map_err(&cannot_read)?.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            targets.push(Target { folder: folder.clone(), name });
        }
    }
    targets.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(targets)
}

/// The failures of all targets; what fuzzing found counts, even if nobody reads the lines of other targets.
fn ended(failures: Vec<Failure>) -> Result<(), Failure> {
    let found = failures.iter().filter(|failure| !matches!(failure, Failure::Unread));
    let found: Vec<_> = found.map(ToString::to_string).collect();
    if !found.is_empty() {
        return Err(Failure::Failed(found.join("\n")));
    }
    failures.into_iter().next().map_or(Ok(()), Err)
}

impl Fuzzer<'_> {
    fn fuzz(&self, targets: Vec<Target>) -> Result<(), Failure> {
        let root = self.root;
        if !cargo::has("fuzz") {
            return Err(Failure::Failed(
                "fuzz needs cargo-fuzz: cargo install cargo-fuzz --locked".to_owned(),
            ));
        }
        let mut folders: Vec<_> = targets.iter().map(|target| &target.folder).collect();
        folders.sort();
        folders.dedup();
        let progress = Progress::new("fuzz: build", folders.len());
        for folder in folders {
            let _step = progress.begin(folder.strip_prefix(root).unwrap_or(folder).display());
            let built = self.tool("build", folder).output().map_err(Failure::io("build", folder))?;
            if !built.status.success() {
                let log = String::from_utf8_lossy(&built.stderr);
                return Err(Failure::Failed(format!("fuzz: {} does not build:\n{log}", folder.display())));
            }
        }
        drop(progress);
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let progress = Progress::new("fuzz", targets.len());
        let (queue, failures) = (Mutex::new(targets.into_iter()), Mutex::new(Vec::new()));
        let next = || queue.lock().expect("no thread panics with the lock").next();
        let fail = |failure| failures.lock().expect("no thread panics with the lock").push(failure);
        thread::scope(|scope| {
            for _ in 0..cores {
                scope.spawn(|| {
                    while let Some(target) = next() {
                        let _step = progress.begin(&target.name);
                        let nothing = self.run(&target);
                        nothing.and_then(|line| progress.print_line(line)).unwrap_or_else(fail);
                    }
                });
            }
        });
        ended(failures.into_inner().expect("no thread panicked"))
    }

    /// The command of cargo-fuzz for one crate. Without a sanitizer: those need a nightly compiler, and our crates have no
    /// unsafe code.
    fn tool(&self, verb: &str, folder: &Path) -> Command {
        let mut command = cargo::command();
        command.args(["fuzz", verb]).args(self.is_dev.then_some("--dev"));
        command.args(["--sanitizer", "none", "--fuzz-dir"]).arg(folder);
        command.arg("--target-dir").arg(self.root.join("target/fuzz")).current_dir(self.root);
        command
    }

    /// Runs the target; returns the line to print if nothing was found.
    fn run(&self, target: &Target) -> Result<String, Failure> {
        let Target { folder, name } = target;
        let folder_of = |kind: &str| self.root.join("target/fuzz").join(kind).join(name);
        let (corpus, artifacts) = (folder_of(CORPUS), folder_of(ARTIFACTS));
        for folder in [&corpus, &artifacts] {
            fs::create_dir_all(folder).map_err(Failure::io("make", folder))?;
        }
        let mut command = self.tool("run", folder);
        command.arg(name).arg(&corpus).arg(folder.join("seeds").join(name)).arg("--");
        command.args(["-timeout=10", "-rss_limit_mb=2048", "-max_len=4096", "-print_final_stats=1"]);
        command.args(&self.limit);
        command.arg(format!("-artifact_prefix={}/", artifacts.display()));
        let output = command.output().map_err(Failure::io("run", folder))?;
        let log = String::from_utf8_lossy(&output.stderr);
        if output.status.success() {
            let runs = log.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
            return Ok(format!("fuzz: {name}: {} executions, nothing found", runs.unwrap_or("no").trim()));
        }
        Err(target.found(self.root, &log, &output))
    }
}

impl Target {
    fn found(&self, root: &Path, log: &str, output: &Output) -> Failure {
        let Self { folder, name } = self;
        let lines: Vec<_> = log.lines().collect();
        let report =
            lines.iter().find(|line| line.contains("panicked at") || line.contains("ERROR: libFuzzer"));
        let start =
            lines.iter().position(|line| Some(line) == report).unwrap_or(lines.len().saturating_sub(20));
        let excerpt = lines.get(start..).unwrap_or_default().iter().take(20).copied().collect::<Vec<_>>();
        let folder = folder.strip_prefix(root).unwrap_or(folder).display();
        Failure::Failed(format!(
            "fuzz: {name}: {}\n{}\nthe input is in target/fuzz/{ARTIFACTS}/{name}; repeat it with:\n  \
             cargo fuzz run --sanitizer none --fuzz-dir {folder} --target-dir target/fuzz {name} <input>",
            output.status,
            excerpt.join("\n"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_is_reported() {
        assert!(ended(Vec::new()).is_ok());
        assert!(matches!(ended(vec![Failure::Unread]), Err(Failure::Unread)));
        let found = |name: &str| Failure::Failed(format!("fuzz: {name}: found"));
        let failure = ended(vec![Failure::Unread, found("xml"), found("json")]).unwrap_err();
        assert_eq!(failure.to_string(), "fuzz: xml: found\nfuzz: json: found");
    }

    /// A target without seeds, or a target that its crate does not declare, is an error.
    #[test]
    fn targets_have_seeds_and_are_built() {
        let targets = targets(model::root()).unwrap();
        assert!(!targets.is_empty());
        for Target { folder, name } in targets {
            let seeds = folder.join("seeds").join(&name);
            assert!(
                fs::read_dir(&seeds).is_ok_and(|mut seeds| seeds.next().is_some()),
                "{}",
                seeds.display()
            );
            let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
            assert!(manifest.contains(&format!("path = \"targets/{name}.rs\"")), "{name}");
        }
    }
}
