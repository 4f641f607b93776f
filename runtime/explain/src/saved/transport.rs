//! Transport failures.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    super::transport::{IoEvidence, ProxyEvidence, TlsEvidence, TransportEvidence},
    read::{Reader, SavedError, time},
};
use crate::wire::{Awaited, HostPort, Peer, Reached, RequestFault, TransportErrorKind as Kind};

const KINDS: &[(&str, Kind)] = &[
    ("request", Kind::Request),
    ("dns", Kind::Dns),
    ("connect", Kind::Connect),
    ("proxy", Kind::Proxy),
    ("tls", Kind::Tls),
    ("connect_timeout", Kind::ConnectTimeout),
    ("attempt_timeout", Kind::AttemptTimeout),
    ("operation_timeout", Kind::OperationTimeout),
    ("closed", Kind::Closed),
    ("protocol", Kind::Protocol),
    ("switched_protocols", Kind::SwitchedProtocols),
    ("too_large", Kind::TooLarge),
    ("no_runtime", Kind::NoRuntime),
];

const REACHED: &[(&str, Reached)] = &[
    ("not_sent", Reached::NotSent),
    ("stale_connection", Reached::StaleConnection),
    ("stale_unsent", Reached::StaleUnsent),
    ("maybe_sent", Reached::MaybeSent),
];

const AWAITED: &[(&str, Awaited)] = &[
    ("name_lookup", Awaited::NameLookup),
    ("connection", Awaited::Connection),
    ("proxy", Awaited::Proxy),
    ("tls_handshake", Awaited::TlsHandshake),
    ("response", Awaited::Response),
];

const REQUEST_FAULTS: &[(&str, RequestFault)] = &[
    ("no_host", RequestFault::NoHost),
    ("unknown_scheme", RequestFault::UnknownScheme),
    ("user_name", RequestFault::UserName),
    ("invalid_port", RequestFault::InvalidPort),
    ("plain_http", RequestFault::PlainHttp),
    ("no_transport", RequestFault::NoTransport),
];

pub(super) fn write(evidence: &TransportEvidence) -> Value {
    json!({
        "kind": name(KINDS, evidence.kind),
        "reached": name(REACHED, evidence.reached),
        "peer": evidence.peer.to_string(),
        "server": write_party(&evidence.peer.server),
        "by_proxy": evidence.peer.proxy.as_ref().map(write_party),
        "address": evidence.peer.address.map(|address| address.to_string()),
        "chain": evidence.chain,
        "io": evidence.io.map(IoEvidence::as_str),
        "tls": evidence.tls.as_ref().map(write_tls),
        "proxy": evidence.proxy.map(write_proxy),
        "request": evidence.request.map(|fault| name(REQUEST_FAULTS, fault)),
        "body_limit": evidence.body_limit,
        "awaited": evidence.awaited.map(|awaited| name(AWAITED, awaited)),
        "timeout_ms": evidence.timeout.map(|timeout| u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX)),
    })
}

pub(super) fn read(saved: &Reader<'_>) -> Result<TransportEvidence, SavedError> {
    let kind = saved.required("kind")?.named(KINDS)?;
    let reached = saved.required("reached")?.named(REACHED)?;
    let mut evidence = TransportEvidence::new(kind, reached, read_peer(saved)?);
    evidence.chain = saved.texts("chain")?;
    evidence.io = match saved.optional("io")? {
        Some(io) => {
            Some(IoEvidence::parse(io.as_text()?).ok_or_else(|| io.wrong("a name that this version knows"))?)
        }
        None => None,
    };
    evidence.tls = saved.optional("tls")?.map(|tls| read_tls(&tls)).transpose()?;
    evidence.proxy = saved.optional("proxy")?.map(|proxy| read_proxy(&proxy)).transpose()?;
    evidence.request = saved.optional("request")?.map(|fault| fault.named(REQUEST_FAULTS)).transpose()?;
    evidence.body_limit = saved.optional("body_limit")?.map(|limit| limit.number()).transpose()?;
    evidence.awaited = saved.optional("awaited")?.map(|awaited| awaited.named(AWAITED)).transpose()?;
    evidence.timeout = saved
        .optional("timeout_ms")?
        .map(|timeout| timeout.number().map(Duration::from_millis))
        .transpose()?;
    Ok(evidence)
}

fn write_party(party: &HostPort) -> Value {
    json!({ "host": party.host, "port": party.port })
}

