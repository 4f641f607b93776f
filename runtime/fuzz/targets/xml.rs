//! Responses and error responses in XML.
#![no_main]

use std::collections::BTreeMap;

use bytes::Bytes;
use gatewright_runtime::{
    OperationInfo,
    protocol::{AliyunRpc, AwsQuery, Protocol},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let response = http::Response::builder().status(400).body(Bytes::copy_from_slice(body)).unwrap();
    drop(AwsQuery::fault(&response));
    drop(AliyunRpc::fault(&response));
    drop(AwsQuery::request_id(&response));
    let query = AwsQuery::new("2011-06-15", "https://fuzz.example/");
    let operation = OperationInfo::new("Fuzz");
    drop(query.response::<BTreeMap<String, String>>(&operation, &response));
    drop(query.response::<BTreeMap<String, Vec<i64>>>(&operation, &response));
});
