//! Structures: constructors, fields and setters, and the members on the wire.

use gatewright_model::{Kind, Location, Member, MemberForm, ShapeId, TimestampFormat, XmlNamespace};

use super::{
    Diff, Fact, Place, Spot, code, rules,
    side::{Side, text},
};
use crate::fields::{Field, Role, Structure};

impl<'a> Diff<'a> {
    /// Two structures of one type; `ids` are their shapes.
    pub(super) fn structure(&mut self, at: &Spot, structures: &[Structure<'a>; 2], ids: [ShapeId; 2]) {
        let [old, new] = structures;
        let ty = new.name.to_string();
        self.facts(&at.at(Place::Type(ty.clone())), ids);
        let at_field = |name: &str| at.at(Place::Field { ty: ty.clone(), field: name.to_owned() });

        let is_sent = |side: &Side<'_>, role, id| match role {
            Role::Request => true,
            Role::Response => false,
            Role::Part => side.is_sent(id),
        };
        let was_sent = is_sent(&self.old, old.role, ids[0]);
        let is_sent = is_sent(&self.new, new.role, ids[1]);
        let pairs = pairs(old, new);
        for (before, after) in &pairs {
            match (before, after) {
                (Some(before), Some(after)) => {
                    let at = at_field(&after.name.to_string());
                    self.field(&at, is_sent, before, after);
                    self.member(&at, was_sent && is_sent, before.member, after.member);
                }
                (None, Some(after)) => {
                    let rule = match (is_sent, after.argument) {
                        (true, true) => &rules::REQUIRED_MEMBER_ADDED,
                        (true, false) => &rules::REQUEST_MEMBER_ADDED,
                        (false, _) => &rules::RESPONSE_MEMBER_ADDED,
                    };
                    self.add(&at_field(&after.name.to_string()), rule, None, code(&text(&after.full_ty())));
                }
                (Some(before), None) => {
                    let at = at_field(&before.name.to_string());
                    self.add(&at, &rules::MEMBER_REMOVED, code(&text(&before.full_ty())), None);
                }
                (None, None) => {}
            }
        }
        let names = |structure: &Structure<'a>| -> Vec<&'a str> {
            structure.fields.iter().map(|field| field.member.name.as_str()).collect()
        };
        self.order(&at.at(Place::Type(ty)), &rules::ORDER, names(old).into_iter(), names(new).into_iter());
    }

    fn field(&mut self, at: &Spot, is_sent: bool, before: &Field<'a>, after: &Field<'a>) {
        if before.name != after.name {
            self.add(at, &rules::MEMBER_RENAMED, code(&before.name), code(&after.name));
        }
        let [old, new] = [&before.ty.ty, &after.ty.ty].map(text);
        if old != new {
            let same = has_same_wire(&self.old, before.member.shape, &self.new, after.member.shape);
            let rule = if same { &rules::MEMBER_TYPE } else { &rules::MEMBER_WIRE_TYPE };
            self.add(at, rule, code(&text(&before.full_ty())), code(&text(&after.full_ty())));
        }
        let [was, is] = [before, after].map(|field| field.member.is_required());
        if is_sent && was != is {
            self.gained_or_lost(at, [&rules::MEMBER_REQUIRED, &rules::MEMBER_OPTIONAL], was, is);
        } else {
            self.gained_or_lost(at, [&rules::RESPONSE_REQUIRED, &rules::RESPONSE_OPTIONAL], was, is);
            let rules = [&rules::ARGUMENT_ADDED, &rules::ARGUMENT_REMOVED];
            self.gained_or_lost(at, rules, before.argument, after.argument);
            if old == new && before.optional != after.optional {
                let [old, new] = [before, after].map(|field| code(&text(&field.full_ty())));
                self.add(at, &rules::MEMBER_OPTION, old, new);
            }
        }
    }

    /// Facts that members of structures and unions share; `is_sent` if requests of both models have the member.
    pub(super) fn member(&mut self, at: &Spot, is_sent: bool, before: &'a Member, after: &'a Member) {
        let Member {
            name: _,
            wire,
            doc,
            shape,
            presence: _,
            default,
            deprecated,
            form,
            location,
            xml_attribute,
            xml_namespace,
        } = before;
        self.differs(at, &rules::WIRE_NAME, code(wire), code(&after.wire));
        self.texts(at, doc, &after.doc);
        self.deprecations(at, deprecated.as_ref(), after.deprecated.as_ref());
        let token = [&rules::TOKEN_GAINED, &rules::TOKEN_LOST];
        self.gained_or_lost(at, token, before.is_token(), after.is_token());
        let value = |value: &serde_json::Value| Fact::Value(value.clone());
        match (default, &after.default) {
            (None, Some(after)) => self.add(at, &rules::DEFAULT_ADDED, None, value(after)),
            (Some(before), None) => self.add(at, &rules::DEFAULT_REMOVED, value(before), None),
            (Some(before), Some(after)) => {
                self.differs(at, &rules::DEFAULT_CHANGED, value(before), value(after));
            }
            (None, None) => {}
        }
        let formats = [(&self.old, *shape, *form), (&self.new, after.shape, after.form)];
        let formats = formats.map(|(side, id, form)| timestamp(side, id, form));
        // The shape's own form is compared where the shape is.
        let has_own = |form: MemberForm| matches!(form, MemberForm::Timestamp(_));
        if let [Some(old), Some(new)] = formats
            && (has_own(*form) || has_own(after.form))
        {
            self.differs(at, &rules::TIMESTAMP_FORMAT, timestamp_fact(old), timestamp_fact(new));
        }
        self.differs(at, &rules::WIRE_FORM, form_fact(*form), form_fact(after.form));
        if *location != after.location {
            self.add(
                at,
                &rules::LOCATION,
                location_fact(location.as_ref()),
                location_fact(after.location.as_ref()),
            );
        }
        if *xml_attribute != after.xml_attribute {
            let fact = |is_attribute: bool| code(if is_attribute { "attribute" } else { "element" });
            self.add(at, &rules::WIRE_FORM, fact(*xml_attribute), fact(after.xml_attribute));
        }
        self.namespaces(at, [xml_namespace, &after.xml_namespace]);
        self.retargeted(at, is_sent, [*shape, after.shape]);
    }

