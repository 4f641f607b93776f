//! Explanations: what is known of an error, why it happened, and what to do.

use std::fmt;

use gatewright_core::text::in_one_line;

/// An error, explained.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// What happened, in one line.
    pub summary: String,
    /// The facts behind the conclusion.
    pub evidence: Vec<String>,
    /// Why it happens, likeliest first.
    pub causes: Vec<String>,
    /// What to do, in this order.
    pub remedies: Vec<String>,
    /// Operations that show or repair the cause, in this order; empty for most errors.
    pub repairs: Vec<Repair>,
}

/// A call that shows or repairs the cause of an error. The operation is mostly another service's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repair {
    /// Name of the operation's service, as features and commands have it.
    pub service: &'static str,
    /// Name of the operation on the wire.
    pub operation: &'static str,
    /// Known members of the request by their names on the wire. Operations may require others.
    pub input: Vec<(&'static str, String)>,
}

impl Repair {
    /// The value of a known member of the request.
    pub fn member(&self, name: &str) -> Option<&str> {
        self.input.iter().find(|(member, _)| *member == name).map(|(_, value)| value.as_str())
    }

    /// The known members of the request as JSON. Calls by the operation's name take this form.
    pub fn input_json(&self) -> String {
        let members = self.input.iter().map(|(member, value)| ((*member).to_owned(), value.as_str().into()));
        serde_json::Value::Object(members.collect()).to_string()
    }
}

/// Service, operation, and the known members as JSON.
impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.service, self.operation)?;
        if self.input.is_empty() { Ok(()) } else { write!(f, " {}", self.input_json()) }
    }
}

impl Explanation {
    /// Adds the lines of another explanation; takes its summary only if this one has none.
    pub(crate) fn and(mut self, more: Self) -> Self {
        if self.summary.is_empty() {
            self.summary = more.summary;
        }
        add(&mut self.evidence, more.evidence);
        add(&mut self.causes, more.causes);
        add(&mut self.remedies, more.remedies);
        add(&mut self.repairs, more.repairs);
        self
    }

    /// Puts each text on one line, whatever it quotes from a response, a log or a saved exchange.
    pub(crate) fn in_lines(self) -> Self {
        let in_lines = |lines: Vec<String>| lines.into_iter().map(in_one_line).collect();
        Self {
            summary: in_one_line(self.summary),
            evidence: in_lines(self.evidence),
            causes: in_lines(self.causes),
            remedies: in_lines(self.remedies),
            repairs: self.repairs,
        }
    }

    /// Replaces the summary; the old one becomes the first line of evidence.
    pub(crate) fn under(mut self, summary: &str) -> Self {
        let conclusion = std::mem::replace(&mut self.summary, summary.to_owned());
        if !conclusion.is_empty() && conclusion != self.summary {
            self.evidence.insert(0, conclusion);
        }
        self
    }
}

/// Adds the lines that are not in the list yet.
pub(crate) fn add<T: PartialEq>(lines: &mut Vec<T>, more: Vec<T>) {
    for line in more {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
}

pub(crate) fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary)?;
        let parts = [("Evidence", &self.evidence), ("Causes", &self.causes), ("What to do", &self.remedies)];
        for (title, lines) in parts.into_iter().filter(|(_, lines)| !lines.is_empty()) {
            write!(f, "\n{title}:")?;
            for line in lines {
                write!(f, "\n- {line}")?;
            }
        }
        if !self.repairs.is_empty() {
            f.write_str("\nOperations that show or repair it:")?;
        }
        for repair in &self.repairs {
            write!(f, "\n- {repair}")?;
        }
        Ok(())
    }
}
