//! `cargo xtask faults`: prints how the default client handles every fault, as a table.
//!
//! Requests go over loopback to the fake; time is simulated, and every wait between attempts is the longest possible.

mod catalogue;
mod driver;

use std::fmt::Display;

use gatewright::{
    aws_storage_gateway::{Client, CreateSnapshotRequest, CreateSnapshotRequired, FAKE, ListGatewaysRequest},
    context::{Context as _, SystemContext},
    fake::{Fake, TestContext},
};
use tokio::runtime::{self, Runtime};

use self::{
    catalogue::{Fault, faults},
    driver::Driver,
};
use crate::{client::Faults, failure::Failure, output};

pub(crate) fn run(arguments: &Faults) -> Result<(), Failure> {
    let driver = if arguments.blocking { Driver::Blocking } else { Driver::Awaiting };
    output::print(table(driver)?)
}

/// One line per fault: attempts, outcome and time for an operation that reads and for one that changes something, if the
/// fault occurs once and if it persists.
fn table(driver: Driver) -> Result<String, Failure> {
    let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| failed("the runtime", &error))?;
    let mut rows = vec![TITLES.map(str::to_owned)];
    for (name, fault) in faults() {
        let stage = Stage { name, fault: &fault, driver, runtime: &runtime };
        let [list, create] = [stage.list(1)?, stage.create(1)?];
        rows.push([name.to_owned(), list, stage.list(ALWAYS)?, create, stage.create(ALWAYS)?]);
    }
    let widths: Vec<_> = (0..TITLES.len())
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(String::len).max().unwrap_or(0))
        .collect();
    let line = |row: &[String; 5]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join(" | ").trim_end().to_owned() + "\n"
    };
    Ok(rows.iter().map(line).collect())
}

const TITLES: [&str; 5] = [
    "attempts, outcome, time",
    "ListGateways, once",
    "ListGateways, always",
    "CreateSnapshot, once",
    "CreateSnapshot, always",
];
/// More requests than any call makes.
const ALWAYS: usize = 10;

/// One fault, and the calls that meet it.
struct Stage<'a> {
    name: &'static str,
    fault: &'a Fault,
    driver: Driver,
    runtime: &'a Runtime,
}

impl Stage<'_> {
    /// A read, with the number of requests that meet the fault.
    fn list(&self, times: usize) -> Result<String, Failure> {
        self.play(times, |client, clock| {
            self.driver.make(clock, client.list_gateways(ListGatewaysRequest::new()))
        })
    }

    /// A change, with the number of requests that meet the fault.
    fn create(&self, times: usize) -> Result<String, Failure> {
        let volume = "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B/volume/vol-1122AABB";
        self.play(times, |client, clock| {
            let request = CreateSnapshotRequest::new(CreateSnapshotRequired {
                snapshot_description: "before the update".into(),
                volume_arn: volume.into(),
            });
            self.driver.make(clock, client.create_snapshot(request))
        })
    }

    fn play(&self, times: usize, call: impl Fn(&Client, &TestContext) -> String) -> Result<String, Failure> {
        let failed = |error: &dyn Display| failed(self.name, error);
        let fake = self.runtime.block_on(Fake::start(&FAKE)).map_err(|error| failed(&error))?;
        // Every wait between attempts is the longest possible.
        let clock = TestContext::new().at(SystemContext.now()).random(|bytes| bytes.fill(0xff));
        let builder = fake.client_builder().context(clock.clone());
        let builder = self.driver.transport(builder, &clock, self.runtime.handle());
        let builder = match self.fault {
            // A missing service cannot be back at the second attempt.
            Fault::Elsewhere(_) | Fault::NoTls if times == 1 => return Ok("-".to_owned()),
            Fault::Elsewhere(url) => builder.endpoint_url(url),
            Fault::NoTls => builder.endpoint_url(fake.url().replace("http:", "https:")),
            _ => builder,
        };
        let client = builder.build().map_err(|error| failed(&error))?;
        if let Fault::OnKept(_) = self.fault {
            call(&client, &clock);
        }
        for _ in 0..times {
            self.fault.order(&fake, &clock);
        }
        Ok(call(&client, &clock))
    }
}

fn failed(what: &str, error: &dyn Display) -> Failure {
    Failure::Failed(format!("{what}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{Driver, table};

    /// The snapshot of behaviour, which is the same for both drivers.
    #[test]
    fn every_fault_has_its_outcome() {
        let [awaiting, blocking] = [Driver::Awaiting, Driver::Blocking].map(|driver| table(driver).unwrap());
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("faults", awaiting);
        });
        assert_eq!(awaiting, blocking);
    }
}
