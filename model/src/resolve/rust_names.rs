//! Names that would clash in Rust, and documentation that would be missing there.

use std::collections::{BTreeMap, BTreeSet};

use super::present;
use crate::error::{Place, Report};
use crate::load::{ERROR_CODES, EXCEPTIONS, OPERATIONS, SHAPES};
use crate::{ErrorCode, Exception, Kind, Operation, Shape, ShapeId, naming};

/// Methods of every client.
const METHODS: [&str; 5] = ["builder", "clone", "config", "from_env", "new"];

/// The constructor of requests.
const FIELDS: [&str; 1] = ["new"];

/// Variant for values that the model does not list.
const UNKNOWN: [&str; 1] = ["Unknown"];

/// The same, and the variant of an operation's error for codes that are not listed for it.
const CODES: [&str; 2] = ["Other", "Unknown"];

/// Modules, features and dependencies of every generated crate; a service has a module and a feature of its name.
const CRATE: [&str; 34] = [
    "acs3",
    "alloc",
    "assume-role",
    "async",
    "aws-credential-types",
    "aws-lc-rs",
    "blocking",
    "context",
    "core",
    "credentials",
    "default",
    "dynamic",
    "endpoint",
    "error",
    "explain",
    "fake",
    "gatewright-fake",
    "gatewright-runtime",
    "hook",
    "instance",
    "patterns",
    "process",
    "protocol",
    "ring",
    "serde-core",
    "services",
    "settings",
    "sign",
    "sso",
    "std",
    "test",
    "tracing",
    "transport",
    "validate",
];

/// The name of a service: of a folder, a feature, and, with `_` for `-`, a module.
pub(super) fn check_service(name: &str, place: &Place, report: &mut Report) {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.split('-').all(is_word) {
        let fault = format!(
            "\"{name}\" names a module and a feature, use lower-case letters, digits and single hyphens"
        );
        report.fault(place, fault);
    } else if CRATE.contains(&name) {
        let fault = format!(
            "\"{name}\" is a module, feature or dependency of every generated crate, use another name"
        );
        report.fault(place, fault);
    }
}

pub(super) fn check(
    shapes: &[Shape],
    operations: &[Operation],
    exceptions: &[Exception],
    codes: &[ErrorCode],
    report: &mut Report,
) {
    check_types(shapes, operations, report);
    let mut methods = Scope::new("method", &METHODS);
    for operation in operations {
        let place = Place::file(OPERATIONS).key(&operation.name);
        methods.add(naming::field(&operation.name), &operation.name, &place, report);
    }
    let mut variants = Scope::new("variant", &UNKNOWN);
    for Exception { name, .. } in exceptions {
        variants.add(naming::variant(name), name, &Place::file(EXCEPTIONS).key(name), report);
    }
    let mut variants = Scope::new("variant", &CODES);
    for ErrorCode { value, .. } in codes {
        variants.add(naming::variant(value), value, &Place::file(ERROR_CODES).key(value), report);
    }
    for shape in shapes {
        check_inside(shape, &Place::file(SHAPES).key(&shape.name), report);
    }
}

/// Types of operations and shapes. The input and output of an operation are named after the operation, and by their own name
/// only if something else refers to them, too.
fn check_types(shapes: &[Shape], operations: &[Operation], report: &mut Report) {
    let referred: BTreeSet<_> = shapes.iter().flat_map(Shape::references).collect();
    let renamed: BTreeSet<_> =
        operations.iter().flat_map(|operation| [operation.input, operation.output]).collect();
    let mut types = Scope::new("type", &[]);
    for Operation { name, .. } in operations {
        let place = Place::file(OPERATIONS).key(name);
        for ty in [naming::request_ty(name), naming::response_ty(name), naming::error_ty(name)] {
            types.add(ty, name, &place, report);
        }
    }
    for (index, shape) in shapes.iter().enumerate().filter(|(_, shape)| shape.is_known()) {
        let place = Place::file(SHAPES).key(&shape.name);
        let is_referred = referred.contains(&ShapeId(index));
        if shape.is_type() && (is_referred || !renamed.contains(&ShapeId(index))) {
            types.add(naming::ty(&shape.name), &shape.name, &place, report);
        }
        if shape.is_type() && is_referred {
            present(&place.key("doc"), &shape.doc, report);
        }
    }
}

/// Fields and variants of a shape's type.
fn check_inside(shape: &Shape, place: &Place, report: &mut Report) {
    type Maker = fn(&str) -> String;
    let (mut scope, make, key, names): (_, Maker, _, Vec<&str>) = match &shape.kind {
        Kind::Structure { members } => {
            let names = members.iter().map(|member| member.name.as_str()).collect();
            (Scope::new("field", &FIELDS), naming::field, "members", names)
        }
        Kind::Union { members } => {
            let names = members.iter().map(|member| member.name.as_str()).collect();
            (Scope::new("variant", &UNKNOWN), naming::variant, "members", names)
        }
        Kind::Enum { values } => {
            let names = values.iter().map(|value| value.wire.as_str()).collect();
            (Scope::new("variant", &UNKNOWN), naming::variant, "values", names)
        }
        Kind::IntEnum { values } => {
            let names = values.iter().map(|(name, _)| name.as_str()).collect();
            (Scope::new("variant", &UNKNOWN), naming::variant, "values", names)
        }
        Kind::Boolean
        | Kind::Integer { .. }
        | Kind::Float { .. }
        | Kind::String { .. }
        | Kind::Blob { .. }
        | Kind::Timestamp { .. }
        | Kind::Document
        | Kind::List { .. }
        | Kind::Map { .. } => return,
    };
    let place = place.key(key);
    for (index, name) in names.into_iter().enumerate() {
        scope.add(make(name), name, &place.index(index), report);
    }
}

/// Names that must differ in Rust.
struct Scope<'a> {
    what: &'static str,
    reserved: &'static [&'static str],
    taken: BTreeMap<String, &'a str>,
}

impl<'a> Scope<'a> {
    fn new(what: &'static str, reserved: &'static [&'static str]) -> Self {
        Self { what, reserved, taken: BTreeMap::new() }
    }

    fn add(&mut self, rust: String, name: &'a str, place: &Place, report: &mut Report) {
        let what = self.what;
        if self.reserved.contains(&rust.as_str()) {
            report.fault(
                place,
                format!("\"{name}\" becomes the {what} {rust} in Rust, which is taken; rename it"),
            );
        }
        match self.taken.get(&rust) {
            // A duplicate name is reported elsewhere.
            Some(other) if *other != name => {
                let fault = format!(
                    "\"{name}\" becomes the {what} {rust} in Rust, and so does \"{other}\"; rename one"
                );
                report.fault(place, fault);
            }
            Some(_) => {}
            None => {
                self.taken.insert(rust, name);
            }
        }
    }
}
