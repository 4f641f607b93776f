//! Which responses may correct the clock that sources of credentials share with a client.

use std::{sync::atomic::Ordering, time::Duration};

use gatewright::{
    api_gateway::Client,
    transport::{
        BlockingHttpTransport, BlockingTransport, MetadataRequest, Request, Response, TransportError,
    },
};

use crate::{
    URL,
    script::{Script, machine, response, serve},
};

/// Plays a script, and sends requests for credentials to this machine.
#[derive(Debug)]
struct Split(Script, BlockingHttpTransport);

impl BlockingTransport for Split {
    fn send(&self, request: Request, timeout: Duration) -> Result<Response, TransportError> {
        if MetadataRequest::is_in(&request) {
            self.1.send(request, timeout)
        } else {
            self.0.send(request, timeout)
        }
    }
}

/// Anyone between the client and a server of plain HTTP can send any `Date`, also if the API's own URL is `https://`.
#[test]
fn plain_http_on_the_way_does_not_correct_it() {
    const CREDENTIALS: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\
        {\"AccessKeyId\":\"C\",\"SecretAccessKey\":\"s\",\"Token\":\"t\",\"Expiration\":\"2026-11-22T13:00:00Z\"}";
    const REFUSED: &str =
        r#"{"message":"Signature expired: 20261122T120000Z is now earlier than 20261122T135500Z"}"#;
    for (through, requests) in [
        (None, 2),
        (Some("https://front.example"), 2),
        (Some("http://127.0.0.1:9"), 2),
        (Some("http://front.example"), 1),
    ] {
        let (url, asked) = serve(CREDENTIALS);
        let context = machine().variable("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
        let refused = response(403, &[("date", "Sun, 22 Nov 2026 14:00:00 GMT")], REFUSED);
        let script = Script::new([refused, response(200, &[], "")]);
        let split = Split(script.clone(), BlockingHttpTransport::new(&context));
        let mut builder = Client::for_url(URL).context(context).allow_http_to_any_host(true);
        if let Some(through) = through {
            builder = builder.through(through);
        }
        let response = builder.blocking_transport(split).build().unwrap().get("/").send_blocking().unwrap();
        // The client itself follows the server in each case.
        assert_eq!(response.metadata().clock_offset(), 7200);
        assert_eq!(script.seen()[1].headers()["x-amz-date"], "20261122T140000Z");
        // At 14:00 the credentials have expired; a source that knows the time requests others.
        assert_eq!(asked.load(Ordering::SeqCst), requests, "{through:?}");
    }
}
