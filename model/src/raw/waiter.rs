//! `waiters.json`.

use serde_json::Value;

use crate::WaiterState;
use crate::json::object;

object! {
    pub(crate) struct Waiter {
        pub(crate) name: String,
        pub(crate) rust_name: Option<String>,
        pub(crate) doc: String = String::new(),
        pub(crate) operation: String,
        pub(crate) min_delay: Option<u64>,
        pub(crate) max_delay: Option<u64>,
        pub(crate) max_wait: Option<u64>,
        pub(crate) deprecated: Option<String>,
        pub(crate) acceptors: Vec<Acceptor>,
        _note: Option<String> as "note",
    }
}

object! {
    pub(crate) struct Acceptor {
        pub(crate) state: WaiterState,
        pub(crate) path: Option<String>,
        pub(crate) value: Option<Value> as "is",
        pub(crate) all: Option<Value>,
        pub(crate) any: Option<Value>,
        pub(crate) error: Option<String>,
        pub(crate) succeeds: Option<bool>,
        pub(crate) status: Option<u16>,
        _note: Option<String> as "note",
    }
}
