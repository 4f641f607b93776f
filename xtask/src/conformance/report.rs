//! What came of a suite. Shared with the driver, which reports the suites it runs on its own.

use serde_json::{Value, json};

/// What came of a suite.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// How many cases ran, failed ones included.
    pub(crate) ran: usize,
    /// Cases that did not run, and why.
    pub(crate) left_out: Vec<(String, String)>,
    /// Cases that failed, and how.
    pub(crate) failed: Vec<(String, String)>,
}

impl Report {
    /// Counts a case that ran.
    pub(crate) fn add(&mut self, id: &str, outcome: Result<(), String>) {
        self.ran += 1;
        if let Err(fault) = outcome {
            self.failed.push((id.to_owned(), fault));
        }
    }

    /// As the driver prints it.
    pub(crate) fn to_json(&self) -> Value {
        json!({ "ran": self.ran, "left_out": self.left_out, "failed": self.failed })
    }

    /// As the driver printed it.
    pub(crate) fn from_json(report: &Value) -> Option<Self> {
        let pairs = |key: &str| -> Option<Vec<_>> {
            let pair = |pair: &Value| Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.to_owned()));
            report[key].as_array()?.iter().map(pair).collect()
        };
        Some(Self {
            ran: usize::try_from(report["ran"].as_u64()?).ok()?,
            left_out: pairs("left_out")?,
            failed: pairs("failed")?,
        })
    }
}
