//! Completes merged files: what entries refer to, sentences, patterns and names in Rust.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_model::{naming, pattern_fault};

use super::{
    files::{EXCEPTIONS, LISTS, Model},
    json::{Json, Object},
    vendor::Losses,
};

/// Adds the vendor's shapes that entries refer to, and removes the vendor's shapes that nothing refers to anymore. Our
/// own entries are kept; the loader reports unused ones.
pub(super) fn references(model: &mut Model, base: &Model, new: &Model) {
    let declared = model.operations.iter().flat_map(|operation| operation.list("exceptions"));
    let declared: BTreeSet<_> = declared.filter_map(Json::text).map(str::to_owned).collect();
    let known: BTreeSet<_> = named(&model.exceptions).map(|(name, _)| name.to_owned()).collect();
    let missing =
        named(&new.exceptions).filter(|(name, _)| declared.contains(*name) && !known.contains(*name));
    let missing: Vec<_> = missing.map(|(_, exception)| exception.clone()).collect();
    model.exceptions.extend(missing);
    model.exceptions.sort_by(|one, other| one.text("name").cmp(&other.text("name")));

    let of_vendor: BTreeMap<_, _> = named(&new.shapes).collect();
    let mut shapes: BTreeMap<String, Object> =
        named(&model.shapes).map(|(name, shape)| (name.to_owned(), shape.clone())).collect();
    let mut reached = BTreeSet::new();
    let ends =
        model.operations.iter().flat_map(|operation| [operation.text("input"), operation.text("output")]);
    let errors = model.exceptions.iter().chain(&model.error_codes).map(|error| error.text("shape"));
    let mut ahead: Vec<String> = ends.chain(errors).flatten().map(str::to_owned).collect();
    while let Some(name) = ahead.pop() {
        if !shapes.contains_key(&name)
            && let Some(shape) = of_vendor.get(name.as_str())
        {
            shapes.insert(name.clone(), (*shape).clone());
        }
        if let Some(shape) = shapes.get(&name)
            && reached.insert(name)
        {
            ahead.extend(targets(shape).map(str::to_owned));
        }
    }
    let vendors: BTreeSet<_> = named(&base.shapes).chain(named(&new.shapes)).map(|(name, _)| name).collect();
    shapes.retain(|name, _| reached.contains(name) || !vendors.contains(name.as_str()));
    model.shapes = shapes.into_values().collect();

    // Codes and waiters of operations that we left out.
    let operations: BTreeSet<_> = named(&model.operations).map(|(name, _)| name.to_owned()).collect();
    let left_out = named(&new.operations).map(|(name, _)| name).filter(|name| !operations.contains(*name));
    let left_out: BTreeSet<_> = left_out.collect();
    model.waiters.retain(|waiter| waiter.text("operation").is_none_or(|name| !left_out.contains(name)));
    model.error_codes.retain_mut(|code| {
        let Some(Json::List(raisers)) = code.get_mut("operations") else { return true };
        let before = raisers.len();
        raisers.retain(|name| name.text().is_none_or(|name| !left_out.contains(name)));
        before == 0 || !raisers.is_empty()
    });
}

fn named(entries: &[Object]) -> impl Iterator<Item = (&str, &Object)> {
    entries.iter().filter_map(|entry| Some((entry.text("name")?, entry)))
}

/// Shapes that a shape refers to.
fn targets(shape: &Object) -> impl Iterator<Item = &str> {
    let ty = shape.text("type").unwrap_or_default();
    let keys: &[&str] = match ty {
        "list" => &["member"],
        "map" => &["key", "value"],
        _ => &[],
    };
    let members = shape.entries("members").filter_map(|member| member.text("shape"));
    keys.iter().filter_map(|key| shape.text(key)).chain(members)
}

/// Status of exceptions for which the vendor's model has none.
pub(super) const STATUS: u16 = 400;

/// Adds a sentence made from the name to entries without documentation, and a status to exceptions.
pub(super) fn sentences(model: &mut Model) {
    for exception in model.exceptions.iter_mut().filter(|exception| exception.get("status").is_none()) {
        exception.set("status", STATUS);
    }
    if model.service.text("doc").is_none() {
        let sentence = of_service(&model.service);
        model.service.set("doc", sentence);
    }
    for ((file, _, label), list) in LISTS.into_iter().zip(model.lists_mut()) {
        for entry in list.iter_mut().filter(|entry| entry.text("doc").is_none()) {
            if let Some(sentence) = sentence(file, label, entry) {
                entry.set("doc", sentence);
            }
        }
    }
}

