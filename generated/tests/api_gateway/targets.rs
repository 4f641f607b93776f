//! Every form of URL: the host of its requests, and what is signed.

use gatewright::{
    ClientBuilder, Secret,
    api_gateway::Client,
    credentials::Credentials,
    sign::{Signable, sigv4::Scope, verify::Verifier},
};

use crate::{
    both, builder, credentials,
    script::{Script, machine, noon, response},
    table,
};

#[tokio::test]
async fn every_form_is_sent_and_signed_as_it_should() {
    for row in table("targets") {
        let text = |name: &str| row[name].as_str();
        let script = Script::new([response(200, &[], ""), response(200, &[], "")]);
        // Region and endpoints of the environment are not those of a named API.
        let context = machine().variable("AWS_REGION", "sa-east-1");
        let context = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_API_GATEWAY", "AWS_ENDPOINT_URL_EXECUTE_API"]
            .iter()
            .fold(context, |context, name| context.variable(*name, "http://127.0.0.1:4566"));
        let builder = builder(&row).context(context);
        let builder = builder.transport(script.clone()).blocking_transport(script.clone());
        let client = builder.build().unwrap();
        let call = || {
            let parameters = text("query").into_iter().flat_map(|query| query.split('&'));
            let pairs = parameters.map(|pair| pair.split_once('=').unwrap());
            pairs.fold(client.get(text("call").unwrap()), |call, (name, value)| call.query(name, value))
        };
        for outcome in both(call).await {
            outcome.unwrap();
        }

        let [mut sent, blocking] = <[_; 2]>::try_from(script.seen()).unwrap();
        assert_eq!((sent.uri(), sent.headers()), (blocking.uri(), blocking.headers()), "{row}");
        for signed in [call().sign().await.unwrap(), call().sign_blocking().unwrap()] {
            let target = signed.uri().to_string().replace("wss://", "https://");
            assert_eq!((target, signed.headers()), (sent.uri().to_string(), sent.headers()), "{row}");
        }
        let host = text("host").unwrap();
        let connects_to = text("connects_to").unwrap_or(host);
        let port = sent.uri().port_u16().filter(|port| *port != 443);
        let authority =
            sent.uri().host().unwrap().to_owned() + &port.map(|port| format!(":{port}")).unwrap_or_default();
        assert_eq!(authority, connects_to, "{row}");
        let path = text("path").unwrap();
        assert_eq!(sent.uri().path(), text("sent_path").unwrap_or(path), "{row}");
        assert_eq!(sent.uri().query(), text("query"), "{row}");
        if text("set_through").is_none() {
            assert_eq!(sent.headers()["host"], host, "{row}");
        } else {
            // A proxy before the API sends its own.
            assert!(!sent.headers().contains_key("host"), "{row}");
            sent.headers_mut().insert("host", host.parse().unwrap());
            let query = text("query").map(|query| format!("?{query}")).unwrap_or_default();
            *sent.uri_mut() = format!("{path}{query}").parse().unwrap();
        }
        assert_eq!(
            sent.headers().get("x-apigw-api-id").map(|id| id.to_str().unwrap()),
            text("api_header"),
            "{row}"
        );

        let scope =
            Scope { region: text("region").unwrap(), service: text("service").unwrap_or("execute-api") };
        let verifier = Verifier::new(scope, noon());
        let outcome = verifier.verify(&Signable::of(&sent), |_| Some(credentials()));
        assert_eq!(
            outcome.map_err(|error| error.to_string()).map(|who| who.access_key_id),
            Ok("AKIDEXAMPLE".into()),
            "{row}"
        );
        let authorization = sent.headers()["authorization"].to_str().unwrap();
        assert_eq!(
            authorization.contains(";x-apigw-api-id"),
            text("api_header").is_some(),
            "{authorization}"
        );
    }
}

#[test]
fn other_urls_are_refused() {
    for row in table("refused") {
        let error = builder(&row).context(machine()).build().unwrap_err().to_string();
        assert!(error.contains(row["why"].as_str().unwrap()), "{row}: {error}");
    }
}

#[test]
fn nothing_shows_secrets() {
    let builder = Client::for_url(crate::URL)
        .context(machine())
        .credentials(Credentials::new("AKIDEXAMPLE", Secret::new("the-secret")))
        .api_key("the-key-of-the-plan");
    let shown = format!("{builder:?}");
    let client = builder.build().unwrap();
    let call =
        client.get("/pets").api_key("another-key").query("token", "the-token").header("cookie", "the-cookie");
    let shown = format!("{shown} {client:?} {call:?}");
    for secret in ["the-secret", "the-key", "another-key", "the-token", "the-cookie"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("/prod/pets"), "{shown}");
}

/// The endpoint of the service that manages APIs is not the endpoint of an API.
#[test]
fn settings_of_the_management_are_not_those_of_apis() {
    let build = |name: &str| {
        let context = machine().variable(name, "http://127.0.0.1:4566").variable("AWS_REGION", "eu-west-1");
        let client = ClientBuilder::<Client>::new().context(context).credentials(credentials()).build();
        client.map(drop).map_err(|error| error.to_string())
    };
    let unnamed = build("AWS_ENDPOINT_URL_API_GATEWAY").unwrap_err();
    assert!(unnamed.contains("no API is named"), "{unnamed}");
    assert_eq!(build("AWS_ENDPOINT_URL_EXECUTE_API"), Ok(()));
}
