//! Requests and answers of the RPC protocol, as bytes.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod bad;
mod fault;
mod request;
mod response;
mod types;

use gatewright_runtime::protocol::{AliyunRpc, DecodeError, Protocol as _};

use self::types::Answer;

const PROTOCOL: AliyunRpc = AliyunRpc::new("2018-05-11", Some("Success"));

fn read(body: &str) -> Result<Answer, DecodeError> {
    PROTOCOL.response(body.as_bytes())
}

#[track_caller]
fn refused(body: impl AsRef<[u8]>, expected: &str) {
    let error = PROTOCOL.response::<Answer>(body.as_ref()).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}
