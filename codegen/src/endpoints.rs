//! `endpoints.rs`: endpoint rules and partitions, as data.

use gatewright_model::{EndpointCondition, EndpointOutcome, EndpointRule, Partitions};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{context::Context, docs::Docs, naming, partitions};

/// The tokens of the file.
pub(crate) fn file(context: &Context<'_>) -> TokenStream {
    let endpoints = &context.service.endpoints;
    let docs = Docs::markdown("Endpoint rules and partitions.").inner();
    let rules = endpoints.rules.iter().map(rule);
    let partitions = match &endpoints.partitions {
        Partitions::Shared(table) => {
            let table = naming::table(table);
            quote!(&partitions::#table)
        }
        Partitions::Own(own) => {
            let own = own.iter().map(partitions::literal);
            quote!(&[#(#own),*])
        }
    };

    quote! {
        #docs

        /// The first rule whose conditions all hold applies.
        pub(super) static RULES: EndpointRules = EndpointRules::new(&[#(#rules),*], #partitions);
    }
}

fn rule(rule: &EndpointRule) -> TokenStream {
    let when = rule.when.iter().map(condition);
    let then = match &rule.then {
        EndpointOutcome::Custom => quote!(Outcome::Custom),
        EndpointOutcome::Url(url) => quote!(Outcome::Url(#url)),
        EndpointOutcome::SignedFor { url, region } => quote!(Outcome::SignedFor(#url, #region)),
        EndpointOutcome::Error(reason) => quote!(Outcome::Error(#reason)),
    };
    quote!(Rule { when: &[#(#when),*], then: #then })
}

fn condition(condition: &EndpointCondition) -> TokenStream {
    match condition {
        EndpointCondition::EndpointSet => quote!(Condition::EndpointSet),
        EndpointCondition::RegionSet => quote!(Condition::RegionSet),
        EndpointCondition::RegionIs(region) => quote!(Condition::RegionIs(#region)),
        EndpointCondition::Fips => quote!(Condition::Fips),
        EndpointCondition::DualStack => quote!(Condition::DualStack),
        EndpointCondition::PartitionHasFips => quote!(Condition::PartitionHasFips),
        EndpointCondition::PartitionHasDualStack => quote!(Condition::PartitionHasDualStack),
        EndpointCondition::PartitionIs(id) => quote!(Condition::PartitionIs(#id)),
        EndpointCondition::Vpc => quote!(Condition::Vpc),
        EndpointCondition::Global => quote!(Condition::Global),
    }
}
