//! Everything that CI runs, in CI's order.

use std::{fs, path::Path, process::Command, time::Instant};

use clap::Args;

use crate::{cargo, failure::Failure, fuzz, model, output::note, progress::Progress, scratch};

/// Run everything that CI runs
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  {program} ci
  {program} ci ../cases")]
pub(crate) struct Arguments {
    /// Folder of the conformance cases
    #[arg(default_value = CASES)]
    cases: String,
}

/// Default folder of the cases, next to a checkout.
const CASES: &str = "../shared/conformance";

/// Maximum number of third-party crates that a user has to compile.
const MOST_CRATES: usize = 42;

/// Features with which users' crates are checked, besides the defaults.
const OTHER_CRYPTOGRAPHY: &[&str] =
    &["--no-default-features", "--features", "acs3,alibaba-csg,async,aws-storage-gateway,aws-lc-rs"];

/// Calls without an async runtime, of each service alone.
const BLOCKING: [[&str; 3]; 2] = [
    ["--no-default-features", "--features", "aws-storage-gateway,blocking,ring"],
    ["--no-default-features", "--features", "alibaba-csg,blocking,ring"],
];

/// A transport of the program's own: no TLS, no sockets, no C compiler.
const DRIVERS: [[&str; 3]; 2] = [
    ["--no-default-features", "--features", "async-driver,rust-crypto,services"],
    ["--no-default-features", "--features", "blocking-driver,credentials,rust-crypto,services"],
];

/// Executions of each target; the seed is fixed, so that the result does not depend on chance.
const FUZZ_RUNS: &str = "20000";

type Step<'a> = &'a dyn Fn() -> Result<(), String>;

/// Runs the steps; stops at the first that fails.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (root, cases) = (model::root(), arguments.cases.as_str());
    let steps: [(&str, Step<'_>); 20] = [
        ("format", &|| format(root)),
        ("generated code is fresh", &|| xtask(root, &["codegen", "--check"])),
        ("the step of the version", &|| xtask(root, &["diff", "--check"])),
        ("users' dependencies", &|| dependencies(root)),
        ("tests", &|| run_cargo(root, &["test", "--workspace"])),
        ("lints", &|| run_cargo(root, &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])),
        ("lints, xtask without the client", &|| {
            let without = ["--no-default-features", "--all-targets"];
            run_cargo(
                root,
                &[&["clippy", "--package", "xtask"], &without[..], &["--", "-D", "warnings"]].concat(),
            )
        }),
        ("lints, defaults only", &|| {
            run_cargo(root, &["clippy", "--package", "gatewright", "--", "-D", "warnings"])
        }),
        ("lints, everything", &|| {
            run_cargo(root, &["clippy", "--package", "gatewright", "--all-features", "--", "-D", "warnings"])
        }),
        ("blocking only", &|| blocking_only(root)),
        ("without the built-in transport", &|| {
            DRIVERS.iter().try_for_each(|features| {
                let command =
                    [&["clippy", "--package", "gatewright"], &features[..], &["--", "-D", "warnings"]];
                run_cargo(root, &command.concat())
            })
        }),
        ("sources of credentials one by one", &|| sources_alone(root)),
        ("the other cryptography", &|| {
            run_cargo(root, &[&["check", "--package", "gatewright"], OTHER_CRYPTOGRAPHY].concat())
        }),
        ("examples", &|| examples(root).map_err(|failure| failure.to_string())),
        ("docs", &|| docs(root)),
        ("a fresh resolve", &|| fresh_resolve(root).map_err(|failure| failure.to_string())),
        ("conformance", &|| xtask(root, &["conformance", cases])),
        ("interoperability", &|| xtask(root, &["interop"])),
        ("corpus", &|| xtask(root, &["corpus"])),
        ("fuzzing", &|| fuzzing(root)),
    ];
    let start = Instant::now();
    let progress = Progress::of_programs("ci", steps.len());
    for (name, step) in steps {
        progress.begin(name);
        let began = Instant::now();
        step().map_err(|error| Failure::Failed(format!("ci: {name}: {error}")))?;
        note(format_args!("ci: {name}: {:.0} s", began.elapsed().as_secs_f64()));
    }
    note(format_args!("ci: all of it: {:.0} s", start.elapsed().as_secs_f64()));
    Ok(())
}

fn run_cargo(root: &Path, arguments: &[&str]) -> Result<(), String> {
    finish(cargo::command().args(arguments).current_dir(root))
}

/// A verb of this program, as a user starts it.
fn xtask(root: &Path, arguments: &[&str]) -> Result<(), String> {
    run_cargo(root, &[&["xtask"], arguments].concat())
}

/// Of the workspace, and of crates outside the workspace.
fn format(root: &Path) -> Result<(), String> {
    run_cargo(root, &["fmt", "--all", "--check"])?;
    fuzz::CRATES.iter().chain([&"xtask/interop/aws-config"]).try_for_each(|folder| {
        run_cargo(root, &["fmt", "--check", "--manifest-path", &format!("{folder}/Cargo.toml")])
    })
}

