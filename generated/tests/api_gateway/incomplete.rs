//! Responses that break off in their body.

use gatewright::{
    api_gateway::{Client, Error},
    transport::TransportErrorKind,
};

use crate::{
    both, credentials,
    script::{machine, serve},
};

/// Calls a server that sends this response, awaited and blocking.
async fn call(response: &'static str) -> [Error; 2] {
    let (url, _) = serve(response);
    let client = Client::for_url(url).region("eu-west-1").context(machine());
    let client = client.credentials(credentials()).build().unwrap();
    both(|| client.get("/pets")).await.map(Result::unwrap_err)
}

#[tokio::test]
async fn the_status_of_an_error_decides() {
    for (response, status, attempts, body) in [
        ("HTTP/1.1 413 Too Large\r\nContent-Length: 99\r\n\r\n<html>Too", 413, 1, "<html>Too"),
        ("HTTP/1.0 407 Who?\r\nContent-Length: 99\r\n\r\n", 407, 1, ""),
        ("HTTP/1.1 401 Who?\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWho?\r\n", 401, 1, "Who?"),
        ("HTTP/1.1 503 Busy\r\nContent-Length: 99\r\n\r\nBu", 503, 3, "Bu"),
    ] {
        for error in call(response).await {
            let metadata = error.metadata().unwrap_or_else(|| panic!("{error:?}"));
            assert_eq!((metadata.status().as_u16(), metadata.attempts()), (status, attempts), "{response:?}");
            assert_eq!(metadata.body(), body);
            assert_eq!(metadata.incomplete_body().unwrap().kind(), TransportErrorKind::Closed);
            assert!(error.to_string().contains("the body is incomplete"), "{error}");
            let explanation = error.explain().to_string();
            assert!(explanation.contains("the body is incomplete: 127.0.0.1:"), "{explanation}");
        }
    }
}

/// What it says is lost with it.
#[tokio::test]
async fn an_incomplete_success_is_an_error() {
    for error in call("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{").await {
        let Error::Transport(failure) = &error else { panic!("{error:?}") };
        assert_eq!((failure.error().kind(), error.attempts()), (TransportErrorKind::Closed, 3));
    }
}
