//! `cargo xtask codegen`: generates the client from the model.

use std::{path::Path, thread};

use gatewright_codegen::{
    Crate, Files, HOME, generate_explanations, generate_in_runtime, generate_partitions,
};
use gatewright_model::{Explanations, PartitionTable, Service};
use serde_json::{Value, json};

use crate::{
    failure::Failure,
    model, output,
    progress::Progress,
    tree::{self, Change, Difference, Others},
};

mod api;
#[cfg(feature = "verbs")]
mod arguments;
mod committed;
#[cfg(feature = "verbs")]
mod manifest;
#[cfg(feature = "verbs")]
mod package;

#[cfg(feature = "verbs")]
pub(crate) use {
    arguments::{Arguments, run},
    package::Package,
};

const DIR: &str = "generated/src";

/// Folder of the runtime, for its parts of services and the tables that services share.
const RUNTIME: &str = "runtime";

/// The README; its examples are doc tests of the crate.
const README: &str = "../README.md";

/// The folder of guides, pages of the crate's documentation.
const GUIDES: &str = "../guides";

/// Files that services share.
struct Shared {
    tables: Vec<PartitionTable>,
    explanations: Explanations,
}

impl Shared {
    fn read() -> Result<Self, Failure> {
        let explanations = Explanations::built_in();
        let explanations = explanations.map_err(|faults| Failure::Failed(faults.to_string()))?;
        Ok(Self { tables: model::tables()?, explanations })
    }
}

/// Files by folder; each folder contains only generated files.
fn folders(services: &[Service], shared: &Shared) -> Vec<(String, Files)> {
    let small = || -> Vec<_> {
        let shared = [generate_partitions(&shared.tables), generate_explanations(&shared.explanations)];
        let parts = services.iter().filter_map(generate_in_runtime).chain(shared);
        let parts = parts.map(|(folder, files)| (format!("{RUNTIME}/{folder}"), files));
        [committed::registry(services)].into_iter().chain(parts).collect()
    };
    thread::scope(|scope| {
        let small = scope.spawn(small);
        let files = generate(Crate { name: HOME, services, readme: Some(README), guides: Some(GUIDES) });
        let small = small.join().expect("templates do not panic");
        [(DIR.to_owned(), files)].into_iter().chain(small).collect()
    })
}

/// The sources of a crate, with the progress of many services.
fn generate(krate: Crate<'_>) -> Files {
    let progress = Progress::of_quick_steps("generating", krate.services.len());
    krate.files_by_service(|service| progress.next(&service.name))
}

/// Writes what differs from the models, and reports it; with `accept`, records the changes of the API as reviewed.
pub(crate) fn write(force: bool, accept: bool) -> Result<(), Failure> {
    let services = model::all()?;
    let folders = folders(&services, &Shared::read()?);
    let mut compared = Vec::new();
    for (folder, files) in &folders {
        compared.push((folder, files, tree::compare(files, &model::root().join(folder))?));
    }
    let others = if force { Others::Replace } else { Others::Keep };
    if !force {
        let blocking = compared.iter().flat_map(|(folder, _, found)| tree::blocking(found, folder.as_ref()));
        tree::refuse(&blocking.collect::<Vec<_>>())?;
    }
    // Files are written even if nobody reads the report: that it could not be printed is returned at the end.
    let mut printed = Ok(());
    for (folder, files, found) in &compared {
        let kept = tree::mend(found, &model::root().join(folder), others)?;
        printed = printed.and(output::print(report(folder, files, found, &kept)));
    }
    for stale in committed::stale(&services)? {
        stale.write()?;
        printed = printed.and(output::print_line(format_args!("written: {}", stale.file)));
    }
    let snapshots = model::root().join(api::SNAPSHOTS);
    let changes = api::changes(&services, &snapshots)?;
    let accepted = if accept { api::accept(&changes, &snapshots)? } else { Vec::new() };
    let differs = compared.iter().any(|(.., found)| !found.is_empty());
    printed.and(output::print(next_steps(differs, &changes, &accepted)))
}

/// The files that were written, replaced, deleted and kept.
fn report(folder: &str, files: &Files, differences: &[Difference<'_>], kept: &[&Difference<'_>]) -> String {
    let mended: Vec<_> = differences.iter().filter(|difference| !kept.contains(difference)).collect();
    let dir = Path::new(folder);
    let mut lines: Vec<_> = mended.iter().map(|difference| done(difference, dir) + "\n").collect();
    lines.extend(kept.iter().map(|kept| format!("{} (kept; delete it yourself)\n", kept.line_in(dir))));
    let is_deleted = |difference: &&&Difference<'_>| matches!(difference.change, Change::Delete { .. });
    let deleted = mended.iter().filter(is_deleted).count();
    let written = mended.len() - deleted;
    lines.push(format!("{folder}: {} files, {written} written, {deleted} deleted\n", files.len()));
    lines.concat()
}

