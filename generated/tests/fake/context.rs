//! Clients and fakes whose time, environment and files a test sets.

use std::{
    path::Path,
    time::{Duration, SystemTime},
};

use gatewright::{
    aws_storage_gateway::{Client, FAKE, ListGatewaysRequest},
    fake::{Fake, TestContext},
};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Everything a client needs comes from the context, and nothing from this machine.
#[tokio::test]
async fn a_client_takes_environment_and_files_from_its_context() {
    let fake = Fake::start(&FAKE).await.unwrap();
    let [id, secret] = [fake.credentials().access_key_id(), fake.credentials().secret_access_key().expose()];
    let context = TestContext::isolated()
        .variable("AWS_ENDPOINT_URL_STORAGE_GATEWAY", fake.url())
        .variable("HOME", "/home/me")
        .file("/home/me/.aws/config", "[default]\nregion = eu-west-1\n")
        .file(
            "/home/me/.aws/credentials",
            format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n"),
        );
    let client: Client = Client::builder().context(context.clone()).build().unwrap();
    assert_eq!(context.reads().len(), 2);
    for _ in 0..2 {
        client.list_gateways(ListGatewaysRequest::new()).await.unwrap();
    }
    let [config, credentials] = ["/home/me/.aws/config", "/home/me/.aws/credentials"].map(Path::new);
    assert_eq!(context.reads(), [config, credentials], "once each, for settings, credentials and two calls");
}

#[tokio::test]
async fn a_test_sets_the_time_of_clients_and_fakes() {
    let service = TestContext::isolated().at(SystemTime::UNIX_EPOCH + 200_000 * HOUR);
    let fake = Fake::builder(&FAKE).context(service.clone()).start().await.unwrap();
    let machine = service.clone();
    let client: Client = fake.client_builder().context(machine).build().unwrap();
    let call =
        async || client.list_gateways(ListGatewaysRequest::new()).with_metadata().await.unwrap().metadata;
    assert_eq!((call().await.attempts(), call().await.clock_offset()), (1, 0));

    // Both share their clock, so that days later they still agree.
    service.advance(100 * HOUR);
    assert_eq!((call().await.attempts(), call().await.clock_offset()), (1, 0));

    // A client whose clock is ahead is corrected by the response.
    let ahead = TestContext::isolated().at(SystemTime::UNIX_EPOCH + 200_101 * HOUR);
    let client: Client = fake.client_builder().context(ahead).build().unwrap();
    let metadata = client.list_gateways(ListGatewaysRequest::new()).with_metadata().await.unwrap().metadata;
    assert!(metadata.clock_corrected());
    assert!((-3605..=-3595).contains(&metadata.clock_offset()), "{}", metadata.clock_offset());
}
