//! A program with a transport of its own, without the built-in one: the guide.
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

mod page;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use page::{cargo, root};

/// Standard output of a success without warnings.
#[track_caller]
fn success(output: &Output) -> String {
    let printed = page::success(output);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("warning"), "{stderr}");
    printed
}

/// The program on the page, with its files where the page puts them.
fn program() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own-transport");
    fs::create_dir_all(folder.join("src")).unwrap();
    let page = fs::read_to_string(root().join("generated/guides/own-transport.md")).unwrap();
    // `guides` skips this page.
    assert_eq!(page.lines().filter(|line| line.starts_with("```")).count(), 4, "a block that is not tested");
    for (file, language) in [("Cargo.toml", "toml"), ("src/main.rs", "rust")] {
        let (_, rest) = page.split_once(&format!("`{file}`:\n\n```{language}\n")).unwrap();
        let text = rest.split_once("\n```\n").unwrap().0.to_owned() + "\n";
        let generated = root().join("generated").display().to_string();
        let text = text.replace("../gatewright/generated", &generated);
        let tests = if language == "rust" { include_str!("page/wrapping.rs") } else { "" };
        fs::write(folder.join(file), text + tests).unwrap();
    }
    folder
}

/// The page's program runs; has no TLS, sockets and C code; and compiles for WebAssembly.
#[test]
fn the_page_is_followed_to_the_letter() {
    let folder = program();
    let printed = success(&cargo(&["run", "--quiet"], &folder));
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(
        lines,
        [
            "async: Some([])",
            "blocking: Some([])",
            "ListGateways: unreachable.example: no connection",
            r#"["StorageGateway_20130630.ListGateways: 200 OK"]"#,
            r#"["StorageGateway_20130630.ListGateways: 200 OK", "StorageGateway_20130630.ListGateways: unreachable.example: no connection"]"#,
        ]
    );
    success(&cargo(&["test", "--quiet"], &folder));

    let tree = |target: &[&str]| {
        let arguments = ["tree", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"];
        let tree = success(&cargo(&[&arguments, target].concat(), &folder));
        let crates = tree.lines().map(|line| line.trim_end_matches(" (*)").to_owned());
        let mut crates: Vec<_> = crates.filter(|line| !line.starts_with("gatewright")).collect();
        crates.sort_unstable();
        crates.dedup();
        crates
    };
    let wasm = ["--target", "wasm32-unknown-unknown"];
    for (target, most) in [(&[][..], 26), (&wasm, 24)] {
        let crates = tree(target);
        let names = crates.iter().map(|line| line.split(' ').next().unwrap());
        let unwanted =
            ["rustls", "ring", "aws-lc-rs", "hyper", "mio", "socket2", "cc", "wasm-bindgen", "js-sys"];
        assert_eq!(names.filter(|name| unwanted.contains(name)).count(), 0, "{crates:?}");
        assert!(crates.len() <= most, "{} crates: {crates:?}", crates.len());
    }

    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).current_dir(root()).output().unwrap();
    let library =
        Path::new(String::from_utf8_lossy(&sysroot.stdout).trim()).join("lib/rustlib").join(wasm[1]);
    if library.exists() {
        success(&cargo(&[&["check", "--quiet"][..], &wasm].concat(), &folder));
    } else {
        eprintln!("SKIPPED: nothing was compiled for {0}; rustup target add {0}", wasm[1]);
    }
}