fn of_service(service: &Object) -> String {
    format!("Imported from the vendor's model of {}.", service.text("title").unwrap_or_default())
}

/// The generated sentence of an entry, if entries of its kind need one.
fn sentence(file: &str, label: &str, entry: &Object) -> Option<String> {
    let name = entry.text(label)?;
    match (file, entry.text("type")) {
        ("operations.json", _) => Some(format!("Calls `{name}`.")),
        (EXCEPTIONS | "error-codes.json", _) => Some(format!("The service reports `{name}`.")),
        (_, Some("structure")) => Some(format!("Structure `{name}`.")),
        (_, Some("union")) => Some(format!("One of the alternatives of `{name}`.")),
        (_, Some("enum" | "int-enum")) => Some(format!("Values of `{name}`.")),
        _ => None,
    }
}

/// Names of the entries whose sentence is a generated one, by file.
pub(super) fn generated(model: &Model) -> Vec<(&'static str, Vec<String>)> {
    let mut generated = Vec::new();
    for ((file, _, label), list) in LISTS.into_iter().zip(model.lists()) {
        let is_generated = |entry: &&Object| {
            entry
                .text("doc")
                .is_some_and(|doc| sentence(file, label, entry).is_some_and(|known| known == doc))
        };
        let names = list.iter().filter(is_generated).filter_map(|entry| entry.text(label));
        generated.push((file, names.map(str::to_owned).collect()));
    }
    generated
}

/// Marks patterns that cannot be checked here.
pub(super) fn patterns(model: &mut Model, losses: &mut Losses) {
    for shape in &mut model.shapes {
        let pattern = shape.text("pattern").filter(|_| shape.text("pattern_equivalent").is_none());
        if pattern.is_some_and(|pattern| pattern_fault(pattern).is_some()) {
            shape.set("pattern_unchecked", true);
            losses.shape(
                "patterns that Rust's regex engine refuses: kept, not checked",
                shape.text("name").unwrap_or_default(),
            );
        } else {
            shape.remove("pattern_unchecked");
        }
    }
}

/// Gives entries a name for Rust if their own clashes. Entries that `before` had keep theirs.
pub(super) fn names(model: &mut Model, before: &Model) {
    let old = |list: &[Object], label: &str| -> BTreeSet<String> {
        list.iter().filter_map(|entry| entry.text(label)).map(str::to_owned).collect()
    };
    let variants = |reserved: &'static [&'static str]| Scope::new(naming::variant, reserved, "Value");
    let mut scope = Scope::new(naming::field, naming::RESERVED_METHODS, "Operation");
    scope.name(model.operations.iter_mut(), "name", &old(&before.operations, "name"));
    let mut waits = Scope { taken: scope.taken, ..Scope::new(naming::wait_method, &[], "State") };
    waits.name(model.waiters.iter_mut(), "name", &old(&before.waiters, "name"));
    variants(naming::RESERVED_EXCEPTIONS).name(
        model.exceptions.iter_mut(),
        "name",
        &old(&before.exceptions, "name"),
    );
    variants(naming::RESERVED_CODES).name(
        model.error_codes.iter_mut(),
        "value",
        &old(&before.error_codes, "value"),
    );
    types(model, &old(&before.shapes, "name"));
    let known: BTreeMap<_, _> = named(&before.shapes).collect();
    for shape in &mut model.shapes {
        let before = shape.text("name").and_then(|name| known.get(name));
        let old = |key, label| before.map(|shape| old_items(shape, key, label)).unwrap_or_default();
        match shape.text("type") {
            Some("enum") => {
                let old = old("values", "value");
                variants(naming::RESERVED_VARIANTS).name(shape.entries_mut("values"), "value", &old);
            }
            Some("int-enum") => {
                let old = old("values", "name");
                variants(naming::RESERVED_VARIANTS).name(shape.entries_mut("values"), "name", &old);
            }
            Some("union") => {
                let old = old("members", "name");
                variants(naming::RESERVED_VARIANTS).rename(shape.entries_mut("members"), &old);
            }
            Some("structure") => {
                let old = old("members", "name");
                let mut scope = Scope::new(naming::field, naming::RESERVED_FIELDS, "Value");
                scope.rename(shape.entries_mut("members"), &old);
            }
            _ => {}
        }
    }
}

fn old_items(shape: &Object, key: &str, label: &str) -> BTreeSet<String> {
    shape.entries(key).filter_map(|item| item.text(label)).map(str::to_owned).collect()
}

