//! The HTTP API of account A: a server that answers requests signed as the role, and refuses all others.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use gatewright::{
    context::{Context as _, SystemContext},
    credentials::Credentials,
    sign::{Signable, sigv4::Scope, verify::Verifier},
};

/// Who made a request.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) authorization: String,
    pub(crate) token: String,
}

/// The server. It ends with the program.
pub(crate) struct Api {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Api {
    /// Serves whoever signs with these credentials.
    pub(crate) fn start(region: &'static str, credentials: Credentials) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let api = Self { address: listener.local_addr()?, seen: Arc::default() };
        let seen = Arc::clone(&api.seen);
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                if let Err(error) = serve(&socket, region, &credentials, &seen) {
                    eprintln!("the API: {error}");
                }
            }
        });
        Ok(api)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Answers the requests of a connection.
fn serve(
    mut socket: &TcpStream,
    region: &str,
    credentials: &Credentials,
    seen: &Mutex<Vec<Seen>>,
) -> io::Result<()> {
    let mut reader = BufReader::new(socket);
    while let Some(request) = read(&mut reader)? {
        let text = |name: &str| {
            let value = request.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let asked = Seen { authorization: text("authorization"), token: text("x-amz-security-token") };
        seen.lock().unwrap_or_else(PoisonError::into_inner).push(asked);

        let scope = Scope { region, service: "execute-api" };
        let known = |id: &str| (id == credentials.access_key_id()).then(|| credentials.clone());
        let (head, body) =
            match Verifier::new(scope, SystemContext.now()).verify(&Signable::of(&request), known) {
                Ok(_) => ("200 OK".to_owned(), r#"["socks", "shoes"]"#.to_owned()),
                Err(error) => (
                    format!("403 Forbidden\r\nx-amzn-errortype: {}", error.exception()),
                    format!("{{\"message\":{:?}}}", error.to_string()),
                ),
            };
        write!(socket, "HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())?;
    }
    Ok(())
}

/// A request without a body; none at the end.
fn read(reader: &mut BufReader<&TcpStream>) -> io::Result<Option<http::Request<&'static [u8]>>> {
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut words = first.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let mut request = http::Request::builder().method(method).uri(target);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        request = request.header(name, value);
    }
    request.body(&b""[..]).map(Some).map_err(io::Error::other)
}
