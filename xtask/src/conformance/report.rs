//! What came of a suite. Shared with the driver, which runs one on its own.

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
}
