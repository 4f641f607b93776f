//! Faults of models.

use std::fmt::{self, Display, Formatter};

use crate::positions::Position;

/// A fault of a model: where, what, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// File of the model: `shapes.json`.
    pub file: String,
    /// Line and column in the file, both from 1, if the file could be read.
    pub position: Option<Position>,
    /// Place in the file; entries of its list by their name: `DiskIds.member`.
    pub path: String,
    /// What is wrong, and the way out.
    pub message: String,
}

impl Display for Fault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { file, position, path, message } = self;
        f.write_str(file)?;
        if let Some(Position { line, column }) = position {
            write!(f, ":{line}:{column}")?;
        }
        match path.as_str() {
            "" => write!(f, ": {message}"),
            path => write!(f, ": {path}: {message}"),
        }
    }
}

/// All faults of a model, sorted by place; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

/// One line per fault, and then their number.
impl Display for Faults {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for fault in &self.0 {
            writeln!(f, "{fault}")?;
        }
        match self.0.len() {
            1 => f.write_str("1 fault"),
            many => write!(f, "{many} faults"),
        }
    }
}

impl std::error::Error for Faults {}

/// Most comparisons of names for suggestions, so that a file full of unknown names takes bounded time.
const COMPARISONS: usize = 1_000_000;

/// Collects faults, so that one run reports them all.
#[derive(Debug, Default)]
pub(crate) struct Report {
    faults: Vec<(Place, Option<Position>, String)>,
    compared: usize,
}

impl Report {
    pub(crate) fn fault(&mut self, place: &Place, message: impl Into<String>) {
        self.faults.push((place.clone(), None, message.into()));
    }

    /// How many faults there are so far.
    pub(crate) fn count(&self) -> usize {
        self.faults.len()
    }

    /// Reports a fault whose position in the text is known.
    pub(crate) fn fault_at(&mut self, place: &Place, position: Position, message: impl Into<String>) {
        self.faults.push((place.clone(), Some(position), message.into()));
    }

    /// Reports a name that does not exist.
    pub(crate) fn unknown<'a>(
        &mut self,
        place: &Place,
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) {
        let message = match self.nearest(name, known) {
            Some(near) => format!("unknown {what} \"{name}\", did you mean \"{near}\"?"),
            None => format!("unknown {what} \"{name}\", add it or correct the name"),
        };
        self.fault(place, message);
    }

    /// The name that was probably meant.
    pub(crate) fn nearest<'a>(
        &mut self,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Option<&'a str> {
        let lower = name.to_lowercase();
        let affordable = known.into_iter().take(COMPARISONS.saturating_sub(self.compared));
        let compared = affordable.inspect(|_| self.compared += 1);
        let near = compared.map(|known| (strsim::osa_distance(&lower, &known.to_lowercase()), known)).min();
        near.filter(|(distance, _)| *distance <= 1 + name.len() / 4).map(|(_, near)| near)
    }

    /// Returns `made` if there are no faults, and otherwise the faults with their positions in the text.
    pub(crate) fn finish<T>(
        self,
        made: Option<T>,
        positions: impl FnOnce(&[&Place]) -> Vec<Option<Position>>,
    ) -> Result<T, Faults> {
        type Found = ((Place, Option<Position>, String), Option<Position>);
        let places: Vec<_> = self.faults.iter().map(|(place, ..)| place).collect();
        let found = if places.is_empty() { Vec::new() } else { positions(&places) };
        let fault = |((Place { file, path, .. }, known, message), found): Found| Fault {
            file: file.to_owned(),
            position: known.or(found),
            path,
            message,
        };
        let mut faults: Vec<_> = self.faults.into_iter().zip(found).map(fault).collect();
        faults.sort();
        faults.dedup();
        made.filter(|_| faults.is_empty()).ok_or(Faults(faults))
    }
}

/// A place in a file.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) file: &'static str,
    /// The place as it is shown.
    path: String,
    /// The steps from key to key, which locate the place in the text.
    pub(crate) steps: Vec<Step>,
}

/// A step to a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// To the value of a key; from a file, also to the entry of its list with this name.
    Key(String),
    /// To an item of a list.
    Index(usize),
}

impl Place {
    pub(crate) fn file(file: &'static str) -> Self {
        Self { file, path: String::new(), steps: Vec::new() }
    }

    pub(crate) fn key(&self, key: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        self.then(format!("{}{dot}{key}", self.path), Step::Key(key.to_owned()))
    }

    pub(crate) fn index(&self, index: usize) -> Self {
        self.then(format!("{}[{index}]", self.path), Step::Index(index))
    }

    /// An item of this list, shown by its name alone.
    pub(crate) fn entry(&self, index: usize, name: &str) -> Self {
        self.then(name.to_owned(), Step::Index(index))
    }

    fn then(&self, path: String, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { file: self.file, path, steps }
    }
}
