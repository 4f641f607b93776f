//! The files as they are written: one mirror per entry, nothing resolved.
//!
//! `note` explains an entry to readers; the resolved model does not contain it.

use serde_json::Value;

use crate::json::{self, Read, object};
use crate::{Category, Checksum, Compression, XmlRoot};

mod known_responses;
mod service;
mod shape;
mod waiter;

pub(crate) use known_responses::*;
pub(crate) use service::*;
pub(crate) use shape::*;
pub(crate) use waiter::*;

object! {
    pub(crate) struct Operation {
        pub(crate) name: String,
        pub(crate) rust_name: Option<String>,
        pub(crate) doc: String = String::new(),
        pub(crate) input: String,
        pub(crate) output: String,
        pub(crate) exceptions: Vec<String> = Vec::new(),
        pub(crate) pagination: Option<Pagination>,
        pub(crate) numbered_pages: Option<NumberedPages>,
        pub(crate) read_only: Option<ReadOnly>,
        pub(crate) idempotent: bool = false,
        pub(crate) accepts_get: bool = false,
        pub(crate) unsigned: bool = false,
        pub(crate) http: Option<Http>,
        pub(crate) host_prefix: Option<String>,
        pub(crate) result_wrapper: Option<String>,
        pub(crate) xml_root: Option<XmlRoot>,
        pub(crate) request_compression: Option<Compression>,
        pub(crate) request_checksum: Option<Checksum>,
        pub(crate) deprecated: Option<String>,
        pub(crate) examples: Vec<Example> = Vec::new(),
        pub(crate) sample: Vec<SampleRule> = Vec::new(),
        _note: Option<String> as "note",
    }
}

object! {
    /// Method and URI of a REST protocol.
    pub(crate) struct Http {
        pub(crate) method: String,
        pub(crate) uri: String,
        pub(crate) status: Option<u16>,
    }
}

/// Whether an operation changes nothing, and how that is known.
pub(crate) enum ReadOnly {
    Known(bool),
    /// Derived from the operation's name, by the vendor's conventions.
    ByName,
}

impl ReadOnly {
    pub(crate) fn holds(&self) -> bool {
        match self {
            Self::Known(holds) => *holds,
            Self::ByName => true,
        }
    }
}

impl Read for ReadOnly {
    fn read(value: Value) -> Result<Self, json::Error> {
        match (value.as_bool(), value.as_str()) {
            (Some(holds), _) => Ok(Self::Known(holds)),
            (_, Some("by-name")) => Ok(Self::ByName),
            _ => Err(json::Error::other("expected true, false or \"by-name\"".to_owned())),
        }
    }
}

object! {
    pub(crate) struct SampleRule {
        pub(crate) at: String,
        pub(crate) text: Option<String>,
        pub(crate) issued: Option<Issued>,
        pub(crate) only_with: Option<Vec<String>>,
    }
}

object! {
    pub(crate) struct Issued {
        pub(crate) access_key_id: String,
        pub(crate) secret_access_key: String,
        pub(crate) session_token: String,
        pub(crate) expiration: String,
        pub(crate) lifetime: Option<String>,
        pub(crate) default_lifetime: u32,
    }
}

object! {
    pub(crate) struct Pagination {
        pub(crate) input_token: OneOrMore,
        pub(crate) output_token: OneOrMore,
        pub(crate) more_results: Option<String>,
        pub(crate) page_size: Option<String>,
        pub(crate) items: Option<String>,
    }
}

/// A text, or a list of texts.
pub(crate) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Read for OneOrMore {
    fn read(value: Value) -> Result<Self, json::Error> {
        if let Some(one) = value.as_str() {
            return Ok(Self::One(one.to_owned()));
        }
        Read::read(value)
            .map(Self::More)
            .map_err(|_| json::Error::other("expected a string or a list of strings".to_owned()))
    }
}

impl OneOrMore {
    pub(crate) fn as_slice(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::More(more) => more,
        }
    }
}

object! {
    pub(crate) struct NumberedPages {
        pub(crate) page: String,
        pub(crate) size: Option<String>,
        pub(crate) total: Option<String>,
        pub(crate) items: String,
    }
}

object! {
    pub(crate) struct Example {
        pub(crate) input: Option<Value>,
        pub(crate) output: Option<Value>,
        _note: Option<String> as "note",
    }
}

object! {
    pub(crate) struct Exception {
        pub(crate) name: String,
        pub(crate) rust_name: Option<String>,
        pub(crate) aliases: Vec<String> = Vec::new(),
        pub(crate) status: u16,
        pub(crate) message: Option<String>,
        pub(crate) doc: String = String::new(),
        pub(crate) shape: Option<String>,
        pub(crate) category: Option<Category>,
        pub(crate) carries_code: bool = false,
        pub(crate) causes: Vec<String> = Vec::new(),
        pub(crate) remedies: Vec<String> = Vec::new(),
        _note: Option<String> as "note",
    }
}

object! {
    pub(crate) struct ErrorCode {
        pub(crate) value: String,
        pub(crate) rust_name: Option<String>,
        pub(crate) aliases: Vec<String> = Vec::new(),
        pub(crate) status: Option<u16>,
        pub(crate) message: Option<String>,
        pub(crate) doc: String = String::new(),
        pub(crate) shape: Option<String>,
        pub(crate) category: Option<Category>,
        pub(crate) operations: Option<Vec<String>>,
        pub(crate) causes: Vec<String> = Vec::new(),
        pub(crate) remedies: Vec<String> = Vec::new(),
        _note: Option<String> as "note",
    }
}
