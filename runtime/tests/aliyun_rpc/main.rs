//! Requests and responses of the RPC protocol, as bytes.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod bad;
mod fault;
mod request;
mod response;
mod types;

use gatewright_runtime::protocol::{AliyunRpc, DecodeError, OperationInfo, Protocol as _};
use serde_core::de::DeserializeOwned;

use self::types::Response;

const PROTOCOL: AliyunRpc = AliyunRpc::new("2018-05-11", Some("Success"));

const DO_IT: OperationInfo = OperationInfo::new("DoIt").accepting_get();

fn read(body: &str) -> Result<Response, DecodeError> {
    read_as(body)
}

fn read_as<T: DeserializeOwned>(body: impl AsRef<[u8]>) -> Result<T, DecodeError> {
    let response = http::Response::new(bytes::Bytes::copy_from_slice(body.as_ref()));
    PROTOCOL.response(&DO_IT, &response)
}

#[track_caller]
fn refused(body: impl AsRef<[u8]>, expected: &str) {
    let error = read_as::<Response>(body).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}
