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
    let region = labels.iter().rposition(|label| is_region(label) && is_of_a_partition(label));
    // Some services put their name behind the region: `{name}.{region}.es.amazonaws.com`.
    let is_last = region.is_none_or(|region| region + 1 == labels.len());
    let service = match region {
        Some(region) if is_last => region.checked_sub(1).and_then(|at| labels.get(at)),
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

/// Whether a region begins like those of a partition; a bucket's name may have the shape of a region.
fn is_of_a_partition(region: &str) -> bool {
    let mut prefixes = partitions::AWS.iter().flat_map(|partition| partition.region_prefixes);
    prefixes.any(|prefix| region.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('-')))
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
            ("search-d-x.eu-west-1.es.amazonaws.com", Some("eu-west-1"), Some("es")),
            ("b.s3.dualstack.us-isob-east-1.sc2s.sgov.gov", Some("us-isob-east-1"), Some("s3")),
            ("my-logs-1.s3.amazonaws.com", None, Some("s3")),
            ("my-logs-1.s3.mx-central-1.amazonaws.com", Some("mx-central-1"), Some("s3")),
            ("sts.amazonaws.com", None, Some("sts")),
            ("us-east-1.amazonaws.com", Some("us-east-1"), None),
        ] {
            let read = read_host(host).map(|host| (host.region, host.service));
            assert_eq!(read, Some((region, service)), "{host}");
        }
        assert!(read_host("amazonaws.com.example").is_none());
        assert!(read_host("sgw.cn-shanghai.aliyuncs.com").is_none());
    }
}
