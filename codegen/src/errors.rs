//! `error.rs`: exceptions and operation error codes, as enums and as tables.

use std::collections::BTreeMap;

use gatewright_model::{Category, ErrorCode, Exception, Service, ShapeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    context::Context,
    docs::{self, Docs},
    enums::{self, Variant},
    http, literal, naming,
    ordered::Ordered as _,
};

/// The tokens of the file.
pub(crate) fn file(context: &Context<'_>) -> TokenStream {
    let (service, marker) = (context.service, &context.marker);
    let docs = Docs::markdown("Exceptions and operation error codes of the service.").inner();
    let exceptions: Vec<_> = service
        .exceptions
        .iter()
        .map(|exception| Variant {
            wire: &exception.name,
            rust_name: &exception.rust_name,
            aliases: &exception.aliases,
            docs: exception_docs(context, exception)
                .and(&shown_members(context, exception.shape))
                .and_alias(&exception.name, &naming::variant(&exception.rust_name)),
        })
        .collect();
    let codes: Vec<_> = service
        .error_codes
        .iter()
        .map(|code| Variant {
            wire: &code.value,
            rust_name: &code.rust_name,
            aliases: &code.aliases,
            docs: code_docs(context, code)
                .and(&shown_members(context, code.shape))
                .and_alias(&code.value, &naming::variant(&code.rust_name)),
        })
        .collect();
    let title = docs::escape(&service.title);
    let enum_docs = |what: &str, is_empty: bool| {
        let none = if is_empty { " The model lists none, so every value is [`Self::Unknown`]." } else { "" };
        Docs::markdown(&format!("{what} of {title}.{none}"))
    };
    let exception_docs = enum_docs("Exceptions", exceptions.is_empty());
    let code_docs = enum_docs("Operation error codes", codes.is_empty());
    let exceptions = enums::texts(&naming::word("Exception"), &exception_docs, &exceptions);
    let codes = enums::texts(&naming::word("ErrorCode"), &code_docs, &codes);
    let [exception_category, code_category] =
        [("Exception", "of_exception", "exception"), ("ErrorCode", "of_code", "code")]
            .map(|(ty, find, what)| (!context.in_runtime).then(|| category_of(marker, ty, find, what)));
    let exception_table = table(service.exceptions.iter().map(Entry::from));
    let code_table = table(service.error_codes.iter().map(Entry::from));
    let families = (!service.code_families.is_empty()).then(|| {
        let table = table(service.code_families.iter().map(Entry::from));
        quote! {
            /// Families of operation error codes: facts about unlisted codes, by prefix.
            pub(super) static ERROR_FAMILIES: &[WireError] = &[#(#table),*];
        }
    });

    let error = (!context.in_runtime).then(|| {
        quote! {
            /// Error of every call of the service.
            pub type Error = gatewright_runtime::Error<ErrorCode>;
        }
    });

    quote! {
        #docs
        #error
        #exceptions
        #exception_category
        #codes
        #code_category

        impl ServiceErrorCode for ErrorCode {
            type Service = #marker;
        }

        /// Facts about exceptions, sorted by name.
        pub(super) static EXCEPTIONS: &[WireError] = &[#(#exception_table),*];

        /// Facts about operation error codes, sorted by value.
        pub(super) static ERROR_CODES: &[WireError] = &[#(#code_table),*];

        #families
    }
}

/// The function that looks up the category of an exception or code, as retries do.
fn category_of(marker: &Ident, ty: &'static str, find: &'static str, what: &str) -> TokenStream {
    let [ty, find] = [ty, find].map(naming::word);
    let doc = literal::doc(&format!("Returns what the {what} means for the caller, if that is known."));
    quote! {
        impl #ty {
            #[doc = #doc]
            #[inline]
            pub fn category(&self) -> Option<Category> {
                KnownError::#find(Some(<#marker as Service>::INFO), self.as_str()).map(|known| known.category)
            }
        }
    }
}

/// Where the members of an error are.
fn shown_members(context: &Context<'_>, shape: Option<ShapeId>) -> String {
    let Some(shape) = shape.filter(|_| !context.in_runtime) else { return String::new() };
    let (module, name) = (&context.module, naming::ty(context.shape(shape)));
    format!("Members: [`{name}`](crate::{module}::{name}).")
}

/// Adds the errors that have the members of a structure.
pub(crate) fn members_docs(context: &Context<'_>, id: ShapeId, docs: Docs) -> Docs {
    let Some(names) = context.error_shapes.get(&id) else { return docs };
    let names: Vec<_> = names.iter().map(|name| docs::code(name)).collect();
    let read = "[`Error::members`](crate::Error::members)";
    docs.and(&format!("The members of error responses of {}, by {read}.", names.join(", ")))
}

/// The errors that have the members of a structure, if there are any.
pub(crate) fn members(context: &Context<'_>, id: ShapeId) -> Option<TokenStream> {
    let names = context.error_shapes.get(&id)?;
    let (name, marker) = (naming::ty(context.shape(id)), &context.marker);
    let bindings = http::error_bindings(context, context.shape(id).members());
    let bindings = (!bindings.is_empty()).then(|| {
        quote! {
            const BINDINGS: &'static [protocol::Binding] = &[#(#bindings),*];
        }
    });
    Some(quote! {
        impl ErrorMembers for #name {
            type Service = #marker;
            const NAMES: &'static [&'static str] = &[#(#names),*];
            #bindings
        }
    })
}

/// Documentation of an operation error code.
fn code_docs(context: &Context<'_>, code: &ErrorCode) -> Docs {
    let ErrorCode { doc, message, causes, remedies, .. } = code;
    let docs = Docs::text(doc).and(&message.as_deref().map(quoted).unwrap_or_default());
    docs.and_links(context, "Causes", causes).and_links(context, "Remedies", remedies)
}

fn exception_docs(context: &Context<'_>, exception: &Exception) -> Docs {
    let Exception { doc, message, causes, remedies, status, .. } = exception;
    let message = message.as_deref().map(quoted).unwrap_or_default();
    let docs = Docs::text(doc).and(format!("Status {status}. {message}").trim());
    docs.and_links(context, "Causes", causes).and_links(context, "Remedies", remedies)
}

/// The message of the service.
fn quoted(message: &str) -> String {
    format!("Message: “{}”", docs::escape(&message.replace('`', "'")))
}

/// A row of a table.
struct Entry<'a> {
    wires: Vec<&'a str>,
    category: Option<Category>,
    status: u16,
    message: &'a str,
    causes: &'a [String],
    remedies: &'a [String],
}

