//! Snapshots of the crates' public API, from rustdoc's JSON, and the length of its first sentences.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::PathBuf,
};

use public_api::{Builder, PublicItem};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{cargo, model, scratch, tree};

/// The crates that users can depend on.
const CRATES: [&str; 6] = [
    "gatewright",
    "gatewright-core",
    "gatewright-explain",
    "gatewright-fake",
    "gatewright-runtime",
    "gatewright-sign",
];

/// Services that are listed, as examples. The API digest lists the others.
const EXAMPLES: [&str; 2] = ["api-gateway", "aws-sts"];

/// Writes rustdoc's JSON, whose format is unstable. Only rustdoc may see the variable that permits unstable options: build
/// scripts ask cargo to run them again when it changes.
fn write_json() {
    let root = model::root();
    let rustdoc =
        scratch::empty_folder(&root.join("target"), "public-api").expect("it is ours").join("rustdoc");
    let script = "#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec rustdoc \"$@\"\n";
    fs::write(&rustdoc, script).expect("the folder is empty");
    fs::set_permissions(&rustdoc, Permissions::from_mode(0o755)).expect("it was just written");
    let packages = CRATES.iter().flat_map(|name| ["--package", name]);
    let mut doc = cargo::command();
    doc.args(["doc", "--no-deps", "--target-dir", "target"]).args(packages);
    doc.args(["--no-default-features", "--features", &features()]);
    doc.env("RUSTDOC", &rustdoc).env("RUSTDOCFLAGS", "-Z unstable-options --output-format json");
    let output = doc.current_dir(root).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Every feature of the crates, separated by commas, except services that are not listed.
fn features() -> String {
    let mut metadata = cargo::command();
    metadata.args(["metadata", "--format-version", "1", "--no-deps"]).current_dir(model::root());
    let metadata = metadata.output().expect("cargo runs");
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages").iter();
    let packages = packages.filter(|package| CRATES.iter().any(|name| package["name"] == *name));
    let features = packages.filter_map(|package| package["features"].as_object());
    // Without the name of a package, which cargo ignores for `gatewright`.
    let mut features: BTreeSet<_> = features.flat_map(Map::keys).cloned().collect();
    // These two enable services.
    let services = model::names().expect("the models can be read").into_iter();
    for left_out in services.chain(["default", "services"].map(Into::into)) {
        if !EXAMPLES.contains(&left_out.as_str()) {
            features.remove(&left_out);
        }
    }
    features.into_iter().collect::<Vec<_>>().join(",")
}

fn json_of(name: &str) -> PathBuf {
    model::root().join("target/doc").join(name.replace('-', "_")).with_extension("json")
}

/// One line per item that a program can name, and per implemented trait.
fn listing(name: &str) -> String {
    let api = Builder::from_rustdoc_json(json_of(name))
        .omit_blanket_impls(true)
        .include_function_parameter_names(true);
    let api = api.build().expect("`public-api` reads the format of the pinned toolchain");
    let impls: BTreeSet<_> =
        api.items().filter(|item| is_impl(&item.to_string())).map(PublicItem::id).collect();
    let shown = api.items().filter_map(|item| {
        let line = item.to_string();
        // The functions of a trait are the trait's.
        let is_of_trait =
            item.parent_id().is_some_and(|parent| impls.contains(&parent)) && line.contains(" fn ");
        (!is_of_trait && !is_noise(&line)).then_some(line)
    });
    shown.fold(String::new(), |listing, line| listing + &line + "\n")
}

/// Whether a line says that a type implements a trait.
fn is_impl(line: &str) -> bool {
    line.starts_with("impl") && line.contains(" for ")
}

/// The traits that the compiler implements, unless a type lacks one that programs need.
fn is_noise(line: &str) -> bool {
    let lacks = |name: &str| line.contains(&format!("!core::marker::{name} for "));
    let automatic = ["core::marker::", "core::panic::unwind_safe::"];
    let is_automatic =
        automatic.iter().any(|path| line.contains(path)) && !line.contains("core::marker::Copy");
    is_impl(line) && is_automatic && !["Send", "Sync", "Unpin"].into_iter().any(lacks)
}

/// The parts of rustdoc's JSON that documentation is read from.
#[derive(Deserialize)]
struct Documented {
    index: BTreeMap<u32, Item>,
}

#[derive(Deserialize)]
struct Item {
    name: Option<String>,
    docs: Option<String>,
    span: Option<Span>,
}

#[derive(Deserialize)]
struct Span {
    filename: PathBuf,
    begin: (usize, usize),
}

/// Every documented item of a crate whose first sentence is too long.
fn long_sentences(name: &str) -> Vec<String> {
    let json = fs::read(json_of(name)).expect("rustdoc wrote it");
    let Documented { index } = serde_json::from_slice(&json).expect("rustdoc writes JSON");
    // Items of other crates have absolute paths.
    let own = index.into_values().filter_map(|item| Some((item.name, item.docs?, item.span?)));
    let own: Vec<_> = own.filter(|(.., span)| span.filename.is_relative()).collect();
    assert!(!own.is_empty(), "{name} has documentation");
    let long = own.into_iter().filter_map(|(name, docs, Span { filename, begin })| {
        let place = format!("{}:{}: {}", filename.display(), begin.0, name.as_deref().unwrap_or("impl"));
        Some(format!("{place}: {}", long_sentence(&docs)?))
    });
    long.collect()
}

/// The first sentence of a documentation, if it has fifteen words or more.
fn long_sentence(docs: &str) -> Option<String> {
    let paragraph: Vec<_> = docs.split("\n\n").next()?.split_whitespace().collect();
    let end = paragraph.iter().position(|word| word.ends_with(['.', '!', '?']));
    let sentence = end.and_then(|end| paragraph.get(..=end)).unwrap_or(&paragraph);
    (sentence.len() >= 15).then(|| sentence.join(" "))
}

/// The long first sentences of a source file.
fn long_sentences_of(text: &str) -> Vec<String> {
    let is_doc = |line: &str| line.starts_with("///") || line.starts_with("//!");
    let lines: Vec<_> = text.lines().map(str::trim_start).collect();
    let docs = lines.chunk_by(|line, next| is_doc(line) && is_doc(next)).filter(|lines| is_doc(lines[0]));
    let docs = docs.map(|lines| lines.iter().map(|line| line[3..].trim()).collect::<Vec<_>>().join("\n"));
    docs.filter_map(|docs| long_sentence(&docs)).collect()
}

#[test]
fn the_public_api_changes_on_purpose() {
    write_json();
    // Sentences first: a changed API can have new ones.
    let long: Vec<_> = CRATES.into_iter().flat_map(long_sentences).collect();
    assert!(long.is_empty(), "first sentences with fifteen words or more:\n{}", long.join("\n"));
    for name in CRATES {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("public-api-{name}"), listing(name));
        });
    }
}

/// Services that rustdoc does not read here have the sentences of their models.
#[test]
fn first_sentences_of_generated_code_are_short() {
    let texts = tree::texts(&model::root().join("generated/src")).into_iter();
    let long = texts.flat_map(|(path, text)| {
        long_sentences_of(&text).into_iter().map(move |sentence| format!("{}: {sentence}", path.display()))
    });
    let long: Vec<_> = long.collect();
    assert!(long.is_empty(), "first sentences with fifteen words or more:\n{}", long.join("\n"));
}

#[test]
fn a_sentence_ends_at_its_period_or_paragraph() {
    let words = |count: usize| vec!["word"; count].join(" ");
    for short in [format!("{}. {}", words(14), words(9)), format!("{}\n\n{}", words(14), words(9))] {
        assert_eq!(long_sentence(&short), None);
    }
    let long = format!("{}.", words(15));
    assert_eq!(long_sentence(&format!("{long} {}", words(9))), Some(long));
}
