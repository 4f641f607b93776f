//! `waiters.rs`: the waiters of a service, and the methods of its client that wait.

use std::collections::BTreeMap;

use gatewright_model::{
    Acceptor, Comparison, Expected, Expression, Matcher, Operation, PathStep, Quantity, Service, Waiter,
    WaiterState,
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    context::Context,
    docs::{self, Docs},
    literal,
    naming::{self, Names},
    ordered::Ordered as _,
};

/// All waiters with their operations.
pub(crate) fn all(service: &Service) -> impl Iterator<Item = (&Operation, &Waiter)> {
    service
        .operations
        .iter()
        .flat_map(|operation| operation.waiters.iter().map(move |waiter| (operation, waiter)))
}

/// Names of the statics, by the names of the waiters.
fn statics(context: &Context<'_>) -> BTreeMap<String, Ident> {
    let mut names = Names::default();
    let mut waiters: Vec<_> = all(context.service).map(|(_, waiter)| waiter).collect();
    waiters.sort_by_key(|waiter| &waiter.name);
    waiters
        .into_iter()
        .map(|waiter| (waiter.name.clone(), names.take(naming::constant(&waiter.rust_name))))
        .ordered()
}

/// The tokens of the file.
pub(crate) fn file(context: &Context<'_>) -> TokenStream {
    let docs = Docs::markdown("Waiters: which outcomes of calls end a wait.").inner();
    let names = statics(context);
    let statics: BTreeMap<_, _> =
        all(context.service).map(|(_, waiter)| (&names[&waiter.name], definition(waiter))).ordered();
    let (names, definitions) = (statics.keys(), statics.values());
    quote! {
        #docs
        #(pub(super) static #names: wait::Waiter = #definitions;)*
    }
}

