//! Gzip (RFC 1952) without compression, in stored blocks (RFC 1951).

use bytes::Bytes;

/// Maximum length of a stored block.
const MAX_BLOCK: usize = 0xffff;

/// Encodes data as gzip.
pub(super) fn stored(data: &[u8]) -> Bytes {
    // Magic, deflate, no flags, no time, no hint, unknown system.
    let mut gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
    let mut rest = data;
    loop {
        let (block, tail) = rest.split_at(rest.len().min(MAX_BLOCK));
        rest = tail;
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        gzip.push(u8::from(rest.is_empty()));
        gzip.extend(length.to_le_bytes());
        gzip.extend((!length).to_le_bytes());
        gzip.extend(block);
        if rest.is_empty() {
            break;
        }
    }
    gzip.extend(crc32(data).to_le_bytes());
    // The length modulo 2^32, as the format requires.
    gzip.extend(data.len().to_le_bytes().into_iter().take(4));
    gzip.into()
}

fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_standard_has_it() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(
            stored(b"{}")[..],
            *b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x02\0\xfd\xff{}\x43\xbf\xa6\xa3\x02\0\0\0"
        );
        assert_eq!(stored(b"").len(), 10 + 5 + 8);
        assert_eq!(stored(&vec![7; 100_000]).len(), 10 + 5 + 5 + 100_000 + 8);
    }
}
