//! A separate crate with the services of any model, in any folder.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use gatewright_codegen::{Crate, Files, HOME};
use gatewright_model::{Service, naming};

use super::{Checked, arguments::Part, generate, manifest, report};
use crate::{
    failure::Failure,
    model::Models,
    output,
    tree::{self, Difference},
};

/// Folders of the crate that contain only generated files.
const SOURCES: &str = "src";
const DIGESTS: &str = "api";

/// The crate to generate, and its folder.
pub(crate) struct Package {
    name: String,
    services: Vec<Service>,
    out: PathBuf,
    /// Text of the files beside the two folders.
    texts: Files,
    /// Files of each folder.
    folders: [(&'static str, Files); 2],
}

impl Package {
    /// Reads the models that the arguments name.
    pub(super) fn read(part: &Part, out: &str) -> Result<Self, Failure> {
        let (model, operations) = (part.model.as_deref(), part.operations.as_deref());
        let models = Models::of(model)?;
        let services = match (part.service.as_slice(), operations) {
            ([], _) if model.is_none() => {
                return Err(Failure::Usage(
                    "--out goes with --model, or with --service and --operations".into(),
                ));
            }
            ([], None) => models.all()?,
            (names, None) => names.iter().map(|name| models.service(name)).collect::<Result<_, _>>()?,
            (names, Some(operations)) => {
                let all = models.names();
                let one = match (names, all.as_slice()) {
                    ([one], _) | ([], [one]) => one.as_str(),
                    _ => return Err(Failure::Usage("--operations requires exactly one --service".into())),
                };
                vec![select(models.service(one)?, operations)?]
            }
        };
        let name = match (&part.name, model) {
            (Some(name), _) => name.clone(),
            (None, Some(_)) => folder_name(Path::new(out))?,
            (None, None) => HOME.to_owned(),
        };
        Self::new(&name, services, Path::new(out), part.runtime.as_deref())
    }

    /// The crate with these services.
    pub(crate) fn new(
        name: &str,
        mut services: Vec<Service>,
        out: &Path,
        runtime: Option<&str>,
    ) -> Result<Self, Failure> {
        check_name(name)?;
        services.sort_by(|one, other| one.name.cmp(&other.name));
        services.dedup_by(|one, other| one.name == other.name);
        let krate = Crate { name, services: &services, readme: Some("../README.md"), guides: None };
        let mut texts = krate.texts();
        texts.insert(manifest::MANIFEST.to_owned(), manifest::manifest(krate, out, runtime)?);
        let folders = [(SOURCES, generate(krate)), (DIGESTS, krate.digests())];
        Ok(Self { name: name.to_owned(), out: out.to_owned(), texts, folders, services })
    }

    /// Writes the differences. Entries that the generator did not write are kept unless `force` is set.
    pub(crate) fn write(&self, force: bool) -> Result<(), Failure> {
        let compared = self.compare()?;
        // Before anything is written.
        for (folder, _, differences) in &compared {
            tree::check(differences, folder, force)?;
        }
        if !force {
            self.check_folder()?;
        }
        for (folder, files, differences) in &compared {
            let kept = tree::mend(differences, folder, force)?;
            output::print(report(&folder.display().to_string(), files, differences, &kept))?;
        }
        for (name, text) in &self.texts {
            let path = self.out.join(name);
            let shown = path.display();
            output::print_line(match state(&path, text)? {
                State::Fresh => format!("unchanged: {shown}"),
                State::Missing | State::Stale => {
                    tree::write(&self.out, name, text)?;
                    format!("written: {shown}")
                }
                State::NoFile => format!("{shown}: kept, since it is not a file"),
                State::Foreign => format!(
                    "{shown}: kept, since its first line is not the generator's; delete it to get a new one"
                ),
            })?;
        }
        Ok(())
    }

    /// Writes the differences of a folder with generated files only, without output; returns whether there were any.
    pub(crate) fn update(&self) -> Result<bool, Failure> {
        let mut differs = false;
        for (folder, _, differences) in self.compare()? {
            tree::mend(&differences, &folder, true)?;
            differs |= !differences.is_empty();
        }
        for (name, text) in &self.texts {
            if !matches!(state(&self.out.join(name), text)?, State::Fresh) {
                tree::write(&self.out, name, text)?;
                differs = true;
            }
        }
        Ok(differs)
    }

    /// Fails if the folder contains files of a person, and no generated files.
    fn check_folder(&self) -> Result<(), Failure> {
        let is_ours =
            |path: PathBuf| fs::read(path).is_ok_and(|text| tree::is_marked(&String::from_utf8_lossy(&text)));
        let known = [manifest::MANIFEST, "README.md", "src/lib.rs"];
        if !tree::is_real_folder(&self.out)? || known.iter().any(|name| is_ours(self.out.join(name))) {
            return Ok(());
        }
        let entries = fs::read_dir(&self.out).map_err(Failure::io("read", &self.out))?;
        let names =
            entries.filter_map(Result::ok).map(|entry| entry.file_name().to_string_lossy().into_owned());
        // A new repository is an empty folder.
        let Some(name) = names.filter(|name| !name.starts_with('.')).min() else { return Ok(()) };
        let out = self.out.display();
        Err(Failure::Failed(format!(
            "{out} holds {name} and nothing that was generated, so nothing was changed; name a new folder, or use this one with \
             --force"
        )))
    }

    /// Fails if `write` would change anything.
    pub(super) fn check(&self, as_json: bool) -> Result<(), Failure> {
        let mut checked = Checked::default();
        for (folder, files, differences) in self.compare()? {
            checked.folders.push((folder.display().to_string(), files.len(), differences));
        }
        for (name, text) in &self.texts {
            let path = self.out.join(name);
            let kind = match state(&path, text)? {
                State::Missing => "missing",
                State::Stale => "stale",
                State::Fresh | State::NoFile | State::Foreign => continue,
            };
            checked.files.push((path.display().to_string(), kind));
        }
        if as_json {
            return checked.print();
        }
        let in_folders = checked.folders.iter().flat_map(|(folder, _, differences)| {
            differences.iter().map(move |difference| format!("{difference} (in {folder})"))
        });
        let files = checked.files.iter().map(|(path, kind)| format!("{:<8} {path}", format!("{kind}:")));
        let stale: Vec<_> = in_folders.chain(files).collect();
        if stale.is_empty() {
            let names: Vec<_> = self.services.iter().map(|service| service.name.as_str()).collect();
            return output::print_line(format!("{} with {}: up to date", self.name, names.join(", ")));
        }
        let count = stale.len();
        Err(Failure::Failed(format!("{}\n\n{count} files differ from the model", stale.join("\n"))))
    }

    /// The crate's folders with their files, and what differs there.
    fn compare(&self) -> Result<Vec<Compared<'_>>, Failure> {
        // Never through a link.
        tree::is_real_folder(&self.out)?;
        let mut compared = Vec::new();
        for (folder, files) in &self.folders {
            let dir = self.out.join(folder);
            let differences = tree::compare(files, &dir)?;
            compared.push((dir, files, differences));
        }
        Ok(compared)
    }
}

/// A folder, its files, and what differs there.
type Compared<'a> = (PathBuf, &'a Files, Vec<Difference<'a>>);

/// How a file of the generator is found.
enum State {
    Missing,
    Fresh,
    Stale,
    /// A person has removed the mark and owns the file.
    Foreign,
    NoFile,
}

fn state(path: &Path, text: &str) -> Result<State, Failure> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => Ok(State::NoFile),
        Ok(_) => {
            let old = fs::read(path).map_err(Failure::io("read", path))?;
            Ok(match String::from_utf8_lossy(&old) {
                old if old == text => State::Fresh,
                old if tree::is_marked(&old) => State::Stale,
                _ => State::Foreign,
            })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(State::Missing),
        Err(error) => Err(Failure::io("read", path)(error)),
    }
}

