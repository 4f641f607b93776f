//! A span an operation, an event an attempt.

use crate::{
    OK,
    collector::Collector,
    drivers::DRIVERS,
    stage::{self, Act, List},
};

#[test]
fn every_attempt_is_logged_without_secrets() {
    for driver in DRIVERS {
        let (client, _) =
            stage::client([Act::Hang, Act::Respond(503, r#"{"__type":"Slow","message":"a-body"}"#), OK]);
        let ((), lines) = Collector::collect(|| {
            driver.make(client.call(List::default()).header("x-api-key", "secret-of-the-stage")).unwrap();
        });
        let lines = lines.replace("stage:443", "stage.us-east-1.amazonaws.com");
        assert_eq!(
            lines,
            "span call service=\"Stage\" operation=\"List\" region=\"us-east-1\"\n\
             DEBUG message=no response attempt=1 next_ms=50 \
             error=stage.us-east-1.amazonaws.com: no response within the attempt timeout\n\
             DEBUG message=refused attempt=2 status=503 request_id=\"id-1\" exception=\"Slow\" next_ms=2000\n\
             DEBUG message=succeeded attempt=3 status=200 request_id=\"id-1\"",
            "{driver:?}"
        );
    }
}
