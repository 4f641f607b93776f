//! `explain --url`: explains the state of a host without calling an API behind it.

use std::{
    net::{IpAddr, SocketAddr},
    time::SystemTime,
};

use gatewright_core::{
    endpoint::{EndpointError, check_url},
    hosts::KnownHost,
    wire::is_loopback,
};
use gatewright_runtime::{
    Explanation,
    explain::{Evidence, Outcome, is_private},
    time::Timestamp,
};
use http::Uri;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use super::{
    Known,
    probe::{Handshake, Probe, Target},
    unanswered,
};
use crate::{arguments, failure::Failure, services::Program, source};

/// Seconds of clock difference beyond which signatures are refused.
const MAX_SKEW_SECONDS: i64 = 300;

/// Probes the host of a URL. It connects to no other host, signs nothing, and ignores the path. Returns the evidence, too, if the
/// host cannot be used.
pub(super) fn explain(
    program: &Program,
    arguments: &arguments::Host,
    url: &str,
) -> Result<(Explanation, Option<(Evidence, Known)>), Failure> {
    let target = target(program, arguments, url)?;
    let Probe { addresses, reached } = target.probe();
    let known = recognize(program, &target.host);
    let (mut explanation, failed) = match reached {
        Ok(handshake) => (shaken(program, &target, &addresses, handshake), None),
        Err(evidence) => {
            // An API is on no host of this machine.
            let apis = program.apis().filter(|_| !is_loopback(&target.host));
            let evidence = unanswered(Outcome::Transport(*evidence));
            (evidence.explain(apis), Some((evidence, apis)))
        }
    };
    let form = form(known.as_ref(), &target.host);
    let mut evidence: Vec<_> = form.into_iter().chain(led_to(&target, &addresses)).collect();
    evidence.append(&mut explanation.evidence);
    explanation.evidence = evidence;
    Ok((explanation, failed))
}

fn target(program: &Program, arguments: &arguments::Host, url: &str) -> Result<Target, Failure> {
    let wrong = |reason: &str| Failure::Usage(format!("--url takes a URL like https://host/, but {reason}"));
    // WebSocket APIs have hosts of the same kinds.
    let secure = url.strip_prefix("wss://").map(|rest| format!("https://{rest}"));
    let uri: Uri = secure.as_deref().unwrap_or(url).parse().map_err(|_| wrong("this is not a URL"))?;
    if uri.scheme_str() != Some("https") {
        return Err(wrong("this one does not begin with https://"));
    }
    let authority = uri.authority().ok_or_else(|| wrong("this one names no host"))?;
    // The path is ignored, so that it may also be a call's.
    check_url(&format!("https://{authority}")).map_err(|error| match error {
        EndpointError::Url { problem, .. } => wrong(&format!("this one {problem}")),
        other => wrong(&other.to_string()),
    })?;
    let host = authority.host().trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
    let port = authority.port_u16().unwrap_or(443);
    let ask_clock = arguments.clock || recognize(program, &host).is_some();
    Ok(Target {
        host,
        port,
        address: arguments.address.map(|address| SocketAddr::new(address, port)),
        roots: roots(arguments.root_certificates.as_deref())?,
        ask_clock,
    })
}

/// What an API's host name reveals, if it is one of the known forms.
fn recognize<'a>(program: &Program, host: &'a str) -> Option<KnownHost<'a>> {
    let apis = program.apis()?;
    apis.hosts.recognize(host, apis.endpoints.partitions)
}

/// The root certificates of a file, or of the system.
fn roots(path: Option<&str>) -> Result<RootCertStore, Failure> {
    let mut roots = RootCertStore::empty();
    let Some(path) = path else {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return Ok(roots);
    };
    let unreadable = |error: &dyn std::fmt::Display| Failure::Refused(format!("cannot read {path}: {error}"));
    let pem = source::read_file(path, source::MOST).map_err(|error| unreadable(&error))?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    roots.add_parsable_certificates(certificates.map_err(|error| unreadable(&error))?);
    if roots.is_empty() {
        return Err(unreadable(&"no certificate found"));
    }
    Ok(roots)
}

