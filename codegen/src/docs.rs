//! Documentation from sentences and constraints of the model, as one attribute per line.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};

use crate::{context::Context, literal, naming, ordered::Ordered as _};

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
        let items: Vec<_> = items.iter().map(|item| linked(context, item)).collect();
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

/// Text as Markdown whose code links to the method of an operation, if it is the operation's name.
fn linked(context: &Context<'_>, text: &str) -> String {
    escape_with(text, |name| match context.operations.get(name) {
        Some(operation) if !context.in_runtime => {
            format!("[{}](super::Client::{})", code(name), naming::field(&operation.rust_name))
        }
        Some(_) | None => code(name),
    })
}

/// Adds the reason for a deprecation.
pub(crate) fn deprecated(docs: Docs, why: Option<&String>) -> Docs {
    match why {
        Some(why) => docs.and(&format!("**Deprecated**: {}", escape(why))),
        None => docs,
    }
}

/// Text as Markdown that shows it unchanged. What is between backticks of the model is code already.
pub(crate) fn escape(text: &str) -> String {
    escape_with(text, code)
}

/// The same; `code` writes what is between backticks.
fn escape_with(text: &str, code: impl Fn(&str) -> String) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text.trim_start();
    let sign = rest.split_whitespace().next().and_then(block_sign);
    // All other signs are escaped wherever they are.
    if let Some(sign) = sign.filter(|sign| rest[*sign..].starts_with(['#', '-', '+', '=', '.', ')'])) {
        escaped.extend([&rest[..sign], "\\", &rest[sign..=sign]]);
        rest = &rest[sign + 1..];
    }
    while let Some(start) = rest.find('`') {
        push_plain(&mut escaped, &rest[..start]);
        let inner = rest[start..].trim_start_matches('`');
        let fence = &rest[start..rest.len() - inner.len()];
        // Code ends with as many backticks as it begins with.
        let is_end = |(at, _): &(usize, &str)| {
            let run = || inner.len() - at - inner[*at..].trim_start_matches('`').len();
            !inner[..*at].ends_with('`') && run() == fence.len()
        };
        if let Some((end, _)) = inner.match_indices(fence).find(is_end) {
            escaped.push_str(&code(inner[..end].trim()));
            rest = &inner[end + fence.len()..];
        } else {
            escaped.push_str(&fence.replace('`', "\\`"));
            rest = inner;
        }
    }
    push_plain(&mut escaped, rest);
    escaped
}

/// Adds text without code.
fn push_plain(escaped: &mut String, text: &str) {
    for word in text.split_inclusive(char::is_whitespace) {
        let mut rest = word;
        while let Some((start, end)) = address(rest) {
            push_escaped(escaped, &rest[..start]);
            escaped.extend(["<", &rest[start..end], ">"]);
            rest = &rest[end..];
        }
        push_escaped(escaped, rest);
    }
}

/// Adds text without addresses.
fn push_escaped(escaped: &mut String, text: &str) {
    let mut before = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let is_in_word = |neighbor: Option<char>| neighbor.is_some_and(char::is_alphanumeric);
        let next = characters.peek().copied();
        let is_special = match character {
            '[' | ']' | '<' | '>' | '*' | '~' | '\\' => true,
            // After a letter or digit, an underscore begins nothing.
            '_' => !is_in_word(before),
            // rustdoc makes one sign of several.
            '-' | '.' => before == Some(character),
            '&' => next == Some('#') || is_in_word(next),
            _ => false,
        };
        escaped.extend(is_special.then_some('\\').into_iter().chain([character]));
        before = Some(character);
    }
}

/// Pairs of signs that addresses contain, such as `{stage}`, or stand between.
const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];

/// Start and end of the first address in a word, without the punctuation around it.
fn address(word: &str) -> Option<(usize, usize)> {
    let (start, scheme) = word.match_indices("http").find_map(|(start, _)| {
        let scheme = ["http://", "https://"].into_iter().find(|scheme| word[start..].starts_with(scheme))?;
        Some((start, scheme.len()))
    })?;
    let whole = word[start..].split(|c: char| c.is_whitespace() || "<>\"|".contains(c)).next()?;
    let count = |sign: char| whole.matches(sign).count();
    let mut unopened = BRACKETS.map(|(open, close)| count(close).saturating_sub(count(open)));
    let is_after = |c: char| match BRACKETS.iter().position(|(_, close)| *close == c) {
        Some(pair) => {
            let is_unopened = unopened[pair] > 0;
            unopened[pair] = unopened[pair].saturating_sub(1);
            is_unopened
        }
        None => ".,;:!?'*_’”»".contains(c),
    };
    let length = whole.trim_end_matches(is_after).len();
    (length > scheme).then_some((start, start + length))
}

