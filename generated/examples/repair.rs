//! A program's call of an API is refused, and the program repairs the API: `cargo run --example repair`.
//!
//! Somebody changed the API without deploying it, so that the stage lacks a method. The gateway's response does not say
//! so. Its explanation has the likely causes for people, and for programs the operations of the API's management that
//! show or repair the cause, with the members of their requests that the call reveals: here the API and the stage.
//!
//! Both services are fakes on this machine, which check every signature. For the real services, remove the marked line, and
//! use the URL of the API, your credentials, and `Management::from_env`.
#![expect(clippy::print_stdout, reason = "a program for people")]

use std::{collections::BTreeMap, error::Error, sync::Arc};

use gatewright::{
    Explanation,
    api_gateway::{self, Client},
    aws_api_gateway_management::{
        self, Client as Management, CreateDeploymentRequest, CreateDeploymentResponse, GetResourcesRequest,
        GetResourcesResponse, Method as DefinedMethod, Resource,
    },
    fake::Fake,
    http::{Method, Response},
};

const REGION: &str = "eu-west-1";
const API: &str = "a1b2c3d4e5";
const STAGE: &str = "prod";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let api = Arc::new(Fake::builder(&api_gateway::FAKE).region(REGION).start().await?);
    let manager = Fake::builder(&aws_api_gateway_management::FAKE).region(REGION).start().await?;
    undeployed(&api, &manager)?;

    // Keys of the fakes; `Credentials` may be any source: the environment, a profile, a role.
    let client = Client::for_url(api.url()) // https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com
        .host(format!("{API}.execute-api.{REGION}.amazonaws.com")) // only for the fake: it is in the real URL
        .region(REGION)
        .credentials(api.credentials().clone())
        .build()?;
    let management: Management = manager.client()?; // `Management::from_env().await?` for the real service

    let path = format!("/{STAGE}/orders");
    let Err(refusal) = client.get(&path).await else { return Err("the stage has the method already".into()) };
    let explanation = refusal.explain();
    println!("{explanation}\n");
    repair(&management, &explanation).await?;
    let orders: Vec<String> = client.get(&path).await?.json()?;
    println!("after the repair: {orders:?}");
    Ok(())
}

/// Calls the operations that the explanation names, if this program knows them.
async fn repair(management: &Management, explanation: &Explanation) -> Result<(), Box<dyn Error>> {
    let repairs = explanation.repairs.iter().filter(|repair| repair.service == "aws-api-gateway-management");
    for repair in repairs {
        match (repair.operation, repair.member("restApiId"), repair.member("stageName")) {
            ("GetResources", Some(api), _) => {
                let request = GetResourcesRequest::new(api).embed(["methods"]);
                let resources = management.get_resources(request).await?.items.unwrap_or_default();
                let has_method = |resource: &Resource| {
                    let methods = resource.resource_methods.as_ref();
                    resource.path.as_deref() == Some("/orders")
                        && methods.is_some_and(|methods| methods.contains_key("GET"))
                };
                if !resources.iter().any(has_method) {
                    return Err("the API has no method to deploy".into());
                }
                println!("GetResources: the API has the method, so that only a deployment is missing");
            }
            ("CreateDeployment", Some(api), Some(stage)) => {
                let request = CreateDeploymentRequest::new(api).stage_name(stage);
                let deployment = management.create_deployment(request).await?;
                println!("CreateDeployment: {}", deployment.id.unwrap_or_default());
                return Ok(());
            }
            _ => println!("not called: {repair}"),
        }
    }
    Err("the explanation names no operation that repairs it".into())
}

/// An API with a method that its stage lacks: calls are refused until the API is deployed.
fn undeployed(api: &Arc<Fake>, manager: &Fake) -> Result<(), Box<dyn Error>> {
    api.respond(Method::GET, format!("/{STAGE}/orders"), Response::new(r#"["socks", "shoes"]"#))?;
    api.refuse("missing-authentication-token", usize::MAX)?;
    manager.on(|_: GetResourcesRequest| {
        let methods = BTreeMap::from([("GET".to_owned(), DefinedMethod::new())]);
        let orders = Resource::new().path("/orders").resource_methods(methods);
        Ok(GetResourcesResponse::new().items(vec![orders]))
    });
    let deployed = Arc::clone(api);
    manager.on(move |request: CreateDeploymentRequest| {
        if request.rest_api_id == API && request.stage_name.as_deref() == Some(STAGE) {
            deployed.recover();
        }
        Ok(CreateDeploymentResponse::new().id("d1e2f3"))
    });
    Ok(())
}
