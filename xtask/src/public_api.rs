//! Snapshots of the crates' public API, from rustdoc's JSON.

use std::{
    collections::BTreeSet,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
};

use public_api::{Builder, PublicItem};
use serde_json::{Map, Value};

use crate::{cargo, model, scratch};

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

/// One line per item that a program can name, and per implemented trait.
fn listing(name: &str) -> String {
    let json = model::root().join("target/doc").join(name.replace('-', "_")).with_extension("json");
    let api =
        Builder::from_rustdoc_json(json).omit_blanket_impls(true).include_function_parameter_names(true);
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

#[test]
fn the_public_api_changes_on_purpose() {
    write_json();
    for name in CRATES {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("public-api-{name}"), listing(name));
        });
    }
}
