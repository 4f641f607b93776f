//! The official SDK under load, with its defaults: retries and stalled-stream protection are on.
//!
//! - `--transport http`: the SDK's own HTTP client (the default)
//! - `--transport memory`: a connector that responds immediately with the fixture (`--gateways N`), so that the SDK's own
//!   work is left: serialise, endpoint, sign, orchestrate, parse
//! - `--bare yes`: retries, stalled-stream protection and timeouts off, for the cost of those defaults

use aws_sdk_storagegateway::{
    Client as StorageGateway, Config,
    config::{
        BehaviorVersion, Credentials, Region, StalledStreamProtectionConfig, retry::RetryConfig,
        timeout::TimeoutConfig,
    },
};
use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
        orchestrator::{HttpRequest, HttpResponse},
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use harness::{
    drive::{self, BoxError, Client, Worker},
    fixture,
};

#[global_allocator]
static ALLOCATOR: harness::alloc::Counting = harness::alloc::Counting;

fn main() {
    drive::main("aws-sdk", async |options| {
        let op = match options.op.as_str() {
            "ListGateways" => Op::List,
            "DescribeGatewayInformation" => Op::Describe,
            "CreateStorediSCSIVolume" => Op::Create,
            other => return Err(format!("unknown operation {other}").into()),
        };
        let credentials =
            Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", None, None, "static");
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(credentials)
            .endpoint_url(&options.endpoint);
        if options.get("bare").is_some() {
            config = config
                .retry_config(RetryConfig::disabled())
                .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
                .timeout_config(TimeoutConfig::disabled());
        }
        if options.get("transport") == Some("memory") {
            let gateways = options.get("gateways").unwrap_or("100").parse()?;
            let response = fixture::body_for(&options.op, gateways).ok_or("no fixture")?;
            let connector = SharedHttpConnector::new(Memory(response.into()));
            config = config.http_client(http_client_fn(move |_, _| connector.clone()));
        }
        Ok(Sdk { client: StorageGateway::from_conf(config.build()), op })
    });
}

#[derive(Clone)]
struct Sdk {
    client: StorageGateway,
    op: Op,
}

#[derive(Clone, Copy)]
enum Op {
    List,
    Describe,
    Create,
}

impl Client for Sdk {
    type Worker = Self;

    async fn worker(&self) -> Result<Self, BoxError> {
        Ok(self.clone())
    }
}

impl Worker for Sdk {
    async fn call(&mut self) -> Result<usize, BoxError> {
        Ok(match self.op {
            Op::List => {
                let page = self.client.list_gateways().send().await?;
                std::hint::black_box(&page).gateways().len()
            }
            Op::Describe => {
                let call = self.client.describe_gateway_information().gateway_arn(fixture::GATEWAY_ARN);
                usize::from(std::hint::black_box(&call.send().await?).gateway_id().is_some())
            }
            Op::Create => {
                let call = self
                    .client
                    .create_storedi_scsi_volume()
                    .gateway_arn(fixture::GATEWAY_ARN)
                    .disk_id("pci-0000:03:00.0-scsi-0:0:0:0")
                    .preserve_existing_data(true)
                    .target_name("my-volume")
                    .network_interface_id("10.1.1.1");
                usize::from(std::hint::black_box(&call.send().await?).volume_arn().is_some())
            }
        })
    }
}

#[derive(Debug)]
struct Memory(Bytes);

impl HttpConnector for Memory {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        std::hint::black_box(&request);
        let status = StatusCode::try_from(200).expect("200 is a status");
        let mut response = HttpResponse::new(status, SdkBody::from(self.0.clone()));
        response.headers_mut().insert("x-amzn-requestid", "12345678-1234-1234-1234-123456789012");
        response.headers_mut().insert("content-type", "application/x-amz-json-1.1");
        HttpConnectorFuture::ready(Ok(response))
    }
}