/// Types of operations go first: their names are made of the operations'.
fn types(model: &mut Model, old: &BTreeSet<String>) {
    let mut scope = Scope::new(naming::ty, &[], "Type");
    let mut renamed = BTreeSet::new();
    for operation in &model.operations {
        let Some(name) = operation.text("rust_name").or_else(|| operation.text("name")) else { continue };
        scope.taken.extend([naming::request_ty(name), naming::response_ty(name), naming::error_ty(name)]);
        scope.taken.insert(naming::required_ty(name));
        renamed.extend([operation.text("input"), operation.text("output")].into_iter().flatten());
    }
    let renamed: BTreeSet<_> = renamed.into_iter().map(str::to_owned).collect();
    let referred: BTreeSet<_> = model.shapes.iter().flat_map(targets).map(str::to_owned).collect();
    let types = model.shapes.iter_mut().filter(|shape| {
        let name = shape.text("name").unwrap_or_default();
        let is_type = matches!(shape.text("type"), Some("enum" | "int-enum" | "structure" | "union"));
        is_type && (referred.contains(name) || !renamed.contains(name))
    });
    scope.name(types, "name", old);
}

/// Whether the constructor of a shape's type takes several members, which a type of its own names.
fn takes_several(shape: &Object) -> bool {
    let is_required = |member: &&Object| member.get("required") == Some(&Json::Bool(true));
    shape.text("type") == Some("structure") && shape.entries("members").filter(is_required).count() > 1
}

/// Names that must differ in Rust.
struct Scope {
    make: fn(&str) -> String,
    reserved: &'static [&'static str],
    /// The suffixes for names that are taken.
    suffix: &'static str,
    taken: BTreeSet<String>,
}

impl Scope {
    fn new(make: fn(&str) -> String, reserved: &'static [&'static str], suffix: &'static str) -> Self {
        Self { make, reserved, suffix, taken: BTreeSet::new() }
    }

    /// A name, of which free names in Rust are made: its own, and its own with each of these suffixes. They are taken then.
    fn free(&mut self, name: &str, suffixes: &[&str]) -> String {
        let numbered = (1_u32..).map(|number| match number {
            1 => format!("{name}{}", self.suffix),
            number => format!("{name}{}{number}", self.suffix),
        });
        let mut candidates = [name.to_owned()].into_iter().chain(numbered);
        let made_of = |name: &str| {
            let rust = (self.make)(name);
            let further: Vec<_> = suffixes.iter().map(|suffix| format!("{rust}{suffix}")).collect();
            further.into_iter().chain([rust])
        };
        let is_free = |name: &String| {
            made_of(name).all(|rust| !self.reserved.contains(&rust.as_str()) && !self.taken.contains(&rust))
        };
        let free = candidates.find(is_free).unwrap_or_default();
        let taken: Vec<_> = made_of(&free).collect();
        self.taken.extend(taken);
        free
    }

    /// Sets `rust_name` where it is needed. Entries that were there before choose first.
    fn name<'a>(
        &mut self,
        entries: impl Iterator<Item = &'a mut Object>,
        label: &str,
        old: &BTreeSet<String>,
    ) {
        for entry in self.in_turn(entries, label, old) {
            let Some(name) = entry.text(label).map(str::to_owned) else { continue };
            let free = self.free(&name, if takes_several(entry) { &[naming::REQUIRED] } else { &[] });
            if free != name {
                entry.set("rust_name", free);
            }
        }
    }

    /// The same for members, which have a name of their own beside the one on the wire.
    fn rename<'a>(&mut self, members: impl Iterator<Item = &'a mut Object>, old: &BTreeSet<String>) {
        for member in self.in_turn(members, "name", old) {
            let Some(name) = member.text("name").map(str::to_owned) else { continue };
            let free = self.free(&name, &[]);
            if free != name {
                if member.text("wire").is_none() {
                    member.set("wire", name);
                }
                member.set("name", free);
            }
        }
    }

    /// The entries whose name is not settled yet, those that were there before first.
    fn in_turn<'a>(
        &mut self,
        entries: impl Iterator<Item = &'a mut Object>,
        label: &str,
        old: &BTreeSet<String>,
    ) -> Vec<&'a mut Object> {
        let (settled, open): (Vec<_>, Vec<_>) = entries.partition(|entry| entry.text("rust_name").is_some());
        let names = settled.iter().filter_map(|entry| entry.text("rust_name"));
        self.taken.extend(names.map(|name| (self.make)(name)));
        let is_old = |entry: &&'a mut Object| entry.text(label).is_some_and(|name| old.contains(name));
        let (mut first, then): (Vec<_>, Vec<_>) = open.into_iter().partition(is_old);
        first.extend(then);
        first
    }
}
