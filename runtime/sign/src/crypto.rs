//! Hashes, message authentication codes and randomness: the one place that names a cryptography crate.

#[cfg_attr(not(any(feature = "ring", feature = "aws-lc-rs")), path = "crypto/rust_crypto.rs")]
mod native;

pub use self::native::{HmacSha1, HmacSha256, fill_random, sha1, sha256};

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8; 32]) -> [u8; 64] {
    let mut text = [0; 64];
    for ([high, low], byte) in text.as_chunks_mut().0.iter_mut().zip(bytes) {
        *high = hex_digit(byte >> 4);
        *low = hex_digit(byte & 15);
    }
    text
}

/// A lower-case hexadecimal digit. Written as arithmetic, so that the compiler does many at a time.
pub fn hex_digit(nibble: u8) -> u8 {
    nibble + b'0' + if nibble > 9 { b'a' - b'0' - 10 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(bytes: &[u8]) -> String {
        bytes
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .map(|nibble| char::from(hex_digit(nibble)))
            .collect()
    }

    #[test]
    fn hexadecimal_digits() {
        let empty = b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(&hex(&sha256(b"")), empty);
    }

    /// RFC 3174, 7.3; RFC 2202, 3; RFC 4231, 4.3 and 4.7.
    #[test]
    fn published_vectors() {
        assert_eq!(digits(&sha1(b"abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
        let text = b"what do ya want for nothing?";
        assert_eq!(digits(&HmacSha1::new(b"Jefe").sign(text)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        let key = HmacSha256::new(b"Jefe");
        let code = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(digits(&key.sign(text)), code);
        let long =
            HmacSha256::new(&[0xaa; 131]).sign(b"Test Using Larger Than Block-Size Key - Hash Key First");
        assert_eq!(digits(&long), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }

    #[test]
    fn only_the_code_of_key_and_text_is_accepted() {
        let (long, short) = (HmacSha256::new(b"key"), HmacSha1::new(b"key"));
        assert!(long.verify(b"text", &long.sign(b"text")) && short.verify(b"text", &short.sign(b"text")));
        assert!(!long.verify(b"Text", &long.sign(b"text")) && !short.verify(b"Text", &short.sign(b"text")));
        assert!(!long.verify(b"text", &long.sign(b"text")[..31]) && !short.verify(b"text", b""));
    }

    #[test]
    fn randomness_differs() {
        let mut random = [[0; 32]; 2];
        for bytes in &mut random {
            fill_random(bytes);
        }
        assert!(random[0] != random[1] && random[0] != [0; 32]);
    }
}
