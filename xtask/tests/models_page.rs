//! `docs/models.md`, followed to the letter: models that are imported, refreshed, reviewed and released.
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use flate2::read::GzDecoder;
use serde_json::{Value, json};

mod page;

use page::{Block, blocks, failure, folder, put, root, success};

/// botocore's models: in the folder `GATEWRIGHT_BOTOCORE`, or as a verb installed them.
fn botocore_data() -> Option<PathBuf> {
    let given = env::var_os("GATEWRIGHT_BOTOCORE").map(PathBuf::from);
    let installed = ["interop", "corpus"].into_iter().find_map(|verb| {
        let folder = root().join("target/xtask").join(verb);
        // The verb writes this file when everything is installed.
        folder.join("installed.txt").is_file().then_some(())?;
        let pythons = fs::read_dir(folder.join("venv/lib")).ok()?.filter_map(Result::ok);
        let data = pythons.map(|python| python.path().join("site-packages/botocore/data"));
        data.filter(|data| data.is_dir()).max()
    });
    given.or(installed)
}

/// What a vendor changes in a model, beside a new operation.
struct Upstream {
    /// A structure that gets a member, by its first name.
    grows: &'static str,
    /// An enum that gets a value.
    widens: &'static str,
    /// A member that is removed.
    loses: [&'static str; 2],
    /// A member that becomes required.
    requires: [&'static str; 2],
}

const STORAGE_GATEWAY: Upstream = Upstream {
    grows: "ListTapePoolsInput",
    widens: "GatewayCapacity",
    loses: ["CreateTapePoolInput", "RetentionLockType"],
    requires: ["UpdateGatewayInformationInput", "GatewayName"],
};

const KMS: Upstream = Upstream {
    grows: "ListKeysRequest",
    widens: "KeyUsageType",
    loses: ["ListAliasesRequest", "KeyId"],
    requires: ["ScheduleKeyDeletionRequest", "PendingWindowInDays"],
};

/// The service of the import's own fixtures.
const HARBOUR: Upstream = Upstream {
    grows: "MoorShipInput",
    widens: "Flag",
    loses: ["MoorShipInput", "Last"],
    requires: ["ListShipsInput", "New"],
};

impl Upstream {
    /// Changes a model as a vendor publishes it.
    fn change(&self, model: &mut Value) {
        model["operations"]["DescribeNovelty"] = json!({
            "name": "DescribeNovelty",
            "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": "DescribeNoveltyInput"},
            "output": {"shape": "DescribeNoveltyOutput"},
        });
        let shapes = model["shapes"].as_object_mut().unwrap();
        let text = json!({"Novelty": {"shape": "NoveltyName"}});
        for end in ["DescribeNoveltyInput", "DescribeNoveltyOutput"] {
            shapes.insert(end.to_owned(), json!({"type": "structure", "members": text}));
        }
        shapes.insert("NoveltyName".to_owned(), json!({"type": "string"}));
        shapes[self.grows]["members"]["Novelty"] = json!({"shape": "NoveltyName"});
        shapes[self.widens]["enum"].as_array_mut().unwrap().push(json!("NOVELTY"));
        let [shape, member] = self.loses;
        assert!(shapes[shape]["members"].as_object_mut().unwrap().remove(member).is_some(), "{shape}");
        let [shape, member] = self.requires;
        assert!(shapes[shape]["members"][member].is_object(), "{shape}.{member}");
        let required = shapes[shape].as_object_mut().unwrap().entry("required").or_insert_with(|| json!([]));
        required.as_array_mut().unwrap().push(json!(member));
    }
}

/// Copies the newest version of a service's model, changed, and not compressed.
fn publish(from: &Path, to: &Path, change: impl Fn(&mut Value)) {
    let folders = fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let newest = folders.max().unwrap_or_else(|| from.to_owned());
    for file in fs::read_dir(newest).unwrap().map(|entry| entry.unwrap().path()) {
        let open = File::open(&file).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap();
        let mut model: Value = if file.extension().is_some_and(|end| end == "gz") {
            serde_json::from_reader(GzDecoder::new(open)).unwrap()
        } else {
            serde_json::from_reader(open).unwrap()
        };
        if name.starts_with("service-2") {
            change(&mut model);
        }
        put(&to.join(name.trim_end_matches(".gz")), &model.to_string());
    }
}

/// The files of this work tree as a clone, released in the version that they have.
fn clone(to: &Path) -> String {
    let listing = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .unwrap();
    for file in success(&listing).split('\0').filter(|file| root().join(file).is_file()) {
        let copy = to.join(file);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(root().join(file), copy).unwrap();
    }
    let manifest = fs::read_to_string(to.join("Cargo.toml")).unwrap();
    let (_, version) = manifest.split_once("\nversion = \"").unwrap();
    let version = version.split('"').next().unwrap().to_owned();
    for command in ["init --quiet", "add .", "commit --quiet --message Clone"] {
        git(&command.split(' ').collect::<Vec<_>>(), to);
    }
    git(&["tag", &format!("v{version}")], to);
    version
}

#[track_caller]
fn git(arguments: &[&str], folder: &Path) -> String {
    let mut git = Command::new("git");
    for role in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{role}_NAME"), "Tester").env(format!("GIT_{role}_EMAIL"), "tester@example.com");
    }
    git.envs([
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "commit.gpgsign"),
        ("GIT_CONFIG_VALUE_0", "false"),
    ]);
    success(&git.args(arguments).current_dir(folder).output().unwrap())
}

