//! The parsed refusal that all rules share.

use std::time::SystemTime;

use super::{
    finding::{Clock, NextFault, Side},
    parse_message::Message,
    service_sentences::Skew,
    verdict::Verdict,
};
use crate::{
    Refused,
    protocol::bare_name,
    sign::{CanonicalRequest, SignedRequest, SignedTexts, parse_time},
    signatures::{self, SignatureKind},
    time::Timestamp,
};

/// A refusal, parsed once for all rules.
pub(super) struct Case<'a> {
    pub(super) refused: &'a Refused,
    /// The error's name, without namespace, URL and `Exception`.
    pub(super) code: &'a str,
    pub(super) message: Message,
    pub(super) ours: &'a SignedTexts,
}

impl<'a> Case<'a> {
    pub(super) fn new(refused: &'a Refused) -> Self {
        let fault = &refused.fault;
        Self {
            refused,
            code: fault.exception.as_deref().or(fault.code.as_deref()).map(bare).unwrap_or_default(),
            message: Message::read(fault.message.as_deref().unwrap_or_default()),
            ours: refused.signed.as_ref().map_or(&SignedTexts::NONE, |signed| &signed.texts),
        }
    }

    pub(super) fn signed(&self) -> Option<&'a SignedRequest> {
        self.refused.signed.as_ref()
    }

    /// Status of the response; 0 if it is not known.
    pub(super) fn status(&self) -> u16 {
        self.refused.response.status
    }

    /// `Host` as sent.
    pub(super) fn host(&self) -> Option<&'a str> {
        self.refused.host.as_deref()
    }

    /// `Host` as sent, else as signed.
    pub(super) fn host_or_signed(&self) -> Option<&str> {
        self.host().or_else(|| self.header("host"))
    }

    /// Scheme of `Authorization` as sent.
    pub(super) fn scheme(&self) -> Option<&'a str> {
        self.refused.authorization_scheme.as_deref()
    }

    pub(super) fn code_is(&self, codes: &[&str]) -> bool {
        codes.iter().any(|code| self.code.eq_ignore_ascii_case(code))
    }

    /// Whether the request is known to have had a signature.
    pub(super) fn is_signed(&self) -> bool {
        self.signed().is_some() || self.scheme().is_some_and(is_signature)
    }

    /// Whether the signature covers the method and the parameters only, which then include its own.
    pub(super) fn covers_parameters_only(&self) -> bool {
        let theirs = || self.message.texts.canonical_request.as_ref();
        match self.scheme().and_then(kind) {
            Some(kind) => kind.headers.is_empty(),
            None => theirs().is_some_and(|theirs| theirs.query.contains("SignatureNonce=")),
        }
    }

    pub(super) fn canonical(&self) -> Option<&CanonicalRequest> {
        self.ours.canonical_request.as_ref()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.canonical()?.header(name)
    }

    pub(super) fn has_token(&self) -> bool {
        self.signed().is_some_and(|signed| signed.has_session_token)
            || self.header("x-amz-security-token").is_some()
            || self.query("X-Amz-Security-Token").is_some()
    }

    pub(super) fn key_starts_with(&self, prefix: &str) -> bool {
        self.signed().is_some_and(|signed| signed.access_key_id.starts_with(prefix))
    }

    /// A parameter of the signed query, still percent-encoded.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        let mut pairs = self.canonical()?.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(parameter, _)| parameter.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// A part of the signed scope: date, region, service or terminator.
    pub(super) fn scope(&self, index: usize) -> Option<&str> {
        self.ours.scope(index)
    }

    /// The two clocks, from a sentence of the message if there is one, else from the response's `Date`.
    pub(super) fn clock(&self, said: &Skew) -> Clock {
        let server_time = said.server_time.or_else(|| self.refused.response.date());
        let seconds = |time: SystemTime| Timestamp::from(time).seconds();
        let since = |time: SystemTime| Some(seconds(server_time?).saturating_sub(seconds(time)));
        let skew_seconds = said.signed_at.or_else(|| self.signed_at()).and_then(since);
        // The message has the time of the refusal, `Date` the time of the response; this machine's clock is read later.
        let offset_seconds = self.refused.response.received_at.and_then(since);
        let side = |skew: i64| if skew < 0 { Side::Ahead } else { Side::Behind };
        Clock {
            skew_seconds,
            offset_seconds,
            client_is: skew_seconds.map(side),
            allowed_seconds: said.allowed_seconds,
            server_time,
            ..Clock::default()
        }
    }

    fn signed_at(&self) -> Option<SystemTime> {
        let written = self.ours.string_to_sign.as_ref().and_then(|text| text.time.as_deref());
        let written = written.or_else(|| self.header("x-amz-date"));
        let known =
            |signed: &SignedRequest| (signed.signed_at != SystemTime::UNIX_EPOCH).then_some(signed.signed_at);
        written.and_then(parse_time).or_else(|| self.signed().and_then(known))
    }

    /// The refusal that follows once this one is fixed: the signed host is not the one that was sent.
    pub(super) fn next_fault(&self, verdict: Verdict) -> Option<NextFault> {
        let (signed, sent) = (self.header("host")?, self.host()?);
        let differ = !signed.eq_ignore_ascii_case(sent) && verdict != Verdict::HostRewritten;
        differ.then(|| NextFault {
            verdict: Verdict::HostRewritten,
            ours: signed.to_owned(),
            sent: sent.to_owned(),
        })
    }
}

/// Whether an authorization, or its scheme, is a signature.
pub(crate) fn is_signature(authorization: &str) -> bool {
    kind(authorization).is_some()
}

/// The kind of signature that an authorization, or its scheme, is.
pub(crate) fn kind(authorization: &str) -> Option<&'static SignatureKind> {
    let authorization = authorization.trim_start();
    signatures::ALL.iter().copied().find(|kind| authorization.starts_with(kind.algorithm))
}

fn bare(code: &str) -> &str {
    let name = bare_name(code);
    name.strip_suffix("Exception").unwrap_or(name)
}
