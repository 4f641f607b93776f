//! A response, as a user of serde would define it.

#![expect(dead_code, reason = "the parser writes fields that nobody reads")]
#![expect(clippy::struct_field_names, reason = "the names are the wire's")]

use serde::Deserialize;

/// Owned, as a client must give it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Gateways {
    pub(crate) gateways: Option<Vec<Gateway>>,
    marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Gateway {
    gateway_id: Option<String>,
    #[serde(rename = "GatewayARN")]
    gateway_arn: Option<String>,
    gateway_type: Option<String>,
    gateway_operational_state: Option<String>,
    gateway_name: Option<String>,
    ec2_instance_id: Option<String>,
    ec2_instance_region: Option<String>,
    host_environment: Option<HostEnvironment>,
    host_environment_id: Option<String>,
    deprecation_date: Option<String>,
    software_version: Option<String>,
}

#[derive(Deserialize)]
enum HostEnvironment {
    #[serde(rename = "VMWARE")]
    Vmware,
    #[serde(rename = "HYPER-V")]
    HyperV,
    #[serde(rename = "EC2")]
    Ec2,
    #[serde(rename = "KVM")]
    Kvm,
    #[serde(other)]
    Other,
}

/// Borrowing from the body: no string is copied.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct BorrowedGateways<'a> {
    #[serde(borrow)]
    pub(crate) gateways: Option<Vec<BorrowedGateway<'a>>>,
    marker: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct BorrowedGateway<'a> {
    gateway_id: Option<&'a str>,
    #[serde(rename = "GatewayARN")]
    gateway_arn: Option<&'a str>,
    gateway_type: Option<&'a str>,
    gateway_operational_state: Option<&'a str>,
    gateway_name: Option<&'a str>,
    ec2_instance_id: Option<&'a str>,
    ec2_instance_region: Option<&'a str>,
    host_environment: Option<HostEnvironment>,
    host_environment_id: Option<&'a str>,
    deprecation_date: Option<&'a str>,
    software_version: Option<&'a str>,
}
