//! Paths as they are on the wire.

use crate::percent::is_unreserved;

/// Refuses paths that would not reach the service as signed. Also refuses paths that would be resolved to other paths.
///
/// # Errors
/// The problem, which completes "the path …".
pub fn check(path: &str) -> Result<(), &'static str> {
    if !path.is_empty() && !path.starts_with('/') {
        return Err("does not begin with /");
    }
    if path.contains(['?', '#']) {
        return Err("contains a query or fragment; add parameters by `query`, or write %3F and %23");
    }
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = match (first, after) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => after,
            (b'%', _) => {
                return Err("contains a % without two hexadecimal digits; write %25, or append by `segment`");
            }
            (byte, after) if is_plain(*byte) => after,
            _ => {
                return Err(
                    "contains characters that a path cannot have; percent-encode them, or append by `segment`",
                );
            }
        };
    }
    let segments = path.strip_prefix('/').unwrap_or_default();
    let mut inner = segments.strip_suffix('/').unwrap_or(segments).split('/');
    if !segments.is_empty() && inner.clone().any(str::is_empty) {
        return Err("has an empty segment, which is lost on the way");
    }
    if inner.any(is_dots) {
        return Err("has a segment . or .., which is resolved on the way");
    }
    Ok(())
}

/// Appends a segment, percent-encoded.
///
/// # Errors
/// The problem, which completes "the segment …".
pub fn push(path: &mut String, segment: &str) -> Result<(), &'static str> {
    if segment.is_empty() {
        return Err("is empty, and empty segments are lost on the way");
    }
    if is_dots(segment) {
        return Err("is . or .., which is resolved on the way");
    }
    if !path.ends_with('/') {
        path.push('/');
    }
    path.push_str(&crate::percent::encode_query(segment.as_bytes()));
    Ok(())
}

/// Whether a path may contain a byte unencoded (RFC 3986, 3.3).
fn is_plain(byte: u8) -> bool {
    is_unreserved(byte)
        || matches!(
            byte,
            b'/' | b':' | b'@' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'='
        )
}

/// Whether a segment is `.` or `..`, also percent-encoded, since some servers resolve `%2e`.
fn is_dots(segment: &str) -> bool {
    matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_are_sent_as_they_are() {
        for path in [
            "",
            "/",
            "/pets",
            "/pets/",
            "/a%20b",
            "/a+b",
            "/a%2Fb",
            "/@in",
            "/%40in",
            "/$default/x",
            "/a~b-c_d.e",
            "/a:b",
            "/.well-known",
            "/a..b",
            "/...",
        ] {
            assert_eq!(check(path), Ok(()), "{path}");
        }
    }

    #[track_caller]
    fn check_refused(path: &str, why: &str) {
        let refused = check(path).unwrap_err();
        assert!(refused.contains(why), "{path:?}: {refused}");
    }

    #[test]
    fn paths_that_are_refused() {
        check_refused("pets", "begin with /");
        check_refused("/pets?limit=1", "query");
        check_refused("/pets#1", "fragment");
        check_refused("/a b", "segment");
        check_refused("/caf\u{e9}", "percent-encode");
        check_refused("/a\r\nb", "percent-encode");
        check_refused("/100%", "%25");
        check_refused("/%2", "%25");
        check_refused("/%zz", "%25");
        check_refused("//pets", "empty segment");
        check_refused("/a//b", "empty segment");
        check_refused("/a//", "empty segment");
        check_refused("/a/./b", "resolved");
        check_refused("/a/..", "resolved");
        check_refused("/a/%2e%2E/b", "resolved");
        check_refused("/a/../", "resolved");
    }

    #[test]
    fn segments() {
        let mut path = "/pets".to_owned();
        push(&mut path, "a b/c?d%20é").unwrap();
        assert_eq!(path, "/pets/a%20b%2Fc%3Fd%2520%C3%A9");
        let mut path = "/pets/".to_owned();
        push(&mut path, "7").unwrap();
        assert_eq!(path, "/pets/7");
        for segment in ["", ".", "..", "%2e"] {
            assert!(push(&mut path, segment).is_err(), "{segment:?}");
        }
    }
}
