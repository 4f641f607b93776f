//! An HTTP server for one exchange, which keeps the exact bytes that it receives.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    thread::{self, JoinHandle},
    time::Duration,
};

use serde_json::{Value, json};

/// A server on loopback that waits for its one request.
pub(super) struct Peer {
    address: SocketAddr,
    exchange: JoinHandle<io::Result<Vec<u8>>>,
}

impl Peer {
    /// Responds with `status_code`, `headers` and `body` of a case; without them, with an empty object.
    pub(super) fn responding(response: &Value) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let response = response.clone();
        let exchange = thread::spawn(move || exchange(&listener, &response));
        Ok(Self { address, exchange })
    }

    pub(super) fn authority(&self) -> String {
        self.address.to_string()
    }

    /// The request, or null if none arrived.
    pub(super) fn request(self) -> Result<Value, String> {
        // Stops the server if the call sent nothing; otherwise the server has stopped already.
        drop(TcpStream::connect(self.address));
        let received = self.exchange.join().map_err(|_| "the peer panicked")?;
        parse(&received.map_err(|error| format!("the peer: {error}"))?)
    }
}

/// The bytes of a response. One to HEAD has no body, and may have the length of another response
/// ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-8.6)).
fn canned(response: &Value, to_head: bool) -> String {
    let status = response["status_code"].as_u64().unwrap_or(200);
    let body = match response {
        _ if to_head => "",
        Value::Null => "{}",
        response => response["body"].as_str().unwrap_or_default(),
    };
    let header =
        |(name, value): (&String, &Value)| format!("{name}: {}\r\n", value.as_str().unwrap_or_default());
    let headers = response["headers"].as_object().into_iter().flatten();
    let (lengths, headers): (Vec<_>, Vec<_>) =
        headers.partition(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = lengths.into_iter().filter(|_| to_head).map(header).next();
    let length = length.unwrap_or_else(|| format!("Content-Length: {}\r\n", body.len()));
    let headers: String = headers.into_iter().map(header).collect();
    format!("HTTP/1.1 {status} Case\r\n{headers}{length}Connection: close\r\n\r\n{body}")
}

fn exchange(listener: &TcpListener, response: &Value) -> io::Result<Vec<u8>> {
    let (mut stream, _) = listener.accept()?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    while !is_whole(&received) {
        match stream.read(&mut buffer)? {
            0 => break,
            read => received.extend(buffer.iter().take(read)),
        }
    }
    if !received.is_empty() {
        let response = canned(response, received.starts_with(b"HEAD "));
        stream.write_all(response.as_bytes())?;
    }
    Ok(received)
}

fn is_whole(received: &[u8]) -> bool {
    split(received).is_some_and(|(head, body)| body.len() >= length(head))
}

/// Splits a request into head and body.
fn split(received: &[u8]) -> Option<(&str, &[u8])> {
    let end = received.windows(4).position(|window| window == b"\r\n\r\n")?;
    Some((str::from_utf8(received.get(..end)?).ok()?, received.get(end + 4..)?))
}

fn length(head: &str) -> usize {
    let is_length = |(name, _): &(&str, &str)| name.eq_ignore_ascii_case("content-length");
    headers(head).find(is_length).and_then(|(_, value)| value.parse().ok()).unwrap_or_default()
}

fn headers(head: &str) -> impl Iterator<Item = (&str, &str)> {
    head.lines().skip(1).filter_map(|line| line.split_once(':')).map(|(name, value)| (name, value.trim()))
}

fn parse(received: &[u8]) -> Result<Value, String> {
    if received.is_empty() {
        return Ok(Value::Null);
    }
    let (head, body) = split(received).ok_or("the request is cut off")?;
    let line: Vec<_> = head.lines().next().unwrap_or_default().split(' ').collect();
    let [method, target, _] = line[..] else { return Err(format!("no request line: {line:?}")) };
    // Absolute, as in requests to proxies.
    let path = target.strip_prefix("http://").and_then(|rest| rest.find('/').map(|start| &rest[start..]));
    let target = path.unwrap_or(target);
    let headers: Vec<_> = headers(head).collect();
    let body = String::from_utf8_lossy(body);
    Ok(json!({ "method": method, "target": target, "headers": headers, "body": body }))
}
