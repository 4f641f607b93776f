//! Neither the generator nor the runtime names a service: services differ only by their models.
//!
//! Generated files are for one service, and are not read.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use gatewright_codegen::MARK;
use proc_macro2::{Delimiter, Literal, TokenStream, TokenTree};
use serde_json::Value;

/// Words of the runtime that are the short name of a service too, and why. This list may only shrink.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("\"STS.\"", "how ids of temporary keys of Alibaba Cloud begin"),
    ("sts_token", "a member of that vendor's profiles"),
    ("\"sts\"", "a kind of them"),
    ("aws sts ", "commands of the vendor's tool, as advice"),
    ("aliyun sts ", "the same"),
    ("such as Amazon S3 or AWS STS", "an example of a service with another protocol"),
];

#[test]
fn no_service_is_named() {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this crate is a folder of the workspace");
    let services = Names::of(&root.join("model/services"));
    let mut files = Vec::new();
    collect(&root.join("codegen/src"), &mut files);
    for part in ["core/src", "sign/src", "explain/src", "src", "fake/src"] {
        collect(&root.join("runtime").join(part), &mut files);
    }
    let sources: BTreeMap<_, _> = files
        .into_iter()
        .map(|path| (path.strip_prefix(root).unwrap().to_owned(), fs::read_to_string(&path).unwrap()))
        .filter(|(_, text)| !text.lines().next().unwrap_or_default().contains(MARK))
        .collect();
    assert!(services.long.len() >= 16 && sources.len() > 50, "{services:?} in {} files", sources.len());

    let constants = sources.values().flat_map(|text| constants(text.parse().unwrap())).collect();
    let mut met = BTreeSet::new();
    let mut found = Vec::new();
    for (path, text) in &sources {
        let is_test = path.file_name().is_some_and(|name| name == "tests.rs");
        let constants = if is_test { None } else { Some(&constants) };
        let named = services.find(text, constants, &mut met).into_iter();
        found.extend(named.map(|(name, text)| format!("{}: {name:?} in {text:?}", path.display())));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    for (known, _) in EXCEPTIONS {
        assert!(met.contains(known), "no text holds {known:?} any more: remove the exception");
    }
}

#[test]
fn names_are_found_however_they_are_written() {
    let names =
        Names { long: vec!["aws-sea".to_owned(), "awssea".to_owned()], short: vec!["sea".to_owned()] };
    let code = r#"const CALM: &str = "sea"; static ROUGH: &'static str = "ocean";"#;
    let constants = constants(code.parse().unwrap()).collect();
    for code in [
        "struct AwsSea;",
        "// of aws-sea",
        r#"let it = "AWS-SEA";"#,
        r#"let it = "at sea.";"#,
        r#"let it = b"sea";"#,
        r##"let it = r#"AWS_SEA_URL"#;"##,
        r#"let it = concat!("AWS_", "SEA_", "URL");"#,
        r#"let it = concat!("aws", concat!("-s", "ea"));"#,
        r#"let it = format!("{}-{}", "aws", "sea");"#,
        r#"let it = format!("aws-{CALM}");"#,
        r#"let it = format!("aws-{}", CALM);"#,
        r#"let it = format!("{}ea, {x:?}", "s");"#,
        r#"let it = ["s", "ea"].concat();"#,
        r#"let it = String::from("s") + "ea";"#,
    ] {
        let found = names.find(code, Some(&constants), &mut BTreeSet::new());
        assert!(!found.is_empty(), "{code}");
    }
    for code in [
        "/// At sea.\nfn sea() {}",
        r#"let it = ("season", "ocean");"#,
        r#"let it = format!("{ROUGH}-{}", "x");"#,
        r#"#[cfg(test)] mod tests { const IT: &str = "sea"; }"#,
    ] {
        let found = names.find(code, Some(&constants), &mut BTreeSet::new());
        assert!(found.is_empty(), "{code}: {found:?}");
    }
}

/// How services may be named, in lower case.
#[derive(Debug)]
struct Names {
    /// As folder, feature, module and type, and by title: these names mean a service in every place.
    long: Vec<String>,
    /// As in settings and signatures: words that may mean something else outside of texts.
    short: Vec<String>,
}

impl Names {
    fn of(services: &Path) -> Self {
        let (mut long, mut short) = (Vec::new(), Vec::new());
        for folder in entries(services) {
            let model: Value =
                serde_json::from_slice(&fs::read(folder.join("service.json")).unwrap()).unwrap();
            let name = model["name"].as_str().unwrap();
            let title = model["title"].as_str().unwrap();
            let forms = [name.to_owned(), name.replace('-', "_"), name.replace('-', ""), title.to_owned()];
            long.extend(forms.map(|form| form.to_lowercase()));
            let settings_id = model["settings_id"].as_str().unwrap();
            let signing_name = model["auth"]["sigv4"]["signing_name"].as_str();
            short.extend([Some(settings_id), signing_name].into_iter().flatten().map(str::to_lowercase));
        }
        Self { long, short }
    }

    /// Names in a source, each with a text that it is in; short ones only where there are constants that texts may be made of.
    /// Adds the exceptions that were met.
    fn find(
        &self,
        source: &str,
        constants: Option<&BTreeMap<String, String>>,
        met: &mut BTreeSet<&'static str>,
    ) -> BTreeMap<String, String> {
        let lines = source.lines().map(|line| (line.trim().to_owned(), false));
        let mut texts: Vec<_> = lines.collect();
        if let Some(constants) = constants {
            let mut made = Texts { constants, met, all: Vec::new() };
            made.read(source.parse().unwrap());
            texts.extend(made.all.into_iter().map(|text| (text, true)));
        }
        texts.sort_by_key(|(text, _)| text.len());
        let mut found = BTreeMap::new();
        for (text, is_quoted) in texts {
            let lower = text.to_lowercase();
            let long = self.long.iter().filter(|name| lower.contains(*name));
            let short = self.short.iter().filter(|name| is_quoted && has_word(&lower, name));
            for name in long.chain(short) {
                found.entry(name.clone()).or_insert_with(|| text.clone());
            }
        }
        found
    }
}

fn has_word(text: &str, word: &str) -> bool {
    let is_letter = |char: Option<char>| char.is_some_and(char::is_alphanumeric);
    text.match_indices(word).any(|(at, _)| {
        !is_letter(text[..at].chars().next_back()) && !is_letter(text[at + word.len()..].chars().next())
    })
}

/// Collects the texts of a source, without its documentation and tests: each that is quoted, and what is made of several.
struct Texts<'a> {
    constants: &'a BTreeMap<String, String>,
    met: &'a mut BTreeSet<&'static str>,
    all: Vec<String>,
}

