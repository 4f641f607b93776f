//! The tables of `gatewright-explain`: texts that do not depend on a service.

use gatewright_model::{Explanations, FailureText, HintText, SharedError, StatusText, VerdictText};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    Files,
    docs::Docs,
    errors, literal,
    naming::{self, variant},
    render,
};

/// The files, by their path below the folder of the tables.
pub(crate) fn files(explanations: &Explanations) -> Files {
    let Explanations { errors, statuses, verdicts, hints, failures } = explanations;
    let docs = Docs::markdown("Texts of explanations that do not depend on a service.").inner();
    let root = quote! {
        #docs
        pub(crate) mod errors;
        pub(crate) mod failures;
        pub(crate) mod signatures;
        pub(crate) mod statuses;

        #[doc = " What happened, why, and what to do."]
        pub(crate) struct Texts {
            #[doc = " What happened, in half a line."]
            pub(crate) summary: &'static str,
            #[doc = " Why it happens, likeliest first."]
            pub(crate) causes: &'static [&'static str],
            #[doc = " What to do, in this order."]
            pub(crate) remedies: &'static [&'static str],
        }
    };
    let files = [
        ("mod.rs", root),
        ("errors.rs", self::errors(errors)),
        ("failures.rs", self::failures(failures)),
        ("signatures.rs", signatures(verdicts, hints)),
        ("statuses.rs", self::statuses(statuses)),
    ];
    files
        .into_iter()
        .map(|(name, tokens)| (name.to_owned(), render::complete_file("model/explanations", tokens)))
        .collect()
}

fn errors(errors: &[SharedError]) -> TokenStream {
    let docs = Docs::markdown("Errors that services share, whether or not they declare them.").inner();
    let mut aliases: Vec<_> = errors
        .iter()
        .flat_map(|error| error.aliases.iter().map(|alias| (alias.as_str(), error.name.as_str())))
        .collect();
    aliases.sort_unstable();
    let aliases = aliases.into_iter().map(|(alias, name)| quote!((#alias, #name)));
    let rows = errors.iter().map(|error| {
        let SharedError { name, category, status, causes, remedies, aliases: _ } = error;
        let category = errors::category(*category);
        let status = literal::integer(status.unwrap_or_default());
        quote!(WireError::new(#name, Category::#category, #status, "", &[#(#causes),*], &[#(#remedies),*]))
    });
    quote! {
        #docs

        use crate::service::{Category, WireError};

        #[doc = " Other spellings, sorted, and the names that they are listed under."]
        pub(crate) static ALIASES: &[(&str, &str)] = &[#(#aliases),*];

        #[doc = " Sorted by name."]
        pub(crate) static ERRORS: &[WireError] = &[#(#rows),*];
    }
}

fn statuses(statuses: &[StatusText]) -> TokenStream {
    let docs = Docs::markdown("What statuses mean if the response names no error.").inner();
    let rows = statuses.iter().map(|text| {
        let StatusText { statuses, causes, remedies } = text;
        let statuses = statuses.iter().copied().map(literal::integer);
        quote!((&[#(#statuses),*], &[#(#causes),*], &[#(#remedies),*]))
    });
    quote! {
        #docs

        #[doc = " Statuses, causes and remedies. A digit is all other statuses that begin with it, 0 an unknown status, no status all others."]
        pub(crate) static STATUSES: &[(&[u16], &[&str], &[&str])] = &[#(#rows),*];
    }
}

fn failures(failures: &[FailureText]) -> TokenStream {
    let docs =
        Docs::markdown("Failures to get a response. In texts, `{name}` is a fact about the failure.").inner();
    let texts = failures.iter().map(|text| {
        let FailureText { id, summary, causes, remedies } = text;
        let (name, texts) = (naming::constant(id), texts(summary, causes, remedies));
        quote! {
            pub(crate) static #name: Texts = #texts;
        }
    });
    quote! {
        #docs

        use super::Texts;

        #(#texts)*
    }
}

fn signatures(verdicts: &[VerdictText], hints: &[HintText]) -> TokenStream {
    let docs = Docs::markdown("Why signatures are refused.").inner();
    let entries = verdicts.iter().map(|verdict| (verdict.id.as_str(), verdict.doc.as_str()));
    let verdict = identifiers("Verdict", "Why a request was refused because of its signature.", entries);
    let entries = hints.iter().map(|hint| (hint.id.as_str(), hint.doc.as_str()));
    let hint = identifiers("Hint", "A detail that makes a verdict more precise.", entries);
    let verdict_texts = verdicts.iter().map(|text| {
        let VerdictText { id, summary, causes, remedies, doc: _ } = text;
        let (variant, texts) = (variant(id), texts(summary, causes, remedies));
        quote! {
            Self::#variant => #texts
        }
    });
    let hint_texts = hints.iter().map(|text| {
        let HintText { id, cause, remedy, doc: _ } = text;
        let variant = variant(id);
        let cause = literal::option(cause.as_ref());
        quote!(Self::#variant => (#cause, #remedy))
    });
    quote! {
        #docs

        use std::fmt;

        use super::Texts;

        #verdict

        impl Verdict {
            #[doc = " Causes and remedies."]
            pub(crate) fn text(self) -> Texts {
                match self {
                    #(#verdict_texts),*
                }
            }
        }

        #hint

        impl Hint {
            #[doc = " The cause, if the hint is more specific than the verdict, and the remedy."]
            pub(crate) fn text(self) -> (Option<&'static str>, &'static str) {
                match self {
                    #(#hint_texts),*
                }
            }
        }
    }
}

/// Texts of an explanation.
fn texts(summary: &str, causes: &[String], remedies: &[String]) -> TokenStream {
    quote!(Texts { summary: #summary, causes: &[#(#causes),*], remedies: &[#(#remedies),*] })
}

/// An enum whose variants have an identifier in snake case.
fn identifiers<'a>(
    name: &'static str,
    doc: &str,
    entries: impl Iterator<Item = (&'a str, &'a str)>,
) -> TokenStream {
    let name = naming::word(name);
    let doc = format!(" {doc}");
    let entries: Vec<_> = entries.map(|(id, doc)| (id, variant(id), format!(" {doc}"))).collect();
    let variants: Vec<_> = entries.iter().map(|(_, variant, _)| variant).collect();
    let ids: Vec<_> = entries.iter().map(|(id, ..)| id).collect();
    let docs: Vec<_> = entries.iter().map(|(.., doc)| doc).collect();
    quote! {
        #[doc = #doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #docs] #variants),*
        }

        impl #name {
            #[doc = " Every value, in the order of declaration."]
            pub const ALL: &'static [Self] = &[#(Self::#variants),*];

            #[doc = " The identifier, in snake case."]
            pub const fn as_str(self) -> &'static str {
                match self {
                    #(Self::#variants => #ids),*
                }
            }
        }

        impl fmt::Display for #name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    }
}
