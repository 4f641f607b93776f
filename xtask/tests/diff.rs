//! `cargo xtask diff` against git revisions and folders.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};
use tempfile::TempDir;

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("model")
}

/// A repository of another's, with the models below `model`.
fn repository() -> TempDir {
    let repository = TempDir::new().unwrap();
    let model = repository.path().join("model");
    for folder in ["partitions", "services/aws-sts"] {
        fs::create_dir_all(model.join(folder)).unwrap();
        for file in fs::read_dir(committed().join(folder)).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), model.join(folder).join(file.file_name())).unwrap();
        }
    }
    git(repository.path(), &["init", "--quiet"]);
    git(repository.path(), &["add", "."]);
    git(repository.path(), &["commit", "--quiet", "--message", "Models"]);
    repository
}

#[track_caller]
fn git(folder: &Path, arguments: &[&str]) {
    let identity =
        ["-c", "user.name=Tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").arg("-C").arg(folder).args(identity).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", text(&output).1);
}

fn diff(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).arg("diff").args(arguments).output().unwrap()
}

fn text(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

fn edit(path: &Path, edit: impl FnOnce(&mut Value)) {
    let mut value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    edit(&mut value);
    fs::write(path, serde_json::to_string_pretty(&value).unwrap()).unwrap();
}

#[track_caller]
fn rules(output: &Output) -> Vec<String> {
    let (stdout, stderr) = text(output);
    assert!(output.status.success(), "{stderr}");
    let report: Value = serde_json::from_str(&stdout).unwrap();
    let changes = report["changes"].as_array().unwrap();
    changes
        .iter()
        .map(|change| format!("{} {}", change["path"].as_str().unwrap(), change["rule"].as_str().unwrap()))
        .collect()
}

#[test]
fn a_revision_is_compared_with_the_files_as_they_are() {
    let repository = repository();
    let model = repository.path().join("model");
    let arguments = ["HEAD", "--model", model.to_str().unwrap(), "--format", "json"];
    assert_eq!(rules(&diff(&arguments)), [""; 0]);

    edit(&model.join("services/aws-sts/operations.json"), |operations| {
        operations["operations"][0]["deprecated"] = json!("there is another way");
    });
    assert_eq!(rules(&diff(&arguments)), ["Client::assume_role deprecated"]);
    // One service's own folder.
    let own = model.join("services/aws-sts");
    let arguments = ["HEAD", "--model", own.to_str().unwrap(), "--format", "json"];
    assert_eq!(rules(&diff(&arguments)), ["Client::assume_role deprecated"]);
    // Nothing is left of the revision's files, and the user's index is as it was.
    git(repository.path(), &["diff", "--cached", "--quiet"]);
}

/// Neither the releases nor the version of this repository are about the models of another one.
#[test]
fn the_default_revision_is_of_the_models_repository() {
    let repository = repository();
    let model = repository.path().join("model");
    let report = |arguments: &[&str]| {
        let output = diff(&[&["--model", model.to_str().unwrap()], arguments].concat());
        let (stdout, stderr) = text(&output);
        (output.status.code(), stdout, stderr)
    };
    let (code, stdout, stderr) = report(&[]);
    assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
    assert!(
        stderr.contains("has neither a release tag nor origin/main to compare with; name a revision"),
        "{stderr}"
    );

    git(repository.path(), &["tag", "v7.1.0"]);
    edit(&model.join("services/aws-sts/operations.json"), |operations| {
        operations["operations"][0]["deprecated"] = json!("there is another way");
    });
    git(repository.path(), &["commit", "--quiet", "--all", "--message", "Later"]);
    for arguments in [&["--json"][..], &["v7.1.0", "--json"], &["HEAD~1", "--json"]] {
        let (code, stdout, stderr) = report(arguments);
        assert_eq!(code, Some(0), "{stderr}");
        let json: Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!(json["changes"][0]["rule"], "deprecated", "{json}");
        assert_eq!(json["version"], json!({ "released": null, "step": "addition", "next": null }));
    }
    for tag in ["v8", "v8.0.0-rc.1", "v8.0.0+1", "v8.0.0.1"] {
        git(repository.path(), &["tag", tag]);
    }
    let (_, stdout, stderr) = report(&[]);
    let lines = "since v7.1.0: 1 addition\nversion: additions increase the minor version; before 1.0.0, the patch version\n";
    assert!(stdout.contains(lines), "{stdout}{stderr}");
    // Committed models have a version, also if their folder is named.
    let committed = committed();
    let output = diff(&["HEAD", "--model", committed.to_str().unwrap(), "--json"]);
    let json: Value = serde_json::from_str(&text(&output).0).unwrap();
    assert!(json["version"]["released"].is_string(), "{json}");
}

#[test]
fn partitions_of_the_revision_count() {
    let repository = repository();
    let model = repository.path().join("model");
    edit(&model.join("partitions/aws.json"), |table| {
        table["partitions"][0]["dns_suffix"] = json!("before.example.com");
    });
    git(repository.path(), &["commit", "--quiet", "--all", "--message", "Another suffix"]);
    let arguments = ["HEAD", "--model", model.to_str().unwrap(), "--format", "json"];
    let found = rules(&diff(&arguments));
    assert!(
        found.iter().any(|found| found.starts_with("endpoint of ") && found.ends_with("endpoint-changed")),
        "{found:?}"
    );
}

#[test]
fn folders_are_compared() {
    let (old, new) = (repository(), repository());
    let [old, new] = [&old, &new].map(|repository| repository.path().join("model"));
    edit(&new.join("services/aws-sts/service.json"), |service| service["settings_id"] = json!("Tokens"));
    let arguments = ["--from", old.to_str().unwrap(), "--model", new.to_str().unwrap()];
    let (stdout, stderr) = text(&diff(&arguments));
    assert!(stdout.contains("breaking: the service: name in settings changed: `Tokens`"), "{stdout}{stderr}");
    assert!(stdout.contains("entry for CHANGELOG.md:"), "{stdout}");
}

/// What git says is not taken for a missing revision, or for a repository without releases.
#[test]
fn a_repository_that_git_cannot_read_is_said() {
    let repository = repository();
    let model = repository.path().join("model");
    fs::write(repository.path().join(".git/HEAD"), "?").unwrap();
    let model = model.to_str().unwrap();
    for arguments in [&["HEAD", "--model", model][..], &["--model", model]] {
        let output = diff(arguments);
        let (_, stderr) = text(&output);
        assert!(stderr.contains("cannot be read: fatal: ") && stderr.contains("with --from"), "{stderr}");
        assert_eq!(output.status.code(), Some(1), "{stderr}");
    }
    // A check that was not made is no success.
    let output =
        Command::new(env!("CARGO_BIN_EXE_xtask")).args(["diff", "--check"]).env("PATH", "/nowhere").output();
    let output = output.unwrap();
    let (_, stderr) = text(&output);
    assert!(output.status.code() == Some(1) && stderr.contains("cannot be read: git: "), "{stderr}");
}

#[test]
fn what_cannot_be_compared_is_said() {
    let repository = repository();
    let model = repository.path().join("model");
    let model = model.to_str().unwrap();
    let refused = |arguments: &[&str], message: &str, code: i32| {
        let output = diff(arguments);
        let (_, stderr) = text(&output);
        assert!(stderr.contains(message), "{stderr}");
        assert_eq!(output.status.code(), Some(code), "{stderr}");
    };
    refused(&["no-such", "--model", model], "no-such is not a revision of", 2);
    refused(&["HEAD", "--model", model, "--service", "aws-st"], "did you mean aws-sts?", 2);
    refused(&["HEAD", "--format", "pdf"], "invalid value 'pdf' for '--format <FORMAT>'", 2);
    refused(&["HEAD", "--from", model], "cannot be used with", 2);
    refused(&["HEAD", "HEAD"], "unexpected argument 'HEAD'", 2);
    refused(&["--check", "--from", model], "cannot be used with", 2);
    refused(&["--upload-pack=x"], "unexpected argument '--upload-pack'", 2);

    fs::write(Path::new(model).join("services/aws-sts/shapes.json"), "{").unwrap();
    git(repository.path(), &["commit", "--quiet", "--all", "--message", "Broken"]);
    refused(&["HEAD", "--model", model], "cannot be read by the current rules", 1);
}
