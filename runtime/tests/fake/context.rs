//! The machine that tests set.

use std::{
    io::ErrorKind,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use gatewright_fake::TestContext;
use gatewright_runtime::context::{Context, SystemContext};

const HOUR: Duration = Duration::from_secs(60 * 60);

#[test]
fn nothing_comes_from_this_machine() {
    for context in [TestContext::new(), TestContext::default(), TestContext::isolated()] {
        // Both exist here: cargo sets the one, and the other is this crate's.
        assert_eq!(Context::variable(&context, "CARGO_PKG_NAME"), None);
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        assert_eq!(context.read_file(Path::new(manifest)).unwrap_err().kind(), ErrorKind::NotFound);
    }
}

#[test]
fn clones_share_time_files_and_what_was_read() {
    let context = TestContext::new().variable("SET", "1").variable("EMPTY", "").file("/a", "old");
    let context = context.unreadable_file("/b", ErrorKind::PermissionDenied);
    let other = context.clone();
    let variable = |name| Context::variable(&other, name);
    let read = |path: &str| other.read_file(Path::new(path)).map_err(|error| error.kind());
    assert_eq!((variable("SET").as_deref(), variable("EMPTY")), (Some("1"), None));
    assert_eq!(read("/a").unwrap(), b"old");
    context.replace_file(Path::new("/a"), b"new").unwrap();
    context.set_read_only();
    assert_eq!(other.replace_file(Path::new("/a"), b"").unwrap_err().kind(), ErrorKind::ReadOnlyFilesystem);
    assert_eq!(read("/a").unwrap(), b"new");
    assert_eq!((read("/b"), read("/c")), (Err(ErrorKind::PermissionDenied), Err(ErrorKind::NotFound)));
    assert_eq!(context.reads(), ["/a", "/a", "/b", "/c"].map(Path::new));

    let (time, start) = (SystemTime::UNIX_EPOCH + HOUR, context.instant());
    context.set_time(time);
    assert_eq!((other.now(), other.instant() - start), (time, Duration::ZERO));
    context.shared().sleep(HOUR);
    assert_eq!((other.now(), other.instant() - start), (time, HOUR));
    context.advance(HOUR);
    assert_eq!((other.now(), other.instant() - start), (time + HOUR, 2 * HOUR));
}

#[test]
fn functions_may_use_the_context() {
    let slept: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let (kept, context) = (Arc::clone(&slept), TestContext::new());
    let inner = context.clone();
    let context = context.on_sleep(move |duration| {
        assert_eq!(inner.now(), SystemTime::UNIX_EPOCH);
        kept.lock().unwrap().push(duration);
    });
    let inner = context.clone();
    let context = context.random(move |bytes| bytes.fill(u8::try_from(inner.reads().len()).unwrap()));
    let inner = context.clone();
    let context = context.on_read(move |path| {
        inner.replace_file(path, inner.reads().len().to_string().as_bytes()).unwrap();
    });
    for expected in ["0", "1"] {
        assert_eq!(context.read_file(Path::new("/a")).unwrap(), expected.as_bytes());
    }
    context.sleep(HOUR);
    let mut bytes = [0; 2];
    Context::random(&context, &mut bytes);
    assert_eq!((&*slept.lock().unwrap(), bytes), (&vec![HOUR], [2, 2]));
}

#[test]
fn an_isolated_machine_has_the_time_of_this_one() {
    let context = TestContext::isolated();
    context.advance(HOUR);
    let (before, start) = (SystemContext.now(), Instant::now());
    context.sleep(Duration::from_millis(5));
    assert!(start.elapsed() >= Duration::from_millis(5));
    let ahead = context.now().duration_since(before).unwrap();
    assert!(ahead >= HOUR && ahead <= HOUR + start.elapsed() + Duration::from_secs(60), "{ahead:?}");
    let (mut one, mut other) = ([0; 16], [0; 16]);
    Context::random(&context, &mut one);
    Context::random(&context, &mut other);
    assert_ne!(one, other);
}

#[test]
fn content_is_not_shown() {
    let context = TestContext::new().variable("AWS_SECRET_ACCESS_KEY", "hush").file("/secret", "hush");
    let shown = format!("{context:?}");
    assert!(shown.contains("AWS_SECRET_ACCESS_KEY") && shown.contains("/secret"), "{shown}");
    assert!(!shown.contains("hush") && !shown.contains("104"), "{shown}");
}
