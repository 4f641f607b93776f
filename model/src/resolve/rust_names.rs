//! Names that would clash in Rust, and documentation that would be missing there.

use std::collections::{BTreeMap, BTreeSet};

use super::present;
use crate::error::{Place, Report};
use crate::load::{ERROR_CODES, EXCEPTIONS, OPERATIONS, SHAPES, WAITERS};
use crate::{ErrorCode, Exception, Kind, Operation, Shape, ShapeId, Waiter, naming};

/// The name that Rust's is made of: the one that an entry gives, else its own.
pub(super) fn own(given: Option<String>, name: &str, place: &Place, report: &mut Report) -> String {
    given.inspect(|given| present(&place.key("rust_name"), given, report)).unwrap_or_else(|| name.to_owned())
}

/// Modules, features and dependencies of generated crates; a service has a module and a feature of its name. The files of
/// `bin` would be programs, `lib` and `main` are roots, and only the crate of all services has the module `guide`.
const CRATE: [&str; 44] = [
    "alloc",
    "assume-role",
    "async",
    "async-driver",
    "aws-credential-types",
    "aws-lc-rs",
    "bin",
    "blocking",
    "blocking-driver",
    "bytes",
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
    "guide",
    "hook",
    "http",
    "instance",
    "lib",
    "main",
    "patterns",
    "process",
    "protocol",
    "retry",
    "ring",
    "rust-crypto",
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
    "wait",
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
            "\"{name}\" would clash with a module, feature, dependency or file of the generated crate, use another name"
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
    let mut methods = Scope::new("method", naming::RESERVED_METHODS);
    for Operation { name, rust_name, .. } in operations {
        methods.add(naming::field(rust_name), name, &Place::file(OPERATIONS).key(name), report);
    }
    for Waiter { name, rust_name, .. } in operations.iter().flat_map(|operation| &operation.waiters) {
        methods.add(naming::wait_method(rust_name), name, &Place::file(WAITERS).key(name), report);
    }
    let mut variants = Scope::new("variant", naming::RESERVED_EXCEPTIONS);
    for Exception { name, rust_name, .. } in exceptions {
        variants.add(naming::variant(rust_name), name, &Place::file(EXCEPTIONS).key(name), report);
    }
    let mut variants = Scope::new("variant", naming::RESERVED_CODES);
    for ErrorCode { value, rust_name, .. } in codes {
        variants.add(naming::variant(rust_name), value, &Place::file(ERROR_CODES).key(value), report);
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
    for Operation { name, rust_name, input, .. } in operations {
        let place = Place::file(OPERATIONS).key(name);
        let names =
            [naming::request_ty(rust_name), naming::response_ty(rust_name), naming::error_ty(rust_name)];
        let required = required_ty(&shapes[input.0], rust_name);
        for ty in names.into_iter().chain(required) {
            types.add(ty, name, &place, report);
        }
        check_file(rust_name, &place, report);
    }
    for (index, shape) in shapes.iter().enumerate().filter(|(_, shape)| shape.is_known()) {
        let place = Place::file(SHAPES).key(&shape.name);
        let is_referred = referred.contains(&ShapeId(index));
        if shape.is_type() && (is_referred || !renamed.contains(&ShapeId(index))) {
            types.add(naming::ty(&shape.rust_name), &shape.name, &place, report);
            if let Some(required) = required_ty(shape, &shape.rust_name) {
                types.add(required, &shape.name, &place, report);
            }
            check_file(&shape.rust_name, &place, report);
        }
        if shape.is_type() && is_referred {
            present(&place.key("doc"), &shape.doc, report);
        }
    }
}

/// Bytes of the name of a module. File systems allow 255 for the name of a file, and tools such as rustdoc add to it.
const FILE_NAME: usize = 200;

fn check_file(rust_name: &str, place: &Place, report: &mut Report) {
    let length = naming::module(rust_name).len();
    if length > FILE_NAME {
        let fault = format!(
            "the name of its file would have {length} bytes, of at most {FILE_NAME}; give it a shorter \"rust_name\""
        );
        report.fault(place, fault);
    }
}

/// The type that names the arguments of a constructor, if it takes several.
fn required_ty(shape: &Shape, rust_name: &str) -> Option<String> {
    let is_structure = matches!(shape.kind, Kind::Structure { .. });
    let required = shape.members().iter().filter(|member| member.is_required()).count();
    (is_structure && required > 1).then(|| naming::required_ty(rust_name))
}

/// Fields and variants of a shape's type.
fn check_inside(shape: &Shape, place: &Place, report: &mut Report) {
    type Maker = fn(&str) -> String;
    /// Name in the model, and the one that Rust's is made of.
    type Names<'a> = Vec<(&'a str, &'a str)>;
    let (mut scope, make, key, names): (_, Maker, _, Names<'_>) = match &shape.kind {
        Kind::Structure { members } => {
            let names = members.iter().map(|member| (member.name.as_str(), member.name.as_str())).collect();
            (Scope::new("field", naming::RESERVED_FIELDS), naming::field, "members", names)
        }
        Kind::Union { members } => {
            let names = members.iter().map(|member| (member.name.as_str(), member.name.as_str())).collect();
            (Scope::new("variant", naming::RESERVED_VARIANTS), naming::variant, "members", names)
        }
        Kind::Enum { values } => {
            let names = values.iter().map(|value| (value.wire.as_str(), value.rust_name.as_str())).collect();
            (Scope::new("variant", naming::RESERVED_VARIANTS), naming::variant, "values", names)
        }
        Kind::IntEnum { values } => {
            let names = values.iter().map(|(name, _)| (name.as_str(), name.as_str())).collect();
            (Scope::new("variant", naming::RESERVED_VARIANTS), naming::variant, "values", names)
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
    if key == "members" {
        scope.way_out = "give it another \"name\", and this one as \"wire\"";
    }
    let place = place.key(key);
    for (index, (name, rust_name)) in names.into_iter().enumerate() {
        scope.add(make(rust_name), name, &place.index(index), report);
    }
}

/// Names that must differ in Rust.
struct Scope<'a> {
    what: &'static str,
    /// The key that gives an entry another name.
    way_out: &'static str,
    reserved: &'static [&'static str],
    taken: BTreeMap<String, &'a str>,
}

impl<'a> Scope<'a> {
    fn new(what: &'static str, reserved: &'static [&'static str]) -> Self {
        Self { what, way_out: "give it a \"rust_name\"", reserved, taken: BTreeMap::new() }
    }

    fn add(&mut self, rust: String, name: &'a str, place: &Place, report: &mut Report) {
        let what = self.what;
        if self.reserved.contains(&rust.as_str()) {
            report.fault(
                place,
                format!("\"{name}\" becomes the {what} {rust} in Rust, which is taken; {}", self.way_out),
            );
        }
        match self.taken.get(&rust) {
            // A duplicate name is reported elsewhere.
            Some(other) if *other != name => {
                let fault = format!(
                    "\"{name}\" becomes the {what} {rust} in Rust, and so does \"{other}\"; {}",
                    self.way_out
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