/// The version after a breaking change.
fn after_breaking(version: &str) -> String {
    let numbers: Vec<u32> = version.split('.').map(|number| number.parse().unwrap()).collect();
    if numbers[0] == 0 { format!("0.{}.0", numbers[1] + 1) } else { format!("{}.0.0", numbers[0] + 1) }
}

/// The folder that the page's commands run in, and what they print.
struct Reader {
    clone: PathBuf,
}

impl Reader {
    /// Runs the commands of a section; returns what they print.
    #[track_caller]
    fn follow(&self, section: &str) -> String {
        let mut printed = String::new();
        for block in blocks(section) {
            let Block::Commands(commands) = block else { panic!("the page has commands alone") };
            for line in commands.lines() {
                let (command, file) =
                    line.split_once(" > ").map_or((line, None), |(command, file)| (command, Some(file)));
                let said = self.run(command);
                match file {
                    Some(file) => put(&self.clone.join(file), &said),
                    None => printed += &said,
                }
            }
        }
        printed
    }

    #[track_caller]
    fn run(&self, command: &str) -> String {
        let words = words(command);
        match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["cargo", "xtask", arguments @ ..] => success(&page::xtask_in(&self.clone, arguments)),
            ["cargo", "check", "--manifest-path", manifest] => {
                fs::copy(root().join("Cargo.lock"), self.clone.join(manifest).with_file_name("Cargo.lock"))
                    .unwrap();
                success(&page::cargo(&["check", "--quiet", "--manifest-path", manifest], &self.clone))
            }
            ["cargo", arguments @ ..] => success(&page::cargo(arguments, &self.clone)),
            ["echo", text] => format!("{text}\n"),
            ["git", arguments @ ..] => git(arguments, &self.clone),
            other => panic!("no test runs {other:?}"),
        }
    }
}

/// The words of a command; one may be in quotes.
fn words(command: &str) -> Vec<String> {
    let parts = command.split('"').enumerate();
    let words = parts.flat_map(|(index, part)| match index % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

#[track_caller]
fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing in:\n{text}");
    }
}

