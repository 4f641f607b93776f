//! The adaptive retry mode.

use std::time::Duration;

use gatewright_runtime::settings::RetryMode;

use crate::{
    OK,
    drivers::DRIVERS,
    stage::{self, Act, List, Script},
};

#[test]
fn after_throttling_a_client_slows_down() {
    for driver in DRIVERS {
        let throttled = [Act::Respond(429, ""), OK, OK, OK, OK];
        let took = |mode| {
            let script = Script::new(throttled.clone());
            let client = stage::builder(&script).retry_mode(mode).build().unwrap().0;
            (0..4).map(|_| driver.time(&script.clock, client.call(List::default())).1).sum::<Duration>()
        };
        let (standard, adaptive) = (took(RetryMode::Standard), took(RetryMode::Adaptive));
        assert!(standard < Duration::from_millis(1100), "{driver:?} {standard:?}");
        // Four more requests at a rate that begins at less than one a second.
        assert!(adaptive > Duration::from_secs(3), "{driver:?} {adaptive:?}");
    }
}

#[test]
fn a_wait_that_outlasts_the_operation_is_said_and_not_sent() {
    for driver in DRIVERS {
        let script = Script::new([Act::Respond(429, ""), OK]);
        let client = stage::builder(&script).retry_mode(RetryMode::Adaptive).build().unwrap().0;
        driver.make(client.call(List::default()).no_retries()).unwrap_err();
        let call = client.call(List::default()).operation_timeout(Duration::from_millis(100));
        let error = driver.make(call).unwrap_err();
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.starts_with("the client's own rate limit"), "{source}");
        assert_eq!(script.attempts(), 1);
        // Those that are not sent do not lengthen the queue.
        for _ in 0..100 {
            driver
                .make(client.call(List::default()).operation_timeout(Duration::from_millis(100)))
                .unwrap_err();
        }
        let (response, took) = driver.time(&script.clock, client.call(List::default()));
        response.unwrap();
        assert!(took < Duration::from_secs(5), "{took:?}");
    }
}
