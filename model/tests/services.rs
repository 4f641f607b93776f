//! The models of this workspace.

use std::path::Path;

use gatewright_model::load;

#[test]
fn load_without_faults() {
    let services = Path::new(env!("CARGO_MANIFEST_DIR")).join("services");
    for entry in std::fs::read_dir(&services).unwrap() {
        let dir = entry.unwrap().path();
        let service = load(&dir).unwrap_or_else(|faults| panic!("{faults}"));
        assert!(!service.operations.is_empty(), "{} has no operations", service.name);
    }
}
