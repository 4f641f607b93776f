//! Examples in documentation, from the examples of the model.

use std::collections::BTreeSet;

use gatewright_model::{ErrorCode, Kind, Operation, Service, ShapeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::{Map, Value};
use syn::File;

use crate::{
    context::Context,
    fields::{Field, Structure},
    literal, naming,
    operation::lower_first,
    types,
};

/// A call of an operation with the model's example; `None` without one, or if it cannot be written in Rust.
pub(crate) fn call(context: &Context<'_>, operation: &Operation) -> Option<Vec<String>> {
    let mut used = BTreeSet::from([naming::word("Client")]);
    let request = request(context, operation, Extent::Whole, &mut used)?;
    let method = naming::field(&operation.rust_name);
    Some(lines(
        context,
        &used,
        quote! {
            async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
                let request = #request;
                let response = client.#method(request).await?;
                Ok(())
            }
        },
    ))
}

/// A client, a call and its errors, as the first example of a service.
pub(crate) fn tour(context: &Context<'_>) -> Option<Vec<String>> {
    current(context.service).find_map(|operation| {
        let code = context.service.codes_of(operation).next()?;
        tour_of(context, operation, code)
    })
}

/// The operations that are not deprecated.
pub(crate) fn current(service: &Service) -> impl Iterator<Item = &Operation> {
    service.operations.iter().filter(|operation| operation.deprecated.is_none())
}

fn tour_of(context: &Context<'_>, operation: &Operation, code: &ErrorCode) -> Option<Vec<String>> {
    let mut used = ["Client", "ErrorCode"].map(naming::word).into();
    let request = request(context, operation, Extent::Required, &mut used)?;
    let (method, variant) = (naming::field(&operation.rust_name), naming::variant(&code.rust_name));
    let meaning = lower_first(code.doc.trim_end_matches('.'));
    Some(whole(
        context,
        &used,
        quote! {
            async fn example() -> Result<(), Box<dyn std::error::Error>> {
                let client = Client::from_env().await?;
                let request = #request;
                match client.#method(request).await {
                    Ok(response) => println!("{response:?}"),
                    Err(error) if error.code() == Some(&ErrorCode::#variant) => return Err(#meaning.into()),
                    Err(error) => println!("{}", error.explain()),
                }
                Ok(())
            }
        },
    ))
}

/// An example as lines, of which those are hidden that are only there to compile it.
fn lines(context: &Context<'_>, used: &BTreeSet<Ident>, function: TokenStream) -> Vec<String> {
    let shown = |line: String| match line.strip_prefix("    ") {
        Some("Ok(())") => "# Ok(())".to_owned(),
        Some(line) => line.to_owned(),
        None => format!("# {line}"),
    };
    let [imports, function] = formatted(context, used, function);
    imports.into_iter().chain(function.into_iter().map(shown)).collect()
}

/// An example as lines that can be pasted.
fn whole(context: &Context<'_>, used: &BTreeSet<Ident>, function: TokenStream) -> Vec<String> {
    formatted(context, used, function).concat()
}

