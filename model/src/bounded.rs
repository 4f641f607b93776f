//! Reads files of bounded size: one without an end, such as a device, would use all memory.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// The most bytes of a file.
const MOST: u64 = 256 << 20;

/// The content of a file.
///
/// # Errors
///
/// Returns the errors of [`std::fs::read`], and [`ErrorKind::FileTooLarge`] if the file has more than 256 MiB.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    // Devices have no length.
    if file.metadata()?.len() > MOST { Err(too_large(MOST)) } else { read_all(file) }
}

/// The text of a file.
///
/// # Errors
///
/// Returns the errors of [`read()`], and [`ErrorKind::InvalidData`] if the file is not UTF-8.
pub fn read_to_string(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path)?).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
}

/// All bytes of a reader, such as one that decompresses a file.
///
/// # Errors
///
/// Returns the reader's errors, and [`ErrorKind::FileTooLarge`] if it has more than 256 MiB.
pub fn read_all(from: impl Read) -> io::Result<Vec<u8>> {
    read_at_most(from, MOST)
}

fn read_at_most(from: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(too_large(most)) } else { Ok(bytes) }
}

fn too_large(most: u64) -> io::Error {
    io::Error::new(ErrorKind::FileTooLarge, format!("it has more than {} MiB", most >> 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_without_an_end_is_refused() {
        let error = read_at_most(io::repeat(b'{'), 2 << 20).unwrap_err();
        assert_eq!((error.kind(), &*error.to_string()), (ErrorKind::FileTooLarge, "it has more than 2 MiB"));
        assert_eq!(read_at_most(&b"{}"[..], 2).unwrap(), b"{}");
    }
}
