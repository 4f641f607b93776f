//! Rules that derive a fake's responses from requests and from the time.

use gatewright_model::{
    Kind, MemberForm, Operation, SamplePart, SamplePiece, SampleRule, SampleValue, ShapeId, TimestampFormat,
};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use crate::{context::Context, literal};

/// The rules of an operation's sample: every timestamp is the current time, then the rules of the model apply.
pub(crate) fn of(context: &Context<'_>, operation: &Operation, sample: &Value) -> Vec<TokenStream> {
    let mut moments = Vec::new();
    find_moments(context, operation.output, MemberForm::Plain, sample, "", &mut moments);
    let moments = moments.into_iter().map(|(pointer, format)| {
        let time = time(format);
        quote!(SampleRule::new(#pointer, SampleValue::Now(#time)))
    });
    moments.chain(operation.sample.iter().map(rule)).collect()
}

/// JSON pointers (RFC 6901) of the timestamps in a value.
fn find_moments(
    context: &Context<'_>,
    id: ShapeId,
    form: MemberForm,
    value: &Value,
    pointer: &str,
    found: &mut Vec<(String, TimestampFormat)>,
) {
    match (&context.shape(id).kind, value) {
        (Kind::Timestamp { format }, _) => found.push((pointer.to_owned(), form.timestamp_format(*format))),
        (Kind::List { member, .. }, Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                find_moments(context, *member, MemberForm::Plain, item, &format!("{pointer}/{index}"), found);
            }
        }
        // The wrapper of the items of a list.
        (Kind::List { .. }, Value::Object(wrapped)) => {
            for (name, items) in wrapped {
                find_moments(context, id, MemberForm::Plain, items, &step(pointer, name), found);
            }
        }
        (Kind::Map { value: member, .. }, Value::Object(entries)) => {
            for (key, item) in entries {
                find_moments(context, *member, MemberForm::Plain, item, &step(pointer, key), found);
            }
        }
        (Kind::Structure { .. } | Kind::Union { .. }, Value::Object(given)) => {
            for member in context.shape(id).members() {
                if let Some(value) = given.get(&member.wire) {
                    let pointer = step(pointer, &member.wire);
                    find_moments(context, member.shape, member.form, value, &pointer, found);
                }
            }
        }
        _ => {}
    }
}

fn step(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn pointer(names: &[String]) -> String {
    names.iter().fold(String::new(), |pointer, name| step(&pointer, name))
}

fn time(format: TimestampFormat) -> TokenStream {
    match format {
        TimestampFormat::EpochSeconds => quote!(SampleTime::EpochSeconds),
        TimestampFormat::DateTime => quote!(SampleTime::DateTime),
        TimestampFormat::HttpDate => quote!(SampleTime::HttpDate),
    }
}

fn rule(SampleRule { at, value }: &SampleRule) -> TokenStream {
    let at = pointer(at);
    let value = match value {
        SampleValue::Text(pieces) => {
            let pieces = pieces.iter().map(piece);
            quote!(SampleValue::Text(&[#(#pieces),*]))
        }
        SampleValue::Issued {
            access_key_id,
            secret_access_key,
            session_token,
            expiration: (expiration, format),
            lifetime,
            default_lifetime,
        } => {
            let (time, default_lifetime) = (time(*format), literal::integer(default_lifetime));
            let lifetime = literal::option(lifetime.as_ref());
            quote! {
                SampleValue::Issued(Issued {
                    access_key_id: #access_key_id,
                    secret_access_key: #secret_access_key,
                    session_token: #session_token,
                    expiration: (#expiration, #time),
                    lifetime: #lifetime,
                    default_lifetime: #default_lifetime,
                })
            }
        }
        SampleValue::OnlyWith(members) => quote!(SampleValue::OnlyWith(&[#(#members),*])),
    };
    quote!(SampleRule::new(#at, #value))
}

fn piece(piece: &SamplePiece) -> TokenStream {
    match piece {
        SamplePiece::Literal(text) => quote!(SamplePiece::Literal(#text)),
        SamplePiece::Request(name, part) => {
            let part = self::part(*part);
            quote!(SamplePiece::Request(#name, #part))
        }
        SamplePiece::Caller(names, part) => {
            let (pointer, part) = (pointer(names), self::part(*part));
            quote!(SamplePiece::Caller(#pointer, #part))
        }
    }
}

fn part(part: SamplePart) -> TokenStream {
    match part {
        SamplePart::Whole => quote!(SamplePart::Whole),
        SamplePart::Colon(number) => {
            let number = literal::integer(number);
            quote!(SamplePart::Colon(#number))
        }
        SamplePart::LastSlash => quote!(SamplePart::LastSlash),
    }
}
