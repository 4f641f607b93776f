//! Members of a structure as fields.

use gatewright_model::{Member, Shape};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{context::Context, docs::Docs, naming, types};

/// A structure as a Rust type.
pub(crate) struct Structure<'a> {
    pub(crate) name: Ident,
    pub(crate) docs: Docs,
    pub(crate) role: Role,
    pub(crate) fields: Vec<Field<'a>>,
}

/// The role of a structure.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Sent: required members are present.
    Request,
    /// Received: any member may be absent, and only tests construct it.
    Response,
    /// Part of other structures.
    Part,
}

/// A member as a field.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Field<'a> {
    pub(crate) member: &'a Member,
    pub(crate) name: Ident,
    /// Type without `Option`.
    pub(crate) ty: TokenStream,
    /// The type is in an `Option`.
    pub(crate) optional: bool,
    /// The constructor takes it.
    pub(crate) argument: bool,
    pub(crate) boxed: bool,
    pub(crate) sensitive: bool,
}

impl<'a> Structure<'a> {
    pub(crate) fn new(context: &Context<'a>, name: Ident, docs: Docs, shape: &'a Shape, role: Role) -> Self {
        let plain = match role {
            Role::Request => true,
            Role::Response => false,
            Role::Part => shape.is_only_sent(),
        };
        let field = |member: &'a Member| {
            let ty = types::ty(context, member.shape);
            let boxed = types::is_boxed(context, member.shape);
            let required = member.is_required();
            Field {
                name: naming::field(&member.name),
                ty: if boxed { quote!(Box<#ty>) } else { ty },
                optional: !(plain && required),
                argument: required && role != Role::Response,
                sensitive: shape.sensitive || context.service.is_sensitive(member.shape),
                boxed,
                member,
            }
        };
        Self { name, docs, role, fields: shape.members().iter().map(field).collect() }
    }

    /// Whether it implements `Default`.
    pub(crate) fn has_default(&self) -> bool {
        self.fields.iter().all(|field| field.optional)
    }

    /// The default value. It names the trait, because a setter may be called `default`.
    pub(crate) fn default(&self) -> TokenStream {
        let is_hidden = self.fields.iter().any(|field| field.name == "default");
        if is_hidden { quote!(<Self as Default>::default()) } else { quote!(Self::default()) }
    }

    pub(crate) fn hides_something(&self) -> bool {
        self.fields.iter().any(|field| field.sensitive)
    }
}

impl Field<'_> {
    /// Type with its `Option`.
    pub(crate) fn full_ty(&self) -> TokenStream {
        let ty = &self.ty;
        if self.optional { quote!(Option<#ty>) } else { quote!(#ty) }
    }
}
