//! A program of account B calls an HTTP API of account A, as a role of account A: `cargo run --example cross_account`.
//!
//! Resource policies do not work across accounts with HTTP APIs, so that the caller needs a role in the account of the
//! API. The role's trust policy lets account B assume it, its permissions allow `execute-api:Invoke`.
//!
//! Both services are fakes on this machine, which check every signature. For the real services, remove the two marked
//! lines, and use the URL of the API and the credentials of account B.
#![expect(clippy::print_stdout, reason = "a program for people")]

use std::{error::Error, time::Duration};

use gatewright::{
    Secret,
    api_gateway::{self, Client},
    aws_sts::{self, AssumeRoleRequest, AssumeRoleResponse, ErrorCode},
    context::{Context as _, SystemContext},
    credentials::{Credentials, RoleCredentials},
    fake::{Fake, FakeError},
    http::{HeaderValue, Method, Response},
};

const REGION: &str = "eu-west-1";
const ROLE: &str = "arn:aws:iam::111122223333:role/orders-reader";
const EXTERNAL_ID: &str = "agreed-with-account-a";

/// The secret from which the role's sessions are derived.
const KEY: &str = "ASIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEROLE";
const TOKEN: &str = "the-session-token-of-the-role";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sts = Fake::start(&aws_sts::FAKE).await?;
    sts.on(|request| assume_role(&request));
    let session = Credentials::new(KEY, Secret::new(SECRET)).with_session_token(Secret::new(TOKEN));
    let api = Fake::builder(&api_gateway::FAKE).region(REGION).credentials(session).start().await?;
    api.respond(Method::GET, "/orders", Response::new(r#"["socks", "shoes"]"#))?;

    // The recipe. Instead of keys, `Credentials` may be any source: the environment, a profile, a container's role.
    let account_b = sts.credentials().clone();
    let role = RoleCredentials::builder(ROLE, account_b)
        .external_id(EXTERNAL_ID)
        .session_name("orders-report")
        .region(REGION)
        .endpoint_url(sts.url()) // only for the fake
        .build();
    let client = Client::for_url(api.url()) // https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com
        .region(REGION) // only for the fake: the real host contains it
        .credentials(role)
        .build()?;
    for page in 1..=2 {
        match client.get("/orders").query("page", page).await {
            Ok(response) => println!("page {page}: {:?}", response.json::<Vec<String>>()?),
            Err(error) => return Err(format!("{error}\n{}", error.explain()).into()),
        }
    }

    // The first call got a session, which the second used again: both were signed as the role, with its token.
    let assumed = sts.requests();
    let [request] = assumed.as_slice() else { return Err("one session is enough for two calls".into()) };
    let authorization =
        request.headers.get("authorization").ok_or("the request for the role was not signed")?;
    println!("the role was assumed once, by {}", signer(authorization.to_str()?));
    for request in api.requests() {
        let header =
            |name| request.headers.get(name).ok_or("the request was not signed").map(HeaderValue::to_str);
        if header("x-amz-security-token")?? != TOKEN {
            return Err("the session token is not the role's".into());
        }
        println!("the API was called with the role's session token by {}", signer(header("authorization")??));
    }
    Ok(())
}

/// Account A's side of the role: the trusted callers, and the session that they get.
fn assume_role(request: &AssumeRoleRequest) -> Result<AssumeRoleResponse, FakeError> {
    if request.role_arn != ROLE || request.external_id.as_deref() != Some(EXTERNAL_ID) {
        return Err(FakeError::code(ErrorCode::AccessDenied));
    }
    let expiry = SystemContext.now() + Duration::from_secs(60 * 60);
    let session = aws_sts::Credentials::new()
        .access_key_id(KEY)
        .secret_access_key(Secret::new(SECRET))
        .session_token(Secret::new(TOKEN))
        .expiration(expiry.into());
    Ok(AssumeRoleResponse::new().credentials(session))
}

/// Access key and credential scope of a signature.
fn signer(authorization: &str) -> &str {
    let credential = authorization.split_once("Credential=").map_or("", |(_, rest)| rest);
    credential.split_once(',').map_or(credential, |(scope, _)| scope)
}
