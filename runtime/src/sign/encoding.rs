//! Percent-encoding, in the one way in which signatures want it.

/// Percent-encodes a name or value of the query.
pub(crate) fn encode_query(text: &[u8]) -> String {
    let mut encoded = Vec::with_capacity(text.len());
    encode(&mut encoded, text, is_unreserved);
    String::from_utf8(encoded).expect("what is percent-encoded is ASCII")
}

/// Decodes a name or value of the query: `+` is a space, and what is no escape stays.
pub(super) fn decode_query(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let (byte, after) = match (first, after) {
            (b'+', _) => (b' ', after),
            (b'%', [high, low, beyond @ ..]) => match (hex_value(*high), hex_value(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, beyond),
                _ => (first, after),
            },
            _ => (first, after),
        };
        decoded.push(byte);
        rest = after;
    }
    decoded
}

/// The value of a hexadecimal digit.
pub(super) fn hex_value(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Percent-encodes all but the bytes to keep.
pub(super) fn encode(out: &mut Vec<u8>, text: &[u8], keep: impl Fn(u8) -> bool) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or_default();
    for &byte in text {
        if keep(byte) {
            out.push(byte);
        } else {
            out.extend_from_slice(&[b'%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
}

/// RFC 3986, 2.3.
pub(super) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}