impl Texts<'_> {
    fn read(&mut self, tokens: TokenStream) {
        let mut before = ' ';
        let mut is_test = false;
        let mut sum = String::new();
        for token in tokens {
            let last = std::mem::replace(&mut before, ' ');
            match token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket && "#!".contains(last) => {
                    is_test |= group.stream().to_string().replace(' ', "") == "cfg(test)";
                }
                // The module that the attribute is for.
                TokenTree::Group(group) if is_test && group.delimiter() == Delimiter::Brace => {
                    is_test = false;
                }
                TokenTree::Group(group) => {
                    self.read(group.stream());
                    if group.delimiter() != Delimiter::Brace {
                        sum.push_str(&self.made(group.stream()));
                    }
                }
                TokenTree::Literal(literal) => sum.extend(self.quoted(&literal)),
                TokenTree::Punct(punct) => {
                    before = punct.as_char();
                    // What is added to a text belongs to it.
                    if ";,=|".contains(before) {
                        self.all.push(std::mem::take(&mut sum));
                    }
                }
                TokenTree::Ident(_) => {}
            }
        }
        self.all.push(sum);
    }

    /// The text that a macro, list or call makes of its arguments, if it makes one.
    fn made(&mut self, arguments: TokenStream) -> String {
        let mut pieces = Vec::new();
        for token in arguments {
            match token {
                TokenTree::Literal(literal) => pieces.extend(self.quoted(&literal)),
                TokenTree::Ident(ident) => pieces.extend(self.constants.get(&ident.to_string()).cloned()),
                TokenTree::Group(group) if group.delimiter() != Delimiter::Brace => {
                    pieces.push(self.made(group.stream()));
                }
                TokenTree::Group(_) | TokenTree::Punct(_) => {}
            }
        }
        let mut pieces = pieces.into_iter();
        let format = pieces.next().unwrap_or_default();
        let (mut made, mut rest) = (String::new(), format.as_str());
        while let Some((text, placeholder, behind)) = rest
            .split_once('{')
            .and_then(|(text, behind)| behind.split_once('}').map(|(name, behind)| (text, name, behind)))
        {
            made.push_str(text);
            let name = placeholder.split(':').next().unwrap_or_default();
            made.push_str(&match self.constants.get(name) {
                Some(constant) => constant.clone(),
                None if name.is_empty() => pieces.next().unwrap_or_default(),
                None => String::new(),
            });
            rest = behind;
        }
        made.push_str(rest);
        made.extend(pieces);
        made
    }

    /// The text of a literal, without the exceptions in it.
    fn quoted(&mut self, literal: &Literal) -> Option<String> {
        let mut quoted = format!("\"{}\"", text(literal)?);
        for (known, _) in EXCEPTIONS {
            if quoted.contains(known) {
                quoted = quoted.replace(known, "");
                self.met.insert(known);
            }
        }
        Some(quoted.trim_matches('"').to_owned())
    }
}

/// Constants that are a text.
fn constants(tokens: TokenStream) -> impl Iterator<Item = (String, String)> {
    let mut found = Vec::new();
    let mut ahead = vec![tokens];
    while let Some(tokens) = ahead.pop() {
        let tokens: Vec<_> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => ahead.push(group.stream()),
                TokenTree::Ident(word) if word == "const" || word == "static" => {
                    let rest = &tokens[index + 1..];
                    let end = rest
                        .iter()
                        .position(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';'));
                    if let [TokenTree::Ident(name), .., TokenTree::Literal(literal)] =
                        &rest[..end.unwrap_or_default()]
                    {
                        found.extend(text(literal).map(|text| (name.to_string(), text)));
                    }
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
    found.into_iter()
}

/// The text of a literal, as it is written between its quotes.
fn text(literal: &Literal) -> Option<String> {
    let literal = literal.to_string();
    let (start, end) = (literal.find('"')?, literal.rfind('"')?);
    literal.get(start + 1..end).map(str::to_owned)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in entries(folder) {
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}
