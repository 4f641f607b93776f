//! The files that AWS tools share: `~/.aws/config` and `~/.aws/credentials`.
//!
//! Values may be secrets: nothing here prints one.

mod parse;
mod table;

use std::{fmt, io, path::PathBuf, sync::Arc};

use self::table::Table;
use crate::{
    context::Context,
    settings::{Origin, SettingsError},
};

/// Larger files are refused: they are something else.
const MAX_SIZE: usize = 1 << 20;

/// Properties of one identity; they are taken from one file, never mixed.
pub(crate) const STATIC_KEYS: [&str; 4] =
    ["aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token"];

/// Both files, read and merged.
#[derive(Debug, Default)]
pub(crate) struct ProfileFiles {
    sections: Sections,
    /// Files looked for, each with why it gave nothing.
    looked_at: Vec<String>,
}

/// One profile and how it was chosen.
#[derive(Debug)]
pub(crate) struct Profile<'a> {
    pub(crate) name: String,
    files: &'a ProfileFiles,
    section: Option<&'a Section>,
}

/// A value and where it stands. `Debug` leaves the value out.
#[derive(Clone)]
pub(crate) struct Property {
    pub(crate) value: String,
    /// The block of deeper lines below `key =`.
    nested: Table<String, String>,
    pub(crate) place: Place,
}

/// A line of a file.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) path: Arc<str>,
    pub(crate) line: usize,
}

type Section = Table<String, Property>;
type Sections = Table<(Kind, String), Section>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Profile,
    BareDefault,
    Services,
    SsoSession,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum File {
    Config,
    Credentials,
}

impl ProfileFiles {
    /// Reads both files where they exist; `credentials` beats `config` key by key.
    pub(crate) fn load(context: &dyn Context) -> Result<Self, SettingsError> {
        let mut files = Self::default();
        let config = files.read(context, File::Config, "AWS_CONFIG_FILE", "~/.aws/config")?;
        let credentials =
            files.read(context, File::Credentials, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")?;

        files.sections = config;
        for (name, section) in credentials {
            let mut merged = files.sections.remove(&name).unwrap_or_default();
            if STATIC_KEYS.iter().any(|key| section.get(*key).is_some()) {
                merged.retain(|key| !STATIC_KEYS.contains(&key.as_str()));
            }
            for (key, property) in section {
                merged.insert(key, property);
            }
            files.sections.insert(name, merged);
        }
        Ok(files)
    }

    fn read(
        &mut self,
        context: &dyn Context,
        file: File,
        variable: &str,
        usual: &str,
    ) -> Result<Sections, SettingsError> {
        let named = variable_of(context, variable);
        let Some(path) = expand_home(context, named.as_deref().unwrap_or(usual)) else {
            self.looked_at.push(format!("{usual} (no HOME)"));
            return Ok(Sections::default());
        };
        let shown: Arc<str> = path.to_string_lossy().escape_debug().to_string().into();

        let bytes = match context.read_file(&path) {
            Ok(bytes) => bytes,
            Err(error) if named.is_none() || is_absence(&error) => {
                let why = if is_absence(&error) { "absent".to_owned() } else { error.to_string() };
                self.looked_at.push(format!("{shown} ({why})"));
                return Ok(Sections::default());
            }
            Err(error) => {
                return Err(SettingsError::new(&format_args!("{variable}: {shown}"), error.to_string()));
            }
        };
        if bytes.len() > MAX_SIZE {
            let problem = format!("larger than 1 MiB; name the right file in {variable}");
            return Err(SettingsError::new(&shown, problem));
        }
        self.looked_at.push(shown.to_string());
        parse::parse(&bytes, file, &shown).map_err(|malformed| {
            SettingsError::new(&format_args!("{shown}:{}", malformed.line), malformed.problem)
        })
    }

    /// The profile named by the builder, else by `AWS_PROFILE`, else by `AWS_DEFAULT_PROFILE`, else `default`.
    ///
    /// A profile that someone named must exist; `default` need not.
    pub(crate) fn choose(
        &self,
        context: &dyn Context,
        explicit: Option<&str>,
    ) -> Result<Profile<'_>, SettingsError> {
        let from = |variable: &'static str| {
            variable_of(context, variable).map(|name| (name, Origin::Variable(variable.to_owned())))
        };
        let named = explicit
            .map(|name| (name.to_owned(), Origin::Builder))
            .or_else(|| from("AWS_PROFILE"))
            .or_else(|| from("AWS_DEFAULT_PROFILE"));

        let name = named.as_ref().map_or("default", |(name, _)| name).to_owned();
        let section = self.sections.get(&(Kind::Profile, name.clone()));
        match named {
            Some((_, origin)) if section.is_none() => {
                let problem = format!(
                    "no such profile in {}; profiles there: {}",
                    self.looked_at(),
                    self.profile_names()
                );
                Err(SettingsError::new(
                    &format_args!("profile `{}` of {origin}", name.escape_debug()),
                    problem,
                ))
            }
            _ => Ok(Profile { name, files: self, section }),
        }
    }

    fn looked_at(&self) -> String {
        self.looked_at.join(", ")
    }

    fn profile_names(&self) -> String {
        let profiles = self.sections.names().filter(|(kind, _)| *kind == Kind::Profile);
        let names: Vec<_> = profiles.map(|(_, name)| name.escape_debug().to_string()).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    }
}

impl<'a> Profile<'a> {
    /// A property; one without a value counts as absent.
    pub(crate) fn get(&self, key: &str) -> Option<&'a Property> {
        self.section?.get(key).filter(|property| !property.value.is_empty())
    }

    /// A property of a service, from the `[services …]` section that the profile names.
    pub(crate) fn service(
        &self,
        service: &str,
        key: &str,
    ) -> Result<Option<(&'a str, Origin)>, SettingsError> {
        let Some(services) = self.get("services") else { return Ok(None) };
        let Some(section) = self.files.sections.get(&(Kind::Services, services.value.clone())) else {
            let name = services.value.escape_debug();
            let problem = format!("no section `[services {name}]`; add it, or remove this line");
            return Err(SettingsError::new(&services.origin("services"), problem));
        };
        Ok(section.get(service).and_then(|block| {
            let value = block.nested.get(key).filter(|value| !value.is_empty())?;
            Some((value.as_str(), block.origin(&format!("{service}.{key}"))))
        }))
    }

    /// Whether the files have it.
    pub(crate) fn exists(&self) -> bool {
        self.section.is_some()
    }

    /// The files it was looked for in, each with why it gave nothing.
    pub(crate) fn looked_at(&self) -> String {
        self.files.looked_at()
    }
}

impl Property {
    /// Where the value is from, for error texts.
    pub(crate) fn origin(&self, key: &str) -> Origin {
        let Place { path, line } = &self.place;
        Origin::Profile { path: path.to_string(), line: *line, key: key.to_owned() }
    }
}

impl fmt::Debug for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Property").field("place", &self.place).finish_non_exhaustive()
    }
}

/// An environment variable that holds more than spaces.
pub(crate) fn variable_of(context: &dyn Context, name: &str) -> Option<String> {
    context.variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// The path with a leading `~` replaced; `None` where no home directory is known.
pub(crate) fn expand_home(context: &dyn Context, path: &str) -> Option<PathBuf> {
    match path.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with(['/', '\\']) => {
            let home = context.variable("HOME").or_else(|| context.variable("USERPROFILE"))?;
            Some(PathBuf::from(format!("{}{rest}", home.trim_end_matches(['/', '\\']))))
        }
        _ => Some(PathBuf::from(path)),
    }
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
