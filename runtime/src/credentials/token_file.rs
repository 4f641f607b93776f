//! Tokens in files, which other programs renew.

use zeroize::Zeroizing;

use crate::{Secret, context::Context, profile::expand_home, text};

/// Larger files have no token: services accept 20,000 characters.
const MAX_SIZE: usize = 64 * 1024;

/// The token in a file, without white space around it. Errors begin with the file's path and quote nothing else.
pub(super) fn read(context: &dyn Context, file: &str) -> Result<Secret, String> {
    let path = expand_home(context, file).unwrap_or_else(|| file.into());
    let fail = |problem: &str| format!("{}: {problem}", path.display());
    let bytes = Zeroizing::new(context.read_file(&path).map_err(|error| fail(&error.to_string()))?);
    if bytes.len() > MAX_SIZE {
        return Err(fail("larger than 64 KiB, so it is not a token"));
    }
    let bytes = text::without_mark(&bytes);
    let token = str::from_utf8(&bytes).map_err(|_| fail("not UTF-8, so it is not a token"))?;
    match token.trim() {
        "" => Err(fail("it is empty")),
        token => Ok(Secret::new(token)),
    }
}
