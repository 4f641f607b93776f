//! Cases of a committed service: its own model, with an additional operation for the cases.

use std::{fs, path::Path};

use gatewright_model::Sources;
use serde_json::{Value, json};

use super::{model::DOC, plan::Plan, suite};
use crate::model;

/// Adds the cases of a file.
pub(super) fn plan(plan: &mut Plan, file: &Path) -> Result<(), String> {
    let (head, cases) = (suite::head(file)?, suite::cases(file)?);
    plan.own_service("aws-query/sts", sources()?, &head, &cases);
    Ok(())
}

/// The model of the service, with `GetSessionToken`.
fn sources() -> Result<Sources, String> {
    let folder = model::root().join("model/services/aws-sts");
    let read = |name: &str| -> Result<Value, String> {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
    };
    let mut service = read("service.json")?;
    service["name"] = "cases-sts".into();
    let mut operations = read("operations.json")?;
    let (input, output) = ("GetSessionTokenRequest", "GetSessionTokenResponse");
    add(
        &mut operations["operations"],
        json!({ "name": "GetSessionToken", "doc": DOC, "input": input, "output": output }),
    );
    let mut shapes = read("shapes.json")?;
    let member = |name: &str, shape: &str| json!({ "name": name, "shape": shape });
    let asked = [
        member("DurationSeconds", "roleDurationSecondsType"),
        member("SerialNumber", "serialNumberType"),
        member("TokenCode", "tokenCodeType"),
    ];
    for (name, members) in [(input, asked.to_vec()), (output, vec![member("Credentials", "Credentials")])] {
        add(
            &mut shapes["shapes"],
            json!({ "name": name, "doc": DOC, "type": "structure", "members": members }),
        );
    }
    Ok(Sources {
        service: service.to_string(),
        operations: operations.to_string(),
        shapes: shapes.to_string(),
        exceptions: read("exceptions.json")?.to_string(),
        error_codes: read("error-codes.json")?.to_string(),
        ..Sources::default()
    })
}

/// Adds an entry at its position in the sorted list.
fn add(list: &mut Value, entry: Value) {
    let Some(entries) = list.as_array_mut() else { return };
    entries.push(entry);
    entries.sort_by(|one, other| one["name"].as_str().cmp(&other["name"].as_str()));
}
