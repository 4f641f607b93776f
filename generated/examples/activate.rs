//! Activates a gateway, with advice per error code: `cargo run --example activate`.
//!
//! The calls go to a fake on this machine, which refuses the first ones; `Client::from_env()` makes a client of the service.
#![expect(clippy::print_stdout, reason = "a program for people")]

use std::error::Error;

use gatewright::{
    aws_storage_gateway::{
        self, ActivateGatewayError, ActivateGatewayRequest, ActivateGatewayRequired, Client, ErrorCode, FAKE,
    },
    fake::Fake,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let fake = Fake::start(&FAKE).await?;
    let client: Client = fake.client()?;
    let refusals = [
        ErrorCode::ActivationKeyExpired,
        ErrorCode::DuplicateCertificateInfo,
        ErrorCode::OutdatedGateway,
        "AFutureCode".into(),
    ];
    for code in refusals {
        fake.fail_next::<ActivateGatewayRequest>(code);
        activate(&client, "29AV1-3OFV9-VVIUB-NKT0I-LRO6V").await;
    }
    activate(&client, "29AV1-3OFV9-VVIUB-NKT0I-LRO6V").await;

    // Found before anything is sent.
    activate(&client, "").await;
    println!("requests received: {}", fake.requests().len());
    Ok(())
}

async fn activate(client: &Client, key: &str) {
    let request = ActivateGatewayRequest::new(ActivateGatewayRequired {
        activation_key: key.into(),
        gateway_name: "backup".into(),
        gateway_region: "us-east-1".into(),
        gateway_timezone: "GMT-6:00".into(),
    });
    match client.activate_gateway(request).await {
        Ok(response) => println!("activated: {}", response.gateway_arn.as_deref().unwrap_or("no ARN")),
        Err(error) => println!("not activated: {}", advice(&error)),
    }
}

/// What a person should do. The compiler lists the codes that are not handled if `_` is removed.
fn advice(error: &aws_storage_gateway::Error) -> String {
    match error.kind() {
        Some(ActivateGatewayError::ActivationKeyExpired) => {
            "request a new key from the gateway, and activate within 30 minutes".to_owned()
        }
        Some(ActivateGatewayError::ActivationKeyInvalid | ActivateGatewayError::ActivationKeyNotFound) => {
            "copy the key again, and check the region".to_owned()
        }
        Some(ActivateGatewayError::DuplicateCertificateInfo) => {
            "this gateway is activated already; deploy a new machine instead of a copy".to_owned()
        }
        Some(ActivateGatewayError::Other(code)) => format!("{code}, a code that this program does not know"),
        // The model's own causes and remedies.
        Some(_) => error.explain().to_string(),
        // No error code: a network failure, missing credentials, invalid input.
        None => error.to_string(),
    }
}
