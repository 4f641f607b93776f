//! Values that satisfy the model: what the fake answers.

use gatewright_model::{Bounds, Kind, Member, Operation, ShapeId, TimestampFormat};
use serde_json::{Map, Value, json};

use crate::{
    context::{self, Context},
    items,
};

/// A response with every member but the token of the next page: the page after this one would be this one again.
pub(crate) fn response(context: &Context<'_>, operation: &Operation) -> Value {
    let members = context::members(context.shape(operation.output));
    let token = operation.pagination.as_ref().map(|pagination| &pagination.output_token);
    Sampler { context, within: Vec::new() }
        .structure(members.iter().filter(|member| Some(&member.name) != token))
}

struct Sampler<'a> {
    context: &'a Context<'a>,
    /// Shapes that the value is part of, so that a recursive one ends.
    within: Vec<ShapeId>,
}

impl<'a> Sampler<'a> {
    fn structure(&mut self, members: impl Iterator<Item = &'a Member>) -> Value {
        let members = members.filter_map(|member| {
            Some((member.wire.clone(), self.shape(member.shape, member.timestamp_format)?))
        });
        Value::Object(members.collect())
    }

    /// A value, or `None` where it would hold itself.
    fn shape(&mut self, id: ShapeId, timestamp: Option<TimestampFormat>) -> Option<Value> {
        if self.within.contains(&id) {
            return None;
        }
        let shape = self.context.shape(id);
        if let (Some(example), None) = (&shape.example, timestamp) {
            return Some(example.clone());
        }
        self.within.push(id);
        let value = self.kind(&shape.kind, timestamp);
        self.within.pop();
        value
    }

    fn kind(&mut self, kind: &'a Kind, timestamp: Option<TimestampFormat>) -> Option<Value> {
        Some(match kind {
            Kind::Boolean => json!(true),
            Kind::Integer { range, .. } => json!(clamp(1, *range)),
            Kind::Float { range, .. } => json!(clamp(1.5, *range)),
            Kind::String { length, .. } => json!(text(*length)),
            Kind::Enum { values } => json!(values.first()?.wire),
            Kind::IntEnum { values } => json!(values.first()?.1),
            Kind::Blob { length } => json!(blob(length.min.unwrap_or_default())),
            Kind::Timestamp { format } => moment(timestamp.unwrap_or(*format)),
            Kind::Document => json!({"any": ["JSON", 1, true]}),
            Kind::List { member, item: wrapper, length, .. } => {
                let item = self.shape(*member, None);
                let items = item.into_iter().flat_map(|item| vec![item; count(*length)]).collect();
                match wrapper.as_ref().filter(|_| items::are_in_json(self.context)) {
                    Some(wrapper) => json!({wrapper: Value::Array(items)}),
                    None => Value::Array(items),
                }
            }
            Kind::Map { key, value, length, .. } => {
                let (key, value) = (self.shape(*key, None), self.shape(*value, None));
                key.zip(value)
                    .map(|(key, value)| entries(&key, &value, count(*length)))
                    .unwrap_or_default()
                    .into()
            }
            Kind::Structure { members } => self.structure(members.iter()),
            Kind::Union { members } => self.structure(members.iter().take(1)),
        })
    }
}

fn clamp<T: PartialOrd>(value: T, Bounds { min, max }: Bounds<T>) -> T {
    match (min, max) {
        (Some(min), _) if value < min => min,
        (_, Some(max)) if value > max => max,
        _ => value,
    }
}

/// As many items as there must be, but one if that is allowed.
fn count(length: Bounds<u64>) -> usize {
    usize::try_from(clamp(1, length)).unwrap_or_default()
}

fn text(Bounds { min, max }: Bounds<u64>) -> String {
    let bound = |bound: Option<u64>| bound.and_then(|bound| usize::try_from(bound).ok());
    let length = "text".len().clamp(bound(min).unwrap_or(0), bound(max).unwrap_or(usize::MAX));
    "text".chars().cycle().take(length).collect()
}

/// Zeros in base64.
fn blob(bytes: u64) -> String {
    let tail = ["", "AA==", "AAA="].into_iter().nth(usize::try_from(bytes % 3).unwrap_or_default());
    "AAAA".repeat(usize::try_from(bytes / 3).unwrap_or_default()) + tail.unwrap_or_default()
}

/// Any day will do.
fn moment(format: TimestampFormat) -> Value {
    match format {
        TimestampFormat::EpochSeconds => json!(1_372_550_400),
        TimestampFormat::DateTime => json!("2013-06-30T00:00:00Z"),
        TimestampFormat::HttpDate => json!("Sun, 30 Jun 2013 00:00:00 GMT"),
    }
}

fn entries(key: &Value, value: &Value, count: usize) -> Map<String, Value> {
    let key = key.as_str().unwrap_or_default();
    let key = |index| if index == 0 { key.to_owned() } else { format!("{key}{index}") };
    (0..count).map(|index| (key(index), value.clone())).collect()
}
