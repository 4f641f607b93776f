//! A separate crate with the services of any model, in any folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use gatewright_codegen::{Crate, Files, HOME};
use gatewright_model::{Service, naming};

use super::{Checked, arguments::Part, done, generate, manifest, report};
use crate::{
    failure::Failure,
    model::{self, Models},
    output, paths,
    tree::{self, Difference, Foreign, Others},
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
        if paths::absolute(Path::new(out))? == paths::absolute(&model::root().join("generated"))? {
            let why = "is the crate of the committed models, which codegen without --out writes; name another folder";
            return Err(Failure::Usage(format!("--out {out} {why}")));
        }
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

    /// Writes the differences. Entries that the generator did not write are kept; with `force`, those that are in the way of a
    /// file are replaced.
    pub(crate) fn write(&self, force: bool) -> Result<(), Failure> {
        let (compared, texts) = (self.compare()?, self.compare_texts()?);
        let others = if force { Others::Replace } else { Others::Keep };
        // Before anything is written.
        if !force {
            self.check_others(&compared, &texts)?;
        } else if let Some(folder) = foreign(&texts).find(|own| own.foreign == Some(Foreign::Folder)) {
            let line = folder.line_in(&self.out);
            return Err(Failure::Failed(format!("{line}\n\nnothing was changed: move this folder")));
        }
        // Files are written even if nobody reads the report. These come first: by their mark, the next run knows a crate that was not
        // finished.
        let mut printed = Ok(());
        for (name, difference) in &texts {
            let line = match difference {
                None => format!("unchanged: {}", self.out.join(name).display()),
                Some(own) if own.foreign.is_some() && !force => {
                    format!("{} (kept; delete it to get a new one)", own.line_in(&self.out))
                }
                Some(difference) => {
                    tree::write(&self.out, name, &self.texts[*name])?;
                    done(difference, &self.out)
                }
            };
            printed = printed.and(output::print_line(line));
        }
        for (folder, files, differences) in &compared {
            let kept = tree::mend(differences, folder, others)?;
            let report = report(&folder.display().to_string(), files, differences, &kept);
            printed = printed.and(output::print(report));
        }
        printed
    }

    /// Writes the differences of a folder with generated files only, without output; returns whether there were any.
    pub(crate) fn update(&self) -> Result<bool, Failure> {
        let mut differs = false;
        for (folder, _, differences) in self.compare()? {
            tree::mend(&differences, &folder, Others::Delete)?;
            differs |= !differences.is_empty();
        }
        for (name, difference) in self.compare_texts()? {
            if difference.is_some() {
                tree::write(&self.out, name, &self.texts[name])?;
                differs = true;
            }
        }
        Ok(differs)
    }

    /// Fails if entries of a person are in the way of generated ones, or if the folder contains nothing else. The message lists
    /// whatever `--force` replaces.
    fn check_others(&self, compared: &[Compared<'_>], texts: &[Text<'_>]) -> Result<(), Failure> {
        let blocking =
            compared.iter().flat_map(|(folder, _, differences)| tree::blocking(differences, folder));
        let mut blocking: Vec<_> = blocking.collect();
        let stops = !blocking.is_empty();
        // These alone are kept without a failure.
        blocking.extend(foreign(texts).map(|own| {
            let line = own.line_in(&self.out);
            if own.foreign == Some(Foreign::Folder) { line + " (move it; --force does not)" } else { line }
        }));
        if stops {
            return tree::refuse(&blocking);
        }
        let Some(name) = self.others()? else { return Ok(()) };
        let out = self.out.display();
        let (list, forced) = match blocking.as_slice() {
            [] => (String::new(), "keeps all files that are there"),
            list => (list.join("\n") + "\n\n", "replaces these entries, and keeps all others"),
        };
        Err(Failure::Failed(format!(
            "{list}{out} holds {name} and nothing that was generated, so nothing was changed; name a new folder, or use this one with \
             --force, which {forced}"
        )))
    }

    /// The name of a person's entry, if the folder contains no generated files.
    fn others(&self) -> Result<Option<String>, Failure> {
        if !tree::is_real_folder(&self.out)? {
            return Ok(None);
        }
        let entries = fs::read_dir(&self.out).map_err(Failure::io("read", &self.out))?;
        let names =
            entries.filter_map(Result::ok).map(|entry| entry.file_name().to_string_lossy().into_owned());
        // A new repository is an empty folder.
        let other = names.filter(|name| !name.starts_with('.')).min();
        // Only now: another process may have written these before the entry that was listed.
        let known = [manifest::MANIFEST, "README.md", "src/lib.rs"];
        let is_ours =
            |path: PathBuf| fs::read(path).is_ok_and(|text| tree::is_marked(&String::from_utf8_lossy(&text)));
        Ok(other.filter(|_| !known.iter().any(|name| is_ours(self.out.join(name)))))
    }

    /// Fails if `write` would change anything.
    pub(super) fn check(&self, as_json: bool) -> Result<(), Failure> {
        let mut checked = Checked::default();
        for (folder, files, differences) in self.compare()? {
            checked.folders.push((folder.display().to_string(), files.len(), differences));
        }
        for (name, difference) in self.compare_texts()? {
            // A person may own these files.
            if let Some(difference) = difference.filter(|difference| difference.foreign.is_none()) {
                checked.files.push((self.out.join(name).display().to_string(), difference.kind()));
            }
        }
        if as_json {
            return checked.print();
        }
        let in_folders = checked.folders.iter().flat_map(|(folder, _, differences)| {
            differences.iter().map(|difference| difference.lines_in(Path::new(folder)))
        });
        let files = checked.files.iter().map(|(path, kind)| format!("{:<8} {path}", format!("{kind}:")));
        let stale: Vec<_> = in_folders.chain(files).collect();
        if stale.is_empty() {
            let names: Vec<_> = self.services.iter().map(|service| service.name.as_str()).collect();
            return output::print_line(format!("{} with {}: up to date", self.name, names.join(", ")));
        }
        let count = stale.len();
        Err(Failure::Failed(format!(
            "{}\n\n{count} of the files in {} differ from the model; update them with the same command without --check",
            stale.join("\n"),
            self.out.display()
        )))
    }

    /// The crate's folders with their files, and what differs there.
    fn compare(&self) -> Result<Vec<Compared<'_>>, Failure> {
        // Never through a link.
        tree::is_real_folder(&self.out).map_err(Failure::of_input)?;
        let mut compared = Vec::new();
        for (folder, files) in &self.folders {
            let dir = self.out.join(folder);
            let differences = tree::compare(files, &dir)?;
            compared.push((dir, files, differences));
        }
        Ok(compared)
    }

    /// The files beside these folders by name, and how each differs.
    fn compare_texts(&self) -> Result<Vec<Text<'_>>, Failure> {
        let texts = self.texts.iter();
        texts.map(|(name, text)| Ok((name.as_str(), tree::compare_file(&self.out, name, text)?))).collect()
    }
}

/// A folder, its files, and what differs there.
type Compared<'a> = (PathBuf, &'a Files, Vec<Difference<'a>>);

/// The name of a file beside these folders, and how the file differs.
type Text<'a> = (&'a str, Option<Difference<'a>>);

fn foreign<'a>(texts: &'a [Text<'_>]) -> impl Iterator<Item = &'a Difference<'a>> {
    let differences = texts.iter().filter_map(|(_, difference)| difference.as_ref());
    differences.filter(|difference| difference.foreign.is_some())
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
    let whole = paths::absolute(out)?;
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
