//! Clients of services without operations, which are called by HTTP method and path.

use gatewright_model::{self as model, ExampleRequest, HostForm, RawHttp, ResponseExample, Service};
use proc_macro2::TokenStream;
use quote::quote;

use super::{File, Protocol};
use crate::{
    context::Context,
    diff::{Diff, Fact, Place, Spot, code, matched, rules},
    docs::{self, Docs},
    known_responses,
    literal::{self, option},
    service,
};

impl Protocol for RawHttp {
    fn ty(&self) -> TokenStream {
        quote!(RawHttp)
    }

    fn settings(&self, _service: &Service) -> TokenStream {
        quote!(RawHttp)
    }

    fn fake(&self, context: &Context<'_>) -> TokenStream {
        let marker = &context.marker;
        let entries = context.service.known_responses.iter().flat_map(|known| &known.entries);
        let refusals =
            entries.filter_map(|entry| entry.example.as_ref().map(|example| refusal(&entry.id, example)));
        quote!(raw_http::<super::#marker>(&[#(#refusals),*]))
    }

    fn files(&self) -> Option<Vec<File<'_>>> {
        Some(vec![
            File::new("mod", |context| module(context, self)),
            File::new("client", client),
            File::new("fake", |context| fake(context, self)),
            File::new("hosts", |_| hosts(self)),
        ])
    }

    fn compare(&self, later: &model::Protocol, at: &Spot, diff: &mut Diff<'_>) {
        let model::Protocol::RawHttp(later) = later else { return };
        let Self { api_header, hosts } = self;
        diff.options_differ(at, &rules::PROTOCOL_FACT, api_header.as_ref(), later.api_header.as_ref());
        let [before, after] =
            [hosts, &later.hosts].map(|hosts| hosts.iter().map(|host| (host.form.as_str(), host)));
        for (form, hosts) in matched(before, after) {
            let at = Spot::new(Place::Host(form.to_owned()));
            match hosts {
                (Some(before), Some(after)) => {
                    let HostForm { form: _, host, path, signing_name, refused } = before;
                    let paths = (path.as_ref(), after.path.as_ref());
                    diff.options_differ(&at, &rules::RESPONSE_CHANGED, paths.0, paths.1);
                    diff.differs(&at, &rules::HOST_CHANGED, code(host), code(&after.host));
                    let names = (signing_name.as_ref(), after.signing_name.as_ref());
                    diff.options_differ(&at, &rules::HOST_CHANGED, names.0, names.1);
                    let text = |reason: &String| Fact::Text(reason.clone());
                    match (refused, &after.refused) {
                        (Some(before), Some(after)) => diff.texts(&at, before, after),
                        (None, Some(after)) => diff.add(&at, &rules::HOST_REFUSED, None, text(after)),
                        (Some(before), None) => diff.add(&at, &rules::HOST_CALLED, text(before), None),
                        (None, None) => {}
                    }
                }
                (None, Some(after)) => diff.add(&at, &rules::HOST_ADDED, None, code(&after.host)),
                (Some(before), None) => diff.add(&at, &rules::HOST_REMOVED, code(&before.host), None),
                (None, None) => {}
            }
        }
        let [before, after] = [hosts, &later.hosts].map(|hosts| hosts.iter().map(|host| host.form.as_str()));
        // The first form that fits a host counts.
        diff.order(at, &rules::HOST_CHANGED, before, after);
    }
}

/// `mod.rs`.
fn module(context: &Context<'_>, protocol: &RawHttp) -> TokenStream {
    let title = docs::escape(&context.service.title);
    let docs = Docs::markdown(&format!("Client for {title}: calls by HTTP method and path."))
        .and_text(&context.service.doc)
        .and_example(&example(context, protocol))
        .inner();
    let known_responses = service::known_responses(context);
    let info = service::info(context, &quote!(.with_hosts(&hosts::HOSTS)));

    quote! {
        #docs

        #known_responses
        mod client;
        mod endpoints;
        pub mod error;
        #[cfg(feature = "fake")]
        mod fake;
        mod hosts;

        pub use client::{Call, Client};
        pub use error::{Error, ErrorCode, Exception};
        #[cfg(feature = "fake")]
        pub use fake::FAKE;
        pub use gatewright_runtime::raw_http::{Response, TargetError};

        #info
    }
}

