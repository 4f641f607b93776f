//! `cargo xtask codegen`: the client, from the model.

use std::path::Path;

use gatewright_codegen::{Crate, Files, generate_in_runtime, generate_partitions};
use gatewright_model::{PartitionTable, Service};

use crate::{
    failure::Failure,
    flags::Flags,
    model, output,
    tree::{self, Change, Difference},
};

mod api;
mod part;

pub(crate) const USAGE: &str = "\
codegen [--force]  writes the changed files of generated/src, and deletes generated files that are no longer needed
codegen --check    fails if that would change anything, and lists the differences
codegen --service <service> --operations <Operation,…> --out <folder> [--runtime <path>] [--force]
                   writes a crate with only these operations and the shapes that they use
     --runtime     the crate's dependency on the runtime: a path, or a table such as { git = \"…\" }; default: this clone's
     --force       also overwrites and deletes files that were not generated; links are never followed";

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let flags = Flags::parse(arguments, &["service", "operations", "out", "runtime"], &["check", "force"])?;
    if let Some(position) = flags.positions.first() {
        return Err(Failure::Usage(format!("unknown argument {position:?}")));
    }
    let part = ["service", "operations", "out"].map(|name| flags.value(name));
    match (flags.has("check"), flags.has("force"), part, flags.value("runtime")) {
        (false, force, [None, None, None], None) => write(force),
        (true, false, [None, None, None], None) => check(),
        (false, force, [Some(service), Some(operations), Some(out)], runtime) => {
            write_part(service, operations, Path::new(out), runtime, force)
        }
        (true, ..) => Err(Failure::Usage("--check takes no other flag".into())),
        (false, ..) => Err(Failure::Usage("--service, --operations and --out go together".into())),
    }
}

const DIR: &str = "generated/src";

/// Where the runtime has its own parts of services, and the tables that services share.
const RUNTIME: &str = "runtime";

/// The README; its examples are doc tests of the crate.
const README: &str = "../../README.md";

/// Files by the folder that they are alone in.
fn folders(services: &[Service], tables: &[PartitionTable]) -> Vec<(String, Files)> {
    let parts = services.iter().filter_map(generate_in_runtime).chain([generate_partitions(tables)]);
    let parts = parts.map(|(folder, files)| (format!("{RUNTIME}/{folder}"), files));
    let files = Crate { services, readme: Some(README) }.files();
    [(DIR.to_owned(), files)].into_iter().chain(parts).collect()
}

fn write(force: bool) -> Result<(), Failure> {
    let services = model::all()?;
    let folders = folders(&services, &model::tables()?);
    let mut differences = Vec::new();
    for (folder, files) in &folders {
        let dir = model::root().join(folder);
        let found = tree::compare(files, &dir)?;
        let kept = tree::mend(&found, &dir, force)?;
        output::print(report(folder, files, &found, &kept))?;
        differences.extend(found);
    }
    let changes = api::changes(&services, &model::root().join(api::SNAPSHOTS))?;
    output::print(next_steps(&differences, &changes))
}

/// What was written, deleted and kept.
fn report(folder: &str, files: &Files, differences: &[Difference<'_>], kept: &[&Difference<'_>]) -> String {
    let mended: Vec<_> = differences.iter().filter(|difference| !kept.contains(difference)).collect();
    let is_deleted = |difference: &&Difference<'_>| matches!(difference.change, Change::Delete { .. });
    let line = |difference: &&Difference<'_>| {
        let done = if is_deleted(difference) { "deleted" } else { "written" };
        format!("{done}: {folder}/{}\n", difference.path.display())
    };
    let mut lines: Vec<_> = mended.iter().map(line).collect();
    lines.extend(kept.iter().map(|kept| format!("{} (kept; --force deletes it)\n", kept.line())));
    let deleted = mended.iter().copied().filter(is_deleted).count();
    let written = mended.len() - deleted;
    lines.push(format!("{folder}: {} files, {written} written, {deleted} deleted\n", files.len()));
    lines.concat()
}

