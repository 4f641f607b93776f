//! Members of a structure as fields.

use gatewright_model::{Member, Operation, Shape, ShapeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{context::Context, naming, types::MemberType};

/// A structure as a Rust type.
pub(crate) struct Structure<'a> {
    pub(crate) name: Ident,
    /// The type whose fields are the required members, if the constructor takes several.
    pub(crate) required: Option<Ident>,
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
pub(crate) struct Field<'a> {
    pub(crate) member: &'a Member,
    pub(crate) name: Ident,
    /// Type without `Option`.
    pub(crate) ty: MemberType,
    /// The type is in an `Option`.
    pub(crate) optional: bool,
    /// The constructor takes it.
    pub(crate) argument: bool,
}

/// Names of a structure's types: its own, and the type whose fields are the required members, if the constructor takes several.
type TypeNames = (Ident, Option<Ident>);

impl<'a> Structure<'a> {
    /// The request of an operation.
    pub(crate) fn request(context: &Context<'a>, operation: &Operation) -> Self {
        let names = Self::request_types(context, operation);
        Self::new(context, names, context.shape(operation.input), Role::Request)
    }

    /// The response of an operation.
    pub(crate) fn response(context: &Context<'a>, operation: &Operation) -> Self {
        let names = (naming::response(&operation.rust_name), None);
        Self::new(context, names, context.shape(operation.output), Role::Response)
    }

    /// A part of other structures.
    pub(crate) fn part(context: &Context<'a>, id: ShapeId) -> Self {
        Self::new(context, Self::part_types(context, id), context.shape(id), Role::Part)
    }

    /// The types of the request of an operation.
    pub(crate) fn request_types(context: &Context<'_>, operation: &Operation) -> TypeNames {
        let name = &operation.rust_name;
        (naming::request(name), required(name, context.shape(operation.input), Role::Request))
    }

    /// The types of a part of other structures.
    pub(crate) fn part_types(context: &Context<'_>, id: ShapeId) -> TypeNames {
        let shape = context.shape(id);
        (naming::ty(shape), required(&shape.rust_name, shape, Role::Part))
    }

    fn new(context: &Context<'a>, (name, required): TypeNames, shape: &'a Shape, role: Role) -> Self {
        let plain = match role {
            Role::Request => true,
            Role::Response => false,
            Role::Part => shape.is_only_sent(),
        };
        let field = |member: &'a Member| Field {
            name: naming::field(&member.name),
            ty: MemberType::new(context, member, shape.sensitive),
            optional: !(plain && member.is_required()),
            argument: is_argument(member, shape, role),
            member,
        };
        let fields = shape.members().iter().map(field).collect();
        Self { name, required, role, fields }
    }

    /// The names of its types.
    pub(crate) fn types(&self) -> impl Iterator<Item = &Ident> {
        [&self.name].into_iter().chain(&self.required)
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

    /// The fields that the constructor takes.
    pub(crate) fn arguments(&self) -> Vec<&Field<'a>> {
        self.fields.iter().filter(|field| field.argument).collect()
    }
}

/// Whether the constructor takes a member. Only tests construct what is only received.
fn is_argument(member: &Member, shape: &Shape, role: Role) -> bool {
    member.is_required() && (role == Role::Request || (role == Role::Part && shape.in_input))
}

fn required(name: &str, shape: &Shape, role: Role) -> Option<Ident> {
    let arguments = shape.members().iter().filter(|member| is_argument(member, shape, role));
    (arguments.count() > 1).then(|| naming::required(name))
}

impl Field<'_> {
    /// Type with its `Option`.
    pub(crate) fn full_ty(&self) -> TokenStream {
        let ty = &self.ty.ty;
        if self.optional { quote!(Option<#ty>) } else { quote!(#ty) }
    }
}
