//! Prints gateways and their disks as a table: `cargo run --example list_disks`.
//!
//! Against a fake on this machine; `cargo run --example list_disks -- --real` calls the service with the credentials and region of
//! the environment.
#![expect(clippy::print_stdout, reason = "a program for people")]

use std::{env, error::Error};

use gatewright::{
    aws_storage_gateway::{
        Client, Disk, ErrorCode, FAKE, GatewayInfo, ListGatewaysRequest, ListGatewaysResponse,
        ListLocalDisksRequest, ListLocalDisksResponse,
    },
    fake::{Fake, FakeError},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if env::args().any(|argument| argument == "--real") {
        return print_disks(&Client::from_env().await?).await;
    }
    let fake = fake().await?;
    print_disks(&fake.client()?).await
}

async fn print_disks(client: &Client) -> Result<(), Box<dyn Error>> {
    println!("{:<12} {:<14} {:<10} {:>9}  use", "gateway", "disk", "status", "GiB");
    let mut gateways = client.list_gateways(ListGatewaysRequest::new()).items();
    while let Some(gateway) = gateways.next().await.transpose()? {
        let (Some(arn), Some(name)) = (gateway.gateway_arn, gateway.gateway_name) else { continue };
        let disks = match client.list_local_disks(ListLocalDisksRequest::new(arn)).await {
            Ok(response) => response.disks.unwrap_or_default(),
            // One gateway that is switched off does not end the table.
            Err(error) if error.code() == Some(&ErrorCode::GatewayNotConnected) => {
                println!("{name:<12} not connected");
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        for disk in disks {
            println!(
                "{name:<12} {:<14} {:<10} {:>9}  {}",
                disk.disk_node.as_deref().unwrap_or("-"),
                disk.disk_status.as_deref().unwrap_or("-"),
                disk.disk_size_in_bytes.unwrap_or_default() >> 30,
                disk.disk_allocation_type.as_deref().unwrap_or("-"),
            );
        }
    }
    Ok(())
}

/// A service with two gateways, of which one is switched off.
async fn fake() -> Result<Fake, Box<dyn Error>> {
    let fake = Fake::start(&FAKE).await?;
    let arn = |id: u32| format!("arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-{id:08}");
    let gateway = move |id, name| GatewayInfo::new().gateway_arn(arn(id)).gateway_name(name);
    fake.on(move |_: ListGatewaysRequest| {
        Ok(ListGatewaysResponse::new().gateways(vec![gateway(1, "archive"), gateway(2, "backup")]))
    });
    fake.on(move |request: ListLocalDisksRequest| {
        if request.gateway_arn == arn(2) {
            return Err(FakeError::code(ErrorCode::GatewayNotConnected));
        }
        let disk = |node, gib: i64, used| {
            Disk::new()
                .disk_node(node)
                .disk_status("present")
                .disk_size_in_bytes(gib << 30)
                .disk_allocation_type(used)
        };
        let disks = vec![disk("/dev/sda", 150, "CACHE STORAGE"), disk("/dev/sdb", 500, "AVAILABLE")];
        Ok(ListLocalDisksResponse::new().disks(disks))
    });
    Ok(fake)
}
