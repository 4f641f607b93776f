//! Sensitive members are never shown or kept, for any operation and however a server repeats them.
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "../../../runtime/tests/collector/mod.rs"]
mod collector;
#[path = "../../../runtime/tests/leaks/mod.rs"]
mod leaks;
mod received;
#[path = "../api_gateway/script.rs"]
#[expect(dead_code, reason = "shared with the tests of API Gateway")]
mod script;
mod urls;

use std::{
    collections::BTreeSet,
    fmt::{self, Write as _},
    sync::{Arc, Mutex},
};

use gatewright::{
    BoxFuture, Document, Secret, ServiceInfo,
    alibaba_csg::{self, CheckActivationKeyRequest},
    alibaba_sts, api_gateway, aws_storage_gateway, aws_sts,
    context::{Context as _, SystemContext},
    credentials::Credentials,
    dynamic::DynamicOperation,
    explain::Evidence,
    fake::FakeService,
    hook::{Attempt, AttemptReport, CallReport, Hook, HookError},
    protocol::Format,
    sign::Auth,
    transport::{Request, Response, Transport, TransportError},
};

use crate::{
    collector::Collector,
    leaks::{Parts, written},
    received::{receive_all, xml},
    script::machine,
};

/// A random secret with characters that are escaped.
fn secret() -> String {
    const CHARACTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456/+=&<";
    let mut random = [0; 24];
    SystemContext.random(&mut random);
    random.iter().map(|byte| char::from(CHARACTERS[usize::from(byte % 64)])).collect()
}

/// Puts random secrets into the members that the model marks; adds their paths.
fn with_secrets(value: &mut Document, info: &ServiceInfo, is_marked: bool, path: &str, put: &mut Put) {
    match value {
        Document::Object(members) => {
            for (name, value) in members {
                let is_marked = is_marked || info.sensitive_members.contains(&name.as_str());
                with_secrets(value, info, is_marked, &format!("{path}.{name}"), put);
            }
        }
        Document::Array(items) => {
            for item in items {
                with_secrets(item, info, is_marked, &format!("{path}[]"), put);
            }
        }
        Document::String(text) if is_marked => {
            *text = secret();
            put.secrets.push(text.clone());
            put.paths.insert(path.to_owned());
        }
        // JSON in text.
        Document::String(text) if text.starts_with(['{', '[']) => {
            if let Ok(mut nested) = text.parse::<Document>() {
                with_secrets(&mut nested, info, false, &format!("{path}{{}}"), put);
                *text = nested.to_string();
            }
        }
        Document::Number(_) | Document::Bool(_) if is_marked => panic!("{path} is not a text"),
        _ => {}
    }
}

#[derive(Default)]
struct Put {
    secrets: Vec<String>,
    paths: BTreeSet<String>,
}

impl Put {
    fn of(input: &mut Document, info: &ServiceInfo, path: &str) -> Self {
        let mut put = Self::default();
        with_secrets(input, info, false, path, &mut put);
        put
    }
}

/// A body around a text.
type Written = fn(&str) -> String;

/// Repeats the request in its responses, and reports its secrets.
#[derive(Clone, Debug)]
struct Echo {
    secrets: Vec<String>,
    status: u16,
    body: Written,
}

impl Transport for Echo {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let (head, body) = request.into_parts();
        let mut text = format!("{} {}\n", head.method, head.uri);
        for (name, value) in &head.headers {
            writeln!(text, "{name}:{}", String::from_utf8_lossy(value.as_bytes())).unwrap();
        }
        write!(text, "\n{}\n{}", String::from_utf8_lossy(&body), self.secrets.join(" ")).unwrap();
        let echo: String = written(&text).into_iter().map(|text| text + " ; ").collect();
        let first = &self.secrets[0];
        let response = http::Response::builder()
            .status(self.status)
            .header("x-amzn-errormessage", first)
            .header("x-amzn-requestid", first)
            .body((self.body)(&echo).into());
        Box::pin(async { Ok(response.unwrap()) })
    }
}

