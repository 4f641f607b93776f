//! Settings that take a URL show neither its user nor its query, even if the URL is invalid.

use std::{error::Error as StdError, fmt, sync::Arc};

use gatewright::{
    ClientBuilder, Service as _, ServiceClient, api_gateway,
    aws_storage_gateway::{AwsStorageGateway, Client, ListGatewaysRequest},
    context::SystemContext,
    credentials::{ContainerCredentials, InstanceCredentials, ProvideCredentials},
    explain::Evidence,
    settings::{ExplicitSettings, Settings},
    transport::{BlockingHttpTransport, HttpTransport, HttpTransportBuilder, Transport as _},
};

use crate::{credentials, leaks::Parts, script::machine};

/// The secret of every URL.
const SECRET: &str = "hush4hush6HUSH";

const URLS: &[&str] = &[
    "https://alice:hush4hush6HUSH@127.0.0.1:1",
    "https://hush4hush6HUSH@127.0.0.1:1/path",
    "https://alice:hush4hush6HUSH@127.0.0.1:0",
    "http://alice:hush4hush6HUSH@127.0.0.1:1/",
    "https://alice:hush4hush6HUSH@",
    "https://alice:a?hush4hush6HUSH@127.0.0.1:1",
    "https://alice:hush4hush6HUSH?a@127.0.0.1:1",
    "https://alice:hush4hush6HUSH#a@127.0.0.1:1",
    "https://alice:hush4hush6HUSH/a@127.0.0.1:1",
    "https://alice:b@hush4hush6HUSH@127.0.0.1:1",
    "https://alice:hush4hush6HUSH@host name.example",
    "https://alice:hush4hush6HUSH@h\u{f6}st.example",
    "https://alice:hush4hush6HUSH@127.0.0.1:1/\u{1}",
    "https://127.0.0.1:1/?api_key=hush4hush6HUSH",
    "https://127.0.0.1:1/?api_key=a@hush4hush6HUSH",
    "https://127.0.0.1:1/#hush4hush6HUSH",
    "http://127.0.0.1:1?token=hush4hush6HUSH",
    "wss://alice:hush4hush6HUSH@127.0.0.1:1/",
    "ftp://alice:hush4hush6HUSH@127.0.0.1:1/",
    "alice:hush4hush6HUSH@127.0.0.1:1",
    "alice:hush4hush6HUSH://@127.0.0.1:1",
    "hush4hush6HUSH://alice@127.0.0.1:1",
    "//alice:hush4hush6HUSH@127.0.0.1:1",
    "127.0.0.1:1?hush4hush6HUSH",
];

/// The texts of a value and of the error that it causes.
struct Shown {
    what: &'static str,
    texts: Vec<String>,
}

impl Shown {
    fn debug(&mut self, value: &dyn fmt::Debug) {
        self.texts.push(format!("{value:?} {value:#?}"));
    }