/// The lines of imports, with an empty one, and of a function.
fn formatted(context: &Context<'_>, used: &BTreeSet<Ident>, function: TokenStream) -> [Vec<String>; 2] {
    let (krate, module) = (&context.krate, &context.module);
    let format = |tokens| prettyplease::unparse(&syn::parse2::<File>(tokens).expect("examples are Rust"));
    let (shared, own): (Vec<_>, Vec<_>) = used.iter().partition(|name| *name == "Secret");
    let imports = match shared.as_slice() {
        [] => quote!(use #krate::#module::{#(#own),*};),
        shared => quote!(use #krate::{#(#shared,)* #module::{#(#own),*}};),
    };
    [format(imports) + "\n", format(function)].map(|text| text.lines().map(str::to_owned).collect())
}

/// How much of the model's example is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Required,
    Whole,
}

fn request(
    context: &Context<'_>,
    operation: &Operation,
    extent: Extent,
    used: &mut BTreeSet<Ident>,
) -> Option<TokenStream> {
    let example = operation.example_input.as_ref()?.as_object()?;
    structure(context, &Structure::request(context, operation), example, extent, used)
}

/// `T::new(required).optional(value)`.
fn structure(
    context: &Context<'_>,
    structure: &Structure<'_>,
    example: &Map<String, Value>,
    extent: Extent,
    used: &mut BTreeSet<Ident>,
) -> Option<TokenStream> {
    let name = &structure.name;
    let is_empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    let (mut arguments, mut setters) = (Vec::new(), Vec::new());
    for field in &structure.fields {
        let value = example.get(&field.member.wire).filter(|value| !is_empty(value));
        if field.argument {
            let passed = if structure.required.is_some() { Passed::AsField } else { Passed::AsArgument };
            arguments.push((&field.name, self::field(context, field, value?, passed, used)?));
        } else if let (Some(value), Extent::Whole, None) = (value, extent, &field.member.deprecated) {
            let (setter, value) =
                (&field.name, self::field(context, field, value, Passed::AsArgument, used)?);
            setters.push(quote!(.#setter(#value)));
        }
    }
    used.extend(structure.types().cloned());
    let (names, values): (Vec<_>, Vec<_>) = arguments.into_iter().unzip();
    let arguments = match &structure.required {
        Some(required) => quote!(#required { #(#names: #values),* }),
        None => quote!(#(#values),*),
    };
    Some(quote!(#name::new(#arguments) #(#setters)*))
}

/// How a value is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Passed {
    /// As an argument, which is converted.
    AsArgument,
    /// As a field, whose type it has.
    AsField,
}

fn field(
    context: &Context<'_>,
    field: &Field<'_>,
    value: &Value,
    passed: Passed,
    used: &mut BTreeSet<Ident>,
) -> Option<TokenStream> {
    if field.ty.secret {
        used.insert(naming::word("Secret"));
        let value = secret(context, field.member.shape, value, used)?;
        return Some(quote!(Secret::new(#value)));
    }
    self::value(context, field.member.shape, value, passed, used)
}

/// What `Secret::new` takes.
fn secret(
    context: &Context<'_>,
    id: ShapeId,
    value: &Value,
    used: &mut BTreeSet<Ident>,
) -> Option<TokenStream> {
    let is_text = matches!(context.shape(id).kind, Kind::String { .. });
    self::value(context, id, value, if is_text { Passed::AsArgument } else { Passed::AsField }, used)
}

fn value(
    context: &Context<'_>,
    id: ShapeId,
    value: &Value,
    passed: Passed,
    used: &mut BTreeSet<Ident>,
) -> Option<TokenStream> {
    let shape = context.shape(id);
    Some(match (&shape.kind, value) {
        (Kind::Boolean, Value::Bool(value)) => quote!(#value),
        (Kind::Integer { .. }, Value::Number(number)) => {
            let number = literal::integer(number.as_i64()?);
            quote!(#number)
        }
        (Kind::Float { .. }, Value::Number(number)) => {
            let number = literal::float(number.as_f64()?);
            quote!(#number)
        }
        (Kind::String { .. }, Value::String(text)) => match passed {
            Passed::AsArgument => quote!(#text),
            Passed::AsField => quote!(#text.into()),
        },
        (Kind::Enum { values }, Value::String(text)) => {
            let known = values.iter().find(|value| value.wire == *text)?;
            let (name, variant) = (naming::ty(shape), naming::variant(&known.rust_name));
            used.insert(name.clone());
            quote!(#name::#variant)
        }
        (Kind::List { member, sparse: false, .. }, Value::Array(items)) => {
            let is_secret = types::is_secret(context, *member) && !types::is_secret(context, id);
            let is_text = matches!(context.shape(*member).kind, Kind::String { .. } | Kind::Enum { .. });
            let is_array = is_text && !is_secret && passed == Passed::AsArgument;
            let values = items.iter().map(|item| {
                if is_secret {
                    let value = secret(context, *member, item, used)?;
                    return Some(quote!(Secret::new(#value)));
                }
                self::value(context, *member, item, passed, used)
            });
            let values = values.collect::<Option<Vec<_>>>()?;
            if is_secret {
                used.insert(naming::word("Secret"));
            }
            // Not `vec!`: nothing formats the arguments of a macro.
            if is_array { quote!([#(#values),*]) } else { quote!(Vec::from([#(#values),*])) }
        }
        (Kind::Structure { .. }, Value::Object(members)) => {
            structure(context, &Structure::part(context, id), members, Extent::Whole, used)?
        }
        _ => return None,
    })
}
