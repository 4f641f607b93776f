//! `cargo xtask corpus`: import and generation, tried with every service whose model botocore has.
//!
//! `xtask/corpus/cases.py` lists the services, and says how botocore itself serializes and parses what some operations send and
//! receive; the calls are made by the generated code, as for the conformance cases.

mod table;

use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Instant, SystemTime},
};

use clap::Args;
use gatewright_codegen::generate;
use gatewright_model::Service;
use serde_json::Value;
use table::Row;

use crate::{
    cargo, codegen::Package, conformance, failure::Failure, import, model, output, progress::Progress,
    python, scratch,
};

/// Try import and generation with every service of botocore
///
/// Imports and generates every service whose protocol is known. For a daily changing set of twelve, it also generates
/// the files again, parses and compiles them, and compares six operations with botocore's own serializer and parser.
/// Needs Python 3.11.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  {program} corpus
  {program} corpus --sample
  {program} corpus --check
  {program} corpus --services kms,sqs")]
pub(crate) struct Arguments {
    /// Services to try, separated by commas; all of them are compiled and compared
    #[arg(long, value_name = "SERVICES", value_delimiter = ',')]
    services: Vec<String>,
    /// Compile and compare every service
    #[arg(long)]
    check: bool,
    /// Try only one service in twelve, others every day, and compile and compare four of them
    #[arg(long, conflicts_with_all = ["check", "services"])]
    sample: bool,
}

/// Known differences: service, text that the difference contains, and the reason.
const EXPLAINED: [(&str, &str, &str); 1] = [(
    "elasticache",
    "PendingModifiedValues",
    "botocore names a member of this list by a name at the list's shape; by the vendor's Smithy model, such a name has no effect",
)];

/// Services that are compiled and compared in a run without `--check`, and with `--sample`.
const COMPILED: usize = 12;
const COMPILED_OF_SAMPLE: usize = 4;

/// The share of the services that a run with `--sample` tries.
const SAMPLE: usize = 12;

/// Operations of each that are compared.
const COMPARED: &str = "6";

/// Services whose operations are compared by one program.
const BATCH: usize = 24;

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let corpus = Corpus::open()?;
    let all = corpus.list()?;
    let wanted: BTreeSet<_> = arguments.services.iter().map(String::as_str).collect();
    let known = || all.iter().map(|listed| listed.name.as_str());
    if let Some(unknown) = wanted.iter().find(|name| !known().any(|known| known == **name)) {
        return Err(Failure::unknown("service", unknown, known()));
    }
    let is_wanted = |listed: &&Listed| wanted.is_empty() || wanted.contains(listed.name.as_str());
    let mut chosen: Vec<_> = all.iter().filter(is_wanted).collect();
    let day = today();
    if arguments.sample {
        chosen = in_turn(chosen, day);
    }
    let all = arguments.check || !wanted.is_empty();
    let is_compiled = compiled(chosen.len(), day, arguments.sample, all);

    let (mut rows, mut services) = (Vec::new(), Vec::new());
    for (index, (row, service)) in corpus.generate_all(&chosen, &is_compiled)?.into_iter().enumerate() {
        services.extend(service.map(|service| (index, service)));
        rows.push(row);
    }
    let progress = Progress::new("corpus: cargo check", services.len());
    for (index, service) in &services {
        let _step = progress.begin(&service.name);
        rows[*index].compiled = Some(corpus.compile(service)?);
    }
    drop(progress);
    let progress = Progress::new("corpus: comparison", services.len().div_ceil(BATCH));
    for batch in services.chunks(BATCH) {
        let names: Vec<_> = batch.iter().map(|(_, service)| service.name.as_str()).collect();
        let _step = progress.begin(names.join(", "));
        corpus.compare(batch, &mut rows)?;
    }
    drop(progress);
    let printed = output::print(table::text(&rows));
    let failed = rows.iter().filter(|row| row.has_failed()).count();
    if failed == 0 { printed } else { Err(Failure::Failed(format!("{failed} services have failed"))) }
}

/// The number of the day, so that each service gets its turn.
#[expect(clippy::disallowed_methods, reason = "the day alone")]
pub(crate) fn today() -> usize {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    usize::try_from(since.as_secs() / 86_400).unwrap_or_default()
}

