//! Memory of the fake after thousands of requests, measured on its own process.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "fake/library.rs"]
#[expect(dead_code, reason = "shared with the other tests of the fake")]
mod library;

use gatewright_fake::Misbehaviour;
use gatewright_runtime::Client;
use library::Shelve;

/// The memory that this process has now, in bytes.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

/// Makes calls of several sizes, sixteen in parallel; returns how many failed.
async fn calls(client: &Client, count: usize) -> usize {
    let mut failures = 0;
    for round in 0..count / 16 {
        let calls: Vec<_> = (0..16)
            .map(|index| {
                let shelf = "s".repeat(2 + (round * 16 + index) * 37 % 500);
                let call = client.call(Shelve { shelf, ..Shelve::default() });
                tokio::spawn(call.max_attempts(1).into_future())
            })
            .collect();
        for call in calls {
            failures += usize::from(call.await.unwrap().is_err());
        }
    }
    failures
}

#[tokio::test]
async fn thousands_of_requests_leave_no_more_than_the_last_ones() {
    let (fake, client) = library::open().await;
    fake.misbehave_every(50, [Misbehaviour::Truncate, Misbehaviour::Gzip, Misbehaviour::Close]);
    assert_eq!(calls(&client, 1600).await, 32);
    let before = resident();
    assert_eq!(calls(&client, 2400).await, 48);
    let grown = resident().saturating_sub(before);
    assert_eq!((fake.requests().len(), fake.misbehaviours()), (1000, 80));
    assert!(fake.connections().open <= 16, "{:?}", fake.connections());
    assert!(grown < 8 * 1024 * 1024, "{grown} bytes");
}
