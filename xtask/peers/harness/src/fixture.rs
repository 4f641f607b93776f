//! Responses, the same for the loopback server, the in-memory transports and the bare parser.

use std::fmt::Write as _;

/// The ARN in requests and responses.
pub const GATEWAY_ARN: &str = "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B";

/// The operations that have responses.
pub const OPERATIONS: [&str; 4] =
    ["ListGateways", "DescribeGatewayInformation", "CreateStorediSCSIVolume", "DescribeRegions"];

/// The response to an operation.
pub fn body_for(operation: &str, gateways: usize) -> Option<Vec<u8>> {
    match operation {
        "ListGateways" => Some(list_gateways(gateways)),
        "DescribeGatewayInformation" => Some(describe_gateway_information()),
        "CreateStorediSCSIVolume" => Some(create_stored_iscsi_volume()),
        "DescribeRegions" => Some(describe_regions()),
        _ => None,
    }
}

/// A page of gateways, about 340 bytes each.
pub fn list_gateways(gateways: usize) -> Vec<u8> {
    let mut text = String::from("{\"Gateways\":[");
    for index in 0..gateways {
        let comma = if index == 0 { "" } else { "," };
        write!(
            text,
            "{comma}{{\"Ec2InstanceId\":\"i-{index:017x}\",\"Ec2InstanceRegion\":\"us-east-1\",\
             \"GatewayARN\":\"arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-{index:08X}\",\
             \"GatewayId\":\"sgw-{index:08X}\",\"GatewayName\":\"gateway number {index}\",\
             \"GatewayOperationalState\":\"ACTIVE\",\"GatewayType\":\"FILE_S3\",\
             \"HostEnvironment\":\"EC2\",\"SoftwareVersion\":\"1.26.{index}\"}}"
        )
        .expect("a string takes all");
    }
    text.push_str("],\"Marker\":\"next-page-marker\"}");
    text.into_bytes()
}

fn describe_gateway_information() -> Vec<u8> {
    format!(
        "{{\"GatewayARN\":\"{GATEWAY_ARN}\",\"GatewayId\":\"sgw-12A3456B\",\"GatewayName\":\"my gateway\",\
         \"GatewayTimezone\":\"GMT-8:00\",\"GatewayState\":\"STATE_RUNNING\",\
         \"GatewayNetworkInterfaces\":[{{\"Ipv4Address\":\"10.35.69.216\"}}],\"GatewayType\":\"STORED\",\
         \"NextUpdateAvailabilityDate\":\"2026-01-01T00:00:00\",\"LastSoftwareUpdate\":\"2025-12-01T00:00:00\",\
         \"Tags\":[{{\"Key\":\"env\",\"Value\":\"test\"}}],\"HostEnvironment\":\"VMWARE\",\
         \"SoftwareVersion\":\"1.26.4\"}}"
    )
    .into_bytes()
}

fn create_stored_iscsi_volume() -> Vec<u8> {
    format!(
        "{{\"TargetARN\":\"{GATEWAY_ARN}/target/iqn.1997-05.com.amazon:my-volume\",\
         \"VolumeARN\":\"{GATEWAY_ARN}/volume/vol-1122AABB\",\"VolumeSizeInBytes\":1099511627776}}"
    )
    .into_bytes()
}

/// Of Amazon EC2.
fn describe_regions() -> Vec<u8> {
    let regions = ["eu-central-1", "us-east-1"].map(|name| {
        format!(
            "<item><regionName>{name}</regionName><regionEndpoint>ec2.{name}.amazonaws.com</regionEndpoint>\
             <optInStatus>opt-in-not-required</optInStatus></item>"
        )
    });
    format!(
        "<DescribeRegionsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
         <requestId>12345678-1234-1234-1234-123456789012</requestId><regionInfo>{}</regionInfo>\
         </DescribeRegionsResponse>",
        regions.concat()
    )
    .into_bytes()
}
