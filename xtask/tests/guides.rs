//! README and guides: every snippet can be pasted, every link leads somewhere, and the chart shows the stored figures.
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

mod page;

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use page::{cargo, folder, put, root, success};

const GUIDES: &str = "generated/guides";

/// README and the guides, by path from the root.
fn pages() -> BTreeMap<PathBuf, String> {
    let guides = fs::read_dir(root().join(GUIDES)).unwrap().map(|entry| entry.unwrap().file_name());
    let guides = guides.map(|name| Path::new(GUIDES).join(name)).filter(|path| {
        path.extension().is_some_and(|extension| extension == "md") && !path.ends_with("links.md")
    });
    let pages = guides.chain(["README.md".into()]);
    pages.map(|path| (path.clone(), fs::read_to_string(root().join(path)).unwrap())).collect()
}

/// The fenced blocks of a page: language with attributes, and text.
fn fences(page: &str) -> Vec<(&str, String)> {
    let (mut fences, mut lines) = (Vec::new(), page.lines());
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let text: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
            fences.push((language, text.join("\n") + "\n"));
        }
    }
    fences
}

/// The snippets that compile, by the manifest above them. The page on transports has a whole program, which `own_transport` runs.
fn programs() -> BTreeMap<String, Vec<(String, String)>> {
    let mut programs: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (path, page) in pages().into_iter().filter(|(path, _)| !path.ends_with("own-transport.md")) {
        let mut manifest = None;
        let stem = path.file_stem().unwrap().to_string_lossy().replace('-', "_").to_lowercase();
        for (index, (language, text)) in fences(&page).into_iter().enumerate() {
            match language {
                "toml" => manifest = Some(text),
                "rust" | "rust,no_run" => {
                    let hidden = text.lines().find(|line| *line == "#" || line.starts_with("# "));
                    assert_eq!(hidden, None, "{}: a line that rustdoc hides", path.display());
                    let manifest = manifest.clone();
                    let manifest = manifest
                        .unwrap_or_else(|| panic!("{}: no dependencies before a snippet", path.display()));
                    programs.entry(manifest).or_default().push((format!("{stem}_{index}"), text));
                }
                language if language.starts_with("rust,compile_fail") || language == "rust,ignore" => {}
                "sh" | "python" => {}
                other => panic!("{}: no test reads blocks of {other:?}", path.display()),
            }
        }
    }
    programs
}

/// Each snippet is a program with the dependencies above it and no others; tests have their development dependencies, too.
#[test]
fn every_snippet_can_be_pasted() {
    let programs = programs();
    assert!(programs.values().map(Vec::len).sum::<usize>() > 30, "{programs:?}");
    let mut failures = String::new();
    for (index, (manifest, snippets)) in programs.iter().enumerate() {
        let folder = folder(&format!("guides/{index}"));
        let generated = root().join("generated").display().to_string();
        let dependencies = manifest.replace("../gatewright/generated", &generated);
        let text = format!(
            "[package]\nname = \"pasted\"\nedition = \"2024\"\n\n{dependencies}\n[workspace]\n\n\
             [lints.rust]\ndead_code = \"allow\"\nwarnings = \"deny\"\n"
        );
        let mut kinds = BTreeSet::new();
        for (name, snippet) in snippets {
            let (kind, target) =
                if snippet.contains("::test]") { ("--test=*", "tests") } else { ("--bins", "src/bin") };
            let main =
                if kind == "--bins" && !snippet.contains("fn main()") { "\nfn main() {}\n" } else { "" };
            put(&folder.join(target).join(format!("{name}.rs")), &(snippet.clone() + main));
            kinds.insert(kind);
        }
        put(&folder.join("Cargo.toml"), &text);
        // Programs without what only tests have.
        for kind in kinds {
            let output = cargo(&["check", "--quiet", "--keep-going", kind], &folder);
            if !output.status.success() {
                write!(failures, "{manifest}\n{}\n", String::from_utf8_lossy(&output.stderr)).unwrap();
            }
        }
    }
    assert_eq!(failures, "");
}

