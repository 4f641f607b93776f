//! The signers that are compared.

use std::{
    future::Future,
    hint::black_box,
    mem,
    pin::pin,
    rc::Rc,
    task::{Context, Poll, Waker},
    time::SystemTime,
};

use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningParams, SigningSettings, sign},
    sign::v4,
};
use aws_smithy_runtime_api::client::identity::Identity;
use bytes::Bytes;
use gatewright_runtime::{
    Secret,
    credentials::Credentials,
    sign::{
        Signable,
        sigv4::{Scope, Signer, SigningKeys},
    },
};
use http::{HeaderMap, HeaderValue, Request};
use reqsign_core::SignRequest as _;

use crate::bare::{AwsLc, Ring, Sha2, Texts};

const ACCESS_KEY_ID: &str = "AKIDEXAMPLE";
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
pub(crate) const REGION: &str = "us-east-1";
pub(crate) const SERVICE: &str = "storagegateway";

const SCOPE: Scope<'_> = Scope { region: REGION, service: SERVICE };
const HOST: &str = "storagegateway.us-east-1.amazonaws.com";
const URL: &str = "https://storagegateway.us-east-1.amazonaws.com/";

/// A signer.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    /// Signs once more.
    pub(crate) sign: Box<dyn FnMut()>,
    /// The headers of a request signed now.
    pub(crate) sample: Option<Box<dyn FnMut() -> Headers>>,
}

type Headers = Vec<(String, String)>;

/// All of them, for a body of a size.
pub(crate) fn contenders(size: usize) -> Vec<Contender> {
    let body = Bytes::from(body(size));
    let ours = ours_texts(&body);
    let bare = |name, sign| Contender { name, sign, sample: None };
    vec![
        signer("ours-cached", ours_cached(), &body),
        signer("ours-uncached", ours_uncached(), &body),
        signer("aws-sigv4", aws_sigv4(), &body),
        signer("reqsign-aws-v4", reqsign(), &body),
        bare("bare-sha2-cached", Box::new(ours.clone().cached::<Sha2>())),
        bare("bare-sha2-uncached", Box::new(ours.clone().uncached::<Sha2>())),
        bare("bare-ring-cached", Box::new(ours.clone().cached::<Ring>())),
        bare("bare-ring-uncached", Box::new(ours.clone().uncached::<Ring>())),
        bare("bare-awslc-cached", Box::new(ours.clone().cached::<AwsLc>())),
        bare("bare-awslc-uncached", Box::new(ours.uncached::<AwsLc>())),
    ]
}

/// A body of a size.
pub(crate) fn body(size: usize) -> Vec<u8> {
    let head = "{\"GatewayARN\":\"arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B\",\
                \"DiskId\":\"pci-0000:03:00.0-scsi-0:0:0:0\",\"PreserveExistingData\":true,\"TargetName\":\"";
    let tail = "\"}";
    let filler = "v".repeat(size.saturating_sub(head.len() + tail.len()));
    [head, &filler, tail].concat().into_bytes()
}

/// The same headers for all; `host` and `content-length` too, which a client sets before it signs.
fn request(body: &Bytes) -> Request<Bytes> {
    Request::post(URL)
        .header("host", HOST)
        .header("content-type", "application/x-amz-json-1.1")
        .header("content-length", body.len())
        .header("x-amz-target", "StorageGateway_20130630.CreateStorediSCSIVolume")
        .body(body.clone())
        .expect("a request of constants is well-formed")
}

/// A contender that signs a request in place.
fn signer(name: &'static str, sign: impl Fn(&mut Request<Bytes>) + 'static, body: &Bytes) -> Contender {
    let sign = Rc::new(sign);
    let (mut signed, mut sampled) = (request(body), request(body));
    let sample = {
        let sign = Rc::clone(&sign);
        move || {
            sign(&mut sampled);
            texts(sampled.headers())
        }
    };
    Contender {
        name,
        sign: Box::new(move || {
            signed.headers_mut().remove("authorization");
            signed.headers_mut().remove("x-amz-date");
            sign(&mut signed);
            black_box(&signed);
        }),
        sample: Some(Box::new(sample)),
    }
}

fn texts(headers: &HeaderMap) -> Headers {
    let text = |value: &HeaderValue| value.to_str().expect("these headers are text").to_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}

/// Ours, as the client drives it.
fn ours_cached() -> impl Fn(&mut Request<Bytes>) {
    let (credentials, keys) = (credentials(), SigningKeys::new());
    move |request| {
        let signer = Signer::new(&credentials, SCOPE, SystemTime::now()).keys(&keys);
        signer.sign(request).expect("the request can be signed");
    }
}

/// Ours, deriving the key each time, as the others do.
fn ours_uncached() -> impl Fn(&mut Request<Bytes>) {
    let credentials = credentials();
    move |request| {
        let signer = Signer::new(&credentials, SCOPE, SystemTime::now());
        signer.sign(request).expect("the request can be signed");
    }
}

fn credentials() -> Credentials {
    Credentials::new(ACCESS_KEY_ID, Secret::new(SECRET))
}

/// The texts that our signer hashes, so that the bare hashes have the same lengths.
fn ours_texts(body: &Bytes) -> Texts {
    let request = request(body);
    let explained = Signer::new(&credentials(), SCOPE, SystemTime::now())
        .explain(&Signable::of(&request))
        .expect("the request can be signed");
    let [canonical, to_sign] =
        [explained.canonical_request().to_string(), explained.string_to_sign().to_string()];
    Texts([body.to_vec(), canonical.into(), to_sign.into()])
}

/// `aws-sigv4` as the SDK drives it: derive the key, sign, put the headers in.
fn aws_sigv4() -> impl Fn(&mut Request<Bytes>) {
    let identity: Identity =
        aws_credential_types::Credentials::new(ACCESS_KEY_ID, SECRET, None, None, "static").into();
    move |request| {
        let params: SigningParams<'_> = v4::SigningParams::builder()
            .identity(&identity)
            .region(REGION)
            .name(SERVICE)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .expect("every parameter is set")
            .into();
        let headers = request.headers().iter();
        let signable = SignableRequest::new(
            "POST",
            URL,
            headers.map(|(name, value)| (name.as_str(), value.to_str().expect("these headers are text"))),
            SignableBody::Bytes(request.body()),
        );
        let signed = sign(signable.expect("the request is well-formed"), &params).expect("it can be signed");
        signed.into_parts().0.apply_to_request_http1x(request);
    }
}

/// reqsign's signer. The payload's hash is its caller's job, done here with its own helper.
fn reqsign() -> impl Fn(&mut Request<Bytes>) {
    let credential = reqsign_aws_v4::Credential {
        access_key_id: ACCESS_KEY_ID.into(),
        secret_access_key: SECRET.into(),
        session_token: None,
        expires_in: None,
    };
    let (signer, context) =
        (reqsign_aws_v4::RequestSigner::new(SERVICE, REGION), reqsign_core::Context::new());
    move |request| {
        let (mut parts, body) = mem::take(request).into_parts();
        let hash = reqsign_core::hash::hex_sha256(&body).try_into().expect("digits are a header value");
        parts.headers.insert("x-amz-content-sha256", hash);
        ready(signer.sign_request(&context, &mut parts, Some(&credential), None)).expect("it can be signed");
        *request = Request::from_parts(parts, body);
    }
}

/// The result of a future that never waits.
fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("a credential at hand needs no waiting"),
    }
}
