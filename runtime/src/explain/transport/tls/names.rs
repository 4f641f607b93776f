//! A certificate for other names.

use super::super::{advice::Advice, peer::Peer};

/// Names that are shown.
const SHOWN: usize = 8;

pub(super) fn advice(wanted: &str, presented: &[String], peer: &Peer<'_>) -> Advice {
    let advice = Advice::new("the certificate is for other names")
        .fact(format!("wanted: {wanted}"))
        .fact(format!("the certificate is for: {}", listed(presented)));
    if let Some(region) = presented.iter().find_map(|name| front_region(name))
        && !wanted.contains(".execute-api.")
    {
        return unmapped_domain(advice, wanted, region);
    }
    if let Some(wildcard) = presented.iter().find(|name| is_too_deep(wanted, name)) {
        return advice
            .cause(format!("`{wildcard}` stands for one label, and `{wanted}` has more in its place."))
            .remedy("Use a host name with no further dot there, such as another form of the endpoint.")
            .remedy("Or add the name itself to the certificate.");
    }
    if peer.is_address() {
        return advice
            .cause("The endpoint URL has an address as host, and certificates are for names.")
            .remedy(
                "Put the host name into the endpoint URL, and let DNS or the hosts file lead to the address.",
            );
    }
    let advice = if presented.is_empty() {
        advice.cause("The certificate has only a common name, which no longer counts.")
    } else {
        advice
    };
    advice
        .cause("The host in the endpoint URL is not the one that the server is known by.")
        .cause("DNS or the hosts file leads the name to another server: an old address, a private zone.")
        .cause("Something in between answers in the server's place: a proxy, a login page of the network.")
        .remedy("Compare the host with the names that the certificate has, and correct the endpoint URL.")
        .remedy(format!("See where the name leads: `nslookup {wanted}`."))
}

/// The front of API Gateway shows its own certificate for a name that nobody has registered there.
fn unmapped_domain(advice: Advice, wanted: &str, region: &str) -> Advice {
    advice
        .fact(format!("that is the default certificate of API Gateway in {region}"))
        .cause(format!(
            "`{wanted}` leads to API Gateway, but no custom domain of this name is set up in {region}."
        ))
        .cause("DNS leads to the API's own host instead of the custom domain's target, `d-….execute-api.…`.")
        .cause("The custom domain was made moments ago, or its certificate is not active yet.")
        .remedy(format!("Create the custom domain name and its mapping in {region}, or correct the region."))
        .remedy(format!("See that DNS leads to the custom domain's target name: `nslookup {wanted}`."))
        .remedy(format!("Or call the API by its own host, `<api id>.execute-api.{region}.amazonaws.com`."))
}

/// The region of the default certificate of API Gateway, if a name is from there.
fn front_region(name: &str) -> Option<&str> {
    let (region, suffix) = name.strip_prefix("*.execute-api.")?.split_once('.')?;
    suffix.starts_with("amazonaws.").then_some(region)
}

/// Whether a wildcard fails only for its one label.
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
