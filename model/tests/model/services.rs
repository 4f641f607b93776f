//! The models of this workspace.

use std::fs;
use std::path::{Path, PathBuf};

use gatewright_model::{Service, load, load_all};
use serde_json::{Value, json};

use crate::fixture::Model;

/// Folders of the models.
pub(crate) fn folders() -> Vec<PathBuf> {
    let services = Path::new(env!("CARGO_MANIFEST_DIR")).join("services");
    let folders: Vec<_> = fs::read_dir(services).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!folders.is_empty(), "no models");
    folders
}

#[test]
fn load_without_faults() {
    for folder in folders() {
        let service = load(&folder).unwrap_or_else(|faults| panic!("{faults}"));
        let has_operations = service.protocol.as_raw_http().is_none();
        assert_eq!(!service.operations.is_empty(), has_operations, "{}", service.name);
    }
}

/// The operations that known responses name are in other models, if these are there.
#[test]
fn operations_that_repair_something_exist() {
    let folders = folders();
    load_all(folders.iter().map(PathBuf::as_path)).unwrap_or_else(|faults| panic!("{faults}"));

    let copies = std::env::temp_dir().join(format!("gatewright-models-{}", std::process::id()));
    for name in ["api-gateway", "aws-api-gateway-management"] {
        let from = folders.iter().find(|folder| folder.ends_with(name)).unwrap();
        fs::create_dir_all(copies.join(name)).unwrap();
        for file in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
            fs::copy(&file, copies.join(name).join(file.file_name().unwrap())).unwrap();
        }
    }
    let known_responses = copies.join("api-gateway/known-responses.json");
    let mut model: Value = serde_json::from_str(&fs::read_to_string(&known_responses).unwrap()).unwrap();
    let repair = |operation: &str, member: &str| json!({"service": "aws-api-gateway-management", "operation": operation, "input": {member: "{api}"}});
    model["known_responses"][0]["repairs"] = json!([
        repair("GetResource", "restApiId"),
        repair("GetResources", "restApi"),
        repair("GetResources", "limit"),
        {"service": "not-here", "operation": "Any", "input": {"Any": "{api}"}},
    ]);
    fs::write(&known_responses, model.to_string()).unwrap();
    let dirs = ["api-gateway", "aws-api-gateway-management"].map(|name| copies.join(name));
    let faults = load_all(dirs.iter().map(PathBuf::as_path)).unwrap_err();
    fs::remove_dir_all(&copies).unwrap();
    let faults: Vec<_> = faults.0.iter().map(|fault| (fault.path.as_str(), fault.message.as_str())).collect();
    assert_eq!(
        faults,
        [
            (
                "missing-authentication-token.repairs[0].operation",
                "unknown operation \"GetResource\", did you mean \"GetResources\"?"
            ),
            (
                "missing-authentication-token.repairs[1].input.restApi",
                "unknown member \"restApi\", did you mean \"restApiId\"?"
            ),
            (
                "missing-authentication-token.repairs[2].input.limit",
                "\"limit\" is not a text, name one that is"
            ),
        ]
    );
}

#[test]
fn a_folder_has_the_name_of_its_service() {
    let renamed = std::env::temp_dir().join(format!("gatewright-model-{}", std::process::id()));
    fs::create_dir_all(&renamed).unwrap();
    for file in fs::read_dir(&folders()[0]).unwrap().map(|entry| entry.unwrap().path()) {
        fs::copy(&file, renamed.join(file.file_name().unwrap())).unwrap();
    }
    let faults = load(&renamed).unwrap_err();
    fs::remove_dir_all(&renamed).unwrap();
    let ending = "is not the name of its folder, give both the same\n1 fault";
    assert!(faults.to_string().ends_with(ending), "{faults}");
}

/// A service has a feature and a module of its name, next to the features and modules that every generated crate has.
#[test]
fn services_do_not_have_the_names_of_features_and_modules() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated/Cargo.toml");
    let manifest = fs::read_to_string(manifest).unwrap();
    let (_, features) = manifest.split_once("\n[features]\n").unwrap();
    let (features, _) = features.split_once("\n[").unwrap();
    let names = features.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
    let services: Vec<_> = folders().iter().map(|folder| folder.file_name().unwrap().to_owned()).collect();
    let names: Vec<_> = names.filter(|name| !services.iter().any(|service| service == name)).collect();
    assert!(names.contains(&"sso"), "{names:?}");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated/src/lib.rs");
    let root = fs::read_to_string(root).unwrap();
    let lists = root.split("pub use gatewright_runtime::{").skip(1).filter_map(|list| list.split('}').next());
    let items = lists.flat_map(|list| list.split(',')).map(str::trim);
    let is_module = |item: &&str| !item.is_empty() && item.chars().all(|c| c.is_ascii_lowercase());
    let modules: Vec<_> = items.filter(is_module).collect();
    assert!(modules.contains(&"retry"), "{modules:?}");
    // Cargo's folder of programs, roots, and the pages of the documentation.
    let names = names.into_iter().chain(modules).chain(["bin", "guide", "lib", "main"]);
    for name in names {
        let mut model = Model::whole();
        model.service["name"] = json!(name);
        let faults = Service::parse(&model.sources()).err().map(|faults| faults.to_string());
        let fault =
            "would clash with a module, feature, dependency or file of the generated crate, use another name";
        let is_refused = faults.is_some_and(|faults| faults.contains(fault));
        assert!(is_refused, "`{name}` belongs into CRATE of rust_names.rs");
    }
}
