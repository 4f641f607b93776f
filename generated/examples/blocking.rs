//! Calls without async, as in a script: `cargo run --example blocking`.
//!
//! A program of its own needs no tokio: `default-features = false, features = ["aws-storage-gateway", "blocking", "ring"]`. Only
//! the fake of this example needs a runtime.
#![expect(clippy::print_stdout, reason = "a program for people")]

use std::error::Error;

use gatewright::{
    aws_storage_gateway::{
        Client, DescribeGatewayInformationRequest, FAKE, GatewayInfo, ListGatewaysRequest,
        ListGatewaysResponse,
    },
    fake::Fake,
};
use tokio::runtime::Runtime;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Runtime::new()?; // runs the fake
    let fake = runtime.block_on(Fake::start(&FAKE))?;
    fake.on(|_: ListGatewaysRequest| {
        let gateways = (1..=3).map(|id| {
            let arn = format!("arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-{id:08}");
            GatewayInfo::new().gateway_arn(arn)
        });
        Ok(ListGatewaysResponse::new().gateways(gateways.collect()))
    });

    let client: Client = fake.client()?;
    for gateway in client.list_gateways(ListGatewaysRequest::new()).items_blocking() {
        let Some(arn) = gateway?.gateway_arn else { continue };
        let request = DescribeGatewayInformationRequest::new(&arn);
        match client.describe_gateway_information(request).send_blocking() {
            Ok(gateway) => println!("{arn}: {}", gateway.gateway_state.as_deref().unwrap_or("unknown")),
            Err(error) => println!("{arn}: {error}"),
        }
    }
    Ok(())
}
