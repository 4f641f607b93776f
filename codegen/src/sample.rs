//! Sample values that satisfy the model, for the responses of fakes.

use gatewright_model::{
    Bounds, Kind, Location, Member, MemberForm, MemberPath, Operation, PageKey, Pagination, ShapeId,
    TimestampFormat,
};
use serde_json::{Map, Value, json};

use crate::context::Context;

/// Levels at which a response has every member, reduced until it is small enough; below them it has only required members.
const LEVELS: [usize; 6] = [32, 16, 8, 4, 2, 1];

/// Approximate bytes that a response with more than its required members may take.
const LARGEST: usize = 1 << 16;

/// A response with every member except the token of the next page, because every page is the same; a flag says that none
/// follows. If all members of the model would be endless or too many, the response has fewer.
pub(crate) fn response(context: &Context<'_>, operation: &Operation) -> Value {
    let sample = |levels, bytes| {
        let members = context.shape(operation.output).members().iter();
        let mut sampler = Sampler { context, within: Vec::new(), levels, bytes };
        let response = sampler.structure(members);
        (sampler.bytes > 0).then_some(response)
    };
    let mut sample = fitting(sample);
    if let Some(Pagination { by: PageKey::Token { tokens, more }, .. }) = &operation.pagination {
        if let Some((members, name)) = more.as_ref().and_then(|path| place(&mut sample, path)) {
            members.entry(name).and_modify(|more| *more = false.into());
        }
        let paths = tokens.iter().flat_map(|token| &token.output);
        for path in paths.filter(|path| path.0.iter().all(|step| !step.last)) {
            if let Some((members, name)) = place(&mut sample, path) {
                members.remove(name);
            }
        }
    }
    sample
}

/// The object within a sample that has the last member of a path, and the member's name.
fn place<'a, 'b>(
    sample: &'a mut Value,
    path: &'b MemberPath,
) -> Option<(&'a mut Map<String, Value>, &'b str)> {
    let (end, way) = path.0.split_last()?;
    let mut at = sample;
    for step in way {
        at = at.get_mut(&step.member.wire)?;
    }
    Some((at.as_object_mut()?, &end.member.wire))
}

/// The members of an error, without those that every error has.
pub(crate) fn error(context: &Context<'_>, id: ShapeId) -> Value {
    let of_every_error = |member: &Member| {
        let is_named = |name: &&str| member.wire.eq_ignore_ascii_case(name);
        member.location == Some(Location::StatusCode) || ["code", "message"].iter().any(is_named)
    };
    let sample = |levels, bytes| {
        let members = context.shape(id).members().iter();
        let members = members.filter(|member| !of_every_error(member));
        let mut sampler = Sampler { context, within: vec![id], levels, bytes };
        let sample = sampler.structure(members);
        (sampler.bytes > 0).then_some(sample)
    };
    fitting(sample)
}

/// The sample with as many levels as fit.
fn fitting(sample: impl Fn(usize, usize) -> Option<Value>) -> Value {
    let largest = LEVELS.into_iter().find_map(|levels| sample(levels, LARGEST));
    // The loader has checked that required members are bounded.
    largest.or_else(|| sample(0, usize::MAX)).unwrap_or_default()
}

struct Sampler<'a> {
    context: &'a Context<'a>,
    /// Shapes that contain the value, to end recursion.
    within: Vec<ShapeId>,
    /// Levels at which optional members are present.
    levels: usize,
    /// Bytes that are left; at zero, the value is discarded.
    bytes: usize,
}

impl<'a> Sampler<'a> {
    /// Whether only required members are present.
    fn is_small(&self) -> bool {
        self.within.len() >= self.levels
    }

    /// Takes bytes from the ones that are left, if there are enough.
    fn take(&mut self, bytes: usize) -> Option<()> {
        self.bytes = self.bytes.saturating_sub(bytes);
        (self.bytes > 0).then_some(())
    }

    fn structure(&mut self, members: impl Iterator<Item = &'a Member>) -> Value {
        let is_small = self.is_small();
        let members = members.filter(|member| member.is_required() || !is_small).filter_map(|member| {
            self.take(member.wire.len())?;
            Some((member.wire.clone(), self.shape(member.shape, member.form)?))
        });
        Value::Object(members.collect())
    }