/// Responses of all kinds of services and proxies, around what is repeated.
const BODIES: &[(u16, Written)] = &[
    (400, |echo| json(&[("__type", "InvalidGatewayRequestException"), ("message", echo), ("more", echo)])),
    (403, |echo| {
        let message = format!(
            "The request signature we calculated does not match the signature you provided.\n\nThe Canonical String \
             for this request should have been\n'{echo}'\n\nThe String-to-Sign should have been\n'{echo}'\n"
        );
        json(&[("__type", "InvalidSignatureException"), ("message", &message)])
    }),
    (400, |echo| json(&[("__type", &echo[echo.len() - 60..]), ("Code", &echo[echo.len() - 60..])])),
    (400, |echo| {
        let message = format!("Specified signature does not match. server string to sign is:{echo}");
        json(&[("Code", "SignatureDoesNotMatch"), ("Message", &message), ("RequestId", echo)])
    }),
    (403, |echo| {
        let text = echo.replace('&', "&amp;").replace('<', "&lt;");
        format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>should have been \
             '{text}'</Message></Error><RequestId>{text}</RequestId></ErrorResponse>"
        )
    }),
    (400, |echo| {
        let text = echo.replace('&', "&amp;").replace('<', "&lt;");
        format!(
            "<Error><Code>InvalidParameter</Code><Message>{text}</Message><HostId>{text}</HostId></Error>"
        )
    }),
    (502, |echo| format!("<html><title>{echo}</title>{echo}</html>")),
    (200, |echo| json(&[("GatewayARN", echo), ("GatewayARN", echo)]) + echo),
    (200, str::to_owned),
];

