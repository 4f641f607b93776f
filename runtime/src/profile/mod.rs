//! The profile files of AWS tools: `~/.aws/config` and `~/.aws/credentials`.
//!
//! Values may be secrets: no code here prints them.

pub(crate) mod alibaba_cloud;
mod open;
mod origin;
mod parse;
mod section;

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, OnceLock},
};

pub use self::origin::{Origin, SettingsError};
use self::{
    open::open,
    section::{File, Malformed, Place, Section},
};
pub(crate) use self::{
    open::{expand_home, variable_of},
    section::{Kind, Property},
};
use crate::context::Context;

/// Properties of one identity, which are taken from one file and never mixed.
pub(crate) const STATIC_KEYS: [&str; 4] =
    ["aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token"];

/// Both files.
#[derive(Debug, Default)]
pub(crate) struct ProfileFiles {
    /// The sections of `config`, then of `credentials`, whose properties have priority.
    sections: Vec<Section>,
    /// The files that were looked for, each with the reason why it has no content.
    looked_at: Vec<String>,
}

/// The files of a client and its sources of credentials, read when first needed and then kept.
#[derive(Clone, Default)]
pub(crate) struct SharedFiles(Arc<Files>);

#[derive(Default)]
struct Files {
    aws: OnceLock<ProfileFiles>,
    alibaba_cloud: alibaba_cloud::Stores,
}

impl fmt::Debug for SharedFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedFiles").finish_non_exhaustive()
    }
}

impl SharedFiles {
    /// Returns the files; a failure is not kept.
    pub(crate) fn get(&self, context: &dyn Context) -> Result<&ProfileFiles, SettingsError> {
        if let Some(files) = self.0.aws.get() {
            return Ok(files);
        }
        let files = ProfileFiles::load(context)?;
        Ok(self.0.aws.get_or_init(|| files))
    }
}

/// A profile, or another section that profiles refer to: all sections with its name.
#[derive(Debug)]
pub(crate) struct Profile<'a> {
    pub(crate) name: String,
    files: &'a ProfileFiles,
    sections: Vec<&'a Section>,
    /// The file whose static keys are used, if both files have keys.
    keys: Option<File>,
}

impl ProfileFiles {
    /// Reads both files if they exist; `credentials` overrides `config` key by key.
    fn load(context: &dyn Context) -> Result<Self, SettingsError> {
        let mut files = Self::default();
        let config = files.read(context, File::Config, "AWS_CONFIG_FILE", "~/.aws/config")?;
        let credentials =
            files.read(context, File::Credentials, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")?;

        files.sections = config;
        files.sections.extend(credentials);
        Ok(files)
    }

    fn read(
        &mut self,
        context: &dyn Context,
        file: File,
        variable: &str,
        usual: &str,
    ) -> Result<Vec<Section>, SettingsError> {
        match open(context, Some(variable), usual)? {
            Ok((shown, bytes)) => {
                self.looked_at.push(shown.to_string());
                sections(&bytes, file, &shown)
            }
            Err(why) => {
                self.looked_at.push(why);
                Ok(Vec::new())
            }
        }
    }

    /// The profile with the builder's name, else in `AWS_PROFILE`, else in `AWS_DEFAULT_PROFILE`, else `default`.
    ///
    /// A profile that someone named must exist; `default` may be missing.
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
        let profile = self.section(Kind::Profile, &name)?;
        match named {
            Some((_, origin)) if !profile.exists() => {
                let problem = format!(
                    "no such profile in {}; profiles there: {}{}",
                    self.looked_at(),
                    self.profile_names(),
                    self.misnamed(&name)
                );
                Err(SettingsError::new(
                    &format_args!("profile `{}` of {origin}", name.escape_debug()),
                    problem,
                ))
            }
            _ => Ok(profile),
        }
    }

