//! Requests for instance metadata, with a token.

use http::{HeaderName, HeaderValue, Method, StatusCode};

use super::{
    super::super::{
        CredentialsError,
        io::{Io, SendError},
        policy::Attempts,
        response,
        setup::Way,
    },
    ROLES, SOURCE, fail,
};
use crate::{
    endpoint::shown,
    text::with_causes,
    transport::{Reached, Request, Response, TransportError, TransportErrorKind},
};

const TOKEN: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token");
const TOKEN_SECONDS: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token-ttl-seconds");

/// Requests with one token.
pub(super) struct Session<'a> {
    io: Io<'a>,
    attempts: Attempts,
    base: String,
    header: (HeaderName, HeaderValue),
}

impl<'a> Session<'a> {
    /// Begins with a token, which every request needs.
    pub(super) async fn begin(
        io: Io<'a>,
        attempts: Attempts,
        base: String,
    ) -> Result<Self, CredentialsError> {
        let header = (TOKEN_SECONDS, HeaderValue::from_static("21600"));
        let mut session = Self { io, attempts, base, header };
        let response = session.send(Method::PUT, "/latest/api/token").await?;
        let problem = match response.status() {
            StatusCode::OK => {
                let token = response.body().trim_ascii();
                if token.is_empty() {
                    return Err(fail("its token is empty".to_owned()).transient_if(true));
                }
                let mut token = HeaderValue::from_bytes(token)
                    .map_err(|_| fail("the token has characters that a header cannot hold".to_owned()))?;
                token.set_sensitive(true);
                session.header = (TOKEN, token);
                return Ok(session);
            }
            StatusCode::FORBIDDEN => "status 403: metadata is disabled for this instance",
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
                "it does not support tokens (IMDSv2), which the client requires; update the metadata server"
            }
            _ => return Err(response::refused(SOURCE, &response)),
        };
        Err(fail(problem.to_owned()))
    }

    pub(super) async fn get(&self, path: &str) -> Result<Response, CredentialsError> {
        let response = self.send(Method::GET, path).await?;
        match response.status() {
            StatusCode::OK => Ok(response),
            StatusCode::NOT_FOUND if path == ROLES => {
                Err(CredentialsError::absent(SOURCE, "the instance has no role; attach an instance profile"))
            }
            // The token has expired; the next attempt gets another.
            StatusCode::UNAUTHORIZED => Err(response::refused(SOURCE, &response).transient_if(true)),
            _ => Err(response::refused(SOURCE, &response)),
        }
    }

    async fn send(&self, method: Method, path: &str) -> Result<Response, CredentialsError> {
        let url = format!("{}{path}", self.base);
        let mut request = Request::default();
        *request.uri_mut() = url.parse().map_err(|_| fail(format!("{} is not a valid URL", shown(&url))))?;
        *request.method_mut() = method;
        let (name, value) = self.header.clone();
        let is_token = name == TOKEN_SECONDS;
        request.headers_mut().insert(name, value);

        let sent = self.io.send(request, Way::Metadata, self.attempts).await;
        sent.map_err(|error| {
            let meant = match &error {
                SendError::Transport(error) if is_token => without_token(error),
                _ => None,
            };
            meant.unwrap_or_else(|| error.of(SOURCE))
        })
    }
}

/// The error if no token was received.
fn without_token(error: &TransportError) -> Option<CredentialsError> {
    match (error.kind(), error.reached()) {
        (TransportErrorKind::Connect | TransportErrorKind::Dns, _)
        | (TransportErrorKind::AttemptTimeout, Reached::NotSent) => {
            let problem =
                format!("{}; this is not an EC2 instance, or its metadata is disabled", with_causes(error));
            // If there was metadata before, it may come back.
            Some(CredentialsError::absent(SOURCE, problem).transient_if(true))
        }
        (TransportErrorKind::AttemptTimeout, _) => Some(fail(format!(
            "{}; in a container, the hop limit is too low: `aws ec2 modify-instance-metadata-options \
             --http-put-response-hop-limit 2` on the instance lets responses reach it",
            with_causes(error)
        ))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_does_not_arrive_means_hops_and_silence_means_no_instance() {
        use TransportErrorKind::{AttemptTimeout, Closed, Connect, Dns};
        for (kind, reached, expected) in [
            (Connect, Reached::NotSent, Some(true)),
            (Dns, Reached::NotSent, Some(true)),
            (AttemptTimeout, Reached::NotSent, Some(true)),
            (AttemptTimeout, Reached::MaybeSent, Some(false)),
            (Closed, Reached::MaybeSent, None),
        ] {
            let error = without_token(&TransportError::new(kind, "169.254.169.254:80", reached));
            assert_eq!(error.as_ref().map(CredentialsError::is_absent), expected, "{kind:?} {reached:?}");
            let mentions_hops = error.is_some_and(|error| error.to_string().contains("hop-limit"));
            assert_eq!(mentions_hops, expected == Some(false), "{kind:?} {reached:?}");
        }
    }
}