fn read_party(saved: &Reader<'_>) -> Result<HostPort, SavedError> {
    let port = saved.optional("port")?.map(|port| port.number()).transpose()?;
    Ok(HostPort::new(saved.text("host")?, port))
}

fn read_peer(saved: &Reader<'_>) -> Result<Peer, SavedError> {
    let mut peer = Peer::new(read_party(&saved.required("server")?)?);
    peer.proxy = saved.optional("by_proxy")?.map(|proxy| read_party(&proxy)).transpose()?;
    if let Some(address) = saved.optional("address")? {
        let parsed =
            address.as_text()?.parse().map_err(|_| address.wrong("an address like 192.0.2.1:443"))?;
        peer.address = Some(parsed);
    }
    Ok(peer)
}

fn name<T: Copy + PartialEq>(names: &[(&'static str, T)], value: T) -> Option<&'static str> {
    names.iter().find(|(_, known)| *known == value).map(|(name, _)| *name)
}

fn write_proxy(proxy: ProxyEvidence) -> Value {
    match proxy {
        ProxyEvidence::Refused(status) => json!({ "fault": "refused", "status": status }),
        ProxyEvidence::NotHttp => json!({ "fault": "not_http" }),
    }
}

fn read_proxy(saved: &Reader<'_>) -> Result<ProxyEvidence, SavedError> {
    let fault = saved.required("fault")?;
    match fault.as_text()? {
        "refused" => Ok(ProxyEvidence::Refused(saved.required("status")?.number()?)),
        "not_http" => Ok(ProxyEvidence::NotHttp),
        _ => Err(fault.wrong("a fault that this version knows")),
    }
}

fn write_tls(tls: &TlsEvidence) -> Value {
    match tls {
        TlsEvidence::WrongName { wanted, presented } => {
            json!({ "fault": "wrong_name", "wanted": wanted, "presented": presented })
        }
        TlsEvidence::UnknownIssuer => json!({ "fault": "unknown_issuer" }),
        TlsEvidence::SelfSigned => json!({ "fault": "self_signed" }),
        TlsEvidence::Expired { now, not_after } => {
            json!({ "fault": "expired", "now": now.map(time), "not_after": not_after.map(time) })
        }
        TlsEvidence::NotYetValid { now, not_before } => {
            json!({ "fault": "not_yet_valid", "now": now.map(time), "not_before": not_before.map(time) })
        }
        TlsEvidence::Revoked => json!({ "fault": "revoked" }),
        TlsEvidence::BadCertificate { reason } => json!({ "fault": "bad_certificate", "reason": reason }),
        TlsEvidence::Alert { name } => json!({ "fault": "alert", "name": name }),
        TlsEvidence::NothingInCommon { reason } => json!({ "fault": "nothing_in_common", "reason": reason }),
        TlsEvidence::NotTls => json!({ "fault": "not_tls" }),
        TlsEvidence::Ended => json!({ "fault": "ended" }),
        TlsEvidence::NoRoots => json!({ "fault": "no_roots" }),
        TlsEvidence::Other { reason } => json!({ "fault": "other", "reason": reason }),
    }
}

fn read_tls(saved: &Reader<'_>) -> Result<TlsEvidence, SavedError> {
    let fault = saved.required("fault")?;
    Ok(match fault.as_text()? {
        "wrong_name" => {
            TlsEvidence::WrongName { wanted: saved.text("wanted")?, presented: saved.texts("presented")? }
        }
        "unknown_issuer" => TlsEvidence::UnknownIssuer,
        "self_signed" => TlsEvidence::SelfSigned,
        "expired" => TlsEvidence::Expired {
            now: saved.optional_time("now")?,
            not_after: saved.optional_time("not_after")?,
        },
        "not_yet_valid" => TlsEvidence::NotYetValid {
            now: saved.optional_time("now")?,
            not_before: saved.optional_time("not_before")?,
        },
        "revoked" => TlsEvidence::Revoked,
        "bad_certificate" => TlsEvidence::BadCertificate { reason: saved.text("reason")? },
        "alert" => TlsEvidence::Alert { name: saved.text("name")? },
        "nothing_in_common" => TlsEvidence::NothingInCommon { reason: saved.text("reason")? },
        "not_tls" => TlsEvidence::NotTls,
        "ended" => TlsEvidence::Ended,
        "no_roots" => TlsEvidence::NoRoots,
        "other" => TlsEvidence::Other { reason: saved.text("reason")? },
        _ => return Err(fault.wrong("a fault that this version knows")),
    })
}
