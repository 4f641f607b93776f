//! Errors that AWS services share, whether or not a service declares them.

use crate::{
    WireError,
    protocol::bare_name,
    tables::errors::{ALIASES, ERRORS},
};

/// The entry for a name, as in a response or bare.
///
/// Names about signatures, tokens and permissions are also found with or without their ending `Exception`.
pub(super) fn find(name: &str) -> Option<&'static WireError> {
    let name = bare_name(name);
    exact(name).or_else(|| {
        let other = match name.strip_suffix("Exception") {
            Some(short) => exact(short),
            None => exact(&[name, "Exception"].concat()),
        };
        other.filter(|error| error.category.is_about_identity())
    })
}

fn exact(name: &str) -> Option<&'static WireError> {
    let alias = ALIASES.binary_search_by(|(alias, _)| (*alias).cmp(name)).ok();
    let name = alias.and_then(|index| ALIASES.get(index)).map_or(name, |(_, name)| *name);
    WireError::find(ERRORS, name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Category;

    #[test]
    fn tables_can_be_searched() {
        assert!(ERRORS.is_sorted_by(|one, next| one.wire < next.wire));
        assert!(ALIASES.is_sorted_by(|one, next| one.0 < next.0));
        assert_eq!(ERRORS.len(), 49);
        for (alias, name) in ALIASES {
            assert!(WireError::find(ERRORS, alias).is_none(), "{alias} is a name of its own");
            assert_eq!(find(alias).map(|error| error.wire), Some(*name));
        }
    }

    #[test]
    fn every_error_says_why_and_what_to_do() {
        for error in ERRORS {
            for lines in [error.causes, error.remedies] {
                assert!(!lines.is_empty(), "{}", error.wire);
                assert!(lines.iter().all(|line| line.ends_with('.') && line.len() < 160), "{}", error.wire);
            }
            assert!(error.status == 0 || (400..600).contains(&error.status), "{}", error.wire);
        }
    }

    #[track_caller]
    fn check(name: &str, expected: Option<&str>) {
        assert_eq!(find(name).map(|error| error.wire), expected, "{name}");
    }

    #[test]
    fn names_are_found_in_every_spelling() {
        check("SlowDown", Some("SlowDown"));
        check("com.amazon.coral.service#ExpiredTokenException", Some("ExpiredTokenException"));
        check("InvalidSignatureException:http://internal.amazon.com/", Some("InvalidSignatureException"));
        check("InvalidSignature", Some("InvalidSignatureException"));
        check("SignatureDoesNotMatchException", Some("SignatureDoesNotMatch"));
        check("InvalidClientTokenIdException", Some("InvalidClientTokenId"));
        check("AccessDenied", Some("AccessDeniedException"));
        check("SubscriptionRequired", Some("OptInRequired"));
        // Other names are not extended: services have their own with this ending.
        check("SlowDownException", None);
        check("InvalidActionException", None);
        check("slowdown", None);
        check("Exception", None);
        check("", None);
    }

    /// The retry lists of the AWS SDKs.
    #[test]
    fn categories_agree_with_retry_lists() {
        let throttling = "BandwidthLimitExceeded EC2ThrottledException LimitExceededException \
            PriorRequestNotComplete ProvisionedThroughputExceededException RequestLimitExceeded \
            RequestThrottled RequestThrottledException SlowDown ThrottledException Throttling \
            ThrottlingException TooManyRequestsException TransactionInProgressException";
        let lists = [
            (throttling, Category::Throttling),
            ("RequestTimeout RequestTimeoutException", Category::Transient),
            ("RequestExpired RequestInTheFuture RequestTimeTooSkewed", Category::Clock),
        ];
        for (names, category) in lists {
            for name in names.split_whitespace() {
                assert_eq!(find(name).map(|error| error.category), Some(category), "{name}");
            }
        }
    }
}
