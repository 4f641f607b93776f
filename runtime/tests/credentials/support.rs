//! Servers of a few lines.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use gatewright_runtime::credentials::{Credentials, CredentialsError, ProvideCredentials};
use rustls::{ServerConfig, ServerConnection, StreamOwned, pki_types::PrivateKeyDer};

use crate::drivers::DRIVERS;

/// Keeps the chain from looking for an instance's metadata.
pub(crate) const NO_INSTANCE: (&str, &str) = ("AWS_EC2_METADATA_DISABLED", "true");

/// A request as it came: head and body.
pub(crate) type Seen = Arc<Mutex<Vec<String>>>;

/// A server that sends the response of a function; if the function has none, the connection stays open.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) seen: Seen,
}

impl Server {
    pub(crate) fn new(response: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap(), response)
    }

    pub(crate) fn on(
        listener: TcpListener,
        response: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Seen::default();
        let (response, kept) = (Arc::new(response), Arc::clone(&seen));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (response, kept) = (Arc::clone(&response), Arc::clone(&kept));
                thread::spawn(move || serve(stream.unwrap(), &*response, &kept));
            }
        });
        Self { url, seen }
    }

    /// A server that always sends this response.
    pub(crate) fn always(status: u16, body: &str) -> Self {
        let text = response(status, body);
        Self::new(move |_| Some(text.clone()))
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

/// The service that a client calls once it has credentials.
pub(crate) fn stage() -> Server {
    Server::new(|_| {
        Some(response(200, r#"{"Names":["a"]}"#).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))
    })
}

/// The access key id that signed the last request.
pub(crate) fn signed_by(stage: &Server) -> String {
    let requests = stage.requests();
    requests.last().unwrap().split_once("Credential=").unwrap().1.split('/').next().unwrap().to_owned()
}

pub(crate) fn response(status: u16, body: &str) -> String {
    format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn serve(mut stream: TcpStream, response: &dyn Fn(&str) -> Option<String>, seen: &Seen) {
    let Some(request) = read_request(&mut stream) else { return };
    seen.lock().unwrap().push(request.clone());
    match response(&request) {
        // The other side may have given up.
        Some(response) => drop(stream.write_all(response.as_bytes())),
        None => {
            let _ = stream.read(&mut [0; 4096]);
        }
    }
}

/// A request, head and body; `None` if the connection ended.
fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = stream.read(&mut chunk).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().unwrap())
        });
        if body.len() >= length.unwrap_or(0) {
            return Some(text);
        }
    }
}

/// A server that keeps connections open and counts them.
pub(crate) struct Keeping {
    pub(crate) url: String,
    connections: Arc<AtomicUsize>,
}

impl Keeping {
    pub(crate) fn new(response: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (connections, response) = (Arc::new(AtomicUsize::new(0)), Arc::new(response));
        let count = Arc::clone(&connections);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let response = Arc::clone(&response);
                thread::spawn(move || {
                    while let Some(request) = read_request(&mut stream) {
                        stream.write_all(response(&request).as_bytes()).unwrap();
                    }
                });
            }
        });
        Self { url, connections }
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// A server on TLS that always sends this response, and the authority to trust.
pub(crate) fn tls(body: &str) -> (String, String) {
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(pair.signing_key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![pair.cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let response = response(200, body);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let session = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(session, stream.unwrap());
            // A client that does not trust it closes the connection.
            if stream.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {
                stream.write_all(response.as_bytes()).unwrap();
            }
        }
    });
    (url, pair.cert.pem())
}

/// `id secret token expiry`, or the error's text.
pub(crate) fn shown(outcome: Result<Credentials, CredentialsError>) -> String {
    match outcome {
        Ok(credentials) => {
            let expiry = credentials.expires_at().map_or(0, |expiry| {
                expiry.duration_since(std::time::SystemTime::UNIX_EPOCH).unwrap().as_secs()
            });
            let token = credentials.session_token().map_or("-", |token| token.expose());
            let [id, secret] = [credentials.access_key_id(), credentials.secret_access_key().expose()];
            format!("{id} {secret} {token} {expiry}")
        }
        Err(error) => {
            let text = error.to_string();
            assert!(!text.contains("TOPSECRET") && !format!("{error:?}").contains("TOPSECRET"), "{text}");
            text
        }
    }
}

/// Says how an error ends, whichever way one waits.
#[track_caller]
pub(crate) fn fails(source: impl Fn() -> Box<dyn ProvideCredentials>, expected: &[&str]) {
    for driver in DRIVERS {
        let text = shown(driver.provide(&*source()));
        for part in expected {
            assert!(text.contains(part), "{part:?} in {text:?}");
        }
    }
}
