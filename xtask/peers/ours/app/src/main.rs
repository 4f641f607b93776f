use std::error::Error;

use gatewright::{
    Secret,
    aws_storage_gateway::{
        Client, CreateStoredIscsiVolumeRequest, CreateStoredIscsiVolumeRequired,
        DescribeGatewayInformationRequest, ListGatewaysRequest,
    },
    credentials::Credentials,
};

// `#[tokio::main]` would bring proc macros, which our client does without.
fn main() -> Result<(), Box<dyn Error>> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run())
}

async fn run() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let mut endpoint = String::from("http://127.0.0.1:8099");
    while let Some(arg) = args.next() {
        if arg == "--endpoint" {
            endpoint = args.next().ok_or("--endpoint needs a value")?;
        }
    }
    let client = Client::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")))
        .endpoint_url(endpoint)
        .build()?;
    let arn = "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B";

    let page = client.list_gateways(ListGatewaysRequest::new().limit(100)).await?;
    println!("list_gateways: {} gateways, marker {:?}", page.gateways.unwrap_or_default().len(), page.marker);

    let gateway = client.describe_gateway_information(DescribeGatewayInformationRequest::new(arn)).await?;
    println!("describe_gateway_information: {:?} {:?}", gateway.gateway_id, gateway.gateway_state);

    let request = CreateStoredIscsiVolumeRequest::new(CreateStoredIscsiVolumeRequired {
        disk_id: "pci-0000:03:00.0-scsi-0:0:0:0".into(),
        gateway_arn: arn.into(),
        network_interface_id: "10.1.1.1".into(),
        preserve_existing_data: true,
        target_name: "my-volume".into(),
    });
    let volume = client.create_stored_iscsi_volume(request).await?;
    println!("create_stored_iscsi_volume: {:?} {:?}", volume.volume_arn, volume.volume_size_in_bytes);
    Ok(())
}
