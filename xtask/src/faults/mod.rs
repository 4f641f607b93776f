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
use serde_json::{Value, json};
use tokio::runtime::{self, Runtime};

use self::{
    catalogue::{Fault, faults},
    driver::{Driver, Ending},
};
use crate::{client::Faults, failure::Failure, output, progress::Progress};

pub(crate) fn run(arguments: &Faults) -> Result<(), Failure> {
    let driver = if arguments.blocking { Driver::Blocking } else { Driver::Awaiting };
    let faults = faults();
    let progress = Progress::new("faults", faults.len());
    let rows = rows(&faults, driver, &progress)?;
    drop(progress);
    if arguments.json {
        return output::print_line(format_args!("{:#}", json(driver, &rows)));
    }
    output::print(table(&rows))
}

/// A fault, and how the calls of [`CALLS`] end; `None` if a call cannot meet the fault so.
struct Row {
    fault: &'static str,
    endings: [Option<Ending>; 4],
}

/// The calls: an operation that reads and one that changes something, if the fault occurs once and if it persists.
const CALLS: [(&str, &str); 4] = [
    ("ListGateways", "once"),
    ("ListGateways", "always"),
    ("CreateSnapshot", "once"),
    ("CreateSnapshot", "always"),
];

fn rows(faults: &[(&'static str, Fault)], driver: Driver, progress: &Progress) -> Result<Vec<Row>, Failure> {
    let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| failed("the runtime", &error))?;
    let row = |(name, fault): &(&'static str, Fault)| {
        let _step = progress.begin(name);
        let stage = Stage { name, fault, driver, runtime: &runtime };
        let endings = [stage.list(1)?, stage.list(ALWAYS)?, stage.create(1)?, stage.create(ALWAYS)?];
        Ok(Row { fault: name, endings })
    };
    faults.iter().map(row).collect()
}

/// One line per fault: attempts, outcome and time of each call.
fn table(rows: &[Row]) -> String {
    let title = ["attempts, outcome, time".to_owned()].into_iter();
    let titles = title.chain(CALLS.map(|(operation, occurs)| format!("{operation}, {occurs}"))).collect();
    let cell = |ending: &Option<Ending>| ending.as_ref().map_or_else(|| "-".to_owned(), Ending::to_string);
    let cells = |row: &Row| [row.fault.to_owned()].into_iter().chain(row.endings.iter().map(cell)).collect();
    let lines: Vec<Vec<_>> = [titles].into_iter().chain(rows.iter().map(cells)).collect();
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(String::len).max();
    let widths: Vec<_> = (0..=CALLS.len()).map(|column| width(column).unwrap_or(0)).collect();
    let line = |line: &Vec<String>| {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join(" | ").trim_end().to_owned() + "\n"
    };
    lines.iter().map(line).collect()
}

/// The table, for programs.
fn json(driver: Driver, rows: &[Row]) -> Value {
    let call = |((operation, occurs), ending): ((&str, &str), &Option<Ending>)| {
        let Ending { attempts, outcome, time } = ending.as_ref()?;
        Some(json!({
            "operation": operation,
            "fault_occurs": occurs,
            "attempts": attempts,
            "outcome": outcome,
            "seconds": (time.as_secs_f64() * 100.0).round() / 100.0,
        }))
    };
    let fault = |row: &Row| {
        let calls: Vec<_> = CALLS.into_iter().zip(&row.endings).filter_map(call).collect();
        json!({ "fault": row.fault, "calls": calls })
    };
    json!({ "driver": driver.name(), "faults": rows.iter().map(fault).collect::<Vec<_>>() })
}

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
    fn list(&self, times: usize) -> Result<Option<Ending>, Failure> {
        self.play(times, |client, clock| {
            self.driver.make(clock, client.list_gateways(ListGatewaysRequest::new()))
        })
    }

    /// A change, with the number of requests that meet the fault.
    fn create(&self, times: usize) -> Result<Option<Ending>, Failure> {
        let volume = "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B/volume/vol-1122AABB";
        self.play(times, |client, clock| {
            let request = CreateSnapshotRequest::new(CreateSnapshotRequired {
                snapshot_description: "before the update".into(),
                volume_arn: volume.into(),
            });
            self.driver.make(clock, client.create_snapshot(request))
        })
    }

    fn play(
        &self,
        times: usize,
        call: impl Fn(&Client, &TestContext) -> Ending,
    ) -> Result<Option<Ending>, Failure> {
        let failed = |error: &dyn Display| failed(self.name, error);
        let fake = self.runtime.block_on(Fake::start(&FAKE)).map_err(|error| failed(&error))?;
        // Every wait between attempts is the longest possible.
        let clock = TestContext::new().at(SystemContext.now()).random(|bytes| bytes.fill(0xff));
        let builder = fake.client_builder().context(clock.clone());
        let builder = self.driver.transport(builder, &clock, self.runtime.handle());
        let builder = match self.fault {
            // A missing service cannot be back at the second attempt.
            Fault::Elsewhere(_) | Fault::NoTls if times == 1 => return Ok(None),
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
        Ok(Some(call(&client, &clock)))
    }
}

fn failed(what: &str, error: &dyn Display) -> Failure {
    Failure::Failed(format!("{what}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The snapshot of behaviour, which is the same for both drivers.
    #[test]
    fn every_fault_has_its_outcome() {
        let rows = [Driver::Awaiting, Driver::Blocking]
            .map(|driver| rows(&faults(), driver, &Progress::of_quick_steps("faults", 0)).unwrap());
        let [awaiting, blocking] = rows.each_ref().map(|rows| table(rows));
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("faults", awaiting);
        });
        assert_eq!(awaiting, blocking);

        let [rows, _] = rows;
        let some = rows.into_iter().filter(|row| row.fault.starts_with("https:") || row.fault == "SlowDown");
        let some: Vec<_> = some.collect();
        insta::assert_snapshot!(format!("{:#}", json(Driver::Awaiting, &some)), @r#"
        {
          "driver": "async",
          "faults": [
            {
              "calls": [
                {
                  "attempts": 1,
                  "fault_occurs": "always",
                  "operation": "ListGateways",
                  "outcome": "Tls",
                  "seconds": 0.0
                },
                {
                  "attempts": 1,
                  "fault_occurs": "always",
                  "operation": "CreateSnapshot",
                  "outcome": "Tls",
                  "seconds": 0.0
                }
              ],
              "fault": "https:// where plain HTTP is spoken"
            },
            {
              "calls": [
                {
                  "attempts": 2,
                  "fault_occurs": "once",
                  "operation": "ListGateways",
                  "outcome": "ok",
                  "seconds": 1.0
                },
                {
                  "attempts": 3,
                  "fault_occurs": "always",
                  "operation": "ListGateways",
                  "outcome": "SlowDown",
                  "seconds": 3.0
                },
                {
                  "attempts": 2,
                  "fault_occurs": "once",
                  "operation": "CreateSnapshot",
                  "outcome": "ok",
                  "seconds": 1.0
                },
                {
                  "attempts": 3,
                  "fault_occurs": "always",
                  "operation": "CreateSnapshot",
                  "outcome": "SlowDown",
                  "seconds": 3.0
                }
              ],
              "fault": "SlowDown"
            }
          ]
        }
        "#);
    }
}