fn definition(waiter: &Waiter) -> TokenStream {
    let Waiter { name, min_delay, max_delay, max_wait, acceptors, .. } = waiter;
    let [min_delay, max_delay] = [min_delay, max_delay].map(literal::integer);
    let limit = max_wait.map(literal::integer).map(|seconds| quote!(.with_max_wait(#seconds)));
    let acceptors = acceptors.iter().map(|Acceptor { state, matcher }| {
        let matcher = self::matcher(matcher);
        match state {
            WaiterState::Success => quote!(wait::Acceptor::success(#matcher)),
            WaiterState::Failure => quote!(wait::Acceptor::failure(#matcher)),
            WaiterState::Retry => quote!(wait::Acceptor::retry(#matcher)),
        }
    });
    quote!(wait::Waiter::new(#name, #min_delay, #max_delay, &[#(#acceptors),*]) #limit)
}

fn matcher(matcher: &Matcher) -> TokenStream {
    match matcher {
        Matcher::Output { text, expression, quantity, expected } => {
            let expression = self::expression(expression);
            let quantity = match quantity {
                Quantity::Is => quote!(Is),
                Quantity::All => quote!(All),
                Quantity::Any => quote!(Any),
            };
            let expected = match expected {
                Expected::Text(text) => quote!(Text(#text)),
                Expected::Boolean(value) => quote!(Boolean(#value)),
            };
            quote! {
                wait::Matcher::Output {
                    text: #text,
                    expression: #expression,
                    quantity: wait::Quantity::#quantity,
                    expected: wait::Expected::#expected,
                }
            }
        }
        Matcher::Error(names) => quote!(wait::Matcher::Error(&[#(#names),*])),
        Matcher::Succeeds(succeeds) => quote!(wait::Matcher::Succeeds(#succeeds)),
        Matcher::Status(status) => {
            let status = literal::integer(status);
            quote!(wait::Matcher::Status(#status))
        }
    }
}

fn expression(expression: &Expression) -> TokenStream {
    let inner = self::expression;
    match expression {
        Expression::Path(steps) => {
            let steps = steps.iter().map(|step| match step {
                PathStep::Member(name) => quote!(wait::PathStep::Member(#name)),
                PathStep::Items => quote!(wait::PathStep::Items),
                PathStep::Values => quote!(wait::PathStep::Values),
                PathStep::Where(filter) => {
                    let filter = inner(filter);
                    quote!(wait::PathStep::Where(#filter))
                }
            });
            quote!(wait::Expression::Path(&[#(#steps),*]))
        }
        Expression::Text(text) => quote!(wait::Expression::Text(#text)),
        Expression::Number(number) => {
            let number = literal::integer(number);
            quote!(wait::Expression::Number(#number))
        }
        Expression::Boolean(value) => quote!(wait::Expression::Boolean(#value)),
        Expression::Length(of) => {
            let of = inner(of);
            quote!(wait::Expression::Length(&#of))
        }
        Expression::Compare(left, comparison, right) => {
            let (left, right) = (inner(left), inner(right));
            let comparison = match comparison {
                Comparison::Equal => quote!(Equal),
                Comparison::NotEqual => quote!(NotEqual),
                Comparison::Less => quote!(Less),
                Comparison::LessOrEqual => quote!(LessOrEqual),
                Comparison::Greater => quote!(Greater),
                Comparison::GreaterOrEqual => quote!(GreaterOrEqual),
            };
            quote!(wait::Expression::Compare(&#left, wait::Comparison::#comparison, &#right))
        }
        Expression::And(left, right) => {
            let (left, right) = (inner(left), inner(right));
            quote!(wait::Expression::And(&#left, &#right))
        }
        Expression::Or(left, right) => {
            let (left, right) = (inner(left), inner(right));
            quote!(wait::Expression::Or(&#left, &#right))
        }
        Expression::Not(of) => {
            let of = inner(of);
            quote!(wait::Expression::Not(&#of))
        }
    }
}

/// The methods of the client that wait, by their names.
pub(crate) fn methods(context: &Context<'_>) -> BTreeMap<Ident, TokenStream> {
    let names = statics(context);
    let method = |(operation, waiter): (&Operation, &Waiter)| {
        let (name, request) = (naming::wait_method(&waiter.rust_name), naming::request(&operation.rust_name));
        let docs = docs(operation, waiter);
        let deprecated = waiter.deprecated.as_ref().map(|why| quote!(#[deprecated(note = #why)]));
        let waiter = &names[&waiter.name];
        let tokens = quote! {
            #docs
            #deprecated
            #[inline]
            pub fn #name(&self, request: #request) -> wait::Wait<#request> {
                self.client.wait(request, &waiters::#waiter)
            }
        };
        (name, tokens)
    };
    all(context.service).map(method).ordered()
}

fn docs(operation: &Operation, waiter: &Waiter) -> Docs {
    let Waiter { name, doc, min_delay, max_delay, max_wait, acceptors, .. } = waiter;
    let first = if doc.is_empty() { format!("Waits for `{name}`.") } else { docs::escape(doc) };
    let method = naming::field(&operation.rust_name);
    let every = if min_delay == max_delay {
        format!("every {}", seconds(*min_delay))
    } else {
        format!("every {min_delay} to {}", seconds(*max_delay))
    };
    let limit = seconds(max_wait.unwrap_or(DEFAULT_MAX_WAIT));
    let calls = format!(
        "Calls [`{method}`](Self::{method}) {every}, for at most {limit} unless \
         [`max_wait`](wait::Wait::max_wait) sets another limit. The first of these conditions that an outcome meets \
         applies; an error that meets none ends the wait."
    );
    let item = |acceptor| {
        let (state, condition) = condition(acceptor);
        format!("{state}: {}", docs::code(&condition))
    };
    let items: Vec<_> = acceptors.iter().map(item).collect();
    let docs = Docs::markdown(&first).and(&calls).and_items(&items);
    docs::deprecated(docs, waiter.deprecated.as_ref())
}

/// Seconds for which a wait lasts if neither model nor program limits it; the runtime has the same.
const DEFAULT_MAX_WAIT: u64 = 600;

fn seconds(count: u64) -> String {
    if count == 1 { "1 second".to_owned() } else { format!("{count} seconds") }
}

/// State and condition of an acceptor, as texts.
pub(crate) fn condition(Acceptor { state, matcher }: &Acceptor) -> (&'static str, String) {
    let state = match state {
        WaiterState::Success => "success",
        WaiterState::Failure => "failure",
        WaiterState::Retry => "retry",
    };
    let condition = match matcher {
        Matcher::Output { text, expression: _, quantity, expected } => {
            let expected = match expected {
                Expected::Text(text) => format!("{text:?}"),
                Expected::Boolean(value) => value.to_string(),
            };
            match quantity {
                Quantity::Is => format!("{text} is {expected}"),
                Quantity::All => format!("all {text} are {expected}"),
                Quantity::Any => format!("one of {text} is {expected}"),
            }
        }
        Matcher::Error(names) => format!("the service reports {}", names.join(" or ")),
        Matcher::Succeeds(true) => "the call succeeds".to_owned(),
        Matcher::Succeeds(false) => "the service reports an error".to_owned(),
        Matcher::Status(status) => format!("the status is {status}"),
    };
    (state, condition)
}
