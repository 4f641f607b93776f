//! Kinds of signatures: the one that signs, and explanations of refusals.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use gatewright_runtime::{
    Client, Error, Secret,
    credentials::Credentials,
    explain::{
        Evidence, Outcome, Refused,
        signature::{SignedRequest, Verdict},
    },
    sign::{
        Auth, Signable,
        rpc_verify::{Verifier, VerifyError},
    },
};

use crate::{
    OK,
    drivers::{DRIVERS, Driver},
    stage::{self, Act, List, Name, Script, noon},
};

fn credentials(secret: &str) -> Credentials {
    Credentials::new("LTAIEXAMPLE", Secret::new(secret)).with_session_token(Secret::new("hush-token"))
}

fn client(auth: Auth, acts: impl IntoIterator<Item = Act>) -> (Client, Script, Arc<AtomicU8>) {
    let script = Script::new(acts);
    let thrown = Arc::new(AtomicU8::new(0));
    let dice = Arc::clone(&thrown);
    // Every nonce is another one.
    let context = script.clock.clone().random(move |bytes| {
        if bytes.len() == 16 {
            bytes.fill(dice.fetch_add(1, Ordering::Relaxed));
        }
    });
    let builder = stage::builder(&script).context(context).credentials(credentials("hush")).auth(auth);
    // What the request carries beside the body, in either kind of signature.
    let builder = builder.endpoint_url("https://stage.example.com/");
    (builder.build().unwrap().0, script, thrown)
}

#[test]
fn every_attempt_has_a_nonce_of_its_own() {
    for (driver, auth) in
        DRIVERS.into_iter().flat_map(|driver| [(driver, Auth::RPC_V1), (driver, Auth::ACS3)])
    {
        let (client, script, thrown) = client(auth, [Act::Respond(503, ""), OK]);
        driver
            .make(client.call(List::default()).header("x-acs-action", "List").header("x-acs-version", "1"))
            .unwrap();
        let seen = script.seen.lock().unwrap();
        let nonces: Vec<_> = seen
            .iter()
            .map(|request| {
                let verified = Verifier::new(noon())
                    .verify(&Signable::of(request), |id| (id == "LTAIEXAMPLE").then(|| credentials("hush")))
                    .unwrap();
                assert!(!request.headers().contains_key("x-amz-date"));
                verified.nonce
            })
            .collect();
        assert_eq!(nonces, ["0".repeat(32), "01".repeat(16)]);
        assert_eq!(thrown.load(Ordering::Relaxed), 2);
    }
}

#[test]
fn no_random_bytes_are_used_without_a_nonce() {
    for driver in DRIVERS {
        let (client, script, thrown) = client(Auth::sigv4("stage"), [OK]);
        driver.make(client.call(List::default())).unwrap();
        assert!(script.seen.lock().unwrap()[0].headers().contains_key("x-amz-date"));
        assert_eq!(thrown.load(Ordering::Relaxed), 0);
    }
}

/// What a service says that knows another secret, after `change` of its message.
fn refusal(auth: Auth, change: impl FnOnce(String) -> String) -> Error<Name> {
    let call = |client: &Client| {
        let call = client.call(List::default()).header("x-acs-action", "List").header("x-acs-version", "1");
        Driver::Awaiting.make(call)
    };
    let (accepted, script, _) = client(auth, [OK]);
    call(&accepted).unwrap();
    let request = script.seen.lock().unwrap()[0].clone();
    let refused = Verifier::new(noon()).verify(&Signable::of(&request), |_| Some(credentials("other")));
    let refused = refused.unwrap_err();
    assert!(matches!(refused, VerifyError::Mismatch { .. }));
    let message = change(refused.to_string());
    let body = serde_json::json!({ "__type": "SignatureDoesNotMatch", "message": message }).to_string();
    // A nonce that starts over makes the second request the same as the first.
    let (client, ..) = client(auth, [Act::Respond(400, body.leak())]);
    call(&client).unwrap_err()
}

#[track_caller]
fn check(error: &Error<Name>, verdict: &str, evidence: &str) {
    let text = error.explain().to_string();
    assert!(text.contains(verdict) && text.contains(evidence), "{text}");
    let saved = error.evidence().to_json();
    let again = Evidence::from_json(&saved).unwrap().finding(None).unwrap();
    assert_eq!(error.evidence().finding(None), Some(again));
    let signed = error.as_service().unwrap().signed().unwrap();
    for shown in [text, saved, error.to_string(), format!("{error:?} {signed:?} {:?}", signed.to_texts())] {
        assert!(!shown.contains("hush"), "{shown}");
    }
}

