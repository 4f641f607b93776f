//! Hosts of single operations: the endpoint's host name with a prefix.
//! <https://smithy.io/2.0/spec/endpoint-traits.html>

use std::net::Ipv4Addr;

use http::{Uri, uri::Authority};

use super::OperationInfo;
use crate::validate::Violation;

/// A part of the prefix of an endpoint's host name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HostPart {
    /// Constant text.
    Text(&'static str),
    /// The value of a member of the request, by its wire name.
    Member(&'static str),
}

/// Longest label of a host name (RFC 1035, section 2.3.4).
const LABEL: usize = 63;

/// Longest host name.
const NAME: usize = 253;

impl OperationInfo {
    /// The endpoint for requests of the operation; `member` reads a member of the request.
    ///
    /// If the endpoint's host is an address or `localhost`, requests are sent to the endpoint itself.
    ///
    /// # Errors
    /// A member with a value that would change other parts of the host name, or a name that is too long.
    pub fn endpoint<'a>(
        &self,
        endpoint: &Uri,
        member: &dyn Fn(&str) -> Option<&'a str>,
    ) -> Result<Uri, Violation> {
        let mut prefix = String::new();
        for part in self.host_prefix {
            match part {
                HostPart::Text(text) => prefix.push_str(text),
                HostPart::Member(name) => prefix.push_str(label(name, member(name).unwrap_or_default())?),
            }
        }
        let host = endpoint.host().unwrap_or_default();
        if !is_name(host) {
            return Ok(endpoint.clone());
        }
        let name = [&prefix, host].concat();
        let is_fine = name.len() <= NAME && name.split('.').all(|label| (1..=LABEL).contains(&label.len()));
        within(endpoint, &prefix).filter(|_| is_fine).ok_or_else(|| {
            let name = name.escape_debug();
            Violation::new(
                "host",
                format!(
                    "the operation's requests go to {name}, which is not a valid host name: a label has at most {LABEL} \
                     characters, the name at most {NAME}; set an endpoint with a shorter name"
                ),
            )
        })
    }
}

/// A value that is one label of a host name or a part of a label (RFC 1123, section 2.1).
fn label<'a>(member: &str, value: &'a str) -> Result<&'a str, Violation> {
    let is_label = (1..=LABEL).contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !value.starts_with('-')
        && !value.ends_with('-');
    is_label.then_some(value).ok_or_else(|| {
        let rule = format!(
            "becomes a part of the host name: give 1 to {LABEL} letters, digits and hyphens, with no hyphen at either end"
        );
        Violation::new(member, rule)
    })
}

/// Whether a host can have a prefix.
fn is_name(host: &str) -> bool {
    let is_address = host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok();
    !is_address && !host.is_empty() && !host.eq_ignore_ascii_case("localhost")
}

fn within(endpoint: &Uri, prefix: &str) -> Option<Uri> {
    let mut parts = endpoint.clone().into_parts();
    let authority = parts.authority.as_ref().map_or("", Authority::as_str);
    parts.authority = Some([prefix, authority].concat().parse().ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: OperationInfo = OperationInfo::new("Do").with_host_prefix(&[
        HostPart::Text("data-"),
        HostPart::Member("Name"),
        HostPart::Text("."),
    ]);

    #[track_caller]
    fn of(endpoint: &str, name: &str) -> Result<String, String> {
        let member = |member: &str| (member == "Name").then_some(name);
        let found = INFO.endpoint(&endpoint.parse().unwrap(), &member);
        found.map(|uri| uri.to_string()).map_err(|violation| violation.to_string())
    }

    #[test]
    fn names_come_before_the_host() {
        for (endpoint, expected) in [
            ("https://example.com", "https://data-a1.example.com/"),
            ("http://example.com:8080/base", "http://data-a1.example.com:8080/base"),
            ("http://127.0.0.1:80", "http://127.0.0.1:80/"),
            ("http://[::1]:80/x", "http://[::1]:80/x"),
            ("http://localhost:4566", "http://localhost:4566/"),
            ("http://1.example", "http://data-a1.1.example/"),
        ] {
            assert_eq!(of(endpoint, "a1").as_deref(), Ok(expected), "{endpoint}");
        }
        let plain = OperationInfo::new("Do").endpoint(&Uri::from_static("https://example.com"), &|_| None);
        assert_eq!(plain.unwrap(), "https://example.com");
    }

    #[test]
    fn values_stay_within_their_place() {
        let long = "a".repeat(64);
        for value in [
            "",
            "-a",
            "a-",
            "a.b",
            ".",
            "a/",
            "evil.example/",
            "a@b",
            "a:80",
            "a#",
            "a?b",
            "a b",
            "a\n",
            "a%2e",
            "ä",
            "a\\b",
            "[",
            &long,
        ] {
            // Addresses have no prefixes, but invalid values are refused for every endpoint.
            for endpoint in ["https://example.com", "http://127.0.0.1:80"] {
                let refused = of(endpoint, value).unwrap_err();
                assert!(
                    refused.starts_with("Name: becomes a part of the host name: give 1 to 63 letters"),
                    "{refused}"
                );
                assert!(value.len() < 3 || !refused.contains(value), "{refused}");
            }
        }
        for value in ["a", "A-1", "0", &long[..58]] {
            assert!(of("https://example.com", value).is_ok(), "{value}");
        }
    }

    #[test]
    fn names_that_are_too_long_are_refused() {
        // Five characters precede the value.
        let refused = of("https://example.com", &"a".repeat(59)).unwrap_err();
        assert!(refused.starts_with("host: the operation's requests go to data-aaa"), "{refused}");
        let host = ["a".repeat(60), "b".repeat(60), "c".repeat(60), "d".repeat(60)].join(".");
        assert!(of(&format!("https://{host}"), "name").is_ok());
        assert!(of(&format!("https://{host}"), "a-long-name").is_err());
    }
}
