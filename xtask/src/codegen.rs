//! `cargo xtask codegen`: the client, from the model.

use std::path::Path;

use gatewright_codegen::{generate_crate, runtime_features};
use gatewright_model::Service;

use crate::{
    failure::Failure,
    model, output,
    tree::{self, Difference},
};

pub(crate) const USAGE: &str = "\
codegen            writes generated/src: what changed, no more; deletes what nothing generates
codegen --check    fails if that would change anything, and says what
codegen --service <service> --operations <Operation,…> --out <folder>
                               writes a crate of just these operations and the shapes that they reach";

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    match Options::parse(arguments)? {
        Options::Write => write(),
        Options::Check => check(),
        Options::Some { service, operations, out } => write_some(&service, &operations, Path::new(&out)),
    }
}

/// What was asked for.
enum Options {
    Write,
    Check,
    Some { service: String, operations: String, out: String },
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self, Failure> {
        let (mut check, mut service, mut operations, mut out) = (false, None, None, None);
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let place = match argument.as_str() {
                "--check" => {
                    check = true;
                    continue;
                }
                "--service" => &mut service,
                "--operations" => &mut operations,
                "--out" => &mut out,
                other => return Err(Failure::Usage(format!("unknown argument {other:?}"))),
            };
            let value =
                arguments.next().ok_or_else(|| Failure::Usage(format!("{argument} needs a value")))?;
            *place = Some(value.clone());
        }
        match (check, service, operations, out) {
            (false, None, None, None) => Ok(Self::Write),
            (true, None, None, None) => Ok(Self::Check),
            (false, Some(service), Some(operations), Some(out)) => {
                Ok(Self::Some { service, operations, out })
            }
            (true, ..) => Err(Failure::Usage("--check stands alone".into())),
            (false, ..) => Err(Failure::Usage("--service, --operations and --out go together".into())),
        }
    }
}

fn write() -> Result<(), Failure> {
    let files = generate_crate(&model::all()?);
    let dir = model::root().join(DIR);
    let differences = tree::compare(&files, &dir)?;
    differences.iter().try_for_each(|difference| difference.mend(&dir))?;
    let deleted =
        differences.iter().filter(|difference| matches!(difference, Difference::Orphan { .. })).count();
    let written = differences.len() - deleted;
    output::print_line(format_args!("{DIR}: {} files, {written} written, {deleted} deleted", files.len()))
}

const DIR: &str = "generated/src";

fn check() -> Result<(), Failure> {
    let files = generate_crate(&model::all()?);
    let differences = tree::compare(&files, &model::root().join(DIR))?;
    if differences.is_empty() {
        return output::print_line(format_args!("{DIR}: {} files, all fresh", files.len()));
    }
    let list: Vec<_> = differences.iter().map(ToString::to_string).collect();
    let count = list.len();
    Err(Failure::Failed(format!(
        "{}\n\n{count} of the files in {DIR} are not what the model gives; mend them with: cargo xtask codegen",
        list.join("\n")
    )))
}

fn write_some(service: &str, operations: &str, out: &Path) -> Result<(), Failure> {
    let service = select(model::service(service)?, operations)?;
    let manifest = manifest(&service);
    let files = generate_crate(&[service]);
    for (path, text) in &files {
        tree::write(&out.join("src").join(path), text)?;
    }
    let path = out.join("Cargo.toml");
    // What its owner made of it is kept.
    if !path.exists() {
        tree::write(&path, &manifest)?;
    }
    output::print_line(format_args!("{}: {} files", out.display(), files.len() + 1))
}

