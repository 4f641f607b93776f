//! Tables of partitions that services share.

use std::{io::ErrorKind, path::Path, sync::LazyLock};

use serde_json::Value;

use super::{file, one};
use crate::error::{Place, Report};
use crate::{Fault, Faults, PartitionTable, bounded, positions, raw, resolve};

/// Name, file and text of each shared table, built in: foreign models refer to them too.
const TABLES: [(&str, &str, &str); 1] =
    [("aws", "model/partitions/aws.json", include_str!("../../partitions/aws.json"))];

/// The tables, read once.
static BUILT_IN: LazyLock<Result<Vec<PartitionTable>, Faults>> = LazyLock::new(|| {
    TABLES.into_iter().map(|(name, file, text)| PartitionTable::parse(name, file, text)).collect()
});

impl PartitionTable {
    /// The tables that services share.
    ///
    /// # Errors
    ///
    /// Returns all faults of the tables.
    pub fn all() -> Result<Vec<Self>, Faults> {
        BUILT_IN.clone()
    }

    /// The tables that services share, as far as a folder has them; the others as built in.
    ///
    /// # Errors
    ///
    /// Returns all faults of the tables.
    pub fn read(folder: &Path) -> Result<Vec<Self>, Faults> {
        let read = |(name, file, built_in): (&str, &'static str, &str)| match bounded::read_to_string(
            &folder.join(format!("{name}.json")),
        ) {
            Ok(text) => Self::parse(name, file, &text),
            Err(error) if error.kind() == ErrorKind::NotFound => Self::parse(name, file, built_in),
            Err(error) => {
                let message = format!("cannot be read: {error}");
                Err(Faults(vec![Fault {
                    file: file.to_owned(),
                    position: None,
                    path: String::new(),
                    message,
                }]))
            }
        };
        TABLES.into_iter().map(read).collect()
    }

    fn parse(name: &str, path: &'static str, text: &str) -> Result<Self, Faults> {
        let mut report = Report::default();
        let root = Place::file(path);
        let object = file(path, "../schema/partitions.json", text, &mut report).map(Value::Object);
        let raw = object.and_then(|object| one::<raw::PartitionTable>(&root, object, &mut report));
        let partitions =
            raw.map(|raw| resolve::partitions::list(raw.partitions, &root.key("partitions"), &mut report));
        if partitions.as_ref().is_some_and(Vec::is_empty) {
            report.fault(&root.key("partitions"), "is empty, list at least one partition");
        }
        let table = partitions.map(|partitions| Self { name: name.to_owned(), partitions });
        report.finish(table, |places| positions::find(text, None, places))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_tables_report_all_faults_with_their_place() {
        let text = r#"{
  "$schema": "partitions.json",
  "partitions": [
    {"id": "sea", "region_regex": "^sea\\-\\w+\\-\\d+$", "dns_suffix": "sea.example",
     "dual_stack_dns_suffix": "sea.example.net", "supports_fips": true, "supports_dual_stack": true,
     "regions": ["sea-b-1", "sea-a-1"]}
  ]
}"#;
        let faults = PartitionTable::parse("sea", "partitions/sea.json", text).unwrap_err().to_string();
        assert_eq!(
            faults,
            r#"partitions/sea.json:2:3: $schema: must be the path of schema/partitions.json, such as "../schema/partitions.json", so that editors check the file
partitions/sea.json:6:29: partitions[0].regions[1]: "sea-a-1" comes after "sea-b-1", sort the list
2 faults"#
        );
        let empty = r#"{"$schema": "../schema/partitions.json", "partitions": []}"#;
        let faults = PartitionTable::parse("sea", "partitions/sea.json", empty).unwrap_err().to_string();
        assert_eq!(
            faults,
            "partitions/sea.json:1:42: partitions: is empty, list at least one partition\n1 fault"
        );
    }
}
