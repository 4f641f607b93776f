//! A certificate for other names.

use super::super::advice::Advice;
use crate::{ServiceInfo, tables::failures, wire::Peer};

/// Names that are shown.
const SHOWN: usize = 8;

pub(super) fn advice(
    wanted: &str,
    presented: &[String],
    peer: &Peer,
    service: Option<&'static ServiceInfo>,
) -> Advice {
    let wildcard = presented.iter().find(|name| is_too_deep(wanted, name));
    let is_registered = || match service {
        Some(service) => service.hosts.recognize(wanted, service.endpoints.partitions).is_some(),
        None => true,
    };
    let front = presented.iter().find_map(|name| Front::of(service?, name)).filter(|_| !is_registered());
    let (text, front) = match (wildcard, front) {
        (Some(_), _) => (&failures::WILDCARD_TOO_DEEP, None),
        (None, front @ Some(_)) => (&failures::DOMAIN_WITHOUT_MAPPING, front),
        (None, None) if peer.server.is_address() => (&failures::ADDRESS_INSTEAD_OF_NAME, None),
        (None, None) if presented.is_empty() => (&failures::CERTIFICATE_WITHOUT_NAMES, None),
        (None, None) => (&failures::OTHER_NAMES, None),
    };
    let mut facts = vec![("wanted", wanted), ("wildcard", wildcard.map_or("", String::as_str))];
    if let Some(Front { service, own, region }) = &front {
        facts.extend([("service", *service), ("own", own), ("region", region)]);
    }
    let advice = Advice::with(text, peer, &facts)
        .fact(format!("wanted: {wanted}"))
        .fact(format!("the certificate is for: {}", listed(presented)));
    match front {
        Some(Front { service, region, .. }) => {
            advice.fact(format!("that is the default certificate of {service} in {region}"))
        }
        None => advice,
    }
}

/// The shared front of the hosts of a service's APIs. It presents its own certificate for a name that nobody has
/// registered there.
struct Front {
    service: &'static str,
    /// Name in its certificate, with `<api id>` for an API's id.
    own: String,
    region: String,
}

impl Front {
    /// The front whose certificate has this name.
    fn of(service: &'static ServiceInfo, name: &str) -> Option<Self> {
        let host = name.strip_prefix('*').map(|behind| format!("id{behind}"))?;
        let known = service.hosts.recognize(&host, service.endpoints.partitions)?;
        let is_own = known.form.names_api() && known.form.signing_name.is_none();
        let region = known.part("Region").filter(|_| is_own)?.to_owned();
        Some(Self { service: service.title, own: name.replacen('*', "<api id>", 1), region })
    }
}

/// Whether a wildcard does not match only because it covers a single label.
fn is_too_deep(wanted: &str, wildcard: &str) -> bool {
    let above = wildcard.strip_prefix('*').filter(|above| above.starts_with('.'));
    let wanted = wanted.to_ascii_lowercase();
    let labels = above.and_then(|above| wanted.strip_suffix(&above.to_ascii_lowercase()));
    labels.is_some_and(|labels| labels.contains('.'))
}

fn listed(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
    match names.len().saturating_sub(SHOWN) {
        _ if names.is_empty() => "no name at all".to_owned(),
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
