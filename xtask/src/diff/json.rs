//! The report as JSON: facts, and the line that people read.

use gatewright_codegen::diff::{Change, Fact, Place, Verdict};
use serde_json::{Value, json};

use super::{Report, Step};

pub(super) fn render(report: &Report) -> String {
    let (version, step) = (report.version, report.step());
    let step_name = match step {
        Step::None => "none",
        Step::Patch => "patch",
        Step::Addition => "addition",
        Step::Breaking => "breaking",
    };
    let whole = json!({
        "since": report.from,
        "version": {
            "released": version.map(|version| version.to_string()),
            "step": step_name,
            "next": version.map(|version| version.after(step).to_string()),
        },
        "changes": report.changes.iter().map(change).collect::<Vec<_>>(),
        "changelog": super::changelog::entry(report),
    });
    format!("{whole:#}\n")
}

fn change(change: &Change) -> Value {
    let rule = change.rule;
    json!({
        "service": change.service,
        "place": place(&change.place),
        "path": change.place.to_string(),
        "what": rule.title,
        "verdict": change.verdict().name(),
        "rust_api": rule.rust.map(Verdict::name),
        "wire": rule.wire.map(Verdict::name),
        "rule": rule.id,
        "reason": rule.reason,
        "before": change.before.as_ref().map(fact),
        "after": change.after.as_ref().map(fact),
        "operations": change.operations,
    })
}

fn place(place: &Place) -> Value {
    match place {
        Place::Service => json!({"kind": "service"}),
        Place::Endpoint { asked, regions } => json!({"kind": "endpoint", "asked": asked, "regions": regions}),
        Place::Region(name) => json!({"kind": "region", "name": name}),
        Place::Host(name) => json!({"kind": "host-form", "name": name}),
        Place::Method(name) => json!({"kind": "method", "name": name}),
        Place::Type(name) => json!({"kind": "type", "type": name}),
        Place::Field { ty, field } => json!({"kind": "field", "type": ty, "name": field}),
        Place::Variant { ty, variant } => json!({"kind": "variant", "type": ty, "name": variant}),
        Place::Shape(name) => json!({"kind": "shape", "name": name}),
        Place::Family(name) => json!({"kind": "code-family", "name": name}),
        Place::KnownResponse(name) => json!({"kind": "known-response", "name": name}),
    }
}

fn fact(fact: &Fact) -> Value {
    match fact {
        Fact::Code(text) | Fact::Text(text) => json!(text),
        Fact::Names(names) => json!(names),
        Fact::Bounds { min, max, unit } => json!({"min": min, "max": max, "unit": unit}),
        Fact::Value(value) => value.clone(),
    }
}