fn shaken(program: &Program, target: &Target, addresses: &[IpAddr], handshake: Handshake) -> Explanation {
    let Handshake { address, names, certificate_asked, clock } = handshake;
    let mut explanation = Explanation::default();
    let Target { host, port, .. } = target;
    explanation.summary = format!("{host}:{port} responds, and its certificate is for this name");
    let evidence = &mut explanation.evidence;
    evidence.push(format!("connected to {address}"));
    if !names.is_empty() {
        evidence.push(format!("the certificate is for: {}", names.join(", ")));
    }
    let causes = &mut explanation.causes;
    if certificate_asked {
        evidence.push("the server requests a client certificate: mutual TLS is on".to_owned());
        causes.push(
            "Calls without a client certificate are refused: with `Forbidden`, or by closing the connection."
                .to_owned(),
        );
        explanation.remedies.push(
            "Call with a certificate that the domain's trust store accepts, or call another host.".to_owned(),
        );
    }
    match clock {
        Some(Ok((server, here))) => compared(server, here, &mut explanation),
        Some(Err(reason)) => explanation.evidence.push(format!("the clocks were not compared: {reason}")),
        None => explanation.evidence.push(
            "the clocks were not compared: `--clock` sends one `HEAD` without credentials, for a host that does not exist"
                .to_owned(),
        ),
    }
    private(program, target, addresses, &mut explanation);
    if explanation.causes.is_empty() {
        explanation.causes.push(
            "Name, connection and certificate are in order: the API itself refuses the call.".to_owned(),
        );
        let (command, model) = (program.command, program.model_option());
        explanation.remedies.push(format!(
            "Explain the response itself: `{command} explain{model} --message FILE --service api-gateway`."
        ));
    }
    explanation
}

fn compared(server: SystemTime, here: SystemTime, explanation: &mut Explanation) {
    let seconds = |time: SystemTime| Timestamp::from(time).seconds();
    let behind = seconds(server).saturating_sub(seconds(here));
    let how = match behind {
        -2..=2 => "agrees with the server's".to_owned(),
        behind if behind > 0 => format!("is {behind} s behind the server's"),
        ahead => format!("is {} s ahead of the server's", ahead.unsigned_abs()),
    };
    explanation.evidence.push(format!("this machine's clock {how}"));
    if behind.abs() > MAX_SKEW_SECONDS {
        explanation
            .causes
            .push("This machine's clock is off by more than signatures allow: five minutes.".to_owned());
        explanation.remedies.push("Set the clock, preferably with NTP.".to_owned());
    }
}

/// Facts from the host name.
fn form(known: Option<&KnownHost<'_>>, host: &str) -> Option<String> {
    let Some(known) = known else {
        let is_name = host.parse::<IpAddr>().is_err() && !is_loopback(host);
        return is_name.then(|| format!("`{host}` is a custom domain name: it shows neither API nor region"));
    };
    let region = known.part("Region").unwrap_or_default();
    let line = match (known.part("api"), known.part("function")) {
        _ if known.form.refused.is_some() => known.form.refused.map(str::to_owned)?,
        (Some(api), _) => format!("the name belongs to the API {api} in {region}"),
        (_, Some(function)) => format!("the name belongs to the function URL {function} in {region}"),
        _ => format!(
            "the name belongs to a VPC endpoint in {region}: `Host` or `x-apigw-api-id` must name the API"
        ),
    };
    Some(line)
}

fn led_to(target: &Target, addresses: &[IpAddr]) -> Option<String> {
    let listed: Vec<_> = addresses
        .iter()
        .map(|address| format!("{address} ({})", if is_private(*address) { "private" } else { "public" }))
        .collect();
    let how = if target.address.is_some() { "the address was set to" } else { "the name resolves to" };
    (!listed.is_empty()).then(|| format!("{how} {}", listed.join(", ")))
}

/// Causes and remedies for private addresses of a public name.
fn private(program: &Program, target: &Target, addresses: &[IpAddr], explanation: &mut Explanation) {
    let of_api = recognize(program, &target.host);
    if of_api.is_none() || addresses.is_empty() || !addresses.iter().all(|address| is_private(*address)) {
        return;
    }
    explanation.causes.push(
        "The name resolves to a VPC endpoint: it accepts calls of private APIs, and refuses public ones with `Forbidden`."
            .to_owned(),
    );
    explanation.remedies.push(
        "For a public API use its custom domain from here, or disable the private DNS of the endpoint."
            .to_owned(),
    );
}
