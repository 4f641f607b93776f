//! Operations whose responses are paginated, by token or by number.

use gatewright_model::{IntegerWidth, Kind, Member, NumberedPages, Operation, Pagination, Shape};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{context::Context, naming, types};

/// The implementation of `Paginated`, if the operation is paginated.
pub(crate) fn implementation(context: &Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let name = naming::request(&operation.name);
    let by_token = operation.pagination.as_ref().map(|pages| by_token(context, operation, pages));
    let by_number = || operation.numbered_pages.as_ref().map(|pages| by_number(context, operation, pages));
    let members = by_token.or_else(by_number)?;
    Some(quote!(impl Paginated for #name { #members }))
}

fn by_token(context: &Context<'_>, operation: &Operation, pagination: &Pagination) -> TokenStream {
    let Pagination { input_token, output_token, items, .. } = pagination;
    let Items { ty, take, .. } = Items::new(context, operation, items);
    let next = naming::field(&member(context.shape(operation.output), output_token).name);
    let asked = member(context.shape(operation.input), input_token);
    let field = naming::field(&asked.name);
    let token = if asked.required { quote!(token) } else { quote!(Some(token)) };

    quote! {
        type Item = #ty;

        #[inline]
        fn next_token(output: &Self::Output) -> Option<&str> {
            output.#next.as_deref()
        }

        #[inline]
        fn set_token(&mut self, token: String) {
            self.#field = #token;
        }

        #take
    }
}

fn by_number(context: &Context<'_>, operation: &Operation, pages: &NumberedPages) -> TokenStream {
    let NumberedPages { page, total, items, .. } = pages;
    let Items { ty, list, take } = Items::new(context, operation, items);
    let page = member(context.shape(operation.input), page);
    let field = naming::field(&page.name);
    let number = match page.required {
        true if is_long(context, page) => quote!(Some(self.#field)),
        true => quote!(Some(i64::from(self.#field))),
        false => as_long(context, page, quote!(self.#field)),
    };
    let set = if page.required {
        quote!(if let Ok(page) = token.parse() { self.#field = page; })
    } else {
        quote!(self.#field = token.parse().ok();)
    };
    let total = total.as_ref().map(|total| {
        let total = member(context.shape(operation.output), total);
        let field = naming::field(&total.name);
        as_long(context, total, quote!(output.#field))
    });
    let total = total.unwrap_or_else(|| quote!(None));

    quote! {
        type Item = #ty;

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

        #take
    }
}

/// An optional integer, widened.
fn as_long(context: &Context<'_>, member: &Member, value: TokenStream) -> TokenStream {
    if is_long(context, member) { value } else { quote!(#value.map(i64::from)) }
}

fn is_long(context: &Context<'_>, member: &Member) -> bool {
    matches!(context.shape(member.shape).kind, Kind::Integer { width: IntegerWidth::Long, .. })
}

/// The items of pages.
struct Items {
    ty: TokenStream,
    /// Field of the response.
    list: Ident,
    /// The function that takes the items out of a response.
    take: TokenStream,
}

impl Items {
    fn new(context: &Context<'_>, operation: &Operation, name: &str) -> Self {
        let items = member(context.shape(operation.output), name);
        let list = naming::field(&items.name);
        let item = context.shape(items.shape).elements().into_iter().next();
        let ty = types::ty(context, item.expect("items are a list"));
        let take = quote! {
            #[inline]
            fn into_items(output: Self::Output) -> Vec<Self::Item> {
                output.#list.unwrap_or_default()
            }
        };
        Self { ty, list, take }
    }
}

fn member<'a>(shape: &'a Shape, name: &str) -> &'a Member {
    shape.members().iter().find(|member| member.name == name).expect("the model checks pagination")
}
