//! The models of this workspace.

use std::fs;
use std::path::{Path, PathBuf};

use gatewright_model::{Protocol, load};

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
        let has_operations = !matches!(service.protocol, Protocol::RawHttp(_));
        assert_eq!(!service.operations.is_empty(), has_operations, "{}", service.name);
    }
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