    /// The profile or other section with this name, if the files have it.
    pub(crate) fn find(&self, kind: Kind, name: &str) -> Result<Option<Profile<'_>>, SettingsError> {
        self.section(kind, name).map(|section| section.exists().then_some(section))
    }

    /// All sections with this name as one. An invalid line in any of them is an error, since the caller may rely on it.
    fn section(&self, kind: Kind, name: &str) -> Result<Profile<'_>, SettingsError> {
        let sections: Vec<_> = self.sections.iter().filter(|section| section.is(kind, name)).collect();
        if let Some(malformed) = sections.iter().find_map(|section| section.malformed.as_ref()) {
            return Err(malformed.error());
        }
        let mut profile = Profile { name: name.to_owned(), files: self, sections, keys: None };
        // The section with an access key id determines the file; `credentials` comes last.
        profile.keys = profile.get("aws_access_key_id").map(|id| id.place.file);
        Ok(profile)
    }

    fn looked_at(&self) -> String {
        self.looked_at.join(", ")
    }

    fn profile_names(&self) -> String {
        listed(
            self.sections
                .iter()
                .filter(|section| section.kind == Kind::Profile)
                .map(|section| &*section.name),
        )
    }

    /// A hint about a section that may be the profile with this name, which is missing.
    pub(crate) fn misnamed(&self, name: &str) -> String {
        let find =
            |is_meant: &dyn Fn(&Section) -> bool| self.sections.iter().find(|section| is_meant(section));
        let shown = name.escape_debug();
        if find(&|section| section.is(Kind::Other, name)).is_some() {
            return format!("; `[{shown}]` is not a profile in that file; write `[profile {shown}]`");
        }
        if find(&|section| section.is(Kind::Profile, &format!("profile {name}"))).is_some() {
            return format!("; the file of credentials has `[profile {shown}]`; write `[{shown}]` there");
        }
        let unreadable = find(&|section| section.kind == Kind::Other && section.name.starts_with("profile "));
        let remedy = |section: &Section| {
            format!("; `[{}]` is not read; quote its name as in a shell", section.name.escape_debug())
        };
        unreadable.map(remedy).unwrap_or_default()
    }
}

impl<'a> Profile<'a> {
    /// A property, the last of its key; a property without a value counts as absent.
    pub(crate) fn get(&self, key: &str) -> Option<&'a Property> {
        let is_static = STATIC_KEYS.contains(&key);
        let properties = self.sections.iter().rev().flat_map(|section| section.properties.iter().rev());
        properties
            .filter(|(known, _)| known == key)
            .map(|(_, property)| property)
            .find(|property| !is_static || self.keys.is_none_or(|file| file == property.place.file))
            .filter(|property| !property.value.is_empty())
    }

    /// A property of a service, from the `[services …]` section that the profile refers to.
    pub(crate) fn service(
        &self,
        service: &str,
        key: &str,
    ) -> Result<Option<(&'a str, Origin)>, SettingsError> {
        let Some(services) = self.get("services") else { return Ok(None) };
        let section = self.files.find(Kind::Services, &services.value)?.ok_or_else(|| {
            let name = services.value.escape_debug();
            let problem = format!("no section `[services {name}]`; add it, or remove this line");
            SettingsError::new(&services.origin("services"), problem)
        })?;
        let blocks = section.sections.iter().rev().flat_map(|section| section.properties.iter().rev());
        let block = blocks.filter(|(known, _)| known == service).map(|(_, block)| block).next();
        Ok(block.and_then(|block| {
            let (_, value) = block.nested.iter().rev().find(|(known, _)| known == key)?;
            (!value.is_empty()).then(|| (value.as_str(), block.origin(&format!("{service}.{key}"))))
        }))
    }

    /// Whether the files have the profile.
    pub(crate) fn exists(&self) -> bool {
        !self.sections.is_empty()
    }

    /// The files that were searched, each with the reason why it has no content.
    pub(crate) fn looked_at(&self) -> String {
        self.files.looked_at()
    }
}

/// The first names, without duplicates, in their order.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const SHOWN: usize = 20;
    let mut seen = BTreeSet::new();
    let names: Vec<_> = names.filter(|name| seen.insert(*name)).collect();
    let mut shown: Vec<_> = names.iter().take(SHOWN).map(|name| name.escape_debug().to_string()).collect();
    match names.len() {
        0 => return "none".to_owned(),
        known if known > SHOWN => shown.push(format!("and {} more", known - SHOWN)),
        _ => {}
    }
    shown.join(", ")
}

fn sections(bytes: &[u8], file: File, shown: &Arc<str>) -> Result<Vec<Section>, SettingsError> {
    parse::parse(bytes, file, shown).map_err(|malformed| malformed.error())
}
