//! The files as they are written: one serde mirror per entry, nothing resolved.
//!
//! `note` explains an entry to readers; the resolved model does not contain it.

use serde::Deserialize;
use serde_json::Value;

use crate::{Category, Checksum, Compression, XmlRoot};

mod known_responses;
mod service;
mod shape;
mod waiter;

pub(crate) use known_responses::*;
pub(crate) use service::*;
pub(crate) use shape::*;
pub(crate) use waiter::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) rust_name: Option<String>,
    #[serde(default)]
    pub(crate) doc: String,
    pub(crate) input: String,
    pub(crate) output: String,
    #[serde(default)]
    pub(crate) exceptions: Vec<String>,
    pub(crate) pagination: Option<Pagination>,
    pub(crate) numbered_pages: Option<NumberedPages>,
    pub(crate) read_only: Option<ReadOnly>,
    #[serde(default)]
    pub(crate) idempotent: bool,
    #[serde(default)]
    pub(crate) accepts_get: bool,
    #[serde(default)]
    pub(crate) unsigned: bool,
    pub(crate) http: Option<Http>,
    pub(crate) host_prefix: Option<String>,
    pub(crate) result_wrapper: Option<String>,
    pub(crate) xml_root: Option<XmlRoot>,
    pub(crate) request_compression: Option<Compression>,
    pub(crate) request_checksum: Option<Checksum>,
    pub(crate) deprecated: Option<String>,
    #[serde(default)]
    pub(crate) examples: Vec<Example>,
    #[serde(default)]
    pub(crate) sample: Vec<SampleRule>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

/// Method and URI of a REST protocol.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Http {
    pub(crate) method: String,
    pub(crate) uri: String,
    pub(crate) status: Option<u16>,
}

/// Whether an operation changes nothing, and how that is known.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected true, false or \"by-name\"")]
pub(crate) enum ReadOnly {
    Known(bool),
    Derived(Derived),
}

/// What a fact is derived from.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Derived {
    /// The operation's name, by the vendor's conventions.
    ByName,
}

impl ReadOnly {
    pub(crate) fn holds(&self) -> bool {
        match self {
            Self::Known(holds) => *holds,
            Self::Derived(Derived::ByName) => true,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SampleRule {
    pub(crate) at: String,
    pub(crate) text: Option<String>,
    pub(crate) issued: Option<Issued>,
    pub(crate) only_with: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Issued {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: String,
    pub(crate) expiration: String,
    pub(crate) lifetime: Option<String>,
    pub(crate) default_lifetime: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pagination {
    pub(crate) input_token: OneOrMore,
    pub(crate) output_token: OneOrMore,
    pub(crate) more_results: Option<String>,
    pub(crate) page_size: Option<String>,
    pub(crate) items: Option<String>,
}

/// A text, or a list of texts.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a string or a list of strings")]
pub(crate) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    pub(crate) fn as_slice(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::More(more) => more,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NumberedPages {
    pub(crate) page: String,
    pub(crate) size: Option<String>,
    pub(crate) total: Option<String>,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exception {
    pub(crate) name: String,
    pub(crate) rust_name: Option<String>,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    pub(crate) status: u16,
    pub(crate) message: Option<String>,
    #[serde(default)]
    pub(crate) doc: String,
    pub(crate) shape: Option<String>,
    pub(crate) category: Option<Category>,
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
    pub(crate) rust_name: Option<String>,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    pub(crate) status: Option<u16>,
    pub(crate) message: Option<String>,
    #[serde(default)]
    pub(crate) doc: String,
    pub(crate) shape: Option<String>,
    pub(crate) category: Option<Category>,
    pub(crate) operations: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) causes: Vec<String>,
    #[serde(default)]
    pub(crate) remedies: Vec<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}
