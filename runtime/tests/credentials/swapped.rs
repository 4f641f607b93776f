//! A secret instead of an id: every source reports it, by the names that its own users know, and shows neither.

use std::{future::ready, sync::Arc};

use gatewright_runtime::{
    BoxFuture,
    context::Context,
    credentials::{
        ContainerCredentials, Credentials, CredentialsChain, CredentialsError, EnvironmentCredentials,
        ProcessCredentials, ProvideCredentials,
    },
};

use crate::{
    drivers::Driver,
    machine,
    stage::{self, List, Script},
    support::{NO_INSTANCE, Server},
};

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const OTHER_ID: &str = "LTAI5tEXAMPLEexample12345";
const OTHER_SECRET: &str = "aGVsbG8gd29ybGQgaGVsbG8gd29ybG";

/// A source that failed.
#[derive(Debug)]
struct Failed(CredentialsError);

impl ProvideCredentials for Failed {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(ready(Err(self.0.clone())))
    }
}

#[track_caller]
fn check(source: &impl ProvideCredentials, names: [&str; 2]) {
    let failed = Failed(Driver::Awaiting.provide(source).unwrap_err());
    let client = stage::builder(&Script::new([])).credentials(failed).build().unwrap().0;
    let error = Driver::Awaiting.make(client.call(List::default()).no_retries()).unwrap_err();
    let shown = error.to_string();
    let [id, secret] = names;
    let expected =
        format!("{id} and {secret} seem to be swapped: {id} has the form of a secret; swap the two");
    assert!(shown.contains(&expected), "{shown}");
    let explanation = error.explain();
    assert!(explanation.causes[0].contains("are swapped"), "{explanation}");
    let shown =
        format!("{shown} {error:?} {explanation} {} {:?}", error.evidence().to_json(), error.evidence());
    for part in [ID, SECRET, &SECRET[..13], &SECRET[22..], OTHER_ID, OTHER_SECRET] {
        assert!(!shown.contains(part), "{part}: {shown}");
    }
}

fn machine(variables: &[(&str, &str)], files: &[(&str, &str)]) -> Arc<dyn Context> {
    machine::with(&[variables, &[NO_INSTANCE]].concat(), files).shared()
}

#[test]
fn in_the_environment() {
    let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    let variables = [(names[0], SECRET), (names[1], ID)];
    check(&EnvironmentCredentials::new(machine(&variables, &[])), names);
    check(&CredentialsChain::standard(machine(&variables, &[]), None), names);
    let names = ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"];
    let variables = [(names[0], OTHER_SECRET), (names[1], OTHER_ID)];
    check(&CredentialsChain::alibaba_cloud(machine(&variables, &[]), None), names);
}

#[test]
fn in_profiles() {
    let names = ["aws_access_key_id", "aws_secret_access_key"];
    let text = format!("[default]\n{} = {SECRET}\n{} = {ID}\n", names[0], names[1]);
    for file in ["/home/me/.aws/credentials", "/home/me/.aws/config"] {
        check(&CredentialsChain::standard(machine(&[], &[(file, &text)]), None), names);
    }
    let text = format!(
        "[default]\ntype = access_key\naccess_key_id = {OTHER_SECRET}\naccess_key_secret = {OTHER_ID}\n"
    );
    let machine = machine(&[], &[("/home/me/.alibabacloud/credentials", &text)]);
    check(&CredentialsChain::alibaba_cloud(machine, None), ["access_key_id", "access_key_secret"]);
}

#[test]
fn in_json() {
    let text = format!(
        r#"{{"current": "default", "profiles": [{{"name": "default", "mode": "AK",
            "access_key_id": "{OTHER_SECRET}", "access_key_secret": "{OTHER_ID}"}}]}}"#
    );
    let file = [("/home/me/.aliyun/config.json", text.as_str())];
    check(
        &CredentialsChain::alibaba_cloud(machine(&[], &file), None),
        ["access_key_id", "access_key_secret"],
    );

    let names = ["AccessKeyId", "SecretAccessKey"];
    let text = format!(
        r#"{{"Version":1,"AccessKeyId":"{SECRET}","SecretAccessKey":"{ID}","SessionToken":"token","Token":"token",
            "Expiration":"2099-01-01T00:00:00Z"}}"#
    );
    let file = std::env::temp_dir().join(format!("gatewright-swapped-{}", std::process::id()));
    std::fs::write(&file, &text).unwrap();
    check(&ProcessCredentials::new(machine(&[], &[]), &format!("/bin/cat {}", file.display())), names);
    std::fs::remove_file(&file).unwrap();

    let server = Server::always(200, &text);
    let variables = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url.as_str())];
    check(&ContainerCredentials::new(machine(&variables, &[])), names);
}
