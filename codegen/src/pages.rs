//! Operations whose responses are paginated, by token or by number.

use gatewright_model::{IntegerWidth, Kind, Member, Operation, PageKey, Pagination};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{context::Context, naming, types};

/// The implementation of `Paginated`, if the operation is paginated.
pub(crate) fn implementation(context: &Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let name = naming::request(&operation.rust_name);
    let Pagination { items, item, by } = operation.pagination.as_ref()?;
    let (list, ty) = (naming::field(&items.name), types::item(context, items.shape, *item));
    let functions = match by {
        PageKey::Token { input, output } => by_token(input, output),
        PageKey::Number { page, total } => by_number(context, &list, page, total.as_ref()),
    };
    Some(quote! {
        impl Paginated for #name {
            type Item = #ty;

            #functions

            #[inline]
            fn into_items(output: Self::Output) -> Vec<Self::Item> {
                output.#list.unwrap_or_default()
            }
        }
    })
}

fn by_token(input: &Member, output: &Member) -> TokenStream {
    let (field, next) = (naming::field(&input.name), naming::field(&output.name));
    let token = if input.is_required() { quote!(token) } else { quote!(Some(token)) };

    quote! {
        #[inline]
        fn next_token(output: &Self::Output) -> Option<&str> {
            output.#next.as_deref()
        }

        #[inline]
        fn set_token(&mut self, token: String) {
            self.#field = #token;
        }
    }
}

fn by_number(context: &Context<'_>, list: &Ident, page: &Member, total: Option<&Member>) -> TokenStream {
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
            read.next(#number, output.#list.as_deref().unwrap_or_default(), #total)
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
