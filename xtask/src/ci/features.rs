//! Feature combinations of users' crates that programs use; each must build without a warning.

use super::run::Runner;

/// Options of cargo-hack, by crate. `--each-feature` also tries no feature but those that are always given, and all.
const MATRIX: &[&str] = &[
    "--package gatewright-core --each-feature",
    "--package gatewright-sign --feature-powerset --depth 2 --at-least-one-of aws-lc-rs,ring,rust-crypto",
    "--package gatewright-explain --each-feature --features ring",
    "--package gatewright-fake --each-feature --features ring",
    "--package gatewright-runtime --each-feature --features async,ring --exclude-features xml",
    // The least that calls need: no TLS, no sockets, no async runtime, no C compiler.
    "--package gatewright-runtime --each-feature --features blocking-driver,rust-crypto --exclude-all-features \
     --include-features assume-role,async-driver,dynamic,instance,process,sso,raw-http,tracing",
    "--package gatewright --each-feature --features blocking-driver,rust-crypto --exclude-all-features \
     --include-features async-driver,credentials,services",
    // The ways to wait, with each cryptography: TLS has none in Rust alone.
    "--package gatewright --feature-powerset --depth 2 --features aws-storage-gateway --exclude-all-features \
     --include-features async,aws-lc-rs,blocking,ring --at-least-one-of async,blocking --at-least-one-of aws-lc-rs,ring",
    "--package gatewright --each-feature --features async,ring \
     --exclude-features acs3,assume-role,async-driver,aws-credential-types,\
     aws-lc-rs,blocking-driver,dynamic,instance,patterns,process,rust-crypto,sso,tracing",
    "--package gatewright --each-feature --features aws-sts,blocking,ring --exclude-all-features \
     --include-features alibaba-csg,aws-storage-gateway,credentials",
];

pub(super) fn check(ci: &Runner<'_>) -> Result<(), String> {
    if !ci.has("hack", "combinations of features") {
        return Ok(());
    }
    MATRIX.iter().try_for_each(|options| {
        let options: Vec<_> = options.split_whitespace().collect();
        ci.cargo(&[&["hack", "clippy", "--quiet"], &options[..], &["--", "-D", "warnings"]].concat())
    })
}