    fn error(&mut self, error: &(dyn StdError + 'static)) {
        let mut next = Some(error);
        while let Some(error) = next {
            self.texts.push(error.to_string());
            self.debug(error);
            next = error.source();
        }
    }
}

fn build<C: ServiceClient>(shown: &mut Shown, builder: ClientBuilder<C>) -> Option<C>
where
    ClientBuilder<C>: fmt::Debug,
{
    let builder = builder.credentials(credentials());
    shown.debug(&builder);
    match builder.build() {
        Ok(client) => Some(client),
        Err(error) => {
            shown.error(&error);
            let evidence = Evidence::of_settings(AwsStorageGateway::INFO, "ListGateways", &error);
            shown.debug(&evidence);
            shown.texts.extend([evidence.to_json(), evidence.explain(None).to_string()]);
            None
        }
    }
}

/// Everything that is shown after a URL was put into one place.
async fn put(url: &str) -> Vec<Shown> {
    let mut all = Vec::new();
    let mut add = |what, fill: &mut dyn FnMut(&mut Shown)| {
        let mut shown = Shown { what, texts: Vec::new() };
        fill(&mut shown);
        all.push(shown);
    };
    let variable = |name: &'static str| machine().variable(name, url).variable("AWS_REGION", "eu-west-1");
    let builder = || Client::builder().region("eu-west-1").context(machine());
    let api =
        || api_gateway::Client::for_url("https://api.example/prod").region("eu-west-1").context(machine());

    add("endpoint URL", &mut |shown| {
        build(shown, builder().endpoint_url(url));
    });
    for name in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STORAGE_GATEWAY"] {
        add(name, &mut |shown| {
            build(shown, Client::builder().context(variable(name)));
            let mut explicit = ExplicitSettings::default();
            shown.debug(&explicit);
            explicit.profile = None;
            if let Ok(settings) = Settings::load(&variable(name), AwsStorageGateway::INFO, explicit) {
                let params = settings.endpoint_params();
                shown.debug(&settings);
                shown.debug(&params);
                match AwsStorageGateway::INFO.endpoints.resolve(&params) {
                    Ok(endpoint) => shown.debug(&endpoint),
                    Err(error) => shown.error(&error),
                }
            }
        });
    }
    add("explicit settings", &mut |shown| {
        let mut explicit = ExplicitSettings::default();
        explicit.endpoint_url = Some(url.to_owned());
        shown.debug(&explicit);
    });
    add("URL of an API", &mut |shown| {
        let context = machine();
        build(shown, api_gateway::Client::for_url(url).region("eu-west-1").context(context.clone()));
        build(shown, api_gateway::Client::for_url(url).context(context));
    });
    add("id of an API", &mut |shown| {
        let context = machine();
        build(shown, api_gateway::Client::for_api(url).region("eu-west-1").context(context.clone()));
        build(shown, api_gateway::Client::for_api(url).context(context.clone()));
        build(shown, api().api_id(url));
        let known = "https://abc123.execute-api.eu-west-1.amazonaws.com";
        build(shown, api_gateway::Client::for_url(known).context(context).api_id(url));
    });
    add("parts of the URL of an API", &mut |shown| {
        build(shown, api().through(url));
        build(shown, api().host(url));
        build(shown, api().stage(url));
        build(shown, api().vpc_endpoint(url));
        build(shown, api_gateway::Client::for_api("abc123").region("eu-west-1").vpc_endpoint(url));
    });
    add("proxy", &mut |shown| {
        let builders: [HttpTransportBuilder; 2] =
            [HttpTransport::builder(&machine()), BlockingHttpTransport::builder(&machine())];
        for builder in builders {
            match builder.proxy(url) {
                Ok(builder) => shown.debug(&builder),
                Err(error) => shown.error(&error),
            }
        }
    });

    // Errors that come with the first request.
    let mut shown = Shown { what: "variables of proxies", texts: Vec::new() };
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let transport = HttpTransport::builder(&variable(name)).build();
        shown.debug(&transport);
        // At most the proxy's port is reached, which nothing listens to.
        let client = Client::builder().endpoint_url("https://service.invalid").context(variable(name));
        let client = build(&mut shown, client.transport(transport)).unwrap();
        let error = client.list_gateways(ListGatewaysRequest::new()).no_retries().await.unwrap_err();
        shown.error(&error);
        shown.texts.extend([error.explain().to_string(), error.evidence().to_json()]);
    }
    all.push(shown);
    let mut shown = Shown { what: "URL of a request", texts: Vec::new() };
    if let Ok(uri) = url.parse::<http::Uri>()
        && uri.query().is_none()
        && uri.authority().is_some_and(|authority| authority.as_str().contains('@'))
    {
        let request = http::Request::get(uri).body(Vec::new().into()).unwrap();
        shown.error(&HttpTransport::new(&machine()).send(request).await.unwrap_err());
    }
    all.push(shown);
    let mut shown = Shown { what: "endpoints of credentials", texts: Vec::new() };
    let sources: [Box<dyn ProvideCredentials>; 2] = [
        Box::new(ContainerCredentials::new(Arc::new(variable("AWS_CONTAINER_CREDENTIALS_FULL_URI")))),
        Box::new(InstanceCredentials::new(gatewright::credentials::InstanceMetadata::new(
            Arc::new(variable("AWS_EC2_METADATA_SERVICE_ENDPOINT")),
            None,
        ))),
    ];
    for source in sources {
        shown.error(&source.provide().await.unwrap_err());
    }
    all.push(shown);
    all
}

#[tokio::test]
async fn no_user_and_no_query_of_a_url_is_shown() {
    let parts = Parts::of([SECRET]);
    let mut leaks = Vec::new();
    for url in URLS {
        for Shown { what, texts } in put(url).await {
            let leaked = texts.iter().filter(|text| parts.find(text).is_some());
            leaks.extend(
                leaked.map(|text| {
                    format!("{what} with {url:?}: {}", text.chars().take(400).collect::<String>())
                }),
            );
        }
    }
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

/// Debug texts of URLs without secrets still show the host.
#[test]
fn hosts_are_shown() {
    let builder = Client::builder().endpoint_url("https://alice:hush@host.example").context(SystemContext);
    assert!(format!("{builder:?}").contains("***@host.example"), "{builder:?}");
}
