//! Head and body of responses, as the blocking transport reads them.
#![no_main]

use std::iter;

use gatewright_runtime::transport::pieces::read_pieces as response;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (size, bytes) = input;
    let whole = response(iter::once(bytes));
    // The network may cut anywhere.
    let pieces = response(bytes.chunks(usize::from(size).max(1)));
    assert_eq!(whole.is_ok(), pieces.is_ok(), "{whole:?} {pieces:?}");
    if let (Ok(whole), Ok(pieces)) = (whole, pieces) {
        assert_eq!(whole, pieces);
    }
});