/// Tests in guides are run as tests of the crate, which has the same texts.
#[test]
fn every_test_is_run() {
    let folder = root().join("generated/tests/fake/guides");
    let mut files = BTreeMap::new();
    for (language, text) in pages().values().flat_map(|page| fences(page)) {
        if language.starts_with("rust") && text.contains("::test]") {
            let (_, test) = text.split_once("::test]").unwrap();
            let (_, name) = test.split_once("fn ").unwrap();
            let name = name.split_once('(').unwrap().0.to_owned();
            assert!(files.insert(name.clone(), text).is_none(), "two tests of guides are named {name}");
        }
    }
    assert!(files.len() > 2, "{files:?}");
    let modules: Vec<_> = files.keys().map(|name| format!("mod {name};\n")).collect();
    let modules = format!("//! Tests of the guides, as they are there.\n\n{}", modules.concat());
    files.insert("mod".to_owned(), modules);
    if env::var_os("GATEWRIGHT_UPDATE").is_some() {
        for (name, text) in &files {
            put(&folder.join(name).with_extension("rs"), text);
        }
    }
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = files.remove(&*path.file_stem().unwrap().to_string_lossy());
        let is_same = text.is_some_and(|text| text == fs::read_to_string(&path).unwrap());
        assert!(is_same, "{} is stale: delete it, or run this with GATEWRIGHT_UPDATE=1", path.display());
    }
    assert!(files.is_empty(), "run this with GATEWRIGHT_UPDATE=1: {:?}", files.keys());
}

/// The text of a heading as part of a link.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// Links to files and headings of the repository exist. In rustdoc, the labels of guides lead to the same guides.
#[test]
fn links_lead_somewhere() {
    let mut modules = BTreeSet::new();
    let mut pages = pages();
    for path in
        ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/models.md", "docs/own-service.md"]
    {
        pages.insert(path.into(), fs::read_to_string(root().join(path)).unwrap());
    }
    for (path, page) in &pages {
        let here = root().join(path);
        let labels = page.lines().filter_map(|line| line.strip_prefix('[')?.split_once("]: "));
        let labels: BTreeMap<_, _> = labels.collect();
        let inline = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for target in inline.chain(labels.values().copied()).filter(|target| !target.contains("://")) {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { here.clone() } else { here.parent().unwrap().join(file) };
            assert!(file.exists(), "{}: {target}", path.display());
            if !heading.is_empty() {
                let text = fs::read_to_string(&file).unwrap();
                let found = text.lines().filter(|line| line.starts_with('#'));
                let found =
                    found.map(|line| anchor(line.trim_start_matches('#'))).any(|found| found == heading);
                assert!(found, "{}: {target}", path.display());
            }
        }
        if path.starts_with(GUIDES) && !path.ends_with("index.md") {
            for (label, target) in labels {
                let (file, heading) = target.split_once('#').unwrap_or((target, ""));
                let mut module = file.strip_suffix(".md").unwrap().replace('-', "_");
                if !heading.is_empty() {
                    write!(module, "#{heading}").unwrap();
                }
                modules.insert(format!("[{label}]: crate::guide::{module}"));
            }
        }
    }
    let links = fs::read_to_string(root().join(GUIDES).join("links.md")).unwrap();
    let known: BTreeSet<_> = links.lines().map(str::to_owned).collect();
    assert!(modules.is_subset(&known), "missing in links.md: {:?}", modules.difference(&known));
}

/// README's chart is drawn from the figures beside it.
#[test]
fn the_chart_shows_the_stored_figures() {
    let chart =
        Command::new("python3").arg(root().join("xtask/peers/peers.py")).args(["chart", "--check"]).output();
    match chart {
        Ok(output) => drop(success(&output)),
        Err(error) => eprintln!("SKIPPED: the chart was not compared: python3: {error}"),
    }
}

/// Examples in the documentation of the runtime's crates import `gatewright`, as programs do.
#[test]
fn examples_import_the_crate_that_programs_have() {
    let mut folders = vec![root().join("runtime")];
    let mut examples = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.extend((!path.ends_with("target")).then_some(path));
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let docs = text.lines().map(str::trim_start).filter(|line| line.starts_with("//"));
            for line in docs.filter_map(|line| line.get(3..)).map(str::trim_start) {
                examples += usize::from(line.starts_with("use gatewright::"));
                assert!(!line.starts_with("use gatewright_"), "{}: {line}", path.display());
            }
        }
    }
    assert!(examples > 10, "{examples} examples");
}
