//! The floor: the costs of network and parser alone. The request is constant, so nothing is serialised, signed or
//! retried.
//!
//! - `--mode raw`: a blocking socket, one write, reads until the length is in; one call at a time
//! - `--mode hyper`: one hyper connection per caller (the default)
//! - `--mode pool`: hyper-util's pooled client
//! - `--mode parse`: no wire at all, the parser over a response in memory
//!
//! `--parse none|owned|borrowed|skip`: drop the body; read it with `serde_json` into owned structs, or into ones that
//! borrow from it; or check its syntax alone, the least such a parser can do.

mod model;

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use bytes::Bytes;
use harness::{
    drive::{self, BoxError, Client, Options, Worker},
    fixture,
};
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::SendRequest;
use hyper_util::{
    client::legacy::{Client as Pool, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
};
use serde::de::IgnoredAny;

use self::model::{BorrowedGateways, Gateways};

#[global_allocator]
static ALLOCATOR: harness::alloc::Counting = harness::alloc::Counting;

/// As long as an SDK's.
const HEADERS: [(&str, &str); 5] = [
    ("content-type", "application/x-amz-json-1.1"),
    ("user-agent", "aws-sdk-rust/1.5.0 os/linux lang/rust/1.95.0"),
    (
        "x-amz-user-agent",
        "aws-sdk-rust/1.5.0 ua/2.1 api/storagegateway/1.127.0 os/linux lang/rust/1.95.0 m/E",
    ),
    ("x-amz-date", "20260101T000000Z"),
    (
        "authorization",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/storagegateway/aws4_request, \
         SignedHeaders=content-length;content-type;host;x-amz-date;x-amz-target;x-amz-user-agent, \
         Signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    ),
];
const BODY: &str = "{}";

fn main() {
    drive::main("floor", async |options| {
        let parse = match options.get("parse") {
            None | Some("owned") => Parse::Owned,
            Some("borrowed") => Parse::Borrowed,
            Some("skip") => Parse::Skip,
            Some("none") => Parse::None,
            Some(other) => return Err(format!("--parse {other}: none, owned, borrowed or skip").into()),
        };
        Ok(Floor { options, parse })
    });
}

struct Floor {
    options: Options,
    parse: Parse,
}

struct Caller {
    wire: Wire,
    parse: Parse,
}

enum Wire {
    Raw { stream: TcpStream, request: Vec<u8>, response: Vec<u8> },
    Hyper { connection: SendRequest<Full<Bytes>>, host: String, target: String },
    Pool { pool: Pool<HttpConnector, Full<Bytes>>, url: String, target: String },
    Memory(Vec<u8>),
}

#[derive(Clone, Copy)]
enum Parse {
    None,
    Owned,
    Borrowed,
    Skip,
}

impl Client for Floor {
    type Worker = Caller;

    async fn worker(&self) -> Result<Caller, BoxError> {
        let url = self.options.endpoint.trim_end_matches('/').to_owned();
        let host = url.trim_start_matches("http://").to_owned();
        let target = format!("StorageGateway_20130630.{}", self.options.op);
        let wire = match self.options.get("mode") {
            Some("raw") => {
                let stream = TcpStream::connect(&host)?;
                stream.set_nodelay(true)?;
                let headers: String = HEADERS.map(|(name, value)| format!("{name}: {value}\r\n")).concat();
                let request = format!(
                    "POST / HTTP/1.1\r\nhost: {host}\r\nx-amz-target: {target}\r\n{headers}content-length: {}\r\n\r\n{BODY}",
                    BODY.len()
                );
                Wire::Raw { stream, request: request.into_bytes(), response: vec![0; 1 << 20] }
            }
            None | Some("hyper") => {
                let stream = tokio::net::TcpStream::connect(&host).await?;
                stream.set_nodelay(true)?;
                let (connection, driver) =
                    hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
                tokio::spawn(driver);
                Wire::Hyper { connection, host, target }
            }
            Some("pool") => {
                let mut connector = HttpConnector::new();
                connector.set_nodelay(true);
                let pool = Pool::builder(TokioExecutor::new()).build(connector);
                Wire::Pool { pool, url: url + "/", target }
            }
            Some("parse") => Wire::Memory(fixture::list_gateways(100)),
            Some(other) => return Err(format!("--mode {other}: raw, hyper, pool or parse").into()),
        };
        Ok(Caller { wire, parse: self.parse })
    }
}

impl Worker for Caller {
    async fn call(&mut self) -> Result<usize, BoxError> {
        match &mut self.wire {
            Wire::Raw { stream, request, response } => {
                stream.write_all(request)?;
                self.parse.items(receive(stream, response)?)
            }
            Wire::Hyper { connection, host, target } => {
                connection.ready().await?;
                let request = request("/", target).header("host", host.as_str()).body(body())?;
                let response = connection.send_request(request).await?;
                self.parse.items(&response.into_body().collect().await?.to_bytes())
            }
            Wire::Pool { pool, url, target } => {
                let response = pool.request(request(url, target).body(body())?).await?;
                self.parse.items(&response.into_body().collect().await?.to_bytes())
            }
            Wire::Memory(response) => self.parse.items(std::hint::black_box(response)),
        }
    }
}

impl Parse {
    fn items(self, response: &[u8]) -> Result<usize, BoxError> {
        Ok(match self {
            Self::None => usize::from(!response.is_empty()),
            Self::Owned => {
                let gateways: Gateways = serde_json::from_slice(response)?;
                std::hint::black_box(&gateways).gateways.as_ref().map_or(0, Vec::len)
            }
            Self::Borrowed => {
                let gateways: BorrowedGateways<'_> = serde_json::from_slice(response)?;
                std::hint::black_box(&gateways).gateways.as_ref().map_or(0, Vec::len)
            }
            Self::Skip => serde_json::from_slice::<IgnoredAny>(response).map(|_| 1)?,
        })
    }
}

fn request(uri: &str, target: &str) -> http::request::Builder {
    HEADERS.iter().fold(Request::post(uri).header("x-amz-target", target), |request, (name, value)| {
        request.header(*name, http::HeaderValue::from_static(value))
    })
}

fn body() -> Full<Bytes> {
    Full::new(Bytes::from_static(BODY.as_bytes()))
}

/// A response's body.
fn receive<'a>(stream: &mut TcpStream, response: &'a mut [u8]) -> Result<&'a [u8], BoxError> {
    let mut filled = 0;
    loop {
        match stream.read(&mut response[filled..])? {
            0 => return Err("the server hung up".into()),
            more => filled += more,
        }
        let Some(end) = response[..filled.min(1024)].windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
            continue;
        };
        let head = std::str::from_utf8(&response[..end])?;
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        let body = end + 4..end + 4 + length.ok_or("a response without length")?.parse::<usize>()?;
        if filled >= body.end {
            return Ok(&response[body]);
        }
    }
}