/// A line for a difference in a folder that was corrected.
fn done(difference: &Difference<'_>, dir: &Path) -> String {
    let path = dir.join(&difference.path);
    match (&difference.change, difference.foreign) {
        (Change::Delete { .. }, None) => format!("deleted: {}", path.display()),
        (Change::Delete { .. }, Some(_)) => format!("deleted: {} (it was not generated)", path.display()),
        (Change::Write { .. }, None) => format!("written: {}", path.display()),
        (Change::Write { .. }, Some(_)) => format!("replaced: {} (it was not generated)", path.display()),
    }
}

/// Changes of the API for users, and the next step.
fn next_steps(differs: bool, changes: &[api::ApiChange], accepted: &[String]) -> String {
    let mut lines: Vec<_> = changes.iter().map(ToString::to_string).collect();
    lines.extend(accepted.iter().map(|file| format!("accepted: {}/{file}", api::SNAPSHOTS)));
    if !changes.is_empty() && accepted.is_empty() {
        lines.push("next: review these lines, and accept them with: cargo xtask codegen --accept".to_owned());
    }
    if differs || !changes.is_empty() {
        lines.push(
            "next: review the generated files with git diff, and run: cargo test --workspace".to_owned(),
        );
    }
    lines.iter().fold(String::new(), |text, line| text + line + "\n")
}

/// Fails if `write` would change anything.
pub(crate) fn check(as_json: bool) -> Result<(), Failure> {
    let services = model::all()?;
    let folders = folders(&services, &Shared::read()?);
    let mut checked = Checked::default();
    for (folder, files) in &folders {
        let differences = tree::compare(files, &model::root().join(folder))?;
        checked.folders.push((folder.clone(), files.len(), differences));
    }
    let lists = committed::stale(&services)?;
    checked.files = lists.iter().map(|list| (list.file.to_owned(), "stale")).collect();
    if as_json {
        return checked.print();
    }
    // The library that compares texts takes longer to build than most checks take. Without it, the list says less.
    #[cfg(not(feature = "verbs"))]
    if !checked.is_fresh() {
        output::note(crate::cargo::restart("verbs", "the verbs, to show how files differ"));
    }
    let (mut stale, mut printed) = (Vec::new(), Ok(()));
    for (folder, files, differences) in &checked.folders {
        if differences.is_empty() {
            printed =
                printed.and(output::print_line(format_args!("{folder}: {files} files, all up to date")));
            continue;
        }
        let dir = Path::new(folder);
        let list: Vec<_> = differences.iter().map(|difference| difference.lines_in(dir)).collect();
        stale.push(format!(
            "{}\n\n{} of the files in {folder} differ from the model; update them with: cargo xtask codegen",
            list.join("\n"),
            list.len()
        ));
    }
    for list in lists {
        let file = list.file;
        stale.push(format!("stale:   {file}: its list of services; mend it with: cargo xtask codegen"));
    }
    if stale.is_empty() { printed } else { Err(Failure::Failed(stale.join("\n"))) }
}

