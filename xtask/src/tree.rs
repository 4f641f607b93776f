//! Comparison and update of generated files on disk, without harm to other files.
//!
//! Only regular files whose first line has the generator's mark are overwritten or deleted. Symbolic links are never followed,
//! neither when reading nor when writing: they are foreign entries.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File, FileType, OpenOptions},
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
    process,
};

use gatewright_codegen::{Files, MARK};

use crate::failure::Failure;

/// Maximum number of lines of a diff that are shown.
#[cfg(feature = "verbs")]
const SHOWN: usize = 14;

/// Bytes of a first line that are searched for the mark.
const FIRST_LINE: u64 = 1024;

/// An entry that differs from the generated files.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Difference<'a> {
    /// Path below the folder.
    pub(crate) path: PathBuf,
    pub(crate) change: Change<'a>,
    /// Why the entry is foreign to the generator, if it is.
    pub(crate) foreign: Option<Foreign>,
}

/// The change that corrects an entry.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Change<'a> {
    /// The file is written; `old` is its text before, if it existed.
    Write { old: Option<String>, text: &'a str },
    /// The entry is not generated. It may block a generated file or folder.
    Delete { in_the_way: bool },
}

/// Treatment of entries that the generator did not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Others {
    /// All are kept; if one is in the way, nothing is changed.
    Keep,
    /// Those that are in the way are replaced, and all others kept.
    Replace,
    /// All are deleted: the folder belongs to a verb.
    Delete,
}

/// Why an entry is not the generator's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Foreign {
    NoMark,
    Link,
    Folder,
    Special,
}

impl Foreign {
    /// Of an entry that is not a regular file.
    fn of(kind: FileType) -> Self {
        if kind.is_dir() {
            Self::Folder
        } else if kind.is_symlink() {
            Self::Link
        } else {
            Self::Special
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::NoMark => "its first line is not the generator's",
            Self::Link => "a symbolic link",
            Self::Folder => "a folder",
            Self::Special => "neither a file nor a folder",
        }
    }
}

/// What differs between `files` and the entries below `dir`: deletions first, then files to write, each sorted by path.
pub(crate) fn compare<'a>(files: &'a Files, dir: &Path) -> Result<Vec<Difference<'a>>, Failure> {
    let wanted = Wanted::new(files);
    let mut found = BTreeMap::new();
    if is_real_folder(dir)? {
        read(dir, Path::new(""), &wanted, &mut found)?;
    }
    let mut writes = Vec::new();
    for (path, text) in files {
        let path = PathBuf::from(path);
        let (old, foreign) = match found.get(&path) {
            Some(Entry::File { text: Some(old), .. }) if old == text => {
                found.remove(&path);
                continue;
            }
            Some(Entry::File { foreign, .. }) => {
                let foreign = *foreign;
                let Some(Entry::File { text: old, .. }) = found.remove(&path) else { continue };
                (old, foreign)
            }
            // A link or folder is deleted first, and then the file is missing.
            Some(Entry::Other(_)) | None => (None, None),
        };
        writes.push(Difference { path, change: Change::Write { old, text }, foreign });
    }
    let deletion = |(path, entry): (PathBuf, Entry)| {
        let foreign = match entry {
            Entry::File { foreign, .. } => foreign,
            Entry::Other(foreign) => Some(foreign),
        };
        let in_the_way = wanted.is_in_the_way(&path);
        Difference { path, change: Change::Delete { in_the_way }, foreign }
    };
    // The content of a folder is deleted before the folder.
    let deletions = found.into_iter().rev().map(deletion);
    Ok(deletions.chain(writes).collect())
}

