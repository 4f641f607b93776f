use std::{
    ffi::OsStr,
    os::unix::{ffi::OsStrExt as _, fs::PermissionsExt as _},
    process::Command,
};

use super::*;
use crate::transport::HttpTransportBuilder;

const PROXY: &str = "HTTPS_PROXY";
const INNER: &str = "GATEWRIGHT_TEST_OF_VARIABLES";

/// If the variable were ignored, requests would bypass the proxy.
#[test]
fn a_variable_that_is_not_unicode_is_not_passed_over() {
    if std::env::var_os(INNER).is_some() {
        assert_eq!(SystemContext.variable(PROXY).as_deref(), Some("http://caf\u{fffd}"));
        let transport = format!("{:?}", HttpTransportBuilder::new(&SystemContext));
        assert!(transport.contains("HTTPS_PROXY: not of the form"), "{transport}");
        return;
    }
    // Variables of a running process cannot be set safely, so a child process has them from its start.
    let name = "context::tests::a_variable_that_is_not_unicode_is_not_passed_over";
    let mut inner = Command::new(std::env::current_exe().unwrap());
    inner.args(["--exact", name]).env(INNER, "1").env(PROXY, OsStr::from_bytes(b"http://caf\xe9"));
    for other in ["https_proxy", "all_proxy", "ALL_PROXY"] {
        inner.env_remove(other);
    }
    let output = inner.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

#[test]
fn files_without_an_end_are_not_read_to_it() {
    let content = SystemContext.read_file(Path::new("/dev/zero")).unwrap();
    assert_eq!(content.len(), MOST_FILE_BYTES + 1);
    let content = SystemContext.read_file(Path::new("Cargo.toml")).unwrap();
    assert_eq!(content, fs::read("Cargo.toml").unwrap());
}

#[test]
fn files_are_replaced_whole_and_private() {
    let folder = std::env::temp_dir().join(format!("gatewright-replace-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("a.json");
    fs::write(&path, "old and long").unwrap();
    SystemContext.replace_file(&path, b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    // A folder cannot be replaced by a file; nothing is left behind.
    assert!(SystemContext.replace_file(&folder, b"new").is_err());
    assert!(SystemContext.replace_file(&folder.join("none/a.json"), b"new").is_err());
    let prefix = folder.file_name().unwrap().to_str().unwrap().to_owned();
    let left = fs::read_dir(folder.parent().unwrap()).unwrap().flatten();
    assert_eq!(left.filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix)).count(), 1);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    fs::remove_dir_all(&folder).unwrap();
}
