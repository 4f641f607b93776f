//! Responses and error responses in JSON.
#![no_main]

use std::collections::BTreeMap;

use bytes::Bytes;
use gatewright_runtime::{
    Document, OperationInfo,
    protocol::{AliyunRpc, AwsJson, Protocol},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let response = http::Response::builder().status(400).body(Bytes::copy_from_slice(body)).unwrap();
    // Whatever a body holds, an error is made of it.
    drop(AwsJson::fault(&response));
    drop(AliyunRpc::fault(&response));
    drop(AwsJson::request_id(&response));
    drop(AliyunRpc::request_id(&response));
    let json = AwsJson::new("application/x-amz-json-1.1", "Fuzz");
    let operation = OperationInfo::new("Fuzz");
    if let Ok(document) = json.response::<Document>(&operation, &response) {
        let again = http::Response::new(document.to_string().into());
        let again = json.response::<Document>(&operation, &again).expect("our own JSON is read");
        assert_eq!(again, document);
    }
    drop(json.response::<BTreeMap<String, Vec<f64>>>(&operation, &response));
});
