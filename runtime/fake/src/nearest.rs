//! Suggestions for misspelt names.

use strsim::levenshtein;

/// The known name that was probably meant: similar to the given one, or equal except for case.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Longer names are not compared, since the time grows with the square of the length.
    const MAX: usize = 100;
    let written = name.to_lowercase();
    if written.len() > MAX {
        return None;
    }
    let measured = known.into_iter().map(|known| (levenshtein(&written, &known.to_lowercase()), known));
    measured.min().filter(|(distance, _)| *distance <= 1 + name.len() / 4).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_were_meant() {
        let known = ["throttled", "forbidden-waf", "forbidden-mtls", "RegionId"];
        for (name, meant) in [
            ("throttled", Some("throttled")),
            ("trottled", Some("throttled")),
            ("throttle", Some("throttled")),
            ("Forbidden-WAF", Some("forbidden-waf")),
            ("forbiden_mtls", Some("forbidden-mtls")),
            ("regionid", Some("RegionId")),
            ("region_id", Some("RegionId")),
            ("quota", None),
            ("", None),
            (&"r".repeat(1000), None),
        ] {
            assert_eq!(nearest(name, known), meant, "{name}");
        }
        assert_eq!(nearest("x", []), None);
    }
}
