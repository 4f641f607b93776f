//! Rust types of shapes, and the forms of their values on the wire.
//!
//! | shape | type |
//! |---|---|
//! | boolean | `bool` |
//! | byte, short, integer, long | `i8`, `i16`, `i32`, `i64` |
//! | float, double | `f32`, `f64` |
//! | string | `String` |
//! | blob, timestamp, document | `Blob`, `Timestamp`, `Document` |
//! | list | `Vec<T>`, `Vec<Option<T>>` if sparse |
//! | map | `BTreeMap<String, T>`, `BTreeMap<String, Option<T>>` if sparse |
//! | structure, union, enum | a type of its own; boxed in members if it is recursive |
//! | sensitive: all of them except structures and unions | `Secret<T>`, which is `Secret` for a string |
//! | members of sensitive structures and unions | `Secret<T>`, unless they are sensitive structures or unions themselves |
//!
//! Nothing within a `Secret<T>` is one again, apart from members of structures. A map with sensitive keys is a secret as a
//! whole.

use gatewright_model::{
    IntegerWidth, Kind, Member, MemberForm, Shape, ShapeId, TimestampFormat, XmlNamespace,
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{context::Context, fields::Field, framing, naming};

/// Type of a shape's values.
pub(crate) fn ty(context: &Context<'_>, id: ShapeId) -> TokenStream {
    if is_secret(context, id) { secret(&bare(context, id)) } else { compound(context, id, ty) }
}

/// Type of a shape's values within a secret.
fn bare(context: &Context<'_>, id: ShapeId) -> TokenStream {
    compound(context, id, bare)
}

fn compound(context: &Context<'_>, id: ShapeId, ty: fn(&Context<'_>, ShapeId) -> TokenStream) -> TokenStream {
    let shape = context.shape(id);
    match &shape.kind {
        Kind::Boolean => quote!(bool),
        Kind::Integer { width: IntegerWidth::Byte, .. } => quote!(i8),
        Kind::Integer { width: IntegerWidth::Short, .. } => quote!(i16),
        Kind::Integer { width: IntegerWidth::Integer, .. } => quote!(i32),
        Kind::Integer { width: IntegerWidth::Long, .. } => quote!(i64),
        Kind::Float { double: false, .. } => quote!(f32),
        Kind::Float { double: true, .. } => quote!(f64),
        Kind::String { .. } => quote!(String),
        Kind::Blob { .. } => quote!(Blob),
        Kind::Timestamp { .. } => quote!(Timestamp),
        Kind::Document => quote!(Document),
        Kind::List { member, sparse, .. } => {
            let item = nullable(ty(context, *member), *sparse);
            quote!(Vec<#item>)
        }
        Kind::Map { value, sparse, .. } => {
            let value = nullable(ty(context, *value), *sparse);
            quote!(BTreeMap<String, #value>)
        }
        Kind::Enum { .. } | Kind::IntEnum { .. } | Kind::Structure { .. } | Kind::Union { .. } => {
            let name = naming::ty(shape);
            quote!(#name)
        }
    }
}

fn secret(ty: &TokenStream) -> TokenStream {
    if ty.to_string() == "String" { quote!(Secret) } else { quote!(Secret<#ty>) }
}

/// Whether values of a shape are secrets as a whole. Of structures and unions, the members are.
pub(crate) fn is_secret(context: &Context<'_>, id: ShapeId) -> bool {
    let shape = context.shape(id);
    match shape.kind {
        Kind::Structure { .. } | Kind::Union { .. } => false,
        Kind::Map { key, .. } => shape.sensitive || context.service.is_sensitive(key),
        Kind::Boolean
        | Kind::Integer { .. }
        | Kind::Float { .. }
        | Kind::String { .. }
        | Kind::Enum { .. }
        | Kind::IntEnum { .. }
        | Kind::Blob { .. }
        | Kind::Timestamp { .. }
        | Kind::Document
        | Kind::List { .. } => shape.sensitive,
    }
}

/// Whether the members of a structure or union are secrets, instead of the whole.
pub(crate) fn hides_itself(shape: &Shape) -> bool {
    shape.sensitive && matches!(shape.kind, Kind::Structure { .. } | Kind::Union { .. })
}

/// A member of a structure or union as a type.
pub(crate) struct MemberType {
    /// Type in Rust, without `Option`.
    pub(crate) ty: TokenStream,
    /// Its value is in a `Box`, within a `Secret` if it is one.
    pub(crate) boxed: bool,
    /// Its value is in a `Secret`, and no part of it is.
    pub(crate) secret: bool,
}

impl MemberType {
    /// The member's type in a structure or union that is `sensitive` itself or not.
    pub(crate) fn new(context: &Context<'_>, member: &Member, sensitive: bool) -> Self {
        let id = member.shape;
        let shape = context.shape(id);
        let secret = is_secret(context, id) || (sensitive && !hides_itself(shape));
        let boxed = is_boxed(context, id);
        let ty = if secret { bare(context, id) } else { ty(context, id) };
        let ty = if boxed { quote!(Box<#ty>) } else { ty };
        Self { ty: if secret { self::secret(&ty) } else { ty }, boxed, secret }
    }
}

/// Type of the items of a list or of the entries of a map, which is a secret or not.
pub(crate) fn item(context: &Context<'_>, id: ShapeId, within_secret: bool) -> Option<TokenStream> {
    let ty = |item| if within_secret { bare(context, item) } else { ty(context, item) };
    let kind = &context.shape(id).kind;
    if let Kind::List { member, sparse, .. } = kind {
        Some(nullable(ty(*member), *sparse))
    } else if let Kind::Map { value, sparse, .. } = kind {
        let value = nullable(ty(*value), *sparse);
        Some(quote!((String, #value)))
    } else {
        None
    }
}

fn nullable(ty: TokenStream, sparse: bool) -> TokenStream {
    if sparse { quote!(Option<#ty>) } else { ty }
}

/// Whether a member of this shape is boxed.
pub(crate) fn is_boxed(context: &Context<'_>, id: ShapeId) -> bool {
    let shape = context.shape(id);
    shape.recursive && matches!(shape.kind, Kind::Structure { .. } | Kind::Union { .. })
}

/// Form in which a field is written; `None` for serde's own form.
pub(crate) fn encode_form(context: &Context<'_>, member: &Member, ty: &MemberType) -> Option<TokenStream> {
    member_form(context, member, ty, Direction::Encode)
}

/// Form in which a field is read; `None` for serde's own form.
pub(crate) fn decode_form(context: &Context<'_>, member: &Member, ty: &MemberType) -> Option<TokenStream> {
    member_form(context, member, ty, Direction::Decode)
}

fn member_form(
    context: &Context<'_>,
    member: &Member,
    ty: &MemberType,
    direction: Direction,
) -> Option<TokenStream> {
    let forms = Forms { context, direction, within_secret: ty.secret };
    let form = forms.of(member.shape, member.form);
    let form = match (member.form, form) {
        // JSON in a header is text for the caller; the protocol encodes it.
        (MemberForm::JsonText, form) if is_text(context, member.shape) => form,
        (MemberForm::JsonText, Some(form)) => Some(quote!(JsonText<#form>)),
        (MemberForm::JsonText, None) => Some(quote!(JsonText)),
        (MemberForm::Plain | MemberForm::Timestamp(_) | MemberForm::Flattened, form) => form,
    };
    let form = if ty.secret { form.as_ref().map(of_secret) } else { form };
    if member.xml_attribute {
        let form = form.unwrap_or_else(|| quote!(Plain));
        return Some(quote!(Attribute<#form>));
    }
    in_namespace(context, form, member.xml_namespace.as_ref(), direction)
}

/// The form of a value whose element declares a namespace; readers ignore namespaces.
fn in_namespace(
    context: &Context<'_>,
    form: Option<TokenStream>,
    namespace: Option<&XmlNamespace>,
    direction: Direction,
) -> Option<TokenStream> {
    let Some(namespace) = namespace.filter(|_| direction == Direction::Encode) else { return form };
    let name = context.framing.namespace(namespace);
    Some(match form {
        Some(form) => quote!(InNamespace<#name, #form>),
        None => quote!(InNamespace<#name>),
    })
}

/// Form of a secret whose value has this form.
fn of_secret(form: &TokenStream) -> TokenStream {
    quote!(SecretForm<#form>)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Encode,
    Decode,
}

/// Finds the forms of values.
#[derive(Clone, Copy)]
struct Forms<'a> {
    context: &'a Context<'a>,
    direction: Direction,
    /// The values are parts of a secret, and none themselves.
    within_secret: bool,
}

impl Forms<'_> {
    /// Form of items and values; `of_list` is the form of the member that is a list of them.
    fn part(self, id: ShapeId, of_list: MemberForm) -> Option<TokenStream> {
        if !self.within_secret && is_secret(self.context, id) {
            return Self { within_secret: true, ..self }.part(id, of_list).as_ref().map(of_secret);
        }
        // The format of a member that is a list of times is the format of its items.
        let is_format = matches!(of_list, MemberForm::Timestamp(_));
        self.of(id, if is_format { of_list } else { MemberForm::Plain })
    }

    fn of(self, id: ShapeId, of_member: MemberForm) -> Option<TokenStream> {
        let Self { context, direction, .. } = self;
        let form = match &context.shape(id).kind {
            Kind::Timestamp { format } => match of_member.timestamp_format(*format) {
                TimestampFormat::EpochSeconds => None,
                TimestampFormat::DateTime => Some(quote!(DateTime)),
                TimestampFormat::HttpDate => Some(quote!(HttpDate)),
            },
            Kind::Float { .. } => Some(quote!(Float)),
            Kind::List { member, item: Some(item), sparse, .. } if !context.protocol().frames_lists() => {
                Some(wrapped(&context.framing.item(item), self.part(*member, MemberForm::Plain), *sparse))
            }
            Kind::List { member, item_namespace, sparse, .. } => {
                let item = self.part(*member, of_member);
                let item = in_namespace(context, item, item_namespace.as_ref(), direction);
                container(item, *sparse, direction).map(|item| quote!(List<#item>))
            }
            Kind::Map { value, key_namespace, value_namespace, sparse, .. } => {
                let value = self.part(*value, MemberForm::Plain);
                let value = in_namespace(context, value, value_namespace.as_ref(), direction);
                let key = in_namespace(context, None, key_namespace.as_ref(), direction);
                match (container(value, *sparse, direction), key) {
                    (Some(value), Some(key)) => Some(quote!(Map<#value, #key>)),
                    (None, Some(key)) => Some(quote!(Map<Plain, #key>)),
                    (value, None) => value.map(|value| quote!(Map<#value>)),
                }
            }
            Kind::Boolean
            | Kind::Integer { .. }
            | Kind::String { .. }
            | Kind::Enum { .. }
            | Kind::IntEnum { .. }
            | Kind::Blob { .. }
            | Kind::Document
            | Kind::Structure { .. }
            | Kind::Union { .. } => None,
        };
        match (framing::frame(context, id, of_member), form) {
            (Some(frame), Some(form)) => {
                let frame = context.framing.frame(&frame);
                Some(quote!(Framed<#frame, #form>))
            }
            (Some(frame), None) => {
                let frame = context.framing.frame(&frame);
                Some(quote!(Framed<#frame>))
            }
            (None, form) => form,
        }
    }
}

/// Form of items or values; `None` if serde's own form of the list or map is right. It is not for reading a
/// dense one, whose nulls are skipped.
fn container(inner: Option<TokenStream>, sparse: bool, direction: Direction) -> Option<TokenStream> {
    match (inner, sparse) {
        (Some(inner), true) => Some(quote!(Nullable<#inner>)),
        (Some(inner), false) => Some(inner),
        (None, false) if direction == Direction::Decode => Some(quote!(Plain)),
        (None, true | false) => None,
    }
}

/// Form of a list whose items have a wrapper of this name.
fn wrapped(name: &TokenStream, inner: Option<TokenStream>, sparse: bool) -> TokenStream {
    match (inner, sparse) {
        (Some(inner), true) => quote!(Wrapped<#name, Nullable<#inner>>),
        (None, true) => quote!(Wrapped<#name, Nullable<Plain>>),
        (Some(inner), false) => quote!(Wrapped<#name, #inner>),
        (None, false) => quote!(Wrapped<#name>),
    }
}

/// How a value is passed to a constructor or setter.
pub(crate) struct Argument {
    /// Type of the argument.
    pub(crate) ty: TokenStream,
    /// From the argument to the member's type; `None` if they are the same.
    pub(crate) conversion: Option<TokenStream>,
    /// A placeholder for the argument until a value is read.
    pub(crate) blank: TokenStream,
}

impl Argument {
    /// How the field is passed.
    pub(crate) fn new(context: &Context<'_>, field: &Field<'_>) -> Self {
        let (name, ty) = (&field.name, &field.ty.ty);
        let (ty, conversion, blank) = match &context.shape(field.member.shape).kind {
            _ if field.ty.secret => (quote!(#ty), None, blank(context, field)),
            Kind::String { .. } | Kind::Enum { .. } => {
                (quote!(impl Into<#ty>), Some(quote!(#name.into())), quote!(""))
            }
            Kind::IntEnum { .. } => (quote!(impl Into<#ty>), Some(quote!(#name.into())), quote!(0)),
            Kind::Blob { .. } | Kind::Document => {
                (quote!(impl Into<#ty>), Some(quote!(#name.into())), blank(context, field))
            }
            Kind::List { member, sparse: false, .. }
                if is_text(context, *member) && !is_secret(context, *member) =>
            {
                let item = self::ty(context, *member);
                let collected = quote!(#name.into_iter().map(Into::into).collect());
                (quote!(impl IntoIterator<Item = impl Into<#item>>), Some(collected), quote!([""; 0]))
            }
            Kind::Boolean
            | Kind::Integer { .. }
            | Kind::Float { .. }
            | Kind::Timestamp { .. }
            | Kind::List { .. }
            | Kind::Map { .. }
            | Kind::Structure { .. }
            | Kind::Union { .. } => {
                (unboxed(context, field), boxed(field, &quote!(#name)), blank(context, field))
            }
        };
        Self { ty, conversion, blank }
    }

    /// The member's value, from the argument called `name`.
    pub(crate) fn value(&self, name: &Ident) -> TokenStream {
        self.conversion.clone().unwrap_or_else(|| quote!(#name))
    }
}

/// Type of a field as callers give it: in no `Box`.
pub(crate) fn unboxed(context: &Context<'_>, field: &Field<'_>) -> TokenStream {
    let is_plain_box = field.ty.boxed && !field.ty.secret;
    if is_plain_box { ty(context, field.member.shape) } else { field.ty.ty.clone() }
}

/// The value in the field's `Box`; `None` if it is in none.
pub(crate) fn boxed(field: &Field<'_>, value: &TokenStream) -> Option<TokenStream> {
    (field.ty.boxed && !field.ty.secret).then(|| quote!(Box::new(#value)))
}

/// A value of [`unboxed`] until one is read.
pub(crate) fn blank(context: &Context<'_>, field: &Field<'_>) -> TokenStream {
    let blank = match &context.shape(field.member.shape).kind {
        Kind::Boolean => quote!(false),
        Kind::Integer { .. } => quote!(0),
        Kind::Float { .. } => quote!(0.0),
        Kind::String { .. } => quote!(String::new()),
        Kind::Enum { .. } if field.ty.secret => quote!(""),
        Kind::Enum { .. } => quote!("".into()),
        Kind::IntEnum { .. } if field.ty.secret => quote!(0),
        Kind::IntEnum { .. } => quote!(0.into()),
        Kind::Blob { .. } => quote!(Blob::default()),
        Kind::Timestamp { .. } => quote!(Timestamp::default()),
        Kind::Document => quote!(Document::Null),
        Kind::List { .. } => quote!(Vec::new()),
        Kind::Map { .. } => quote!(BTreeMap::new()),
        Kind::Structure { .. } | Kind::Union { .. } if field.ty.secret => {
            let name = naming::ty(context.shape(field.member.shape));
            quote!(<#name as decode::Structure>::blank())
        }
        Kind::Structure { .. } | Kind::Union { .. } => quote!(decode::Structure::blank()),
    };
    if field.ty.secret { quote!(Secret::new(#blank)) } else { blank }
}

/// Whether values are texts, or made of them.
fn is_text(context: &Context<'_>, id: ShapeId) -> bool {
    matches!(context.shape(id).kind, Kind::String { .. } | Kind::Enum { .. })
}
