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
use serde_json::{Value, json};

use crate::page_service::{
    Client, DescribeBudgetPerformanceHistoryRequest, DescribeStreamRequest, DownloadDbLogFilePortionRequest,
    GetGroupRequest, GetUsageRequest, ListDistributionsRequest, ListObjectsRequest, ListPartsRequest,
    ListResourceRecordSetsRequest, ListWholeRequest, ScanRequest,
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
            "DescribeBudgetPerformanceHistory" => {
                check(case, &DescribeBudgetPerformanceHistoryRequest::new())
            }
            "DescribeStream" => check(case, &DescribeStreamRequest::new()),
            "DownloadDBLogFilePortion" => check(case, &DownloadDbLogFilePortionRequest::new()),
            "GetGroup" => check(case, &GetGroupRequest::new()),
            "GetUsage" => check(case, &GetUsageRequest::new()),
            "ListDistributions" => check(case, &ListDistributionsRequest::new()),
            "ListObjects" => check(case, &ListObjectsRequest::new()),
            "ListParts" => check(case, &ListPartsRequest::new()),
            "ListResourceRecordSets" => check(case, &ListResourceRecordSetsRequest::new()),
            "Scan" => check(case, &ScanRequest::new()),
            other => panic!("{other}"),
        };
        assert!(check > 80, "{check} calls of {}", case["operation"]);
    }
    assert_eq!(cases.len(), 10);
}

/// botocore has no pages without items; vendors' Smithy models do.
#[test]
fn a_page_without_items_is_an_item() {
    let bodies = [r#"{"Names":["a","b"],"Token":"1"}"#, r#"{"Names":["c"]}"#];
    let (client, script) = client(bodies.map(|body| Response::new(body.into())));
    let pages: Vec<_> = client.as_ref().call(ListWholeRequest::new()).items_blocking().collect();
    let names: Vec<_> = pages.into_iter().map(|page| page.unwrap().names.unwrap()).collect();
    assert_eq!(names, [vec!["a", "b"], vec!["c"]]);
    assert_eq!(*script.requests.lock().unwrap(), [json!({}), json!({"Token": "1"})]);
}

/// A client that gets these responses.
fn client(responses: impl IntoIterator<Item = Response>) -> (Client, Script) {
    let responses = responses.into_iter().collect();
    let script = Script { responses: Arc::new(Mutex::new(responses)), requests: Arc::default() };
    let client = ClientBuilder::new()
        .context(TestContext::new())
        .endpoint_url("https://example.com")
        .region("eu-west-1")
        .credentials(Credentials::new("AKIDEXAMPLE", Secret::new("secret")))
        .blocking_transport(script.clone());
    (client.build().unwrap(), script)
}

/// Compares the runs of a case; returns how many calls these made.
fn check<R: Paginated<Item: Serialize>>(case: &Value, first: &R) -> usize {
    let runs = case["runs"].as_array().unwrap();
    let mut calls = 0;
    for run in runs {
        let part = |key: &str| -> Vec<_> {
            run["calls"].as_array().unwrap().iter().map(|call| call[key].clone()).collect()
        };
        let responses = part("response");
        let (client, script) = client(responses.iter().map(|body| Response::new(body.to_string().into())));
        let items = client.as_ref().call(first.clone()).items_blocking();
        let items: Vec<_> = items.map(|item| serde_json::to_value(item.unwrap()).unwrap()).collect();
        assert_eq!(run["items"], Value::from(items), "{run}");
        assert_eq!(*script.requests.lock().unwrap(), part("request"), "{run}");
        calls += part("request").len();
    }
    calls
}
