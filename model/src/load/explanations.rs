//! The texts of explanations.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{file, one};
use crate::error::{Place, Report};
use crate::{Explanations, Faults, positions};

const FILE: &str = "model/explanations/common.json";
const TEXT: &str = include_str!("../../explanations/common.json");

impl Explanations {
    /// The texts that are built in.
    ///
    /// # Errors
    ///
    /// Returns all faults of the file.
    pub fn built_in() -> Result<Self, Faults> {
        Self::parse(TEXT)
    }

    fn parse(text: &str) -> Result<Self, Faults> {
        let mut report = Report::default();
        let root = Place::file(FILE);
        let object = file(FILE, "../schema/explanations.json", text, &mut report).map(Value::Object);
        let texts: Option<Self> = object.and_then(|object| one(&root, object, &mut report));
        if let Some(texts) = &texts {
            texts.check(&root, &mut report);
        }
        report.finish(texts, |places| positions::find(text, None, places))
    }

    fn check(&self, root: &Place, report: &mut Report) {
        let errors = root.key("errors");
        for (index, pair) in self.errors.windows(2).enumerate() {
            if let [before, error] = pair
                && before.name >= error.name
            {
                let message = format!("{:?} comes after {:?}, sort the list", before.name, error.name);
                report.fault(&errors.index(index + 1).key("name"), message);
            }
        }
        let names = self.errors.iter().enumerate().flat_map(|(index, error)| {
            let names = [&error.name].into_iter().chain(&error.aliases);
            names.map(move |name| (index, name))
        });
        distinct(names, &errors, report);
        distinct(self.verdicts.iter().map(|verdict| &verdict.id).enumerate(), &root.key("verdicts"), report);
        distinct(self.hints.iter().map(|hint| &hint.id).enumerate(), &root.key("hints"), report);
        distinct(self.failures.iter().map(|text| &text.id).enumerate(), &root.key("failures"), report);
        let errors = self.errors.iter().map(|text| ("errors", &text.causes, &text.remedies));
        let statuses = self.statuses.iter().map(|text| ("statuses", &text.causes, &text.remedies));
        let verdicts = self.verdicts.iter().map(|text| ("verdicts", &text.causes, &text.remedies));
        let failures = self.failures.iter().map(|text| ("failures", &text.causes, &text.remedies));
        let sentences = errors.enumerate().chain(statuses.enumerate());
        let sentences = sentences.chain(verdicts.enumerate()).chain(failures.enumerate());
        for (index, (list, causes, remedies)) in sentences {
            let place = root.key(list).index(index);
            for (key, sentences) in [("causes", causes), ("remedies", remedies)] {
                if sentences.is_empty() || !sentences.iter().all(|text| text.ends_with('.')) {
                    report.fault(&place.key(key), "must be one or more sentences, each with a period");
                }
            }
        }
    }
}

fn distinct<'a>(names: impl Iterator<Item = (usize, &'a String)>, list: &Place, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for (index, name) in names {
        if !seen.insert(name) {
            report.fault(&list.index(index), format!("{name:?} is used twice, give each its own name"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_report_all_faults_with_their_place() {
        let text = r#"{
  "$schema": "../schema/explanations.json",
  "errors": [
    {"name": "SlowDown", "category": "throttling", "causes": ["Too fast."], "remedies": ["Wait."]},
    {"name": "AuthFailure", "aliases": ["SlowDown"], "category": "auth", "causes": [], "remedies": ["Wait"]}
  ],
  "statuses": [],
  "verdicts": [],
  "failures": [],
  "hints": [{"id": "a", "doc": "A.", "remedy": "A."}, {"id": "a", "doc": "A.", "remedy": "A."}]
}"#;
        let faults = Explanations::parse(text).unwrap_err().to_string();
        assert_eq!(
            faults,
            r#"model/explanations/common.json:5:5: errors[1]: "SlowDown" is used twice, give each its own name
model/explanations/common.json:5:6: errors[1].name: "SlowDown" comes after "AuthFailure", sort the list
model/explanations/common.json:5:74: errors[1].causes: must be one or more sentences, each with a period
model/explanations/common.json:5:88: errors[1].remedies: must be one or more sentences, each with a period
model/explanations/common.json:10:55: hints[1]: "a" is used twice, give each its own name
5 faults"#
        );
        assert!(Explanations::built_in().is_ok());
    }
}
