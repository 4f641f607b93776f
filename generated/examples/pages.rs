//! Counts tapes page by page, with progress: `cargo run --example pages`.
//!
//! The calls go to a fake on this machine with 250 tapes; `Client::from_env()` makes a client of the service.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for people")]

use std::error::Error;

use gatewright::{
    aws_storage_gateway::{Client, FAKE, ListTapesRequest, ListTapesResponse, TapeInfo},
    fake::Fake,
};

const TAPES: i64 = 250;
const TIB: i64 = 1 << 40;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let fake = fake().await?;
    let client: Client = fake.client()?;

    let (mut tapes, mut bytes) = (0, 0);
    let mut pages = client.list_tapes(ListTapesRequest::new().limit(40)).pages();
    while let Some(page) = pages.next().await.transpose()? {
        for tape in page.tape_infos.unwrap_or_default() {
            tapes += 1;
            bytes += tape.tape_size_in_bytes.unwrap_or_default();
        }
        // Progress, for people; the result is printed to standard output.
        eprintln!("{tapes} tapes so far");
    }
    println!("{tapes} tapes, {} TiB", bytes / TIB);
    Ok(())
}

/// A service whose pages have as many tapes as requested; a marker is the number of tapes before the page.
async fn fake() -> Result<Fake, Box<dyn Error>> {
    let fake = Fake::start(&FAKE).await?;
    fake.on(|request: ListTapesRequest| {
        let first: i64 = request.marker.as_deref().map_or(Ok(0), str::parse).unwrap_or(0);
        let end = (first + i64::from(request.limit.unwrap_or(100))).min(TAPES);
        let tapes = (first..end)
            .map(|tape| TapeInfo::new().tape_barcode(format!("GW{tape:06}")).tape_size_in_bytes(TIB));
        let page = ListTapesResponse::new().tape_infos(tapes.collect());
        Ok(if end < TAPES { page.marker(end.to_string()) } else { page })
    });
    Ok(fake)
}
