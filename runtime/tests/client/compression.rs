//! Requests that are sent compressed.

use std::io::Read as _;

use flate2::read::GzDecoder;
use gatewright_runtime::{
    Call, Secret,
    credentials::Credentials,
    sign::{Signable, sigv4::Scope, verify::Verifier},
    transport::Request,
};

use crate::{
    OK,
    drivers::DRIVERS,
    stage::{Act, List, Move, client, noon},
};

/// A request whose body has this many bytes.
fn sized(bytes: usize) -> Move {
    let frame = br#"{"Prop":"","Token":"t"}"#.len();
    Move { prop: Some("p".repeat(bytes - frame)), token: Some("t".to_owned()) }
}

fn encodings(request: &Request) -> Vec<&str> {
    request.headers().get_all("content-encoding").iter().map(|value| value.to_str().unwrap()).collect()
}

#[test]
fn large_bodies_are_compressed_before_they_are_signed() {
    for driver in DRIVERS {
        let (client, script) = client([Act::Respond(503, ""), OK]);
        let call: Call<Move> = client.call(sized(10_240)).header("content-encoding", "custom");
        driver.make(call).unwrap();
        let seen = script.seen.lock().unwrap();
        let [first, second] = &seen[..] else { panic!("{seen:?}") };
        assert_eq!(first.body(), second.body());
        assert_eq!((encodings(first), encodings(second)), (vec!["custom", "gzip"], vec!["custom", "gzip"]));

        let mut body = String::new();
        GzDecoder::new(&first.body()[..]).read_to_string(&mut body).unwrap();
        let prop = sized(10_240).prop.unwrap();
        assert_eq!(body, format!(r#"{{"Prop":"{prop}","Token":"t"}}"#));
        assert!(first.body().len() < body.len(), "{}", first.body().len());

        let scope = Scope { region: "us-east-1", service: "stage" };
        let find = |_: &str| Some(Credentials::new("AKIDEXAMPLE", Secret::new("secret-of-the-stage")));
        Verifier::new(scope, noon()).verify(&Signable::of(first), find).unwrap();
    }
}

#[test]
fn others_go_as_they_are() {
    for driver in DRIVERS {
        let (client, script) = client([OK, OK]);
        driver.make(client.call(sized(10_239))).unwrap();
        driver.make(client.call(List { marker: Some("m".repeat(20_000)) })).unwrap();
        let seen = script.seen.lock().unwrap();
        assert_eq!((encodings(&seen[0]), encodings(&seen[1])), (vec![], vec![]));
        assert_eq!((seen[0].body().len(), &seen[1].body()[..12]), (10_239, &br#"{"Marker":"m"#[..]));
    }
}
