//! Protocols, with the facts about a service that each needs.

use std::collections::BTreeMap;

use crate::json::object;

/// How requests and responses are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// AWS JSON 1.0 or 1.1.
    AwsJson(AwsJson),
    /// AWS query.
    AwsQuery(AwsQuery),
    /// AWS EC2 query.
    AwsEc2(AwsEc2),
    /// AWS REST JSON.
    AwsRestJson(AwsRestJson),
    /// AWS REST XML.
    AwsRestXml(AwsRestXml),
    /// Aliyun RPC.
    AliyunRpc(AliyunRpc),
    /// Calls by HTTP method and path, without operations in the model.
    RawHttp(RawHttp),
}

impl Protocol {
    /// Its name in `service.json`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::AwsJson(_) => "aws-json",
            Self::AwsQuery(_) => "aws-query",
            Self::AwsEc2(_) => "aws-ec2",
            Self::AwsRestJson(_) => "aws-rest-json",
            Self::AwsRestXml(_) => "aws-rest-xml",
            Self::AliyunRpc(_) => "aliyun-rpc",
            Self::RawHttp(_) => "raw-http",
        }
    }

    /// Calls by method and path, if the service has no operations.
    pub fn as_raw_http(&self) -> Option<&RawHttp> {
        if let Self::RawHttp(protocol) = self { Some(protocol) } else { None }
    }

    /// Whether enum values that the model does not list are faults, as in Smithy; other catalogs list only values that were seen.
    pub(crate) fn closes_enums(&self) -> bool {
        match self {
            Self::AwsJson(_)
            | Self::AwsQuery(_)
            | Self::AwsEc2(_)
            | Self::AwsRestJson(_)
            | Self::AwsRestXml(_) => true,
            Self::AliyunRpc(_) | Self::RawHttp(_) => false,
        }
    }
}

object! {
    /// AWS JSON: `POST /` with `X-Amz-Target: <target_prefix>.<Operation>` and a JSON body.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct AwsJson {
        /// Version in the content type `application/x-amz-json-<version>`.
        pub version: String,
        /// Prefix of the operation in `X-Amz-Target`.
        pub target_prefix: String,
        /// Whether error responses also have the codes of the query protocol that the service had before.
        pub query_compatible: bool = false,
    }
}

object! {
    /// AWS query: `POST /` with the operation as `Action`, the service's version as `Version` and all other parameters in
    /// a form, lists, maps and structures flattened; responses in XML.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct AwsQuery {
        /// Namespace of the elements of responses; clients ignore it.
        pub xml_namespace: String,
    }
}

object! {
    /// AWS EC2 query: as AWS query, but with other names of items and of members, which begin with a capital in requests.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct AwsEc2 {
        /// Namespace of the elements of responses; clients ignore it.
        pub xml_namespace: String,
        /// Names of members in requests, by their wire names, if they are not the wire names with a capital.
        pub request_names: BTreeMap<String, String> = BTreeMap::new(),
    }
}

object! {
    /// AWS REST JSON: each operation has a method and URI; members are in path, query and headers, the others in a JSON body.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct AwsRestJson {
        /// Headers of all requests, with their values. A member of the request or the caller may set another value.
        pub headers: BTreeMap<String, String> = BTreeMap::new(),
    }
}

object! {
    /// AWS REST XML: as AWS REST JSON, but with XML in bodies.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct AwsRestXml {
        /// Namespace that the root elements of requests and responses declare, if any; clients ignore it in responses.
        pub xml_namespace: Option<String>,
        /// Whether the root of error responses is `Error`, without an `ErrorResponse` around it; clients read both.
        pub bare_errors: bool = false,
    }
}

object! {
    /// Aliyun RPC: `POST /` with the operation as `Action`, the service's version as `Version` and all other parameters in
    /// the query, lists and structures flattened; responses in JSON or XML.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct AliyunRpc {
        /// Response member, a boolean, whose `false` marks a response with a success status as an error response.
        pub success: Option<String>,
    }
}

/// Calls by HTTP method and path, for services whose APIs belong to their users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawHttp {
    /// Header that names the API if the host does not.
    pub api_header: Option<String>,
    /// Forms of the host names of the service's APIs. Other names are custom domain names.
    pub hosts: Vec<HostForm>,
}

/// A form of host names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostForm {
    /// Name of the form: `default`.
    pub form: String,
    /// Host name with the placeholders `{Region}`, `{dnsSuffix}`, `{api}` and others: `{api}.example.{Region}.{dnsSuffix}`.
    pub host: String,
    /// Pattern of paths at such hosts, whose parts explanations can use: `/{stage}/*`.
    pub path: Option<String>,
    /// Service in the credential scope if it is not the one of [`Auth::SigV4`](crate::Auth::SigV4).
    pub signing_name: Option<String>,
    /// Why hosts of this form are not called, and which host to call instead.
    pub refused: Option<String>,
}
