//! Responses and error responses in XML, and requests in XML as a fake reads them.
#![no_main]

use std::collections::BTreeMap;

use bytes::Bytes;
use gatewright_runtime::{
    Document, OperationInfo,
    protocol::{
        AliyunRpc, AwsEc2, AwsQuery, AwsRestXml, Binding, Location, Method, Protocol, document_value,
    },
};
use libfuzzer_sys::fuzz_target;

/// Members in the body.
const MEMBERS: OperationInfo = OperationInfo::http("Fuzz", Method::GET, &[])
    .with_bindings(&[], &[Binding::new("Tag", Location::Header("x-tag"))])
    .with_bodies(false, true);

/// One member is the body.
const PAYLOAD: OperationInfo = OperationInfo::http("Fuzz", Method::GET, &[])
    .with_bindings(&[], &[Binding::new("Inner", Location::Payload)])
    .with_bodies(false, true);

fuzz_target!(|body: &[u8]| {
    let response = http::Response::builder().status(400).body(Bytes::copy_from_slice(body)).unwrap();
    drop(AwsQuery::fault(&response));
    drop(AliyunRpc::fault(&response));
    drop(AwsQuery::request_id(&response));
    let query = AwsQuery::new("2011-06-15", "https://fuzz.example/");
    let operation = OperationInfo::new("Fuzz");
    drop(query.response::<BTreeMap<String, String>>(&operation, &response));
    drop(query.response::<BTreeMap<String, Vec<i64>>>(&operation, &response));
    drop(AwsEc2::new("2011-06-15", "https://fuzz.example/", &[]).response::<Document>(&operation, &response));
    let rest = AwsRestXml::new(None);
    drop(AwsRestXml::fault(&response));
    drop(AwsRestXml::request_id(&response));
    drop(rest.error_members::<Document>(&[], &response));
    for operation in [&MEMBERS, &PAYLOAD] {
        drop(rest.response::<BTreeMap<String, Document>>(operation, &response));
        drop(rest.response::<BTreeMap<String, Vec<i64>>>(operation, &response));
    }
    // The body of a request as a fake reads it, and a response that it writes.
    if let Ok(document) = document_value(body) {
        drop(rest.input::<BTreeMap<String, Vec<i64>>>(&MEMBERS, &document));
        drop(rest.response_body::<BTreeMap<String, String>>(&MEMBERS, &document, "id"));
    }
});
