//! Signatures of strangers: none is accepted.
#![no_main]

use std::time::{Duration, UNIX_EPOCH};

use gatewright_runtime::{
    Secret,
    credentials::Credentials,
    sign::{Signable, sigv4::Scope, verify::Verifier},
};
use http::{HeaderName, HeaderValue, Request};
use libfuzzer_sys::{Corpus, fuzz_target};

/// 2026-11-22T12:00:00Z, as the seeds are dated.
const NOW: Duration = Duration::from_secs(1_795_348_800);

fuzz_target!(|head: &str| -> Corpus { verify(head).map_or(Corpus::Reject, |()| Corpus::Keep) });

/// A target on the first line, and a header on each further one.
fn verify(head: &str) -> Option<()> {
    let mut lines = head.lines();
    let mut request = Request::builder().uri(format!("https://api.example.com{}", lines.next()?));
    for line in lines {
        let (name, value) = line.split_once(':')?;
        request = request.header(name.parse::<HeaderName>().ok()?, HeaderValue::from_str(value.trim()).ok()?);
    }
    let request = request.body(Vec::<u8>::new()).ok()?;
    let scope = Scope { region: "us-east-1", service: "execute-api" };
    let keys = |_: &str| Some(Credentials::new("AKIDEXAMPLE", Secret::new("a secret that no input holds")));
    let error = Verifier::new(scope, UNIX_EPOCH + NOW).verify(&Signable::of(&request), keys);
    assert!(!error.expect_err("a forged signature").to_string().is_empty());
    Some(())
}
