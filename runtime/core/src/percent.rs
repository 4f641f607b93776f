//! Percent-encoding in the form that signatures require.

/// Percent-encodes a name or value of the query.
pub fn encode_query(text: &[u8]) -> String {
    let mut encoded = Vec::with_capacity(text.len());
    encode(&mut encoded, text, is_unreserved);
    String::from_utf8(encoded).expect("what is percent-encoded is ASCII")
}

/// Name and value, as they are before percent-encoding.
pub type Pair = (Vec<u8>, Vec<u8>);

/// The parameters of a query, or of a form.
pub fn read_query(query: &str) -> Vec<Pair> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode_query(name), decode_query(value))
        })
        .collect()
}

/// Removes percent-encoding once, and optionally replaces `+` by a blank; invalid escapes stay.
pub fn decode(text: &[u8], plus: bool) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        let escape = match after {
            [high, low, beyond @ ..] if first == b'%' => {
                hex_value(*high).zip(hex_value(*low)).map(|(high, low)| (high << 4 | low, beyond))
            }
            _ => None,
        };
        let (byte, after) = escape.unwrap_or((if plus && first == b'+' { b' ' } else { first }, after));
        decoded.push(byte);
        rest = after;
    }
    decoded
}

/// Decodes a name or value of the query.
pub fn decode_query(text: &str) -> Vec<u8> {
    decode(text.as_bytes(), true)
}

/// The value of a hexadecimal digit.
pub fn hex_value(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Percent-encodes all but the bytes to keep.
pub fn encode(out: &mut Vec<u8>, text: &[u8], keep: impl Fn(u8) -> bool) {
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
pub fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}