/// Fuzzes every parser of foreign bytes for a short time; `cargo xtask fuzz` runs longer.
fn fuzzing(root: &Path) -> Result<(), String> {
    if fuzz::is_installed() {
        return xtask(root, &["fuzz", "--runs", FUZZ_RUNS]);
    }
    note(
        "ci: fuzzing: SKIPPED, no parser was fuzzed: cargo-fuzz is missing; cargo install cargo-fuzz --locked",
    );
    Ok(())
}

fn docs(root: &Path) -> Result<(), String> {
    // Without the name of a package, which cargo ignores here: `gatewright/tracing` would not be enabled.
    let features = "acs3,aws-credential-types,blocking,credentials,dynamic,fake,patterns,services,tracing";
    let arguments = ["doc", "--workspace", "--no-deps", "--features", features];
    finish(cargo::command().args(arguments).env("RUSTDOCFLAGS", "-D warnings").current_dir(root))
}

/// Runs every example, against the fakes.
fn examples(root: &Path) -> Result<(), Failure> {
    let folder = root.join("generated/examples");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort_unstable();
    for name in names {
        run_cargo(root, &["run", "--quiet", "--package", "gatewright", "--example", &name])?;
    }
    Ok(())
}

/// Checks that a build for blocking calls only has no warning and no async runtime.
fn blocking_only(root: &Path) -> Result<(), String> {
    for features in BLOCKING {
        let crates = crates(root, &features)?;
        if let Some(found) = crates.iter().find(|line| line.starts_with("tokio") || line.starts_with("hyper"))
        {
            return Err(format!("{found}: blocking calls need no async runtime"));
        }
        note(format_args!("ci: {}: a user compiles {} third-party crates", features.join(" "), crates.len()));
        let command = [&["clippy", "--package", "gatewright"], &features[..], &["--", "-D", "warnings"]];
        run_cargo(root, &command.concat())?;
    }
    Ok(())
}

/// Checks that each feature of a source builds alone, without unused code.
fn sources_alone(root: &Path) -> Result<(), String> {
    for source in ["assume-role", "instance", "process", "sso"] {
        let features = format!("async,ring,{source}");
        let command =
            ["clippy", "--package", "gatewright-runtime", "--no-default-features", "--features", &features];
        run_cargo(root, &[&command[..], &["--", "-D", "warnings"]].concat())?;
    }
    Ok(())
}

/// The third-party crates that a user compiles.
fn crates(root: &Path, features: &[&str]) -> Result<Vec<String>, String> {
    let arguments = ["tree", "--package", "gatewright", "--edges", "normal,build", "--prefix", "none"];
    let output = cargo::command()
        .args(arguments)
        .args(features)
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo tree: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo tree: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let tree = String::from_utf8_lossy(&output.stdout);
    let lines = tree.lines().map(|line| line.trim_end_matches(" (*)").to_owned());
    let mut crates: Vec<_> = lines.filter(|line| !line.starts_with("gatewright")).collect();
    crates.sort_unstable();
    crates.dedup();
    Ok(crates)
}

/// Checks that users compile no proc macro and few crates.
fn dependencies(root: &Path) -> Result<(), String> {
    let crates = crates(root, &[])?;
    if let Some(macros) = crates.iter().find(|line| line.contains("(proc-macro)")) {
        return Err(format!("{macros}: users must not compile a proc macro because of us"));
    }
    note(format_args!("ci: a user compiles {} third-party crates", crates.len()));
    if crates.len() > MOST_CRATES {
        return Err(format!("{} crates, at most {MOST_CRATES}:\n{}", crates.len(), crates.join("\n")));
    }
    Ok(())
}

/// What a user without our lock file gets builds too: the tracked files, resolved anew.
fn fresh_resolve(root: &Path) -> Result<(), Failure> {
    let copy = scratch::empty_folder(&root.join("target"), "fresh-resolve")?;
    let failed = |error: std::io::Error| format!("{}: {error}", copy.display());
    let listing = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output().map_err(failed)?;
    for file in String::from_utf8_lossy(&listing.stdout).split('\0') {
        if file.is_empty() || file == "Cargo.lock" || !root.join(file).is_file() {
            continue;
        }
        let to = copy.join(file);
        fs::create_dir_all(to.parent().unwrap_or(&copy)).map_err(failed)?;
        fs::copy(root.join(file), to).map_err(failed)?;
    }
    let check = ["check", "--package", "gatewright", "--package", "xtask"];
    Ok(finish(cargo::command().args(check).env("CARGO_TARGET_DIR", root.join("target")).current_dir(&copy))?)
}

fn finish(command: &mut Command) -> Result<(), String> {
    let status = command.status();
    // Not `Debug` of the command, which also lists removed variables.
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line = words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{line}: {status}")),
        Err(error) => Err(format!("{line}: {error}")),
    }
}
