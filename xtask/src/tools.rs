//! `call`, `serve` and `explain` for services of other models, by a program that is generated for them.
//!
//! The program has the same code as these verbs, with another list of services. It is built again only if the model changed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use gatewright_codegen::{Crate, Files, HOME};
use serde_json::Value;

use crate::{
    codegen::Package,
    failure::Failure,
    help_of,
    model::{self, Models},
    output, scratch, tree,
};

/// The verbs that the program has.
const VERBS: [&str; 3] = ["call", "explain", "serve"];

/// Sources that the program shares with this one.
const SHARED: [(&str, &str); 7] = [
    ("call", "call.rs"),
    ("explain", "explain/mod.rs"),
    ("failure", "failure.rs"),
    ("flags", "flags.rs"),
    ("output", "output.rs"),
    ("serve", "serve/mod.rs"),
    ("services", "services.rs"),
];

/// Runs a verb for the services of the model that `--model` names; `None` if there is no such flag.
pub(crate) fn run(verb: &str, arguments: &[String]) -> Option<Result<(), Failure>> {
    let (model, rest) = take_model(arguments)?;
    Some(model.and_then(|model| {
        if rest.iter().any(|argument| argument.starts_with("--url")) {
            return Err(Failure::Usage(
                "--url and --model exclude each other: hosts are read without a model".into(),
            ));
        }
        if matches!(rest.as_slice(), [only] if only == "--help" || only == "-h") {
            return output::print(help_of(verb));
        }
        let program = build(&model)?;
        replace(Command::new(&program).arg(verb).args(&rest), &program)
    }))
}

/// The value of the flag, and the arguments without it.
fn take_model(arguments: &[String]) -> Option<(Result<String, Failure>, Vec<String>)> {
    let is_model = |argument: &String| argument == "--model" || argument.starts_with("--model=");
    let at = arguments.iter().position(is_model)?;
    let mut rest = arguments.to_vec();
    let flag = rest.remove(at);
    let model = match flag.split_once('=') {
        Some((_, value)) => Ok(value.to_owned()),
        None if at < rest.len() => Ok(rest.remove(at)),
        None => Err(Failure::Usage("--model needs a value".into())),
    };
    Some((model, rest))
}

/// Writes and builds the program for a model's services.
fn build(model: &str) -> Result<PathBuf, Failure> {
    let services = Models::of(Some(model))?.all()?;
    let whole = Path::new(model).canonicalize().map_err(Failure::io("find", Path::new(model)))?;
    // A folder and a program for each model, so that one does not replace the other's.
    let name = format!("gatewright-tools-{:016x}", digest(whole.to_string_lossy().as_bytes()));
    let target = scratch::target();
    let folder = scratch::folder(&target, &name)?;

    let registry = Crate { name: HOME, services: &services, readme: None, guides: None }
        .registry(&format!(" --model {model}"));
    let names: Vec<_> = services.iter().map(|service| service.name.clone()).collect();
    let client = Package::new(HOME, services, &folder.join("client"), None)?.update()?;
    let files = Files::from([("main.rs".to_owned(), main_file()), ("registry.rs".to_owned(), registry)]);
    // Beside the client: a package within another's folder would belong to its workspace.
    let folder = folder.join("program");
    let sources = folder.join("src");
    let differences = tree::compare(&files, &sources)?;
    tree::mend(&differences, &sources, true)?;
    let manifest = manifest(&name);
    let path = folder.join("Cargo.toml");
    if !fs::read_to_string(&path).is_ok_and(|old| old == manifest) {
        tree::write(&folder, "Cargo.toml", &manifest)?;
    }
    if client || !differences.is_empty() {
        output::note(format_args!("building the tools of {}, once", names.join(", ")));
    }
    scratch::build(&folder, &target, &name).map_err(|error| {
        Failure::Failed(format!("the tools of {} do not compile:\n{error}", names.join(", ")))
    })
}

