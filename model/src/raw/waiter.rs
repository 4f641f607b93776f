//! `waiters.json`.

use serde::Deserialize;
use serde_json::Value;

use crate::WaiterState;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Waiter {
    pub(crate) name: String,
    pub(crate) rust_name: Option<String>,
    #[serde(default)]
    pub(crate) doc: String,
    pub(crate) operation: String,
    pub(crate) min_delay: Option<u64>,
    pub(crate) max_delay: Option<u64>,
    pub(crate) max_wait: Option<u64>,
    pub(crate) deprecated: Option<String>,
    pub(crate) acceptors: Vec<Acceptor>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acceptor {
    pub(crate) state: WaiterState,
    pub(crate) path: Option<String>,
    #[serde(rename = "is")]
    pub(crate) value: Option<Value>,
    pub(crate) all: Option<Value>,
    pub(crate) any: Option<Value>,
    pub(crate) error: Option<String>,
    pub(crate) succeeds: Option<bool>,
    pub(crate) status: Option<u16>,
    #[serde(rename = "note")]
    _note: Option<String>,
}
