//! Files and standard input that command lines name.

use std::{
    fs::File,
    io::{self, Read},
};

/// Maximum size of inputs and files of responses, since an endless one would use all memory.
pub(crate) const MOST: u64 = 256 << 20;

/// How messages name a file, or standard input.
pub(crate) fn name(source: &str) -> &str {
    if source == "-" { "standard input" } else { source }
}

/// The content of a file, or of standard input for `-`.
///
/// # Errors
/// [`io::ErrorKind::FileTooLarge`] for content of more than `most` bytes.
pub(crate) fn read(source: &str, most: u64) -> io::Result<Vec<u8>> {
    if source == "-" { read_all(io::stdin(), most) } else { read_file(source, most) }
}

/// The content of a file, with the same error.
pub(crate) fn read_file(path: &str, most: u64) -> io::Result<Vec<u8>> {
    read_all(File::open(path)?, most)
}

fn read_all(from: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 <= most {
        return Ok(bytes);
    }
    let most = most >> 20;
    Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {most} MiB")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endless_content_is_refused() {
        let error = read_all(io::repeat(b'{'), 2 << 20).unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string()),
            (io::ErrorKind::FileTooLarge, "it has more than 2 MiB".to_owned())
        );
        assert_eq!(read_all(&b"{}"[..], 2).unwrap(), b"{}");
    }
}
