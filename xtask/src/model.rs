//! The models of the work tree.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use gatewright_model::{PartitionTable, Service};

use crate::{failure::Failure, progress::Progress};

/// The top of the work tree: of the one in which cargo runs this program, or else of the one that it was compiled in.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        // Programs with parts of this crate are run by cargo, too.
        let running = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let xtask = running.filter(|package| package.ends_with("xtask"));
        let xtask = xtask.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        xtask.parent().expect("xtask is a folder of the workspace").to_owned()
    })
}

/// The models of services: the committed ones, or others.
#[derive(Debug)]
pub(crate) struct Models {
    /// Folders by the name of their service.
    folders: BTreeMap<String, PathBuf>,
}

impl Models {
    /// The models below a folder, or the committed ones.
    pub(crate) fn of(dir: Option<&str>) -> Result<Self, Failure> {
        dir.map_or_else(Self::committed, |dir| Self::below(Path::new(dir)).map_err(Failure::of_input))
    }

    /// The committed models.
    pub(crate) fn committed() -> Result<Self, Failure> {
        let dir = root().join("model/services");
        let entries = fs::read_dir(&dir).map_err(Failure::io("read", &dir))?;
        let folders = entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| path.is_dir());
        Ok(Self { folders: folders.map(named).collect() })
    }

    /// A service's own folder, or the services whose folders are in a folder, or in its `services`.
    fn below(dir: &Path) -> Result<Self, Failure> {
        if dir.join(SERVICE).is_file() {
            let dir = dir.canonicalize().map_err(Failure::io("read", dir))?;
            return Ok(Self { folders: BTreeMap::from([named(dir)]) });
        }
        let services = dir.join("services");
        let within = if services.is_dir() { services } else { dir.to_owned() };
        let entries = fs::read_dir(&within).map_err(Failure::io("read", &within))?;
        let folders = entries.filter_map(Result::ok).map(|entry| entry.path());
        let folders: BTreeMap<_, _> =
            folders.filter(|path| path.join(SERVICE).is_file()).map(named).collect();
        if folders.is_empty() {
            let place = within.display();
            return Err(Failure::Failed(format!(
                "{place} has neither a {SERVICE} nor folders that have one; name the folder of a model, or the folder that \
                 such folders are in"
            )));
        }
        Ok(Self { folders })
    }

    /// Whether they are this work tree's own, also if their folder was named.
    pub(crate) fn is_committed(&self) -> bool {
        let own = root().join("model/services").canonicalize();
        let is_own = |own: PathBuf| {
            let mut folders = self.folders.values();
            folders.all(|folder| folder.canonicalize().is_ok_and(|folder| folder.starts_with(&own)))
        };
        own.is_ok_and(is_own)
    }

    /// Names of the services, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        self.folders.keys().cloned().collect()
    }

    /// Every service; else the faults of all models.
    pub(crate) fn all(&self) -> Result<Vec<Service>, Failure> {
        let progress = Progress::of_quick_steps("reading models", self.folders.len());
        let folders = self.folders.iter().inspect(|(name, _)| progress.next(name));
        let folders = folders.map(|(_, folder)| folder.as_path());
        gatewright_model::load_all(folders).map_err(|faults| Failure::Failed(faults.to_string()))
    }

    /// The service called `name`.
    pub(crate) fn service(&self, name: &str) -> Result<Service, Failure> {
        self.service_with(name, &tables()?)
    }

    /// The service called `name`, which refers to these tables.
    pub(crate) fn service_with(&self, name: &str, tables: &[PartitionTable]) -> Result<Service, Failure> {
        let unknown = || Failure::unknown("service", name, self.folders.keys().map(String::as_str));
        let folder = self.folders.get(name).ok_or_else(unknown)?;
        gatewright_model::load_with(folder, tables).map_err(|faults| Failure::Failed(faults.to_string()))
    }
}

/// The file that makes a folder the model of a service.
const SERVICE: &str = "service.json";

fn named(folder: PathBuf) -> (String, PathBuf) {
    (folder.file_name().unwrap_or_default().to_string_lossy().into_owned(), folder)
}

/// The folder of a service's model, which may not be there yet: the committed one, or the service's own below another folder.
pub(crate) fn folder(service: &str, dir: Option<&Path>) -> PathBuf {
    let services = match dir {
        Some(dir) if dir.ends_with(service) => return dir.to_owned(),
        Some(dir) if !dir.join("services").is_dir() => dir.to_owned(),
        dir => dir.map_or_else(|| root().join("model"), Path::to_owned).join("services"),
    };
    services.join(service)
}

/// Names of the committed services, sorted.
pub(crate) fn names() -> Result<Vec<String>, Failure> {
    Ok(Models::committed()?.names())
}

/// Every committed service; else the faults of all models.
pub(crate) fn all() -> Result<Vec<Service>, Failure> {
    Models::committed()?.all()
}

/// The tables of partitions that services share.
pub(crate) fn tables() -> Result<Vec<PartitionTable>, Failure> {
    PartitionTable::all().map_err(|faults| Failure::Failed(faults.to_string()))
}

/// The committed service called `name`.
#[cfg(test)]
pub(crate) fn service(name: &str) -> Result<Service, Failure> {
    Models::committed()?.service(name)
}
