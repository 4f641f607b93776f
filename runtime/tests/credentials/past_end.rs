//! Expired credentials: from which sources they are still used, and how often newer ones are requested.

use std::{
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use gatewright_fake::TestContext;
use gatewright_runtime::{
    Secret,
    credentials::{
        ContainerCredentials, Credentials, InstanceCredentials, InstanceMetadata, ProvideCredentials,
        RoleCredentials,
    },
};

use crate::{
    drivers::Driver,
    machine,
    role::sts,
    support::{Server, response, shown},
    transient::metadata,
};

/// What the metadata says of the role: a status, then the id and the time of day at which it ends.
type Says = Arc<Mutex<(u16, &'static str)>>;

fn role(says: &Says) -> String {
    let (status, ends) = *says.lock().unwrap();
    let body = format!(
        r#"{{"Code":"Success","AccessKeyId":"{ends}","SecretAccessKey":"s","Token":"t",
            "Expiration":"1970-01-01T{ends}:00Z"}}"#
    );
    response(status, if status == 200 { &body } else { "" })
}

struct Instance {
    server: Server,
    machine: TestContext,
    says: Says,
    source: Arc<InstanceCredentials>,
}

impl Instance {
    fn new(ends: &'static str) -> Self {
        let says = Says::new(Mutex::new((200, ends)));
        let said = Arc::clone(&says);
        let server = Server::new(move |request| {
            let line = request.lines().next().unwrap();
            Some(if line.contains("reader") { role(&said) } else { metadata(line) })
        });
        let machine = machine::with(&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", &server.url)], &[]);
        let source = InstanceCredentials::new(InstanceMetadata::new(machine.shared(), None));
        Self { server, machine, says, source: Arc::new(source) }
    }

    fn says(&self, status: u16, ends: &'static str) {
        *self.says.lock().unwrap() = (status, ends);
    }

    /// The id that is used some minutes later, and how often the role was requested in all.
    #[track_caller]
    fn after(&self, minutes: u64, id: &str, asked: usize) {
        self.machine.advance(Duration::from_secs(minutes * 60));
        let shown = shown(Driver::Blocking.provide(&*self.source));
        assert!(shown.starts_with(id), "{shown}");
        let requests = self.server.requests();
        let roles = requests.iter().filter(|request| request.contains("/reader ")).count();
        assert_eq!(roles, asked);
    }
}

#[test]
fn old_credentials_of_metadata_are_accepted() {
    let instance = Instance::new("00:50");
    // They ended ten minutes ago.
    instance.after(60, "00:50", 1);
    instance.after(0, "00:50", 1);
    // Asked again after one minute, two and four.
    for (minutes, asked) in [(1, 2), (1, 2), (1, 3), (3, 3), (1, 4)] {
        instance.after(minutes, "00:50", asked);
    }
    instance.says(200, "00:40");
    instance.after(8, "00:50", 5);
    instance.says(200, "00:55");
    instance.after(10, "00:55", 6);
    instance.says(200, "09:00");
    instance.after(10, "09:00", 7);
    instance.after(60, "09:00", 7);
}

#[test]
fn old_credentials_are_used_while_metadata_fails() {
    let instance = Instance::new("01:00");
    instance.after(0, "01:00", 1);
    instance.says(500, "");
    // Refused three times, in the last minutes of their life and after its end.
    instance.after(59, "01:00", 4);
    instance.after(1, "01:00", 7);
    instance.after(1, "01:00", 7);
    instance.after(1, "01:00", 10);
    instance.after(3, "01:00", 10);
    instance.says(200, "07:00");
    instance.after(1, "07:00", 11);
}

#[test]
fn the_first_refresh_past_the_end_may_fail_too() {
    let instance = Instance::new("01:00");
    instance.after(0, "01:00", 1);
    instance.says(503, "");
    instance.after(120, "01:00", 4);
    instance.after(0, "01:00", 4);
}

#[test]
fn a_removed_role_is_not_an_outage() {
    let instance = Instance::new("01:00");
    instance.after(0, "01:00", 1);
    instance.says(404, "");
    instance.after(59, "01:00", 2);
    instance.after(1, "no credentials: instance metadata: status 404", 3);
}

#[test]
fn nobody_waits_in_an_outage() {
    let instance = Instance::new("01:00");
    instance.after(0, "01:00", 1);
    instance.says(503, "");
    instance.after(61, "01:00", 4);
    // The next refresh comes to no end while the role is locked, and others go on meanwhile.
    let held = instance.says.lock().unwrap();
    instance.machine.advance(Duration::from_secs(60));
    thread::scope(|scope| {
        let refresh = scope.spawn(|| shown(Driver::Blocking.provide(&*instance.source)));
        while instance.server.requests().iter().filter(|request| request.contains("/reader ")).count() < 5 {
            thread::yield_now();
        }
        assert_eq!(shown(Driver::Blocking.provide(&*instance.source)), "01:00 s t 3600");
        drop(held);
        assert_eq!(refresh.join().unwrap(), "01:00 s t 3600");
    });
}

#[test]
fn container_credentials_are_used_too() {
    let says = Says::new(Mutex::new((200, "01:00")));
    let said = Arc::clone(&says);
    let server = Server::new(move |_| Some(role(&said)));
    let machine = machine::with(&[("AWS_CONTAINER_CREDENTIALS_FULL_URI", &server.url)], &[]);
    let source = ContainerCredentials::new(machine.shared());
    assert_eq!(shown(Driver::Blocking.provide(&source)), "01:00 s t 3600");
    *says.lock().unwrap() = (500, "");
    machine.advance(Duration::from_secs(2 * 60 * 60));
    assert_eq!(shown(Driver::Blocking.provide(&source)), "01:00 s t 3600");
    *says.lock().unwrap() = (403, "");
    machine.advance(Duration::from_secs(60));
    assert_eq!(shown(Driver::Blocking.provide(&source)), "no credentials: container: status 403");
}

#[test]
fn role_credentials_are_not() {
    let fails = Arc::new(Mutex::new(false));
    let failing = Arc::clone(&fails);
    let server = sts(move |_| failing.lock().unwrap().then(|| response(500, "")));
    let machine = TestContext::new();
    let role = RoleCredentials::builder("arn:aws:iam::1:role/R", Credentials::new("A", Secret::new("a")))
        .context(machine.clone())
        .region("eu-west-1")
        .endpoint_url(&server.url)
        .build();
    let role: &dyn ProvideCredentials = &role;
    assert!(shown(Driver::Blocking.provide(role)).starts_with("R-by-A "));
    *fails.lock().unwrap() = true;
    machine.advance(Duration::from_secs(3599));
    assert!(shown(Driver::Blocking.provide(role)).starts_with("R-by-A "));
    machine.advance(Duration::from_secs(1));
    let shown = shown(Driver::Blocking.provide(role));
    assert!(shown.starts_with("no credentials: role arn:aws:iam::1:role/R: sts: "), "{shown}");
}

/// Counts warnings, by what they say.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl ::tracing::field::Visit for Warnings {
    fn record_debug(&mut self, field: &::tracing::field::Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.0.lock().unwrap().push(format!("{value:?}"));
        }
    }
}

impl ::tracing::Subscriber for Warnings {
    fn enabled(&self, metadata: &::tracing::Metadata<'_>) -> bool {
        *metadata.level() == ::tracing::Level::WARN
    }

    fn new_span(&self, _: &::tracing::span::Attributes<'_>) -> ::tracing::span::Id {
        ::tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &::tracing::span::Id, _: &::tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &::tracing::span::Id, _: &::tracing::span::Id) {}

    fn event(&self, event: &::tracing::Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &::tracing::span::Id) {}

    fn exit(&self, _: &::tracing::span::Id) {}
}

#[test]
fn each_failed_refresh_is_warned_of_once() {
    let warnings = Warnings::default();
    ::tracing::subscriber::with_default(warnings.clone(), || {
        let instance = Instance::new("01:00");
        instance.after(0, "01:00", 1);
        instance.says(503, "");
        instance.after(61, "01:00", 4);
        instance.after(0, "01:00", 4);
    });
    let warnings = warnings.0.lock().unwrap();
    assert_eq!(
        *warnings,
        [
            "expired credentials are used because there are no newer ones; the service decides whether to accept them"
        ]
    );
}
