//! Requests that are signed here and sent by an HTTP client of the user's own.

use gatewright::{
    sign,
    sign::{
        Signable,
        sigv4::{Scope, SignError},
        verify::{Verifier, VerifyError},
    },
};

use crate::{credentials, script::noon};

const SCOPE: Scope<'static> = Scope { region: "eu-west-1", service: "execute-api" };

fn verify(request: &http::Request<String>) -> Result<(), VerifyError> {
    Verifier::new(SCOPE, noon()).verify(&Signable::of(request), |_| Some(credentials())).map(drop)
}

#[test]
fn any_request_is_signed() {
    let mut request = http::Request::put("https://10.0.0.7:8443/prod/a%20b?limit=10")
        .header("host", "abc123.execute-api.eu-west-1.amazonaws.com")
        .header("x-api-key", "key-1")
        .header("traceparent", "00-1-2-01")
        .body("some bytes".to_owned())
        .unwrap();
    sign(&mut request, &credentials(), SCOPE, noon()).unwrap();
    verify(&request).unwrap();
    assert_eq!(request.headers()["host"], "abc123.execute-api.eu-west-1.amazonaws.com");
    let authorization = request.headers()["authorization"].to_str().unwrap();
    assert!(authorization.contains("SignedHeaders=host;x-amz-date;x-amz-security-token;x-api-key,"));
    assert!(!format!("{request:?}").contains("the-session"), "{request:?}");

    request.body_mut().push('!');
    assert!(matches!(verify(&request), Err(VerifyError::Mismatch(_))));
    sign(&mut request, &credentials(), SCOPE, noon()).unwrap();
    verify(&request).unwrap();
}

#[test]
fn a_request_without_host_is_refused() {
    let mut request = http::Request::get("/pets").body(String::new()).unwrap();
    assert_eq!(sign(&mut request, &credentials(), SCOPE, noon()), Err(SignError::Host));
}
