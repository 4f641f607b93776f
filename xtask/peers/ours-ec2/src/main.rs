use std::error::Error;

// The client of the selected operation; the features are used one at a time.
#[cfg(feature = "selected")]
use ec2_selected as ours;
#[cfg(not(feature = "selected"))]
use ec2_whole as ours;
use ours::{
    Secret,
    credentials::Credentials,
    ec2::{Client, DescribeRegionsRequest},
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
    let page = client.describe_regions(DescribeRegionsRequest::new().all_regions(true)).await?;
    println!("describe_regions: {} regions", page.regions.unwrap_or_default().len());
    Ok(())
}
