//! Operations whose responses are paginated, by token or by number.

use gatewright_model::{IntegerWidth, Kind, Member, MemberPath, MemberStep, Operation, PageKey, Pagination};
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
    let (all, ty) = (owned(context, items), item(context, operation)?);
    let functions = match by {
        PageKey::Token { input, output, more } => {
            let is_secret = MemberType::new(context, input, context.shape(operation.input).sensitive).secret;
            by_token(context, (input, is_secret), output, more.as_ref())
        }
        PageKey::Number { page, total } => {
            by_number(context, &dereferenced(context, items, "as_slice")?, page, total.as_ref())
        }
    };
    Some(quote! {
        impl Paginated for #name {
            type Item = #ty;

            #functions

            #[inline]
            fn into_items(output: Self::Output) -> Vec<Self::Item> {
                #all.unwrap_or_default()
            }
        }
    })
}

/// Type of the items of an operation's pages.
pub(crate) fn item(context: &Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let Pagination { items, item, .. } = operation.pagination.as_ref()?;
    let is_secret = items.0.last().is_some_and(|step| step_is_secret(context, step));
    Some(types::item(context, items.end().shape, *item, is_secret))
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
            (true, false) => quote!(#value.map(|value| value.expose())),
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

/// The value that a path leads to, if there is one, out of the response.
fn owned(context: &Context<'_>, path: &MemberPath) -> TokenStream {
    path.0.iter().fold(quote!(), |before, step| {
        let field = naming::field(&step.member.name);
        let value = if before.is_empty() {
            quote!(output.#field)
        } else {
            quote!(#before.and_then(|value| value.#field))
        };
        let exposed = step_is_secret(context, step).then(|| quote!(.map(|value| value.expose().clone())));
        quote!(#value #exposed)
    })
}

fn by_token(
    context: &Context<'_>,
    (input, is_secret): (&Member, bool),
    output: &[MemberPath],
    more: Option<&MemberPath>,
) -> TokenStream {
    let field = naming::field(&input.name);
    let token = if is_secret { quote!(Secret::new(token)) } else { quote!(token) };
    let token = if input.is_required() { token } else { quote!(Some(#token)) };
    let tokens = output.iter().filter_map(|path| dereferenced(context, path, "as_str"));
    let next = tokens.reduce(|one, other| quote!(#one.filter(|token| !token.is_empty()).or_else(|| #other)));
    let more = more.map(|path| {
        let more = borrowed(context, path);
        quote! {
            if #more != Some(&true) {
                return None;
            }
        }
    });

    quote! {
        #[inline]
        fn next_token(output: &Self::Output) -> Option<&str> {
            #more
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
