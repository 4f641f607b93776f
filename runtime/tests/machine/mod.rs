//! A machine with a home folder.

use gatewright_fake::TestContext;

/// Variables and files; `HOME` is `/home/me` unless set otherwise.
pub(crate) fn with(variables: &[(&str, &str)], files: &[(&str, &str)]) -> TestContext {
    let context = TestContext::new().variable("HOME", "/home/me").variables(variables.iter().copied());
    files.iter().fold(context, |context, (path, text)| context.file(*path, *text))
}
