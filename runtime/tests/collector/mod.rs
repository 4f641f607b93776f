//! Spans and events of this library, collected by `tracing`.

use std::{
    fmt::{self, Write as _},
    sync::{Arc, Mutex},
};

use ::tracing::{
    Dispatch, Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
    subscriber::with_default,
};

/// Keeps spans and events as lines of text.

#[derive(Clone, Default)]
pub(crate) struct Collector {
    lines: Arc<Mutex<Vec<String>>>,
    /// The line of each span.
    places: Arc<Mutex<Vec<usize>>>,
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

impl Collector {
    /// The spans and events of what this thread does in the meantime.
    pub(crate) fn collect<T>(work: impl FnOnce() -> T) -> (T, String) {
        // While there is but one subscriber, an event that another test's thread comes upon first is off for good.
        let _second = Dispatch::new(Self::default());
        let collector = Self::default();
        let done = with_default(collector.clone(), work);
        let lines = collector.lines.lock().unwrap().join("\n");
        (done, lines)
    }
}

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("gatewright")
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        let mut line = format!("span {}", attributes.metadata().name());
        attributes.record(&mut Line(&mut line));
        let mut lines = self.lines.lock().unwrap();
        let mut places = self.places.lock().unwrap();
        places.push(lines.len());
        lines.push(line);
        span::Id::from_u64(places.len() as u64)
    }

    fn record(&self, id: &span::Id, values: &span::Record<'_>) {
        let mut lines = self.lines.lock().unwrap();
        let places = self.places.lock().unwrap();
        let place = places[usize::try_from(id.into_u64()).unwrap() - 1];
        values.record(&mut Line(&mut lines[place]));
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = event.metadata().level().to_string();
        event.record(&mut Line(&mut line));
        self.lines.lock().unwrap().push(line);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}
