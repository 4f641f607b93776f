//! The one place that names a cryptography crate; `ring` and `aws-lc-rs` share an API.

#[cfg(all(feature = "aws-lc-rs", not(feature = "ring")))]
use aws_lc_rs as provider;
#[cfg(feature = "ring")]
use ring as provider;

use provider::rand::{SecureRandom as _, SystemRandom};
pub use provider::{digest, hmac};

/// SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest::digest(&digest::SHA256, bytes).as_ref().try_into().expect("SHA-256 gives 32 bytes")
}

/// HMAC-SHA256 of `bytes`.
pub fn hmac_sha256(key: &hmac::Key, bytes: &[u8]) -> [u8; 32] {
    hmac::sign(key, bytes).as_ref().try_into().expect("HMAC-SHA256 gives 32 bytes")
}

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

/// Fills `bytes` from the operating system's generator.
pub fn fill_random(bytes: &mut [u8]) {
    SystemRandom::new().fill(bytes).expect("the operating system provides randomness");
}

#[cfg(test)]
mod tests {
    use super::{hex, sha256};

    #[test]
    fn hexadecimal_digits() {
        let empty = b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(&hex(&sha256(b"")), empty);
    }
}
