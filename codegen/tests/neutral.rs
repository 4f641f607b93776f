//! Neither the generator nor what it generates for knows a service by name: services differ by their models alone.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

#[test]
fn no_service_is_named() {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this crate is a folder of the workspace");
    let names: Vec<_> =
        entries(&root.join("model/services")).iter().flat_map(|folder| names(folder)).collect();
    let mut sources = Vec::new();
    collect(&root.join("codegen/src"), &mut sources);
    collect(&root.join("runtime/src"), &mut sources);
    assert!(names.len() >= 4 && sources.len() > 50, "{names:?} in {} files", sources.len());
    for source in sources {
        let text = fs::read_to_string(&source).unwrap();
        if text.lines().next().is_some_and(|line| line.contains(gatewright_codegen::MARK)) {
            continue;
        }
        let text = text.to_lowercase();
        for name in &names {
            assert!(!text.contains(name), "{}: {name:?}", source.display());
        }
    }
}

/// How a service may be named: as its folder, feature and module, as its type, and as people do.
fn names(folder: &Path) -> Vec<String> {
    let model: Value = serde_json::from_slice(&fs::read(folder.join("service.json")).unwrap()).unwrap();
    let name = model["name"].as_str().unwrap().to_lowercase();
    let title = model["title"].as_str().unwrap().to_lowercase();
    vec![name.replace('-', "_"), name.replace('-', ""), name, title]
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in entries(folder) {
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}
