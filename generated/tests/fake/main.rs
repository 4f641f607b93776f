//! The whole client against the fake: real signed calls over real connections.
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

mod codes;
mod context;
#[path = "../../../runtime/tests/drivers/mod.rs"]
#[expect(dead_code, reason = "shared by several tests")]
mod drivers;
mod every_operation;
#[rustfmt::skip]
mod guides;
mod lists;
mod trouble;
mod typed;
mod waits;

use gatewright::{
    aws_storage_gateway::{Client, FAKE},
    fake::Fake,
};

/// The fake and a client of it.
async fn start() -> (Fake, Client) {
    let fake = Fake::start(&FAKE).await.unwrap();
    let client = fake.client().unwrap();
    (fake, client)
}
