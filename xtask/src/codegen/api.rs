//! Changes of the API: compares the digest of every client's API with the last reviewed digest.

use std::{
    collections::BTreeSet,
    fmt::{self, Display, Formatter},
    fs, io,
    path::{Path, PathBuf},
};

use gatewright_codegen::digest;
use gatewright_model::Service;

use crate::{failure::Failure, tree};

/// Maximum number of lines that are shown per service.
const SHOWN: usize = 60;

/// Folder of the reviewed digests.
pub(super) const SNAPSHOTS: &str = "xtask/src/snapshots";

/// The difference between the reviewed and the current API of a service's client.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ApiChange {
    service: String,
    old: Option<String>,
    new: Option<String>,
}

/// The services whose API differs from the reviewed one.
pub(super) fn changes(services: &[Service], snapshots: &Path) -> Result<Vec<ApiChange>, Failure> {
    let mut names = reviewed(snapshots)?;
    names.extend(services.iter().map(|service| service.name.clone()));
    let change = |service: String| {
        let old = read(&snapshots.join(format!("api-{service}.snap")))?;
        let new = services.iter().find(|known| known.name == service).map(digest);
        // The snapshot library trims both ends.
        let same = old.as_deref().map(str::trim) == new.as_deref().map(str::trim);
        Ok((!same).then_some(ApiChange { service, old, new }))
    };
    names.into_iter().map(change).filter_map(Result::transpose).collect()
}

/// Records the current digests as the reviewed ones; returns the names of the files that were written or deleted.
pub(super) fn accept(changes: &[ApiChange], snapshots: &Path) -> Result<Vec<String>, Failure> {
    let accept = |change: &ApiChange| {
        let file = format!("api-{}.snap", change.service);
        if let Some(new) = &change.new {
            // As the snapshot library writes it.
            let text = format!("---\nsource: xtask/src/codegen.rs\n---\n{}\n", new.trim());
            tree::write(snapshots, &file, &text)?;
        } else {
            let path = snapshots.join(&file);
            fs::remove_file(&path).map_err(Failure::io("delete", &path))?;
        }
        Ok(file)
    };
    changes.iter().map(accept).collect()
}

/// Names of the services that have a reviewed digest.
fn reviewed(snapshots: &Path) -> Result<BTreeSet<String>, Failure> {
    let files = fs::read_dir(snapshots).map_err(Failure::io("read", snapshots))?;
    let name = |file: io::Result<fs::DirEntry>| {
        let name = file.map_err(Failure::io("read", snapshots))?.file_name();
        let name = name.to_str().and_then(|name| name.strip_prefix("api-")?.strip_suffix(".snap"));
        Ok(name.map(str::to_owned))
    };
    files.map(name).filter_map(Result::transpose).collect()
}

/// The text of a snapshot, without the library's header.
fn read(path: &PathBuf) -> Result<Option<String>, Failure> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::io("read", path)(error)),
    };
    Ok(text.splitn(3, "---\n").last().map(str::to_owned))
}

impl Display for ApiChange {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { service, old, new } = self;
        match (old, new) {
            (None, _) => write!(f, "{service}: a new client")?,
            (_, None) => return write!(f, "{service}: the client is removed"),
            (Some(_), Some(_)) => write!(f, "{service}: the API of its client changes")?,
        }
        let (old, new) = (old.as_deref().unwrap_or_default(), new.as_deref().unwrap_or_default());
        // Each line of a digest names its item, so that none occurs twice.
        let (old, new): (BTreeSet<_>, BTreeSet<_>) = (old.lines().collect(), new.lines().collect());
        let mut lines: Vec<_> = old.difference(&new).map(|line| (*line, '-')).collect();
        let removed = lines.len();
        lines.extend(new.difference(&old).map(|line| (*line, '+')));
        lines.sort_unstable();
        write!(f, ": {} lines added, {removed} removed", lines.len() - removed)?;
        if lines.is_empty() {
            f.write_str(", in another order")?;
        }
        for (line, sign) in lines.iter().take(SHOWN) {
            write!(f, "\n  {sign} {line}")?;
        }
        match lines.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "\n  … {more} more lines"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;

    #[test]
    fn added_removed_and_changed_lines_are_shown() {
        let change = ApiChange {
            service: "sea".to_owned(),
            old: Some("Sea 1\nClient::moor\nClient::sail: codes Fog\nClient::sink\n".to_owned()),
            new: Some("Sea 1\nClient::dive\nClient::moor\nClient::sail: codes Fog Storm".to_owned()),
        };
        insta::assert_snapshot!(change, @r"
        sea: the API of its client changes: 2 lines added, 2 removed
          + Client::dive
          - Client::sail: codes Fog
          + Client::sail: codes Fog Storm
          - Client::sink
        ");
        let moved = ApiChange {
            service: change.service.clone(),
            old: Some("Client::a\nClient::b\n".to_owned()),
            new: Some("Client::b\nClient::a\n".to_owned()),
        };
        assert_eq!(
            moved.to_string(),
            "sea: the API of its client changes: 0 lines added, 0 removed, in another order"
        );
        let gone = ApiChange { new: None, ..change };
        assert_eq!(gone.to_string(), "sea: the client is removed");
        let new =
            ApiChange { old: None, new: Some((0..100).map(|n| n.to_string() + "\n").collect()), ..gone };
        assert_eq!(new.to_string().lines().count(), SHOWN + 2);
    }

    #[test]
    fn a_change_of_the_model_is_a_change_of_the_api() {
        let mut services = model::all().expect("the models are sound");
        let snapshots = model::root().join(SNAPSHOTS);
        assert_eq!(changes(&services, &snapshots).expect("there are snapshots"), []);

        let sts = services.iter_mut().find(|service| service.name == "aws-sts").expect("it is a service");
        *sts = sts.clone().with_operations(|name| name != "GetCallerIdentity");
        let changed = changes(&services, &snapshots).expect("there are snapshots");
        let [change] = changed.as_slice() else { panic!("{changed:?}") };
        assert!(change.to_string().contains("\n  - Client::get_caller_identity: read-only"), "{change}");

        services.retain(|service| service.name != "aws-sts");
        let changed = changes(&services, &snapshots).expect("there are snapshots");
        assert_eq!(
            changed.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["aws-sts: the client is removed"]
        );
    }

    #[test]
    fn accepted_changes_are_changes_no_more() {
        let folder = tempfile::TempDir::new().expect("there is room");
        let services = model::all().expect("the models are sound");
        let accepted = |services: &[Service]| {
            let found = changes(services, folder.path()).expect("there is a folder");
            accept(&found, folder.path()).expect("the folder can be written")
        };
        assert_eq!(accepted(&services).len(), services.len());
        assert_eq!(accepted(&services), [""; 0]);
        for service in &services {
            let file = format!("api-{}.snap", service.name);
            let ours = fs::read_to_string(model::root().join(SNAPSHOTS).join(&file)).expect("it is there");
            assert_eq!(fs::read_to_string(folder.path().join(&file)).expect("it was written"), ours);
        }
        assert_eq!(accepted(&services[1..]), [format!("api-{}.snap", services[0].name)]);
        assert_eq!(changes(&services[1..], folder.path()).expect("there is a folder"), []);
    }
}