/// `client.rs`.
fn client(context: &Context<'_>) -> TokenStream {
    let marker = &context.marker;
    let title = docs::escape(&context.service.title);
    let docs = Docs::markdown(&format!("Client of {title}.")).inner();
    let client_docs = Docs::markdown(&format!(
        "Client of an API behind {title}, created by `for_url` or `for_api`. Cheap to clone; \
         clones share connections, credentials and the retry budget."
    ));

    quote! {
        #docs

        #client_docs
        pub type Client = gatewright_runtime::raw_http::Client<#marker>;

        /// A call that has not been sent yet.
        pub type Call = gatewright_runtime::raw_http::Call<#marker>;
    }
}

/// `hosts.rs`.
fn hosts(protocol: &RawHttp) -> TokenStream {
    let docs = Docs::markdown("Forms of the host names of APIs.").inner();
    let api_header = option(protocol.api_header.as_ref());
    let forms = protocol.hosts.iter().map(|HostForm { form, host, path, signing_name, refused }| {
        let [path, signing_name, refused] = [path, signing_name, refused].map(|text| option(text.as_ref()));
        quote! {
            HostForm { form: #form, host: #host, path: #path, signing_name: #signing_name, refused: #refused }
        }
    });

    quote! {
        #docs

        /// Known forms; other host names are taken for custom domain names.
        pub(super) static HOSTS: Hosts = Hosts::new(#api_header, &[#(#forms),*]);
    }
}

/// `fake.rs`.
fn fake(context: &Context<'_>, protocol: &RawHttp) -> TokenStream {
    let docs = Docs::markdown("A fake of the service within the process, for tests.").inner();
    let fake = protocol.fake(context);

    quote! {
        #docs

        /// A fake of the service within the process, for tests. It rejects requests with the model's error responses.
        pub static FAKE: FakeService = FakeService::#fake;
    }
}

fn refusal(id: &str, example: &ResponseExample) -> TokenStream {
    let ResponseExample { status, headers, message, message_key, body, request } = example;
    let status = literal::integer(status);
    let headers = headers.iter().map(|(name, value)| quote!((#name, #value)));
    let (message, body) = (option(message.as_ref()), option(body.as_ref()));
    let request =
        if *request == ExampleRequest::default() { quote!(FakeRequest::ANY) } else { fake_request(request) };
    quote! {
        FakeRefusal {
            id: #id,
            status: #status,
            headers: &[#(#headers),*],
            message: #message,
            message_key: #message_key,
            body: #body,
            request: #request,
        }
    }
}

fn fake_request(request: &ExampleRequest) -> TokenStream {
    let ExampleRequest { host, path, content_type, sent, caller, owner, is } = request;
    let [host, path, content_type, caller, owner] =
        [host, path, content_type, caller, owner].map(|text| option(text.as_ref()));
    let is = is.iter().copied().map(known_responses::request);
    quote! {
        FakeRequest {
            host: #host,
            path: #path,
            content_type: #content_type,
            sent: &[#(#sent),*],
            caller: #caller,
            owner: #owner,
            is: &[#(#is),*],
        }
    }
}

/// A client, a call and its response.
fn example(context: &Context<'_>, protocol: &RawHttp) -> Vec<String> {
    let service = context.service;
    let partition = service.endpoints.partitions.list().first();
    let region = partition.and_then(|partition| partition.regions.first()).map_or("", String::as_str);
    let suffix = partition.map_or("", |partition| partition.dns_suffix.as_str());
    let host = protocol.hosts.iter().find(|host| host.refused.is_none());
    let host = host.map_or_else(String::new, |host| {
        let host = host.host.replace("{api}", "a1b2c3d4e5");
        host.replace("{Region}", region).replace("{dnsSuffix}", suffix)
    });
    let text = format!(
        r#"use {krate}::{module}::Client;

async fn example() -> Result<(), Box<dyn std::error::Error>> {{
    let url = "https://{host}/prod";
    let client = Client::for_url(url).build()?;
    match client.get("/pets").query("limit", 10).await {{
        Ok(response) => println!("{{:?}}", response.json::<Vec<String>>()?),
        Err(error) => println!("{{}}", error.explain()),
    }}
    Ok(())
}}"#,
        krate = context.krate,
        module = context.module,
    );
    text.lines().map(str::to_owned).collect()
}
