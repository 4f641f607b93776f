//! Operations whose responses are paginated, by token or by number.

use gatewright_model::{
    IntegerWidth, Kind, Member, MemberPath, MemberStep, Operation, PageKey, PageToken, Pagination,
};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    context::Context,
    naming,
    types::{self, MemberType},
};

/// The implementation of `Paginated`, if the operation is paginated.
pub(crate) fn implementation(context: &Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let name = naming::request(&operation.rust_name);
    let Pagination { items, by } = operation.pagination.as_ref()?;
    let (all, ty) = (all_items(context, items.as_ref()), item(context, operation)?);
    let next = match by {
        PageKey::Token { tokens, more } => by_token(context, operation, tokens, more.as_ref()),
        PageKey::Number { page, total } => {
            by_number(context, &dereferenced(context, items.as_ref()?, "as_slice")?, page, total.as_ref())
        }
    };
    Some(quote! {
        impl Paginated for #name {
            type Item = #ty;

            #[inline]
            fn next_page(&mut self, output: &Self::Output, read: &mut PagesRead) -> bool {
                #next
            }

            #[inline]
            fn into_items(output: Self::Output) -> Vec<Self::Item> {
                #all
            }
        }
    })
}

/// Type of the items of an operation's pages.
pub(crate) fn item(context: &Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let Some(items) = &operation.pagination.as_ref()?.items else {
        let response = naming::response(&operation.rust_name);
        return Some(quote!(#response));
    };
    let step = items.0.last()?;
    let ty = MemberType::new(context, &step.member, context.shape(step.of).sensitive);
    Some(types::item(context, step.member.shape, ty.secret).unwrap_or(ty.ty))
}

/// The items of a page, as a `Vec`.
fn all_items(context: &Context<'_>, items: Option<&MemberPath>) -> TokenStream {
    let Some(items) = items else { return quote!(vec![output]) };
    let kind = &context.shape(items.end().shape).kind;
    let is_list = matches!(kind, Kind::List { .. });
    let has_items = is_list || matches!(kind, Kind::Map { .. });
    // A secret that is the item itself stays one.
    let value = owned(context, items, has_items);
    if is_list {
        quote!(#value.unwrap_or_default())
    } else if has_items {
        quote!(#value.unwrap_or_default().into_iter().collect())
    } else {
        quote!(#value.into_iter().collect())
    }
}

/// Whether the value of the member is in a `Secret`.
fn step_is_secret(context: &Context<'_>, MemberStep { of, member, .. }: &MemberStep) -> bool {
    MemberType::new(context, member, context.shape(*of).sensitive).secret
}

/// An optional reference to the value that a path leads to. Members of responses are optional.
fn borrowed(context: &Context<'_>, path: &MemberPath) -> TokenStream {
    path.0.iter().fold(quote!(), |before, step| {
        let field = naming::field(&step.member.name);
        let value = if before.is_empty() {
            quote!(output.#field.as_ref())
        } else {
            quote!(#before.and_then(|value| value.#field.as_ref()))
        };
        match (step_is_secret(context, step), step.last) {
            (false, false) => value,
            (true, false) => quote!(#value.map(Secret::expose)),
            (false, true) => quote!(#value.and_then(|items| items.last())),
            (true, true) => quote!(#value.and_then(|items| items.expose().last())),
        }
    })
}

/// The same as a reference to a `str` or slice, which the method `by` of a secret's value gives.
fn dereferenced(context: &Context<'_>, path: &MemberPath, by: &'static str) -> Option<TokenStream> {
    let (end, before) = path.0.split_last()?;
    let (field, by) = (naming::field(&end.member.name), naming::word(by));
    let is_secret = step_is_secret(context, end);
    let reference = |of: TokenStream| {
        if is_secret { quote!(#of.#field.as_ref()) } else { quote!(#of.#field.as_deref()) }
    };
    let value = if before.is_empty() {
        reference(quote!(output))
    } else {
        let (before, value) = (borrowed(context, &MemberPath(before.to_vec())), reference(quote!(value)));
        quote!(#before.and_then(|value| #value))
    };
    Some(if is_secret { quote!(#value.map(|value| value.expose().#by())) } else { value })
}

/// The value that a path leads to, if there is one, out of the response; out of its secret, if `exposed`.
fn owned(context: &Context<'_>, path: &MemberPath, exposed: bool) -> TokenStream {
    path.0.iter().enumerate().fold(quote!(), |before, (index, step)| {
        let field = naming::field(&step.member.name);
        let value = if before.is_empty() {
            quote!(output.#field)
        } else {
            quote!(#before.and_then(|value| value.#field))
        };
        let is_way = index + 1 < path.0.len();
        let is_exposed = (exposed || is_way) && step_is_secret(context, step);
        let exposed = is_exposed.then(|| quote!(.map(|value| value.expose().clone())));
        quote!(#value #exposed)
    })
}

fn by_token(
    context: &Context<'_>,
    operation: &Operation,
    tokens: &[PageToken],
    more: Option<&MemberPath>,
) -> TokenStream {
    let more = more.map(|path| {
        let more = borrowed(context, path);
        quote! {
            if #more != Some(&true) {
                return false;
            }
        }
    });
    let fields: Vec<_> = tokens.iter().map(|token| naming::field(&token.input.name)).collect();
    let set = tokens.iter().zip(&fields).map(|(PageToken { input, output }, field)| {
        let values = output.iter().map(|path| borrowed(context, path));
        let token = quote!(PagesRead::token([#(#values),*]));
        let is_secret = MemberType::new(context, input, context.shape(operation.input).sensitive).secret;
        match (input.is_required(), is_secret) {
            (false, false) => quote!(self.#field = #token;),
            (false, true) => quote!(self.#field = #token.map(Secret::new);),
            (true, false) => quote!(let Some(token) = #token else { return false }; self.#field = token;),
            (true, true) => {
                quote!(let Some(token) = #token else { return false }; self.#field = Secret::new(token);)
            }
        }
    });
    quote! {
        #more
        #(#set)*
        read.follows((#(&self.#fields,)*))
    }
}

fn by_number(
    context: &Context<'_>,
    items: &TokenStream,
    page: &Member,
    total: Option<&Member>,
) -> TokenStream {
    let field = naming::field(&page.name);
    let total = total.map(|total| {
        let field = naming::field(&total.name);
        as_long(context, total, quote!(output.#field))
    });
    let total = total.unwrap_or_else(|| quote!(None));
    let next = |number| quote!(read.next(#number, #items.unwrap_or_default(), #total));
    if page.is_required() {
        let next = next(quote!(Some(self.#field)));
        quote! {
            let Some(page) = #next else { return false };
            self.#field = page;
            true
        }
    } else {
        let next = next(quote!(self.#field));
        quote! {
            self.#field = #next;
            self.#field.is_some()
        }
    }
}

/// An optional integer, widened.
fn as_long(context: &Context<'_>, member: &Member, value: TokenStream) -> TokenStream {
    if is_long(context, member) { value } else { quote!(#value.map(i64::from)) }
}

fn is_long(context: &Context<'_>, member: &Member) -> bool {
    matches!(context.shape(member.shape).kind, Kind::Integer { width: IntegerWidth::Long, .. })
}