/// Text as code, between as many backticks as it does not contain side by side.
pub(crate) fn code(text: &str) -> String {
    // Markdown has no code without any character.
    let text = if text.trim().is_empty() { " ".to_owned() } else { text.replace('\n', " ") };
    let runs: BTreeSet<_> = text.split(|c| c != '`').map(str::len).ordered();
    let fence = "`".repeat((1..=runs.len() + 1).find(|count| !runs.contains(count)).unwrap_or(1));
    let space = if text.contains('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Breaks text into lines, all but the first after `indent`.
fn wrap(text: &str, indent: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= WIDTH || block_sign(word).is_some() => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) => lines.push(format!("{indent}{word}")),
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Where the sign is that makes a line which begins with this word a list, a quote, a heading, a rule, code or HTML in
/// Markdown, even inside code between backticks.
fn block_sign(word: &str) -> Option<usize> {
    let after = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = after.len() < word.len() && matches!(after, "." | ")");
    let is_line = ["-", "+", "*", "=", "_"].into_iter().any(|sign| word.trim_start_matches(sign).is_empty());
    let is_html = word.starts_with('<') && !word.starts_with("<http");
    if is_number {
        Some(word.len() - 1)
    } else {
        (is_line || is_html || word.starts_with(['#', '>', '~']) || word.starts_with("```")).then_some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_models_is_shown_as_it_is() {
        for (text, expected) in [
            ("a [b] <c> d_e _f_ `[g]` *", r"a \[b\] \<c\> d_e \_f_ `[g]` \*"),
            ("~/a ~~b~~ R&D &lt; & &#42;", r"\~/a \~\~b\~\~ R\&D \&lt; & \&#42;"),
            ("a lone ` and [b]", r"a lone \` and \[b\]"),
            ("``a ` [b]`` and ` c`", "`` a ` [b] `` and `c`"),
            ("```rust let a; ``` and ``", r"`rust let a;` and \`\`"),
            ("a-b --no-sign --- ...", r"a-b -\-no-sign -\-\- .\.\."),
        ] {
            assert_eq!(escape(text), expected, "{text}");
        }
        for (text, expected) in [
            ("a", "`a`"),
            ("a`b", "`` a`b ``"),
            ("``", "` `` `"),
            ("` ``", "``` ` `` ```"),
            ("a\nb", "`a b`"),
            ("", "` `"),
        ] {
            assert_eq!(code(text), expected);
        }
    }

    #[test]
    fn addresses_are_links_wherever_they_are() {
        for (text, expected) in [
            ("see https://example.com/a_b, or not", "see <https://example.com/a_b>, or not"),
            ("see (https://example.com/a)\nhttps://b.c", "see (<https://example.com/a>)\n<https://b.c>"),
            ("\"http://a.b/(c)\"", "\"<http://a.b/(c)>\""),
            ("<https://a.b/<id>/c>", r"\<<https://a.b/>\<id\>/c\>"),
            ("https://.", "https://."),
            ("[https://a.b] {https://a.b}", r"\[<https://a.b>\] {<https://a.b>}"),
            ("“https://a.b” ‘https://a.b’ «https://a.b»", "“<https://a.b>” ‘<https://a.b>’ «<https://a.b>»"),
            ("*https://a.b* _https://a.b_", r"\*<https://a.b>\* \_<https://a.b>\_"),
            ("(https://a.b/A_(b)), https://{a}/{b}", "(<https://a.b/A_(b)>), <https://{a}/{b}>"),
            ("https://a|http://b", "<https://a>|<http://b>"),
        ] {
            assert_eq!(escape(text), expected, "{text}");
        }
    }

    /// In the square of their length, these would take minutes.
    #[test]
    fn addresses_are_found_in_linear_time() {
        const MANY: usize = 500_000;
        let start = std::time::Instant::now();
        assert_eq!(escape(&"http://a<".repeat(MANY)).len(), r"<http://a>\<".len() * MANY);
        assert_eq!(escape(&format!("http://a{}", ")".repeat(MANY))).len(), "<http://a>".len() + MANY);
        assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
    }

    #[test]
    fn text_of_models_begins_no_block() {
        for (text, expected) in [
            ("# a", r"\# a"),
            ("- a", r"\- a"),
            ("1. a", r"1\. a"),
            ("1.5 a", "1.5 a"),
            ("> a", r"\> a"),
            ("--- ---", r"\--\- -\-\-"),
            ("~~~ a", r"\~\~\~ a"),
        ] {
            assert_eq!(escape(text), expected, "{text}");
        }
    }

    #[test]
    fn lines_end_where_no_block_begins() {
        let text = format!("{} 1. - # b", "a".repeat(WIDTH));
        assert_eq!(wrap(&text, "  "), [format!("{} 1. - #", "a".repeat(WIDTH)), "  b".to_owned()]);
        for word in ["---", "```x", ">=", ">a", "~~~", "<header>"] {
            assert_eq!(wrap(&format!("{} {word} b", "a".repeat(WIDTH)), "")[1], "b", "{word}");
        }
        assert_eq!(wrap(&format!("{} <http://a> b", "a".repeat(WIDTH)), "")[1], "<http://a> b");
        assert!(wrap("", "").is_empty());
    }
}
