use rusoto_core::{HttpClient, Region, credential::StaticProvider};
use rusoto_storagegateway::{
    CreateStorediSCSIVolumeInput, DescribeGatewayInformationInput, ListGatewaysInput, StorageGateway,
    StorageGatewayClient,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let mut endpoint = String::from("http://127.0.0.1:8099");
    while let Some(a) = args.next() {
        if a == "--endpoint" {
            endpoint = args.next().ok_or("--endpoint needs a value")?;
        }
    }
    let creds =
        StaticProvider::new_minimal("AKIDEXAMPLE".into(), "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into());
    let region = Region::Custom { name: "us-east-1".into(), endpoint };
    let client = StorageGatewayClient::new_with(HttpClient::new()?, creds, region);
    let arn = "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B";

    let page = client.list_gateways(ListGatewaysInput { limit: Some(100), marker: None }).await?;
    println!(
        "list_gateways: {} gateways, marker {:?}",
        page.gateways.as_ref().map_or(0, Vec::len),
        page.marker
    );

    let gateway = client
        .describe_gateway_information(DescribeGatewayInformationInput { gateway_arn: arn.into() })
        .await?;
    println!("describe_gateway_information: {:?} {:?}", gateway.gateway_id, gateway.gateway_state);

    let volume = client
        .create_storedi_scsi_volume(CreateStorediSCSIVolumeInput {
            gateway_arn: arn.into(),
            disk_id: "pci-0000:03:00.0-scsi-0:0:0:0".into(),
            preserve_existing_data: true,
            target_name: "my-volume".into(),
            network_interface_id: "10.1.1.1".into(),
            ..Default::default()
        })
        .await?;
    println!("create_stored_iscsi_volume: {:?} {:?}", volume.volume_arn, volume.volume_size_in_bytes);
    Ok(())
}