/// How a file differs from its text, if it does. Nothing else in the folder is read.
pub(crate) fn compare_file<'a>(
    dir: &Path,
    name: &str,
    text: &'a str,
) -> Result<Option<Difference<'a>>, Failure> {
    let path = dir.join(name);
    let (old, foreign) = match fs::symlink_metadata(&path) {
        Ok(found) if found.is_file() => read_file(&path, true).map_err(Failure::io("read", &path))?,
        Ok(found) => (None, Some(Foreign::of(found.file_type()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => (None, None),
        Err(error) => return Err(Failure::io("read", &path)(error)),
    };
    let differs = old.as_deref() != Some(text);
    Ok(differs.then(|| Difference { path: name.into(), change: Change::Write { old, text }, foreign }))
}

/// Corrects the differences, and returns those that are kept.
pub(crate) fn mend<'a, 'b>(
    differences: &'b [Difference<'a>],
    dir: &Path,
    others: Others,
) -> Result<Vec<&'b Difference<'a>>, Failure> {
    if others == Others::Keep {
        refuse(&blocking(differences, dir))?;
    }
    let is_kept = |difference: &&Difference<'_>| {
        difference.foreign.is_some()
            && match others {
                Others::Keep => true,
                Others::Replace => !difference.is_in_the_way(),
                Others::Delete => false,
            }
    };
    let (kept, ours): (Vec<_>, Vec<_>) = differences.iter().partition(is_kept);
    for difference in &ours {
        difference.mend(dir)?;
    }
    Ok(kept)
}

/// Lines for the entries of a folder that the generator did not write and that block what it writes.
pub(crate) fn blocking(differences: &[Difference<'_>], dir: &Path) -> Vec<String> {
    let blocks = |difference: &&Difference<'_>| difference.foreign.is_some() && difference.is_in_the_way();
    differences.iter().filter(blocks).map(|difference| difference.line_in(dir)).collect()
}

/// Fails if there are lines of entries that block generated ones.
pub(crate) fn refuse(blocking: &[String]) -> Result<(), Failure> {
    if blocking.is_empty() {
        return Ok(());
    }
    Err(Failure::Failed(format!(
        "{}\n\nnothing was changed: these entries were not generated, and are in the way of files that are; move them, or \
         replace all of them, and no others, with --force",
        blocking.join("\n"),
    )))
}

/// Paths that files are to have.
struct Wanted {
    files: BTreeSet<PathBuf>,
    /// The same and their folders, in lower case: some file systems ignore case.
    names: BTreeSet<String>,
    /// The files alone, in lower case.
    file_names: BTreeSet<String>,
}

impl Wanted {
    fn new(files: &Files) -> Self {
        let mut names = BTreeSet::new();
        for path in files.keys() {
            names.extend(Path::new(path).ancestors().filter(|part| !part.as_os_str().is_empty()).map(folded));
        }
        Self {
            files: files.keys().map(PathBuf::from).collect(),
            names,
            file_names: files.keys().map(|path| folded(Path::new(path))).collect(),
        }
    }

    /// Whether [`write()`] was interrupted when it wrote a wanted file, and left this one.
    fn is_draft(&self, path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str()?.strip_prefix('.')?.rsplit_once('.'));
        name.is_some_and(|(name, process)| {
            process.parse::<u32>().is_ok() && self.files.contains(&path.with_file_name(name))
        })
    }

    /// Whether an entry that is not wanted has a wanted name, or is in a folder where a file is wanted.
    fn is_in_the_way(&self, path: &Path) -> bool {
        self.names.contains(&folded(path))
            || path.ancestors().skip(1).any(|folder| self.file_names.contains(&folded(folder)))
    }
}

fn folded(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/").to_lowercase()
}

enum Entry {
    /// A regular file; its text only if a file of this path is to be written.
    File {
        text: Option<String>,
        foreign: Option<Foreign>,
    },
    Other(Foreign),
}

/// Whether the folder is there; it must not be a link or a file.
pub(crate) fn is_real_folder(dir: &Path) -> Result<bool, Failure> {
    // A slash at the end would lead through a link.
    let dir: PathBuf = dir.components().collect();
    match fs::symlink_metadata(&dir) {
        Ok(found) if found.is_dir() => Ok(true),
        Ok(found) => {
            let what =
                if found.is_symlink() { "a symbolic link, name the folder itself" } else { "not a folder" };
            Err(Failure::Failed(format!("{} is {what}", dir.display())))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Failure::io("read", &dir)(error)),
    }
}

