//! Properties of any text.

use gatewright_runtime::explain::{
    Refused,
    signature::{SignedRequest, Verdict, find},
};
use proptest::{collection::vec, prelude::*, sample::Index};

use crate::stage::{BODY, canonical, compared, date, message, refusal, signed};

/// Pieces that messages are made of, in an order that nobody intends.
const PIECES: &[&str] = &[
    "The Canonical String for this request should have been\n'",
    "the canonical string for this request should have been ",
    "The String-to-Sign should have been\n'",
    "The request signature we calculated does not match",
    "'",
    "\n",
    " ",
    "\\n",
    "\\u00",
    "&apos;",
    "&#x",
    "&amp;",
    "<Error>",
    "GET\n/%\n%&=%2&X-Amz-Security-Token=*&a=+",
    "host:h\nx-amz-security-token:hush\n\n",
    "host;x-amz-security-token\nUNSIGNED-PAYLOAD",
    "Signature expired: 20261122T120000Z (",
    "Signature not yet current: ",
    "99999999T999999Z - 99999999999 min.)",
    "Credential should be scoped to a valid region, not '",
    "Date in Credential scope does not match '",
    "Credential must have exactly got '",
    "Authorization header requires '",
    "must be a 'SignedHeader'",
    "in Authorization header: 'ä",
    "é…\u{2028}",
];

fn any_message() -> impl Strategy<Value = String> {
    let piece =
        prop_oneof![prop::sample::select(PIECES).prop_map(str::to_owned), "\\PC{0,12}", any::<String>()];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn text() -> impl Strategy<Value = [String; 5]> {
    (
        "[A-Z]{3,7}",
        "(/[a-z0-9._~-]{1,6}){1,3}",
        "([a-z]{1,4}=[a-zA-Z0-9]{0,4}&){0,3}[a-z]{1,4}=[a-z0-9]{1,4}",
        "[a-z]{1,10}(:[0-9]{2,4})?",
        // Without backslashes: on one line, `\n` is taken for a line end.
        r"[!-\[\]-~]{1,8}( [!-\[\]-~]{1,8}){0,2}",
    )
        .prop_map(|(method, path, query, host, value)| [method, path, query, host, value])
}

fn written([method, path, query, host, value]: &[String; 5]) -> String {
    let headers = [("host", host.as_str()), ("x-amz-date", "20261122T120000Z"), ("x-value", value.as_str())];
    canonical(method, path, query, &headers, BODY)
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(
        message in any_message(),
        ours in any_message(),
        string_to_sign in any_message(),
        code in any::<Option<String>>(),
        status in any::<u16>(),
        known in any::<bool>(),
    ) {
        let signed = SignedRequest::from_texts(&ours, &string_to_sign, &message, known);
        let mut refusal = Refused::default();
        refusal.signed = known.then(|| signed.clone());
        refusal.authorization_scheme = code.clone();
        refusal.target = code.clone();
        refusal.host = code.clone();
        refusal.response.status = status;
        refusal.fault.exception = code.clone();
        refusal.fault.message = Some(message.clone());
        date(&mut refusal, Some(signed.signed_at));
        refusal.response.received_at = Some(std::time::SystemTime::UNIX_EPOCH);
        if let Some(finding) = find(&refusal) {
            let shown = format!("{} {finding:?} {refusal:?}", finding.explain(&refusal));
            prop_assert!(!shown.is_empty());
        }
    }

    #[test]
    fn equal_texts_leave_only_the_secret(parts in text(), as_words in any::<bool>(), mask in any::<bool>()) {
        let mut ours = written(&parts).replace("x-value", "x-api-key");
        let message = message(&ours);
        if mask {
            ours = ours.replace(&format!("x-api-key:{}", parts[4]), "x-api-key:***");
        }
        let message = if as_words { message.replace('\n', " ") } else { message };
        let mut signed = signed(&ours);
        if mask {
            // The string to sign belongs to the text before it was masked.
            signed = SignedRequest::from_texts(&ours, &string_to_sign_of(&message), "AKIA", false);
        }
        let found = find(&refusal(&signed, &message)).map(|finding| finding.verdict);
        prop_assert_eq!(found, Some(Verdict::WrongSecret), "{}", message);
    }

    #[test]
    fn one_changed_line_gives_its_verdict(parts in text(), which in any::<Index>()) {
        let mut changed = parts.clone();
        let which = which.index(parts.len());
        changed[which].push('0');
        let verdict = [
            Verdict::MethodChanged,
            Verdict::PathChanged,
            Verdict::QueryChanged,
            Verdict::HostRewritten,
            Verdict::HeaderChanged,
        ][which];
        let (finding, explanation) = compared(&written(&parts), &written(&changed));
        prop_assert_eq!(finding.verdict, verdict, "{}", explanation);
        prop_assert_eq!(finding.differences.len(), 1, "{}", explanation);
    }
}

/// Nothing that is read takes time beyond its length.
#[test]
fn long_messages_are_read_fast() {
    for piece in PIECES {
        let long = piece.repeat(40_000 / piece.len());
        let after = format!("The Canonical String for this request should have been '{long}");
        for message in [&long, &after] {
            let signed = SignedRequest::from_texts(&long, &long, "AKIA", false);
            let refusal = refusal(&signed, message);
            if let Some(finding) = find(&refusal) {
                assert!(finding.explain(&refusal).to_string().len() < 20_000);
            }
        }
    }
}

fn string_to_sign_of(message: &str) -> String {
    let (_, text) = message.rsplit_once("have been").expect("a message with both texts");
    text.trim().trim_matches('\'').to_owned()
}