/// What the change means for users, and what there is to do about it.
fn next_steps(differences: &[Difference<'_>], changes: &[api::ApiChange]) -> String {
    let mut lines: Vec<_> = changes.iter().map(ToString::to_string).collect();
    if !changes.is_empty() {
        lines.push(
            "next: review these lines, and accept them with: cargo test -p xtask; cargo insta review"
                .to_owned(),
        );
    }
    if !(changes.is_empty() && differences.is_empty()) {
        lines.push(
            "next: review the generated files with git diff, and run: cargo test --workspace".to_owned(),
        );
    }
    lines.iter().fold(String::new(), |text, line| text + line + "\n")
}

fn check() -> Result<(), Failure> {
    let mut stale = Vec::new();
    for (folder, files) in folders(&model::all()?, &model::tables()?) {
        let differences = tree::compare(&files, &model::root().join(&folder))?;
        if differences.is_empty() {
            output::print_line(format_args!("{folder}: {} files, all up to date", files.len()))?;
            continue;
        }
        let list: Vec<_> = differences.iter().map(ToString::to_string).collect();
        stale.push(format!(
            "{}\n\n{} of the files in {folder} are not what the model gives; mend them with: cargo xtask codegen",
            list.join("\n"),
            list.len()
        ));
    }
    if stale.is_empty() { Ok(()) } else { Err(Failure::Failed(stale.join("\n"))) }
}

fn write_part(
    service: &str,
    operations: &str,
    out: &Path,
    runtime: Option<&str>,
    force: bool,
) -> Result<(), Failure> {
    let service = select(model::service(service)?, operations)?;
    let manifest = part::manifest(&service, out, runtime)?;
    let services = [service];
    let files = Crate { services: &services, readme: None }.files();
    // Never through a link.
    tree::is_real_folder(out)?;
    let sources = out.join("src");
    let differences = tree::compare(&files, &sources)?;
    let kept = tree::mend(&differences, &sources, force)?;
    output::print(report(&sources.display().to_string(), &files, &differences, &kept))?;
    output::print_line(part::write_manifest(out, &manifest)?)
}

/// The service with just these operations.
fn select(service: Service, operations: &str) -> Result<Service, Failure> {
    let wanted: Vec<_> = operations.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let known = || service.operations.iter().map(|operation| operation.name.as_str());
    if let Some(unknown) = wanted.iter().find(|name| !known().any(|known| known == **name)) {
        return Err(Failure::unknown("operation", unknown, known()));
    }
    if wanted.is_empty() {
        return Err(Failure::Usage("--operations names none".into()));
    }
    Ok(service.with_operations(|name| wanted.contains(&name)))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use gatewright_codegen::digest;

    use super::*;

    #[test]
    fn generated_files_are_fresh() {
        if let Err(Failure::Failed(message) | Failure::Refused(message) | Failure::Usage(message)) = check() {
            panic!("{message}");
        }
    }

    /// So that a folder whose service no longer asks for it is not left behind.
    #[test]
    fn every_generated_file_of_the_runtime_is_one_of_a_model() {
        let services = model::all().expect("the models are sound");
        let folders = folders(&services, &model::tables().expect("the tables are sound"));
        let parts = folders.iter().skip(1).map(|(folder, files)| (model::root().join(folder), files.len()));
        let found = marked(&model::root().join(RUNTIME));
        let known = |file: &Path| parts.clone().any(|(folder, _)| file.starts_with(folder));
        assert!(found.iter().all(|file| known(file)), "{found:?}");
        assert_eq!(found.len(), parts.clone().map(|(_, count)| count).sum::<usize>());
        assert!(!found.is_empty(), "roles need some");
    }

    fn marked(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).expect("it is a folder").map(|entry| entry.expect("it is").path());
        let marked = |path: PathBuf| {
            if path.is_dir() {
                return marked(&path);
            }
            let is_marked = tree::is_marked(&fs::read_to_string(&path).expect("it is text"));
            is_marked.then_some(path).into_iter().collect()
        };
        entries.flat_map(marked).collect()
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
        let text = report("src", &Files::new(), &differences, &[&differences[0]]);
        insta::assert_snapshot!(text + &next_steps(&differences, &[]), @"
        deleted: src/old.rs
        written: src/new.rs
        foreign: mine.rs: its first line is not the generator's (kept; --force deletes it)
        src: 0 files, 1 written, 1 deleted
        next: review the generated files with git diff, and run: cargo test --workspace
        ");
        assert_eq!(next_steps(&[], &[]), "");
    }

    #[test]
    fn a_part_of_a_service_needs_no_more_than_it_reaches() {
        let service = model::service("aws-storage-gateway").expect("the model is sound");
        let service = select(service, "AddCache, ListGateways").expect("both are operations");
        let files = Crate { services: &[service], readme: None }.files();
        let below = |folder: &str| {
            let prefix = format!("aws_storage_gateway/{folder}/");
            files.keys().filter_map(|path| path.strip_prefix(&prefix)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(below("operation"), "add_cache.rs list_gateways.rs mod.rs");
        assert_eq!(below("shape"), "gateway_info.rs host_environment.rs mod.rs");
    }

    #[test]
    fn wrong_calls_say_what_would_be_right() {
        #[track_caller]
        fn check(arguments: &[&str], expected: &str) {
            let arguments: Vec<_> = arguments.iter().map(ToString::to_string).collect();
            match run(&arguments) {
                Err(Failure::Usage(message)) => assert_eq!(message, expected),
                other => panic!("{other:?}"),
            }
        }
        check(&["--chek"], "unknown flag \"chek\"; did you mean check?");
        check(&["now"], "unknown argument \"now\"");
        check(&["--service"], "--service needs a value");
        check(&["--check", "--out", "x"], "--check takes no other flag");
        check(&["--check", "--force"], "--check takes no other flag");
        check(&["--runtime", "x"], "--service, --operations and --out go together");
        check(&["--service", "x"], "--service, --operations and --out go together");
        let some = |service, operations| ["--service", service, "--operations", operations, "--out", "x"];
        check(
            &some("aws-storage-gatewy", "AddCache"),
            "unknown service \"aws-storage-gatewy\"; did you mean aws-storage-gateway?",
        );
        check(
            &some("aws-storage-gateway", "AddCash"),
            "unknown operation \"AddCash\"; did you mean AddCache?",
        );
        check(&some("aws-storage-gateway", ","), "--operations names none");
    }
}
