//! Proxies that refuse: the number of attempts, and the error.

use std::sync::atomic::Ordering;

use gatewright::{
    Error, api_gateway::Client, explain::transport::TransportEvidence, transport::TransportErrorKind,
};

use crate::{
    URL, both, credentials,
    script::{machine, serve},
};

/// Calls an API by such a proxy, awaited and blocking: attempts, and the first line of the explanation.
async fn call(proxy: &str) -> [(u32, String); 2] {
    let context = machine().variable("HTTPS_PROXY", proxy);
    let client = Client::for_url(URL).context(context).credentials(credentials()).build().unwrap();
    both(|| client.get("/pets")).await.map(|outcome| {
        let error = outcome.unwrap_err();
        let Error::Transport(failure) = &error else { panic!("{error:?}") };
        assert_eq!(failure.error().kind(), TransportErrorKind::Proxy, "{error}");
        (error.attempts(), TransportEvidence::of(failure.error()).explain().summary)
    })
}

#[tokio::test]
async fn only_transient_failures_are_retried() {
    for (response, attempts, summary) in [
        ("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", 1, "requires a user and password (407)"),
        ("HTTP/1.0 401 Unauthorized\r\n\r\n", 1, "requires a user and password (401)"),
        ("HTTP/1.1 403 Filtered\r\n\r\n", 1, "does not allow the host (403)"),
        ("HTTP/1.1 405 Method Not Allowed\r\n\r\n", 1, "refused the tunnel (405)"),
        ("HTTP/1.1 501 Not Implemented\r\n\r\n", 1, "refused the tunnel (501)"),
        ("HTTP/1.1 301 Moved\r\n\r\n", 1, "refused the tunnel (301)"),
        ("HTTP/1.1 429 Too Many Requests\r\n\r\n", 3, "refused the tunnel (429)"),
        ("HTTP/1.1 502 Bad Gateway\r\n\r\n", 3, "cannot reach the server (502)"),
        ("HTTP/1.1 503 Busy\r\n\r\n", 3, "cannot reach the server (503)"),
        ("", 3, "does not respond like an HTTP proxy"),
    ] {
        let (url, asked) = serve(response);
        for (tried, text) in call(&url).await {
            assert!(tried == attempts && text.contains(summary), "{response:?}: {tried} attempts: {text}");
        }
        assert_eq!(asked.load(Ordering::SeqCst), 2 * usize::try_from(attempts).unwrap(), "{response:?}");
    }
}

#[tokio::test]
async fn a_setting_that_cannot_work_is_tried_once() {
    for url in ["socks5://127.0.0.1:1080", "https://127.0.0.1", "http://", "http://127.0.0.1:port"] {
        for (tried, text) in call(url).await {
            assert!(
                tried == 1 && text.ends_with("the configured proxy cannot be used"),
                "{url}: {tried}: {text}"
            );
        }
    }
}
