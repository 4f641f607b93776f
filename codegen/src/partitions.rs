//! Partitions, as data: in the tables of the runtime that services share, or in a service's `endpoints.rs`.

use gatewright_model::{Partition, PartitionTable};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::{docs::Docs, literal, naming};

/// The file of the shared tables.
pub(crate) fn file(tables: &[PartitionTable]) -> TokenStream {
    let docs = Docs::markdown("Partitions that services share, one table per cloud.").inner();
    let tables = tables.iter().map(|table| {
        let doc = literal::doc(&format!("Partitions of `{}`.", table.name));
        let (name, count) = (naming::table(table), Literal::usize_unsuffixed(table.partitions.len()));
        let partitions = table.partitions.iter().map(literal);
        quote! {
            #[doc = #doc]
            pub static #name: [Partition; #count] = [#(#partitions),*];
        }
    });
    quote! {
        #docs

        use super::Partition;

        #(#tables)*
    }
}

/// A partition as an expression.
pub(crate) fn literal(partition: &Partition) -> TokenStream {
    let Partition {
        id,
        region_prefixes,
        dns_suffix,
        dual_stack_dns_suffix,
        other_dns_suffixes,
        supports_fips,
        supports_dual_stack,
        regions,
    } = partition;
    quote! {
        Partition {
            id: #id,
            region_prefixes: &[#(#region_prefixes),*],
            dns_suffix: #dns_suffix,
            dual_stack_dns_suffix: #dual_stack_dns_suffix,
            other_dns_suffixes: &[#(#other_dns_suffixes),*],
            supports_fips: #supports_fips,
            supports_dual_stack: #supports_dual_stack,
            regions: &[#(#regions),*],
        }
    }
}
