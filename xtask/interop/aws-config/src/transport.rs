//! Plain HTTP/1.1 for the AWS SDK, one connection per request.

use std::error::Error;

use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

pub(crate) fn client() -> SharedHttpClient {
    http_client_fn(|_, _| SharedHttpConnector::new(Plain))
}

#[derive(Debug)]
struct Plain;

impl HttpConnector for Plain {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(async {
            send(request).await.map_err(|error| ConnectorError::other(error, None))
        })
    }
}

async fn send(request: HttpRequest) -> Result<HttpResponse, Box<dyn Error + Send + Sync>> {
    let request = request.try_into_http1x()?;
    let authority = request.uri().authority().ok_or("a URL without a host")?.as_str().to_owned();
    let (parts, body) = request.into_parts();
    let body = Bytes::copy_from_slice(body.bytes().ok_or("a body in parts")?);
    let mut request = hyper::Request::from_parts(parts, Full::new(body));
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
    Ok(hyper::Response::from_parts(parts, body.into()).try_into()?)
}
