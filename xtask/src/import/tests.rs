use std::{env, fs, path::PathBuf};

use super::*;

/// The models of botocore: where `GATEWRIGHT_BOTOCORE` says, or as `cargo xtask interop` installed it.
fn botocore_data() -> Option<PathBuf> {
    let given = env::var_os("GATEWRIGHT_BOTOCORE").map(PathBuf::from);
    let installed = || {
        let libraries = model::root().join("target/xtask/interop/venv/lib");
        let pythons = fs::read_dir(libraries).ok()?.filter_map(Result::ok);
        let data = pythons.map(|python| python.path().join("site-packages/botocore/data"));
        data.filter(|data| data.is_dir()).max()
    };
    let data = given.or_else(installed);
    if data.is_none() {
        println!(
            "SKIPPED: botocore is not installed; cargo xtask interop installs it, or set GATEWRIGHT_BOTOCORE to its data"
        );
    }
    data
}

/// No folder, so that there is no model yet.
const NOWHERE: &str = "no/such/folder";

#[test]
fn importing_todays_models_changes_no_byte_of_ours() {
    let Some(data) = botocore_data() else { return };
    for (service, name) in [("aws-storage-gateway", "storagegateway"), ("aws-sts", "sts")] {
        let folder = model::folder(service, None);
        let imported = import(service, &data.join(name), None, &folder).unwrap();
        let changed: Vec<_> = imported.changed().filter(|file| *file != files::UPSTREAM).collect();
        assert_eq!(changed, [""; 0], "{}", imported.report());
        imported.load().unwrap();
    }
}

/// Services of botocore with a protocol that we import; the others are refused for their protocol.
fn load_all(data: &Path, is_wanted: impl Fn(&str) -> bool) -> usize {
    let entries = fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    let mut loaded = 0;
    for folder in folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        if !is_wanted(&name) {
            continue;
        }
        match import(&name, &folder, None, Path::new(NOWHERE)) {
            Ok(imported) => {
                imported.load().unwrap_or_else(|faults| panic!("{name}: {faults}"));
                loaded += 1;
            }
            Err(Failure::Failed(why)) if why.contains("protocol is") => {}
            Err(failure) => panic!("{name}: {failure}"),
        }
    }
    loaded
}

#[test]
fn services_of_botocore_become_models_that_load() {
    let Some(data) = botocore_data() else { return };
    let services = ["acm", "cloudwatch", "dynamodb", "kms", "kinesis", "sdb", "sns", "sqs", "sts", "waf"];
    assert_eq!(load_all(&data, |name| services.contains(&name)), services.len());
}

#[test]
#[ignore = "takes a minute; cargo xtask corpus does it too"]
fn every_service_of_botocore_becomes_a_model_that_loads() {
    let Some(data) = botocore_data() else { return };
    assert!(load_all(&data, |_| true) >= 171);
}
