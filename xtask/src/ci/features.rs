//! Feature combinations of users' crates that programs use; each must build without a warning.
//!
//! The compiler alone checks the matrix, in a fraction of clippy's time. Clippy checks what is compiled only without a feature.

use std::{fs, path::Path};

use toml_edit::DocumentMut;

use super::run::Runner;
use crate::{model, scratch};

/// In the options, the features of sources of credentials.
const SOURCES: &str = "{sources}";

/// Options of cargo-hack, by crate. `--each-feature` also tries no feature but those that are always given, and all.
const MATRIX: &[&str] = &[
    "--package gatewright-core --each-feature",
    "--package gatewright-sign --feature-powerset --depth 2 --at-least-one-of aws-lc-rs,ring,rust-crypto \
     --exclude-features default",
    "--package gatewright-explain --each-feature --features ring",
    "--package gatewright-fake --each-feature --features ring --exclude-features default --exclude-all-features",
    "--package gatewright-runtime --each-feature --features async,ring --exclude-features default,xml",
    // The least that calls need: no TLS, no sockets, no async runtime, no C compiler.
    "--package gatewright-runtime --each-feature --features blocking-driver,rust-crypto --exclude-all-features \
     --include-features {sources},async-driver,dynamic,raw-http,tracing",
    // The ways to wait, with each cryptography: TLS has none in Rust alone.
    "--package gatewright --feature-powerset --depth 2 --features aws-storage-gateway --exclude-all-features \
     --include-features async,aws-lc-rs,blocking,ring --at-least-one-of async,blocking --at-least-one-of aws-lc-rs,ring",
];

/// More of them, without the cryptography that takes longest to compile.
const WITH_RING: &[&str] = &[
    "--package gatewright --each-feature --features blocking-driver,rust-crypto --exclude-all-features \
     --include-features async-driver,credentials,services",
    "--package gatewright --each-feature --features async,ring \
     --exclude-features {sources},async-driver,aws-credential-types,\
     aws-lc-rs,blocking-driver,default,dynamic,patterns,rust-crypto,tracing",
    "--package gatewright --each-feature --features aws-sts,blocking,ring --exclude-all-features \
     --include-features alibaba-csg,aws-storage-gateway,credentials",
];

/// With these alone, every module is compiled that replaces the one of a disabled feature: without and with the built-in transport.
const FEWEST: [&str; 2] = ["blocking-driver,rust-crypto", "blocking,aws-lc-rs"];

pub(super) fn lint_fewest(ci: &Runner<'_>) -> Result<(), String> {
    FEWEST.iter().try_for_each(|features| {
        ci.clippy(&["--package", "gatewright-runtime", "--no-default-features", "--features", features])
    })
}

pub(super) fn check(ci: &Runner<'_>) -> Result<(), String> {
    combinations(ci, MATRIX, &scratch::target())
}

/// In a target folder of its own: cargo locks one while it builds.
pub(super) fn with_ring(ci: &Runner<'_>) -> Result<(), String> {
    let target = scratch::folder(&scratch::target(), "features").map_err(|failure| failure.to_string())?;
    combinations(ci, WITH_RING, &target)
}

fn combinations(ci: &Runner<'_>, matrix: &[&str], target: &Path) -> Result<(), String> {
    let target = target.to_string_lossy();
    if !ci.has("hack", "combinations of features") {
        return Ok(());
    }
    let sources = sources()?.join(",");
    matrix.iter().try_for_each(|options| {
        let options = options.replace(SOURCES, &sources);
        let options: Vec<_> = options.split_whitespace().collect();
        let check = ["hack", "check", "--quiet", "--target-dir", &target];
        ci.without_warnings(&[&check, &options[..]].concat())
    })
}

/// The features of sources of credentials: what `credentials` of the runtime enables.
fn sources() -> Result<Vec<String>, String> {
    let manifest = manifest("runtime")?;
    let sources = manifest["features"]["credentials"].as_array().into_iter().flatten();
    Ok(sources.filter_map(|feature| feature.as_str().map(str::to_owned)).collect())
}

fn manifest(krate: &str) -> Result<DocumentMut, String> {
    let path = model::root().join(krate).join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    text.parse().map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use toml_edit::Item;

    use super::*;

    /// A source with a feature is a line of the runtime's manifest; what else names the feature is listed here.
    #[test]
    fn users_can_enable_every_source_of_credentials() {
        let (sources, generated) = (sources().unwrap(), manifest("generated").unwrap());
        assert!(sources.iter().any(|feature| feature == "sso"), "{sources:?}");
        let features = |feature: &str| {
            let features = generated["features"].get(feature).and_then(Item::as_array).into_iter().flatten();
            features.filter_map(|name| name.as_str().map(str::to_owned)).collect::<Vec<_>>()
        };
        assert_eq!(features("credentials"), sources, "`credentials` of generated/Cargo.toml");
        let guide = fs::read_to_string(model::root().join("generated/guides/features.md")).unwrap();
        for feature in &sources {
            let forwarded = [format!("gatewright-runtime/{feature}")];
            assert_eq!(features(feature), forwarded, "`{feature}` of generated/Cargo.toml");
            assert!(guide.contains(&format!("`{feature}` (")), "`{feature}` is not in the guide to features");
        }
    }
}
