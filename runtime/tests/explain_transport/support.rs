//! A transport without environment, and servers that do one thing.

use std::{io, net::SocketAddr};

use bytes::Bytes;
use gatewright_fake::TestContext;
use gatewright_runtime::{
    Explanation,
    explain::transport::TransportEvidence,
    transport::{HttpTransport, HttpTransportBuilder, Transport as _, TransportError},
};
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpSocket, TcpStream},
};

pub(crate) fn builder() -> HttpTransportBuilder {
    HttpTransport::builder(&TestContext::new())
}

/// Hands every connection to `handle`.
pub(crate) async fn server<F, H>(handle: F) -> SocketAddr
where
    F: Fn(TcpStream) -> H + Send + 'static,
    H: Future<Output = io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(handle(socket));
        }
    });
    address
}

/// A port that refuses connections, as long as the socket lives that holds it.
pub(crate) fn nobody() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

/// Reads the head of a request.
pub(crate) async fn read_head(socket: &mut (impl AsyncReadExt + Unpin)) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await?);
    }
    Ok(())
}

pub(crate) async fn fails(transport: &HttpTransport, url: &str) -> TransportError {
    let request = http::Request::get(url).body(Bytes::new()).unwrap();
    transport.send(request).await.expect_err("the exchange fails")
}

/// Sends `GET url`, which fails, and explains it.
pub(crate) async fn explained(transport: &HttpTransport, url: &str) -> Explanation {
    let explanation = TransportEvidence::of(&fails(transport, url).await).explain();
    assert_whole(&explanation);
    explanation
}

/// Properties of every explanation.
#[track_caller]
pub(crate) fn assert_whole(explanation: &Explanation) {
    let Explanation { summary, evidence, causes, remedies, .. } = explanation;
    assert!(!evidence.is_empty() && !causes.is_empty() && !remedies.is_empty(), "{explanation}");
    let texts = [evidence, causes, remedies].into_iter().flatten().chain([summary]);
    assert!(texts.clone().all(|text| !text.contains('\n') && !text.is_empty()), "{explanation:?}");
    let sentences = causes.iter().chain(remedies);
    assert!(sentences.clone().all(|text| text.ends_with('.') && text.len() < 220), "{explanation}");
    assert!(!summary.ends_with('.'), "{summary}");
}

/// Expects a summary, and these pieces of text, each in one of the parts.
#[track_caller]
pub(crate) fn assert_explains(explanation: &Explanation, summary: &str, pieces: &[&str]) {
    assert_eq!(explanation.summary, summary);
    let text = explanation.to_string();
    for piece in pieces {
        assert!(text.contains(piece), "{piece:?} is not in\n{text}");
    }
}
