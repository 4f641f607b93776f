//! The order of the runtime's modules: a module imports only from those before it.
//!
//! Re-exports at the crate root are followed to the module that defines the item. Tests within modules may import anything.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A crate's sources, the name of its modules in the order, and modules that are listed by their own name.
type Source = (&'static str, Option<&'static str>, &'static [&'static str]);

/// The crates, each above those before it.
const SOURCES: [Source; 5] = [
    ("core/src", None, &[]),
    ("sign/src", Some("sign"), &["crypto", "identity", "secrets"]),
    ("explain/src", Some("explain"), &["known", "service", "tables"]),
    ("src", None, &[]),
    ("fake/src", Some("fake"), &[]),
];

/// The modules of all crates, each above those before it.
const ORDER: &[&str] = &[
    // Core: no I/O, no cryptography.
    "civil",
    "percent",
    "checksum",
    "vendor",
    "signatures",
    "mask",
    "secret",
    "text",
    "time",
    "words",
    "validate",
    "codec",
    "sample",
    "endpoint",
    "hosts",
    "wire",
    "protocol",
    "body",
    // Signatures.
    "crypto",
    "identity",
    "secrets",
    "sign",
    // Explanations: from evidence alone.
    "service",
    "tables",
    "known",
    "explain",
    // I/O.
    "context",
    "transport",
    // Calls, settings, sources of credentials, clients.
    "operation",
    "error",
    "driver",
    "provider",
    "profile",
    "settings",
    "hook",
    "retry",
    "trace",
    "exchange",
    "client",
    "call",
    "pages",
    "wait",
    "credentials",
    "builder",
    "raw_http",
    "dynamic",
    // The in-process service.
    "fake",
];

#[test]
fn modules_import_only_from_those_before_them() {
    let mut imports = BTreeMap::new();
    for (source, stands_for, apart) in SOURCES {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(source);
        let root = root(&source);
        let own: BTreeSet<_> =
            files(&source).iter().filter_map(|file| module_of(&source, file).into_iter().next()).collect();
        let listed = |module: &str| match stands_for {
            Some(all) if own.contains(module) && !apart.contains(&module) => all.to_owned(),
            _ => module.to_owned(),
        };
        for file in files(&source) {
            let module = module_of(&source, &file);
            let tokens: TokenStream = fs::read_to_string(&file).unwrap().parse().unwrap();
            for path in imported(tokens, module.len(), &root) {
                let Some(importer) = module.first() else { continue };
                let pair = (listed(importer), listed(&path));
                if pair.0 != pair.1 {
                    let place = file.strip_prefix(&source).unwrap().display().to_string();
                    imports.entry(pair).or_insert_with(BTreeSet::new).insert(place);
                }
            }
        }
    }
    let place = |module: &str| {
        let place = ORDER.iter().position(|other| *other == module);
        place.unwrap_or_else(|| panic!("`{module}` has no place in the order of modules"))
    };
    let back = imports.iter().filter(|((from, to), _)| place(from) <= place(to));
    let back: Vec<_> = back
        .map(|((from, to), files)| format!("`{from}` imports from `{to}`, which is above it: {files:?}"))
        .collect();
    assert!(back.is_empty(), "{}", back.join("\n"));
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let nested = folders.iter().flat_map(|folder| self::files(folder));
    // Files of tests, which their module declares as such; links lead to those of another crate.
    let is_test =
        |path: &PathBuf| path.is_symlink() || path.file_name().is_some_and(|name| name == "tests.rs");
    files.into_iter().chain(nested).filter(|path| !is_test(path)).collect()
}

/// `["exchange", "verdict"]` of `exchange/verdict.rs`; `[]` of `lib.rs`.
fn module_of(source: &Path, file: &Path) -> Vec<String> {
    let path = file.strip_prefix(source).unwrap().with_extension("");
    let parts = path.iter().map(|part| part.to_str().unwrap().to_owned());
    parts.filter(|part| part != "mod" && part != "lib").collect()
}