/// The day's share of the services.
fn in_turn<T>(all: Vec<T>, day: usize) -> Vec<T> {
    all.into_iter()
        .enumerate()
        .filter(|(index, _)| index % SAMPLE == day % SAMPLE)
        .map(|(_, one)| one)
        .collect()
}

/// Which of so many services are compiled: others in every turn, and all of them sooner or later.
fn compiled(count: usize, day: usize, sample: bool, all: bool) -> impl Fn(usize) -> bool + Sync {
    // A sample has its turn every twelfth day.
    let (turn, most) = if sample { (day / SAMPLE, COMPILED_OF_SAMPLE) } else { (day, COMPILED) };
    let start = if count == 0 { 0 } else { turn * most % count };
    move |index| all || count <= most || (index + count - start) % count < most
}

/// A service of botocore.
struct Listed {
    name: String,
    version: String,
    operations: usize,
}

/// Paths of the run.
struct Corpus {
    folder: PathBuf,
    python: PathBuf,
    script: PathBuf,
    /// botocore's models.
    data: PathBuf,
}

impl Corpus {
    fn open() -> Result<Self, Failure> {
        let folder = scratch::folder(&scratch::target(), "corpus")?;
        let sources = model::root().join("xtask/corpus");
        let python = python::environment("corpus", &sources.join("requirements.txt"), &folder)?;
        let data = python::botocore_models(&python)?;
        Ok(Self { folder, python, script: sources.join("cases.py"), data })
    }

    fn script(&self, arguments: &[&str]) -> Result<Vec<Value>, Failure> {
        let text = python::printed(Command::new(&self.python).arg("-B").arg(&self.script).args(arguments))?;
        let line = |line: &str| {
            serde_json::from_str(line).map_err(|error| Failure::Failed(format!("corpus: {error}: {line}")))
        };
        text.lines().map(line).collect()
    }

    fn list(&self) -> Result<Vec<Listed>, Failure> {
        let listed = |line: Value| {
            let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
            let operations = line["operations"].as_u64().and_then(|count| usize::try_from(count).ok());
            Listed {
                name: text("name"),
                version: text("version"),
                operations: operations.unwrap_or_default(),
            }
        };
        Ok(self.script(&["list"])?.into_iter().map(listed).collect())
    }

