//! The call loop keeps its rules, whatever a service does.

use std::time::Duration;

use gatewright_runtime::{
    Error,
    settings::RetryMode,
    transport::{Reached, TransportErrorKind as Kind},
};
use proptest::prelude::*;

use crate::{
    OK,
    drivers::Driver,
    move_,
    stage::{self, Act, List, Script},
};

/// What may be retried always, only if that is harmless, and never.
const HARMLESS: &[Act] = &[
    Act::Respond(503, ""),
    Act::Respond(429, ""),
    Act::RespondWith(503, &[("retry-after", "86400")], ""),
    Act::RespondWith(429, &[("x-amz-retry-after", "99999999999")], "{}"),
    Act::Fail(Kind::Connect, Reached::NotSent),
    Act::Fail(Kind::Closed, Reached::NotSent),
    Act::Fail(Kind::Closed, Reached::StaleUnsent),
];
const UNKNOWN: &[Act] = &[
    Act::Respond(500, "<html>"),
    Act::Respond(504, ""),
    Act::Respond(200, ""),
    Act::Respond(200, "null"),
    Act::Respond(204, "[[["),
    Act::Fail(Kind::Closed, Reached::MaybeSent),
    Act::Fail(Kind::Closed, Reached::StaleConnection),
    Act::Fail(Kind::Protocol, Reached::MaybeSent),
    Act::Hang,
];
const FINAL: &[Act] = &[
    OK,
    Act::Respond(400, r#"{"__type":"BadRequest"}"#),
    Act::Respond(404, ""),
    Act::Respond(302, ""),
    Act::RespondWith(403, &[("date", "Sun, 22 Nov 2026 12:00:00 GMT")], r#"{"__type":"RequestExpired"}"#),
    Act::Fail(Kind::TooLarge, Reached::MaybeSent),
];

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        proptest::sample::select(HARMLESS),
        proptest::sample::select(UNKNOWN),
        proptest::sample::select(FINAL),
    ];
    proptest::collection::vec(act, 60)
}

proptest! {
    #[test]
    fn whatever_a_service_does(
        acts in acts(),
        calls in proptest::collection::vec((0..5_u32, any::<bool>(), any::<bool>(), 0..40_u64), 1..8),
        adaptive in any::<bool>(),
    ) {
        let script = Script::new(acts.clone());
        let mode = if adaptive { RetryMode::Adaptive } else { RetryMode::Standard };
        let client = stage::builder(&script).retry_mode(mode).build().unwrap().0;
        let mut sent = 0;
        for (max_attempts, reads, everything, seconds) in calls {
            let timeout = Duration::from_secs(seconds);
            let (error, took) = if reads {
                let call = client.call(List::default()).max_attempts(max_attempts).operation_timeout(timeout);
                let (outcome, took) = Driver::Blocking.time(&script.clock, call);
                (outcome.err(), took)
            } else {
                let call = client.call(move_()).max_attempts(max_attempts).operation_timeout(timeout);
                let call = call.retry_everything(everything);
                let (outcome, took) = Driver::Blocking.time(&script.clock, call);
                (outcome.err(), took)
            };
            let now = script.attempts();
            let played = acts.get(sent..now).unwrap();
            sent = now;
            let is = |act: &Act, list: &[Act]| list.iter().any(|other| format!("{other:?}") == format!("{act:?}"));
            let stale = |act: &&Act| matches!(act, Act::Fail(_, Reached::StaleConnection | Reached::StaleUnsent));
            if let Some((last, before)) = played.split_last() {
                // Repeated requests were worth it and harmless; up to three stale connections do not count as attempts.
                let may_repeat = reads || everything;
                for act in before {
                    prop_assert!(is(act, HARMLESS) || may_repeat && is(act, UNKNOWN), "{played:?}");
                }
                let free = played.iter().filter(stale).count().min(3);
                prop_assert!(played.len() <= max_attempts.max(1) as usize + free, "{played:?}");
                prop_assert_eq!(error.is_none(), is(last, &[OK]), "{:?}", played);
            }
            if let Some(error) = &error {
                prop_assert!(error.attempts() <= max_attempts.max(1));
                prop_assert!(!matches!(error, Error::Input(_) | Error::Credentials(_)));
            }
            prop_assert!(took <= timeout, "{took:?}");
            prop_assert!(client.retry_tokens() <= 500);
        }
    }
}
