//! An HTTP/1.1 server on 127.0.0.1: fixed responses, chosen by `X-Amz-Target` or by a form's `Action`; connections are kept,
//! with one thread each.
//!
//! `loopback [--port 8099]`; port 0 takes a free one. The first line on stdout is its URL. `GET /__stats` reports the
//! received requests. Signatures are not verified; requests without a signature are counted.

use std::{
    collections::BTreeMap,
    error::Error,
    io::{self, BufRead, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    thread,
};

use harness::{fixture, usage::Usage};

const GATEWAYS: usize = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let port = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => 8099,
        ["--port", port] => port.parse()?,
        _ => return Err("usage: loopback [--port 8099]".into()),
    };
    let server: &'static Server = Box::leak(Box::new(Server::new()));
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    println!("http://{}", listener.local_addr()?);
    for stream in listener.incoming() {
        let stream = stream?;
        server.connections.fetch_add(1, Relaxed);
        // Broken connections are reported by their clients.
        thread::Builder::new().stack_size(128 * 1024).spawn(move || server.serve(&stream).ok())?;
    }
    Ok(())
}

struct Server {
    responses: BTreeMap<&'static str, Vec<u8>>,
    unknown_target: Vec<u8>,
    connections: AtomicU64,
    requests: AtomicU64,
    unsigned: AtomicU64,
    bytes_in: AtomicU64,
}

/// The relevant parts of a request.
#[derive(Default)]
struct Head {
    stats: bool,
    operation: String,
    signed: bool,
    length: usize,
}

impl Server {
    fn new() -> Self {
        let response =
            |operation| Some((operation, response("200 OK", &fixture::body_for(operation, GATEWAYS)?)));
        let unknown = br#"{"__type":"InvalidGatewayRequestException","message":"unknown target"}"#;
        Self {
            responses: fixture::OPERATIONS.into_iter().filter_map(response).collect(),
            unknown_target: self::response("400 Bad Request", unknown),
            connections: AtomicU64::default(),
            requests: AtomicU64::default(),
            unsigned: AtomicU64::default(),
            bytes_in: AtomicU64::default(),
        }
    }

    fn serve(&self, mut stream: &TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut input = BufReader::new(stream);
        let mut body = Vec::new();
        while let Some(head) = self.head(&mut input)? {
            body.resize(head.length, 0);
            input.read_exact(&mut body)?;
            let operation = if head.operation.is_empty() { action(&body) } else { &head.operation };
            if head.stats {
                stream.write_all(&response("200 OK", self.stats().as_bytes()))?;
                continue;
            }
            self.requests.fetch_add(1, Relaxed);
            self.unsigned.fetch_add(u64::from(!head.signed), Relaxed);
            self.bytes_in.fetch_add(head.length as u64, Relaxed);
            stream.write_all(self.responses.get(operation).unwrap_or(&self.unknown_target))?;
        }
        Ok(())
    }

    /// The next request, until the client closes the connection.
    fn head(&self, input: &mut impl BufRead) -> io::Result<Option<Head>> {
        let mut head = Head::default();
        let mut line = String::new();
        loop {
            line.clear();
            if input.read_line(&mut line)? == 0 {
                return Ok(None);
            }
            self.bytes_in.fetch_add(line.len() as u64, Relaxed);
            let text = line.trim_end();
            if text.is_empty() {
                return Ok(Some(head));
            }
            head.stats |= text.starts_with("GET /__stats ");
            let Some((name, value)) = text.split_once(':') else { continue };
            if name.eq_ignore_ascii_case("content-length") {
                head.length = value.trim().parse().map_err(io::Error::other)?;
            } else if name.eq_ignore_ascii_case("x-amz-target") {
                value.rsplit('.').next().unwrap_or_default().clone_into(&mut head.operation);
            } else if name.eq_ignore_ascii_case("authorization") {
                head.signed = true;
            }
        }
    }

    fn stats(&self) -> String {
        let [connections, requests, unsigned, bytes_in] =
            [&self.connections, &self.requests, &self.unsigned, &self.bytes_in]
                .map(|count| count.load(Relaxed));
        format!(
            "{{\"connections\":{connections},\"requests\":{requests},\"unsigned\":{unsigned},\
             \"bytes_in\":{bytes_in},\"cpu_us\":{:.0}}}",
            Usage::now().cpu_us()
        )
    }
}

/// The operation that a form names.
fn action(form: &[u8]) -> &str {
    let pairs = str::from_utf8(form).unwrap_or_default().split('&');
    pairs.filter_map(|pair| pair.strip_prefix("Action=")).next().unwrap_or_default()
}

fn response(status: &str, body: &[u8]) -> Vec<u8> {
    let media_type = if body.starts_with(b"<") { "text/xml" } else { "application/x-amz-json-1.1" };
    let head = format!(
        "HTTP/1.1 {status}\r\nx-amzn-RequestId: 12345678-1234-1234-1234-123456789012\r\n\
         Content-Type: {media_type}\r\nContent-Length: {}\r\n\
         Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}
