//! The files that AWS tools share: `~/.aws/config` and `~/.aws/credentials`.
//!
//! Values may be secrets: nothing here prints one.

#[cfg(feature = "rpc-v1")]
pub(crate) mod alibaba_cloud;
mod parse;
mod table;

use std::{
    fmt, io,
    path::PathBuf,
    sync::{Arc, OnceLock},
};

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

/// The files of one client and its sources of credentials: read when they are first needed, then kept.
#[derive(Clone, Default)]
pub(crate) struct SharedFiles(Arc<OnceLock<ProfileFiles>>);

impl fmt::Debug for SharedFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedFiles").finish_non_exhaustive()
    }
}

impl SharedFiles {
    /// The files; a failure is not kept.
    pub(crate) fn get(&self, context: &dyn Context) -> Result<&ProfileFiles, SettingsError> {
        if let Some(files) = self.0.get() {
            return Ok(files);
        }
        let files = ProfileFiles::load(context)?;
        Ok(self.0.get_or_init(|| files))
    }
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
    file: File,
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
    fn load(context: &dyn Context) -> Result<Self, SettingsError> {
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
        match open(context, Some(variable), usual)? {
            Ok((shown, bytes)) => {
                self.looked_at.push(shown.to_string());
                sections(&bytes, file, &shown)
            }
            Err(why) => {
                self.looked_at.push(why);
                Ok(Sections::default())
            }
        }
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

    /// The profile of this name, where there is one.
    #[cfg(feature = "assume-role")]
    pub(crate) fn named(&self, name: &str) -> Option<Profile<'_>> {
        let name = name.to_owned();
        let section = Some(self.sections.get(&(Kind::Profile, name.clone()))?);
        Some(Profile { name, files: self, section })
    }

    fn looked_at(&self) -> String {
        self.looked_at.join(", ")
    }

    fn profile_names(&self) -> String {
        let profiles = self.sections.names().filter(|(kind, _)| *kind == Kind::Profile);
        listed(profiles.map(|(_, name)| name.as_str()))
    }
}

impl<'a> Profile<'a> {
    /// A property; one without a value counts as absent.
    pub(crate) fn get(&self, key: &str) -> Option<&'a Property> {
        self.section?.get(key).filter(|property| !property.value.is_empty())
    }

    /// The `[sso-session …]` section of this name, as a profile.
    #[cfg(feature = "sso")]
    pub(crate) fn sso_session(&self, name: &str) -> Option<Self> {
        let section = self.files.sections.get(&(Kind::SsoSession, name.to_owned()))?;
        Some(Self { name: name.to_owned(), files: self.files, section: Some(section) })
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
    /// Whether it stands in `~/.aws/credentials`, or what is used in its place.
    pub(crate) fn is_in_credentials(&self) -> bool {
        self.place.file == File::Credentials
    }

    /// Where the value is from, for error texts.
    pub(crate) fn origin(&self, key: &str) -> Origin {
        let Place { path, line, .. } = &self.place;
        Origin::Profile { path: path.to_string(), line: *line, key: key.to_owned() }
    }
}

impl fmt::Debug for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Property").field("place", &self.place).finish_non_exhaustive()
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.map(|name| name.escape_debug().to_string()).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
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

/// A file as error texts show it and what is in it; or the file and why it gave nothing.
type Opened = Result<(Arc<str>, Vec<u8>), String>;

/// The file that the variable names, else the usual one. Neither need be there.
fn open(context: &dyn Context, variable: Option<&str>, usual: &str) -> Result<Opened, SettingsError> {
    let named = variable.and_then(|variable| Some((variable, variable_of(context, variable)?)));
    let path = named.as_ref().map_or(usual, |(_, path)| path);
    let Some(path) = expand_home(context, path) else { return Ok(Err(format!("{path} (no HOME)"))) };
    let shown: Arc<str> = path.to_string_lossy().escape_debug().to_string().into();

    let bytes = match (context.read_file(&path), named) {
        (Ok(bytes), _) => bytes,
        (Err(error), _) if is_absence(&error) => return Ok(Err(format!("{shown} (absent)"))),
        (Err(error), None) => return Ok(Err(format!("{shown} ({error})"))),
        (Err(error), Some((variable, _))) => {
            return Err(SettingsError::new(&format_args!("{variable}: {shown}"), error.to_string()));
        }
    };
    if bytes.len() > MAX_SIZE {
        let remedy = variable.map(|variable| format!("; name the right file in {variable}"));
        let problem = format!("larger than 1 MiB{}", remedy.unwrap_or_default());
        return Err(SettingsError::new(&shown, problem));
    }
    Ok(Ok((shown, bytes)))
}

fn sections(bytes: &[u8], file: File, shown: &Arc<str>) -> Result<Sections, SettingsError> {
    parse::parse(bytes, file, shown).map_err(|malformed| {
        SettingsError::new(&format_args!("{shown}:{}", malformed.line), malformed.problem)
    })
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