#[test]
fn equal_strings_to_sign_mean_a_wrong_secret() {
    for auth in [Auth::RPC_V1, Auth::ACS3] {
        check(&refusal(auth, |message| message), "(wrong_secret)", "only the secret can differ");
    }
}

#[test]
fn the_first_parameter_that_differs_is_reported() {
    let error = refusal(Auth::RPC_V1, |message| message.replace("12%253A00%253A00Z", "12%253A00%253A01Z"));
    check(&error, "(query_changed)", "Timestamp=2026-11-22T12%3A00%3A01Z");
    let error = refusal(Auth::RPC_V1, |message| message.replace("is:POST", "is:GET"));
    check(&error, "(method_changed)", "method: signed `POST`, the service has `GET`");
    let error = refusal(Auth::RPC_V1, |message| message.replace("hush-token", "hus"));
    check(&error, "(query_changed)", "SecurityToken=***");
    let error = refusal(Auth::ACS3, |message| message.replace("x-acs-action:List", "x-acs-action:Load"));
    // Values that the caller set may be secrets.
    check(&error, "(header_changed)", "x-acs-action: signed `***`, the service has `Load`");
    // A message that was cut shows no more than a hash.
    let error = refusal(Auth::ACS3, |message| {
        message.split('\n').next().unwrap().to_owned() + "\n" + &"0".repeat(64)
    });
    check(&error, "(undetermined_mismatch)", "hash of the canonical request");
}

#[test]
fn a_refused_time_is_one_of_the_clock() {
    for auth in [Auth::RPC_V1, Auth::ACS3] {
        let body = r#"{"__type":"InvalidTimeStamp.Expired","message":"Specified time stamp or date value is expired."}"#;
        let act = Act::RespondWith(400, &[("date", "Sun, 22 Nov 2026 12:20:00 GMT")], body);
        let (client, ..) = client(auth, [act]);
        let error = Driver::Awaiting.make(client.call(List::default())).unwrap_err();
        let text = error.explain().to_string();
        assert!(text.contains("(clock_skew)"), "{text}");
    }
}

#[test]
fn evidence_has_the_scheme_of_the_client() {
    for auth in [Auth::RPC_V1, Auth::ACS3] {
        let (client, ..) = client(auth, [Act::Respond(400, r#"{"__type":"BadRequest"}"#)]);
        let error = Driver::Awaiting.make(client.call(List::default())).unwrap_err();
        let Outcome::Service(refused) = error.evidence().outcome else { panic!("{error:?}") };
        assert_eq!((refused.authorization_scheme.as_deref(), refused.signed), (Some(auth.algorithm()), None));
    }
}

#[test]
fn a_code_without_an_exception_is_explained_too() {
    let string = "POST&%2F&AccessKeyId%3DLTAI%26Name%3Da%2520b%26Password%3Dhush%26Timestamp%3D2026-11-22T12%253A00%253A00Z";
    let find = |theirs: &str| {
        let mut refused = Refused::of_text("");
        refused.fault.code = Some("SignatureDoesNotMatch".to_owned());
        refused.fault.message = Some(format!("no match. server string to sign is:{theirs} see the manual"));
        let refused = refused.with_signed(&SignedRequest::from_texts("", string, "LTAI", false));
        let signed = refused.signed.as_ref().unwrap();
        assert!(!signed.to_texts().1.contains("hush") && !format!("{signed:?}").contains("hush"));
        Evidence::of_refused(refused, "refused").finding(None).unwrap()
    };
    assert_eq!(find(string).verdict, Verdict::WrongSecret);
    let plus = find(&string.replace("a%2520b", "a%2Bb"));
    assert_eq!((plus.verdict, plus.parameter.as_deref()), (Verdict::QueryEncoding, Some("Name")));
    let dropped = find(&string.replace("Name%3Da%2520b%26", ""));
    assert_eq!((dropped.verdict, dropped.parameter.as_deref()), (Verdict::QueryChanged, Some("Name")));
}
