//! Help and mistakes of `cargo xtask`.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

const VERBS: [&str; 18] = [
    "call",
    "ci",
    "codegen",
    "completions",
    "conformance",
    "corpus",
    "credentials",
    "diff",
    "explain",
    "faults",
    "fuzz",
    "import",
    "interop",
    "package",
    "peers",
    "release",
    "serve",
    "show",
];

fn xtask(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments).env_remove("CLICOLOR_FORCE");
    command
}

/// Exit code, standard output and standard error.
fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = xtask(arguments).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// Help does no work: it is printed without Python, packages or a build.
#[test]
fn every_verb_has_help_on_standard_output() {
    let all = run(&["help"]).1;
    for verb in VERBS {
        assert!(all.contains(&format!("\n  {verb} ")), "{all}");
        let (code, help, stderr) = run(&[verb, "--help"]);
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{verb}");
        assert!(help.contains(&format!("\nUsage: cargo xtask {verb}")), "{help}");
        assert!(help.contains("\nOptions:\n") && help.contains("\nExamples:\n"), "{help}");
        assert!(!help.contains("{program}") && !help.contains('\u{1b}'), "{help}");
        assert_eq!(run(&["help", verb]), (Some(0), help, String::new()));
    }
    let (code, help, _) = run(&["peers", "load", "--help"]);
    assert!(code == Some(0) && help.contains("--scenarios <NAMES>"), "{help}");
    // The verbs of the program `gatewright` have one option more.
    for verb in ["call", "explain", "serve"] {
        assert!(run(&[verb, "--help"]).1.contains("--model <FOLDER>"), "{verb}");
    }
}

#[test]
fn mistakes_suggest_what_is_nearest() {
    for (arguments, suggested) in [
        (&["codgen"][..], "'codegen'"),
        (&["help", "codgen"], "'codegen'"),
        (&["help", "peers", "lod"], "'load'"),
        (&["peers", "help", "lod"], "'load'"),
        (&["codegen", "--chek"], "'--check'"),
        (&["codegen", "--check", "--force"], "cannot be used with"),
        (&["codegen", "--check", "--accept"], "cannot be used with"),
        (&["codegen", "--runtime", "x"], "--out <FOLDER>"),
        (&["codegen", "--check", "--service", "x"], "--out <FOLDER>"),
        (&["codegen", "--out", ""], "a value is required for '--out <FOLDER>'"),
        (&["codegen", "now"], "unexpected argument 'now'"),
        (
            // With --check, so that a work tree survives what this test would find.
            &[
                "codegen",
                "--check",
                "--service",
                "aws-sts",
                "--out",
                concat!(env!("CARGO_MANIFEST_DIR"), "/../generated"),
            ],
            "is the crate of the committed models",
        ),
        (&["import", "kms", "--from", "x", "--format", "smity"], "'smithy'"),
        (&["import", "kms"], "--from <PATH>"),
        (&["peers", "lod"], "'load'"),
        (&["fuzz", "--seconds", "1", "--runs", "1"], "cannot be used with"),
        (&["faults", "--blockin"], "'--blocking'"),
        (&["ci", "--hepl"], "'--help'"),
        (&["show", "aws-st", "AssumeRole"], "did you mean aws-sts?"),
        // Before anything is installed or built.
        (&["interop", "--operations", "ListGateways,ListGateway"], "did you mean ListGateways?"),
        // Of a service whose operations are not compared.
        (&["interop", "--operations", "AssumeRoleWithWebIdentity"], "unknown operation"),
        (&["show", "aws-sts", "AsumeRole"], "did you mean AssumeRole?"),
    ] {
        let (code, stdout, stderr) = run(arguments);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}: {stderr}");
        assert!(stderr.starts_with("error: ") && stderr.contains(suggested), "{stderr}");
        assert!(!stderr.contains('\u{1b}'), "{stderr}");
    }
}

