//! The crates that are published, and what their manifests must have.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::succeed;
use crate::{cargo, failure::Failure};

/// A crate that users get.
pub(crate) struct Published {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The folder of its manifest.
    path: PathBuf,
    /// What `cargo metadata` says about it.
    manifest: Value,
}

impl Published {
    /// Name of its package without an ending, and of the folder within.
    pub(crate) fn folder(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }

    /// Whether the manifest has a public address of the repository.
    pub(crate) fn has_repository(&self) -> bool {
        self.manifest["repository"].is_string()
    }

    /// Fails if the package lacks something that its page or its users need.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let list = |key: &str| self.manifest[key].as_array().map_or(0, Vec::len);
        let has_text = |key: &str| self.manifest[key].as_str().is_some_and(|text| !text.is_empty());
        let has_file = |name: &str| self.path.join(name).is_file();
        let facts = [
            ("description", has_text("description")),
            ("license", has_text("license")),
            ("rust-version", has_text("rust_version")),
            ("keywords, five at most", (1..=5).contains(&list("keywords"))),
            ("categories, five at most", (1..=5).contains(&list("categories"))),
            ("README.md", has_text("readme") && has_file("README.md")),
            ("LICENSE-APACHE", has_file("LICENSE-APACHE")),
            ("LICENSE-MIT", has_file("LICENSE-MIT")),
            ("package.metadata.docs.rs", self.manifest["metadata"]["docs"]["rs"].is_object()),
        ];
        let missing: Vec<_> = facts.iter().filter(|(_, has)| !has).map(|(what, _)| *what).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let manifest = self.path.join("Cargo.toml");
        Err(Failure::Failed(format!("{}: the package lacks {}", manifest.display(), missing.join(", "))))
    }

    /// Names of crates that must be published before.
    fn needs(&self) -> impl Iterator<Item = &str> {
        let dependencies = self.manifest["dependencies"].as_array().into_iter().flatten();
        dependencies.filter(|dependency| dependency["kind"] != "dev").filter_map(|one| one["name"].as_str())
    }
}

/// The crates of a work tree that are published, in an order in which they can be.
pub(crate) fn published(root: &Path) -> Result<Vec<Published>, Failure> {
    let mut metadata = cargo::command();
    metadata.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(root);
    let metadata: Value = serde_json::from_str(&succeed(&mut metadata)?)
        .map_err(|error| Failure::Failed(format!("cargo metadata: {error}")))?;
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    // `publish = false` is an empty list of registries.
    let is_published = |package: &Value| package["publish"].as_array().is_none_or(|list| !list.is_empty());
    let text = |package: &Value, key: &str| package[key].as_str().unwrap_or_default().to_owned();
    let krate = |package: Value| Published {
        name: text(&package, "name"),
        version: text(&package, "version"),
        path: PathBuf::from(text(&package, "manifest_path")).parent().map(Path::to_owned).unwrap_or_default(),
        manifest: package,
    };
    Ok(in_order(packages.into_iter().filter(is_published).map(krate).collect()))
}

/// Each crate after those that it needs; cargo has checked that there is no cycle.
fn in_order(mut rest: Vec<Published>) -> Vec<Published> {
    let mut sorted: Vec<Published> = Vec::new();
    rest.sort_by(|one, other| one.name.cmp(&other.name));
    while !rest.is_empty() {
        let is_free =
            |krate: &Published| krate.needs().all(|name| rest.iter().all(|other| other.name != name));
        let next = rest.iter().position(is_free).unwrap_or_default();
        sorted.push(rest.remove(next));
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;

    #[test]
    fn crates_come_after_those_that_they_need() {
        let crates = published(model::root()).unwrap();
        let names: Vec<_> = crates.iter().map(|krate| krate.name.as_str()).collect();
        for (index, krate) in crates.iter().enumerate() {
            assert!(!["gatewright-codegen", "gatewright-model", "xtask"].contains(&krate.name.as_str()));
            for needed in krate.needs().filter(|needed| needed.starts_with("gatewright")) {
                assert!(names[..index].contains(&needed), "{needed} before {}: {names:?}", krate.name);
            }
        }
        assert!(crates.iter().any(|krate| krate.name == "gatewright"), "{names:?}");
    }

    #[test]
    fn a_package_without_a_license_is_refused() {
        let mut crates = published(model::root()).unwrap();
        let krate = crates.last_mut().unwrap();
        krate.check().unwrap();
        krate.path = PathBuf::from("/nowhere");
        krate.manifest["keywords"] = Value::Null;
        let failure = krate.check().unwrap_err().to_string();
        assert!(
            failure.ends_with("lacks keywords, five at most, README.md, LICENSE-APACHE, LICENSE-MIT"),
            "{failure}"
        );
    }
}
