//! Help, mistakes, completions and outputs of the program `gatewright`.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    net::TcpListener,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

const VERBS: [&str; 5] = ["call", "completions", "credentials", "explain", "serve"];

/// The program, without variables of this machine's environment that clients read.
fn gatewright(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatewright"));
    command.env_clear().args(arguments);
    command
}

/// Exit code, standard output and standard error.
fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = gatewright(arguments).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn every_verb_has_help_on_standard_output() {
    for verb in VERBS {
        let (code, help, stderr) = run(&[verb, "--help"]);
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{verb}");
        assert!(help.contains(&format!("\nUsage: gatewright {verb} ")), "{help}");
        assert!(help.contains("\nOptions:\n"), "{help}");
        let (_, examples) = help.split_once("\nExamples:\n").unwrap();
        assert!(examples.matches(&format!("gatewright {verb}")).count() >= 2, "{help}");
        assert!(!help.contains("{program}") && !help.contains('\u{1b}'), "{help}");
        assert_eq!(run(&["help", verb]), (Some(0), help, String::new()));
    }
    let (code, help, _) = run(&["--help"]);
    assert_eq!(code, Some(0));
    assert!(VERBS.iter().all(|verb| help.contains(&format!("\n  {verb} "))), "{help}");
    assert!(help.contains("\nExit codes:\n"), "{help}");
    assert_eq!(run(&["--version"]).1, concat!("gatewright ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn mistakes_suggest_what_is_nearest() {
    for (arguments, suggested) in [
        (&["cal"][..], "'call'"),
        (&["help", "cal"], "'call'"),
        (&["call", "aws-sts", "GetCallerIdentity", "--fakee"], "'--fake'"),
        (&["completions", "bas"], "'bash'"),
        (&["call", "aws-st", "GetCallerIdentity", "--fake"], "did you mean aws-sts?"),
        (&["call", "aws-sts", "GetCallerIdentify", "--fake"], "did you mean GetCallerIdentity?"),
        (
            &["call", "aws-sts", "GetCallerIdentity", "--max-attempts", "0"],
            "'--max-attempts <NUMBER>': not a number from 1",
        ),
        (
            &["call", "aws-sts", "GetCallerIdentity", "--max-attempts", "-1"],
            "'--max-attempts <NUMBER>': not a number from 1",
        ),
        (&["serve", "aws-sts", "--port", "-1"], "-1 is not in 0..=65535"),
        (&["serve", "aws-sts", "--region", ""], "a value is required for '--region <REGION>'"),
        (&["explain", ""], "a value is required for '[FILE]'"),
        (&["serve", "aws-sts", "--session-token", ""], "a value is required"),
        (&["serve", "aws-st"], "did you mean aws-sts?"),
        (&["serve", "aws-sts", "--region", "us east"], "--region: region `us east`: characters other than"),
        (&["explain", "api-gateway", "--status", "403"], "a service is named by --service"),
        (&["explain", "--url", "https://example.com", "--status", "403"], "need --message"),
    ] {
        let (code, stdout, stderr) = run(arguments);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
        assert!(stderr.starts_with("error: ") && stderr.contains(suggested), "{stderr}");
    }
}

/// Colour is for terminals: `CLICOLOR_FORCE` simulates one, and `NO_COLOR` has priority.
#[test]
fn colour_can_be_disabled() {
    // A mistake, and a failure of a verb.
    for line in [&["cal"][..], &["explain", "/nowhere"]] {
        let coloured = |variables: &[&str]| {
            let mut command = gatewright(line);
            command.envs(variables.iter().map(|name| (name, "1")));
            command.output().unwrap().stderr.contains(&0x1b)
        };
        assert!(!coloured(&[]));
        assert!(coloured(&["CLICOLOR_FORCE"]));
        assert!(!coloured(&["NO_COLOR"]));
    }
}

#[test]
fn shells_read_their_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (code, script, stderr) = run(&["completions", shell]);
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{shell}");
        assert!(VERBS.iter().chain(&["max-attempts"]).all(|word| script.contains(word)), "{shell}");
    }
    let mut bash = Command::new("bash");
    let list = "source <(\"$0\" completions bash); COMP_WORDS=(gatewright call --reg); COMP_CWORD=2; \
                _gatewright gatewright --reg call; echo \"${COMPREPLY[@]}\"";
    let list = list.to_owned()
        + "; COMP_WORDS=(gatewright call aws-st); _gatewright gatewright aws-st call; echo \"${COMPREPLY[@]}\"";
    let output = bash.args(["-c", &list, env!("CARGO_BIN_EXE_gatewright")]).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "--region\naws-storage-gateway aws-sts\n",
        "{output:?}"
    );
    let mut fish = Command::new("fish");
    let list = "$argv[1] completions fish | source; for line in 'gatewright call aws-st' 'gatewright call aws-sts aws-st' \
                'gatewright completions z'; complete --do-complete $line; end; true";
    match fish.args(["-c", list, env!("CARGO_BIN_EXE_gatewright")]).output() {
        Ok(output) => assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            "aws-storage-gateway\naws-sts\nzsh\n",
            "{output:?}"
        ),
        Err(_) => eprintln!("SKIPPED: completions in fish, which is not installed"),
    }
}

