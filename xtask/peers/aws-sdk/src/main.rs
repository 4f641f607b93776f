use aws_sdk_storagegateway::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
};

#[cfg(feature = "with-config")]
async fn client(endpoint: &str) -> Client {
    let shared = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(creds())
        .endpoint_url(endpoint)
        .load()
        .await;
    Client::new(&shared)
}

#[cfg(not(feature = "with-config"))]
async fn client(endpoint: &str) -> Client {
    let conf = aws_sdk_storagegateway::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(creds())
        .endpoint_url(endpoint)
        .build();
    Client::from_conf(conf)
}

fn creds() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", None, None, "static")
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let mut endpoint = String::from("http://127.0.0.1:8099");
    while let Some(a) = args.next() {
        if a == "--endpoint" {
            endpoint = args.next().ok_or("--endpoint needs a value")?;
        }
    }
    let client = client(&endpoint).await;
    let arn = "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B";

    let page = client.list_gateways().limit(100).send().await?;
    println!("list_gateways: {} gateways, marker {:?}", page.gateways().len(), page.marker());

    let gateway = client.describe_gateway_information().gateway_arn(arn).send().await?;
    println!("describe_gateway_information: {:?} {:?}", gateway.gateway_id(), gateway.gateway_state());

    let volume = client
        .create_storedi_scsi_volume()
        .gateway_arn(arn)
        .disk_id("pci-0000:03:00.0-scsi-0:0:0:0")
        .preserve_existing_data(true)
        .target_name("my-volume")
        .network_interface_id("10.1.1.1")
        .send()
        .await?;
    println!("create_stored_iscsi_volume: {:?} {:?}", volume.volume_arn(), volume.volume_size_in_bytes());
    Ok(())
}
