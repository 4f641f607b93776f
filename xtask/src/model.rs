//! The models of the work tree.

use std::{
    fs,
    path::{Path, PathBuf},
};

use gatewright_model::{Faults, PartitionTable, Service};

use crate::failure::Failure;

/// The top of the work tree.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace")
}

/// Names of the services, sorted.
pub(crate) fn names() -> Result<Vec<String>, Failure> {
    let dir = services_folder();
    let entries = fs::read_dir(&dir).map_err(Failure::io("read", &dir))?;
    let folders = entries.filter_map(Result::ok).filter(|entry| entry.path().is_dir());
    let mut names: Vec<_> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

/// Every service; else the faults of all models.
pub(crate) fn all() -> Result<Vec<Service>, Failure> {
    // Their faults would come with every service.
    tables()?;
    let (mut services, mut faults) = (Vec::new(), Vec::new());
    for name in names()? {
        match gatewright_model::load(&services_folder().join(name)) {
            Ok(service) => services.push(service),
            Err(found) => faults.extend(found.0),
        }
    }
    if faults.is_empty() { Ok(services) } else { Err(Failure::Failed(Faults(faults).to_string())) }
}

/// The tables of partitions that services share.
pub(crate) fn tables() -> Result<Vec<PartitionTable>, Failure> {
    PartitionTable::all().map_err(|faults| Failure::Failed(faults.to_string()))
}

/// The service called `name`.
pub(crate) fn service(name: &str) -> Result<Service, Failure> {
    let names = names()?;
    if !names.iter().any(|known| known == name) {
        return Err(Failure::unknown("service", name, names.iter().map(String::as_str)));
    }
    load(name)
}

fn load(name: &str) -> Result<Service, Failure> {
    gatewright_model::load(&services_folder().join(name))
        .map_err(|faults| Failure::Failed(faults.to_string()))
}

fn services_folder() -> PathBuf {
    root().join("model/services")
}
