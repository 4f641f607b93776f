use gatewright::{
    api_gateway::{Client, FAKE},
    fake::Fake,
    http::{Method, Response},
};

#[tokio::test]
async fn explains_a_refusal() -> Result<(), Box<dyn std::error::Error>> {
    let fake = Fake::start(&FAKE).await?;
    fake.respond(Method::GET, "/prod/pets/{id}", Response::new(r#"{"name": "Rex"}"#))?;
    // `host` is the API that your code calls: it is signed, verified and explained, but the connection goes to the fake.
    let host = "abc123.execute-api.eu-west-1.amazonaws.com";
    let client: Client =
        fake.client_builder().region("eu-west-1").host(host).stage("prod").build()?;
    println!("{}", client.get("/pets/7").await?.text()?);

    fake.refuse("iam-not-allowed", 1)?;
    println!("{}", client.get("/pets/7").await.unwrap_err().explain());
    Ok(())
}
