//! The models to compare with: of a git revision, or in a folder.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{self, Command},
};

use gatewright_model::{PartitionTable, Service};

use crate::{
    failure::Failure,
    model::{self, Models},
    scratch,
};

/// Models as they were.
pub(super) struct Old {
    /// Their name in reports.
    pub(super) name: String,
    /// The revision that they are from.
    pub(super) revision: Option<String>,
    pub(super) models: Models,
    /// Partitions that services shared then.
    tables: Vec<PartitionTable>,
    /// Where the revision's files are for now.
    _checkout: Option<Checkout>,
}

impl Old {
    pub(super) fn folder(folder: &str) -> Result<Self, Failure> {
        let (models, tables) = (Models::of(Some(folder))?, tables(Path::new(folder))?);
        Ok(Self { name: folder.to_owned(), revision: None, models, tables, _checkout: None })
    }

    /// The models that a revision has where they are now; `model` is their folder, if they are not the committed ones.
    pub(super) fn revision(revision: &str, model: Option<&str>) -> Result<Self, Failure> {
        let folder = folder(model);
        let commit = commit(&folder, revision)?;
        let checkout = Checkout::of(&folder, &commit, revision)?;
        let (models, tables) = (Models::of(checkout.models.to_str())?, tables(&checkout.models)?);
        Ok(Self {
            name: revision.to_owned(),
            revision: Some(revision.to_owned()),
            models,
            tables,
            _checkout: Some(checkout),
        })
    }

    /// The models of the default revision of their own repository.
    pub(super) fn default_revision(model: Option<&str>) -> Result<Self, Failure> {
        let folder = folder(model);
        let revision = default_revision(&folder)?.ok_or_else(|| {
            Failure::Usage(format!(
                "the git repository of {} has neither a release tag nor origin/main to compare with; name a revision, or a folder \
                 with --from",
                folder.display()
            ))
        })?;
        Self::revision(&revision, model)
    }

    /// The services among these, of which the model can still be read.
    pub(super) fn services(&self, is_wanted: impl Fn(&str) -> bool) -> Result<Vec<Service>, Failure> {
        let names = self.models.names();
        let services = names
            .iter()
            .filter(|name| is_wanted(name))
            .map(|name| self.models.service_with(name, &self.tables));
        services.collect::<Result<_, _>>().map_err(|failure| {
            Failure::Failed(format!(
                "the models of {} cannot be read by the current rules; compare with a later revision, or correct a copy of them \
                 and name it with --from:\n{failure}",
                self.name
            ))
        })
    }
}

/// The tables beside the folders of services, in place of those of today.
fn tables(models: &Path) -> Result<Vec<PartitionTable>, Failure> {
    PartitionTable::read(&models.join("partitions")).map_err(|faults| Failure::Failed(faults.to_string()))
}

/// The folder of models, by default of the committed ones.
fn folder(model: Option<&str>) -> PathBuf {
    model.map_or_else(|| model::root().join("model"), PathBuf::from)
}

/// The last release that is part of a folder's branch, or else where the branch left `origin/main`.
pub(super) fn default_revision(folder: &Path) -> Result<Option<String>, Failure> {
    let of_branch = || git(folder, &["merge-base", "HEAD", "origin/main"]).ok();
    Ok(last_tag(folder)?.or_else(of_branch))
}

/// The tag of the last release that is part of a folder's branch; those of previews, `v1.0.0-rc.1`, do not count.
pub(super) fn last_tag(folder: &Path) -> Result<Option<String>, Failure> {
    // A repository that git cannot read, or does not trust, may have tags.
    git(folder, &["rev-parse", "--git-dir"]).map_err(|error| unreadable(folder, &error))?;
    let tags = ["--match", "v[0-9]*.[0-9]*.[0-9]*", "--exclude", "*[!v0-9.]*", "--exclude", "v*.*.*.*"];
    Ok(git(folder, &[&["describe", "--tags", "--abbrev=0"], &tags[..]].concat()).ok())
}

/// Why git does not read the repository of a folder.
fn unreadable(folder: &Path, error: &str) -> Failure {
    Failure::Failed(format!(
        "the git repository of {} cannot be read: {error}\nto compare without one, name a folder with --from",
        folder.display()
    ))
}

/// Lines that files of this work tree have lost or gained since a revision, with `-` or `+` before them.
pub(super) fn changed_lines(revision: &str, files: &str) -> Result<Vec<String>, Failure> {
    let diff =
        git(model::root(), &["diff", "--unified=0", "--no-color", "--no-ext-diff", revision, "--", files]);
    let diff = diff.map_err(Failure::Failed)?;
    Ok(diff.lines().filter(|line| line.starts_with(['-', '+'])).map(str::to_owned).collect())
}

/// A file of a revision, by its path from the top of this work tree.
pub(super) fn file(revision: &str, path: &str) -> Result<Option<String>, Failure> {
    let name = format!("{revision}:./{path}");
    let output = command(model::root(), &["show", &name]).output();
    let output = output.map_err(|error| Failure::Failed(format!("git: {error}")))?;
    Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
}

fn commit(folder: &Path, revision: &str) -> Result<String, Failure> {
    let name = format!("{revision}^{{commit}}");
    git(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &name]).map_err(|error| {
        // With `--quiet`, git says nothing of a revision that is not there.
        if !error.is_empty() {
            return unreadable(folder, &error);
        }
        Failure::Refused(format!(
            "{revision} is not a revision of {}; a shallow clone lacks older ones: git fetch --unshallow --tags",
            folder.display()
        ))
    })
}

/// A folder of a revision, below `target` while this lives.
struct Checkout {
    dir: PathBuf,
    models: PathBuf,
}

impl Checkout {
    fn of(folder: &Path, commit: &str, revision: &str) -> Result<Self, Failure> {
        let failed = |error| {
            Failure::Failed(format!(
                "the models of {revision} in {} cannot be read: {error}",
                folder.display()
            ))
        };
        let prefix = git(folder, &["rev-parse", "--show-prefix"]).map_err(failed)?;
        // Of this process, so that two may run at once.
        let name = format!("diff-{}", process::id());
        let dir = scratch::empty_folder(&scratch::target(), &name)?;
        // The model of one service is in a folder of the service's name.
        let folder_name = fs::canonicalize(folder).map_err(Failure::io("read", folder))?;
        let folder_name = folder_name.file_name().map_or_else(|| "models".into(), OsStr::to_owned);
        let checkout = Self { models: dir.join(folder_name), dir };
        let tree = format!("{commit}:{}", prefix.trim_end_matches('/'));
        let index = checkout.dir.join("index");
        let to = format!("--prefix={}/", checkout.models.display());
        // Below a folder, git would write only what the index has there.
        let top = git(folder, &["rev-parse", "--show-toplevel"]).map_err(failed)?;
        // An index of its own: the user's is not touched.
        for arguments in [&["read-tree", &tree][..], &["checkout-index", "--all", &to]] {
            run(command(Path::new(&top), arguments).env("GIT_INDEX_FILE", &index)).map_err(failed)?;
        }
        Ok(checkout)
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        // A later run empties what is left.
        let _ = fs::remove_dir_all(&self.dir);
    }
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut git = Command::new("git");
    // Of hooks, which run with variables of their own repository.
    git.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env_remove("GIT_INDEX_FILE");
    git.arg("-C").arg(folder).args(arguments);
    git
}

/// What git prints, without the end of the line.
fn git(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    run(&mut command(folder, arguments))
}

fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("git: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}
