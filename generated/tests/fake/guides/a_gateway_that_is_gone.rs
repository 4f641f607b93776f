use gatewright::{
    aws_storage_gateway::{
        Client, ErrorCode, FAKE, ListGatewaysRequest, ListGatewaysResponse, StartGatewayRequest,
    },
    fake::Fake,
};

#[tokio::test]
async fn a_gateway_that_is_gone() -> Result<(), Box<dyn std::error::Error>> {
    let fake = Fake::start(&FAKE).await?;
    let client: Client = fake.client()?;

    // Responses come from the model unless a handler is set.
    fake.on(|_: ListGatewaysRequest| Ok(ListGatewaysResponse::new().gateways(vec![])));
    assert_eq!(client.list_gateways(ListGatewaysRequest::new()).await?.gateways, Some(vec![]));

    // The next request of this operation fails.
    fake.fail_next::<StartGatewayRequest>(ErrorCode::GatewayNotFound);
    let arn = "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B";
    let error = client.start_gateway(StartGatewayRequest::new(arn)).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::GatewayNotFound));
    Ok(())
}
