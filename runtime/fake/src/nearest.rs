//! Names that were probably meant.

/// The known name that was probably meant: close to the one that was written, or the same in other case.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Longer names are not compared, for the time grows with the square of the length.
    const MAX: usize = 100;
    let written = name.to_lowercase();
    if written.len() > MAX {
        return None;
    }
    let measured = known.into_iter().map(|known| (distance(&written, &known.to_lowercase()), known));
    measured.min().filter(|(distance, _)| *distance <= 1 + name.len() / 4).map(|(_, known)| known)
}

/// Characters to insert, delete or replace until one text is the other (Levenshtein distance).
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (at, here) in from.chars().enumerate() {
        let mut diagonal = at;
        let mut left = at + 1;
        for (cell, there) in row.iter_mut().zip([None].into_iter().chain(to.chars().map(Some))) {
            if let Some(there) = there {
                left = (diagonal + usize::from(here != there)).min(*cell + 1).min(left + 1);
                diagonal = *cell;
            }
            *cell = left;
        }
    }
    row.pop().unwrap_or_default()
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
        for (from, to, expected) in
            [("", "", 0), ("", "ab", 2), ("ab", "", 2), ("kitten", "sitting", 3), ("äb", "äc", 1)]
        {
            assert_eq!(distance(from, to), expected, "{from} {to}");
            assert_eq!(distance(to, from), expected, "{to} {from}");
        }
    }
}
