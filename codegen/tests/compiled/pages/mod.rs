//! Pages are read as botocore reads them: `cases.py` recorded its requests and items, for random responses.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use gatewright_fake::TestContext;
use gatewright_runtime::{
    ClientBuilder, Paginated, Secret,
    credentials::Credentials,
    transport::{BlockingTransport, Request, Response, TransportError},
};
use serde_core::Serialize;
use serde_json::Value;

use crate::page_service::{
    Client, DescribeStreamRequest, GetGroupRequest, ListDistributionsRequest, ListObjectsRequest,
};

/// Sends responses in order, and keeps the bodies of requests.
#[derive(Clone, Debug)]
struct Script {
    responses: Arc<Mutex<VecDeque<Response>>>,
    requests: Arc<Mutex<Vec<Value>>>,
}

impl BlockingTransport for Script {
    fn send(&self, request: Request, _: Duration) -> Result<Response, TransportError> {
        self.requests.lock().unwrap().push(serde_json::from_slice(request.body()).unwrap());
        Ok(self.responses.lock().unwrap().pop_front().expect("botocore made no further call"))
    }
}

#[test]
fn pages_are_those_that_botocore_reads() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("cases.json")).unwrap();
    for case in &cases {
        let check = match case["operation"].as_str().unwrap() {
            "DescribeStream" => check(case, &DescribeStreamRequest::new()),
            "GetGroup" => check(case, &GetGroupRequest::new()),
            "ListDistributions" => check(case, &ListDistributionsRequest::new()),
            _ => check(case, &ListObjectsRequest::new()),
        };
        assert!(check > 80, "{check} calls of {}", case["operation"]);
    }
    assert_eq!(cases.len(), 4);
}

/// Compares the runs of a case; returns how many calls these made.
fn check<R: Paginated<Item: Serialize>>(case: &Value, first: &R) -> usize {
    let runs = case["runs"].as_array().unwrap();
    let mut calls = 0;
    for run in runs {
        let part = |key: &str| -> Vec<_> {
            run["calls"].as_array().unwrap().iter().map(|call| call[key].clone()).collect()
        };
        let responses = part("response").iter().map(|body| Response::new(body.to_string().into())).collect();
        let script = Script { responses: Arc::new(Mutex::new(responses)), requests: Arc::default() };
        let client: Client = ClientBuilder::new()
            .context(TestContext::new())
            .endpoint_url("https://example.com")
            .region("eu-west-1")
            .credentials(Credentials::new("AKIDEXAMPLE", Secret::new("secret")))
            .blocking_transport(script.clone())
            .build()
            .unwrap();
        let items = client.as_ref().call(first.clone()).items_blocking();
        let items: Vec<_> = items.map(|item| serde_json::to_value(item.unwrap()).unwrap()).collect();
        assert_eq!(run["items"], Value::from(items), "{run}");
        assert_eq!(*script.requests.lock().unwrap(), part("request"), "{run}");
        calls += part("request").len();
    }
    calls
}