/// A crate of its own: it belongs to no workspace, and finds the runtime where it is.
fn manifest(service: &Service) -> String {
    let (name, feature) = (&service.name, feature(service));
    let runtime = model::root().join("runtime").display().to_string();
    format!(
        r#"[package]
name = "gatewright"
version = "0.1.0"
edition = "2024"
publish = false

[workspace]

[features]
default = ["{name}", "ring"]
{feature}
ring = ["gatewright-runtime/ring"]
aws-lc-rs = ["gatewright-runtime/aws-lc-rs"]
patterns = ["gatewright-runtime/patterns"]
dynamic = ["gatewright-runtime/dynamic"]
fake = ["dynamic", "gatewright-runtime/fake"]

[dependencies]
gatewright-runtime = {{ path = {runtime:?}, default-features = false }}
serde_core = {{ version = "1", default-features = false, features = ["std"] }}
"#
    )
}

/// The line of a manifest that makes a service a feature.
fn feature(service: &Service) -> String {
    let needs: Vec<_> =
        runtime_features(service).iter().map(|feature| format!("\"gatewright-runtime/{feature}\"")).collect();
    format!("{} = [{}]", service.name, needs.join(", "))
}

/// The service with just these operations.
fn select(mut service: Service, operations: &str) -> Result<Service, Failure> {
    let wanted: Vec<_> = operations.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let known = || service.operations.iter().map(|operation| operation.name.as_str());
    if let Some(unknown) = wanted.iter().find(|name| !known().any(|known| known == **name)) {
        return Err(Failure::unknown("operation", unknown, known()));
    }
    if wanted.is_empty() {
        return Err(Failure::Usage("--operations names none".into()));
    }
    service.operations.retain(|operation| wanted.contains(&operation.name.as_str()));
    Ok(service)
}

#[cfg(test)]
mod tests {
    use gatewright_codegen::digest;

    use super::*;

    #[test]
    fn generated_files_are_fresh() {
        if let Err(Failure::Failed(message) | Failure::Refused(message) | Failure::Usage(message)) = check() {
            panic!("{message}");
        }
    }

    #[test]
    fn what_users_see_changes_on_purpose() {
        for service in model::all().expect("the models are sound") {
            insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(format!("api-{}", service.name), digest(&service));
            });
        }
    }

    #[test]
    fn every_service_is_a_feature_with_what_it_needs() {
        let manifest = model::root().join("generated/Cargo.toml");
        let manifest = std::fs::read_to_string(manifest).expect("the crate has a manifest");
        for service in model::all().expect("the models are sound") {
            let feature = feature(&service);
            assert!(manifest.lines().any(|line| line == feature), "generated/Cargo.toml lacks: {feature}");
        }
    }

    #[test]
    fn a_part_of_a_service_needs_no_more_than_it_reaches() {
        let service = model::service("aws-storage-gateway").expect("the model is sound");
        let service = select(service, "AddCache, ListGateways").expect("both are operations");
        let files = generate_crate(&[service]);
        let below = |folder: &str| {
            let prefix = format!("aws_storage_gateway/{folder}/");
            files.keys().filter_map(|path| path.strip_prefix(&prefix)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(below("operation"), "add_cache.rs list_gateways.rs mod.rs");
        assert_eq!(below("shape"), "gateway_info.rs host_environment.rs mod.rs");
    }

    #[test]
    fn wrong_calls_say_what_would_be_right() {
        #[track_caller]
        fn check(arguments: &[&str], expected: &str) {
            let arguments: Vec<_> = arguments.iter().map(ToString::to_string).collect();
            match run(&arguments) {
                Err(Failure::Usage(message)) => assert_eq!(message, expected),
                other => panic!("{other:?}"),
            }
        }
        check(&["--chek"], "unknown argument \"--chek\"");
        check(&["--service"], "--service needs a value");
        check(&["--check", "--out", "x"], "--check stands alone");
        check(&["--service", "x"], "--service, --operations and --out go together");
        let some = |service, operations| ["--service", service, "--operations", operations, "--out", "x"];
        check(
            &some("aws-storage-gatewy", "AddCache"),
            "unknown service \"aws-storage-gatewy\"; did you mean aws-storage-gateway?",
        );
        check(
            &some("aws-storage-gateway", "AddCash"),
            "unknown operation \"AddCash\"; did you mean AddCache?",
        );
        check(&some("aws-storage-gateway", ","), "--operations names none");
    }
}
