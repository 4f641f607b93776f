//! Files of cases: a header and the cases, whose number must equal the number in the header.

use std::{fs, path::Path};

use serde_json::Value;

/// The cases of a file.
pub(crate) fn cases(path: &Path) -> Result<Vec<Value>, String> {
    let at = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| at(&error))?;
    let mut suite: Value = serde_json::from_str(&text).map_err(|error| at(&error))?;
    let Some(Value::Array(cases)) = suite.get_mut("cases").map(Value::take) else {
        return Err(at(&"no list \"cases\""));
    };
    if suite["case_count"].as_u64() != u64::try_from(cases.len()).ok() {
        return Err(at(&format!("{} cases, but \"case_count\" is {}", cases.len(), suite["case_count"])));
    }
    Ok(cases)
}

/// The header of a file of cases.
#[allow(dead_code, reason = "the driver, which compiles this too, has no use for it")]
pub(crate) fn head(path: &Path) -> Result<Value, String> {
    let at = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| at(&error))?;
    let mut head: Value = serde_json::from_str(&text).map_err(|error| at(&error))?;
    head["cases"] = Value::Null;
    Ok(head)
}

/// The name of a case.
pub(crate) fn id(case: &Value) -> &str {
    case["id"].as_str().unwrap_or("a case without id")
}
