//! Renders tokens as the text of a file. Only this module formats.

use proc_macro2::{Group, TokenStream, TokenTree};
use syn::{File, Item};

use crate::{MARK, context::Context, imports, naming};

/// The text of a file of a service, whose `tokens` are inner attributes and items without imports.
pub(crate) fn service_file(context: &Context<'_>, tokens: TokenStream) -> String {
    let here = |tokens| if context.in_runtime { within_runtime(tokens) } else { tokens };
    let file = parse(here(tokens));
    let imports = imports::of(&file, context).map(|group| group.into_iter().map(here).collect());
    text(&context.origin(), imports, file)
}

/// Replaces the runtime's name by `crate`, for files of the runtime itself.
fn within_runtime(tokens: TokenStream) -> TokenStream {
    let token = |token| match token {
        TokenTree::Ident(ident) if ident == "gatewright_runtime" => naming::word("crate").into(),
        TokenTree::Group(group) => Group::new(group.delimiter(), within_runtime(group.stream())).into(),
        other @ (TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_)) => other,
    };
    tokens.into_iter().map(token).collect()
}

/// The text of a file that imports what it needs itself: the crate's root, or a table that services share.
pub(crate) fn complete_file(origin: &str, tokens: TokenStream) -> String {
    text(origin, Default::default(), parse(tokens))
}

fn parse(tokens: TokenStream) -> File {
    syn::parse2(tokens).expect("every template is Rust")
}

/// A header, then blocks with a blank line between them.
fn text(origin: &str, imports: [Vec<TokenStream>; 3], file: File) -> String {
    let header = format!("// {MARK} from {origin}. Do not edit.\n");
    let (docs, attributes) = file.attrs.into_iter().partition(|attribute| attribute.path().is_ident("doc"));
    let imports = imports.into_iter().map(|group| parse(group.into_iter().collect()));
    let top =
        [docs, attributes].map(|attrs| File { shebang: None, frontmatter: None, attrs, items: Vec::new() });
    let top = top.into_iter().chain(imports).map(|file| prettyplease::unparse(&file));
    let blocks = [header].into_iter().chain(top).chain(blocks(file.items));
    blocks.filter(|block| !block.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Each item alone, but lists of modules together.
fn blocks(items: Vec<Item>) -> Vec<String> {
    let mut blocks: Vec<(bool, String)> = Vec::new();
    for item in items {
        let joins = matches!(&item, Item::Mod(item) if item.content.is_none() && item.attrs.is_empty());
        let text = item_text(item);
        match blocks.last_mut() {
            Some((true, block)) if joins => block.push_str(&text),
            _ => blocks.push((joins, text)),
        }
    }
    blocks.into_iter().map(|(_, block)| block).collect()
}

fn item_text(item: Item) -> String {
    let is_impl = matches!(item, Item::Impl(_));
    let text = prettyplease::unparse(&File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: vec![item],
    });
    if is_impl { spaced(&text) } else { text }
}

/// A blank line before every function of an `impl` but the first item.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + 64);
    let mut ended = "";
    for line in text.lines() {
        let at_member = line.strip_prefix("    ").is_some_and(|line| !line.starts_with([' ', '}', ')']));
        let is_const =
            ended.ends_with(';') && ["    const ", "    type "].iter().any(|word| line.starts_with(word));
        if at_member && !ended.is_empty() && !is_const {
            spaced.push('\n');
        }
        let is_comment = line.starts_with("    //");
        ended = if line == "    }" || (at_member && !is_comment && line.ends_with(';')) { line } else { "" };
        spaced.push_str(line);
        spaced.push('\n');
    }
    spaced
}
