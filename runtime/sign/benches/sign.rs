//! Signing a small request: a key that is kept, and one derived each time. `cargo bench -p gatewright-sign`.

use gatewright_sign::Secret;
use std::{
    hint::black_box,
    time::{Duration, UNIX_EPOCH},
};

use bytes::Bytes;
use criterion::{Criterion, criterion_group, criterion_main};
use gatewright_sign::{
    Credentials,
    sigv4::{Scope, Signer, SigningKeys},
};
use http::{HeaderValue, Request};

const SCOPE: Scope<'_> = Scope { region: "us-east-1", service: "storagegateway" };

fn request() -> Request<Bytes> {
    let body = format!("{{\"GatewayARN\":\"{}\"}}", "v".repeat(200 - 17));
    Request::post("https://storagegateway.us-east-1.amazonaws.com/")
        .header("host", HeaderValue::from_static("storagegateway.us-east-1.amazonaws.com"))
        .header("content-type", HeaderValue::from_static("application/x-amz-json-1.1"))
        .header("x-amz-target", HeaderValue::from_static("StorageGateway_20130630.CreateStorediSCSIVolume"))
        .body(Bytes::from(body))
        .expect("a valid request")
}

fn sign(criterion: &mut Criterion) {
    let credentials =
        Credentials::new("AKIDEXAMPLE", Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
    let keys = SigningKeys::new();
    let time = UNIX_EPOCH + Duration::from_secs(1_767_225_601);
    let signer = Signer::new(&credentials, SCOPE, time);
    let mut group = criterion.benchmark_group("sign");
    for (name, signer) in [("kept key", signer.keys(&keys)), ("derived key", signer)] {
        let mut request = request();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                request.headers_mut().remove("authorization");
                request.headers_mut().remove("x-amz-date");
                black_box(&signer).sign(black_box(&mut request))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, sign);
criterion_main!(benches);