fn json(members: &[(&str, &str)]) -> String {
    let members = members.iter().map(|(name, value)| format!("\"{name}\":{}", Document::from(*value)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// Keeps its arguments as `Debug` text.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seen")
    }
}

impl Hook for Seen {
    fn before_signing(&self, _: &Attempt, request: &mut Request) -> Result<(), HookError> {
        self.0.lock().unwrap().push(format!("{:?}", request.headers()));
        Ok(())
    }

    fn after_attempt(&self, attempt: &Attempt, report: &AttemptReport<'_>) {
        self.0.lock().unwrap().push(format!("{attempt:?} {report:?}"));
    }

    fn after_call(&self, report: &CallReport<'_>) {
        self.0.lock().unwrap().push(format!("{report:?}"));
    }
}

fn credentials() -> Credentials {
    Credentials::new("AKIAIOSFODNN7EXAMPLE", Secret::new("the-secret-of-all-of-them"))
        .with_session_token(Secret::new("the-session-token"))
}

/// The content of a recording, and its explanation.
fn kept(evidence: &Evidence, info: &'static ServiceInfo, body: &[u8]) -> Vec<String> {
    let saved = evidence.clone().with_request_body(info, body).to_json();
    let read = Evidence::from_json(&saved).unwrap();
    vec![
        saved,
        format!("{read:?}"),
        format!("{evidence:?}"),
        evidence.to_json(),
        evidence.explain(None).to_string(),
        read.explain(None).to_string(),
        read.explain(Some(info)).to_string(),
    ]
}

#[track_caller]
fn check(what: &str, parts: &Parts, shown: &[String]) {
    for (at, text) in shown.iter().enumerate() {
        if let Some(part) = parts.find(text) {
            let around = text.find(part).unwrap();
            let (start, end) = (around.saturating_sub(300), text.len().min(around + 300));
            let near = String::from_utf8_lossy(&text.as_bytes()[start..end]);
            panic!("{what}: text {at} has {part:?}: {near}");
        }
    }
}

/// Calls an operation with secrets against each way to repeat them.
fn drive<C: AsRef<gatewright_runtime::Client>>(
    operation: &DynamicOperation,
    info: &'static ServiceInfo,
    input: &Document,
    secrets: &[String],
    client: impl Fn(Echo, Seen) -> C,
) {
    let parts = Parts::of(
        secrets.iter().map(String::as_str).chain(["the-secret-of-all-of-them", "the-session-token"]),
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let input = input.to_string();
    for (at, (status, body)) in BODIES.iter().enumerate() {
        let what = format!("{} with response {at}", operation.name());
        let seen = Seen::default();
        let client = client(Echo { secrets: secrets.to_vec(), status: *status, body: *body }, seen.clone());
        let (called, events) = Collector::collect(|| {
            let call = operation.call_with_metadata(client.as_ref(), input.as_bytes());
            runtime.block_on(call).map_err(Box::new)
        });
        assert!(events.contains("attempt=1"), "{what}: {events}");
        let mut shown = vec![events];
        shown.append(&mut seen.0.lock().unwrap());
        match called {
            // Some operations have no output that could be wrong.
            Ok(_) => assert_eq!(*status, 200, "{what}"),
            Err(error) => {
                assert!(["Service", "Response"].contains(&error.kind.as_str()), "{what}: {error}");
                shown.extend([error.to_string(), format!("{error:?}"), error.message.clone()]);
                shown.extend([error.explanation.to_string(), format!("{:?}", error.request_id)]);
                shown.extend(kept(&error.evidence.unwrap(), info, input.as_bytes()));
            }
        }
        check(&what, &parts, &shown);
    }
    // Refused before sending: each member has a type that none of them has.
    let echo = Echo { secrets: secrets.to_vec(), status: 400, body: str::to_owned };
    let client = client(echo, Seen::default());
    for wrong in [input.replace('"', "'"), format!("[{input}]"), wrong(&input)] {
        let called = runtime.block_on(operation.call(client.as_ref(), wrong.as_bytes()));
        let error = called.unwrap_err();
        let mut shown = vec![error.to_string(), format!("{error:?}"), error.explanation.to_string()];
        shown
            .extend(error.evidence.map_or_else(Vec::new, |evidence| kept(&evidence, info, wrong.as_bytes())));
        check(operation.name(), &parts, &shown);
    }
}

/// An input whose members all are lists of what they were, and an unknown one.
fn wrong(input: &str) -> String {
    let mut input: Document = input.parse().unwrap();
    for value in input.as_object_mut().unwrap().values_mut() {
        *value = Document::Array(vec![value.take()]);
    }
    input.to_string()
}

/// Drives each operation of a service that has secrets in its request; gives the members that were driven.
fn drive_all<C: AsRef<gatewright_runtime::Client>>(
    service: &FakeService,
    operations: &[DynamicOperation],
    inputs: &str,
    client: impl Fn(Echo, Seen) -> C,
) -> BTreeSet<String> {
    let info = service.info();
    let inputs: Document = inputs.parse().unwrap();
    let mut paths = BTreeSet::new();
    for operation in operations {
        let mut input = inputs[operation.name()].clone();
        let mut put = Put::of(&mut input, info, operation.name());
        if !put.secrets.is_empty() {
            drive(operation, info, &input, &put.secrets, &client);
            paths.append(&mut put.paths);
        }
    }
    paths
}

macro_rules! client {
    ($service:ident, $region:literal $(, $setter:ident $value:expr)*) => {
        |echo, seen| -> $service::Client {
            let builder = $service::Client::builder().region($region).context(machine());
            let builder = builder.credentials(credentials()).check_constraints(false).hook(seen)$(.$setter($value))*;
            builder.max_attempts(std::num::NonZeroU32::MIN).transport(echo).build().unwrap()
        }
    };
}

#[test]
fn no_sensitive_member_of_aws_storage_gateway_is_shown() {
    use aws_storage_gateway::{FAKE, OPERATIONS};
    let inputs = include_str!("../data/inputs.json");
    let paths = drive_all(&FAKE, OPERATIONS, inputs, client!(aws_storage_gateway, "eu-west-1"));
    let expected = [
        "AssociateFileSystem.Password",
        "JoinDomain.Password",
        "SetLocalConsolePassword.LocalConsolePassword",
        "SetSMBGuestPassword.Password",
        "UpdateChapCredentials.SecretToAuthenticateInitiator",
        "UpdateChapCredentials.SecretToAuthenticateTarget",
        "UpdateFileSystemAssociation.Password",
    ];
    assert_eq!(paths.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    let paths = receive_all(
        &FAKE,
        OPERATIONS,
        inputs,
        |_, output| output.to_string(),
        client!(aws_storage_gateway, "eu-west-1"),
    );
    assert_eq!(
        paths.iter().map(String::as_str).collect::<Vec<_>>(),
        [
            "DescribeChapCredentials.ChapCredentials[].SecretToAuthenticateInitiator",
            "DescribeChapCredentials.ChapCredentials[].SecretToAuthenticateTarget",
            "DescribeGatewayInformation.GatewayNetworkInterfaces[].Ipv4Address",
            "DescribeGatewayInformation.GatewayNetworkInterfaces[].Ipv6Address",
            "DescribeGatewayInformation.GatewayNetworkInterfaces[].MacAddress",
        ]
    );
}

#[test]
fn no_sensitive_member_of_aws_sts_is_shown() {
    use aws_sts::{FAKE, OPERATIONS};
    let inputs = include_str!("../data/aws_sts_inputs.json");
    let paths = drive_all(&FAKE, OPERATIONS, inputs, client!(aws_sts, "eu-west-1"));
    let expected = ["AssumeRoleWithWebIdentity.WebIdentityToken"];
    assert_eq!(paths.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    let write = |name: &str, output: &Document| {
        format!("<{name}Response><{name}Result>{}</{name}Result></{name}Response>", xml(output))
    };
    let paths = receive_all(&FAKE, OPERATIONS, inputs, write, client!(aws_sts, "eu-west-1"));
    assert_eq!(
        paths.iter().map(String::as_str).collect::<Vec<_>>(),
        [
            "AssumeRole.Credentials.SecretAccessKey",
            "AssumeRole.Credentials.SessionToken",
            "AssumeRoleWithWebIdentity.Credentials.SecretAccessKey",
            "AssumeRoleWithWebIdentity.Credentials.SessionToken",
        ]
    );
}

#[test]
fn no_sensitive_member_of_alibaba_sts_is_shown() {
    use alibaba_sts::{FAKE, OPERATIONS};
    let inputs = include_str!("../data/alibaba_sts_inputs.json");
    let paths = drive_all(&FAKE, OPERATIONS, inputs, client!(alibaba_sts, "cn-shanghai"));
    let expected = ["AssumeRoleWithOIDC.OIDCToken"];
    assert_eq!(paths.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    let other =
        client!(alibaba_sts, "cn-shanghai", auth Auth::ACS3, response_format Format::Xml, prefer_get true);
    assert_eq!(drive_all(&FAKE, OPERATIONS, inputs, other), paths);
    let write = |_: &str, output: &Document| output.to_string();
    let paths = receive_all(&FAKE, OPERATIONS, inputs, write, client!(alibaba_sts, "cn-shanghai"));
    assert_eq!(
        paths.iter().map(String::as_str).collect::<Vec<_>>(),
        [
            "AssumeRole.Credentials.AccessKeySecret",
            "AssumeRole.Credentials.SecurityToken",
            "AssumeRoleWithOIDC.Credentials.AccessKeySecret",
            "AssumeRoleWithOIDC.Credentials.SecurityToken",
        ]
    );
}

#[test]
fn no_sensitive_member_of_alibaba_csg_is_shown() {
    use alibaba_csg::{FAKE, OPERATIONS};
    let inputs = include_str!("../data/alibaba_csg_inputs.json");
    let paths = drive_all(&FAKE, OPERATIONS, inputs, client!(alibaba_csg, "cn-shanghai"));
    let other =
        client!(alibaba_csg, "cn-shanghai", auth Auth::ACS3, response_format Format::Xml, prefer_get true);
    assert_eq!(drive_all(&FAKE, OPERATIONS, inputs, other), paths);
    let expected = [
        "ActivateGateway.Token",
        "CheckActivationKey.CryptKey",
        "CheckActivationKey.Token",
        "CreateGatewayBlockVolume.ChapInPassword",
        "CreateGatewaySMBUser.Password",
        "ResetGatewayPassword.Password",
        "SetGatewayADInfo.Password",
        "SetGatewayLDAPInfo.Password",
        "UpdateGatewayBlockVolume.ChapInPassword",
    ];
    assert_eq!(paths.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    let paths = receive_all(
        &FAKE,
        OPERATIONS,
        inputs,
        |_, output| output.to_string(),
        client!(alibaba_csg, "cn-shanghai"),
    );
    assert_eq!(
        paths.iter().map(String::as_str).collect::<Vec<_>>(),
        [
            "ActivateAllInOneGateway.LicenseContent",
            "DescribeGatewayAuthInfo.Password",
            "DescribeGatewayCredential.ConsolePassword",
            "DescribeGatewayCredential.EcsPassword",
            "DescribeMqttConfig.Password",
            "GenerateGatewayToken.Token",
            "GenerateMqttToken.MqttToken",
            "GenerateStsToken.AccessKeySecret",
            "GenerateStsToken.SecurityToken",
        ]
    );
}

#[test]
#[expect(deprecated, reason = "secrets of old operations are secret too")]
fn a_refused_check_of_an_activation_key_shows_neither_key_nor_token() {
    let secrets = [secret(), secret()];
    let parts = Parts::of(&secrets);
    for (status, body) in BODIES.iter().filter(|(status, _)| *status != 200) {
        let echo = Echo { secrets: secrets.to_vec(), status: *status, body: *body };
        let client = client!(alibaba_csg, "cn-shanghai")(echo, Seen::default());
        let request = CheckActivationKeyRequest::new()
            .crypt_key(Secret::new(&secrets[0]))
            .token(Secret::new(&secrets[1]));
        let mut shown =
            vec![format!("{request:?}"), format!("{:?}", client.check_activation_key(request.clone()))];
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let error = runtime.block_on(async { client.check_activation_key(request).await }).unwrap_err();
        shown.extend([error.to_string(), format!("{error:?} {error:#?}"), error.explain().to_string()]);
        shown.push(String::from_utf8_lossy(error.metadata().unwrap().body()).into_owned());
        shown.extend(kept(&error.evidence(), alibaba_csg::FAKE.info(), b""));
        check("CheckActivationKey", &parts, &shown);
    }
}

#[test]
fn no_key_or_token_of_a_call_of_an_api_is_shown() {
    let secrets: Vec<String> = (0..7).map(|_| secret()).collect();
    let parts = Parts::of(&secrets);
    for (at, (status, body)) in BODIES.iter().filter(|(status, _)| *status != 200).enumerate() {
        let echo = Echo { secrets: secrets.clone(), status: *status, body: *body };
        let seen = Seen::default();
        let url = "https://abc123.execute-api.eu-west-1.amazonaws.com/prod";
        let builder = api_gateway::Client::for_url(url).context(machine()).credentials(credentials());
        let client = builder.hook(seen.clone()).transport(echo).build().unwrap();
        let call = || {
            let call = client.post("/pets").query("api_key", &secrets[0]).query("token", &secrets[1]);
            let call = call.header("x-auth-token", &secrets[2]).header("x-password", &secrets[3]);
            let call = call.api_key(&secrets[4]).max_attempts(1);
            call.json(&Document::from_iter([("password", secrets[5].clone()), ("token", secrets[6].clone())]))
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (called, events) =
            Collector::collect(|| runtime.block_on(async { call().await }).map_err(Box::new));
        let error = called.unwrap_err();
        assert!(events.contains("attempt=1"), "{events}");
        let mut shown =
            vec![events, format!("{:?}", call()), error.to_string(), format!("{error:?} {error:#?}")];
        shown.append(&mut seen.0.lock().unwrap());
        shown.push(error.explain().to_string());
        shown.push(String::from_utf8_lossy(error.metadata().unwrap().body()).into_owned());
        shown.extend(kept(&error.evidence(), api_gateway::FAKE.info(), b""));
        check(&format!("response {at}"), &parts, &shown);
    }
}
