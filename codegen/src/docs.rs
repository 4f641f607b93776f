//! Documentation from sentences and constraints of the model, as one attribute per line.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};

use crate::{context::Context, literal, naming};

/// Lines are wrapped here, `///` and indentation not counted.
const WIDTH: usize = 104;

/// A documentation comment: paragraphs with an empty line between them.
#[derive(Default)]
pub(crate) struct Docs {
    lines: Vec<String>,
    /// A name by which a search finds the item as well.
    alias: Option<String>,
}

impl Docs {
    /// Begins with a sentence of the model.
    pub(crate) fn text(text: &str) -> Self {
        Self::default().and_text(text)
    }

    /// Begins with Markdown of the generator.
    pub(crate) fn markdown(markdown: &str) -> Self {
        Self::default().and(markdown)
    }

    /// A paragraph of the model's text; none if it is empty.
    pub(crate) fn and_text(self, text: &str) -> Self {
        self.and(&escape(text))
    }

    /// A paragraph of Markdown; none if it is empty.
    pub(crate) fn and(self, markdown: &str) -> Self {
        self.paragraph(wrap(markdown, ""))
    }

    /// A paragraph that is not wrapped, for code that may hold any character.
    pub(crate) fn and_line(self, line: String) -> Self {
        self.paragraph(vec![line])
    }

    /// A list of the model's sentences under a title, which links the operations that it names; nothing if it is empty. For
    /// files of the service's module.
    pub(crate) fn and_links(self, context: &Context<'_>, title: &str, items: &[String]) -> Self {
        if items.is_empty() {
            return self;
        }
        let items: Vec<_> = items.iter().map(|item| linked(context, &escape(item))).collect();
        self.and(&format!("{title}:")).and_items(&items)
    }

    /// The name on the wire, unless a search by it finds the item anyway: rustdoc ignores case and underscores.
    pub(crate) fn and_alias(mut self, wire: &str, name: &Ident) -> Self {
        let plain = |name: &str| name.trim_start_matches("r#").replace('_', "").to_lowercase();
        let is_word = !wire.is_empty()
            && wire.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        if is_word && plain(wire) != plain(&name.to_string()) {
            self.alias = Some(wire.to_owned());
        }
        self
    }

    /// A list, each item in Markdown.
    pub(crate) fn and_items(self, items: &[String]) -> Self {
        self.paragraph(items.iter().flat_map(|item| wrap(&format!("- {item}"), "  ")).collect())
    }

    /// An example that is compiled but not run.
    pub(crate) fn and_example(self, code: &[String]) -> Self {
        let fence = |fence: &str| [fence.to_owned()].into_iter();
        self.paragraph(fence("```no_run").chain(code.iter().cloned()).chain(fence("```")).collect())
    }

    fn paragraph(mut self, lines: Vec<String>) -> Self {
        if !lines.is_empty() {
            if !self.lines.is_empty() {
                self.lines.push(String::new());
            }
            self.lines.extend(lines);
        }
        self
    }

    /// Inner attributes, for the file itself.
    pub(crate) fn inner(&self) -> TokenStream {
        let lines = self.attributes();
        quote!(#(#![doc = #lines])*)
    }

    fn attributes(&self) -> impl Iterator<Item = Literal> {
        self.lines.iter().map(|line| literal::doc(line))
    }
}

/// Outer attributes, for the item that follows.
impl ToTokens for Docs {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let (lines, alias) = (self.attributes(), self.alias.iter());
        tokens.extend(quote!(#(#[doc = #lines])* #(#[doc(alias = #alias)])*));
    }
}

/// Markdown whose code links to the method of an operation, if it is the operation's name.
fn linked(context: &Context<'_>, markdown: &str) -> String {
    if context.in_runtime {
        return markdown.to_owned();
    }
    let mut parts = markdown.split('`');
    let mut linked = parts.next().unwrap_or_default().to_owned();
    while let Some(code) = parts.next() {
        match (context.operations.get(code), parts.next()) {
            (Some(operation), Some(text)) => {
                let method = naming::field(&operation.rust_name).to_string();
                linked.extend(["[`", code, "`](super::Client::", &method, ")", text]);
            }
            (_, Some(text)) => linked.extend(["`", code, "`", text]),
            (_, None) => linked.extend(["`", code]),
        }
    }
    linked
}

/// Adds the reason for a deprecation.
pub(crate) fn deprecated(docs: Docs, why: Option<&String>) -> Docs {
    match why {
        Some(why) => docs.and(&format!("**Deprecated**: {}", escape(why))),
        None => docs,
    }
}

/// Text as Markdown that shows it unchanged. Backticks of the model stay: what is between them is code already.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (index, part) in text.split('`').enumerate() {
        let is_code = index % 2 == 1;
        if index > 0 {
            escaped.push('`');
        }
        for word in part.split_inclusive(' ') {
            match word {
                word if is_code => escaped.push_str(word),
                word if word.starts_with("http://") || word.starts_with("https://") => {
                    link(&mut escaped, word);
                }
                word => escaped.extend(word.char_indices().flat_map(|(index, character)| {
                    // An underscore within a word means nothing to Markdown.
                    let special = matches!(character, '[' | ']' | '<' | '>' | '*' | '\\')
                        || (character == '_' && index == 0);
                    special.then_some('\\').into_iter().chain([character])
                })),
            }
        }
    }
    escaped
}

/// An address as a link, without the punctuation that follows it.
fn link(escaped: &mut String, word: &str) {
    let address = word.trim_end_matches([' ', '.', ',', ';', ')', ':']);
    escaped.extend(["<", address, ">", &word[address.len()..]]);
}

/// Text as code, with delimiters that the text does not contain.
pub(crate) fn code(text: &str) -> String {
    let text = text.replace('\n', " ");
    match (text.contains("``"), text.contains('`')) {
        (true, _) => format!("```` {text} ````"),
        (false, true) => format!("`` {text} ``"),
        (false, false) => format!("`{text}`"),
    }
}

/// Breaks text into lines, all but the first after `indent`.
fn wrap(text: &str, indent: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= WIDTH || begins_block(word) => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) => lines.push(format!("{indent}{word}")),
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Whether a line that begins with this word would be a list, a quote or a heading in Markdown.
fn begins_block(word: &str) -> bool {
    let number = word.trim_start_matches(|c: char| c.is_ascii_digit());
    ["-", "+", "*", ">", "="].contains(&word)
        || word.starts_with('#')
        || (number.len() < word.len() && (number == "." || number == ")"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_models_is_shown_as_it_is() {
        assert_eq!(escape("a [b] <c> d_e _f_ `[g]` *"), r"a \[b\] \<c\> d_e \_f_ `[g]` \*");
        assert_eq!(escape("see https://example.com/a_b, or not"), "see <https://example.com/a_b>, or not");
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b"), "`` a`b ``");
    }

    #[test]
    fn lines_end_where_no_block_begins() {
        let text = format!("{} 1. - # b", "a".repeat(WIDTH));
        assert_eq!(wrap(&text, "  "), [format!("{} 1. - #", "a".repeat(WIDTH)), "  b".to_owned()]);
        assert!(wrap("", "").is_empty());
    }
}