fn read(
    dir: &Path,
    below: &Path,
    wanted: &Wanted,
    found: &mut BTreeMap<PathBuf, Entry>,
) -> Result<(), Failure> {
    let here = dir.join(below);
    let entries = match fs::read_dir(&here) {
        // Another process has deleted the folder since it was listed.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(Failure::io("read", &here))?,
    };
    for entry in entries {
        let entry = entry.map_err(Failure::io("read", &here))?;
        let (path, relative) = (entry.path(), below.join(entry.file_name()));
        // Does not follow links.
        let kind = entry.file_type().map_err(Failure::io("read", &path))?;
        if kind.is_dir() {
            let replaces_file = wanted.file_names.contains(&folded(&relative));
            if replaces_file || found.contains_key(below) {
                found.insert(relative.clone(), Entry::Other(Foreign::Folder));
            }
            read(dir, &relative, wanted, found)?;
        } else {
            let entry = if kind.is_file() && wanted.is_draft(&relative) {
                Entry::File { text: None, foreign: None }
            } else if kind.is_file() {
                match read_file(&path, wanted.files.contains(&relative)) {
                    // The same, of a file.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    read => {
                        let (text, foreign) = read.map_err(Failure::io("read", &path))?;
                        Entry::File { text, foreign }
                    }
                }
            } else {
                Entry::Other(Foreign::of(kind))
            };
            found.insert(relative, entry);
        }
    }
    Ok(())
}

/// The text of a file, if all of it is read, and whether the file is foreign.
fn read_file(path: &Path, whole: bool) -> io::Result<(Option<String>, Option<Foreign>)> {
    let mut reader = BufReader::new(File::open(path)?);
    let mut text = Vec::new();
    reader.by_ref().take(FIRST_LINE).read_until(b'\n', &mut text)?;
    let foreign = (!is_marked(&String::from_utf8_lossy(&text))).then_some(Foreign::NoMark);
    if whole {
        reader.read_to_end(&mut text)?;
    }
    let text = whole.then(|| match String::from_utf8_lossy(&text).into_owned() {
        // Git may have ended the lines as Windows does. The search is for speed.
        text if text.as_bytes().contains(&b'\r') => text.replace("\r\n", "\n"),
        text => text,
    });
    Ok((text, foreign))
}

/// The paths and texts of all files in a folder and below.
#[cfg(test)]
pub(crate) fn texts(folder: &Path) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(folder).expect("it is a folder").map(|entry| entry.expect("it is").path());
    let of = |path: PathBuf| {
        if path.is_dir() {
            return texts(&path);
        }
        let text = fs::read_to_string(&path).expect("it is text");
        vec![(path, text)]
    };
    entries.flat_map(of).collect()
}

/// Whether a text begins with a comment that has the generator's mark.
pub(crate) fn is_marked(text: &str) -> bool {
    ["// ", "# ", "<!-- "]
        .iter()
        .any(|comment| text.strip_prefix(comment).is_some_and(|line| line.starts_with(MARK)))
}

