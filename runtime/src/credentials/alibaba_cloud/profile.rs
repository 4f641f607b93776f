//! Profiles in the files that tools of Alibaba Cloud share.

use std::sync::{Arc, OnceLock};

use super::{
    super::{
        Credentials, CredentialsError, ProvideCredentials, Setup, process,
        profile_target::{ProfileTarget, check_next},
        provide,
        static_keys::Names,
    },
    issued,
};
use crate::{
    context::Context,
    profile::{
        alibaba_cloud::{Store, StoredProfile},
        variable_of,
    },
    settings::alibaba_cloud::stored,
};

/// Credentials of a profile in a file that tools of Alibaba Cloud share.
///
/// | mode in `config.json` | type in `credentials` | credentials | feature |
/// | --- | --- | --- | --- |
/// | `AK`, `StsToken` | `access_key`, `sts` | keys in the profile | |
/// | `RamRoleArn` | `ram_role_arn` | a role, assumed with keys in the profile | `assume-role` |
/// | `ChainableRamRoleArn` | | a role, assumed with the profile that `source_profile` names | `assume-role` |
/// | `RamRoleArnWithRoleName` | | a role, assumed with the role of the instance | `assume-role`, `instance` |
/// | `OIDC` | `oidc_role_arn` | a role, assumed by the token in a file | `assume-role` |
/// | `EcsRamRole` | `ecs_ram_role` | the role of the instance | `instance` |
/// | `CredentialsURI` | | the program at a URL | `instance` |
/// | `External` | | the output of a program, `process_command` | `process` |
///
/// Programs and URLs of profiles are not used if `ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS` is `1` or true. The files are
/// read once: after a change, create a new client.
#[derive(Debug)]
pub struct AlibabaCloudProfileCredentials {
    setup: Setup,
    store: Store,
    found: OnceLock<Arc<dyn ProvideCredentials>>,
}

impl AlibabaCloudProfileCredentials {
    /// Reads a profile of `~/.aliyun/config.json`, which `aliyun configure` writes.
    ///
    /// Without a name, the profile is the one in `ALIBABA_CLOUD_PROFILE`, or the current one. Absent if `ALIBABA_CLOUD_CLI_PROFILE_DISABLED` is true.
    pub fn command_line(context: Arc<dyn Context>, name: Option<String>) -> Self {
        Self::of(Setup::alibaba_cloud(context, name), Store::CommandLine)
    }

    /// Reads a profile of `~/.alibabacloud/credentials`, or of the file in `ALIBABA_CLOUD_CREDENTIALS_FILE`.
    ///
    /// Without a name, the profile is the one in `ALIBABA_CLOUD_PROFILE`, or `default`.
    pub fn credentials_file(context: Arc<dyn Context>, name: Option<String>) -> Self {
        Self::of(Setup::alibaba_cloud(context, name), Store::Credentials)
    }

    pub(super) fn of(setup: Setup, store: Store) -> Self {
        Self { setup, store, found: OnceLock::new() }
    }

    fn read(&self) -> Result<&dyn ProvideCredentials, CredentialsError> {
        if let Some(found) = self.found.get() {
            return Ok(&**found);
        }
        let (setup, store) = (&self.setup, self.store);
        let form = Form::of(store);
        let profile = stored(&*setup.context, &setup.files, store, setup.chosen_profile())
            .map_err(|error| CredentialsError::new(form.file, error.to_string()))?
            .map_err(|why| CredentialsError::absent(form.file, why))?;
        let found = Finder { setup, store, form, path: Vec::new() }.source(&profile)?;
        Ok(&**self.found.get_or_init(|| found))
    }
}

provide!(AlibabaCloudProfileCredentials, |profile, driver| async move {
    profile.read()?.provide_by(driver).await
});

/// What a profile's mode selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lead {
    Keys,
    TemporaryKeys,
    Role,
    RoleOfProfile,
    RoleOfInstance,
    Oidc,
    Instance,
    Uri,
    Process,
}

