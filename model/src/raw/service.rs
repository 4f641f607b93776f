//! `service.json`.

use serde_json::Value;

use crate::json::{choice, object};
use crate::{AliyunRpc, AwsEc2, AwsJson, AwsQuery, AwsRestJson, AwsRestXml, EndpointCondition, ErrorBody};

object! {
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
        _note: Option<String> as "note",
    }
}

object! {
    pub(crate) struct InRuntime {
        pub(crate) module: String,
        pub(crate) operations: Vec<String>,
        pub(crate) members: Vec<String>,
        _note: Option<String> as "note",
    }
}

choice! {
    pub(crate) enum Protocol {
        AwsJson(AwsJson) = "aws-json",
        AwsQuery(AwsQuery) = "aws-query",
        AwsEc2(AwsEc2) = "aws-ec2",
        AwsRestJson(AwsRestJson) = "aws-rest-json",
        AwsRestXml(AwsRestXml) = "aws-rest-xml",
        AliyunRpc(AliyunRpc) = "aliyun-rpc",
        RawHttp(RawHttp) = "raw-http",
    }
}

object! {
    pub(crate) struct RawHttp {
        pub(crate) api_header: Option<String>,
        pub(crate) hosts: Vec<HostForm> = Vec::new(),
    }
}

object! {
    pub(crate) struct HostForm {
        pub(crate) form: String,
        pub(crate) host: String,
        pub(crate) path: Option<String>,
        pub(crate) signing_name: Option<String>,
        pub(crate) refused: Option<String>,
        _note: Option<String> as "note",
    }
}

choice! {
    pub(crate) enum Auth {
        SigV4(SigV4) = "sigv4",
        RpcV1 {} = "rpc-v1",
    }
}

object! {
    pub(crate) struct SigV4 {
        pub(crate) signing_name: String,
        pub(crate) window_minutes: Option<u64>,
        pub(crate) ignores_expires: bool = false,
        pub(crate) signs_path_as_sent: bool = false,
        pub(crate) sends_content_hash: bool = false,
        _note: Option<String> as "note",
    }
}

object! {
    /// The lists are kept as values, so that each entry is read, and its faults are reported, on its own.
    pub(crate) struct Endpoints {
        pub(crate) rules: Vec<Value>,
        /// Name of a table, or a list.
        pub(crate) partitions: Option<Value>,
        pub(crate) regions: Option<Value>,
        _note: Option<String> as "note",
    }
}

object! {
    pub(crate) struct EndpointRule {
        pub(crate) when: Vec<EndpointCondition>,
        pub(crate) url: Option<String>,
        pub(crate) signing_region: Option<String>,
        pub(crate) error: Option<String>,
        pub(crate) custom: bool = false,
        _note: Option<String> as "note",
    }
}

object! {
    pub(crate) struct PartitionTable {
        pub(crate) partitions: Vec<Value>,
    }
}

object! {
    pub(crate) struct Partition {
        pub(crate) id: String,
        pub(crate) region_regex: String,
        pub(crate) dns_suffix: String,
        pub(crate) dual_stack_dns_suffix: String,
        pub(crate) other_dns_suffixes: Vec<String> = Vec::new(),
        pub(crate) supports_fips: bool,
        pub(crate) supports_dual_stack: bool,
        _implicit_global_region: Option<String> as "implicit_global_region",
        pub(crate) regions: Vec<String>,
        _note: Option<String> as "note",
    }
}
