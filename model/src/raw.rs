//! The files as they are written: one serde mirror per entry, nothing resolved.
//!
//! `note` says why an entry is as it is; people read it, the resolved model does without.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{Category, ErrorBody, TimestampFormat};

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
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Protocol {
    AwsJson(AwsJson),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AwsJson {
    pub(crate) version: String,
    pub(crate) target_prefix: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Auth {
    SigV4(SigV4),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SigV4 {
    pub(crate) signing_name: String,
}

/// The lists are kept as values, so that each entry is read, and its faults are reported, on its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Endpoints {
    pub(crate) rules: Vec<Value>,
    #[serde(default)]
    pub(crate) partitions: Vec<Value>,
    #[serde(default)]
    pub(crate) regions: BTreeMap<String, Value>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndpointRule {
    pub(crate) when: Vec<EndpointCondition>,
    pub(crate) url: Option<String>,
    pub(crate) error: Option<String>,
    #[serde(default)]
    pub(crate) custom: bool,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EndpointCondition {
    EndpointSet,
    RegionSet,
    RegionIs(String),
    Fips,
    DualStack,
    PartitionHasFips,
    PartitionHasDualStack,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Partition {
    pub(crate) id: String,
    pub(crate) region_regex: String,
    pub(crate) dns_suffix: String,
    pub(crate) dual_stack_dns_suffix: String,
    pub(crate) supports_fips: bool,
    pub(crate) supports_dual_stack: bool,
    #[serde(rename = "implicit_global_region")]
    _implicit_global_region: Option<String>,
    pub(crate) regions: Vec<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

/// Where the service is offered within a partition; hosts are for readers, the rules make URLs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceRegions {
    #[serde(rename = "available")]
    _available: Option<bool>,
    #[serde(default)]
    pub(crate) regions: Vec<String>,
    #[serde(default, rename = "fips_hosts")]
    _fips_hosts: BTreeMap<String, String>,
    #[serde(default, rename = "pseudo_regions")]
    _pseudo_regions: BTreeMap<String, PseudoRegion>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PseudoRegion {
    #[serde(rename = "hostname")]
    _hostname: String,
    #[serde(rename = "signing_region")]
    _signing_region: String,
    #[serde(rename = "deprecated")]
    _deprecated: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Operation {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) doc: String,
    pub(crate) input: String,
    pub(crate) output: String,
    #[serde(default)]
    pub(crate) exceptions: Vec<String>,
    pub(crate) pagination: Option<Pagination>,
    #[serde(default)]
    pub(crate) read_only: bool,
    #[serde(default)]
    pub(crate) idempotent: bool,
    pub(crate) deprecated: Option<String>,
    #[serde(default)]
    pub(crate) examples: Vec<Example>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pagination {
    pub(crate) input_token: String,
    pub(crate) output_token: String,
    pub(crate) page_size: Option<String>,
    pub(crate) items: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Example {
    pub(crate) input: Option<Value>,
    pub(crate) output: Option<Value>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

/// A shape: what all have in common, and what its type adds.
pub(crate) struct Shape {
    pub(crate) common: Common,
    pub(crate) kind: Kind,
}

impl Shape {
    /// The keys of a type stand beside the common ones; told apart, serde knows which are right.
    pub(crate) fn parse(
        entry: Map<String, Value>,
    ) -> Result<Self, serde_path_to_error::Error<serde_json::Error>> {
        let (common, rest): (Map<_, _>, Map<_, _>) =
            entry.into_iter().partition(|(key, _)| COMMON.contains(&key.as_str()));
        let common: Common = serde_path_to_error::deserialize(Value::Object(common))?;
        let kind = Map::from_iter([(common.ty.clone(), Value::Object(rest))]);
        Ok(Self { common, kind: serde_path_to_error::deserialize(Value::Object(kind))? })
    }
}

const COMMON: [&str; 6] = ["name", "doc", "type", "example", "deprecated", "note"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Common {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) doc: String,
    #[serde(rename = "type")]
    ty: String,
    pub(crate) example: Option<Value>,
    pub(crate) deprecated: Option<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Kind {
    Boolean {},
    Byte(Range<i64>),
    Short(Range<i64>),
    Integer(Range<i64>),
    Long(Range<i64>),
    Float(Range<f64>),
    Double(Range<f64>),
    String {
        min_length: Option<u64>,
        max_length: Option<u64>,
        pattern: Option<String>,
        pattern_equivalent: Option<String>,
        #[serde(default)]
        sensitive: bool,
    },
    Enum {
        values: Vec<EnumValue>,
    },
    IntEnum {
        values: Vec<IntEnumValue>,
    },
    Blob {
        min_length: Option<u64>,
        max_length: Option<u64>,
        #[serde(default)]
        sensitive: bool,
    },
    Timestamp {
        format: Option<TimestampFormat>,
    },
    Document {},
    List {
        member: String,
        min_items: Option<u64>,
        max_items: Option<u64>,
        #[serde(default)]
        sparse: bool,
    },
    Map {
        key: String,
        value: String,
        min_items: Option<u64>,
        max_items: Option<u64>,
        #[serde(default)]
        sparse: bool,
    },
    Structure(Members),
    Union(Members),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Range<T> {
    pub(crate) min: Option<T>,
    pub(crate) max: Option<T>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnumValue {
    pub(crate) value: String,
    #[serde(default)]
    pub(crate) doc: String,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IntEnumValue {
    pub(crate) name: String,
    pub(crate) value: i32,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Members {
    pub(crate) members: Vec<Member>,
    #[serde(default)]
    pub(crate) sensitive: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) wire: Option<String>,
    pub(crate) shape: String,
    #[serde(default)]
    pub(crate) required: bool,
    #[serde(default)]
    pub(crate) client_token: bool,
    #[serde(default)]
    pub(crate) doc: String,
    pub(crate) default: Option<Value>,
    pub(crate) deprecated: Option<String>,
    pub(crate) timestamp_format: Option<TimestampFormat>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exception {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    pub(crate) status: u16,
    pub(crate) message: Option<String>,
    #[serde(default)]
    pub(crate) doc: String,
    pub(crate) category: Category,
    #[serde(default)]
    pub(crate) carries_code: bool,
    #[serde(default)]
    pub(crate) causes: Vec<String>,
    #[serde(default)]
    pub(crate) remedies: Vec<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ErrorCode {
    pub(crate) value: String,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    pub(crate) message: Option<String>,
    #[serde(default)]
    pub(crate) doc: String,
    pub(crate) category: Category,
    pub(crate) operations: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) causes: Vec<String>,
    #[serde(default)]
    pub(crate) remedies: Vec<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}
