//! Our client under load, with its defaults: retries, timeouts and checks of constraints are on.
//!
//! - `--transport http`: the client's own transport (the default)
//! - `--transport memory`: one that responds immediately with the fixture (`--gateways N`), so that the client's own work
//!   is left: check, serialise, sign, the call loop, parse

use std::pin::Pin;

use bytes::Bytes;
use gatewright::{
    Secret,
    aws_storage_gateway::{
        Client as StorageGateway, CreateStoredIscsiVolumeRequest, CreateStoredIscsiVolumeRequired,
        DescribeGatewayInformationRequest, ListGatewaysRequest,
    },
    credentials::Credentials,
    transport::{Request, Response, Transport, TransportError},
};
use harness::{
    drive::{self, BoxError, Client, Worker},
    fixture,
};
use http::HeaderValue;

#[global_allocator]
static ALLOCATOR: harness::alloc::Counting = harness::alloc::Counting;

fn main() {
    drive::main("ours", async |options| {
        let op = match options.op.as_str() {
            "ListGateways" => Op::List,
            "DescribeGatewayInformation" => Op::Describe,
            "CreateStorediSCSIVolume" => Op::Create,
            other => return Err(format!("unknown operation {other}").into()),
        };
        let mut client = StorageGateway::builder()
            .region("us-east-1")
            .credentials(Credentials::new(
                "AKIDEXAMPLE",
                Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            ))
            .endpoint_url(&options.endpoint);
        if options.get("transport") == Some("memory") {
            let gateways = options.get("gateways").unwrap_or("100").parse()?;
            let response = fixture::body_for(&options.op, gateways).ok_or("no fixture")?;
            client = client.transport(Memory(response.into()));
        }
        Ok(Ours { client: client.build()?, op })
    });
}

#[derive(Clone)]
struct Ours {
    client: StorageGateway,
    op: Op,
}

#[derive(Clone, Copy)]
enum Op {
    List,
    Describe,
    Create,
}

impl Client for Ours {
    type Worker = Self;

    async fn worker(&self) -> Result<Self, BoxError> {
        Ok(self.clone())
    }
}

impl Worker for Ours {
    async fn call(&mut self) -> Result<usize, BoxError> {
        Ok(match self.op {
            Op::List => {
                let page = self.client.list_gateways(ListGatewaysRequest::new()).await?;
                std::hint::black_box(&page).gateways.as_ref().map_or(0, Vec::len)
            }
            Op::Describe => {
                let request = DescribeGatewayInformationRequest::new(fixture::GATEWAY_ARN);
                let gateway = self.client.describe_gateway_information(request).await?;
                usize::from(std::hint::black_box(&gateway).gateway_id.is_some())
            }
            Op::Create => {
                let request = CreateStoredIscsiVolumeRequest::new(CreateStoredIscsiVolumeRequired {
                    disk_id: "pci-0000:03:00.0-scsi-0:0:0:0".into(),
                    gateway_arn: fixture::GATEWAY_ARN.into(),
                    network_interface_id: "10.1.1.1".into(),
                    preserve_existing_data: true,
                    target_name: "my-volume".into(),
                });
                let volume = self.client.create_stored_iscsi_volume(request).await?;
                usize::from(std::hint::black_box(&volume).volume_arn.is_some())
            }
        })
    }
}

#[derive(Debug)]
struct Memory(Bytes);

impl Transport for Memory {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        std::hint::black_box(&request);
        let mut response = Response::new(self.0.clone());
        let headers = response.headers_mut();
        headers.insert("x-amzn-requestid", HeaderValue::from_static("12345678-1234-1234-1234-123456789012"));
        headers.insert("content-type", HeaderValue::from_static("application/x-amz-json-1.1"));
        Box::pin(std::future::ready(Ok(response)))
    }
}
