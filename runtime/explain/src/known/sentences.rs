//! Messages that identify an error without a known name.

use super::KnownBy;

/// Parts of messages, in lower case, and the errors that they identify.
const SENTENCES: &[(&str, &str)] = &[
    ("is not authorized to", "AccessDeniedException"),
    ("access denied", "AccessDeniedException"),
    ("rate exceeded", "ThrottlingException"),
    ("request throttling", "ThrottlingException"),
    ("too many requests", "ThrottlingException"),
    ("reduce your request rate", "SlowDown"),
    ("rate limit exceeded", "ThrottlingException"),
    ("request limit exceeded", "RequestLimitExceeded"),
    // Mostly of resources: a retry does not help, and repeats what may have been done in part.
    ("limit exceeded", "ServiceQuotaExceededException"),
    ("signature expired: ", "RequestExpired"),
    ("signature not yet current: ", "RequestInTheFuture"),
    ("request entity too large", "RequestEntityTooLargeException"),
    ("service unavailable", "ServiceUnavailable"),
];

/// Whole messages, and the errors that they identify.
const WHOLE: &[(&str, &str)] = &[
    ("limit exceeded", "LimitExceededException"),
    ("missing authentication token", "MissingAuthenticationToken"),
];

/// Messages are short; a longer text is not a message of a service.
const MAX_BYTES: usize = 4096;

/// Name of the error that a message reports, and whether the message reports nothing else.
pub(super) fn find(message: &str) -> Option<(&'static str, KnownBy)> {
    let message = message.trim().trim_end_matches('.');
    if message.len() > MAX_BYTES {
        return None;
    }
    let message = message.to_ascii_lowercase();
    let whole = WHOLE.iter().find(|(sentence, _)| message == *sentence);
    let (sentence, name) =
        whole.or_else(|| SENTENCES.iter().find(|(sentence, _)| message.contains(sentence)))?;
    let by = if message == *sentence { KnownBy::Message } else { KnownBy::MessagePart };
    Some((name, by))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(message: &str, expected: Option<(&str, KnownBy)>) {
        assert_eq!(find(message), expected, "{message}");
    }

    #[test]
    fn messages_report_an_error_wholly_or_in_part() {
        check("Rate exceeded", Some(("ThrottlingException", KnownBy::Message)));
        check(" Rate Exceeded. ", Some(("ThrottlingException", KnownBy::Message)));
        check("3 of 5 written; Rate exceeded", Some(("ThrottlingException", KnownBy::MessagePart)));
        check("Too Many Requests", Some(("ThrottlingException", KnownBy::Message)));
        check(
            "Request was denied due to request throttling.",
            Some(("ThrottlingException", KnownBy::MessagePart)),
        );
        check("Please reduce your request rate.", Some(("SlowDown", KnownBy::MessagePart)));
        check("API rate limit exceeded", Some(("ThrottlingException", KnownBy::MessagePart)));
        check("Request limit exceeded.", Some(("RequestLimitExceeded", KnownBy::Message)));
        check("Volume limit exceeded", Some(("ServiceQuotaExceededException", KnownBy::MessagePart)));
        check("Limit Exceeded", Some(("LimitExceededException", KnownBy::Message)));
        check("Missing Authentication Token", Some(("MissingAuthenticationToken", KnownBy::Message)));
        check("Service Unavailable", Some(("ServiceUnavailable", KnownBy::Message)));
        check("Access Denied", Some(("AccessDeniedException", KnownBy::Message)));
        check("the rate is exceeded", None);
        check("", None);
        check(&"rate exceeded ".repeat(1000), None);
    }

    #[test]
    fn every_sentence_identifies_an_error() {
        for (sentence, name) in WHOLE.iter().chain(SENTENCES) {
            assert!(super::super::common::find(name).is_some(), "{name}");
            assert_eq!(*sentence, sentence.to_ascii_lowercase());
        }
    }
}
