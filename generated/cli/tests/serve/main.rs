//! `serve`, as users see it.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod api;

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};

/// The program, without variables of this machine's environment that clients read.
fn gatewright() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatewright"));
    command.env_clear().env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    command.env("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    command
}

/// A running `serve`.
struct Served {
    process: Child,
    output: BufReader<ChildStdout>,
    url: String,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let mut serve = gatewright();
        serve.args(["serve", "aws-storage-gateway", "--port", "0"]).args(arguments);
        let mut process = serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut url = String::new();
        output.read_line(&mut url).unwrap();
        Self { process, output, url: url.trim_end().to_owned() }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn serving_checks_keys_and_regions_and_fails_on_order() {
    let keys = ["--access-key-id", "AKIDMINE", "--secret-access-key", "s"];
    let served = Served::start(&[&keys[..], &["--region", "eu-west-1", "--control"]].concat());
    let call = |region: &str, secret: &str| {
        let mut command = gatewright();
        command.env("AWS_ACCESS_KEY_ID", "AKIDMINE").env("AWS_SECRET_ACCESS_KEY", secret);
        command.args(["call", "aws-storage-gateway", "ListGateways", "--json", "--endpoint", &served.url]);
        let output = command.args(["--region", region]).output().unwrap();
        (output.status.code(), serde_json::from_slice::<Value>(&output.stderr).unwrap_or_default())
    };
    assert_eq!(call("eu-west-1", "s").0, Some(0));
    for (region, secret) in [("us-east-1", "s"), ("eu-west-1", "t")] {
        let (code, error) = call(region, secret);
        assert_eq!((code, &error["exception"]), (Some(1), &json!("InvalidSignatureException")));
    }
    order(&served.url, &json!({ "operation": "ListGateways", "code": "GatewayNotFound" }));
    let (code, error) = call("eu-west-1", "s");
    assert_eq!((code, &error["exception"]), (Some(1), &json!("InvalidGatewayRequestException")));
    assert_eq!((&error["code"], &error["attempts"]), (&json!("GatewayNotFound"), &json!(1)));
    assert_ne!(error["explanation"]["causes"], json!([]));
}

fn order(url: &str, order: &Value) {
    let mut socket = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    let body = order.to_string();
    let head =
        format!("POST /__gatewright/fail HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", body.len());
    socket.write_all((head + &body).as_bytes()).unwrap();
    let mut status = [0; 15];
    socket.read_exact(&mut status).unwrap();
    assert_eq!(&status, b"HTTP/1.1 200 OK");
}

/// In a shell with credentials in its environment.
#[test]
fn the_commands_to_try_next_work_as_printed() {
    for service in ["alibaba-csg", "alibaba-sts", "aws-storage-gateway", "aws-sts"] {
        let mut serve = gatewright();
        serve.args(["serve", service]).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = serve.spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines().map(Result::unwrap);
        let mut script: Vec<String> = lines.by_ref().skip(1).take(3).collect();
        let call = script.pop().unwrap();
        assert!(call.starts_with("  gatewright call "), "{call}");
        script.push(call.replace("gatewright", env!("CARGO_BIN_EXE_gatewright")));
        let mut shell = Command::new("sh");
        shell.env_clear().env("AWS_SESSION_TOKEN", "old").env("ALIBABA_CLOUD_SECURITY_TOKEN", "old");
        let output = shell.arg("-ec").arg(script.join("\n")).output().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{service}: {complaint}");
        assert!(serde_json::from_slice::<Value>(&output.stdout).unwrap().is_object(), "{service}");
    }
}

#[test]
fn serving_ends_on_a_signal() {
    let mut served = Served::start(&[]);
    assert!(served.url.starts_with("http://127.0.0.1:"), "{}", served.url);
    let signalled = Command::new("kill").arg(served.process.id().to_string()).status().unwrap();
    assert!(signalled.success());
    assert!(served.process.wait().unwrap().success());
    let mut rest = String::new();
    served.output.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "the URL is all that is on standard output");
}
