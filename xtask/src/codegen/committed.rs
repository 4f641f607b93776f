//! Generated regions of files of this repository that list the committed services.

use std::fs;

use gatewright_codegen::{Crate, Files, HOME, MARK, runtime_features};
use gatewright_model::Service;

use crate::{failure::Failure, model, tree};

/// A partly generated file: the region is a line with the generator's mark, and the matching lines after it.
struct Region {
    file: &'static str,
    /// Whether a line belongs to the region.
    has: fn(&str) -> bool,
    text: fn(&[Service]) -> String,
}

const REGIONS: [Region; 2] = [
    Region {
        file: "generated/Cargo.toml",
        has: |line| line.starts_with(|c: char| c.is_ascii_lowercase()),
        text: features,
    },
    Region { file: "README.md", has: |line| line.starts_with('|'), text: table },
];

/// A file whose region differs, with the correct text.
pub(super) struct Stale {
    pub(super) file: &'static str,
    text: String,
}

impl Stale {
    pub(super) fn write(&self) -> Result<(), Failure> {
        tree::write(model::root(), self.file, &self.text)
    }
}

/// The files whose region differs from the models.
pub(super) fn stale(services: &[Service]) -> Result<Vec<Stale>, Failure> {
    let mut stale = Vec::new();
    for region in REGIONS {
        let path = model::root().join(region.file);
        let old = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
        let text = region.replace(&old, &(region.text)(services))?;
        if text != old {
            stale.push(Stale { file: region.file, text });
        }
    }
    Ok(stale)
}

impl Region {
    /// The text with the region replaced.
    fn replace(&self, old: &str, new: &str) -> Result<String, Failure> {
        let lines: Vec<_> = old.lines().collect();
        let Some(start) = lines.iter().position(|line| line.contains(MARK)) else {
            let file = self.file;
            return Err(Failure::Failed(format!(
                "{file}: the line with \"{MARK}\" is missing, after which the services are listed"
            )));
        };
        let inside = lines.iter().skip(start + 1).take_while(|line| (self.has)(line)).count();
        let (before, after) = (&lines[..=start], &lines[start + 1 + inside..]);
        let mut text = before.join("\n") + "\n" + new;
        text.extend(after.iter().flat_map(|line| [line, "\n"]));
        Ok(text)
    }
}

/// The crate that has the features that services need.
pub(super) const RUNTIME: &str = "gatewright-runtime";

/// The feature that has all services.
pub(super) const ALL: &str = "services";

/// What the feature of a service consists of.
pub(super) fn needs(service: &Service) -> Vec<String> {
    runtime_features(service).iter().map(|feature| format!("{RUNTIME}/{feature}")).collect()
}

/// One feature per service, with the runtime features that it needs, and one feature for all services.
fn features(services: &[Service]) -> String {
    let feature = |name: &str, needs: &[String]| {
        let needs: Vec<_> = needs.iter().map(|needed| format!("{needed:?}")).collect();
        format!("{name} = [{}]\n", needs.join(", "))
    };
    let names: Vec<_> = services.iter().map(|service| service.name.clone()).collect();
    let each = services.iter().map(|service| feature(&service.name, &needs(service)));
    each.chain([feature(ALL, &names)]).collect::<Vec<_>>().concat()
}

/// A row per service.
fn table(services: &[Service]) -> String {
    let row = |service: &Service| {
        let calls = if service.protocol.as_raw_http().is_some() {
            "by method and path".to_owned()
        } else {
            format!("{} operations", service.operations.len())
        };
        let Service { name, title, version, .. } = service;
        format!("| `{name}` | {title}, version {version} | {calls} |\n")
    };
    let rows: Vec<_> = services.iter().map(row).collect();
    format!("| feature | service | calls |\n| --- | --- | --- |\n{}", rows.concat())
}

/// Folder of the list of services for `call`, `serve` and `explain`, and its file.
pub(super) fn registry(services: &[Service]) -> (String, Files) {
    let krate = Crate { name: HOME, services, readme: None, guides: None };
    ("generated/cli/src/services".to_owned(), Files::from([("registry.rs".to_owned(), krate.registry())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGION: Region = Region { file: "a.md", has: |line| line.starts_with('|'), text: table };

    #[test]
    fn only_the_region_is_replaced() {
        let old = format!("# A\n\n<!-- {MARK} -->\n| old |\n| old |\n\n| other |\n");
        let new = REGION.replace(&old, "| new |\n").expect("there is a region");
        assert_eq!(new, format!("# A\n\n<!-- {MARK} -->\n| new |\n\n| other |\n"));
        assert_eq!(REGION.replace(&new, "| new |\n").expect("there is a region"), new);
        assert!(matches!(REGION.replace("# A\n", ""), Err(Failure::Failed(_))));
    }
}
