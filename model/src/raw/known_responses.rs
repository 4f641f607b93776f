//! `known-responses.json`.

use std::collections::BTreeMap;

use crate::json::object;
use crate::{Category, ExampleRequest, Failure, RequestTrait};

object! {
    pub(crate) struct KnownResponses {
        pub(crate) sources: Vec<ResponseSource> = Vec::new(),
        pub(crate) entries: Vec<KnownResponse> as "known_responses",
        _note: Option<String> as "note",
    }
}

object! {
    pub(crate) struct ResponseSource {
        pub(crate) id: String,
        pub(crate) doc: String,
        pub(crate) headers: BTreeMap<String, String> = BTreeMap::new(),
        pub(crate) without: Vec<String> = Vec::new(),
        _note: Option<String> as "note",
    }
}

object! {
    pub(crate) struct KnownResponse {
        pub(crate) id: String,
        pub(crate) doc: String,
        pub(crate) category: Category,
        pub(crate) when: Vec<When>,
        pub(crate) causes: Vec<String> = Vec::new(),
        pub(crate) remedies: Vec<String> = Vec::new(),
        pub(crate) repairs: Vec<Repair> = Vec::new(),
        pub(crate) example: Option<ResponseExample>,
        _note: Option<String> as "note",
    }
}

object! {
    pub(crate) struct Repair {
        pub(crate) service: String,
        pub(crate) operation: String,
        pub(crate) input: BTreeMap<String, String> = BTreeMap::new(),
        _note: Option<String> as "note",
    }
}

object! {
    /// What the first alternative of an entry does not determine about a matching response.
    #[derive(Default)]
    pub(crate) struct ResponseExample {
        pub(crate) by: Option<String>,
        pub(crate) status: Option<u16>,
        pub(crate) error_type: Option<String> as "type",
        pub(crate) message: Option<String>,
        pub(crate) message_key: Option<String>,
        pub(crate) headers: BTreeMap<String, String> = BTreeMap::new(),
        pub(crate) body: Option<String>,
        pub(crate) request: ExampleRequest = ExampleRequest::default(),
        _note: Option<String> as "note",
    }
}

object! {
    pub(crate) struct When {
        pub(crate) otherwise: bool = false,
        pub(crate) failure: Vec<Failure> = Vec::new(),
        pub(crate) status: Vec<u16> = Vec::new(),
        pub(crate) types: Vec<String> as "type" = Vec::new(),
        pub(crate) message: Vec<String> = Vec::new(),
        pub(crate) by: Vec<String> = Vec::new(),
        pub(crate) headers: BTreeMap<String, String> = BTreeMap::new(),
        pub(crate) host: Vec<String> = Vec::new(),
        pub(crate) not_host: Vec<String> = Vec::new(),
        pub(crate) method: Vec<String> = Vec::new(),
        pub(crate) path: Vec<String> = Vec::new(),
        pub(crate) content_type: Vec<String> = Vec::new(),
        pub(crate) sent: Vec<String> = Vec::new(),
        pub(crate) unsent: Vec<String> = Vec::new(),
        pub(crate) request: Vec<RequestTrait> = Vec::new(),
        pub(crate) certificate: Vec<String> = Vec::new(),
        pub(crate) other_account: Option<(String, String)>,
        pub(crate) same_account: Option<(String, String)>,
        _note: Option<String> as "note",
    }
}
