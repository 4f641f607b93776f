//! `known_responses.rs`: responses that are identified by more than a name, as data.

use gatewright_model::{
    Failure, KnownResponse, KnownResponses, Repair, RequestTrait, ResponseCondition, ResponseSource,
};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{context::Context, docs::Docs, errors, literal};

/// The tokens of the file; only docs if the model has no `known-responses.json`.
pub(crate) fn file(context: &Context<'_>) -> TokenStream {
    let docs = Docs::markdown("Known responses: what identifies each, its causes and its remedies.").inner();
    let Some(KnownResponses { sources, entries }) = &context.service.known_responses else { return docs };
    let sources = sources.iter().map(source);
    let entries = entries.iter().map(entry);

    quote! {
        #docs

        /// The first source that matches applies; entries are sorted from the likeliest.
        pub(super) static KNOWN_RESPONSES: KnownResponses = KnownResponses::new(&[#(#sources),*], &[#(#entries),*]);
    }
}

fn source(source: &ResponseSource) -> TokenStream {
    let ResponseSource { id, doc, headers, without } = source;
    let headers = headers.iter().map(|(name, value)| quote!((#name, #value)));
    quote!(ResponseSource::new(#id, #doc, &[#(#headers),*], &[#(#without),*]))
}

fn entry(response: &KnownResponse) -> TokenStream {
    // Examples are for the fake, which is not in every build.
    let KnownResponse { id, doc, category, when, causes, remedies, repairs, example: _ } = response;
    let category = errors::category(*category);
    let when = when.iter().map(|conditions| {
        let conditions = conditions.iter().map(condition);
        quote!(&[#(#conditions),*])
    });
    let repairs = (!repairs.is_empty()).then(|| {
        let repairs = repairs.iter().map(repair);
        quote!(.with_repairs(&[#(#repairs),*]))
    });
    quote! {
        KnownResponse::new(
            #id, #doc, Category::#category, &[#(#when),*], &[#(#causes),*], &[#(#remedies),*],
        )#repairs
    }
}

fn repair(repair: &Repair) -> TokenStream {
    let Repair { service, operation, input } = repair;
    let input = input.iter().map(|(member, value)| quote!((#member, #value)));
    quote!(RepairBy::new(#service, #operation, &[#(#input),*]))
}

fn condition(condition: &ResponseCondition) -> TokenStream {
    match condition {
        ResponseCondition::Otherwise => quote!(When::Otherwise),
        ResponseCondition::Failure(failures) => {
            let failures = failures.iter().copied().map(failure);
            quote!(When::Failure(&[#(#failures),*]))
        }
        ResponseCondition::Status(statuses) => {
            let statuses = statuses.iter().map(literal::integer);
            quote!(When::Status(&[#(#statuses),*]))
        }
        ResponseCondition::Type(names) => quote!(When::Type(&[#(#names),*])),
        ResponseCondition::Message(patterns) => quote!(When::Message(&[#(#patterns),*])),
        ResponseCondition::By(sources) => quote!(When::By(&[#(#sources),*])),
        ResponseCondition::Header(name, value) => quote!(When::Header(#name, #value)),
        ResponseCondition::Host(forms) => quote!(When::Host(&[#(#forms),*])),
        ResponseCondition::NotHost(forms) => quote!(When::NotHost(&[#(#forms),*])),
        ResponseCondition::Method(methods) => quote!(When::Method(&[#(#methods),*])),
        ResponseCondition::Path(patterns) => quote!(When::Path(&[#(#patterns),*])),
        ResponseCondition::ContentType(patterns) => quote!(When::ContentType(&[#(#patterns),*])),
        ResponseCondition::Sent(name) => quote!(When::Sent(#name)),
        ResponseCondition::Unsent(name) => quote!(When::Unsent(#name)),
        ResponseCondition::Request(what) => {
            let what = request(*what);
            quote!(When::Request(#what))
        }
        ResponseCondition::Certificate(names) => quote!(When::Certificate(&[#(#names),*])),
        ResponseCondition::OtherAccount(one, other) => quote!(When::OtherAccount(#one, #other)),
        ResponseCondition::SameAccount(one, other) => quote!(When::SameAccount(#one, #other)),
    }
}

fn failure(failure: Failure) -> TokenStream {
    match failure {
        Failure::Dns => quote!(Failure::Dns),
        Failure::Connect => quote!(Failure::Connect),
        Failure::CertificateName => quote!(Failure::CertificateName),
        Failure::CertificateIssuer => quote!(Failure::CertificateIssuer),
        Failure::ClientCertificate => quote!(Failure::ClientCertificate),
    }
}

pub(crate) fn request(what: RequestTrait) -> TokenStream {
    match what {
        RequestTrait::Signed => quote!(RequestTrait::Signed),
        RequestTrait::Unsigned => quote!(RequestTrait::Unsigned),
        RequestTrait::SessionToken => quote!(RequestTrait::SessionToken),
        RequestTrait::NoSessionToken => quote!(RequestTrait::NoSessionToken),
        RequestTrait::PrivateAddress => quote!(RequestTrait::PrivateAddress),
        RequestTrait::ClientCertificateAsked => quote!(RequestTrait::ClientCertificateAsked),
    }
}
