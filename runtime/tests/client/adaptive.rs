//! The adaptive retry mode.

use std::{
    future::{IntoFuture as _, pending},
    sync::{Arc, Mutex},
    time::Duration,
};

use gatewright_runtime::{
    BoxFuture, Client, Error, Secret,
    credentials::{Credentials, CredentialsError, ProvideCredentials},
    hook::{Attempt, Hook, HookError},
    settings::RetryMode,
    transport::Request,
};
use tokio::time::Instant;

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

/// What stops a call before it is sent, if anything.
#[derive(Clone, Debug, Default)]
struct Obstacle(Arc<Mutex<&'static str>>);

impl Obstacle {
    fn is(&self, name: &str) -> bool {
        *self.0.lock().unwrap() == name
    }

    fn set(&self, name: &'static str) {
        *self.0.lock().unwrap() = name;
    }

    /// A client that was throttled and has one more response.
    async fn throttled(&self) -> (Client, Script) {
        let script = Script::new([Act::Respond(429, ""), OK]);
        let builder = stage::builder(&script).retry_mode(RetryMode::Adaptive);
        let client = builder.credentials(self.clone()).hook(self.clone()).build().unwrap().0;
        client.call(List::default()).no_retries().await.unwrap_err();
        (client, script)
    }
}

impl ProvideCredentials for Obstacle {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(async {
            if self.is("hanging source") {
                return pending().await;
            }
            if self.is("no credentials") {
                return Err(CredentialsError::new("stage", "none today"));
            }
            let id = if self.is("unsignable") { "AKID\n" } else { "AKIDEXAMPLE" };
            Ok(Credentials::new(id, Secret::new("secret")))
        })
    }
}

impl Hook for Obstacle {
    fn before_signing(&self, _: &Attempt, _: &mut Request) -> Result<(), HookError> {
        if self.is("hook") { Err(HookError::new("stop")) } else { Ok(()) }
    }
}

/// The rate is of requests: a call that sends none returns its permit.
#[tokio::test(start_paused = true)]
async fn a_call_that_fails_before_sending_costs_no_permit() {
    for name in ["no credentials", "unsignable", "hook"] {
        let obstacle = Obstacle::default();
        let (client, script) = obstacle.throttled().await;
        let start = Instant::now();
        obstacle.set(name);
        for _ in 0..9 {
            let error = client.call(List::default()).no_retries().await.unwrap_err();
            let is_expected = match name {
                "hook" => matches!(error, Error::Hook(_)),
                "unsignable" => matches!(error, Error::Transport(_)),
                _ => matches!(error, Error::Credentials(_)),
            };
            assert!(is_expected, "{name}: {error}");
        }
        assert_eq!(script.attempts(), 1);
        obstacle.set("");
        client.call(List::default()).await.unwrap();
        let took = start.elapsed();
        assert!(took < Duration::from_secs(3), "{name}: {took:?}");
    }
}

/// Those that are dropped wait for their turn or, the first, for credentials.
#[tokio::test(start_paused = true)]
async fn a_dropped_call_costs_no_permit() {
    let obstacle = Obstacle::default();
    let (client, script) = obstacle.throttled().await;
    obstacle.set("hanging source");
    let calls: Vec<_> = (0..9).map(|_| tokio::spawn(client.call(List::default()).into_future())).collect();
    tokio::time::sleep(Duration::from_secs(3)).await;
    for call in calls {
        call.abort();
        assert!(call.await.unwrap_err().is_cancelled());
    }
    assert_eq!(script.attempts(), 1);
    obstacle.set("");
    let start = Instant::now();
    client.call(List::default()).await.unwrap();
    let took = start.elapsed();
    assert!(took < Duration::from_secs(3), "{took:?}");
}
