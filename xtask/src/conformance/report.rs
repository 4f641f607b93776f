//! Results of a suite. Shared with the driver, which runs one suite itself.

/// Results of a suite.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// The number of cases that ran, including failed ones.
    pub(crate) ran: usize,
    /// Skipped cases, with reasons.
    pub(crate) left_out: Vec<(String, String)>,
    /// Failed cases, with differences.
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
}