/// A hash of a text, the same on every machine: FNV-1a.
fn digest(text: &[u8]) -> u64 {
    text.iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn source(file: &str) -> PathBuf {
    model::root().join("xtask/src").join(file)
}

fn main_file() -> String {
    let module = |(name, file): &(&str, &str)| format!("#[path = {}]\nmod {name};\n", quoted(&source(file)));
    let modules: Vec<_> = SHARED.iter().map(module).collect();
    let verb = |name: &&str| format!("        \"{name}\" => ({name}::run(rest), {:?}),\n", help_of(name));
    let verbs: Vec<_> = VERBS.iter().map(verb).collect();
    format!(
        "\
//! The verbs for the services of one model.

#![allow(dead_code, reason = \"it is a part of another program\")]

{}mod registry;

fn main() -> std::process::ExitCode {{
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (verb, rest) = arguments.split_first().map_or((\"\", &[][..]), |(verb, rest)| (verb.as_str(), rest));
    let (result, help) = match verb {{
{}        _ => (Err(failure::Failure::Usage(format!(\"unknown verb {{verb:?}}\"))), \"\"),
    }};
    output::finish(result, || help.to_owned())
}}
",
        modules.concat(),
        verbs.concat()
    )
}

/// The features are those of this program, so that both share what cargo compiled.
fn manifest(name: &str) -> String {
    let [core, runtime] = ["runtime/core", "runtime"].map(|path| quoted(&model::root().join(path)));
    format!(
        r#"[package]
name = "{name}"
edition = "2024"

[workspace]

[features]
default = ["client"]
client = []

[dependencies]
bytes = "1"
gatewright = {{ path = "../client", default-features = false, features = ["acs3", "async", "blocking", "credentials", "fake", "patterns", "ring", "services"] }}
gatewright-core = {{ path = {core} }}
gatewright-runtime = {{ path = {runtime}, default-features = false, features = ["aliyun-rpc", "aws-query", "raw-http", "rpc-v1"] }}
http = "1"
rustls = {{ version = "0.23", default-features = false, features = ["ring", "std", "tls12"] }}
rustls-native-certs = "0.8"
serde_json = {{ version = "1", default-features = false, features = ["float_roundtrip", "std"] }}
similar = "3"
tokio = {{ version = "1", default-features = false, features = ["io-util", "net", "rt-multi-thread", "signal", "test-util", "time"] }}

[profile.dev]
debug = "line-tables-only"
"#
    )
}

/// A path as a literal, in Rust and in TOML.
fn quoted(path: &Path) -> String {
    Value::from(path.to_string_lossy()).to_string()
}

/// Goes on as another program, so that signals to it and its exit code are the verb's own.
fn replace(command: &mut Command, program: &Path) -> Result<(), Failure> {
    #[cfg(unix)]
    return Err(Failure::io("run", program)(std::os::unix::process::CommandExt::exec(command)));
    #[cfg(not(unix))]
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => Err(Failure::io("run", program)(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_taken_from_anywhere() {
        #[track_caller]
        fn check(arguments: &str, expected: &str) {
            let arguments: Vec<_> = arguments.split(' ').map(str::to_owned).collect();
            let taken = take_model(&arguments);
            let shown = taken.map(|(model, rest)| {
                format!("{} {}", model.unwrap_or_else(|error| error.to_string()), rest.join(" "))
            });
            assert_eq!(shown.as_deref().unwrap_or("none"), expected);
        }
        check("harbour ListShips --fake", "none");
        check("harbour ListShips --model a/b --fake", "a/b harbour ListShips --fake");
        check("--model=a=b harbour", "a=b harbour");
        check("harbour --model", "--model needs a value harbour");
    }

    /// Sources that the program needs and does not get would fail only when someone uses it.
    #[test]
    fn folders_have_programs_of_their_own() {
        assert_ne!(digest(b"/a"), digest(b"/b"));
        assert_eq!(format!("{:016x}", digest(b"a")), "af63dc4c8601ec8c");
        assert!(SHARED.iter().all(|(_, file)| source(file).is_file()));
    }
}
