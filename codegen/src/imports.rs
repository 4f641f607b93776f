//! The `use` lines of a file, derived from the names that its items use, so that none is missing or unused.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::visit::Visit;

use crate::{context::Context, naming, ordered::Ordered as _};

/// Where the names that templates use come from.
const KNOWN: &[(&str, &[&str])] = &[
    ("std", &["fmt"]),
    ("std::collections", &["BTreeMap"]),
    (
        "gatewright_runtime",
        &[
            "BuildError",
            "Call",
            "Category",
            "ClientBuilder",
            "Document",
            "DynamicOperation",
            "ErrorMembers",
            "Operation",
            "OperationError",
            "OperationInfo",
            "PagesRead",
            "Paginated",
            "Secret",
            "Service",
            "ServiceClient",
            "ServiceErrorCode",
            "ServiceInfo",
            "Wipe",
            "WireError",
            "protocol",
            "wait",
        ],
    ),
    ("gatewright_runtime::codec", &["Blob", "decode", "encode"]),
    (
        "gatewright_runtime::codec::form",
        &[
            "Attribute",
            "DateTime",
            "Float",
            "Frame",
            "Framed",
            "HttpDate",
            "InNamespace",
            "ItemName",
            "JsonText",
            "List",
            "ListFrame",
            "Map",
            "Nullable",
            "Plain",
            "SecretForm",
            "Wrapped",
            "XmlNamespace",
        ],
    ),
    (
        "gatewright_runtime::endpoint",
        &["Condition", "EndpointRules", "Outcome", "Partition", "Rule", "partitions"],
    ),
    (
        "gatewright_runtime::explain::known_responses",
        &["Failure", "KnownResponse", "KnownResponses", "RepairBy", "RequestTrait", "ResponseSource", "When"],
    ),
    ("gatewright_runtime::explain", &["KnownError"]),
    ("gatewright_fake", &["FakeRefusal", "FakeRequest", "FakeService"]),
    ("gatewright_runtime::hosts", &["HostForm", "Hosts"]),
    (
        "gatewright_runtime::protocol",
        &["AliyunRpc", "AwsEc2", "AwsJson", "AwsQuery", "AwsRestJson", "AwsRestXml", "HostPart", "RawHttp"],
    ),
    (
        "gatewright_runtime::sample",
        &["Issued", "SamplePart", "SamplePiece", "SampleRule", "SampleTime", "SampleValue"],
    ),
    ("gatewright_runtime::sign", &["Auth"]),
    ("gatewright_runtime::time", &["Timestamp"]),
    ("gatewright_runtime::validate", &["Bounds", "Check", "ITEM", "Pattern", "Text", "Validate"]),
    ("serde_core", &["Deserialize", "Deserializer", "Serialize", "Serializer"]),
    ("serde_core::de", &["MapAccess"]),
];

/// Names that are always in scope, and the type parameters of the templates.
const PRELUDE: &[&str] = &[
    "AsRef",
    "Box",
    "Clone",
    "D",
    "Debug",
    "Default",
    "Drop",
    "Eq",
    "Err",
    "Fn",
    "From",
    "Future",
    "Into",
    "IntoIterator",
    "Iterator",
    "M",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "Result",
    "S",
    "Send",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "Vec",
];

/// Names of every service's module besides its types.
const SERVICE: &[&str] = &["Client", "Error", "ErrorCode", "Exception", "framing", "limits", "waiters"];

/// Whether the templates use a name of a type themselves: the one list of reserved types.
pub(crate) fn is_taken(name: &str) -> bool {
    origin(name).is_some() || PRELUDE.contains(&name) || SERVICE.contains(&name)
}

fn origin(name: &str) -> Option<&'static str> {
    static ORIGINS: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
        KNOWN.iter().flat_map(|(path, names)| names.iter().map(|name| (*name, *path))).ordered()
    });
    ORIGINS.get(name).copied()
}

/// The `use` items that a file of a service needs, in groups: `std`, other crates, the service's module.
pub(crate) fn of(file: &syn::File, context: &Context<'_>) -> [Vec<TokenStream>; 3] {
    let mut used = Used::default();
    used.visit_file(file);

    let mut std = BTreeMap::new();
    let mut others = BTreeMap::new();
    let mut own = Vec::new();
    for (text, name) in &used.names {
        match origin(text) {
            _ if used.defined.contains(text) => {}
            Some(path) if path.starts_with("std") => std.entry(path).or_insert_with(Vec::new).push(name),
            Some(path) => others.entry(path).or_insert_with(Vec::new).push(name),
            None if context.types.contains(text) || SERVICE.contains(&text.as_str()) => own.push(name),
            None => {
                let is_type = text.starts_with(char::is_uppercase) && text != "Self";
                let in_scope = !is_type || PRELUDE.contains(&text.as_str());
                debug_assert!(
                    in_scope,
                    "`KNOWN` in codegen/src/imports.rs does not say where {text} is from"
                );
            }
        }
    }
    let items = |modules: BTreeMap<&'static str, Vec<&Ident>>| {
        let item = |(path, names): (&'static str, Vec<_>)| {
            let path = path.split("::").map(naming::word);
            uses(&quote!(#(#path)::*), &names)
        };
        modules.into_iter().map(item).collect()
    };
    let own = if own.is_empty() { Vec::new() } else { vec![uses(&context.path(), &own)] };
    [items(std), items(others), own]
}

fn uses(module: &TokenStream, names: &[&Ident]) -> TokenStream {
    match names {
        [name] => quote!(use #module::#name;),
        _ => quote!(use #module::{#(#names),*};),
    }
}

/// Names at the start of paths, and names that the file itself brings.
#[derive(Default)]
struct Used {
    names: BTreeMap<String, Ident>,
    defined: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for Used {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        // A lower-case name alone is a variable; a module is followed by what is taken from it.
        if let Some(first) = path.segments.first() {
            let text = first.ident.to_string();
            let is_variable = text.starts_with(char::is_lowercase) && path.get_ident().is_some();
            if !is_variable {
                self.names.entry(text).or_insert_with(|| first.ident.clone());
            }
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.defined.insert(item.ident.to_string());
        syn::visit::visit_item_enum(self, item);
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.defined.insert(item.ident.to_string());
        syn::visit::visit_item_struct(self, item);
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.defined.insert(item.ident.to_string());
        syn::visit::visit_item_const(self, item);
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.defined.insert(item.ident.to_string());
        syn::visit::visit_item_static(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.defined.insert(item.ident.to_string());
    }

    fn visit_use_name(&mut self, name: &'ast syn::UseName) {
        self.defined.insert(name.ident.to_string());
    }
}