    /// Imports and generates services, on every core. Returns those to compile.
    fn generate_all(
        &self,
        chosen: &[&Listed],
        is_compiled: &(impl Fn(usize) -> bool + Sync),
    ) -> Result<Vec<(Row, Option<Service>)>, Failure> {
        let next = AtomicUsize::new(0);
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let progress = Progress::new("corpus: import and generation", chosen.len());
        let work = || {
            let mut made = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(listed) = chosen.get(index) else { return Ok(made) };
                let _step = progress.begin(&listed.name);
                made.push((index, self.generate(listed, is_compiled(index))?));
            }
        };
        let made: Result<Vec<Vec<_>>, Failure> = thread::scope(|scope| {
            let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
            let joined = workers.into_iter().map(|worker| {
                worker.join().map_err(|_| Failure::Failed("corpus: a worker panicked".to_owned()))?
            });
            joined.collect()
        });
        let mut made: Vec<_> = made?.into_iter().flatten().collect();
        made.sort_by_key(|(index, _)| *index);
        Ok(made.into_iter().map(|(_, made)| made).collect())
    }

    /// Imports a service, loads the model, and generates it; twice if it is to be compiled, and then parses the files, too.
    fn generate(&self, listed: &Listed, is_compiled: bool) -> Result<(Row, Option<Service>), Failure> {
        let mut row = Row { name: listed.name.clone(), operations: listed.operations, ..Row::default() };
        // With the prefix, no name equals the name of a module of the crate.
        let name = format!("aws-{}", listed.name);
        // Nothing is written there: each run is a first import.
        let folder = self.folder.join("unwritten").join(&name);
        let started = Instant::now();
        let from = self.data.join(&listed.name).join(&listed.version);
        let service = match import::import(&name, &from, None, &folder)?.load() {
            Ok(service) => service,
            Err(faults) => {
                row.fault = Some(format!("does not load: {faults}"));
                return Ok((row, None));
            }
        };
        row.import = started.elapsed();
        let started = Instant::now();
        let files = generate(&service);
        row.generate = started.elapsed();
        row.lines = files.values().map(|text| text.lines().count()).sum();
        if !is_compiled {
            return Ok((row, None));
        }
        if generate(&service) != files {
            row.fault = Some("two runs give different files".to_owned());
        }
        let broken = files.iter().find_map(|(path, text)| Some((path, syn::parse_file(text).err()?)));
        if let Some((path, error)) = broken {
            row.fault = Some(format!("{path} is not Rust: {error}"));
        }
        Ok((row, Some(service)))
    }

    /// Checks the service's own crate: how long it took, or what the compiler says.
    fn compile(&self, service: &Service) -> Result<Result<f64, String>, Failure> {
        let out = self.folder.join("crates").join(&service.name);
        Package::new("corpus-client", vec![service.clone()], &out, None)?.update()?;
        let lock = model::root().join("Cargo.lock");
        fs::copy(&lock, out.join("Cargo.lock")).map_err(Failure::io("copy", &lock))?;
        let mut cargo = cargo::command();
        cargo.args(["check", "--quiet", "--features", "fake", "--manifest-path"]).arg(out.join("Cargo.toml"));
        cargo.arg("--target-dir").arg(scratch::target());
        let started = Instant::now();
        let checked = cargo.output().map_err(|error| Failure::Failed(format!("cargo: {error}")))?;
        let said = String::from_utf8_lossy(&checked.stderr);
        let is_clean = checked.status.success() && !said.contains("warning");
        Ok(if is_clean { Ok(started.elapsed().as_secs_f64()) } else { Err(said.into_owned()) })
    }

    /// Compares operations of services with botocore.
    fn compare(&self, batch: &[(usize, Service)], rows: &mut [Row]) -> Result<(), Failure> {
        let mut planned = Vec::new();
        for (index, service) in batch {
            // botocore has the same names without the vendor.
            let protocol = service.protocol.name().trim_start_matches("aws-");
            let mut cases = match self.script(&["cases", &rows[*index].name, protocol, COMPARED]) {
                Ok(cases) => cases,
                Err(failure) => {
                    rows[*index].fault = Some(failure.to_string());
                    Vec::new()
                }
            };
            // The import has reported what it left out.
            let is_there =
                |case: &Value| service.operations.iter().any(|operation| case["operation"] == operation.name);
            cases.retain(is_there);
            let is_used = |name: &str| cases.iter().any(|case| case["operation"] == name);
            planned.push((service.clone().with_operations(is_used), cases));
        }
        for ((index, _), report) in batch.iter().zip(conformance::compare(&planned)?) {
            rows[*index].compared = report.ran;
            let name = &rows[*index].name;
            let explained = |(_, fault): &(String, String)| {
                EXPLAINED.iter().find(|(service, part, _)| service == name && fault.contains(part))
            };
            let reasons =
                report.failed.iter().filter_map(|failed| Some((failed.0.clone(), explained(failed)?.2)));
            let reasons: Vec<_> = reasons.collect();
            let differences: Vec<_> =
                report.failed.iter().filter(|failed| explained(failed).is_none()).cloned().collect();
            rows[*index].explained = reasons;
            rows[*index].differences = differences;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With `--sample`, too, which leaves a part of them to each day.
    #[test]
    fn every_service_gets_its_turn() {
        for count in [5, 36, 171].into_iter().chain(425..445) {
            for sample in [false, true] {
                let mut tried = BTreeSet::new();
                for day in 0..count {
                    let all: Vec<_> = (0..count).collect();
                    let chosen = if sample { in_turn(all, day) } else { all };
                    let is_compiled = compiled(chosen.len(), day, sample, false);
                    let today: Vec<_> = (0..chosen.len()).filter(|index| is_compiled(*index)).collect();
                    let most = if sample { COMPILED_OF_SAMPLE } else { COMPILED };
                    assert_eq!(today.len(), most.min(chosen.len()));
                    tried.extend(today.into_iter().map(|index| chosen[index]));
                }
                assert_eq!(tried.len(), count, "{sample}");
            }
        }
        assert_eq!((0..171).filter(|index| compiled(171, 0, false, true)(*index)).count(), 171);
    }
}
