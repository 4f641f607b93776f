//! Patterns that Rust's regex engine checks in other words mean the same as the service's own.

use std::iter;

use gatewright_model::{Kind, Pattern, load};

use crate::services::folders;

/// All patterns, by the name of their shape.
fn patterns() -> Vec<(String, Pattern)> {
    let services =
        folders().into_iter().map(|folder| load(&folder).unwrap_or_else(|faults| panic!("{faults}")));
    let patterns = services.flat_map(|service| service.shapes).filter_map(|shape| match shape.kind {
        Kind::String { pattern: Some(pattern), .. } => Some((shape.name, pattern)),
        _ => None,
    });
    patterns.collect()
}

/// Those that Rust's engine cannot check as they are.
fn reworded() -> Vec<(String, Pattern)> {
    patterns().into_iter().filter(|(_, pattern)| regex::Regex::new(&pattern.source).is_err()).collect()
}

/// A match of a part does not suffice, and classes are ASCII classes, as in Java.
#[test]
fn whole_values_match() {
    let patterns = patterns();
    for (shape, value, expected) in [
        ("roleSessionNameType", "a.b@c", true),
        ("roleSessionNameType", "a/b", false),
        ("roleSessionNameType", "é", false),
        ("roleSessionNameType", "a\n", false),
        ("roleSessionNameType", "", true),
        ("tokenCodeType", "123456", true),
        ("tokenCodeType", "١٢٣٤٥٦", false),
        ("tagKeyType", "Größe", true),
        ("IqnName", "iqn.1991-05.com.example:client1", true),
        ("IqnName", "iqn.1991-05.com.example:Client1", false),
        ("VolumeARN", "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-1/volume/vol-1a", true),
        ("VolumeARN", "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-1/volume/vol-1a ", false),
        ("VolumeARN", "x arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-1/volume/vol-1a", false),
        ("TapeARN", "xarn:aws:storagegateway:us-east-1:111122223333:tape/TEST12345", false),
        ("IPV4Address", "192.0.2.10", true),
        ("IPV4Address", "192.0.2.10.", false),
        ("NotificationPolicy", "{}", true),
        ("NotificationPolicy", "{\u{a0}}", false),
    ] {
        let (_, pattern) = patterns.iter().find(|(name, _)| name == shape).unwrap();
        let checked = regex::Regex::new(pattern.checked.as_deref().unwrap()).unwrap();
        assert_eq!(checked.is_match(value), expected, "{shape}: {value:?}");
    }
}

#[test]
fn equivalents_agree_with_their_sources() {
    let texts = texts();
    let patterns = reworded();
    assert!(patterns.len() >= 3, "the model of AWS Storage Gateway has three");
    for (name, pattern) in patterns {
        let matched = compare(&pattern, &texts).unwrap_or_else(|text| panic!("{name}: {text:?}"));
        let share = texts.len() / 100..texts.len() - texts.len() / 100;
        assert!(
            share.contains(&matched),
            "{name}: {matched} of {} match, which tests one side only",
            texts.len()
        );
    }
}

/// The texts distinguish patterns that differ in one number.
#[test]
fn small_differences_are_found() {
    let texts = texts();
    let mut tried = 0;
    for (name, Pattern { source, checked }) in reworded() {
        let checked = checked.unwrap();
        for (part, other) in
            [("{1,6}|", "{1,5}|"), ("{0,5}:|", "{0,4}:|"), ("){5})(?:", "){4})(?:"), ("25[0-5]", "25[0-4]")]
        {
            let different = Pattern { source: source.clone(), checked: Some(checked.replace(part, other)) };
            if different.checked.as_ref() != Some(&checked) {
                assert!(
                    compare(&different, &texts).is_err(),
                    "{name}: {other} for {part} makes no difference"
                );
                tried += 1;
            }
        }
    }
    assert!(tried >= 7, "only {tried} differences were made");
}

/// The number of texts that match, or the first text on which the pattern's two forms differ.
fn compare<'a>(pattern: &Pattern, texts: &'a [String]) -> Result<usize, &'a str> {
    let source = fancy_regex::Regex::new(&format!("^(?:{})$", pattern.source)).unwrap();
    let checked = regex::Regex::new(pattern.checked.as_deref().unwrap()).unwrap();
    let mut matched = 0;
    for text in texts {
        let expected = source.is_match(text).unwrap();
        if checked.is_match(text) != expected {
            return Err(text);
        }
        matched += usize::from(expected);
    }
    Ok(matched)
}

fn texts() -> Vec<String> {
    compressed_addresses().chain(Random(0x9E37_79B9_7F4A_7C15).texts().take(30_000)).collect()
}

/// Every way to leave groups out of an IPv6 address of up to nine groups, with and without an IPv4 tail.
fn compressed_addresses() -> impl Iterator<Item = String> {
    let masks = (1..=9_u32).flat_map(|groups| (0..1_u32 << groups).map(move |mask| (groups, mask)));
    let plain = masks.map(|(groups, mask)| {
        let group = |index| if mask >> index & 1 == 1 { "1f" } else { "" };
        (0..groups).map(group).collect::<Vec<_>>().join(":")
    });
    plain
        .flat_map(|plain| [format!("{plain}:1.2.3.4"), format!("[{plain}]:80"), format!("{plain}/64"), plain])
}

/// Xorshift: the same texts in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn joined(&mut self, separator: &str, lengths: (usize, usize), choices: &[&str]) -> String {
        let length = lengths.0 + self.below(lengths.1 - lengths.0 + 1);
        (0..length).map(|_| self.of(choices)).collect::<Vec<_>>().join(separator)
    }

    /// Addresses, networks and hosts, half of them with a typing error.
    fn texts(mut self) -> impl Iterator<Item = String> {
        const OCTETS: [&str; 16] = [
            "0", "1", "9", "10", "19", "99", "100", "192", "199", "200", "249", "250", "255", "256", "01",
            "260",
        ];
        const GROUPS: [&str; 8] = ["", "", "0", "1", "ab", "FFFF", "12345", "g"];
        const LABELS: [&str; 10] = ["a", "gateway", "A1", "a-b", "0", "10", "-a", "a-", "x_y", ""];
        const AFTER: [&str; 14] =
            ["", "", "", "", "/0", "/24", "/32", "/33", "/64", "/128", "/129", ":80", ":", "."];
        iter::from_fn(move || {
            let odd = self.below(4) == 0;
            let v4 = self.joined(".", if odd { (3, 5) } else { (4, 4) }, &OCTETS[..13]);
            let v6 = self.joined(":", (2, 9), if odd { &GROUPS } else { &GROUPS[..6] });
            let mut text = match self.below(5) {
                0 => v4,
                1 => v6,
                2 => format!("{v6}:{v4}"),
                3 => self.joined(".", (1, 5), &OCTETS),
                _ => self.joined(".", (1, 4), &LABELS),
            };
            text.push_str(self.of(&AFTER));
            if self.below(4) == 0 {
                text = format!("[{text}]{}", self.of(&["", ":1", ":443", ":x", ":"]));
            }
            if self.below(2) == 0 {
                let at = self.below(text.len() + 1);
                let end = (at + self.below(2)).min(text.len());
                text.replace_range(
                    at..end,
                    self.of(&["", ".", ":", "::", "/", "[", "]", "0", "9", "f", "G", " ", "\n", "é"]),
                );
            }
            Some(text)
        })
    }
}
