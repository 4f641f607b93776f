//! Operations whose responses are paginated, by token or by number.

use gatewright_model::{IntegerWidth, Kind, Member, Operation, PageKey, Pagination};
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
    let Pagination { items, by, .. } = operation.pagination.as_ref()?;
    let (list, ty) = (naming::field(&items.name), item(context, operation)?);
    let sensitive = [operation.input, operation.output].map(|id| context.shape(id).sensitive);
    let exposed = are_secret(context, operation, items).then(|| quote!(.map(|items| items.expose().clone())));
    let functions = match by {
        PageKey::Token { input, output } => by_token(context, input, output, sensitive),
        PageKey::Number { page, total } => {
            let read = if are_secret(context, operation, items) {
                quote!(output.#list.as_ref().map(|items| items.expose().as_slice()))
            } else {
                quote!(output.#list.as_deref())
            };
            by_number(context, &read, page, total.as_ref())
        }
    };
    Some(quote! {
        impl Paginated for #name {
            type Item = #ty;

            #functions

            #[inline]
            fn into_items(output: Self::Output) -> Vec<Self::Item> {
                output.#list #exposed.unwrap_or_default()
            }
        }
    })
}

/// Type of the items of an operation's pages.
pub(crate) fn item(context: &Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let Pagination { items, item, .. } = operation.pagination.as_ref()?;
    Some(types::item(context, items.shape, *item, are_secret(context, operation, items)))
}

/// Whether the list of items is a secret as a whole.
fn are_secret(context: &Context<'_>, operation: &Operation, items: &Member) -> bool {
    MemberType::new(context, items, context.shape(operation.output).sensitive).secret
}

fn by_token(context: &Context<'_>, input: &Member, output: &Member, sensitive: [bool; 2]) -> TokenStream {
    let [of_input, of_output] = sensitive;
    let is_secret = |member, sensitive| MemberType::new(context, member, sensitive).secret;
    let (field, next) = (naming::field(&input.name), naming::field(&output.name));
    let token = if is_secret(input, of_input) { quote!(Secret::new(token)) } else { quote!(token) };
    let token = if input.is_required() { token } else { quote!(Some(#token)) };
    let next = if is_secret(output, of_output) {
        quote!(output.#next.as_ref().map(|token| token.expose().as_str()))
    } else {
        quote!(output.#next.as_deref())
    };

    quote! {
        #[inline]
        fn next_token(output: &Self::Output) -> Option<&str> {
            #next
        }

        #[inline]
        fn set_token(&mut self, token: String) {
            self.#field = #token;
        }
    }
}

fn by_number(
    context: &Context<'_>,
    items: &TokenStream,
    page: &Member,
    total: Option<&Member>,
) -> TokenStream {
    let field = naming::field(&page.name);
    let number = match page.is_required() {
        true if is_long(context, page) => quote!(Some(self.#field)),
        true => quote!(Some(i64::from(self.#field))),
        false => as_long(context, page, quote!(self.#field)),
    };
    let set = if page.is_required() {
        quote!(if let Ok(page) = token.parse() { self.#field = page; })
    } else {
        quote!(self.#field = token.parse().ok();)
    };
    let total = total.map(|total| {
        let field = naming::field(&total.name);
        as_long(context, total, quote!(output.#field))
    });
    let total = total.unwrap_or_else(|| quote!(None));

    quote! {
        #[inline]
        fn next_token(_output: &Self::Output) -> Option<&str> {
            None
        }

        #[inline]
        fn next_number(&self, output: &Self::Output, read: &mut PagesRead) -> Option<i64> {
            read.next(#number, #items.unwrap_or_default(), #total)
        }

        #[inline]
        fn set_token(&mut self, token: String) {
            #set
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