impl<'a> From<&'a Exception> for Entry<'a> {
    fn from(exception: &'a Exception) -> Self {
        let Exception { name, aliases, status, message, category, causes, remedies, .. } = exception;
        let message = message.as_deref().unwrap_or_default();
        Self { wires: wires(name, aliases), category: *category, status: *status, message, causes, remedies }
    }
}

impl<'a> From<&'a ErrorCode> for Entry<'a> {
    fn from(code: &'a ErrorCode) -> Self {
        let ErrorCode { value, aliases, status, message, category, causes, remedies, .. } = code;
        let message = message.as_deref().unwrap_or_default();
        let status = status.unwrap_or_default();
        Self { wires: wires(value, aliases), category: *category, status, message, causes, remedies }
    }
}

fn wires<'a>(name: &'a str, aliases: &'a [String]) -> Vec<&'a str> {
    [name].into_iter().chain(aliases.iter().map(String::as_str)).collect()
}

/// Rows sorted by wire name, including aliases, for the runtime's binary search. An error without a category has no row: what
/// the runtime knows of its name or status decides.
fn table<'a>(entries: impl Iterator<Item = Entry<'a>>) -> Vec<TokenStream> {
    let rows = entries.flat_map(|entry| {
        let Entry { wires, category, status, message, causes, remedies } = entry;
        let category = category.map(self::category);
        let status = literal::integer(status);
        let wires = if category.is_some() { wires } else { Vec::new() };
        wires.into_iter().map(move |wire| {
            let row = quote! {
                WireError::new(#wire, Category::#category, #status, #message, &[#(#causes),*], &[#(#remedies),*])
            };
            (wire, row)
        })
    });
    rows.ordered::<BTreeMap<_, _>>().into_values().collect()
}

/// The statuses, other than 400, of errors without a row: fakes need them, too.
pub(crate) fn statuses_without_row(service: &Service) -> Vec<(&str, u16)> {
    let exceptions = service.exceptions.iter().map(Entry::from);
    let entries = exceptions.chain(service.error_codes.iter().map(Entry::from));
    let without = entries.filter(|entry| entry.category.is_none() && !matches!(entry.status, 0 | 400));
    without.flat_map(|entry| entry.wires.into_iter().map(move |wire| (wire, entry.status))).collect()
}

pub(crate) fn category(category: Category) -> Ident {
    naming::word(match category {
        Category::Auth => "Auth",
        Category::AccessDenied => "AccessDenied",
        Category::Throttling => "Throttling",
        Category::Transient => "Transient",
        Category::Client => "Client",
        Category::NotFound => "NotFound",
        Category::Clock => "Clock",
        Category::Server => "Server",
    })
}
