//! Lets `aws-config` assume the role of a profile, and calls both fakes with its credentials by our clients. Prints the
//! caller's ARN and the number of gateways, as JSON.

mod transport;

use std::{error::Error, sync::Arc};

use aws_config::BehaviorVersion;
use gatewright::{
    aws_storage_gateway::{self, ListGatewaysRequest},
    aws_sts::{self, GetCallerIdentityRequest},
    credentials::AwsSdkCredentials,
};

use crate::transport::Plain;

fn main() -> Result<(), Box<dyn Error>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run())
}

async fn run() -> Result<(), Box<dyn Error>> {
    let settings =
        aws_config::defaults(BehaviorVersion::latest()).http_client(transport::client()).load().await;
    let role = AwsSdkCredentials::new(settings.credentials_provider().ok_or("no provider of credentials")?);
    let role = Arc::new(role);
    let tokens: aws_sts::Client =
        aws_sts::Client::builder().credentials(role.clone()).transport(Plain).build()?;
    let gateways: aws_storage_gateway::Client =
        aws_storage_gateway::Client::builder().credentials(role).transport(Plain).build()?;
    let caller = tokens.get_caller_identity(GetCallerIdentityRequest::new()).await?;
    let found = gateways.list_gateways(ListGatewaysRequest::new()).await?;
    println!("[{:?}, {}]", caller.arn.unwrap_or_default(), found.gateways.unwrap_or_default().len());
    Ok(())
}
