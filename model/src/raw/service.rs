//! `service.json`.

use serde::Deserialize;
use serde_json::Value;

use crate::{AliyunRpc, AwsEc2, AwsJson, AwsQuery, AwsRestJson, AwsRestXml, EndpointCondition, ErrorBody};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) doc: String,
    pub(crate) version: String,
    pub(crate) settings_id: String,
    pub(crate) protocol: Protocol,
    pub(crate) auth: Auth,
    pub(crate) endpoints: Endpoints,
    pub(crate) error_body: Option<ErrorBody>,
    pub(crate) in_runtime: Option<InRuntime>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InRuntime {
    pub(crate) module: String,
    pub(crate) operations: Vec<String>,
    pub(crate) members: Vec<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Protocol {
    AwsJson(AwsJson),
    AwsQuery(AwsQuery),
    #[serde(rename = "aws-ec2")]
    AwsEc2(AwsEc2),
    AwsRestJson(AwsRestJson),
    AwsRestXml(AwsRestXml),
    AliyunRpc(AliyunRpc),
    RawHttp(RawHttp),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawHttp {
    pub(crate) api_header: Option<String>,
    #[serde(default)]
    pub(crate) hosts: Vec<HostForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HostForm {
    pub(crate) form: String,
    pub(crate) host: String,
    pub(crate) path: Option<String>,
    pub(crate) signing_name: Option<String>,
    pub(crate) refused: Option<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Auth {
    SigV4(SigV4),
    #[serde(rename = "rpc-v1")]
    RpcV1(RpcV1),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SigV4 {
    pub(crate) signing_name: String,
    pub(crate) window_minutes: Option<u64>,
    #[serde(default)]
    pub(crate) ignores_expires: bool,
    #[serde(default)]
    pub(crate) signs_path_as_sent: bool,
    #[serde(default)]
    pub(crate) sends_content_hash: bool,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RpcV1 {}

/// The lists are kept as values, so that each entry is read, and its faults are reported, on its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Endpoints {
    pub(crate) rules: Vec<Value>,
    /// Name of a table, or a list.
    pub(crate) partitions: Option<Value>,
    pub(crate) regions: Option<Value>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndpointRule {
    pub(crate) when: Vec<EndpointCondition>,
    pub(crate) url: Option<String>,
    pub(crate) signing_region: Option<String>,
    pub(crate) error: Option<String>,
    #[serde(default)]
    pub(crate) custom: bool,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartitionTable {
    pub(crate) partitions: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Partition {
    pub(crate) id: String,
    pub(crate) region_regex: String,
    pub(crate) dns_suffix: String,
    pub(crate) dual_stack_dns_suffix: String,
    #[serde(default)]
    pub(crate) other_dns_suffixes: Vec<String>,
    pub(crate) supports_fips: bool,
    pub(crate) supports_dual_stack: bool,
    #[serde(rename = "implicit_global_region")]
    _implicit_global_region: Option<String>,
    pub(crate) regions: Vec<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}
