use gatewright::{
    aws_storage_gateway::{Client, FAKE, ListGatewaysRequest},
    fake::{Fake, TestContext},
};
use std::{path::Path, time::Duration};

#[tokio::test]
async fn a_wrong_clock_is_corrected() -> Result<(), Box<dyn std::error::Error>> {
    let fake = Fake::start(&FAKE).await?;
    let context = TestContext::isolated()
        .variable("HOME", "/home/me")
        .file("/home/me/.aws/config", "[default]\nretry_mode = adaptive\n");
    let client: Client = fake.client_builder().context(context.clone()).build()?;
    assert_eq!(
        context.reads(),
        ["/home/me/.aws/config", "/home/me/.aws/credentials"].map(Path::new)
    );

    // From now on, the client's clock is an hour ahead. The response corrects it.
    context.advance(Duration::from_secs(60 * 60));
    let response = client.list_gateways(ListGatewaysRequest::new()).with_metadata().await?;
    assert!(response.metadata.clock_corrected());
    Ok(())
}