/// The module of each item that the crate root re-exports.
fn root(source: &Path) -> BTreeMap<String, String> {
    let tokens: TokenStream = fs::read_to_string(source.join("lib.rs")).unwrap().parse().unwrap();
    let mut items = BTreeMap::new();
    let mut statement = Vec::new();
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ';' => {
                let at = statement.iter().position(|token| is_ident(token, "use"));
                if let (Some(at), true) = (at, statement.iter().any(|token| is_ident(token, "pub"))) {
                    for path in paths(&statement[at + 1..]) {
                        let is_root = path
                            .first()
                            .is_some_and(|name| name == "self" || name.starts_with("gatewright_"));
                        if let [module, .., item] = &path[usize::from(is_root)..] {
                            items.insert(item.clone(), module.clone());
                        }
                    }
                }
                statement.clear();
            }
            _ => statement.push(token),
        }
    }
    items
}

/// The top-level modules that tokens name, by `crate::` or by enough `super::`.
fn imported(tokens: TokenStream, depth: usize, root: &BTreeMap<String, String>) -> Vec<String> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if let Some(end) = test_module(&tokens[at..]) {
            at += end;
            continue;
        }
        let begins = at == 0 || !is_punct(&tokens[at - 1], ':');
        let supers =
            tokens[at..].chunks(3).take_while(|chunk| chunk.len() == 3 && is_ident(&chunk[0], "super"));
        let supers = supers.count();
        let path = if begins && is_ident(&tokens[at], "crate") {
            tokens.get(at + 3..)
        } else if begins && supers > 0 && supers == depth {
            tokens.get(at + 3 * supers..)
        } else {
            None
        };
        for path in path.map(paths).unwrap_or_default() {
            let first = &path[0];
            found.extend(
                root.get(first).cloned().or_else(|| ORDER.contains(&first.as_str()).then(|| first.clone())),
            );
        }
        if let TokenTree::Group(group) = &tokens[at] {
            found.extend(imported(group.stream(), depth, root));
        }
        at += 1;
    }
    found
}

/// The paths that tokens begin with: `a::{b, c::d}` is `a::b` and `a::c::d`. What names no item is left out.
fn paths(tokens: &[TokenTree]) -> Vec<Vec<String>> {
    match tokens {
        [TokenTree::Ident(name), TokenTree::Punct(a), TokenTree::Punct(b), rest @ ..]
            if a.as_char() == ':' && b.as_char() == ':' =>
        {
            let name = name.to_string();
            let rest = paths(rest);
            let rest = if rest.is_empty() { vec![Vec::new()] } else { rest };
            rest.into_iter().map(|path| [vec![name.clone()], path].concat()).collect()
        }
        [TokenTree::Ident(name), ..] => vec![vec![name.to_string()]],
        [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Brace => {
            let tokens: Vec<_> = group.stream().into_iter().collect();
            tokens.split(|token| is_punct(token, ',')).flat_map(paths).collect()
        }
        _ => Vec::new(),
    }
}

/// How many tokens `#[cfg(test)] mod tests { … }` has, if they begin with it.
fn test_module(tokens: &[TokenTree]) -> Option<usize> {
    let [TokenTree::Punct(hash), TokenTree::Group(attribute), rest @ ..] = tokens else { return None };
    let is_test =
        hash.as_char() == '#' && attribute.stream().to_string().replace(' ', "").starts_with("cfg(test)");
    let end = rest.iter().position(|token| {
        is_punct(token, ';')
            || matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
    });
    end.filter(|_| is_test).map(|end| end + 3)
}

fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == name)
}

fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

#[test]
fn imports_are_found_in_every_form() {
    let root = BTreeMap::from([("Client".to_owned(), "client".to_owned())]);
    let check = |depth: usize, source: &str, expected: &[&str]| {
        assert_eq!(imported(source.parse().unwrap(), depth, &root), expected, "{source}");
    };
    check(
        1,
        "use crate::{Client, sign::{self, Auth}, time::Timestamp};",
        &["client", "sign", "sign", "time"],
    );
    check(1, "use super::mask; fn f() { crate::text::g() }", &["mask", "text"]);
    check(2, "use super::mask; use super::super::error::Error;", &["error"]);
    check(1, "#[cfg(test)] mod tests { use crate::fake; } use crate::hook::Hook;", &["hook"]);
    check(1, "use std::time; use other::crate_; self::sign::x();", &[]);
}
