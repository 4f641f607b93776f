//! `Validate`: every constraint of a structure's members, in the model's order.

use gatewright_model::{IntegerWidth, Kind, ShapeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    context::Context,
    fields::{Field, Structure},
    limits, naming,
    types::{self, MemberType},
};

/// The implementation for a structure; it does nothing if nothing is constrained.
pub(crate) fn structure(context: &Context<'_>, structure: &Structure<'_>) -> TokenStream {
    let checks: TokenStream = structure.fields.iter().map(|field| field_check(context, field)).collect();
    let checks = if checks.is_empty() { checks } else { quote!(check #checks;) };
    implementation(&structure.name, &checks)
}

/// The implementation for a union.
pub(crate) fn union(context: &Context<'_>, name: &Ident, id: ShapeId) -> TokenStream {
    let members = context.shape(id).members().iter();
    let checks: Vec<_> = members
        .filter(|member| context.service.validated_shapes().contains(&member.shape))
        .map(|member| {
            let variant = naming::variant(&member.name);
            let (title, ty) = (&member.wire, MemberType::new(context, member, context.shape(id).sensitive));
            let of = if ty.boxed && !ty.secret { quote!(value.as_ref()) } else { quote!(value) };
            let place = Place::Reference(of);
            let place = if ty.secret { place.exposed(ty.boxed) } else { place };
            let check = value(context, member.shape, &quote!(#title), &place, ty.secret);
            let check = if ty.secret { hidden(context, member.shape, check) } else { check };
            (variant, check)
        })
        .collect();
    let checks = match checks.as_slice() {
        [(variant, check)] => quote!(if let Self::#variant(value) = self { check #check; }),
        checks => {
            let arms =
                checks.iter().map(|(variant, check)| quote!(Self::#variant(value) => { check #check; }));
            quote!(match self { #(#arms)* _ => {} })
        }
    };
    implementation(name, &checks)
}

fn implementation(name: &Ident, checks: &TokenStream) -> TokenStream {
    let check = if checks.is_empty() { naming::word("_check") } else { naming::word("check") };
    quote! {
        impl Validate for #name {
            #[inline]
            fn validate(&self, #check: &mut Check) {
                #checks
            }
        }
    }
}

fn field_check(context: &Context<'_>, field: &Field<'_>) -> TokenStream {
    let (name, title) = (&field.name, &field.member.wire);
    let missing = (field.argument && field.optional).then(|| quote!(.required(#title, &self.#name)));
    let MemberType { boxed, secret, .. } = field.ty;
    let place = match (field.optional, boxed && !secret) {
        (true, false) => Place::Option(quote!(self.#name)),
        (true, true) => Place::OptionBox(quote!(self.#name)),
        (false, false) => Place::Plain(quote!(self.#name)),
        (false, true) => Place::Reference(quote!(self.#name.as_ref())),
    };
    let place = if secret { place.exposed(boxed) } else { place };
    let check = context
        .service
        .validated_shapes()
        .contains(&field.member.shape)
        .then(|| value(context, field.member.shape, &quote!(#title), &place, secret))
        .map(|check| if secret { hidden(context, field.member.shape, check) } else { check });
    quote!(#missing #check)
}

/// The expression of a value.
enum Place {
    /// A place that contains the value.
    Plain(TokenStream),
    /// A reference to the value.
    Reference(TokenStream),
    /// A place that contains an option of the value.
    Option(TokenStream),
    /// A place that contains an option of a box of the value.
    OptionBox(TokenStream),
    /// A reference to an option of the value.
    ReferenceOption(TokenStream),
    /// An expression of `Option<&T>`.
    Maybe(TokenStream),
}

impl Place {
    /// The place in the secret that is here; `boxed` if it is a box there.
    fn exposed(self, boxed: bool) -> Self {
        let unboxed = boxed.then(|| quote!(.map(AsRef::as_ref)));
        match self {
            Self::Plain(place) | Self::Reference(place) if boxed => {
                Self::Reference(quote!(#place.expose().as_ref()))
            }
            Self::Plain(place) | Self::Reference(place) => Self::Reference(quote!(#place.expose())),
            Self::Option(place) | Self::OptionBox(place) | Self::ReferenceOption(place) => {
                Self::Maybe(quote!(#place.as_ref().map(Secret::expose)#unboxed))
            }
            Self::Maybe(place) => Self::Maybe(quote!(#place.map(Secret::expose)#unboxed)),
        }
    }

    /// `Option<&T>`.
    fn reference(&self) -> TokenStream {
        match self {
            Self::Plain(place) => quote!(Some(&#place)),
            Self::Reference(place) => quote!(Some(#place)),
            Self::Option(place) | Self::ReferenceOption(place) => quote!(#place.as_ref()),
            Self::OptionBox(place) => quote!(#place.as_deref()),
            Self::Maybe(place) => quote!(#place),
        }
    }

    /// `Option<&T::Target>`.
    fn deref(&self) -> TokenStream {
        match self {
            Self::Plain(place) => quote!(Some(&#place)),
            Self::Reference(place) => quote!(Some(#place)),
            Self::Option(place) | Self::OptionBox(place) | Self::ReferenceOption(place) => {
                quote!(#place.as_deref())
            }
            Self::Maybe(place) => quote!(#place.map(|value| &**value)),
        }
    }

    /// `Option<&[u8]>`.
    fn bytes(&self) -> TokenStream {
        match self {
            Self::Plain(place) | Self::Reference(place) => quote!(Some(#place.as_ref())),
            Self::Option(place) | Self::OptionBox(place) | Self::ReferenceOption(place) => {
                quote!(#place.as_ref().map(AsRef::as_ref))
            }
            Self::Maybe(place) => quote!(#place.map(AsRef::as_ref)),
        }
    }

    /// `Option<T>`, with a narrow `T` widened.
    fn number(&self, wide: &TokenStream, is_wide: bool) -> TokenStream {
        match (self, is_wide) {
            (Self::Plain(place), true) => quote!(Some(#place)),
            (Self::Plain(place), false) => quote!(Some(#wide::from(#place))),
            (Self::Reference(place), true) => quote!(Some(*#place)),
            (Self::Reference(place), false) => quote!(Some(#wide::from(*#place))),
            (Self::Option(place), true) => quote!(#place),
            (Self::ReferenceOption(place), true) => quote!(*#place),
            (Self::Option(place) | Self::ReferenceOption(place), false) => quote!(#place.map(#wide::from)),
            (Self::Maybe(place), true) => quote!(#place.copied()),
            (Self::Maybe(place), false) => quote!(#place.copied().map(#wide::from)),
            (Self::OptionBox(place), _) => quote!(#place.as_deref().copied().map(#wide::from)),
        }
    }
}

/// The call that checks a value of a constrained shape, without its receiver, because calls are chained. `within_secret`:
/// what it is made of is not secret again.
fn value(
    context: &Context<'_>,
    id: ShapeId,
    title: &TokenStream,
    place: &Place,
    within_secret: bool,
) -> TokenStream {
    let limit = limits::path(context, id);
    match &context.shape(id).kind {
        Kind::String { length: _, pattern: _ } => {
            let value = place.deref();
            quote!(.text(#title, #value, &#limit))
        }
        Kind::Integer { width, range: _ } => {
            let value = place.number(&quote!(i64), *width == IntegerWidth::Long);
            quote!(.integer(#title, #value, #limit))
        }
        Kind::Float { double, range: _ } => {
            let value = place.number(&quote!(f64), *double);
            quote!(.float(#title, #value, #limit))
        }
        Kind::Blob { length: _ } => {
            let value = place.bytes();
            quote!(.bytes(#title, #value, #limit))
        }
        Kind::List { member, sparse, .. } => {
            let list = place.deref();
            let each = match element(context, *member, *sparse, quote!(item), within_secret) {
                Some(each) => quote!(|check, item| { check #each; }),
                None => quote!(|_, _| {}),
            };
            quote!(.list(#title, #list, #limit, #each))
        }
        Kind::Map { key, value, sparse, .. } => {
            let map = place.reference();
            let keys = element(context, *key, false, quote!(key), true);
            let values = element(context, *value, *sparse, quote!(value), within_secret);
            let each = match (keys, values) {
                (Some(keys), Some(values)) => quote!(|check, key, value| { check #keys #values; }),
                (Some(keys), None) => quote!(|check, key, _| { check #keys; }),
                (None, Some(values)) => quote!(|check, _, value| { check #values; }),
                (None, None) => quote!(|_, _, _| {}),
            };
            quote!(.map(#title, #map, #limit, #each))
        }
        Kind::Structure { .. } | Kind::Union { .. } => {
            let value = place.reference();
            quote!(.nested(#title, #value))
        }
        Kind::Enum { .. } => {
            let value = place.reference();
            quote!(.known(#title, #value, #limit))
        }
        Kind::Boolean | Kind::IntEnum { .. } | Kind::Timestamp { .. } | Kind::Document => {
            quote!()
        }
    }
}

/// The call that checks items, keys or values, if their shape is constrained.
fn element(
    context: &Context<'_>,
    id: ShapeId,
    sparse: bool,
    name: TokenStream,
    within_secret: bool,
) -> Option<TokenStream> {
    let place = if sparse { Place::ReferenceOption(name) } else { Place::Reference(name) };
    let is_secret = !within_secret && types::is_secret(context, id);
    let place = if is_secret { place.exposed(false) } else { place };
    let within_secret = within_secret || is_secret;
    let is_checked = context.service.validated_shapes().contains(&id);
    let check = is_checked.then(|| value(context, id, &quote!(ITEM), &place, within_secret))?;
    Some(if is_secret { hidden(context, id, check) } else { check })
}

/// The call that checks a secret, if messages about it could show a part of it.
fn hidden(context: &Context<'_>, id: ShapeId, check: TokenStream) -> TokenStream {
    if shows_parts(context, id) { quote!(.secret(|check| { check #check; })) } else { check }
}

/// Whether messages about a value may contain a part of it: numbers and keys do, and structures may have some.
fn shows_parts(context: &Context<'_>, id: ShapeId) -> bool {
    match context.shape(id).kind {
        Kind::List { member, .. } => shows_parts(context, member),
        Kind::Integer { .. }
        | Kind::Float { .. }
        | Kind::Map { .. }
        | Kind::Structure { .. }
        | Kind::Union { .. } => true,
        Kind::Boolean
        | Kind::String { .. }
        | Kind::Enum { .. }
        | Kind::IntEnum { .. }
        | Kind::Blob { .. }
        | Kind::Timestamp { .. }
        | Kind::Document => false,
    }
}