/// The message shows which argument it is.
#[cfg(unix)]
#[test]
fn arguments_that_are_not_text_are_named() {
    use std::os::unix::ffi::OsStrExt as _;

    for (json, start) in
        [(false, "error: the argument \"a\u{fffd}.json\" is not valid UTF-8; "), (true, "{\n")]
    {
        let mut command = gatewright(&["explain"]);
        command.args(json.then_some("--json")).arg(std::ffi::OsStr::from_bytes(b"a\xff.json"));
        let output = command.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && stderr.starts_with(start), "{stderr}");
        assert!(json || stderr.contains("Usage: gatewright explain"), "{stderr}");
        if json {
            let failure: Value = serde_json::from_str(&stderr).unwrap();
            assert!(
                failure["kind"] == "Usage" && failure["message"].as_str().unwrap().contains("a\u{fffd}.json")
            );
        }
    }
}

/// The value may be a secret.
#[cfg(unix)]
#[test]
fn values_of_options_that_are_not_text_are_not_shown() {
    use std::os::unix::ffi::OsStrExt as _;

    let value = std::ffi::OsStr::from_bytes(b"TOPSECRET\xff");
    let mut joined = std::ffi::OsString::from("--secret-access-key=");
    joined.push(value);
    for words in [&[std::ffi::OsStr::new("--secret-access-key"), value][..], &[&joined]] {
        let output = gatewright(&["serve", "aws-sts", "--access-key-id", "A"]).args(words).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        let start = "error: the value of --secret-access-key is not valid UTF-8; ";
        assert!(output.status.code() == Some(2) && stderr.starts_with(start), "{stderr}");
        assert!(!stderr.contains("TOPSECRET"), "{stderr}");
    }
}

/// As `head` does after its lines.
#[test]
fn a_closed_pipe_ends_quietly() {
    for arguments in [
        &["call", "aws-storage-gateway", "ListGateways", "--fake"][..],
        &["completions", "bash"],
        &["help"],
        &["serve", "api-gateway", "--refuse", "list"],
    ] {
        let mut child = gatewright(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()), "{arguments:?}");
    }
}

/// A device without space, for which help is a result like any other.
#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_a_failure() {
    for arguments in [&["--help"][..], &["completions", "bash"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = gatewright(arguments).stdout(full).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.starts_with("error: cannot write to standard output: "), "{said}");
    }
}

#[test]
fn a_port_in_use_is_reported_with_the_way_out() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (code, stdout, stderr) = run(&["serve", "aws-sts", "--port", &port.to_string()]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert_eq!(
        stderr,
        format!(
            "error: cannot serve: port {port} is in use by another program; name another --port, or use --port 0 for a free \
             one\n"
        )
    );
}

/// Members that the guide to the command line does not name.
fn undocumented(json: &Value) -> Vec<&str> {
    const GUIDE: &str = include_str!("../../guides/command-line.md");
    match json {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| {
                let is_named = GUIDE.contains(&format!("`{name}`"));
                // An input has the members of its operation.
                let inner = if name == "input" { Vec::new() } else { undocumented(value) };
                inner.into_iter().chain((!is_named).then_some(name.as_str()))
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(undocumented).collect(),
        _ => Vec::new(),
    }
}

/// The shapes that the guide to the command line documents.
#[test]
fn programs_read_json() {
    let keys = [("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI")];
    let dir = std::env::temp_dir();
    let json = |name: &str, arguments: &[&str], code: i32| {
        let mut command = gatewright(arguments);
        command.envs(keys.into_iter().filter(|_| name != "credentials-none"));
        // Files of the user who runs this test.
        command.env("HOME", dir.join("gatewright-nobody")).env("AWS_EC2_METADATA_DISABLED", "true");
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        let (shown, silent) =
            if code == 0 { (output.stdout, output.stderr) } else { (output.stderr, output.stdout) };
        assert_eq!(String::from_utf8_lossy(&silent), "", "{name}");
        let mut shown: Value = serde_json::from_slice(&shown).unwrap();
        // A response has the members of its service.
        if name != "call" {
            let undocumented = undocumented(&shown);
            assert!(
                undocumented.is_empty(),
                "not in the guide to the command line: {undocumented:?} of {name}"
            );
        }
        if shown["request_id"].is_string() {
            shown["request_id"] = "(an id)".into();
        }
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("json-{name}"), format!("{shown:#}"));
        });
    };
    let activate = ["call", "aws-storage-gateway", "ActivateGateway", "--fake", "--json"];
    let input =
        r#"{"ActivationKey":"k","GatewayName":"n","GatewayTimezone":"GMT","GatewayRegion":"us-east-1"}"#;
    json("call", &["call", "aws-sts", "GetCallerIdentity", "--fake", "--json"], 0);
    json("call-input", &[&activate[..], &["--input", "{}"]].concat(), 2);
    json("call-service", &[&activate[..], &["--unchecked", "--input", input]].concat(), 1);
    json("call-usage", &[&activate[..], &["--unchekced"]].concat(), 2);
    json("call-usage-value", &[&activate[..], &["--timeout", "soon"]].concat(), 2);
    json("credentials", &["credentials", "--json"], 0);
    json("credentials-none", &["credentials", "--json"], 1);
    let message = dir.join(format!("gatewright-json-{}.txt", std::process::id()));
    std::fs::write(&message, "HTTP/1.1 429 x\n\n{\"message\":\"Too Many Requests\"}").unwrap();
    let explain = ["explain", "--json", "--service", "api-gateway", "--message"];
    json("explain", &[&explain[..], &[message.to_str().unwrap()]].concat(), 0);
    json("explain-nothing", &["explain", "--json", "/nowhere"], 2);
    std::fs::remove_file(message).unwrap();
}
