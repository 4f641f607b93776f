//! Credentials, and where they come from.
//!
//! A client uses a [`CredentialsChain`] unless it is given credentials. Sources that few programs need are behind
//! features; if a disabled source is configured, the error names its feature.
//!
//! | source of AWS credentials | feature |
//! | --- | --- |
//! | [`Credentials`], [`EnvironmentCredentials`], keys in [`ProfileCredentials`] | |
//! | `RoleCredentials`, `WebIdentityCredentials`, and profiles with `role_arn` | `assume-role` |
//! | `ContainerCredentials`, `InstanceCredentials` | `instance` |
//! | `ProcessCredentials`, and profiles with `credential_process` | `process` |
//! | `SsoCredentials`, and profiles with `sso_account_id` | `sso` |
//! | `AwsSdkCredentials`: providers of `aws-config` | `aws-credential-types` |
//!
//! For Alibaba Cloud, whose services enable these sources:
//!
//! | source of Alibaba Cloud's credentials | feature |
//! | --- | --- |
//! | [`Credentials`], [`EnvironmentCredentials`], keys in `AlibabaCloudProfileCredentials` | |
//! | `AlibabaCloudRoleCredentials`, `AlibabaCloudOidcCredentials`, and profiles with a role or token | `assume-role` |
//! | `AlibabaCloudInstanceCredentials`, `AlibabaCloudUriCredentials`, and profiles that select them | `instance` |
//! | profiles with `process_command` | `process` |
//!
//! All sources but those in the first lines are cached until shortly before they expire, by [`CachedCredentials`], which
//! does the same for custom sources.

#[cfg(feature = "rpc-v1")]
mod alibaba_cloud;
#[cfg(feature = "aws-credential-types")]
mod aws_sdk;
mod cached;
mod chain;
mod credentials_json;
#[cfg(not(feature = "credentials"))]
mod disabled;
mod environment;
mod io;
mod issuer;
#[cfg_attr(not(feature = "instance"), path = "metadata/off.rs")]
mod metadata;
mod mfa;
mod policy;
#[cfg_attr(not(feature = "process"), path = "process/off.rs")]
mod process;
mod profile;
mod profile_target;
mod response;
#[cfg_attr(not(feature = "assume-role"), path = "role/off.rs")]
mod role;
mod setup;
#[cfg_attr(not(feature = "sso"), path = "sso/off.rs")]
mod sso;
mod static_keys;
mod token_file;
#[cfg_attr(not(feature = "http-transport"), path = "transports/own.rs")]
mod transports;

use crate::provider::{provide, used_by};
#[cfg(feature = "rpc-v1")]
pub use alibaba_cloud::*;
#[cfg(feature = "aws-credential-types")]
pub use aws_sdk::AwsSdkCredentials;
pub use cached::CachedCredentials;
pub use chain::CredentialsChain;
pub use environment::EnvironmentCredentials;
#[cfg(feature = "instance")]
pub use metadata::{ContainerCredentials, InstanceCredentials, InstanceMetadata};
#[cfg(feature = "process")]
pub use process::ProcessCredentials;
pub use profile::ProfileCredentials;
#[cfg(feature = "assume-role")]
pub use role::{ProvideMfaCode, RoleBuilder, RoleCredentials, WebIdentityCredentials};
pub(crate) use setup::Setup;
#[cfg(feature = "sso")]
pub use sso::{SsoCredentials, SsoRole};

pub use crate::driver::Driver;
pub use crate::{
    identity::{Credentials, CredentialsError, SourceFault},
    provider::ProvideCredentials,
};
