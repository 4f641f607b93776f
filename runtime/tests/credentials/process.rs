//! Programs that tell credentials.

use std::time::{Duration, Instant};

use gatewright_runtime::credentials::ProcessCredentials;

use crate::{
    machine::Machine,
    support::{WAYS, fails, on_thread, told},
};

fn source(command: &str) -> ProcessCredentials {
    ProcessCredentials::new(Machine::default().shared(), command)
}

/// A shell that runs a script; the only shell there is.
fn script(script: &str) -> String {
    assert!(!script.contains('\''));
    format!("/bin/sh -c '{script}'")
}

#[test]
fn what_it_prints_is_used() {
    let permanent = r#"echo "{\"Version\":1,\"AccessKeyId\":\"PID\",\"SecretAccessKey\":\"s\"}""#;
    let temporary = r#"echo "{\"Version\":1,\"AccessKeyId\":\"PID\",\"SecretAccessKey\":\"s\",
        \"SessionToken\":\"t\",\"Expiration\":\"1970-01-01T00:10:00Z\"}"; echo hello >&2"#;
    let marked = permanent.replace("echo \"", r#"printf "\\357\\273\\277%s" ""#);
    for way in WAYS {
        assert_eq!(told(way(&source(&script(permanent)))), "PID s - 0");
        assert_eq!(told(way(&source(&script(&marked)))), "PID s - 0");
        assert_eq!(told(way(&source(&script(temporary)))), "PID s t 600");
    }
}

#[test]
fn it_is_run_again_when_they_expire() {
    let machine = Machine::default().shared();
    let folder = std::env::temp_dir().join(format!("gatewright-process-{}", std::process::id()));
    let runs = folder.display();
    let text = format!(
        r#"echo x >> {runs}; echo "{{\"Version\":1,\"AccessKeyId\":\"PID\",\"SecretAccessKey\":\"s\",
            \"SessionToken\":\"t\",\"Expiration\":\"1970-01-01T01:00:00Z\"}}""#
    );
    let source = ProcessCredentials::new(std::sync::Arc::clone(&machine) as _, &script(&text));
    for _ in 0..3 {
        told(on_thread(&source));
    }
    machine.advance(3500);
    told(on_thread(&source));
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
fn what_goes_wrong_is_told_without_secrets() {
    for (text, part) in [
        ("exit 3", "it ended with exit status: 3"),
        ("echo no way >&2; exit 1", "it ended with exit status: 1, and wrote: no way"),
        (
            r#"echo "{\"SecretAccessKey\":\"TOPSECRET\"} password=TOPSECRET" >&2; exit 1"#,
            "and wrote: {\"SecretAccessKey\":\"***\"} password=***",
        ),
        ("kill -9 $$", "signal: 9"),
        ("echo TOPSECRET", "invalid JSON"),
        (r#"echo "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"TOPSECRET\"}""#, "has no Version 1"),
        (r#"echo "{\"Version\":\"1\"}""#, "has no Version 1"),
        (r#"echo "{\"Version\":1,\"AccessKeyId\":\"A\"}""#, "SecretAccessKey is missing"),
        ("head -c 2000000 /dev/zero", "it printed more than 1 MiB"),
        ("head -c 2000000 /dev/zero >&2; exit 4", "it ended with exit status: 4"),
    ] {
        fails(|| Box::new(source(&script(text))), &[part]);
    }
    assert!(!format!("{:?}", source("x TOPSECRET")).contains("TOPSECRET"));
}

#[test]
fn a_slow_one_is_ended() {
    let began = Instant::now();
    for text in ["sleep 60", "exec sleep 60", "exec >&- 2>&-; sleep 60"] {
        let timeout = Duration::from_millis(60);
        let slow = || ProcessCredentials::with_timeout(Machine::default().shared(), &script(text), timeout);
        fails(|| Box::new(slow()), &["no answer within 60ms"]);
    }
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn endless_time_is_no_trouble() {
    let endless = |text: &str| {
        ProcessCredentials::with_timeout(Machine::default().shared(), &script(text), Duration::MAX)
    };
    let permanent = r#"echo "{\"Version\":1,\"AccessKeyId\":\"PID\",\"SecretAccessKey\":\"s\"}""#;
    for way in WAYS {
        assert_eq!(told(way(&endless(permanent))), "PID s - 0");
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
        assert_eq!(told(on_thread(&source(&script(&text)))), "PID s t 3600", "{time}");
    }
}

#[test]
fn one_that_nobody_waits_for_is_ended() {
    let marker = std::env::temp_dir().join(format!("gatewright-awaited-{}", std::process::id()));
    let text = format!("sleep 0.3; echo > {}", marker.display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let source = source(&script(&text));
    runtime.block_on(async {
        let provided = gatewright_runtime::credentials::ProvideCredentials::provide(&source);
        assert!(tokio::time::timeout(Duration::from_millis(50), provided).await.is_err());
    });
    for _ in 0..6 {
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(!marker.exists());
}
