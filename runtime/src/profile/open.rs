//! Access to the shared files and to environment variables.

use std::{io, path::PathBuf, sync::Arc};

use zeroize::Zeroizing;

use super::SettingsError;
use crate::context::{Context, MOST_FILE_BYTES};

/// An environment variable, unless it is empty or blank.
pub(crate) fn variable_of(context: &dyn Context, name: &str) -> Option<String> {
    context.variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// The path with a leading `~` replaced; `None` if no home directory is known.
pub(crate) fn expand_home(context: &dyn Context, path: &str) -> Option<PathBuf> {
    match path.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with(['/', '\\']) => {
            let home = context.variable("HOME").or_else(|| context.variable("USERPROFILE"))?;
            Some(PathBuf::from(format!("{}{rest}", home.trim_end_matches(['/', '\\']))))
        }
        _ => Some(PathBuf::from(path)),
    }
}

/// The file's displayed path and content, or the displayed path and why the file could not be read.
pub(super) type Opened = Result<(Arc<str>, Zeroizing<Vec<u8>>), String>;

/// Reads the file in the variable, else the default file. Either may be missing.
pub(super) fn open(
    context: &dyn Context,
    variable: Option<&str>,
    usual: &str,
) -> Result<Opened, SettingsError> {
    let named = variable.and_then(|variable| Some((variable, variable_of(context, variable)?)));
    let path = named.as_ref().map_or(usual, |(_, path)| path);
    let Some(path) = expand_home(context, path) else { return Ok(Err(format!("{path} (no HOME)"))) };
    let shown: Arc<str> = path.to_string_lossy().escape_debug().to_string().into();

    let bytes = match (context.read_file(&path), named) {
        (Ok(bytes), _) => Zeroizing::new(bytes),
        (Err(error), _) if is_absence(&error) => return Ok(Err(format!("{shown} (absent)"))),
        (Err(error), None) => return Ok(Err(format!("{shown} ({error})"))),
        (Err(error), Some((variable, _))) => {
            return Err(SettingsError::new(&format_args!("{variable}: {shown}"), error.to_string()));
        }
    };
    if bytes.len() > MOST_FILE_BYTES {
        let remedy = variable.map(|variable| format!("; name the right file in {variable}"));
        let problem = format!("larger than 16 MiB{}", remedy.unwrap_or_default());
        return Err(SettingsError::new(&shown, problem));
    }
    Ok(Ok((shown, bytes)))
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
