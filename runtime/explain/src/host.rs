//! Host names of AWS, and private addresses.

use std::net::IpAddr;

use crate::endpoint::{Partition, partitions};

/// Region and service in a host name of AWS.
pub(super) struct HostName<'a> {
    pub(super) region: Option<&'a str>,
    pub(super) service: Option<&'a str>,
}

/// Reads `{service}.{region}.amazonaws.com` and the like; `None` for other hosts.
pub(super) fn read_host(host: &str) -> Option<HostName<'_>> {
    let name = host.split(':').next().unwrap_or_default();
    let name = partitions::AWS
        .iter()
        .flat_map(Partition::dns_suffixes)
        .find_map(|suffix| name.strip_suffix(suffix)?.strip_suffix('.'))?;
    let labels: Vec<_> = name.split('.').filter(|label| !matches!(*label, "vpce" | "dualstack")).collect();
    // A region in the last place may be mistyped, or newer than this version; elsewhere, its form may be a bucket's name.
    let region = match labels.last() {
        Some(last) if is_region(last) => labels.len().checked_sub(1),
        _ => labels.iter().rposition(|label| partitions::AWS.iter().any(|partition| partition.lists(label))),
    };
    let service = match region {
        // The service may be another one than the name behind the region: `{region}.queue.amazonaws.com`.
        Some(0) => None,
        Some(region) if region + 1 == labels.len() => region.checked_sub(1).and_then(|at| labels.get(at)),
        // As in `{name}.{region}.es.amazonaws.com`.
        _ => labels.last(),
    };
    Some(HostName {
        region: region.and_then(|at| labels.get(at)).copied(),
        service: service.map(|service| service.strip_suffix("-fips").unwrap_or(service)),
    })
}

/// Whether an address belongs to a private network or to this machine.
pub fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let is_shared = matches!(address.octets(), [100, 64..=127, ..]);
            address.is_private() || address.is_loopback() || address.is_link_local() || is_shared
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

/// Whether a text has the shape of `us-gov-west-1`.
pub(super) fn is_region(text: &str) -> bool {
    let Some((names, number)) = text.rsplit_once('-') else { return false };
    let letters = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number && names.contains('-') && names.split('-').all(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_name_region_and_service() {
        for (host, region, service) in [
            ("storagegateway.us-east-1.amazonaws.com:443", Some("us-east-1"), Some("storagegateway")),
            (
                "storagegateway-fips.us-gov-west-1.amazonaws.com",
                Some("us-gov-west-1"),
                Some("storagegateway"),
            ),
            (
                "vpce-0a-b.execute-api.cn-north-1.vpce.amazonaws.com.cn",
                Some("cn-north-1"),
                Some("execute-api"),
            ),
            (
                "vpce-0a1b2c-1.storagegateway.cn-north-1.vpce.amazonaws.com.cn",
                Some("cn-north-1"),
                Some("storagegateway"),
            ),
            ("storagegateway.us-east-1.api.aws", Some("us-east-1"), Some("storagegateway")),
            ("storagegateway.us-isob-east-1.api.aws.scloud", Some("us-isob-east-1"), Some("storagegateway")),
            ("storagegateway.us-iso-east-1.c2s.ic.gov", Some("us-iso-east-1"), Some("storagegateway")),
            (
                "storagegateway.cn-north-1.api.amazonwebservices.com.cn",
                Some("cn-north-1"),
                Some("storagegateway"),
            ),
            (
                "storagegateway.eusc-de-east-1.api.amazonwebservices.eu",
                Some("eusc-de-east-1"),
                Some("storagegateway"),
            ),
            ("abcde.lambda-url.eu-west-1.on.aws", Some("eu-west-1"), Some("lambda-url")),
            ("search-d-x.eu-west-1.es.amazonaws.com", Some("eu-west-1"), Some("es")),
            ("b.s3.dualstack.us-isob-east-1.sc2s.sgov.gov", Some("us-isob-east-1"), Some("s3")),
            ("my-logs-1.s3.amazonaws.com", None, Some("s3")),
            ("eu-logs-1.s3.amazonaws.com", None, Some("s3")),
            ("my-logs-1.s3.mx-central-1.amazonaws.com", Some("mx-central-1"), Some("s3")),
            ("sts.amazonaws.com", None, Some("sts")),
            ("us-east-1.amazonaws.com", Some("us-east-1"), None),
            ("eu-west-1.queue.amazonaws.com", Some("eu-west-1"), None),
            // Mistyped, and of a partition or place that is not known yet.
            ("storagegateway.ue-west-1.amazonaws.com", Some("ue-west-1"), Some("storagegateway")),
            ("storagegateway.us-esat-1.api.aws", Some("us-esat-1"), Some("storagegateway")),
            ("storagegateway.nz-north-1.amazonaws.com", Some("nz-north-1"), Some("storagegateway")),
        ] {
            let read = read_host(host).map(|host| (host.region, host.service));
            assert_eq!(read, Some((region, service)), "{host}");
        }
        assert!(read_host("amazonaws.com.example").is_none());
        assert!(read_host("storagegateway.us-east-1.example.com").is_none());
        assert!(read_host("sgw.cn-shanghai.aliyuncs.com").is_none());
    }
}