/// The service with just these operations.
fn select(service: Service, operations: &str) -> Result<Service, Failure> {
    let wanted: Vec<_> = operations.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let known = || service.operations.iter().map(|operation| operation.name.as_str());
    if let Some(unknown) = wanted.iter().find(|name| !known().any(|known| known == **name)) {
        return Err(Failure::unknown("operation", unknown, known()));
    }
    if wanted.is_empty() {
        return Err(Failure::Usage("--operations is empty".into()));
    }
    Ok(service.with_operations(|name| wanted.contains(&name)))
}

/// A crate has the name of its folder, as with `cargo new`.
fn folder_name(out: &Path) -> Result<String, Failure> {
    let whole = manifest::absolute(out)?;
    let name = whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    check_name(&name).map_err(|failure| Failure::Usage(format!("{failure}; set another --name")))?;
    Ok(name)
}

/// Names that a package may have, and that paths in Rust can begin with.
fn check_name(name: &str) -> Result<(), Failure> {
    let is_sign =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.bytes().all(is_sign) {
        return Err(Failure::Usage(format!(
            "{name:?} is not the name of a crate: use lower-case letters, digits, hyphens and underscores"
        )));
    }
    let krate = name.replace('-', "_");
    let taken = [
        "alloc",
        "core",
        "gatewright_core",
        "gatewright_fake",
        "gatewright_runtime",
        "serde_core",
        "std",
        "test",
    ];
    if taken.contains(&krate.as_str()) || naming::field(name).ends_with('_') {
        return Err(Failure::Usage(format!(
            "{name:?} is a word of Rust, or the name of a crate that this one needs"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;

    #[test]
    fn a_part_of_a_service_needs_no_more_than_it_reaches() {
        let service = model::service("aws-storage-gateway").expect("the model is sound");
        let service = select(service, "AddCache, ListGateways").expect("both are operations");
        let files = Crate { name: HOME, services: &[service], readme: None, guides: None }.files();
        let below = |folder: &str| {
            let prefix = format!("aws_storage_gateway/{folder}/");
            let names = files.keys().filter_map(|path| path.strip_prefix(&prefix));
            names.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(below("operation"), ["add_cache.rs", "list_gateways.rs", "mod.rs"]);
        assert!(below("types").contains(&"gateway_info.rs".to_owned()));
        assert!(!below("types").contains(&"tape.rs".to_owned()));
    }

    #[test]
    fn crates_have_names_that_paths_can_begin_with() {
        for name in ["harbour", "harbour-client", "a1_b"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in
            ["", "Harbour", "1a", "-a", "a b", "a/b", "async", "std", "gatewright-runtime", "serde_core"]
        {
            assert!(matches!(check_name(name), Err(Failure::Usage(_))), "{name}");
        }
    }
}
