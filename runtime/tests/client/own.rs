//! A region and credentials of a single call, instead of the client's.

use std::sync::{Arc, Mutex};

use gatewright_runtime::{
    BoxFuture, Error, Secret,
    credentials::{Credentials, CredentialsError, ProvideCredentials},
};

use crate::{
    OK,
    drivers::{DRIVERS, Driver},
    move_,
    stage::{self, Act, List, Script},
};

/// Host, and the beginning of the credential scope: id and region.
fn addressed(script: &Script) -> Vec<(String, String)> {
    let seen = script.seen.lock().unwrap();
    let addressed = seen.iter().map(|request| {
        let authorization = request.headers()["authorization"].to_str().unwrap();
        let scope: Vec<_> = authorization.split_once("Credential=").unwrap().1.split('/').take(3).collect();
        let host = request.headers()["host"].to_str().unwrap();
        assert_eq!(request.uri().host(), Some(host));
        (host.to_owned(), [scope[0], "/", scope[2]].concat())
    });
    addressed.collect()
}

fn pair(host: &str, scope: &str) -> (String, String) {
    (host.to_owned(), scope.to_owned())
}

fn others() -> Credentials {
    Credentials::new("AKIDOTHER", Secret::new("other-secret")).with_session_token(Secret::new("other-token"))
}

#[test]
fn a_call_has_a_region_and_credentials_of_its_own() {
    let clients = pair("stage.us-east-1.amazonaws.com", "AKIDEXAMPLE/us-east-1");
    for driver in DRIVERS {
        let (client, script) = stage::client([OK, OK, OK, OK, OK]);
        driver.make(client.call(move_()).region("eu-west-1")).unwrap();
        driver.make(client.call(move_()).region("cn-north-1").credentials(others())).unwrap();
        driver.make(client.call(move_()).credentials(others())).unwrap();
        // The client itself, and what it says of itself, stay the same.
        driver.make(client.call(move_())).unwrap();
        driver.make(client.clone().call(move_())).unwrap();
        assert_eq!(
            addressed(&script),
            [
                pair("stage.eu-west-1.amazonaws.com", "AKIDEXAMPLE/eu-west-1"),
                pair("stage.cn-north-1.amazonaws.com.cn", "AKIDOTHER/cn-north-1"),
                pair("stage.us-east-1.amazonaws.com", "AKIDOTHER/us-east-1"),
                clients.clone(),
                clients.clone(),
            ],
            "{driver:?}"
        );
        let tokens = script
            .seen
            .lock()
            .unwrap()
            .iter()
            .map(|request| {
                request.headers().get("x-amz-security-token").map(|token| token.to_str().unwrap().to_owned())
            })
            .collect::<Vec<_>>();
        let token = Some("other-token".to_owned());
        assert_eq!(tokens, [None, token.clone(), token, None, None]);
        assert_eq!(
            (client.region(), client.endpoint().host()),
            ("us-east-1", Some("stage.us-east-1.amazonaws.com"))
        );
    }
}

#[test]
fn every_attempt_and_every_page_goes_there() {
    let first = Act::Respond(200, r#"{"Names":["a"],"Marker":"m"}"#);
    for driver in DRIVERS {
        let (client, script) = stage::client([Act::Respond(503, ""), first.clone(), OK]);
        let call = client.call(List::default()).region("eu-west-1").credentials(others());
        let pages = match driver {
            Driver::Blocking => call.pages_blocking().map(Result::unwrap).count(),
            Driver::Awaiting => {
                let paused =
                    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
                paused.unwrap().block_on(async {
                    let (mut pages, mut count) = (call.pages(), 0);
                    while let Some(page) = pages.next().await {
                        page.unwrap();
                        count += 1;
                    }
                    count
                })
            }
        };
        let there = pair("stage.eu-west-1.amazonaws.com", "AKIDOTHER/eu-west-1");
        assert_eq!((pages, addressed(&script)), (2, vec![there; 3]), "{driver:?}");
    }
}

#[test]
fn an_endpoint_url_stays_and_the_signature_follows_the_region() {
    for driver in DRIVERS {
        let script = Script::new([OK]);
        let client = stage::builder(&script).endpoint_url("https://gateway.example").build().unwrap().0;
        driver.make(client.call(move_()).region("eu-west-1")).unwrap();
        assert_eq!(addressed(&script), [pair("gateway.example", "AKIDEXAMPLE/eu-west-1")]);
    }
}

#[test]
fn an_invalid_region_is_refused_before_sending() {
    for driver in DRIVERS {
        for region in ["", "eu west", "eu-west-1.example.com/", "a\r\nb", "fips", &"a".repeat(64)] {
            let (client, script) = stage::client([]);
            let error = driver.make(client.call(move_()).region(region)).unwrap_err();
            let Error::Input(refused) = &error else { panic!("{region:?}: {error}") };
            assert_eq!(refused.violations()[0].path(), "region", "{error}");
            assert!(!error.to_string().contains('\r'), "{error:?}");
            assert_eq!(script.attempts(), 0);
        }
    }
}

#[derive(Debug, Default, Clone)]
struct Counting(Arc<Mutex<u32>>);

impl ProvideCredentials for Counting {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        *self.0.lock().unwrap() += 1;
        Box::pin(std::future::ready(Ok(others())))
    }
}

/// The client's source is not asked, and secrets of the call's own credentials are hidden like the client's.
#[test]
fn only_the_source_of_the_call_is_asked_and_its_secrets_are_hidden() {
    for driver in DRIVERS {
        let (clients, own) = (Counting::default(), Counting::default());
        let repeated = Act::Respond(403, r#"{"__type":"BadRequest","message":"other-secret other-token"}"#);
        let script = Script::new([repeated]);
        let client = stage::builder(&script).credentials(clients.clone()).build().unwrap().0;
        let call = client.call(move_()).credentials(own.clone());
        assert!(!format!("{call:?}").contains("other-secret"));
        let error = driver.make(call).unwrap_err();
        assert_eq!((*clients.0.lock().unwrap(), *own.0.lock().unwrap()), (0, 1));
        let shown = format!("{error} {error:?} {:?}", error.explain());
        assert!(!shown.contains("other-secret") && !shown.contains("other-token"), "{shown}");
    }
}
