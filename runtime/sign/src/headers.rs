//! The headers that a signature covers.

use http::HeaderMap;

use super::texts::lossy;
use crate::wire::headers::is_unsigned;

/// The headers that a signature covers: name and value, sorted by name; values of one name stay in order.
#[derive(Clone)]
pub(super) struct SignedHeaders<'a>(pub(super) Vec<(&'a str, &'a [u8])>);

impl<'a> SignedHeaders<'a> {
    /// Takes the headers that reach the service unchanged.
    pub(super) fn all(headers: &'a HeaderMap) -> Self {
        let all = headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        let mut signed: Vec<(&str, &[u8])> = all.filter(|(name, _)| !is_unsigned(name)).collect();
        // Stable, so that the values of one name stay in order.
        signed.sort_by_key(|(name, _)| *name);
        Self(signed)
    }

    /// The first value of a header, if it is covered.
    pub(super) fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.0.iter().find(|(covered, _)| *covered == name).map(|(_, value)| *value)
    }

    /// Appends the names, joined by `;`.
    pub(super) fn names(&self) -> Vec<u8> {
        let mut names = Vec::new();
        self.write_names(&mut names);
        names
    }

    /// Every name with its values.
    fn by_name(&self) -> impl Iterator<Item = (&'a str, &[(&'a str, &'a [u8])])> {
        let groups = self.0.chunk_by(|(one, _), (next, _)| one == next);
        groups.filter_map(|values| Some((values.first()?.0, values)))
    }

    pub(super) fn write_names(&self, out: &mut Vec<u8>) {
        for (index, (name, _)) in self.by_name().enumerate() {
            out.extend_from_slice(if index == 0 { b"" } else { b";" });
            out.extend_from_slice(name.as_bytes());
        }
    }

    /// Appends names and values, one pair per line.
    pub(super) fn lines(&self) -> Vec<(String, String)> {
        let line = |(name, values): (&str, _)| {
            let mut joined = Vec::new();
            write_values(&mut joined, values);
            (name.to_owned(), lossy(&joined))
        };
        self.by_name().map(line).collect()
    }

    /// One line per name.
    pub(super) fn write_lines(&self, out: &mut Vec<u8>) {
        for (index, (name, values)) in self.by_name().enumerate() {
            out.extend_from_slice(if index == 0 { b"" } else { b"\n" });
            out.extend_from_slice(name.as_bytes());
            out.push(b':');
            write_values(out, values);
        }
        out.push(b'\n');
    }
}

/// Appends the values of one name, joined by commas.
fn write_values(out: &mut Vec<u8>, values: &[(&str, &[u8])]) {
    for (index, (_, value)) in values.iter().enumerate() {
        out.extend_from_slice(if index == 0 { b"" } else { b"," });
        write_folded(out, value);
    }
}

/// Trims a header value, and shortens each run of spaces within the value to one space.
fn write_folded(out: &mut Vec<u8>, value: &[u8]) {
    let value = value.trim_ascii();
    let after = value.get(1..).unwrap_or_default();
    // Compares every pair instead of stopping at the first match: the compiler then handles 16 bytes at a time.
    let is_space = |byte: u8| u8::from(byte == b' ');
    let runs = value.iter().zip(after).fold(0, |runs, (&one, &next)| runs | (is_space(one) & is_space(next)));
    if runs == 0 {
        out.extend_from_slice(value);
        return;
    }
    let mut previous = 0;
    for &byte in value {
        if byte != b' ' || previous != b' ' {
            out.push(byte);
        }
        previous = byte;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, folded: &str) {
        let mut out = Vec::new();
        write_folded(&mut out, value.as_bytes());
        assert_eq!(String::from_utf8(out).unwrap(), folded);
    }

    #[test]
    fn header_values() {
        check("", "");
        check("   ", "");
        check(" a ", "a");
        check("a  b", "a b");
        check("  \"a   b  c\" ", "\"a b c\"");
        check("a long value with single spaces and  one run", "a long value with single spaces and one run");
    }
}