    /// A value, or `None` if it would contain itself or exceed the bytes that are left.
    fn shape(&mut self, id: ShapeId, form: MemberForm) -> Option<Value> {
        self.take(1)?;
        if self.within.contains(&id) {
            return None;
        }
        let shape = self.context.shape(id);
        let is_own = !matches!(form, MemberForm::Timestamp(_));
        let is_short = |example: &Value| !(self.is_small() && (example.is_array() || example.is_object()));
        if let Some(example) = shape.example.as_ref().filter(|example| is_own && is_short(example)) {
            self.take(size(example))?;
            return Some(example.clone());
        }
        self.within.push(id);
        let value = self.kind(&shape.kind, form);
        self.within.pop();
        value
    }

    fn kind(&mut self, kind: &'a Kind, form: MemberForm) -> Option<Value> {
        Some(match kind {
            Kind::Boolean => json!(true),
            Kind::Integer { width: _, range } => json!(clamp(1, *range)),
            Kind::Float { double: _, range } => json!(clamp(1.5, *range)),
            // A header that contains JSON.
            Kind::String { .. } if form == MemberForm::JsonText => json!("{}"),
            // A shape with a pattern has an example.
            Kind::String { length, pattern: _ } => {
                self.take(length.min.map_or(0, count_of))?;
                json!(text(*length))
            }
            Kind::Enum { values } => json!(values.first()?.wire),
            Kind::IntEnum { values } => json!(values.first()?.1),
            Kind::Blob { length } => {
                self.take(length.min.map_or(0, count_of))?;
                json!(blob(length.min.unwrap_or_default()))
            }
            Kind::Timestamp { format } => moment(form.timestamp_format(*format)),
            Kind::Document => json!({"any": ["JSON", 1, true]}),
            Kind::List { member, item: wrapper, length, .. } => {
                let count = self.count(*length);
                let item = if count == 0 { None } else { self.shape(*member, MemberForm::Plain) };
                let item = item.filter(|item| self.take(size(item).saturating_mul(count - 1)).is_some());
                let items = item.into_iter().flat_map(|item| vec![item; count]).collect();
                match wrapper.as_ref().filter(|_| !self.context.protocol().frames_lists()) {
                    Some(wrapper) => json!({wrapper: Value::Array(items)}),
                    None => Value::Array(items),
                }
            }
            Kind::Map { key, value, length, .. } => {
                let count = self.count(*length);
                if count == 0 {
                    return Some(json!({}));
                }
                let (key, value) =
                    (self.shape(*key, MemberForm::Plain), self.shape(*value, MemberForm::Plain));
                let entry = key.zip(value).filter(|(key, value)| {
                    self.take((size(key) + size(value)).saturating_mul(count - 1)).is_some()
                });
                entry.map(|(key, value)| entries(&key, &value, count)).unwrap_or_default().into()
            }
            Kind::Structure { members } => self.structure(members.iter()),
            Kind::Union { members } => {
                let alternative = if self.is_small() {
                    members.iter().min_by_key(|member| self.context.shape(member.shape).depth)
                } else {
                    members.first()
                };
                let value = alternative.and_then(|member| {
                    let value = self.shape(member.shape, member.form)?;
                    Some((member.wire.clone(), value))
                });
                Value::Object(value.into_iter().collect())
            }
        })
    }

    /// The minimum number of items, but at least one if that is allowed and optional members are present.
    fn count(&self, length: Bounds<u64>) -> usize {
        count_of(if self.is_small() { length.min.unwrap_or_default() } else { clamp(1, length) })
    }
}

fn count_of(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

/// Approximate bytes of a value.
fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
        Value::String(text) => 1 + text.len(),
        Value::Array(items) => items.iter().map(size).sum::<usize>() + 1,
        Value::Object(members) => {
            members.iter().map(|(name, value)| name.len() + size(value)).sum::<usize>() + 1
        }
    }
}

fn clamp<T: PartialOrd>(value: T, Bounds { min, max }: Bounds<T>) -> T {
    match (min, max) {
        (Some(min), _) if value < min => min,
        (_, Some(max)) if value > max => max,
        _ => value,
    }
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

/// An arbitrary day.
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
