//! Clients of services without operations, which are called by method and path.

use gatewright_model::{HostForm, Protocol};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    context::Context,
    docs::{self, Docs},
    service,
};

/// `mod.rs`.
pub(crate) fn module(context: &Context<'_>) -> TokenStream {
    let title = docs::escape(&context.service.title);
    let docs = Docs::markdown(&format!("{title}: calls by method and path."))
        .and_text(&context.service.doc)
        .and_example(&example(context))
        .inner();
    let answers = service::answers(context);
    let info = service::info(context, &quote!(.with_hosts(&hosts::HOSTS)));

    quote! {
        #docs

        #answers
        mod client;
        mod endpoints;
        mod error;
        mod hosts;

        pub use client::{Call, Client, Error};
        pub use error::{ErrorCode, Exception};
        pub use gatewright_runtime::rest::{Response, TargetError};

        #info
    }
}

/// `client.rs`.
pub(crate) fn client(context: &Context<'_>) -> TokenStream {
    let marker = &context.marker;
    let title = docs::escape(&context.service.title);
    let docs = Docs::markdown(&format!("The client of {title}.")).inner();
    let client_docs = Docs::markdown(&format!(
        "Calls an API behind {title}: [`for_url`](gatewright_runtime::rest::Client::for_url) sets one up. Cheap to \
         clone; clones share connections, credentials and retry budget."
    ));

    quote! {
        #docs

        #client_docs
        pub type Client = gatewright_runtime::rest::Client<#marker>;

        /// A call that is about to be made.
        pub type Call = gatewright_runtime::rest::Call<#marker>;

        /// What a call can end in other than its response.
        pub type Error = gatewright_runtime::Error<ErrorCode>;
    }
}

/// `hosts.rs`.
pub(crate) fn hosts(context: &Context<'_>) -> TokenStream {
    let docs = Docs::markdown("Host names of APIs.").inner();
    let Protocol::Http { api_header, hosts } = &context.service.protocol else { return docs };
    let api_header = option(api_header.as_ref());
    let forms = hosts.iter().map(|HostForm { form, host, signing_name, refused }| {
        let (signing_name, refused) = (option(signing_name.as_ref()), option(refused.as_ref()));
        quote!(HostForm { form: #form, host: #host, signing_name: #signing_name, refused: #refused })
    });

    quote! {
        #docs

        /// The forms that are known; other names are the users' own.
        pub(super) static HOSTS: Hosts = Hosts::new(#api_header, &[#(#forms),*]);
    }
}

/// A client, a call and its answer.
fn example(context: &Context<'_>) -> Vec<String> {
    let service = context.service;
    let partition = service.endpoints.partitions.first();
    let region = partition.and_then(|partition| partition.regions.first()).map_or("", String::as_str);
    let suffix = partition.map_or("", |partition| partition.dns_suffix.as_str());
    let host = match &service.protocol {
        Protocol::Http { hosts, .. } => hosts.iter().find(|host| host.refused.is_none()),
        Protocol::AwsJson { .. } | Protocol::AwsQuery { .. } | Protocol::AliyunRpc { .. } => None,
    };
    let host = host.map_or_else(String::new, |host| {
        let host = host.host.replace("{api}", "a1b2c3d4e5");
        host.replace("{Region}", region).replace("{dnsSuffix}", suffix)
    });
    let text = format!(
        r#"# async fn example() -> Result<(), Box<dyn std::error::Error>> {{
use gatewright::{module}::Client;

let client = Client::for_url("https://{host}/prod").build()?;
match client.get("/pets").query("limit", 10).await {{
    Ok(response) => println!("{{:?}}", response.json::<Vec<String>>()?),
    Err(error) => println!("{{}}", error.explain()),
}}
# Ok(())
# }}"#,
        module = context.module,
    );
    text.lines().map(str::to_owned).collect()
}

fn option(text: Option<&String>) -> TokenStream {
    match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    }
}
