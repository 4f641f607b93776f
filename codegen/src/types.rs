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

use gatewright_model::{IntegerWidth, Kind, Member, MemberForm, ShapeId, TimestampFormat};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{context::Context, framing, naming};

/// Type of a shape's values.
pub(crate) fn ty(context: &Context<'_>, id: ShapeId) -> TokenStream {
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

/// Type of a list's items, which are of the shape `item`.
pub(crate) fn item(context: &Context<'_>, list: ShapeId, item: ShapeId) -> TokenStream {
    nullable(ty(context, item), matches!(context.shape(list).kind, Kind::List { sparse: true, .. }))
}

fn nullable(ty: TokenStream, sparse: bool) -> TokenStream {
    if sparse { quote!(Option<#ty>) } else { ty }
}

/// Whether a member of this shape is boxed.
pub(crate) fn is_boxed(context: &Context<'_>, id: ShapeId) -> bool {
    let shape = context.shape(id);
    shape.recursive && matches!(shape.kind, Kind::Structure { .. } | Kind::Union { .. })
}

/// Form in which a member is written; `None` for serde's own form.
pub(crate) fn encode_form(context: &Context<'_>, member: &Member) -> Option<TokenStream> {
    member_form(context, member, Direction::Encode)
}

/// Form in which a member is read; `None` for serde's own form.
pub(crate) fn decode_form(context: &Context<'_>, member: &Member) -> Option<TokenStream> {
    member_form(context, member, Direction::Decode)
}

fn member_form(context: &Context<'_>, member: &Member, direction: Direction) -> Option<TokenStream> {
    let form = form(context, member.shape, member.form, direction);
    match (member.form, form) {
        // JSON in a header is text for the caller; the protocol encodes it.
        (MemberForm::JsonText, form) if is_text(context, member.shape) => form,
        (MemberForm::JsonText, Some(form)) => Some(quote!(JsonText<#form>)),
        (MemberForm::JsonText, None) => Some(quote!(JsonText)),
        (MemberForm::Plain | MemberForm::Timestamp(_) | MemberForm::Flattened, form) => form,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Encode,
    Decode,
}

fn form(
    context: &Context<'_>,
    id: ShapeId,
    of_member: MemberForm,
    direction: Direction,
) -> Option<TokenStream> {
    let inner = |id| form(context, id, MemberForm::Plain, direction);
    // The format of a member that is a list of times is the format of its items.
    let of_items = if let MemberForm::Timestamp(_) = of_member { of_member } else { MemberForm::Plain };
    let form = match &context.shape(id).kind {
        Kind::Timestamp { format } => match of_member.timestamp_format(*format) {
            TimestampFormat::EpochSeconds => None,
            TimestampFormat::DateTime => Some(quote!(DateTime)),
            TimestampFormat::HttpDate => Some(quote!(HttpDate)),
        },
        Kind::Float { .. } => Some(quote!(Float)),
        Kind::List { member, item: Some(item), sparse, .. } if !context.protocol().frames_lists() => {
            Some(wrapped(&context.framing.item(item), inner(*member), *sparse))
        }
        Kind::List { member, sparse, .. } => {
            let item = form(context, *member, of_items, direction);
            container(item, *sparse, direction).map(|item| quote!(List<#item>))
        }
        Kind::Map { value, sparse, .. } => {
            container(inner(*value), *sparse, direction).map(|value| quote!(Map<#value>))
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
    /// The member's value, from the argument called `name`.
    pub(crate) fn value(&self, name: &Ident) -> TokenStream {
        self.conversion.clone().unwrap_or_else(|| quote!(#name))
    }
}

/// How the member called `name` is passed.
pub(crate) fn argument(context: &Context<'_>, member: &Member) -> Argument {
    let (id, name) = (member.shape, naming::field(&member.name));
    let ty = ty(context, id);
    let into = || Some(quote!(#name.into()));
    let (ty, conversion, blank) = match &context.shape(id).kind {
        Kind::Boolean => (ty, None, quote!(false)),
        Kind::Integer { .. } => (ty, None, quote!(0)),
        Kind::Float { .. } => (ty, None, quote!(0.0)),
        Kind::String { .. } | Kind::Enum { .. } => (quote!(impl Into<#ty>), into(), quote!("")),
        Kind::IntEnum { .. } => (quote!(impl Into<#ty>), into(), quote!(0)),
        Kind::Blob { .. } => (quote!(impl Into<Blob>), into(), quote!(Blob::default())),
        Kind::Timestamp { .. } => (ty, None, quote!(Timestamp::default())),
        Kind::Document => (quote!(impl Into<Document>), into(), quote!(Document::Null)),
        Kind::List { member, sparse: false, .. } if is_text(context, *member) => {
            let item = self::ty(context, *member);
            let collected = quote!(#name.into_iter().map(Into::into).collect());
            (quote!(impl IntoIterator<Item = impl Into<#item>>), Some(collected), quote!([""; 0]))
        }
        Kind::List { .. } => (ty, None, quote!(Vec::new())),
        Kind::Map { .. } => (ty, None, quote!(BTreeMap::new())),
        Kind::Structure { .. } | Kind::Union { .. } => {
            let boxed = is_boxed(context, id).then(|| quote!(Box::new(#name)));
            (ty, boxed, quote!(decode::Structure::blank()))
        }
    };
    Argument { ty, conversion, blank }
}

fn is_text(context: &Context<'_>, id: ShapeId) -> bool {
    matches!(context.shape(id).kind, Kind::String { .. } | Kind::Enum { .. })
}
