//! A span an operation, an event an attempt.

use std::{
    fmt::{self, Write as _},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use ::tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use crate::{
    OK,
    stage::{self, Act, DRIVERS, List},
};

/// Writes down what it is told.
#[derive(Clone, Default)]
struct Collector {
    lines: Arc<Mutex<Vec<String>>>,
    spans: Arc<AtomicU64>,
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Times differ.
        if field.name() != "ms" {
            write!(self.0, " {}={value:?}", field.name()).unwrap();
        }
    }
}

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("gatewright")
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        let mut line = format!("span {}", attributes.metadata().name());
        attributes.record(&mut Line(&mut line));
        self.lines.lock().unwrap().push(line);
        span::Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = event.metadata().level().to_string();
        event.record(&mut Line(&mut line));
        self.lines.lock().unwrap().push(line);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[test]
fn every_attempt_is_told_and_no_secret() {
    // While there is but one subscriber, an event that another test's thread comes upon first is off for good.
    let _second = ::tracing::Dispatch::new(Collector::default());
    for driver in DRIVERS {
        let collector = Collector::default();
        let (client, _) =
            stage::client([Act::Hang, Act::Answer(503, r#"{"__type":"Slow","message":"a-body"}"#), OK]);
        ::tracing::subscriber::with_default(collector.clone(), || {
            driver.make(client.call(List::default()).header("x-api-key", "secret-of-the-stage")).unwrap();
        });
        let lines =
            collector.lines.lock().unwrap().join("\n").replace("stage:443", "stage.us-east-1.amazonaws.com");
        assert_eq!(
            lines,
            "span call service=\"Stage\" operation=\"List\" region=\"us-east-1\"\n\
             DEBUG message=unanswered attempt=1 next_ms=50 \
             error=stage.us-east-1.amazonaws.com: no answer within the attempt timeout\n\
             DEBUG message=refused attempt=2 status=503 request_id=\"id-1\" exception=\"Slow\" next_ms=2000\n\
             DEBUG message=succeeded attempt=3 status=200 request_id=\"id-1\"",
            "{driver:?}"
        );
    }
}
