//! Plain HTTP/1.1 for the AWS SDK and our clients, one connection per request.

use std::error::Error;

use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use bytes::Bytes;
use gatewright::{
    BoxFuture,
    transport::{Reached, Request, Response, Transport, TransportError, TransportErrorKind},
};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

type Failure = Box<dyn Error + Send + Sync>;

/// The transport of the AWS SDK.
pub(crate) fn client() -> SharedHttpClient {
    http_client_fn(|_, _| SharedHttpConnector::new(Plain))
}

#[derive(Debug)]
pub(crate) struct Plain;

impl HttpConnector for Plain {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(async {
            send_of_sdk(request).await.map_err(|error| ConnectorError::other(error, None))
        })
    }
}

impl Transport for Plain {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        Box::pin(async move {
            let failed = |error| {
                TransportError::new(TransportErrorKind::Closed, host, Reached::MaybeSent).with_source(error)
            };
            send(request).await.map_err(failed)
        })
    }
}

async fn send_of_sdk(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (parts, body) = request.try_into_http1x()?.into_parts();
    let body = Bytes::copy_from_slice(body.bytes().ok_or("a body in parts")?);
    let response = send(hyper::Request::from_parts(parts, body)).await?;
    Ok(response.map(Into::into).try_into()?)
}

async fn send(request: hyper::Request<Bytes>) -> Result<hyper::Response<Bytes>, Failure> {
    let authority = request.uri().authority().ok_or("a URL without a host")?.as_str().to_owned();
    let mut request = request.map(Full::new);
    if !request.headers().contains_key("host") {
        request.headers_mut().insert("host", authority.parse()?);
    }
    let stream = TcpStream::connect(&authority).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let (parts, body) = sender.send_request(request).await?.into_parts();
    let body = body.collect().await?.to_bytes();
    drop(sender);
    connection.await??;
    Ok(hyper::Response::from_parts(parts, body))
}
