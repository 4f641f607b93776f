//! The manifest of a crate with a part of a service: the whole crate's, without the other services.

use std::{
    env, fs,
    path::{Component, Path, PathBuf},
};

use gatewright_codegen::{MARK, runtime_features};
use gatewright_model::Service;
use toml_edit::{Array, DocumentMut, InlineTable, Item, TableLike, Value, value};

use crate::{failure::Failure, model, tree};

const MANIFEST: &str = "Cargo.toml";

/// The manifest; `runtime` says where the runtime is, a path or an inline table.
pub(super) fn manifest(service: &Service, out: &Path, runtime: Option<&str>) -> Result<String, Failure> {
    let whole = model::root().join("generated").join(MANIFEST);
    let mut manifest = read(&whole)?;
    let workspace = read(&model::root().join(MANIFEST))?;
    for table in ["dev-dependencies", "lints", "test"] {
        manifest.remove(table);
    }
    let inherited = |table: &str, key: &str| workspace["workspace"].get(table)?.get(key).cloned();
    for (key, item) in table(&mut manifest, "package").iter_mut() {
        if is_inherited(item) {
            *item = inherited("package", &key).ok_or_else(|| not_inherited(&key))?;
        }
    }
    for (key, item) in table(&mut manifest, "dependencies").iter_mut() {
        if is_inherited(item) {
            *item = inherited("dependencies", &key).ok_or_else(|| not_inherited(&key))?;
        }
    }
    table(&mut manifest, "dependencies").insert(RUNTIME, self::runtime(out, runtime)?);

    let others: Vec<_> = model::names()?.into_iter().filter(|name| *name != service.name).collect();
    let features = table(&mut manifest, "features");
    for other in &others {
        features.remove(other);
    }
    features.insert(&service.name, value(Array::from_iter(needs(service))));
    let named = |name: &Value| name.as_str().map(str::to_owned);
    let default = features.get("default").and_then(Item::as_array).into_iter().flatten().filter_map(named);
    let default = default.filter(|name| !others.contains(name) && *name != service.name);
    let default: Vec<_> = default.chain([service.name.clone()]).collect();
    features.insert("default", value(Array::from_iter(default)));

    let header =
        format!("# {MARK} for {}. Without this line, the file is yours and is kept.\n", service.name);
    // It belongs to no workspace around it.
    Ok(format!("{header}{manifest}\n[workspace]\n"))
}

const RUNTIME: &str = "gatewright-runtime";

/// What the feature of a service consists of.
fn needs(service: &Service) -> Vec<String> {
    runtime_features(service).iter().map(|feature| format!("{RUNTIME}/{feature}")).collect()
}

fn read(path: &Path) -> Result<DocumentMut, Failure> {
    let text = fs::read_to_string(path).map_err(Failure::io("read", path))?;
    text.parse().map_err(|error| Failure::Failed(format!("{}: {error}", path.display())))
}

fn table<'a>(manifest: &'a mut DocumentMut, name: &str) -> &'a mut dyn TableLike {
    manifest
        .entry(name)
        .or_insert_with(toml_edit::table)
        .as_table_like_mut()
        .expect("the manifest is one of cargo's")
}

/// Whether it is `{ workspace = true }`, in either way of writing it.
fn is_inherited(item: &Item) -> bool {
    item.get("workspace").and_then(Item::as_bool) == Some(true)
}

fn not_inherited(key: &str) -> Failure {
    Failure::Failed(format!("generated/{MANIFEST}: {key} is the workspace's, which has none"))
}

/// Where the runtime is: as the user says, or else where it is now, seen from the crate.
fn runtime(out: &Path, said: Option<&str>) -> Result<Item, Failure> {
    let mut dependency = match said {
        Some(table) if table.trim_start().starts_with('{') => {
            let parsed: Value =
                table.parse().map_err(|error| Failure::Usage(format!("--runtime {table:?}: {error}")))?;
            parsed.as_inline_table().cloned().unwrap_or_default()
        }
        Some(path) => InlineTable::from_iter([("path", path)]),
        None => {
            let path = relative(&absolute(out)?, &absolute(&model::root().join("runtime"))?);
            InlineTable::from_iter([("path", slashed(&path))])
        }
    };
    dependency.insert("default-features", false.into());
    dependency.fmt();
    Ok(value(dependency))
}

/// A path without links, of which the last parts may not exist yet.
fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    let path = env::current_dir().map_err(Failure::io("find", path))?.join(path);
    let mut missing = Vec::new();
    let mut known = path.as_path();
    loop {
        match (known.canonicalize(), known.parent(), known.components().next_back()) {
            (Ok(found), ..) => return Ok(missing.iter().rev().fold(found, |path, part| path.join(part))),
            (Err(_), Some(parent), Some(Component::Normal(part))) => {
                missing.push(part);
                known = parent;
            }
            (Err(error), ..) => return Err(Failure::io("find", &path)(error)),
        }
    }
}

