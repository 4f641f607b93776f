//! What an error means and what to do about it.

use std::fmt;

use crate::{
    Error, ServiceInfo, WireError,
    credentials::CredentialsError,
    error::{CallFailure, InputError, ResponseError},
    operation::{OperationError, Service},
    protocol::Fault,
    transport::{TransportError, TransportErrorKind},
};

/// An error, explained.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// What happened, in a line.
    pub summary: String,
    /// What it is concluded from.
    pub evidence: Vec<String>,
    /// Why it happens, likeliest first.
    pub causes: Vec<String>,
    /// What to do, in this order.
    pub remedies: Vec<String>,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary)?;
        let parts = [("Evidence", &self.evidence), ("Causes", &self.causes), ("What to do", &self.remedies)];
        for (title, lines) in parts.into_iter().filter(|(_, lines)| !lines.is_empty()) {
            write!(f, "\n{title}:")?;
            for line in lines {
                write!(f, "\n- {line}")?;
            }
        }
        Ok(())
    }
}

impl<E: OperationError> Error<E> {
    /// Causes and remedies, from the model and from what came back.
    pub fn explain(&self) -> Explanation {
        let summary = self.to_string();
        let explanation = match self {
            Self::Input(error) => input(error),
            Self::Credentials(error) => credentials(error),
            Self::Transport(error) => transport(error.error()),
            Self::Service(error) => service(<E::Service as Service>::INFO, error.fault()),
            Self::Response(error) => response(error),
        };
        Explanation { summary, ..explanation }
    }
}

fn input(error: &InputError) -> Explanation {
    Explanation {
        evidence: error.violations().iter().map(ToString::to_string).collect(),
        causes: lines(&["The request breaks constraints that the service declares."]),
        remedies: lines(&[
            "Correct the members named, or switch the check off if the service has become more lenient.",
        ]),
        ..Explanation::default()
    }
}

fn credentials(error: &CallFailure<CredentialsError>) -> Explanation {
    Explanation {
        evidence: error.error().attempts().map(|(source, reason)| format!("{source}: {reason}")).collect(),
        causes: lines(&["No source of credentials served."]),
        remedies: lines(&["Set one of the sources up, or pass credentials to the client's builder."]),
        ..Explanation::default()
    }
}

/// What the model says of the code first, since it is more specific than the exception around it.
fn service(info: &'static ServiceInfo, fault: &Fault) -> Explanation {
    let code = fault.code.as_deref().and_then(|code| WireError::find(info.error_codes, code));
    let exception = fault.exception.as_deref().and_then(|name| WireError::find(info.exceptions, name));
    let Some(known) = code.or(exception) else {
        return Explanation {
            causes: lines(&["The service sent an error that the model does not know."]),
            remedies: lines(&["Read the service's message and the raw body, which the error keeps."]),
            ..Explanation::default()
        };
    };
    Explanation { causes: lines(known.causes), remedies: lines(known.remedies), ..Explanation::default() }
}

fn transport(error: &TransportError) -> Explanation {
    let (causes, remedies): (&[&str], &[&str]) = match error.kind() {
        TransportErrorKind::Request => (
            &["The request has a form that must not or cannot be sent."],
            &["Correct the endpoint URL or the header that the error names."],
        ),
        TransportErrorKind::Dns => (
            &[
                "The region or endpoint is misspelled, or does not exist.",
                "Name resolution does not work here.",
            ],
            &["Check the region and the endpoint URL.", "Resolve the host by hand from this machine."],
        ),
        TransportErrorKind::Connect => (
            &["Nothing listens at that address.", "A firewall or a missing route is in between."],
            &["Check host and port of the endpoint URL.", "Check whether a proxy is needed and set."],
        ),
        TransportErrorKind::Proxy => (
            &["The proxy does not allow the host, or wants other credentials."],
            &["Check HTTPS_PROXY and NO_PROXY, and the proxy's rules."],
        ),
        TransportErrorKind::Tls => (
            &[
                "The certificate is for another name, expired, or signed by an authority unknown here.",
                "A proxy that inspects TLS answers in the service's place.",
            ],
            &[
                "Check the host name and this machine's clock.",
                "Give the client the proxy's certificate authority.",
            ],
        ),
        TransportErrorKind::ConnectTimeout => (
            &[
                "Packets to the host are dropped: a firewall, a security group, or a private endpoint from outside.",
            ],
            &["Check the route to the host.", "Raise the connect timeout if the way is long."],
        ),
        TransportErrorKind::AttemptTimeout | TransportErrorKind::OperationTimeout => (
            &["The service, or the way to it, is slow.", "The timeout is shorter than the operation takes."],
            &["Raise the timeout.", "Find out whether the operation was executed before repeating it."],
        ),
        TransportErrorKind::Closed => (
            &["The server or something in between closed the connection."],
            &["Find out whether the operation was executed before repeating it."],
        ),
        TransportErrorKind::Protocol => (
            &["Something that does not speak HTTP/1.1 listens there."],
            &["Check port and scheme of the endpoint URL."],
        ),
        TransportErrorKind::TooLarge => (
            &["The answer is larger than the client accepts."],
            &["Ask for fewer items at once, or raise the bound."],
        ),
    };
    let evidence = std::iter::successors(std::error::Error::source(error), |error| error.source())
        .map(ToString::to_string)
        .collect();
    Explanation { evidence, causes: lines(causes), remedies: lines(remedies), ..Explanation::default() }
}

fn response(error: &ResponseError) -> Explanation {
    Explanation {
        evidence: vec![error.reason().to_owned()],
        causes: lines(&[
            "Something other than the service answered: a proxy, a login page, another server.",
            "The service has changed in a way that the model does not know.",
        ]),
        remedies: lines(&[
            "Read the raw body, which the error keeps.",
            "Check the endpoint URL and the proxy.",
        ]),
        ..Explanation::default()
    }
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}
