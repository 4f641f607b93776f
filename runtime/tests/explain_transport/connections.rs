//! No connection: names, refusals, proxies, timeouts.

use std::time::Duration;

use gatewright_runtime::{
    explain::transport::{IoEvidence, TransportEvidence},
    transport::{Awaited, Peer, Reached, TimedOut, TransportError, TransportErrorKind},
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{assert_explains, assert_whole, builder, explained, fails, nobody, read_head, server};

/// A failure that this machine may be unable to have.
fn explain(
    kind: TransportErrorKind,
    peer: impl Into<Peer>,
    io: Option<IoEvidence>,
) -> gatewright_runtime::Explanation {
    let mut evidence = TransportEvidence::new(kind, Reached::NotSent, peer);
    evidence.io = io;
    let explanation = evidence.explain();
    assert_whole(&explanation);
    explanation
}

#[tokio::test]
async fn a_name_that_does_not_exist() {
    let url = "https://storagegateway.us-esat-1.invalid/";
    let error = fails(&builder().build(), url).await;
    let evidence = TransportEvidence::of(&error);
    // Without any name server this machine cannot know.
    assert!(matches!(evidence.io, Some(IoEvidence::NameUnknown | IoEvidence::LookupFailed)), "{evidence:?}");
    let text = evidence.explain().to_string();
    assert!(text.starts_with("storagegateway.us-esat-1.invalid:443: the host name "), "{text}");
    assert!(text.contains("server storagegateway.us-esat-1.invalid, port 443\n"), "{text}");
    assert!(text.contains("nslookup storagegateway.us-esat-1.invalid"), "{text}");
}

#[test]
fn names() {
    let host = "storagegateway.us-esat-1.amazonaws.com:443";
    assert_explains(
        &explain(TransportErrorKind::Dns, host, Some(IoEvidence::NameUnknown)),
        "storagegateway.us-esat-1.amazonaws.com:443: the host name does not exist",
        &[
            "The region `us-esat-1` in the host name is misspelled",
            "`nslookup storagegateway.us-esat-1.amazonaws.com`",
        ],
    );
    assert_explains(
        &explain(TransportErrorKind::Dns, host, Some(IoEvidence::LookupFailed)),
        "storagegateway.us-esat-1.amazonaws.com:443: the host name cannot be resolved at the moment",
        &["No name server responds: this machine", "set `HTTPS_PROXY`"],
    );
    assert_explains(
        &explain(TransportErrorKind::Dns, "api.example:443", Some(IoEvidence::NameUnknown)),
        "api.example:443: the host name does not exist",
        &["The host in the endpoint URL is misspelled", "a private zone, a VPN"],
    );
}

#[tokio::test]
async fn refused() {
    let (_socket, address) = nobody();
    let said = std::net::TcpStream::connect(address).unwrap_err();
    let explanation = explained(&builder().build(), &format!("http://{address}/")).await;
    assert_eq!(
        explanation.to_string(),
        format!(
            "{address}: the connection is refused\n\
             Evidence:\n\
             - server 127.0.0.1, port {}\n\
             - {said}\n\
             - the request was not sent, or only in part: the service cannot have executed it\n\
             Causes:\n\
             - The server on this machine is not running, or has not started yet.\n\
             - The server listens on another port, or on only one of 127.0.0.1 and ::1.\n\
             - In a container: 127.0.0.1 is the container itself, not its host.\n\
             What to do:\n\
             - Start the server, and check its port against the endpoint URL.\n\
             - In a container, use the name or address of the server's container or host.",
            address.port()
        )
    );
    let url = format!("https://localhost:{}/", address.port());
    let text = explained(&builder().build(), &url).await.to_string();
    let (v4, v6) = (format!(", at {address}\n"), format!(", at [::1]:{}\n", address.port()));
    assert!(text.contains(&v4) || text.contains(&v6), "{text}");
}

#[test]
fn no_way_to_the_address() {
    let peer = Peer::new("a.example:443").with_address(([192, 0, 2, 1], 443).into());
    for (io, summary, piece) in [
        (IoEvidence::Refused, "the connection is refused", "Nothing listens on that port"),
        (IoEvidence::Unreachable, "there is no route to the address", "its VPN is down"),
        (IoEvidence::NetworkDown, "there is no route to the address", "IPv6"),
        (
            IoEvidence::Forbidden,
            "this machine does not allow the program to connect",
            "A firewall or a sandbox",
        ),
        (IoEvidence::TooManyFiles, "this machine cannot open another connection", "`ulimit -n`"),
        (IoEvidence::NoLocalAddress, "this machine cannot open another connection", "Share one client"),
        (IoEvidence::TimedOut, "no connection within the connect timeout", "a security group"),
        (IoEvidence::Reset, "no connection", "Check host and port: a.example:443."),
    ] {
        let explanation = explain(TransportErrorKind::Connect, peer.clone(), Some(io));
        let address = "server a.example, port 443, at 192.0.2.1:443";
        assert_explains(&explanation, &format!("a.example:443: {summary}"), &[piece, address]);
    }
}

#[tokio::test]
async fn http_to_another_machine() {
    assert_explains(
        &explained(&builder().build(), "http://service.example/").await,
        "service.example:80: requests over plain `http://` are not sent to other machines",
        &["Use `https://` in the endpoint URL.", "`allow_http_to_any_host`"],
    );
    assert_explains(
        &explained(&builder().build(), "ftp://service.example/").await,
        "service.example: the request cannot be sent",
        &["- its URI has neither https:// nor http://"],
    );
}

/// The explanation of a proxy that sends this response to `CONNECT`.
async fn proxy(response: &'static str, summary: &str, pieces: &[&str]) {
    let address = server(move |mut socket| async move {
        read_head(&mut socket).await?;
        socket.write_all(response.as_bytes()).await?;
        socket.shutdown().await
    })
    .await;
    let transport = builder().proxy(&format!("http://me:secret@{address}")).unwrap().build();
    let explanation = explained(&transport, "https://service.example/").await;
    let proxy = address.to_string();
    let line = format!("server service.example, port 443, by the proxy {proxy}");
    let pieces: Vec<&str> = pieces.iter().copied().chain([line.as_str()]).collect();
    assert_explains(
        &explanation,
        &format!("service.example:443: {}", summary.replace("PROXY", &proxy)),
        &pieces,
    );
    assert!(!explanation.to_string().contains("secret"), "{explanation}");
}

#[tokio::test]
async fn proxies_that_refuse() {
    proxy(
        "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
        "the proxy PROXY requires a user and password (407)",
        &["http://user:password@host:port", "`NO_PROXY`"],
    )
    .await;
    proxy(
        "HTTP/1.0 401 Unauthorized\r\nServer: tinyproxy/1.11.1\r\n\r\n",
        "the proxy PROXY requires a user and password (401)",
        &["http://user:password@host:port", "`NO_PROXY`"],
    )
    .await;
    proxy(
        "HTTP/1.1 403 Forbidden\r\n\r\n",
        "the proxy PROXY does not allow the host (403)",
        &["to allow `service.example:443`"],
    )
    .await;
    proxy(
        "HTTP/1.1 502 Bad Gateway\r\n\r\n",
        "the proxy PROXY cannot reach the server (502)",
        &["The proxy cannot look the host up or connect to it."],
    )
    .await;
    proxy(
        "HTTP/1.0 405\r\n\r\n",
        "the proxy PROXY refused the tunnel (405)",
        &["does not support `CONNECT`", "`HTTPS_PROXY`"],
    )
    .await;
    for nonsense in ["<html>\r\n\r\n", "", "HTTP/1.1 200 OK\r\n\r\nmore"] {
        proxy(nonsense, "PROXY does not respond like an HTTP proxy", &["`HTTPS_PROXY`"]).await;
    }
}

#[tokio::test]
async fn proxies_that_are_not_there() {
    let (_socket, address) = nobody();
    let transport = builder().proxy(&address.to_string()).unwrap().build();
    let explanation = explained(&transport, "https://service.example/").await;
    let check = format!("Check host and port: {address}.");
    assert_explains(
        &explanation,
        &format!("service.example:443: the proxy {address} cannot be reached: the connection is refused"),
        &[&check, "Check the proxy's address: `HTTPS_PROXY`"],
    );
    assert!(!explanation.to_string().contains("reaches the internet only through a proxy"), "{explanation}");

    let transport = builder().proxy("proxy.invalid:3128").unwrap().build();
    let text = explained(&transport, "https://service.example/").await.to_string();
    assert!(text.contains("the proxy proxy.invalid:3128 cannot be reached: the host name "), "{text}");
    assert!(text.contains("`nslookup proxy.invalid`"), "{text}");

    let evidence = TransportEvidence::new(TransportErrorKind::Proxy, Reached::NotSent, "service.example:443");
    assert_explains(
        &evidence.explain(),
        "service.example:443: the configured proxy cannot be used",
        &["only `http://` is"],
    );
}

#[tokio::test]
async fn steps_that_take_too_long() {
    let silent = server(|mut socket| async move {
        let mut request = Vec::new();
        socket.read_to_end(&mut request).await.map(drop)
    })
    .await;
    let limit = Duration::from_secs(1);
    let transport = builder().connect_timeout(limit).build();
    let error = fails(&transport, &format!("https://{silent}/")).await;
    let evidence = TransportEvidence::of(&error);
    assert_eq!((evidence.awaited, evidence.timeout), (Some(Awaited::TlsHandshake), Some(limit)));
    assert_explains(
        &evidence.explain(),
        &format!("{silent}: the TLS handshake took longer than the connect timeout"),
        &[
            "waited for the TLS handshake until the limit of 1s was reached",
            "does not speak TLS",
            "raise `connect_timeout`",
        ],
    );

    let transport = builder().connect_timeout(limit).proxy(&silent.to_string()).unwrap().build();
    assert_explains(
        &explained(&transport, "https://service.example/").await,
        "service.example:443: the proxy did not respond within the connect timeout",
        &["waited for the proxy's response until the limit of 1s was reached"],
    );
}

#[test]
fn timeouts() {
    let explain = |kind, reached, peer: &Peer, awaited| {
        let error = TransportError::new(kind, peer.clone(), reached);
        let source = TimedOut::new(awaited, Duration::from_secs(3));
        let explanation = TransportEvidence::of(&error.with_source(source)).explain();
        assert_whole(&explanation);
        explanation
    };
    let server = "storagegateway.us-east-1.amazonaws.com:443";
    let peer = &Peer::new(server).with_address(([192, 0, 2, 1], 443).into());
    assert_eq!(
        explain(TransportErrorKind::ConnectTimeout, Reached::NotSent, peer, Awaited::Connection).to_string(),
        "storagegateway.us-east-1.amazonaws.com:443: no connection within the connect timeout\n\
         Evidence:\n\
         - server storagegateway.us-east-1.amazonaws.com, port 443, at 192.0.2.1:443\n\
         - waited for the connection until the limit of 3s was reached\n\
         - the request was not sent, or only in part: the service cannot have executed it\n\
         Causes:\n\
         - A firewall, a security group or a network ACL drops the packets, because of their port or direction.\n\
         - A VPC endpoint does not admit this client, or its private address is used from outside the VPC.\n\
         - The subnet has no route out: no NAT gateway, no VPC endpoint.\n\
         - This network reaches the internet only through a proxy, which the client does not know.\n\
         What to do:\n\
         - Test the connection from this machine with another tool: `curl -v` with the same URL.\n\
         - Check security groups and network ACLs on both sides, and the route table of the subnet.\n\
         - If the connection is merely slow, raise `connect_timeout`."
    );
    assert_explains(
        &explain(TransportErrorKind::ConnectTimeout, Reached::NotSent, peer, Awaited::NameLookup),
        "storagegateway.us-east-1.amazonaws.com:443: the name lookup took longer than the connect timeout",
        &["The name servers of this machine do not respond."],
    );
    let by_proxy =
        &Peer::new("a.example:443").with_proxy("p.example:80").with_address(([192, 0, 2, 1], 80).into());
    assert_explains(
        &explain(TransportErrorKind::ConnectTimeout, Reached::NotSent, by_proxy, Awaited::Connection),
        "a.example:443: the proxy could not be reached within the connect timeout",
        &["by the proxy p.example:80, at 192.0.2.1:80"],
    );
    for (kind, name) in
        [(TransportErrorKind::AttemptTimeout, "attempt"), (TransportErrorKind::OperationTimeout, "operation")]
    {
        let unconnected = explain(kind, Reached::NotSent, peer, Awaited::TlsHandshake);
        assert_explains(
            &unconnected,
            &format!("{server}: the TLS handshake took longer than the {name} timeout"),
            &["does not speak TLS", &format!("raise `{name}_timeout`"), "cannot have executed it"],
        );
    }
    let attempt = explain(
        TransportErrorKind::AttemptTimeout,
        Reached::MaybeSent,
        &"a.example".into(),
        Awaited::Response,
    );
    assert_explains(
        &attempt,
        "a.example: no response within the attempt timeout",
        &[
            "waited for the response until the limit of 3s was reached",
            "may have executed it",
            "`attempt_timeout`",
            "Before you send a change again",
        ],
    );
    assert!(!attempt.to_string().contains("in this process"), "{attempt}");
    let here = |reached| {
        let peer = &"127.0.0.1:80".into();
        explain(TransportErrorKind::OperationTimeout, reached, peer, Awaited::Response).to_string()
    };
    let is_of_runtime = |text: &str| text.contains("a blocking call holds up a runtime of one thread");
    assert!(is_of_runtime(&here(Reached::MaybeSent)), "{}", here(Reached::MaybeSent));
    // The call waited for something else, such as the client's own limit of requests.
    assert!(!is_of_runtime(&here(Reached::NotSent)), "{}", here(Reached::NotSent));
    let operation = explain(
        TransportErrorKind::OperationTimeout,
        Reached::NotSent,
        &"a.example".into(),
        Awaited::Response,
    );
    assert_explains(
        &operation,
        "a.example: no response within the operation timeout",
        &["`operation_timeout`"],
    );
    assert!(!operation.to_string().contains("Before you send a change again"), "{operation}");
}