impl Lead {
    /// The feature that the source needs, if it is disabled.
    fn missing(self) -> Option<&'static str> {
        let role = cfg!(not(feature = "assume-role")).then_some("assume-role");
        let instance = cfg!(not(feature = "instance")).then_some("instance");
        let process = cfg!(not(feature = "process")).then_some("process");
        match self {
            Self::Keys | Self::TemporaryKeys => None,
            Self::Role | Self::RoleOfProfile | Self::Oidc => role,
            Self::RoleOfInstance => role.or(instance),
            Self::Instance | Self::Uri => instance,
            Self::Process => process,
        }
    }
}

/// A file's form of profiles: its name in errors, its modes, and the keys that differ.
pub(super) struct Form {
    file: &'static str,
    mode: &'static str,
    /// The first is the default.
    modes: &'static [(&'static str, Lead)],
    keys: Names,
    pub(super) role_arn: &'static str,
    /// The first that is set is used.
    pub(super) session_names: &'static [&'static str],
    pub(super) token_file: &'static str,
    instance_role: &'static str,
}

static COMMAND_LINE: Form = Form {
    file: "command line profile",
    mode: "mode",
    modes: &[
        ("AK", Lead::Keys),
        ("StsToken", Lead::TemporaryKeys),
        ("RamRoleArn", Lead::Role),
        ("ChainableRamRoleArn", Lead::RoleOfProfile),
        ("RamRoleArnWithRoleName", Lead::RoleOfInstance),
        ("OIDC", Lead::Oidc),
        ("EcsRamRole", Lead::Instance),
        ("CredentialsURI", Lead::Uri),
        ("External", Lead::Process),
    ],
    keys: Names {
        access_key_id: "access_key_id",
        secret_access_key: "access_key_secret",
        session_tokens: &["sts_token"],
    },
    role_arn: "ram_role_arn",
    // The vendor's tool and its SDKs name the session of a token's role differently.
    session_names: &["ram_session_name", "role_session_name"],
    token_file: "oidc_token_file",
    instance_role: "ram_role_name",
};

static CREDENTIALS: Form = Form {
    file: "credentials file",
    mode: "type",
    modes: &[
        ("access_key", Lead::Keys),
        ("sts", Lead::TemporaryKeys),
        ("ram_role_arn", Lead::Role),
        ("oidc_role_arn", Lead::Oidc),
        ("ecs_ram_role", Lead::Instance),
    ],
    keys: Names {
        access_key_id: "access_key_id",
        secret_access_key: "access_key_secret",
        session_tokens: &["security_token"],
    },
    role_arn: "role_arn",
    session_names: &["role_session_name"],
    token_file: "oidc_token_file_path",
    instance_role: "role_name",
};

impl Form {
    fn of(store: Store) -> &'static Self {
        match store {
            Store::CommandLine => &COMMAND_LINE,
            Store::Credentials => &CREDENTIALS,
        }
    }

    /// The profile's name in errors.
    fn named(&self, profile: &StoredProfile<'_>) -> String {
        format!("{} `{}`", self.file, profile.name.escape_debug())
    }
}

/// Follows a profile, and the profiles it names, to a source.
pub(super) struct Finder<'a> {
    pub(super) setup: &'a Setup,
    store: Store,
    pub(super) form: &'static Form,
    /// Profiles that led to this one.
    path: Vec<String>,
}

pub(super) type Found = Result<Arc<dyn ProvideCredentials>, CredentialsError>;