/// What a command line names is input, for every verb alike.
#[test]
fn what_a_command_line_names_is_input() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let (missing, file, empty) = (path("not there"), path("a file"), path("empty"));
    fs::write(&file, "{}").unwrap();
    fs::create_dir(&empty).unwrap();
    let out = path("out");
    let check = |line: &[&str], message: &str| {
        let (code, stdout, stderr) = run(line);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{line:?}: {stderr}");
        assert!(stderr.contains("error: ") && stderr.contains(message), "{line:?}: {stderr}");
    };
    for (name, why) in
        [(&missing, "No such file"), (&file, "Not a directory"), (&empty, "has neither a service.json")]
    {
        check(&["codegen", "--model", name, "--out", &out], why);
        check(&["show", "aws-sts", "client", "--model", name], why);
        check(&["diff", "--from", name], why);
        check(&["call", "aws-sts", "GetCallerIdentity", "--model", name], why);
    }
    check(&["codegen", "--service", "aws-sts", "--out", &file], "is not a folder");
    for (name, why) in [
        (&missing, "No such file"),
        (&file, "holds no model of a known format: neither botocore's service-2.json"),
        (&empty, "holds no model of a known format"),
    ] {
        check(&["import", "harbour", "--from", name, "--model", &out], why);
    }
    let botocore = ["import", "harbour", "--format", "botocore", "--from", &file, "--model", &out];
    check(&botocore, "\"metadata\" names no protocol, so this is not botocore's model of a service");
    check(&["ci", &missing], "No such file");
    check(&["peers", "sign", "--runs", "1", "--help-me"], "unexpected argument");
    for name in [&missing, &file, &empty] {
        check(&["conformance", name], "requests-botocore.json: ");
        let (code, _, stderr) = run(&["conformance", name, "--json"]);
        let failure: serde_json::Value = serde_json::from_str(&stderr).unwrap();
        assert_eq!((code, &failure["kind"]), (Some(2), &"Input".into()), "{failure}");
    }
    assert!(!Path::new(&out).exists());
}

/// The program behind `peers` says what is wrong with the names of scenarios.
#[test]
fn options_that_another_program_refuses_are_input() {
    let (code, _, stderr) = run(&["peers", "load", "--scenarios", "list"]);
    assert!(code == Some(2) && stderr.contains("unknown name 'list'; there are: "), "{stderr}");
}