#[test]
fn the_page_is_followed_to_the_letter() {
    let place = folder("models-page");
    let reader = Reader { clone: place.join("gatewright") };
    let version = clone(&reader.clone);
    let vendor = place.join("vendor/botocore/data");
    let data = botocore_data();
    let (kms, upstream) = match &data {
        Some(data) => (data.join("kms"), KMS),
        None => (root().join("xtask/src/import/fixtures/botocore"), HARBOUR),
    };
    publish(&kms, &vendor.join("kms"), |_| {});

    let page = fs::read_to_string(root().join("docs/models.md")).unwrap();
    let sections: Vec<_> = page.split("\n## ").skip(1).collect();
    let [_, import, refresh, committed, review, release] = sections[..] else { panic!("{sections:?}") };

    let said = reader.follow(import);
    assert_has(
        &said,
        &[
            "to write: sentences that are generated",
            "upstream.json\n",
            "next: review the files with git diff, and run: cargo xtask codegen --model ../mine/model --out ",
        ],
    );

    // What is ours stays; the vendor's changes arrive.
    let operations = place.join("mine/model/kms/operations.json");
    let text = fs::read_to_string(&operations).unwrap();
    let (before, doc) = text.split_once("\"doc\": \"").unwrap();
    let (_, after) = doc.split_once('"').unwrap();
    put(&operations, &format!("{before}\"doc\": \"Our own sentence.\"{after}"));
    publish(&kms, &vendor.join("kms"), |model| upstream.change(model));
    let said = reader.follow(refresh);
    let [[loses, lost], [requires, needed]] = [upstream.loses, upstream.requires];
    assert_has(
        &said,
        &[
            "operations.json: 1 added: DescribeNovelty\n",
            &format!("shapes.json {loses} members {lost}: removed\n"),
            &format!("shapes.json {requires} members {needed} required: true instead of nothing\n"),
            &format!("shapes.json {} members Novelty: added\n", upstream.grows),
            &format!("shapes.json {} values NOVELTY: added\n", upstream.widens),
            "`Client::describe_novelty`: new operation",
            "breaking changes",
            "entry for CHANGELOG.md:",
        ],
    );
    assert_has(&fs::read_to_string(&operations).unwrap(), &["\"Our own sentence.\"", "\"DescribeNovelty\""]);
    assert_eq!(git(&["-C", "../mine", "status", "--porcelain"], &reader.clone), "");

    let Some(data) = data else {
        println!(
            "SKIPPED: the committed service was not refreshed, since botocore is not installed; cargo xtask interop installs \
             it, or set GATEWRIGHT_BOTOCORE to its data"
        );
        return;
    };
    let upstream = STORAGE_GATEWAY;
    publish(&data.join("storagegateway"), &vendor.join("storagegateway"), |model| upstream.change(model));
    let said = reader.follow(committed);
    assert_has(
        &said,
        &[
            "operations.json: 1 added: DescribeNovelty\n",
            "shapes.json CreateTapePoolInput members RetentionLockType: removed\n",
            "next: review the files with git diff, and run: cargo xtask codegen\n",
            "breaking: `CreateTapePoolRequest.retention_lock_type`: member removed",
            "breaking: `UpdateGatewayInformationRequest.gateway_name`: became required",
            "addition: `Client::describe_novelty`: new operation",
            "addition: `ListTapePoolsRequest.novelty`: new optional member",
            "addition: `GatewayCapacity::Novelty`: new value",
            "written: generated/src/aws_storage_gateway/operation/describe_novelty.rs\n",
            "accepted: xtask/src/snapshots/api-aws-storage-gateway.snap\n",
        ],
    );
    success(&page::xtask_in(&reader.clone, &["codegen", "--check"]));

    reader.follow(review);
    assert_has(
        &fs::read_to_string(place.join("review.html")).unwrap(),
        &["<!DOCTYPE html>", "describe_novelty"],
    );
    assert_has(&fs::read_to_string(place.join("review.md")).unwrap(), &["Client::describe_novelty"]);
    assert_eq!(git(&["status", "--porcelain"], &reader.clone), "");

    // Without the step, the release is refused.
    let refused = failure(&page::xtask_in(&reader.clone, &["diff", "--check"]));
    let next = after_breaking(&version);
    assert_has(&refused, &[&format!("must be at least {next}, but Cargo.toml has {version}")]);
    let manifest = reader.clone.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let [old, new] = [&version, &next].map(|version| format!("\nversion = \"{version}\""));
    let [old_pin, new_pin] = [&version, &next].map(|version| format!("\"={version}\""));
    put(&manifest, &text.replacen(&old, &new, 1).replace(&old_pin, &new_pin));
    reader.follow(release);
}