impl Finder<'_> {
    fn source(&mut self, profile: &StoredProfile<'_>) -> Found {
        let name = self.form.named(profile);
        let fail = |problem: String| Err(CredentialsError::new(&name, problem));
        if profile.get("enable").is_some_and(|enable| enable.eq_ignore_ascii_case("false")) {
            return Err(CredentialsError::absent(name, "`enable` is false"));
        }
        let (key, modes) = (self.form.mode, self.form.modes);
        let mode = profile.get(key);
        let Some((mode, lead)) = modes.iter().find(|(known, _)| mode.is_none_or(|mode| mode == *known))
        else {
            let modes: Vec<_> = modes.iter().map(|(mode, _)| *mode).collect();
            return fail(format!(
                "{key} `{}` is not supported; use {}, or put keys into the environment",
                mode.unwrap_or_default().escape_debug(),
                modes.join(", ")
            ));
        };
        if let Some(feature) = lead.missing() {
            return fail(format!("{key} is `{mode}`: enable the feature `{feature}`"));
        }
        self.path.push(profile.name.to_owned());
        let found = match lead {
            Lead::Keys => return Ok(Arc::new(self.keys(profile, &name, false)?)),
            Lead::TemporaryKeys => {
                let keys = self.keys(profile, &name, true)?;
                if keys.session_token().is_none() {
                    let token = self.form.keys.session_tokens.join(" or ");
                    return fail(format!("{token} is missing, which {key} {mode} needs"));
                }
                return Ok(Arc::new(keys));
            }
            Lead::Role => {
                // Ids of temporary keys have this form; the token of an older mode may be left in the profile.
                let id = profile.get(self.form.keys.access_key_id);
                let is_temporary = id.is_some_and(|id| id.starts_with("STS."));
                let keys = self.keys(profile, "access key", is_temporary);
                keys.and_then(|keys| self.role(profile, Arc::new(keys)))
            }
            Lead::RoleOfProfile => self.source_profile(profile).and_then(|source| self.role(profile, source)),
            Lead::RoleOfInstance => self.role(profile, self.instance(profile)),
            Lead::Oidc => self.oidc(profile),
            Lead::Instance => Ok(self.instance(profile)),
            Lead::Uri => {
                self.check_external().map(|()| issued::uri(self.setup, own(profile, "credentials_uri")))
            }
            Lead::Process => {
                let command = own(profile, "process_command").unwrap_or_default();
                self.check_external().map(|()| process::of_alibaba_cloud(self.setup, &command))
            }
        };
        Ok(ProfileTarget::of(found.map_err(|error| error.of_use(&name))?, name))
    }

    fn instance(&self, profile: &StoredProfile<'_>) -> Arc<dyn ProvideCredentials> {
        issued::instance(self.setup, own(profile, self.form.instance_role))
    }

    fn keys(
        &self,
        profile: &StoredProfile<'_>,
        source: &str,
        is_temporary: bool,
    ) -> Result<Credentials, CredentialsError> {
        // A token that remained from an older mode is ignored.
        let session_tokens = if is_temporary { self.form.keys.session_tokens } else { &[] };
        let names = Names { session_tokens, ..self.form.keys };
        names.read(source, &|key| profile.get(key).map(str::to_owned))
    }

    fn source_profile(&mut self, profile: &StoredProfile<'_>) -> Found {
        const KEY: &str = "source_profile";
        let fail = |problem: String| CredentialsError::new(KEY, problem);
        let name = profile.get(KEY).ok_or_else(|| fail("is missing".to_owned()))?;
        check_next(&self.path, name).map_err(fail)?;
        let source = stored(&*self.setup.context, &self.setup.files, self.store, Some(name));
        let source = source.map_err(|error| fail(error.to_string()))?.map_err(fail)?;
        self.source(&source)
    }

    /// The vendor's command line tool has a switch for what profiles make it run or call.
    fn check_external(&self) -> Result<(), CredentialsError> {
        const VARIABLE: &str = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS";
        let value = variable_of(&*self.setup.context, VARIABLE);
        if value.is_some_and(|value| value == "1" || value.eq_ignore_ascii_case("true")) {
            return Err(CredentialsError::new("external source", format!("{VARIABLE} forbids it")));
        }
        Ok(())
    }
}

fn own(profile: &StoredProfile<'_>, key: &str) -> Option<String> {
    profile.get(key).map(str::to_owned)
}
