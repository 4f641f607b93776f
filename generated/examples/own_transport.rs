//! A transport that logs what the built-in one sends and receives: `cargo run --example own_transport`.
//!
//! The guide "A transport of your own" has the rules, and a transport without the built-in one.
#![expect(clippy::print_stdout, reason = "a program for people")]

use std::{
    error::Error,
    time::{Duration, Instant},
};

use gatewright::{
    BoxFuture,
    aws_storage_gateway::{Client, FAKE, ListGatewaysRequest, StartGatewayRequest},
    context::SystemContext,
    fake::{Fake, Misbehaviour},
    transport::{HttpTransport, Request, Response, Transport, TransportError},
};

/// Logs the exchanges of another transport. Requests are signed when they arrive here, and sent unchanged.
#[derive(Debug)]
struct Log<T>(T);

impl<T: Transport> Transport for Log<T> {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.send_within(request, Duration::MAX)
    }

    fn send_within(
        &self,
        request: Request,
        timeout: Duration,
    ) -> BoxFuture<'_, Result<Response, TransportError>> {
        let target =
            request.headers().get("x-amz-target").map(|target| String::from_utf8_lossy(target.as_bytes()));
        let sent = format!("{} {}", request.method(), target.as_deref().unwrap_or("-"));
        Box::pin(async move {
            let start = Instant::now();
            let received = self.0.send_within(request, timeout).await;
            let result = match &received {
                Ok(response) => format!("{}, {} bytes", response.status(), response.body().len()),
                Err(error) => error.to_string(),
            };
            println!("{sent}: {result}, {} ms", start.elapsed().as_millis());
            received
        })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let fake = Fake::start(&FAKE).await?;
    let transport = Log(HttpTransport::new(&SystemContext));
    let client: Client = fake.client_builder().transport(transport).build()?;

    // The first connection is closed without a response. Listing changes nothing, so that it is tried again.
    fake.misbehave_next(Misbehaviour::Close);
    client.list_gateways(ListGatewaysRequest::new()).await?;
    let arn = "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B";
    println!("{:?}", client.start_gateway(StartGatewayRequest::new(arn)).await?.gateway_arn);
    Ok(())
}
