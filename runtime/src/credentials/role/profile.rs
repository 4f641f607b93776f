//! Roles that profiles describe.

use std::sync::Arc;

use super::{
    super::{
        CredentialsError, EnvironmentCredentials, ProvideCredentials, metadata,
        profile::{Finder, Found, named},
        profile_target::check_next,
    },
    RoleCredentials, WebIdentityCredentials,
    web_identity::TokenRole,
};
use crate::profile::{Kind, Profile};

impl Finder<'_> {
    /// The role of a profile, assumed by the token of a file or with other credentials.
    pub(in crate::credentials) fn role(&mut self, profile: &Profile<'_>) -> Found {
        if profile.get("web_identity_token_file").is_some() {
            return Ok(Arc::new(self.web_identity(profile)?));
        }
        Ok(Arc::new(self.assumed_role(profile)?))
    }

    fn assumed_role(&mut self, profile: &Profile<'_>) -> Result<RoleCredentials, CredentialsError> {
        let own = |key| profile.get(key).map(|property| property.value.as_str());
        let fail = |problem: String| CredentialsError::new(named(profile), problem);
        let source = match (own("source_profile"), own("credential_source")) {
            (Some(source), None) => self.source_profile(profile, source)?,
            (None, Some(source)) => self.named_source(source).map_err(fail)?,
            (Some(_), Some(_)) => {
                let problem = "source_profile and credential_source are both set; remove one of them";
                return Err(fail(problem.to_owned()));
            }
            (None, None) => {
                let problem =
                    "role_arn needs source_profile, credential_source or web_identity_token_file in addition";
                return Err(fail(problem.to_owned()));
            }
        };
        let mut role = RoleCredentials::builder(own("role_arn").unwrap_or_default(), source);
        role.setup = self.setup.clone();
        role.session_name = own("role_session_name").map(str::to_owned);
        role.external_id = own("external_id").map(str::to_owned);
        role.mfa_serial = own("mfa_serial").map(str::to_owned);
        role.duration_seconds = duration_seconds(profile)?;
        Ok(role.build())
    }

    fn web_identity(&self, profile: &Profile<'_>) -> Result<WebIdentityCredentials, CredentialsError> {
        let own = |key| profile.get(key).map(|property| property.value.clone());
        let Some(role_arn) = own("role_arn") else {
            let problem = "web_identity_token_file needs role_arn in addition";
            return Err(CredentialsError::new(named(profile), problem));
        };
        let role = TokenRole {
            role_arn,
            session_name: own("role_session_name"),
            duration_seconds: duration_seconds(profile)?,
            token_file: own("web_identity_token_file").unwrap_or_default(),
        };
        Ok(WebIdentityCredentials::of_profile(self.setup.clone(), role))
    }

    /// A profile may name itself if it has keys; any other cycle is an error.
    fn source_profile(&mut self, profile: &Profile<'_>, name: &str) -> Found {
        let fail = |problem: String| CredentialsError::new(named(profile), problem);
        let source = self.files.find(Kind::Profile, name).map_err(|error| fail(error.to_string()))?;
        let Some(source) = source else {
            let (shown, hint) = (name.escape_debug(), self.files.misnamed(name));
            return Err(fail(format!("source_profile `{shown}` is not in {}{hint}", profile.looked_at())));
        };
        let has_keys =
            ["aws_access_key_id", "aws_secret_access_key"].iter().any(|key| source.get(key).is_some());
        if !(has_keys && name == profile.name) {
            check_next(&self.path, name).map_err(fail)?;
        }
        self.source(&source).map_err(|error| error.of_use(&named(profile)))
    }

    fn named_source(&self, name: &str) -> Result<Arc<dyn ProvideCredentials>, String> {
        match name {
            "Environment" => Ok(Arc::new(EnvironmentCredentials::new(Arc::clone(&self.setup.context)))),
            "Ec2InstanceMetadata" | "EcsContainer" if cfg!(not(feature = "instance")) => {
                Err(format!("credential_source is `{name}`: enable the feature `instance`"))
            }
            "Ec2InstanceMetadata" => {
                let [_, instance] = metadata::sources(self.setup);
                Ok(instance)
            }
            "EcsContainer" => {
                let [container, _] = metadata::sources(self.setup);
                Ok(container)
            }
            other => Err(format!(
                "credential_source is `{}`, not Environment, Ec2InstanceMetadata or EcsContainer",
                other.escape_debug()
            )),
        }
    }
}

fn duration_seconds(profile: &Profile<'_>) -> Result<Option<u64>, CredentialsError> {
    const KEY: &str = "duration_seconds";
    let Some(property) = profile.get(KEY) else { return Ok(None) };
    property.value.parse().map(Some).map_err(|_| {
        let problem = format!("{KEY} is `{}`, not a whole number of seconds", property.value.escape_debug());
        CredentialsError::new(named(profile), problem)
    })
}
