//! The faults.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::LazyLock,
    time::Duration,
};

use bytes::Bytes;
use gatewright::{
    aws_storage_gateway::{CreateSnapshotRequest, ListGatewaysRequest},
    context::{Context as _, SystemContext},
    fake::{Fake, FakeError, Misbehaviour, TestContext},
};
use http::{Response, StatusCode};
use tokio::net::TcpSocket;

/// A fault.
pub(super) enum Fault {
    /// No fault.
    None,
    /// Requests go to an address without a service.
    Elsewhere(String),
    /// The service does not speak TLS.
    NoTls,
    /// The service, or a component before it, sends a bad response.
    Response(Misbehaviour),
    /// The same, over a connection that was kept from an earlier call.
    OnKept(Misbehaviour),
    /// The service responds with an error.
    Error(FakeError),
    /// This machine's clock is ahead.
    Clock(Duration),
}

impl Fault {
    /// Applies the fault to one more request.
    pub(super) fn order(&self, fake: &Fake, clock: &TestContext) {
        match self {
            Self::None | Self::Elsewhere(_) | Self::NoTls => {}
            Self::Response(misbehaviour) | Self::OnKept(misbehaviour) => {
                fake.misbehave_next(misbehaviour.clone());
            }
            Self::Error(error) => {
                fake.fail::<ListGatewaysRequest>(error.clone(), 1);
                fake.fail::<CreateSnapshotRequest>(error.clone(), 1);
            }
            Self::Clock(ahead) => clock.set_time(SystemContext.now() + *ahead),
        }
    }
}

/// Every fault, by its symptom.
pub(super) fn faults() -> Vec<(&'static str, Fault)> {
    use Misbehaviour as M;

    let error =
        |exception: &'static str, status| Fault::Error(FakeError::exception(exception).with_status(status));
    vec![
        ("none", Fault::None),
        // No connection.
        ("the host name has no address", Fault::Elsewhere(format!("http://{}.invalid", "a".repeat(64)))),
        ("nothing listens there", Fault::Elsewhere(refusing_port())),
        ("https:// where plain HTTP is spoken", Fault::NoTls),
        // No response.
        ("no response at all", Fault::Response(M::Delay(Duration::from_hours(1)))),
        ("closed without a response", Fault::Response(M::Close)),
        ("reset without a response", Fault::Response(M::Reset)),
        ("kept connection closed without a response", Fault::OnKept(M::Close)),
        ("kept connection reset without a response", Fault::OnKept(M::Reset)),
        ("reset after the head of the response", Fault::Response(M::ResetAfterHead)),
        ("closed during the body", Fault::Response(M::Truncate)),
        ("closed during the body of a 413", cut("413 Payload Too Large")),
        ("closed during the body of a 503", cut("503 Service Unavailable")),
        // No response of the service.
        ("bytes that are not HTTP", Fault::Response(M::Garbage(Bytes::from_static(b"SSH-2.0-x\r\n")))),
        ("a header of 10 MB", Fault::Response(M::LargeHeader(10 << 20))),
        ("a body of 1 GB", Fault::Response(M::LargeBody(1 << 30))),
        ("Content-Length half of the body", Fault::Response(M::WrongContentLength)),
        ("200 with HTML", Fault::Response(M::Html)),
        ("200 with an empty body", response(StatusCode::OK, &[], "")),
        ("200 with null", response(StatusCode::OK, &[], "null")),
        ("200 with a list", response(StatusCode::OK, &[], "[]")),
        ("200 with gzip", Fault::Response(M::Gzip)),
        ("200 with lists a million deep", Fault::Response(M::DeepJson(1_000_000))),
        ("301", response(StatusCode::MOVED_PERMANENTLY, &[("location", "https://example.com/")], "")),
        // Transient failures.
        ("500 without a body", response(StatusCode::INTERNAL_SERVER_ERROR, &[], "")),
        ("502 with HTML", response(StatusCode::BAD_GATEWAY, &[("content-type", "text/html")], "<html>")),
        ("503 without a body", response(StatusCode::SERVICE_UNAVAILABLE, &[], "")),
        (
            "503, x-amz-retry-after: 3000",
            response(StatusCode::SERVICE_UNAVAILABLE, &[("x-amz-retry-after", "3000")], ""),
        ),
        ("503, Retry-After: 2", response(StatusCode::SERVICE_UNAVAILABLE, &[("retry-after", "2")], "")),
        ("503, Retry-After: 3600", response(StatusCode::SERVICE_UNAVAILABLE, &[("retry-after", "3600")], "")),
        ("504 without a body", response(StatusCode::GATEWAY_TIMEOUT, &[], "")),
        ("InternalServerError", error("InternalServerError", StatusCode::INTERNAL_SERVER_ERROR)),
        ("GatewayNotConnected", Fault::Error(FakeError::code("GatewayNotConnected"))),
        // Throttling.
        ("429 without a body", response(StatusCode::TOO_MANY_REQUESTS, &[], "")),
        ("ThrottlingException", error("ThrottlingException", StatusCode::BAD_REQUEST)),
        ("SlowDown", error("SlowDown", StatusCode::SERVICE_UNAVAILABLE)),
        // Permanent failures.
        ("ValidationException", error("ValidationException", StatusCode::BAD_REQUEST)),
        ("VolumeNotFound", Fault::Error(FakeError::code("VolumeNotFound"))),
        ("AccessDeniedException", error("AccessDeniedException", StatusCode::BAD_REQUEST)),
        ("ExpiredTokenException", error("ExpiredTokenException", StatusCode::BAD_REQUEST)),
        (
            "unknown, code ThrottlingException",
            Fault::Error(FakeError::code("ThrottlingException").with_exception("SomethingNew")),
        ),
        ("400, code ThrottlingException", Fault::Error(FakeError::code("ThrottlingException"))),
        (
            "unknown, message Rate exceeded",
            Fault::Error(FakeError::exception("SomethingNew").with_message("Rate exceeded")),
        ),
        (
            "unknown, message holds rate exceeded",
            Fault::Error(FakeError::exception("SomethingNew").with_message("2 of 3 done: rate exceeded")),
        ),
        ("an exception that no one knows", error("SomethingNew", StatusCode::BAD_REQUEST)),
        // The clock.
        ("this machine's clock is 20 min ahead", Fault::Clock(Duration::from_mins(20))),
        ("the service's clock is 20 min ahead", Fault::Response(M::SkewedClock(1200))),
    ]
}

fn response(status: StatusCode, headers: &[(&'static str, &'static str)], body: &'static str) -> Fault {
    let mut response = Response::new(Bytes::from_static(body.as_bytes()));
    *response.status_mut() = status;
    for (name, value) in headers {
        response.headers_mut().insert(*name, http::HeaderValue::from_static(value));
    }
    Fault::Response(response.into())
}

/// An error that ends before its body does.
fn cut(status: &str) -> Fault {
    let response = format!("HTTP/1.1 {status}\r\nContent-Length: 100\r\n\r\n<html>");
    Fault::Response(Misbehaviour::Garbage(response.into()))
}

/// A port that refuses connections: it is bound, so that no other process gets it, but not listening.
fn refusing_port() -> String {
    static SOCKET: LazyLock<io::Result<(TcpSocket, SocketAddr)>> = LazyLock::new(|| {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        let address = socket.local_addr()?;
        Ok((socket, address))
    });
    let (_, address) = SOCKET.as_ref().expect("loopback has a free port");
    format!("http://{address}")
}