/// As `head` does after its lines.
#[test]
fn a_closed_pipe_ends_quietly() {
    for arguments in [
        &["help"][..],
        &["completions", "zsh"],
        &["show", "aws-sts", "client"],
        &["diff", "HEAD", "--format", "html"],
    ] {
        let mut child = xtask(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(0) && !said.contains("panicked"), "{arguments:?}: {output:?}");
    }
    // The program behind `peers` prints by itself.
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/peers.py");
    let mut child = Command::new("python3");
    child.args(["-B", program, "--help"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

/// A reader that is gone and a full disk are no reason to write only some of the files.
#[test]
fn files_are_written_even_if_the_output_is_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let codegen = |out: &str| {
        let line =
            ["codegen", "--service", "aws-sts", "--operations", "GetCallerIdentity", "--out", &path(out)];
        line.map(str::to_owned)
    };
    let model = root.join("src/import/fixtures/smithy.json").to_str().unwrap().to_owned();
    let import = ["import", "harbour", "--from", &model, "--model", &path("model")].map(str::to_owned);
    let check_import = || {
        let list = |dir: &str| fs::read_dir(place.path().join(dir)).unwrap().count();
        assert!(list("model/harbour") > 4, "{}", list("model/harbour"));
    };
    let check = |out: &str| {
        let line = codegen(out).into_iter().chain(["--check".to_owned()]).collect::<Vec<_>>();
        let (code, stdout, stderr) = run(&line.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(code, Some(0), "{stdout}{stderr}");
    };
    let unread = |line: &[String]| {
        let line: Vec<_> = line.iter().map(String::as_str).collect();
        let mut child = xtask(&line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    };
    // The program behind `peers` keeps its figures by itself.
    let program = "import pathlib, sys
sys.path.insert(0, sys.argv[1])
from steps import common
common.OUT = pathlib.Path(sys.argv[2])
def work():
    record = common.Record('step')
    for number in range(3):
        record.add({'number': number})
sys.exit(common.quietly(work))";
    let figures = path("figures");
    let peers = root.join("peers");
    let mut child = Command::new("python3");
    child.args(["-B", "-c", program]).arg(peers).arg(&figures).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
    let rows = fs::read_to_string(Path::new(&figures).join("step.jsonl")).unwrap();
    assert_eq!(rows.lines().count(), 3, "{rows}");

    unread(&codegen("unread"));
    check("unread");
    unread(&import);
    check_import();
    #[cfg(target_os = "linux")]
    {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let line = codegen("full");
        let output = xtask(&line.each_ref().map(String::as_str)).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("cannot write to standard output"), "{said}");
        check("full");
    }
}

/// Ctrl-C, or a full disk, may end the first run at any file.
#[test]
fn a_crate_that_was_not_finished_is_written_again() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("crate");
    let line = ["codegen", "--service", "aws-sts", "--operations", "GetCallerIdentity", "--out"];
    let codegen = || run(&[&line[..], &[out.to_str().unwrap()]].concat());
    let (_, stdout, _) = codegen();
    let first = stdout.lines().next().unwrap();
    assert!(first.ends_with("Cargo.toml"), "{stdout}");
    // As an interruption leaves it.
    for name in ["README.md", "src/lib.rs"] {
        fs::remove_file(out.join(name)).unwrap();
    }
    let (code, _, stderr) = codegen();
    assert_eq!(code, Some(0), "{stderr}");
}

/// Each may take the temporary files of the others for those of an interrupted one.
#[test]
fn several_may_generate_into_one_folder() {
    let place = tempfile::tempdir().unwrap();
    for round in 0..8 {
        let out = place.path().join(round.to_string());
        // In an empty folder, none may take the first files of the others for a person's.
        if round % 2 == 1 {
            fs::create_dir(&out).unwrap();
        }
        let line = ["codegen", "--service", "aws-sts", "--out", out.to_str().unwrap()];
        let start = |_| xtask(&line).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let started: Vec<_> = (0..6).map(start).collect();
        for child in started {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let (code, stdout, stderr) = run(&[&line[..], &["--check"]].concat());
        assert_eq!(code, Some(0), "{stdout}{stderr}");
    }
}

/// So many models that reading them takes long.
#[cfg(unix)]
fn many_models() -> tempfile::TempDir {
    let committed =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("model/services/alibaba-sts");
    let models = tempfile::tempdir().unwrap();
    for name in (10..30).map(|number| format!("s{number}")) {
        let folder = models.path().join(&name);
        fs::create_dir(&folder).unwrap();
        for file in fs::read_dir(&committed).unwrap() {
            let path = file.unwrap().path();
            let text = fs::read_to_string(&path).unwrap().replace("\"alibaba-sts\"", &format!("{name:?}"));
            fs::write(folder.join(path.file_name().unwrap()), text).unwrap();
        }
    }
    models
}

/// What a terminal gets; Python has terminals.
#[cfg(unix)]
fn on_terminal(term: &str, line: &[&str]) -> String {
    let program = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
    let mut python = Command::new("python3");
    python.args(["-c", program, env!("CARGO_BIN_EXE_xtask")]).args(line).env("TERM", term);
    let output = python.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n")
}

#[cfg(unix)]
#[test]
fn progress_is_a_bar_on_a_terminal_and_lines_elsewhere() {
    let models = many_models();
    let models = models.path().to_str().unwrap();
    let line = ["diff", "--from", models, "--model", models];
    let (code, stdout, stderr) = run(&line);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stderr.starts_with("reading models: 1 of 20: s10\nreading models: 2 of 20: s11\n"), "{stderr}");
    assert!(!stderr.contains(['\r', '\u{1b}']), "{stderr}");

    // A failure is JSON, without other lines.
    for json in [&["--json"][..], &["--format", "json"], &["--format=json"]] {
        let (code, _, stderr_of_json) = run(&[&line[..], json].concat());
        assert_eq!((code, stderr_of_json.as_str()), (Some(0), ""));
        let (code, _, failure) = run(&[&["diff", "--from", "/nowhere"][..], json].concat());
        assert_eq!(code, Some(2));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&failure).unwrap()["kind"], "Input");
    }

    let shown = on_terminal("xterm", &line);
    assert!(shown.contains(" 0/20 0s reading models: s10") && !shown.contains("1 of 20"), "{shown:?}");
    // The bar is gone before the result.
    let (_, last) = shown.rsplit_once("\r\u{1b}[2K").unwrap();
    assert_eq!(last, stdout);
    assert_eq!(on_terminal("dumb", &line), stderr + &stdout);
}

/// The lines of a program that a verb starts stay whole above the bar, and are all there is elsewhere.
#[cfg(unix)]
#[test]
fn programs_print_above_the_bar() {
    let line = ["peers", "report"];
    let (code, stdout, stderr) = run(&line);
    let printed = stdout + &stderr;
    assert!(code == Some(0) && printed.lines().count() > 2, "{printed}");
    let shown = on_terminal("xterm", &line);
    assert!(shown.contains("0s peers: report"), "{shown:?}");
    assert!(printed.lines().all(|line| shown.contains(&format!("{line}\n"))), "{shown:?}");
    assert!(shown.ends_with("\r\u{1b}[2K"), "{shown:?}");
    assert_eq!(on_terminal("dumb", &line), printed);
}
