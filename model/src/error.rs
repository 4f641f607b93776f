//! What can be wrong with a model.

use std::fmt::{self, Display, Formatter};

/// One thing that is wrong with a model: where, what, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// File of the model: `shapes.json`.
    pub file: String,
    /// Place in the file; entries of its list by their name: `DiskIds.member`.
    pub path: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Display for Fault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { file, path, message } = self;
        match path.as_str() {
            "" => write!(f, "{file}: {message}"),
            path => write!(f, "{file}: {path}: {message}"),
        }
    }
}

/// Everything that is wrong with a model, sorted by place; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl Display for Faults {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(Fault::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Faults {}

/// Collects faults, so that one run reports them all.
#[derive(Debug, Default)]
pub(crate) struct Report(Vec<Fault>);

impl Report {
    pub(crate) fn fault(&mut self, place: &Place, message: impl Into<String>) {
        let Place { file, path } = place;
        self.0.push(Fault { file: (*file).into(), path: path.clone(), message: message.into() });
    }

    /// How many faults there are so far.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// What was made if nothing is wrong, and else the faults.
    pub(crate) fn finish<T>(mut self, made: Option<T>) -> Result<T, Faults> {
        self.0.sort();
        self.0.dedup();
        made.filter(|_| self.0.is_empty()).ok_or(Faults(self.0))
    }
}

/// A place in a file.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    file: &'static str,
    path: String,
}

impl Place {
    pub(crate) fn file(file: &'static str) -> Self {
        Self { file, path: String::new() }
    }

    pub(crate) fn key(&self, key: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        Self { file: self.file, path: format!("{}{dot}{key}", self.path) }
    }

    pub(crate) fn index(&self, index: usize) -> Self {
        Self { file: self.file, path: format!("{}[{index}]", self.path) }
    }
}