    /// Namespaces that an element declares.
    pub(super) fn namespaces(&mut self, at: &Spot, [old, new]: [&Option<XmlNamespace>; 2]) {
        if old != new {
            let fact = |namespace: &Option<XmlNamespace>| namespace.as_ref().map(|one| code(&one.uri));
            self.add(at, &rules::WIRE_FORM, fact(old), fact(new));
        }
    }
}

/// Fields of both structures by the name of their member, or else by its name on the wire.
fn pairs<'f, 'a>(
    old: &'f Structure<'a>,
    new: &'f Structure<'a>,
) -> Vec<(Option<&'f Field<'a>>, Option<&'f Field<'a>>)> {
    let is_new = |before: &Field<'a>| new.fields.iter().all(|field| field.member.name != before.member.name);
    let find = |after: &Field<'a>| {
        let by_name = old.fields.iter().find(|field| field.member.name == after.member.name);
        by_name.or_else(|| {
            old.fields.iter().find(|field| is_new(field) && field.member.wire == after.member.wire)
        })
    };
    let mut pairs: Vec<_> = new.fields.iter().map(|after| (find(after), Some(after))).collect();
    let is_matched = |before: &Field<'a>| {
        pairs.iter().any(|(found, _)| found.is_some_and(|found| found.member.name == before.member.name))
    };
    let gone: Vec<_> = old.fields.iter().filter(|before| !is_matched(before)).collect();
    pairs.extend(gone.into_iter().map(|before| (Some(before), None)));
    pairs
}

/// The format of a timestamp, or of the items of a list of them.
fn timestamp(side: &Side<'_>, id: ShapeId, form: MemberForm) -> Option<TimestampFormat> {
    let items = if let Kind::List { member, .. } = side.shape(id).kind { member } else { id };
    if let Kind::Timestamp { format } = side.shape(items).kind {
        Some(form.timestamp_format(format))
    } else {
        None
    }
}

fn form_fact(form: MemberForm) -> Fact {
    code(match form {
        MemberForm::Plain | MemberForm::Timestamp(_) => "plain",
        MemberForm::JsonText => "JSON text",
        MemberForm::Flattened => "flattened",
    })
}

fn location_fact(location: Option<&Location>) -> Fact {
    code(&match location {
        None => "body".to_owned(),
        Some(Location::Label) => "path".to_owned(),
        Some(Location::Query(name)) => format!("parameter {name}"),
        Some(Location::QueryMap) => "query".to_owned(),
        Some(Location::Header(name)) => format!("header {name}"),
        Some(Location::PrefixHeaders(prefix)) => format!("headers {prefix}*"),
        Some(Location::Payload) => "whole body".to_owned(),
        Some(Location::PayloadOfType(media_type)) => format!("whole body, {media_type}"),
        Some(Location::StatusCode) => "status".to_owned(),
    })
}

pub(super) fn timestamp_fact(format: TimestampFormat) -> Fact {
    code(match format {
        TimestampFormat::EpochSeconds => "seconds since 1970",
        TimestampFormat::DateTime => "RFC 3339 text",
        TimestampFormat::HttpDate => "HTTP date",
    })
}

/// Whether values of both shapes are of one kind on the wire.
fn has_same_wire(old: &Side<'_>, before: ShapeId, new: &Side<'_>, after: ShapeId) -> bool {
    let (before, after) = (old.shape(before), new.shape(after));
    let elements = || {
        let pairs = before.elements().into_iter().zip(after.elements());
        pairs.into_iter().all(|(before, after)| has_same_wire(old, before, new, after))
    };
    match (wire_kind(&before.kind), wire_kind(&after.kind)) {
        (Wire::Structure, Wire::Structure) => before.name == after.name,
        (old, new) => old == new && elements(),
    }
}

#[derive(PartialEq)]
enum Wire {
    Boolean,
    Whole,
    Number,
    Text,
    Blob,
    Any,
    List,
    Map,
    Structure,
}

fn wire_kind(kind: &Kind) -> Wire {
    match kind {
        Kind::Boolean => Wire::Boolean,
        Kind::Integer { .. } | Kind::IntEnum { .. } => Wire::Whole,
        Kind::Float { .. } | Kind::Timestamp { format: TimestampFormat::EpochSeconds } => Wire::Number,
        Kind::String { .. }
        | Kind::Enum { .. }
        | Kind::Timestamp { format: TimestampFormat::DateTime | TimestampFormat::HttpDate } => Wire::Text,
        Kind::Blob { .. } => Wire::Blob,
        Kind::Document => Wire::Any,
        Kind::List { .. } => Wire::List,
        Kind::Map { .. } => Wire::Map,
        Kind::Structure { .. } | Kind::Union { .. } => Wire::Structure,
    }
}