/// The way from a folder to another; the whole path if they have no part in common, as on two drives.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let is_below_root = |part: &Component<'_>| matches!(part, Component::Normal(_));
    if !from.components().take(common).any(|part| matches!(part, Component::RootDir)) {
        return to.to_owned();
    }
    let up = from.components().skip(common).filter(is_below_root).map(|_| Component::ParentDir);
    up.chain(to.components().skip(common)).collect()
}

/// The path with the separators that manifests have everywhere.
fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

/// Writes the manifest unless its owner made it his own, and says what was done.
pub(super) fn write_manifest(out: &Path, manifest: &str) -> Result<String, Failure> {
    let path = out.join(MANIFEST);
    let shown = path.display();
    match fs::symlink_metadata(&path) {
        Ok(found) if !found.is_file() => Ok(format!("{shown}: kept, since it is not a file")),
        Ok(_) => match fs::read_to_string(&path).map_err(Failure::io("read", &path))? {
            old if old == manifest => Ok(format!("unchanged: {shown}")),
            old if !tree::is_marked(&old) => Ok(format!(
                "{shown}: kept, since its first line is not the generator's; delete it to get a new one"
            )),
            _ => {
                tree::write(out, MANIFEST, manifest)?;
                Ok(format!("written: {shown}"))
            }
        },
        Err(_) => {
            tree::write(out, MANIFEST, manifest)?;
            Ok(format!("written: {shown}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_service_is_a_feature_with_what_it_needs() {
        let manifest =
            read(&model::root().join("generated").join(MANIFEST)).expect("the crate has a manifest");
        for service in model::all().expect("the models are sound") {
            let feature = manifest["features"].get(&service.name).and_then(Item::as_array);
            let feature: Vec<_> = feature.expect("every service is a feature").iter().collect();
            let feature: Vec<_> = feature.iter().filter_map(|needed| needed.as_str()).collect();
            assert_eq!(feature, needs(&service), "{}", service.name);
        }
    }

    #[test]
    fn the_manifest_is_the_whole_one_without_the_other_services() {
        let service = model::service("aws-sts").expect("the model is sound");
        let text =
            manifest(&service, Path::new("/elsewhere/client"), Some("../runtime")).expect("it can be made");
        assert!(tree::is_marked(&text), "{text}");
        let part: DocumentMut = text.parse().expect("it is TOML");
        let whole = read(&model::root().join("generated").join(MANIFEST)).expect("the crate has a manifest");

        let names = |of: &DocumentMut| -> BTreeSet<_> {
            let features = of["features"].as_table_like().expect("there are features");
            features.iter().map(|(name, _)| name.to_owned()).collect()
        };
        let others = model::names().expect("there are models").into_iter().filter(|name| name != "aws-sts");
        assert_eq!(&names(&whole) - &others.collect(), names(&part));
        assert_eq!(part["features"]["default"].to_string().trim(), r#"["async", "ring", "aws-sts"]"#);
        assert_eq!(part["dependencies"][RUNTIME]["path"].as_str(), Some("../runtime"));
        assert!(part["dependencies"]["serde_core"]["version"].is_str(), "{text}");
        for table in ["package", "dependencies"] {
            let table = part[table].as_table_like().expect("it is a table");
            assert!(table.iter().all(|(_, item)| !is_inherited(item)), "{text}");
        }
        assert!(part.contains_key("workspace") && !part.contains_key("lints"), "{text}");
    }

    #[test]
    fn the_runtime_is_where_the_user_says() {
        #[track_caller]
        fn check(said: &str, expected: &str) {
            let item = runtime(Path::new("x"), Some(said)).expect("it can be said so");
            assert_eq!(item.to_string().trim(), expected);
        }
        check("/opt/runtime", r#"{ path = "/opt/runtime", default-features = false }"#);
        check(r#"{ version = "1" }"#, r#"{ version = "1", default-features = false }"#);
        assert!(matches!(runtime(Path::new("x"), Some("{ version")), Err(Failure::Usage(_))));
    }

    #[test]
    fn paths_are_relative_to_the_crate() {
        #[track_caller]
        fn check(from: &str, to: &str, expected: &str) {
            assert_eq!(slashed(&relative(Path::new(from), Path::new(to))), expected);
        }
        check("/a/b/out", "/a/b/runtime", "../runtime");
        check("/a/b", "/a/b/c/runtime", "c/runtime");
        check("/tmp/x/y", "/a/runtime", "../../../a/runtime");
        check("out", "/a/runtime", "/a/runtime");
    }
}
