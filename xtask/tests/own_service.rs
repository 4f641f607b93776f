//! `codegen --model … --out …`: crates for models outside this repository.
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The same folder each time, so that cargo has little to do, without what was generated there before.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).current_dir(root()).output().unwrap()
}

/// Cargo, in a folder, with the versions and the cache of this workspace.
fn cargo(arguments: &[&str], folder: &Path) -> Output {
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        // Those of this package would have build scripts run again.
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&*name);
        }
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    cargo.args(arguments).current_dir(folder).env("CARGO_TARGET_DIR", target).output().unwrap()
}

/// Standard output of a success.
#[track_caller]
fn success(output: &Output) -> String {
    let [stdout, stderr] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    assert!(output.status.success(), "{stdout}\n{stderr}");
    stdout.into_owned()
}

#[track_caller]
fn failure(output: &Output) -> String {
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A block of the page: the file that it is, or commands.
enum Block<'a> {
    File(&'a str, String),
    Commands(String),
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let (mut file, mut lines) = (None, page.lines());
    while let Some(line) = lines.next() {
        if let Some((path, _)) = line.strip_prefix('`').and_then(|rest| rest.split_once("`:")) {
            file = Some(path);
        }
        let Some(language) = line.strip_prefix("```") else { continue };
        let text: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
        let text = text.join(
            "
",
        ) + "
";
        blocks.push(match (language, file.take()) {
            ("sh", None) => Block::Commands(text),
            (_, Some(path)) => Block::File(path, text),
            (language, None) => panic!("a block of {language} is neither a file nor commands"),
        });
    }
    blocks
}

/// The words of the page's commands are also its test.
#[test]
fn the_page_is_followed_to_the_letter() {
    let harbour = folder("harbour");
    let page = fs::read_to_string(root().join("docs/own-service.md")).unwrap();
    let mut printed = Vec::new();
    for block in blocks(&page) {
        let commands = match block {
            Block::File(path, text) => {
                put(&harbour.join(path), &text);
                continue;
            }
            Block::Commands(commands) => commands,
        };
        for command in commands.lines() {
            let command = command.replace("../harbour/", &format!("{}/", harbour.display()));
            let words: Vec<_> = command.split(' ').collect();
            match words.as_slice() {
                ["cargo", "xtask", arguments @ ..] => printed.push(success(&xtask(arguments))),
                ["cargo", arguments @ ..] => printed.push(success(&cargo(arguments, &harbour.join("app")))),
                other => panic!("no test runs {other:?}"),
            }
        }
    }
    let [generated, .., ran] = printed.as_slice() else { panic!("{printed:?}") };
    assert!(generated.contains("harbour-client/src: 21 files, 21 written, 0 deleted\n"), "{generated}");
    let client = harbour.join("harbour-client");
    let made = format!("written: {}\n", client.join("NOTICE.md").display());
    assert!(generated.contains(&made), "{generated}");
    assert!(ran.starts_with("moored: true\nship: Some(\"Anna\")\n"), "{ran}");
    for part in [
        "- More ships came than there are berths.\n",
        "- Try again when a ship has left.\n",
        "high water: true\n",
    ] {
        assert!(ran.contains(part), "{part:?} in {ran}");
    }

    // Examples in its documentation and README compile.
    success(&cargo(&["test", "--quiet", "--doc", "--features", "fake"], &client));
    // The crate is what its model gives, until that changes.
    let model = harbour.join("model");
    let [model, out] = [&model, &client].map(|path| path.to_str().unwrap());
    assert_eq!(
        success(&xtask(&["codegen", "--model", model, "--out", out, "--check"])),
        "harbour-client with harbour, tides: up to date\n"
    );
    let stale =
        failure(&xtask(&["codegen", "--model", model, "--service", "tides", "--out", out, "--check"]));
    for part in ["orphan:  harbour.txt (in ", "orphan:  harbour/client.rs", "stale:   lib.rs", "Cargo.toml\n"]
    {
        assert!(stale.contains(part), "{part:?} in {stale}");
    }
}

/// Whatever a service calls its things and however large they are, the crate compiles and is clean by our own rules.
#[test]
fn large_and_odd_services_are_clean() {
    let odd = folder("odd");
    let model = odd.join("model/odd");
    let list = |names: &mut dyn Iterator<Item = String>, shape: &str| -> Vec<Value> {
        names.map(|name| json!({"name": name, "shape": shape})).collect()
    };
    let many = |word: &'static str| (0..130).map(move |index| format!("{word}{index:03}"));
    let values: Vec<_> = many("Value").map(|value| json!({"value": value})).collect();
    let mut members = list(&mut many("Member"), "Text");
    members.extend(list(
        &mut ["Add", "Default", "Mul", "Neg", "Not", "Sub"].map(str::to_owned).into_iter(),
        "Text",
    ));
    let flags = many("Flag").take(12).chain(["Packet", "Pocket"].map(str::to_owned));
    let required: Vec<_> =
        flags.map(|name| json!({"name": name, "shape": "Yes", "required": true})).collect();
    let shapes = json!([
        {"name": "Alternative", "type": "union", "doc": "Something.", "members": [
            {"name": "Large", "shape": "Large"}, {"name": "Other", "shape": "Alternative"}, {"name": "Small", "shape": "Yes"},
        ]},
        {"name": "Flags", "type": "structure", "doc": "Flags.", "members": required},
        {"name": "Input", "type": "structure", "members": [
            {"name": "Name", "shape": "Text", "required": true}, {"name": "Alternative", "shape": "Alternative"},
            {"name": "Flags", "shape": "Flags"},
        ]},
        {"name": "Kind", "type": "enum", "doc": "A kind.", "values": values},
        {"name": "Large", "type": "structure", "doc": "Much.", "members": members},
        {"name": "Odd", "type": "structure", "doc": "Named like the service.", "members": [{"name": "Kind", "shape": "Kind"}]},
        {"name": "Output", "type": "structure", "members": [
            {"name": "Alternative", "shape": "Alternative"}, {"name": "Odd", "shape": "Odd"},
        ]},
        {"name": "Text", "type": "string", "min_length": 1},
        {"name": "Yes", "type": "boolean"},
    ]);
    let operation = |name: &str, prefix: Value| {
        let mut operation = json!({"name": name, "doc": "Does it.", "input": "Input", "output": "Output"});
        if !prefix.is_null() {
            operation["host_prefix"] = prefix;
        }
        operation
    };
    let operations = json!([operation("Fake", Value::Null), operation("Operations", json!("data-{Name}."))]);
    let service = json!({
        "$schema": "/schema/service.json", "name": "odd", "title": "Odd", "doc": "Is odd.", "version": "1", "settings_id": "Odd",
        "protocol": {"aws-json": {"version": "1.0", "target_prefix": "Odd"}},
        "auth": {"sigv4": {"signing_name": "odd"}},
        "endpoints": {"rules": [{"when": ["endpoint-set"], "custom": true}, {"when": [], "error": "set an endpoint"}]},
    });
    let lists = [
        ("operations", "operations", operations),
        ("shapes", "shapes", shapes),
        ("exceptions", "exceptions", json!([])),
        ("error-codes", "error_codes", json!([])),
    ];
    for (file, key, entries) in lists {
        let text = json!({"$schema": format!("/schema/{file}.json"), key: entries});
        put(&model.join(format!("{file}.json")), &text.to_string());
    }
    put(&model.join("service.json"), &service.to_string());

    let out = odd.join("client");
    let [from, to] = [&model, &out].map(|path| path.to_str().unwrap());
    success(&xtask(&["codegen", "--model", from, "--out", to, "--name", "odd-client"]));
    // A file beside the generated ones is its owner's.
    put(&out.join("examples/host.rs"), HOST);
    let rules = ["-D", "clippy::all", "-D", "clippy::pedantic", "-A", "clippy::must-use-candidate"];
    let arguments = ["clippy", "--quiet", "--features", "fake,blocking", "--"].iter().chain(&rules);
    let arguments: Vec<_> = arguments.copied().collect();
    success(&cargo(&arguments, &out));
    let ran = success(&cargo(&["run", "--quiet", "--example", "host", "--features", "fake,blocking"], &out));
    let refused =
        "Operations: refused before sending: Name: becomes a part of the host name: give 1 to 63 letters";
    assert!(ran.starts_with(refused), "{ran}");
    assert!(ran.ends_with("\nfake: true\n"), "{ran}");
}

const HOST: &str = r#"
use odd_client::odd::{Client, FAKE, FakeRequest_, Large, OperationsRequest};

fn main() {
    let client: Client = Client::builder()
        .endpoint_url("https://odd.example.com")
        .region("r")
        .credentials(odd_client::credentials::Credentials::new("a", "b"))
        .build()
        .unwrap();
    let refused = client.operations(OperationsRequest::new("evil.example/")).unchecked().send_blocking();
    println!("{}", refused.unwrap_err());
    assert_eq!(Large::new().default("a").add("b").default.as_deref(), Some("a"));
    println!("fake: {}", FAKE.operations().len() == 2 && FakeRequest_::new("a").name == "a");
}
"#;

#[test]
fn folders_of_others_stay_as_they_are() {
    let folder = TempDir::new().unwrap();
    let model = root().join("model/services/aws-sts");
    let codegen = |out: &Path, further: &[&str]| {
        let [model, out] = [&model, out].map(|path| path.to_str().unwrap());
        xtask(&[&["codegen", "--model", model, "--out", out], further].concat())
    };
    // Of another project.
    let project = folder.path().join("project");
    put(&project.join("src/main.rs"), "fn main() {}\n");
    put(&project.join("Cargo.toml"), "[package]\nname = \"mine\"\n");
    let refused = failure(&codegen(&project, &[]));
    assert!(
        refused.contains("holds Cargo.toml and nothing that was generated: nothing was changed"),
        "{refused}"
    );
    assert_eq!(fs::read_dir(&project).unwrap().count(), 2);
    assert_eq!(fs::read_dir(project.join("src")).unwrap().count(), 1);

    // A file in the way in one folder keeps everything else from being written.
    let blocked = folder.path().join("blocked");
    put(&blocked.join("api/aws-sts.txt"), "my notes\n");
    let refused = failure(&codegen(&blocked, &[]));
    assert!(refused.starts_with("foreign: aws-sts.txt: its first line is not the generator's"), "{refused}");
    assert!(!blocked.join("src").exists() && !blocked.join("Cargo.toml").exists());
    success(&codegen(&blocked, &["--force"]));
    assert!(fs::read_to_string(blocked.join("api/aws-sts.txt")).unwrap().starts_with("# @generated by"));

    // A new repository is as good as an empty folder, and files of the owner survive.
    let fresh = folder.path().join("fresh");
    put(&fresh.join(".git/HEAD"), "ref: refs/heads/main\n");
    success(&codegen(&fresh, &[]));
    put(&fresh.join("README.md"), "# Mine\n");
    put(&fresh.join("tests/mine.rs"), "");
    let report = success(&codegen(&fresh, &[]));
    assert!(report.contains("README.md: kept, since its first line is not the generator's"), "{report}");
    assert_eq!(fs::read_to_string(fresh.join("README.md")).unwrap(), "# Mine\n");
    assert!(fresh.join("tests/mine.rs").exists());

    // Names that no crate can have.
    let named = |name: &str| failure(&codegen(&folder.path().join("other"), &["--name", name]));
    assert!(named("Mine").contains("\"Mine\" is not the name of a crate"), "{}", named("Mine"));
    assert!(named("serde-core").contains("the name of a crate that this one needs"));
    assert!(!folder.path().join("other").exists());
}

#[test]
fn models_that_cannot_be_used_say_why() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    let codegen = |model: &Path| {
        failure(&xtask(&["codegen", "--model", model.to_str().unwrap(), "--out", out.to_str().unwrap()]))
    };
    let empty = codegen(folder.path());
    assert!(empty.contains("has neither a service.json nor folders that have one"), "{empty}");
    let broken = folder.path().join("fake");
    put(&broken.join("service.json"), "{");
    let faults = codegen(&broken);
    assert!(faults.contains("operations.json: cannot be read") && faults.contains("4 faults"), "{faults}");
    assert!(!out.exists());
}
