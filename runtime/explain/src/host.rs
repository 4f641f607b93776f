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
    let labels: Vec<_> = name.split('.').filter(|label| *label != "vpce").collect();
    let region = labels.iter().rposition(|label| is_region(label));
    let service = region.map_or(labels.last(), |region| region.checked_sub(1).and_then(|at| labels.get(at)));
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
