use aws_sdk_ec2::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let mut endpoint = String::from("http://127.0.0.1:8099");
    while let Some(arg) = args.next() {
        if arg == "--endpoint" {
            endpoint = args.next().ok_or("--endpoint needs a value")?;
        }
    }
    let config = aws_sdk_ec2::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new(
            "AKIDEXAMPLE",
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            None,
            None,
            "static",
        ))
        .endpoint_url(endpoint)
        .build();
    let page = Client::from_conf(config).describe_regions().all_regions(true).send().await?;
    println!("describe_regions: {} regions", page.regions().len());
    Ok(())
}
