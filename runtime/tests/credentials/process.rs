//! Programs that print credentials.

use std::time::{Duration, Instant};

use gatewright_fake::TestContext;
use gatewright_runtime::credentials::{ProcessCredentials, ProvideCredentials as _};

use crate::{
    drivers::{DRIVERS, Driver},
    support::{fails, shown},
};

fn source(command: &str) -> ProcessCredentials {
    ProcessCredentials::new(TestContext::new().shared(), command)
}

/// A shell that runs a script; the only shell there is.
fn script(script: &str) -> String {
    assert!(!script.contains('\''));
    format!("/bin/sh -c '{script}'")
}

#[test]
fn the_output_of_the_program_is_used() {
    let permanent = r#"echo "{\"Version\":1,\"AccessKeyId\":\"PID\",\"SecretAccessKey\":\"s\"}""#;
    let temporary = r#"echo "{\"Version\":1,\"AccessKeyId\":\"PID\",\"SecretAccessKey\":\"s\",
        \"SessionToken\":\"t\",\"Expiration\":\"1970-01-01T00:10:00Z\"}"; echo hello >&2"#;
    let marked = permanent.replace("echo \"", r#"printf "\\357\\273\\277%s" ""#);
    for driver in DRIVERS {
        assert_eq!(shown(driver.provide(&source(&script(permanent)))), "PID s - 0");
        assert_eq!(shown(driver.provide(&source(&script(&marked)))), "PID s - 0");
        assert_eq!(shown(driver.provide(&source(&script(temporary)))), "PID s t 600");
    }
}

#[test]
fn it_is_run_again_when_they_expire() {
    let machine = TestContext::new();
    let folder = std::env::temp_dir().join(format!("gatewright-process-{}", std::process::id()));
    let runs = folder.display();
    let text = format!(
        r#"echo x >> {runs}; echo "{{\"Version\":1,\"AccessKeyId\":\"PID\",\"SecretAccessKey\":\"s\",
            \"SessionToken\":\"t\",\"Expiration\":\"1970-01-01T01:00:00Z\"}}""#
    );
    let source = ProcessCredentials::new(machine.shared(), &script(&text));
    for _ in 0..3 {
        shown(Driver::Blocking.provide(&source));
    }
    machine.advance(Duration::from_secs(3500));
    shown(Driver::Blocking.provide(&source));
    let count = std::fs::read_to_string(&folder).unwrap().lines().count();
    std::fs::remove_file(&folder).unwrap();
    assert_eq!(count, 2);
}

#[test]
fn no_shell_reads_the_command() {
    fails(
        || Box::new(source("echo $HOME; echo `x` > /dev/null")),
        &["credential process `echo`", "invalid JSON"],
    );
    fails(|| Box::new(source("")), &["the command is empty"]);
    fails(|| Box::new(source("a 'b")), &["the command ends within single quotes"]);
    fails(
        || Box::new(source("/does/not/exist --secret TOPSECRET")),
        &["`/does/not/exist`: it cannot be run: "],
    );
}

#[test]
fn failures_are_reported_without_secrets() {
    for (text, part) in [
        ("exit 3", "it ended with exit status: 3"),
        ("echo no way >&2; exit 1", "it ended with exit status: 1, and wrote: no way"),
        (
            r#"echo "{\"SecretAccessKey\":\"TOPSECRET\"} password=TOPSECRET" >&2; exit 1"#,
            "and wrote: {\"SecretAccessKey\":\"***\"} password=***",
        ),
        ("kill -9 $$", "signal: 9"),
        ("echo TOPSECRET", "invalid JSON"),
        (r#"echo "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"TOPSECRET\"}""#, "does not have `Version` 1"),
        (r#"echo "{\"Version\":\"1\"}""#, "does not have `Version` 1"),
        (r#"echo "{\"Version\":1,\"AccessKeyId\":\"A\"}""#, "SecretAccessKey is missing"),
        (
            r#"echo "{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"TOPSECRET\",\"Expiration\":1893456000}""#,
            "Expiration is not a date and time like 2030-01-31T23:59:59Z",
        ),
        ("head -c 2000000 /dev/zero", "it printed more than 1 MiB"),
        ("head -c 2000000 /dev/zero >&2; exit 4", "it ended with exit status: 4"),
    ] {
        fails(|| Box::new(source(&script(text))), &[part]);
    }
    assert!(!format!("{:?}", source("x TOPSECRET")).contains("TOPSECRET"));
}

#[test]
fn a_slow_program_is_ended() {
    let began = Instant::now();
    for text in ["sleep 60", "exec sleep 60", "exec >&- 2>&-; sleep 60"] {
        let timeout = Duration::from_millis(60);
        let slow = || ProcessCredentials::with_timeout(TestContext::new().shared(), &script(text), timeout);
        fails(|| Box::new(slow()), &["it did not end within 60ms"]);
    }
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_program_that_leaves_another_one_behind_is_told_apart() {
    let left = || {
        let timeout = Duration::from_millis(500);
        ProcessCredentials::with_timeout(TestContext::new().shared(), &script("sleep 2 & exit 0"), timeout)
    };
    fails(
        || Box::new(left()),
        &[
            "it has ended, but its output is still open after 500ms: a program that it started holds it; redirect",
        ],
    );
    // The other one may still write the rest.
    let late =
        r#"(sleep 0.3; echo "{\"Version\":1,\"AccessKeyId\":\"PID\",\"SecretAccessKey\":\"s\"}") & exit 0"#;
    assert_eq!(shown(Driver::Blocking.provide(&source(&script(late)))), "PID s - 0");
}

#[test]
fn unlimited_timeouts_work() {
    let endless = |text: &str| {
        ProcessCredentials::with_timeout(TestContext::new().shared(), &script(text), Duration::MAX)
    };
    let permanent = r#"echo "{\"Version\":1,\"AccessKeyId\":\"PID\",\"SecretAccessKey\":\"s\"}""#;
    for driver in DRIVERS {
        assert_eq!(shown(driver.provide(&endless(permanent))), "PID s - 0");
    }
    fails(|| Box::new(endless("exit 3")), &["it ended with exit status: 3"]);
}

#[test]
fn expirations_of_other_programs_are_read() {
    for time in
        ["1970-01-01T01:00:00+0000", "1970-01-01 01:00:00Z", "1970-01-01t01:00:00.5z", "19700101T0300+02"]
    {
        let text = format!(
            r#"echo "{{\"Version\":1,\"AccessKeyId\":\"PID\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\",
                \"Expiration\":\"{time}\"}}""#
        );
        assert_eq!(shown(Driver::Blocking.provide(&source(&script(&text)))), "PID s t 3600", "{time}");
    }
}

/// Prints credentials that never expire once a file is there, and counts its runs in another.
struct Gated {
    folder: std::path::PathBuf,
    source: ProcessCredentials,
    machine: TestContext,
}

impl Gated {
    fn new(name: &str, expiration: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("gatewright-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let at = folder.display();
        let text = format!(
            r#"echo x >> {at}/runs; until [ -e {at}/open ]; do sleep 0.02; done; echo > {at}/ended;
                echo "{{\"Version\":1,\"AccessKeyId\":\"PID\",\"SecretAccessKey\":\"s\",
                \"SessionToken\":\"t\"{expiration}}}""#
        );
        let machine = TestContext::new();
        let source = ProcessCredentials::new(machine.shared(), &script(&text));
        Self { folder, source, machine }
    }

    fn open(&self) {
        std::fs::write(self.folder.join("open"), "").unwrap();
    }

    fn runs(&self) -> usize {
        std::fs::read_to_string(self.folder.join("runs")).map_or(0, |runs| runs.lines().count())
    }

    /// A call that is dropped once the program runs.
    fn give_up(&self) {
        let mut provided = self.source.provide();
        let runs = self.runs();
        let mut task = std::task::Context::from_waker(std::task::Waker::noop());
        while self.runs() == runs {
            assert!(provided.as_mut().poll(&mut task).is_pending());
            std::thread::yield_now();
        }
    }

    fn wait_for(&self, name: &str) -> bool {
        let began = Instant::now();
        while !self.folder.join(name).exists() {
            if began.elapsed() > Duration::from_secs(20) {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        true
    }
}

impl Drop for Gated {
    fn drop(&mut self) {
        // Of a test that failed the file may be missing.
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

#[test]
fn one_that_is_slower_than_callers_wait_is_run_once() {
    for driver in DRIVERS {
        let gated = Gated::new("slow", "");
        gated.give_up();
        gated.open();
        assert_eq!((shown(driver.provide(&gated.source)), gated.runs()), ("PID s t 0".to_owned(), 1));
    }
}

#[test]
fn output_printed_while_no_call_waited_is_used_unless_expired() {
    let expiration = r#",\"Expiration\":\"1970-01-01T01:00:00Z\""#;
    for (later, runs) in [(0, 1), (3500, 1), (3600, 2)] {
        let gated = Gated::new("left", expiration);
        gated.give_up();
        gated.open();
        assert!(gated.wait_for("ended"));
        gated.machine.advance(Duration::from_secs(later));
        shown(Driver::Blocking.provide(&gated.source));
        assert_eq!(gated.runs(), runs, "{later}");
    }
}

#[test]
fn a_program_without_its_source_is_ended() {
    let pid = std::env::temp_dir().join(format!("gatewright-orphan-{}", std::process::id()));
    let text = format!("echo $$ > {}.new; mv {0}.new {0}; exec sleep 300", pid.display());
    let source = source(&script(&text));
    let mut task = std::task::Context::from_waker(std::task::Waker::noop());
    let mut provided = source.provide();
    while !pid.exists() {
        assert!(provided.as_mut().poll(&mut task).is_pending());
        std::thread::yield_now();
    }
    drop(provided);
    drop(source);
    let process = std::path::Path::new("/proc").join(std::fs::read_to_string(&pid).unwrap().trim());
    std::fs::remove_file(&pid).unwrap();
    let began = Instant::now();
    while process.exists() {
        assert!(began.elapsed() < Duration::from_secs(20), "the program runs on");
        std::thread::sleep(Duration::from_millis(5));
    }
}
