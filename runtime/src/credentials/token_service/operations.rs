//! The two operations that sources call, as generated code would describe them.

use serde_core::{Serialize, Serializer};
use serde_json::Value;

use super::super::endpoints;
use crate::{
    Category, Client, Operation, OperationError, OperationInfo, Service, ServiceClient, ServiceInfo,
    WireError,
    codec::encode,
    protocol::AwsQuery,
    sign::Auth,
    validate::{Check, Validate},
    wire_name,
};

/// An operation of the service.
pub(in crate::credentials) trait Request:
    Operation<Service = Tokens, Output = Value, Error = Code>
{
}

impl Request for AssumeRole {}

impl Request for AssumeRoleWithWebIdentity {}

/// Credentials of a role, for credentials that it trusts.
pub(in crate::credentials) struct AssumeRole {
    pub(in crate::credentials) role_arn: String,
    pub(in crate::credentials) session_name: String,
    pub(in crate::credentials) external_id: Option<String>,
    pub(in crate::credentials) duration_seconds: Option<u64>,
    pub(in crate::credentials) serial_number: Option<String>,
    pub(in crate::credentials) token_code: Option<String>,
}

/// Credentials of a role, for the token of an identity that it trusts.
pub(in crate::credentials) struct AssumeRoleWithWebIdentity {
    pub(in crate::credentials) role_arn: String,
    pub(in crate::credentials) session_name: String,
    pub(in crate::credentials) duration_seconds: Option<u64>,
    pub(in crate::credentials) token: String,
}

impl Serialize for AssumeRole {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::structure(serializer)?
            .required("RoleArn", &self.role_arn)?
            .required("RoleSessionName", &self.session_name)?
            .optional("DurationSeconds", &self.duration_seconds)?
            .optional("ExternalId", &self.external_id)?
            .optional("SerialNumber", &self.serial_number)?
            .optional("TokenCode", &self.token_code)?
            .end()
    }
}

impl Serialize for AssumeRoleWithWebIdentity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::structure(serializer)?
            .required("RoleArn", &self.role_arn)?
            .required("RoleSessionName", &self.session_name)?
            .required("WebIdentityToken", &self.token)?
            .optional("DurationSeconds", &self.duration_seconds)?
            .end()
    }
}

/// The service says what it does not like.
impl Validate for AssumeRole {
    fn validate(&self, _: &mut Check) {}
}

impl Validate for AssumeRoleWithWebIdentity {
    fn validate(&self, _: &mut Check) {}
}

impl Operation for AssumeRole {
    const INFO: &'static OperationInfo = &OperationInfo::new("AssumeRole").repeatable();
    type Service = Tokens;
    type Output = Value;
    type Error = Code;
}

impl Operation for AssumeRoleWithWebIdentity {
    const INFO: &'static OperationInfo =
        &OperationInfo::new("AssumeRoleWithWebIdentity").repeatable().unsigned();
    type Service = Tokens;
    type Output = Value;
    type Error = Code;
}

#[derive(Debug)]
pub(in crate::credentials) struct Tokens;

impl Service for Tokens {
    const INFO: &'static ServiceInfo = &ServiceInfo::new(
        "AWS STS",
        "2011-06-15",
        "STS",
        Auth::sigv4("sts"),
        &endpoints::ROLES,
        &[],
        &[WireError::new(
            // The issuer of the token was out of reach: the service advises to ask again.
            "IDPCommunicationError",
            Category::Transient,
            400,
            "",
            &[],
            &[],
        )],
    )
    .with_sensitive_members(&["SecretAccessKey", "SessionToken", "WebIdentityToken"]);
    type Protocol = AwsQuery;
    const PROTOCOL: AwsQuery = AwsQuery::new("2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/");
    type Exception = Code;
    type ErrorCode = Code;
}

pub(super) struct TokenClient(pub(super) Client);

impl ServiceClient for TokenClient {
    type Service = Tokens;

    fn from_client(client: Client) -> Self {
        Self(client)
    }
}

/// A code as it came; none decides about anything here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::credentials) struct Code(String);

impl Code {
    fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Code {
    fn from(code: &str) -> Self {
        Self(code.to_owned())
    }
}

wire_name!(Code);

impl OperationError for Code {
    type Service = Tokens;

    fn from_code(code: &Self) -> Self {
        code.clone()
    }
}