/// The result of a check, for programs.
#[derive(Default)]
struct Checked<'a> {
    /// Folders that contain only generated files: the number of files that each should have, and how they differ.
    folders: Vec<(String, usize, Vec<Difference<'a>>)>,
    /// Other files that differ, and the kind of difference.
    files: Vec<(String, &'static str)>,
}

impl Checked<'_> {
    /// Prints the result, and fails if anything differs.
    fn print(&self) -> Result<(), Failure> {
        let printed = output::print_line(format_args!("{:#}", self.json()));
        if self.is_fresh() { printed } else { Err(Failure::Failed("the generated files are stale".into())) }
    }

    fn is_fresh(&self) -> bool {
        self.files.is_empty() && self.folders.iter().all(|(.., differences)| differences.is_empty())
    }

    fn json(&self) -> Value {
        let file = |path: &str, kind: &str| json!({ "path": path, "kind": kind });
        let folder = |(folder, files, differences): &(String, usize, Vec<Difference<'_>>)| {
            let difference =
                |difference: &Difference<'_>| file(&difference.path.to_string_lossy(), difference.kind());
            let differences: Vec<_> = differences.iter().map(difference).collect();
            json!({ "folder": folder, "files": files, "differences": differences })
        };
        json!({
            "fresh": self.is_fresh(),
            "folders": self.folders.iter().map(folder).collect::<Vec<_>>(),
            "files": self.files.iter().map(|(path, kind)| file(path, kind)).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use gatewright_codegen::digest;

    use super::*;

    #[test]
    fn generated_files_are_fresh() {
        if let Err(Failure::Failed(message) | Failure::Refused(message) | Failure::Usage(message)) =
            check(false)
        {
            panic!("{message}");
        }
    }

    /// Finds folders of parts that no service has anymore.
    #[test]
    fn every_generated_file_of_the_runtime_is_one_of_a_model() {
        let services = model::all().expect("the models are sound");
        let folders = folders(&services, &Shared::read().expect("what services share is sound"));
        let in_runtime = folders.iter().filter(|(folder, _)| folder.starts_with(RUNTIME));
        let parts = in_runtime.map(|(folder, files)| (model::root().join(folder), files.len()));
        let texts = tree::texts(&model::root().join(RUNTIME)).into_iter();
        let found: Vec<_> = texts.filter(|(_, text)| tree::is_marked(text)).map(|(path, _)| path).collect();
        let known = |file: &Path| parts.clone().any(|(folder, _)| file.starts_with(folder));
        assert!(found.iter().all(|file| known(file)), "{found:?}");
        assert_eq!(found.len(), parts.clone().map(|(_, count)| count).sum::<usize>());
        assert!(!found.is_empty(), "roles need some");
    }

    #[test]
    fn what_users_see_changes_on_purpose() {
        for service in model::all().expect("the models are sound") {
            insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(format!("api-{}", service.name), digest(&service));
            });
        }
    }

    #[test]
    fn files_and_next_steps_are_listed() {
        let delete = |path: &str, foreign| Difference {
            path: path.into(),
            change: Change::Delete { in_the_way: false },
            foreign,
        };
        let differences = [
            delete("mine.rs", Some(tree::Foreign::NoMark)),
            delete("old.rs", None),
            Difference {
                path: "new.rs".into(),
                change: Change::Write { old: None, text: "" },
                foreign: None,
            },
        ];
        let replaced = [
            Difference {
                path: "lib.rs".into(),
                change: Change::Write { old: None, text: "" },
                foreign: Some(tree::Foreign::NoMark),
            },
            delete("link", Some(tree::Foreign::Link)),
        ];
        insta::assert_snapshot!(report("src", &Files::new(), &replaced, &[]), @"
        replaced: src/lib.rs (it was not generated)
        deleted: src/link (it was not generated)
        src: 0 files, 1 written, 1 deleted
        ");
        let text = report("src", &Files::new(), &differences, &[&differences[0]]);
        insta::assert_snapshot!(text + &next_steps(true, &[], &[]), @"
        deleted: src/old.rs
        written: src/new.rs
        foreign: src/mine.rs: its first line is not the generator's (kept; delete it yourself)
        src: 0 files, 1 written, 1 deleted
        next: review the generated files with git diff, and run: cargo test --workspace
        ");
        assert_eq!(next_steps(false, &[], &[]), "");
        let files = vec![("README.md".to_owned(), "stale")];
        let checked = Checked { folders: vec![("src".to_owned(), 2, differences.into())], files };
        insta::assert_snapshot!(format!("{:#}", checked.json()), @r#"
        {
          "files": [
            {
              "kind": "stale",
              "path": "README.md"
            }
          ],
          "folders": [
            {
              "differences": [
                {
                  "kind": "foreign",
                  "path": "mine.rs"
                },
                {
                  "kind": "orphan",
                  "path": "old.rs"
                },
                {
                  "kind": "missing",
                  "path": "new.rs"
                }
              ],
              "files": 2,
              "folder": "src"
            }
          ],
          "fresh": false
        }
        "#);
        assert_eq!(Checked::default().json()["fresh"], true);
    }

    #[cfg(feature = "verbs")] // which has crates of their own
    #[test]
    fn wrong_parts_say_what_would_be_right() {
        use clap::Parser as _;

        use crate::{CommandLine, verbs::Verb};

        #[track_caller]
        fn check(arguments: &[&str], expected: &str) {
            let line = CommandLine::try_parse_from([&["xtask", "codegen"], arguments].concat());
            let Verb::Codegen(arguments) = line.expect("the command line is right").verb else {
                panic!("it is another verb");
            };
            match run(&arguments) {
                Err(Failure::Usage(message)) => assert_eq!(message, expected),
                other => panic!("{other:?}"),
            }
        }
        check(&["--out", "x"], "--out goes with --model, or with --service and --operations");
        let some = |service, operations| ["--service", service, "--operations", operations, "--out", "x"];
        check(
            &some("aws-storage-gatewy", "AddCache"),
            "unknown service \"aws-storage-gatewy\"; did you mean aws-storage-gateway?",
        );
        check(
            &some("aws-storage-gateway", "AddCash"),
            "unknown operation \"AddCash\"; did you mean AddCache?",
        );
        check(&some("aws-storage-gateway", ","), "--operations is empty");
    }
}