impl Difference<'_> {
    /// Whether a file cannot be written because of this entry.
    fn is_in_the_way(&self) -> bool {
        match self.change {
            Change::Write { .. } => true,
            Change::Delete { in_the_way } => in_the_way,
        }
    }

    fn mend(&self, dir: &Path) -> Result<(), Failure> {
        let path = dir.join(&self.path);
        match &self.change {
            Change::Write { text, .. } => write(dir, &self.path, text),
            Change::Delete { .. } => {
                // Deletes neither the target of a link nor a folder that is not empty.
                let deleted = match self.foreign {
                    Some(Foreign::Folder) => fs::remove_dir(&path),
                    // Windows has two kinds of links.
                    Some(Foreign::Link) => fs::remove_file(&path).or_else(|_| fs::remove_dir(&path)),
                    Some(Foreign::NoMark | Foreign::Special) | None => fs::remove_file(&path),
                };
                match deleted {
                    // The folder was deleted with its last file.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                    other => other.map_err(Failure::io("delete", &path)),
                }?;
                // A folder is deleted with its last file; a folder with other files is kept, which is not a failure.
                path.ancestors()
                    .skip(1)
                    .take_while(|folder| *folder != dir)
                    .all(|folder| fs::remove_dir(folder).is_ok());
                Ok(())
            }
        }
    }

    /// The difference in a line that names the folder.
    pub(crate) fn line_in(&self, dir: &Path) -> String {
        let why = self.foreign.map(|foreign| format!(": {}", foreign.words())).unwrap_or_default();
        format!("{:<8} {}{why}", format!("{}:", self.kind()), dir.join(&self.path).display())
    }

    /// The difference in a line that names the folder, and the lines that differ.
    pub(crate) fn lines_in(&self, dir: &Path) -> String {
        let lines = self.line_in(dir);
        #[cfg(feature = "verbs")]
        if let (Change::Write { old: Some(old), text }, None) = (&self.change, self.foreign) {
            let mut options = diffy::DiffOptions::new();
            options.set_original_filename("on disk").set_modified_filename("generated").set_context_len(1);
            let diff = options.create_patch(old, text).to_string();
            let more = diff.lines().count().saturating_sub(SHOWN);
            let more = (more > 0).then(|| format!("… {more} more lines"));
            let shown = diff.lines().take(SHOWN).chain(more.as_deref());
            return shown.fold(lines, |lines, line| lines + "\n    " + line);
        }
        lines
    }

    /// The kind of difference in a word.
    pub(crate) fn kind(&self) -> &'static str {
        match (self.foreign, &self.change) {
            (Some(_), _) => "foreign",
            (None, Change::Write { old: None, .. }) => "missing",
            (None, Change::Write { old: Some(_), .. }) => "stale",
            (None, Change::Delete { .. }) => "orphan",
        }
    }
}

/// Attempts to write a file: another process may delete the temporary file, as one that an interrupted process left.
const ATTEMPTS: usize = 20;

/// Writes a file below a folder, and the folders that it is in. No part of the path below the folder may be a link; what is
/// at the path itself is replaced, not written through.
pub(crate) fn write(dir: &Path, path: impl AsRef<Path>, text: &str) -> Result<(), Failure> {
    let path = path.as_ref();
    let mut attempts = 1..ATTEMPTS;
    loop {
        match write_once(dir, path, text)? {
            // Another process that generates into this folder has deleted the temporary file, or its folder.
            Err(error) if error.kind() == io::ErrorKind::NotFound && attempts.next().is_some() => {}
            written => return written.map_err(Failure::io("write", &dir.join(path))),
        }
    }
}

fn write_once(dir: &Path, path: &Path, text: &str) -> Result<io::Result<()>, Failure> {
    fs::create_dir_all(dir).map_err(Failure::io("create", dir))?;
    let mut folders: Vec<_> =
        path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()).collect();
    folders.reverse();
    for folder in folders {
        let folder = dir.join(folder);
        if !is_real_folder(&folder)? {
            match fs::create_dir(&folder) {
                // Another process made it.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && is_real_folder(&folder)? => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Err(error)),
                made => made.map_err(Failure::io("create", &folder))?,
            }
        }
    }
    let path = dir.join(path);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // As `is_draft` knows it.
    let draft = path.with_file_name(format!(".{name}.{}", process::id()));
    let write = || {
        // A file that is there already, even as a link, is not opened.
        let mut file = OpenOptions::new().write(true).create_new(true).open(&draft)?;
        file.write_all(text.as_bytes())?;
        drop(file);
        // Replaces a link or a further name of a file, and does not touch their targets.
        fs::rename(&draft, &path)
    };
    Ok(write().inspect_err(|_| {
        // There may be no temporary file.
        let _ = fs::remove_file(&draft);
    }))
}

#[cfg(test)]
mod tests;
