//! `known-responses.json`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{Category, ExampleRequest, Failure, RequestTrait};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KnownResponses {
    #[serde(default)]
    pub(crate) sources: Vec<ResponseSource>,
    #[serde(rename = "known_responses")]
    pub(crate) entries: Vec<KnownResponse>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResponseSource {
    pub(crate) id: String,
    pub(crate) doc: String,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) without: Vec<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KnownResponse {
    pub(crate) id: String,
    pub(crate) doc: String,
    pub(crate) category: Category,
    pub(crate) when: Vec<When>,
    #[serde(default)]
    pub(crate) causes: Vec<String>,
    #[serde(default)]
    pub(crate) remedies: Vec<String>,
    #[serde(default)]
    pub(crate) repairs: Vec<Repair>,
    pub(crate) example: Option<ResponseExample>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Repair {
    pub(crate) service: String,
    pub(crate) operation: String,
    #[serde(default)]
    pub(crate) input: BTreeMap<String, String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

/// What the first alternative of an entry does not determine about a matching response.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ResponseExample {
    pub(crate) by: Option<String>,
    pub(crate) status: Option<u16>,
    #[serde(rename = "type")]
    pub(crate) error_type: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) message_key: Option<String>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Option<String>,
    pub(crate) request: ExampleRequest,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct When {
    pub(crate) otherwise: bool,
    pub(crate) failure: Vec<Failure>,
    pub(crate) status: Vec<u16>,
    #[serde(rename = "type")]
    pub(crate) types: Vec<String>,
    pub(crate) message: Vec<String>,
    pub(crate) by: Vec<String>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) host: Vec<String>,
    pub(crate) not_host: Vec<String>,
    pub(crate) method: Vec<String>,
    pub(crate) path: Vec<String>,
    pub(crate) content_type: Vec<String>,
    pub(crate) sent: Vec<String>,
    pub(crate) unsent: Vec<String>,
    pub(crate) request: Vec<RequestTrait>,
    pub(crate) certificate: Vec<String>,
    pub(crate) other_account: Option<(String, String)>,
    pub(crate) same_account: Option<(String, String)>,
    #[serde(rename = "note")]
    _note: Option<String>,
}
