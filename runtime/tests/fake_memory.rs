//! The memory of an endless header, measured in a separate process.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "fake/library.rs"]
#[expect(dead_code, reason = "shared with the other tests of the fake")]
mod library;

use gatewright_fake::Misbehaviour;
use gatewright_runtime::{Error, transport::TransportErrorKind};
use library::ListBooks;

/// The most memory that this process ever had, in bytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

#[tokio::test]
async fn endless_headers_and_bodies_are_given_up_within_bounded_memory() {
    let (fake, client) = library::open().await;
    client.call(ListBooks::default()).await.unwrap();
    let before = peak();
    for misbehaviour in [Misbehaviour::LargeHeader(1 << 30), Misbehaviour::LargeBody(1 << 30)] {
        fake.misbehave_next(misbehaviour.clone());
        let Error::Transport(error) = client.call(ListBooks::default()).await.unwrap_err() else { panic!() };
        assert_eq!(
            (error.error().kind(), error.attempts()),
            (TransportErrorKind::TooLarge, 1),
            "{misbehaviour:?}"
        );
    }
    let grown = peak() - before;
    assert!(grown < 8 * 1024 * 1024, "{grown} bytes");
}
