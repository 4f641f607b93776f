//! Verdicts on the Rust API, compared with a user's program and with `cargo-semver-checks`.
//!
//! Every mutation is a module of two crates, one generated from the models before, one from the models after.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use gatewright_codegen::{Crate, diff::Verdict, runtime_features};
use gatewright_model::{Protocol, Service};
use serde_json::Value;

use crate::mutation::{self, Mutation};

/// Uses all of the fixture's client.
const PROGRAM: &str = include_str!("program.txt");

const TOOL: &str = "cargo-semver-checks";

/// What `cargo-semver-checks` found when it was last run: its lints, by mutation.
const RECORDED: &str = "codegen/tests/diff/semver-checks.json";

#[test]
fn a_program_compiles_unless_the_api_breaks() {
    let mutations = mutation::all();
    let typed = mutations.iter().enumerate().filter(|(_, mutation)| mutation.has_types());
    let typed: BTreeSet<_> = typed.map(|(index, _)| index).collect();
    // Most mutations have the fixture itself as their model before: it is generated and compiled once.
    let mut bases = BTreeMap::new();
    for index in &typed {
        bases.entry(mutations[*index].base()).or_insert(*index);
    }
    let bases = bases.into_values().collect();
    let [old, new] = crates(&mutations, "program", [&bases, &typed]);
    let modules = |indices: &BTreeSet<usize>| indices.iter().copied().map(module).collect();
    let broken = broken_programs(&old, &modules(&bases));
    assert_eq!(broken, BTreeSet::new(), "the program compiles with every old model");
    let broken = broken_programs(&new, &modules(&typed));
    let mut wrong = Vec::new();
    for index in typed {
        let mutation = &mutations[index];
        let expected = mutation.rust() == Some(Verdict::Breaking);
        let found = broken.contains(&module(index));
        if expected != found {
            wrong.push(format!(
                "{}: judged as breaking: {expected}, does not compile: {found}",
                mutation.name
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(broken.len() >= 30, "{} mutations break the program", broken.len());
}

/// Breaking changes that the tool does not see, with the reason.
const UNSEEN: &[(&str, &[&str])] = &[
    ("it does not look for implementations of a library's traits", &["an exception loses its members"]),
    (
        "it does not compare types of fields, arguments and variants",
        &[
            "the type of a member changes",
            "a string becomes an enum",
            "an integer becomes a long",
            "an integer becomes a string",
            "items become nullable",
            "a structure of requests gets a required member",
            "a structure of requests is also used in responses",
            "a structure contains itself",
            "the type of an alternative of a union changes",
            "a union gets a sensitive alternative",
            "a shape becomes sensitive",
            "a shape is no longer sensitive",
            "the operation of a waiter changes",
        ],
    ),
    ("it does not see which traits are implemented by hand", &["an operation is no longer paginated"]),
    (
        "it does not compare associated types",
        &[
            "the items are the pages themselves",
            "pages have other items",
            "the protocol changes",
            "the signature changes",
        ],
    ),
];

#[test]
fn verdicts_agree_with_cargo_semver_checks() {
    let mutations = mutation::all();
    let path = root().join(RECORDED);
    match installed() {
        Some(tool) => {
            let all = (0..mutations.len()).collect();
            let [old, new] = crates(&mutations, "semver-checks", [&all; 2]);
            let found = semver_checks(&tool, &old, &new, &mutations);
            let text = serde_json::to_string_pretty(&found).unwrap() + "\n";
            if env::var_os("GATEWRIGHT_UPDATE").is_some() {
                fs::write(&path, &text).unwrap();
            }
            let recorded = fs::read_to_string(&path).unwrap_or_default();
            assert!(recorded == text, "{RECORDED} is stale: run the test with GATEWRIGHT_UPDATE=1\n{text}");
        }
        None => {
            eprintln!("SKIPPED: {TOOL} is not installed; verdicts are compared with what it found before");
        }
    }
    let found: BTreeMap<String, BTreeSet<String>> =
        serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let unseen: BTreeSet<_> = UNSEEN.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let mut wrong = Vec::new();
    for mutation in &mutations {
        let judged = mutation.rust() == Some(Verdict::Breaking);
        let seen = found.contains_key(&mutation.name);
        let is_explained = unseen.contains(mutation.name.as_str());
        if (judged && !seen) != is_explained || (seen && !judged) {
            wrong.push(format!("{}: judged as breaking: {judged}, seen: {seen}", mutation.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(mutations.len() > 100 && found.len() > 20, "{} of {}", found.len(), mutations.len());
}

impl Mutation {
    /// Whether the service has operations, and with them types.
    fn has_types(&self) -> bool {
        self.models("small-service").iter().all(|service| !service.operations.is_empty())
    }
}

fn module(index: usize) -> String {
    format!("m{index:03}")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The crates before and after, each with these mutations, and a program for each of them.
fn crates(mutations: &[Mutation], folder: &str, wanted: [&BTreeSet<usize>; 2]) -> [PathBuf; 2] {
    let models = mutations.iter().enumerate().map(|(index, mutation)| mutation.models(&module(index)));
    let models: Vec<_> = models.collect();
    let services = |side: usize| wanted[side].iter().map(|index| models[*index][side].clone()).collect();
    let [old, new]: [Vec<_>; 2] = [services(0), services(1)];
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("diff").join(folder);
    let features: BTreeSet<_> = old.iter().chain(&new).flat_map(runtime_features).collect();
    // If both had the same version, cargo would confuse them.
    [("old", "0.1.0", &old, wanted[0]), ("new", "0.1.1", &new, wanted[1])].map(
        |(name, version, services, wanted)| {
            let dir = folder.join(name);
            if dir.exists() {
                fs::remove_dir_all(&dir).unwrap();
            }
            write(&dir.join("Cargo.toml"), &manifest(version, services, &features));
            // The versions of the workspace: nothing is downloaded.
            fs::copy(root().join("Cargo.lock"), dir.join("Cargo.lock")).unwrap();
            for (path, text) in (Crate { name: "oracle", services, readme: None, guides: None }).files() {
                write(&dir.join("src").join(path), &text);
            }
            for index in wanted.iter().copied().filter(|index| mutations[*index].has_types()) {
                let text = program(index, &mutations[index], &models[index][0]);
                write(&example(&dir, &module(index)), &text);
            }
            dir
        },
    )
}

fn program(index: usize, mutation: &Mutation, old: &Service) -> String {
    let has_pages = old.operations.iter().any(|operation| operation.pagination.is_some());
    let protocol = match old.protocol {
        Protocol::AwsJson(_) => "AwsJson",
        Protocol::AwsQuery(_) => "AwsQuery",
        Protocol::AwsEc2(_) => "AwsEc2",
        Protocol::AwsRestJson(_) => "AwsRestJson",
        Protocol::AwsRestXml(_) => "AwsRestXml",
        Protocol::AliyunRpc(_) => "AliyunRpc",
        Protocol::RawHttp(_) => panic!("{}: has no types", mutation.name),
    };
    let lines = PROGRAM.lines().filter(|line| has_pages || !line.ends_with("// pages"));
    let text = lines.collect::<Vec<_>>().join("\n") + "\n";
    text.replace("MODULE", &module(index)).replace("PROTOCOL", protocol)
}

fn manifest(version: &str, services: &[Service], features: &BTreeSet<&str>) -> String {
    let names: Vec<_> = services.iter().map(|service| format!("{:?}", service.name)).collect();
    let declared: String = services.iter().flat_map(|service| [&service.name, " = []\n"]).collect();
    let features: Vec<_> =
        features.iter().copied().chain(["async", "ring"]).map(|name| format!("{name:?}")).collect();
    let runtime = root().join("runtime");
    format!(
        r#"[package]
name = "oracle"
version = "{version}"
edition = "2024"
publish = false

[features]
default = [{}]
{declared}dynamic = []
fake = []
blocking = []

[dependencies]
gatewright-runtime = {{ path = '{}', default-features = false, features = [{}] }}
serde_core = {{ version = "1", default-features = false, features = ["std"] }}

[workspace]
"#,
        names.join(", "),
        runtime.display(),
        features.join(", ")
    )
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Cargo, as it would run if this test had not been started by cargo.
fn cargo(dir: &Path) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        // The variables that cargo sets for this package would make build scripts run again.
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&*name);
        }
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    cargo.current_dir(dir).env("CARGO_TARGET_DIR", target);
    cargo
}

/// A file of the example that holds all programs, each as a module.
fn example(dir: &Path, module: &str) -> PathBuf {
    dir.join(format!("examples/{EXAMPLE}/{module}.rs"))
}

const EXAMPLE: &str = "programs";

/// Modules whose program does not compile.
///
/// The compiler stops after the stage that found errors, which may hide others': those that it found are left out, and the rest
/// is compiled again, until it has no errors. That takes a fraction of the time of compiling each program by itself.
fn broken_programs(dir: &Path, modules: &BTreeSet<String>) -> BTreeSet<String> {
    let mut rest = modules.clone();
    loop {
        let list: String = rest.iter().flat_map(|module| ["mod ", module, ";\n"]).collect();
        write(&example(dir, "main"), &format!("#![allow(dead_code)]\n{list}fn main() {{}}\n"));
        let found = errors(dir, modules);
        if found.is_empty() {
            return modules.difference(&rest).cloned().collect();
        }
        let before = rest.len();
        rest.retain(|module| !found.contains(module));
        assert!(rest.len() < before, "errors outside of the programs: {found:?}");
    }
}

/// Modules of the example that the compiler found errors in; the crate has no other services than these modules use.
fn errors(dir: &Path, services: &BTreeSet<String>) -> BTreeSet<String> {
    let services = services.iter().map(String::as_str).collect::<Vec<_>>().join(",");
    let mut check = cargo(dir);
    check.args(["check", "--example", EXAMPLE, "--message-format", "json"]);
    check.args(["--no-default-features", "--features", &services]);
    let output = check.output().unwrap();
    let mut found = BTreeSet::new();
    for line in text(&output).0.lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        if message["reason"] == "compiler-message" && message["message"]["level"] == "error" {
            assert_eq!(message["target"]["kind"][0], "example", "{}", message["message"]["rendered"]);
            found.extend(modules(&message["message"]));
        }
    }
    assert_eq!(output.status.success(), found.is_empty(), "{}", text(&output).1);
    found
}

/// The modules that an error is in, by their files.
fn modules(error: &Value) -> impl Iterator<Item = String> {
    let spans = error["spans"].as_array().into_iter().flatten().filter(|span| span["is_primary"] == true);
    let files = spans.filter_map(|span| span["file_name"].as_str());
    files.filter_map(|file| Some(Path::new(file).file_stem()?.to_string_lossy().into_owned()))
}

fn text(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

/// The tool, from `PATH`.
fn installed() -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(TOOL)).find(|path| path.is_file())
}

/// Lints that the tool reports, by mutation.
fn semver_checks(
    tool: &Path,
    old: &Path,
    new: &Path,
    mutations: &[Mutation],
) -> BTreeMap<String, BTreeSet<String>> {
    let output = cargo(new)
        .env_remove("CARGO_TARGET_DIR")
        .env("PATH", env::var_os("PATH").unwrap())
        .args(["semver-checks", "--release-type", "minor", "--color", "never"])
        .args(["--only-explicit-features", "--features", "default", "--baseline-root"])
        .arg(old)
        .output()
        .unwrap();
    let (stdout, stderr) = text(&output);
    assert!(stderr.contains("Checked"), "{}: {stdout}\n{stderr}", tool.display());
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut lint = String::new();
    for line in stdout.lines() {
        if let Some(failure) = line.strip_prefix("--- failure ") {
            failure.split(':').next().unwrap().clone_into(&mut lint);
        }
        // Findings have the path of the item: `m012::DoRequest`, or its file.
        if let Some(index) = line.starts_with("  ").then(|| index_in(line)).flatten() {
            found.entry(mutations[index].name.clone()).or_default().insert(lint.clone());
        }
    }
    found
}

/// The number of the module that a finding is in.
fn index_in(line: &str) -> Option<usize> {
    let digits = |rest: &str| rest.get(..3)?.parse().ok();
    line.match_indices('m').find_map(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !c.is_ascii_alphanumeric()).then(|| digits(&line[at + 1..])).flatten()
    })
}
