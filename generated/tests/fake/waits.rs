//! Waits for a state, over real connections.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use gatewright::{
    aws_storage_gateway::{
        CacheReportInfo, CacheReportStatus, Client, DescribeCacheReportRequest, DescribeCacheReportResponse,
    },
    fake::Fake,
    wait::{Wait, WaitErrorKind},
};
use tokio::task::spawn_blocking;

use crate::start;

const REPORT: &str = "arn:aws:storagegateway:us-east-1:111122223333:share/share-0123456789abcdef0/cache-report/report-ABCD1234";

/// Reports these states, one per call, and then the last one again.
fn script(fake: &Fake, states: &[CacheReportStatus]) {
    let states = Arc::new(Mutex::new(states.to_vec()));
    fake.on(move |_: DescribeCacheReportRequest| {
        let mut states = states.lock().unwrap();
        let state = if states.len() > 1 { states.remove(0) } else { states[0].clone() };
        let report = CacheReportInfo::new().cache_report_status(state);
        Ok(DescribeCacheReportResponse::new().cache_report_info(report))
    });
}

fn wait(client: &Client) -> Wait<DescribeCacheReportRequest> {
    let wait = client.wait_until_cache_report_completed(DescribeCacheReportRequest::new(REPORT));
    wait.delays(Duration::from_millis(1), Duration::from_millis(2)).max_wait(Duration::from_secs(60))
}

#[tokio::test]
async fn a_report_is_completed_after_some_calls() {
    let (fake, client) = start().await;
    let states =
        [CacheReportStatus::InProgress, CacheReportStatus::from("NEW"), CacheReportStatus::Completed];
    script(&fake, &states);
    let waited = wait(&client).await.unwrap();
    let report = waited.last.unwrap().cache_report_info.unwrap();
    assert_eq!((waited.calls, report.cache_report_status), (3, Some(CacheReportStatus::Completed)));

    script(&fake, &states);
    let waited = spawn_blocking(move || wait(&client).send_blocking()).await.unwrap().unwrap();
    assert_eq!(waited.calls, 3);
}

#[tokio::test]
async fn a_report_that_failed_ends_the_wait() {
    let (fake, client) = start().await;
    script(&fake, &[CacheReportStatus::InProgress, CacheReportStatus::Failed]);
    let error = wait(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.calls()), (WaitErrorKind::Failed, 2));
    assert!(
        error
            .to_string()
            .starts_with("CacheReportCompleted: failed: CacheReportInfo.CacheReportStatus is \"FAILED\""),
        "{error}"
    );
}
