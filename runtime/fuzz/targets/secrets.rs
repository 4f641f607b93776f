//! Texts that repeat a secret of a request, in any encoding.
#![no_main]

use arbitrary::Arbitrary;
use gatewright_core::mask;
use gatewright_sign::secrets::Secrets;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    json: &'a [u8],
    secret: Vec<u8>,
    before: &'a str,
    after: &'a str,
    how: Vec<Escape>,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Escape {
    Percent,
    Json,
    References,
    Hexadecimal,
}

impl Escape {
    fn write(self, text: &str) -> String {
        match self {
            Self::Percent => text.bytes().map(|byte| format!("%{byte:02X}")).collect(),
            Self::Json => text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect(),
            Self::References => text.chars().map(|char| format!("&#{};", u32::from(char))).collect(),
            Self::Hexadecimal => text.chars().map(|char| format!("&#x{:x};", u32::from(char))).collect(),
        }
    }
}

/// Base64, with its groups of three bytes beginning anywhere.
fn base64(secret: &str, shift: usize) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes = [&b"::"[..shift], secret.as_bytes()].concat();
    let digits = bytes.chunks_exact(3).flat_map(|group| {
        let [a, b, c] = [group[0], group[1], group[2]].map(usize::from);
        [a >> 2, (a & 3) << 4 | b >> 4, (b & 15) << 2 | c >> 6, c & 63].map(|digit| char::from(DIGITS[digit]))
    });
    digits.skip(if shift == 0 { 0 } else { shift + 1 }).collect()
}

fn conceal(text: &str, json: &[u8]) -> String {
    Secrets::of_json(text, json, &["Pin"]).conceal_text(text).into_owned()
}

fn unescaped(text: &str) -> Vec<u8> {
    mask::unescaped(text.as_bytes())
}

fuzz_target!(|input: Input<'_>| {
    // Any JSON, whole or broken, and any text.
    conceal(input.before, input.json);

    // A secret that is itself full of escapes may be read as another.
    let secret: String = input
        .secret
        .iter()
        .map(|byte| char::from(b'!' + byte % 94))
        .filter(|char| !matches!(char, '%' | '&' | '\\'))
        .collect();
    if secret.len() < 8 {
        return;
    }
    let written = input.how.iter().take(3).fold(secret.clone(), |text, how| how.write(&text));
    let encoded = [0, 1, 2].map(|shift| base64(&secret, shift));
    let (before, after) = (input.before, input.after);
    let text = format!("{before} {written} {} {} {} {after}", encoded[0], encoded[1], encoded[2]);
    let cut = format!(r#"{{"Name":"n","Pin":["{}"],"More":[{{"#, secret.replace('"', "\\\""));
    let shown = conceal(&text, cut.as_bytes());
    let read = unescaped(&shown);
    for part in [&secret].into_iter().chain(&encoded).filter(|part| part.len() >= 8) {
        for window in unescaped(part).windows(8) {
            assert!(!read.windows(8).any(|shown| shown == window), "{secret:?} in {shown:?}");
        }
    }
});
