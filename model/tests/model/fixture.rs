//! A small model that holds every kind of thing once, to be broken in one way at a time.

use gatewright_model::{Fault, Faults, Service, Sources};
use serde_json::{Value, json};

/// The files, parsed.
pub(crate) struct Model {
    pub(crate) service: Value,
    pub(crate) operations: Value,
    pub(crate) shapes: Value,
    pub(crate) exceptions: Value,
    pub(crate) error_codes: Value,
    pub(crate) waiters: Value,
    pub(crate) known_responses: Value,
}

impl Model {
    pub(crate) fn whole() -> Self {
        let parse = |text| serde_json::from_str(text).unwrap();
        Self {
            service: parse(include_str!("fixture/service.json")),
            operations: parse(include_str!("fixture/operations.json")),
            shapes: parse(include_str!("fixture/shapes.json")),
            exceptions: parse(include_str!("fixture/exceptions.json")),
            error_codes: parse(include_str!("fixture/error-codes.json")),
            waiters: parse(include_str!("fixture/waiters.json")),
            known_responses: parse(include_str!("fixture/known-responses.json")),
        }
    }

    /// The whole model as a query service, which has no document.
    pub(crate) fn query() -> Self {
        let mut model = Self::whole();
        model.service["protocol"] = json!({"aws-query": {"xml_namespace": "urn:harbour"}});
        for shape in model.shapes["shapes"].as_array_mut().unwrap() {
            if shape["type"] == "document" {
                *shape = json!({"name": shape["name"], "type": "string"});
            }
        }
        model
    }

    /// A small model of what only RPC services have.
    pub(crate) fn rpc() -> Self {
        let parse = |text| serde_json::from_str(text).unwrap();
        Self {
            service: parse(include_str!("fixture_rpc/service.json")),
            operations: parse(include_str!("fixture_rpc/operations.json")),
            shapes: parse(include_str!("fixture_rpc/shapes.json")),
            exceptions: parse(include_str!("fixture_rpc/exceptions.json")),
            error_codes: parse(include_str!("fixture_rpc/error-codes.json")),
            waiters: Value::Null,
            known_responses: Value::Null,
        }
    }

    /// A small model of what only services without operations have.
    pub(crate) fn raw_http() -> Self {
        let mut model = Self::whole();
        model.service["protocol"] = json!({"raw-http": {
            "api_header": "x-berth",
            "hosts": [
                {"form": "own", "host": "{api}.berth.{Region}.{dnsSuffix}", "note": "Most are like this."},
                {"form": "jetty", "host": "jetty-{api}.{Region}.{zone}.example", "signing_name": "jetty"},
                {"form": "office", "host": "office.{Region}.example", "refused": "no ship moors here"}
            ]
        }});
        model.operations["operations"] = json!([]);
        model.shapes["shapes"] = json!([]);
        model.exceptions["exceptions"] = json!([]);
        model.error_codes["error_codes"] = json!([]);
        model.waiters = Value::Null;
        model
    }

    pub(crate) fn host(&mut self, index: usize) -> &mut Value {
        &mut self.service["protocol"]["raw-http"]["hosts"][index]
    }

    pub(crate) fn operation(&mut self, name: &str) -> &mut Value {
        entry(&mut self.operations["operations"], "name", name)
    }

    pub(crate) fn shape(&mut self, name: &str) -> &mut Value {
        entry(&mut self.shapes["shapes"], "name", name)
    }

    /// Adds a shape, in the order of names.
    pub(crate) fn add_shape(&mut self, shape: Value) {
        let shapes = self.shapes["shapes"].as_array_mut().unwrap();
        shapes.push(shape);
        shapes.sort_by_key(|shape| shape["name"].as_str().map(str::to_owned));
    }

    pub(crate) fn member(&mut self, shape: &str, name: &str) -> &mut Value {
        entry(&mut self.shape(shape)["members"], "name", name)
    }

    pub(crate) fn exception(&mut self, name: &str) -> &mut Value {
        entry(&mut self.exceptions["exceptions"], "name", name)
    }

    pub(crate) fn code(&mut self, value: &str) -> &mut Value {
        entry(&mut self.error_codes["error_codes"], "value", value)
    }

    pub(crate) fn waiter(&mut self, name: &str) -> &mut Value {
        entry(&mut self.waiters["waiters"], "name", name)
    }

    pub(crate) fn response(&mut self, id: &str) -> &mut Value {
        entry(&mut self.known_responses["known_responses"], "id", id)
    }

    pub(crate) fn rule(&mut self, index: usize) -> &mut Value {
        &mut self.service["endpoints"]["rules"][index]
    }

    pub(crate) fn partition(&mut self, index: usize) -> &mut Value {
        &mut self.service["endpoints"]["partitions"][index]
    }

    /// Each file by the name of its definition in the schema.
    pub(crate) fn files(&self) -> Vec<(&'static str, &Value)> {
        let files = [
            ("service", &self.service),
            ("operations", &self.operations),
            ("shapes", &self.shapes),
            ("exceptions", &self.exceptions),
            ("error-codes", &self.error_codes),
            ("waiters", &self.waiters),
            ("known-responses", &self.known_responses),
        ];
        files.into_iter().filter(|(_, file)| !file.is_null()).collect()
    }

    pub(crate) fn sources(&self) -> Sources {
        let optional = |file: &Value| if file.is_null() { String::new() } else { file.to_string() };
        Sources {
            service: self.service.to_string(),
            operations: self.operations.to_string(),
            shapes: self.shapes.to_string(),
            exceptions: self.exceptions.to_string(),
            error_codes: self.error_codes.to_string(),
            waiters: optional(&self.waiters),
            known_responses: optional(&self.known_responses),
        }
    }

    /// Its faults, one per line, without positions: the texts are one long line each.
    #[track_caller]
    pub(crate) fn faults(&self) -> String {
        faults(Service::parse(&self.sources()).expect_err("the model has no fault"))
    }
}

/// Faults, one per line, without positions.
pub(crate) fn faults(faults: Faults) -> String {
    let faults = faults.0.into_iter().map(|fault| Fault { position: None, ..fault }.to_string());
    faults.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn entry<'a>(list: &'a mut Value, label: &str, name: &str) -> &'a mut Value {
    let entries = list.as_array_mut().unwrap();
    entries.iter_mut().find(|entry| entry[label] == name).unwrap_or_else(|| panic!("no {name}"))
}

/// The faults of the fixture with these shapes.
#[track_caller]
pub(crate) fn parse_shapes(shapes: &str) -> Faults {
    let sources = Sources { shapes: shapes.into(), ..Model::whole().sources() };
    Service::parse(&sources).unwrap_err()
}
