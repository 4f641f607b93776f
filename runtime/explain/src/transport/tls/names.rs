//! A certificate for other names.

use super::super::advice::Advice;
use crate::{ServiceInfo, wire::Peer};

/// Names that are shown.
const SHOWN: usize = 8;

pub(super) fn advice(
    wanted: &str,
    presented: &[String],
    peer: &Peer,
    service: Option<&'static ServiceInfo>,
) -> Advice {
    let advice = Advice::new("the certificate is for other names")
        .fact(format!("wanted: {wanted}"))
        .fact(format!("the certificate is for: {}", listed(presented)));
    if let Some(wildcard) = presented.iter().find(|name| is_too_deep(wanted, name)) {
        return advice
            .cause(format!("`{wildcard}` covers one label, and `{wanted}` has more in its place."))
            .remedy("Use a host name with one label there, such as another form of the endpoint.")
            .remedy("Or add the name itself to the certificate.");
    }
    if let Some(service) = service
        && let Some(front) = presented.iter().find_map(|name| Front::of(service, name))
        && service.hosts.recognize(wanted, service.endpoints.partitions).is_none()
    {
        return front.unmapped_domain(advice, wanted);
    }
    if peer.server.is_address() {
        return advice
            .cause("The endpoint URL has an IP address as its host, and certificates are for names.")
            .remedy(
                "Use the host name in the endpoint URL, and let DNS or the hosts file resolve it to the address.",
            );
    }
    let advice = if presented.is_empty() {
        advice.cause("The certificate has only a common name, which clients no longer accept.")
    } else {
        advice
    };
    advice
        .cause("The host in the endpoint URL is not a name of the server.")
        .cause("DNS or the hosts file resolves the name to another server: an old address, a private zone.")
        .cause("Something in between responds instead of the server: a proxy, a login page of the network.")
        .remedy("Compare the host with the names in the certificate, and correct the endpoint URL.")
        .remedy(format!("Check what the name resolves to: `nslookup {wanted}`."))
}

/// The shared front of the hosts of a service's APIs. It presents its own certificate for a name that nobody has
/// registered there.
struct Front<'a> {
    service: &'static str,
    /// Name in its certificate, with `*` for an API's id.
    name: &'a str,
    region: String,
}

impl<'a> Front<'a> {
    /// The front whose certificate has this name.
    fn of(service: &'static ServiceInfo, name: &'a str) -> Option<Self> {
        let host = name.strip_prefix('*').map(|behind| format!("id{behind}"))?;
        let known = service.hosts.recognize(&host, service.endpoints.partitions)?;
        let is_own = known.form.names_api() && known.form.signing_name.is_none();
        let region = known.part("Region").filter(|_| is_own)?.to_owned();
        Some(Self { service: service.settings_id, name, region })
    }

    fn unmapped_domain(&self, advice: Advice, wanted: &str) -> Advice {
        let Self { service, name, region } = self;
        let own = name.replacen('*', "<api id>", 1);
        advice
            .fact(format!("that is the default certificate of {service} in {region}"))
            .cause(format!(
                "`{wanted}` resolves to {service}, but {region} has no custom domain of this name."
            ))
            .cause("DNS points to the API's own host instead of the custom domain's target.")
            .cause("The custom domain was created moments ago, or its certificate is not active yet.")
            .remedy(format!(
                "Create the custom domain name and its mapping in {region}, or correct the region."
            ))
            .remedy(format!("Check that DNS points to the custom domain's target name: `nslookup {wanted}`."))
            .remedy(format!("Or call the API by its own host, `{own}`."))
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
