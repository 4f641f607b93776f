//! `call`, as users see it.
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    collections::BTreeSet,
    io::{Read as _, Write as _},
    net::TcpListener,
    process::{Command, Output, Stdio},
    thread,
    time::Duration,
};

use gatewright_runtime::{
    context::{Context as _, SystemContext},
    time::Timestamp,
};
use serde_json::{Value, json};
use tokio::net::TcpSocket;

/// The program, without variables of this machine's environment that clients read.
fn gatewright() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatewright"));
    command.env_clear().env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    command.env("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    command
}

fn call(arguments: &[&str]) -> Output {
    gatewright().args(["call", "aws-storage-gateway"]).args(arguments).output().unwrap()
}

#[track_caller]
fn output(arguments: &[&str]) -> Value {
    let output = call(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stderr, b"");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Members of every failure of a call.
const MEMBERS: [&str; 9] =
    ["kind", "exception", "code", "message", "status", "request_id", "attempts", "explanation", "recorded"];

/// The error of a call, the only output on standard error.
#[track_caller]
fn refused(arguments: &[&str], exit_code: i32, kind: &str, message: &str) -> Value {
    let output = call(&[&["--json"], arguments].concat());
    let error: Value = serde_json::from_slice(&output.stderr)
        .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!((output.status.code(), error["kind"].as_str()), (Some(exit_code), Some(kind)), "{error}");
    assert_eq!(output.stdout, b"");
    assert!(error["message"].as_str().unwrap().contains(message), "{error}");
    assert!(MEMBERS.iter().all(|member| error.get(member).is_some()), "{error}");
    error
}

/// A mistake in the command line, which is not an error of a call.
#[track_caller]
fn misused(arguments: &[&str], message: &str) {
    let output = call(&[&["--json"], arguments].concat());
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!((output.status.code(), &error["kind"]), (Some(2), &json!("Usage")), "{error}");
    assert!(error["message"].as_str().unwrap().contains(message), "{error}");
}

/// The URL of a server that responds to one request with these bytes.
fn responding(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let _ = socket.read(&mut [0; 4096]);
        let _ = socket.write_all(bytes);
    });
    url
}

/// The same of as many requests as there are responses.
fn responding_each(responses: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for response in responses {
            let (mut socket, _) = listener.accept().unwrap();
            let _ = socket.read(&mut [0; 4096]);
            let _ = socket.write_all(response.as_bytes());
        }
    });
    url
}

#[test]
fn a_clock_that_was_corrected_is_said_and_recorded() {
    let refusal =
        r#"{"__type":"InvalidSignatureException","message":"Signature expired: a is now earlier than b"}"#;
    let date = SystemContext.now() + Duration::from_secs(20 * 60);
    let date = Timestamp::from(date).http_date();
    let length = refusal.len();
    let refused = format!(
        "HTTP/1.1 400 x\r\nconnection: close\r\ndate: {date}\r\ncontent-length: {length}\r\n\r\n{refusal}"
    );
    let found =
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 15\r\n\r\n{\"Gateways\":[]}".to_owned();
    let url = responding_each(vec![refused.clone(), found.clone(), refused, found]);
    let record = std::env::temp_dir().join(format!("gatewright-clock-{}.json", std::process::id()));
    let record = record.to_str().unwrap();
    let corrected = call(&["ListGateways", "--endpoint", &url, "--region", "us-east-1", "--record", record]);
    let warning = String::from_utf8_lossy(&corrected.stderr);
    assert!(corrected.status.success(), "{warning}");
    assert!(warning.starts_with("warning: this machine's clock is "), "{warning}");
    assert!(warning.contains(" behind the service's; ") && warning.lines().count() == 1, "{warning}");
    let explained = gatewright().args(["explain", record]).output().unwrap();
    let explained = String::from_utf8_lossy(&explained.stdout);
    assert!(explained.contains("clock was off") && !explained.contains("throttling"), "{explained}");
    std::fs::remove_file(record).unwrap();
    // Programs read failures alone.
    output(&["ListGateways", "--endpoint", &url, "--region", "us-east-1", "--json"]);
}

/// As in the AWS CLI, and in `credentials --profile`.
#[test]
fn a_profile_has_priority_over_variables() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let received = thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let length = socket.read(&mut request).unwrap();
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    let config = std::env::temp_dir().join(format!("gatewright-profile-{}", std::process::id()));
    let keys = "aws_access_key_id = AKIDOFPROFILE\naws_secret_access_key = secret";
    std::fs::write(&config, format!("[profile other]\nregion = eu-west-1\n{keys}\n")).unwrap();
    let line = ["call", "aws-storage-gateway", "ListGateways", "--profile", "other", "--endpoint", &url];
    let output = gatewright().env("AWS_CONFIG_FILE", &config).args(line).output().unwrap();
    std::fs::remove_file(&config).unwrap();
    assert!(output.status.success(), "{output:?}");
    let request = received.join().unwrap();
    assert!(request.contains("Credential=AKIDOFPROFILE/") && request.contains("/eu-west-1/"), "{request}");
}

const GATEWAY: &str =
    r#"{"GatewayARN":"arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B"}"#;

#[test]
fn a_call_without_an_account() {
    assert_eq!(output(&["ListGateways", "--fake"])["Gateways"].as_array().unwrap().len(), 1);
    let gateway = output(&["DescribeGatewayInformation", "--fake", "--input", GATEWAY]);
    assert_eq!(gateway["GatewayARN"], "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B");
}

fn utf_16(text: &str) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn input_from_files_and_standard_input() {
    let path = std::env::temp_dir().join(format!("gatewright-call-{}.json", std::process::id()));
    // As some editors write it.
    std::fs::write(&path, format!("\u{feff}{GATEWAY}")).unwrap();
    let source = format!("@{}", path.display());
    output(&["DescribeGatewayInformation", "--fake", "--input", &source]);
    refused(&["ListGateways", "--fake", "--input", &source[1..]], 2, "Input", "did you mean @");
    // As PowerShell does.
    std::fs::write(&path, utf_16(GATEWAY)).unwrap();
    output(&["DescribeGatewayInformation", "--fake", "--input", &source]);
    std::fs::write(&path, "\n").unwrap();
    refused(
        &["ListGateways", "--fake", "--input", &source],
        2,
        "Input",
        "is empty; an input without members is {}",
    );
    std::fs::remove_file(&path).unwrap();
    refused(&["ListGateways", "--fake", "--input", &source], 2, "Input", "cannot read the input from @");
    refused(&["ListGateways", "--fake", "--input", "@"], 2, "Input", "@ without the name of a file");
    let nothing = "the input from standard input is empty";
    refused(&["ListGateways", "--fake", "--input", "-"], 2, "Input", nothing);

    let mut child = gatewright();
    child.args(["call", "aws-storage-gateway", "DescribeGatewayInformation", "--fake", "--input", "-"]);
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(GATEWAY.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn invalid_input_is_reported_as_json() {
    let check = |arguments: &[&str], message: &str| drop(refused(arguments, 2, "Input", message));
    let with = |input: &str, message: &str| check(&["ActivateGateway", "--fake", "--input", input], message);
    with("{", "the input cannot be read as JSON: EOF while parsing an object at line 1 column 1");
    with("[]", "the input is not a JSON object");
    with("{}", "ActivationKey: required but missing; GatewayName: required but missing");
    // All faults are reported together, with the names of the input.
    with(
        r#"{"ActivationKey":"","GatewayName":7,"GatewayType":[],"Tags":[{"Key":"","Valu":""},{"Value":"v"}]}"#,
        "GatewayRegion: required but missing; GatewayTimezone: required but missing; \
         GatewayName: invalid type: integer, expected a string; \
         GatewayType: invalid type: sequence, expected a string; Tags[0].Valu: there is no such member; \
         ActivationKey: 0 characters, at least 1; Tags[0].Key: 0 characters, at least 1; \
         Tags[0].Value: required but missing; Tags[1].Key: required but missing",
    );
    let whole =
        r#"{"ActivationKey":"k","GatewayName":"nn","GatewayTimezone":"GMT","GatewayRegion":"us-east-1"}"#;
    with(&whole.replace("GatewayName", "Name"), "GatewayName: required but missing");
    with(&whole.replace("\"nn\"", "7"), "GatewayName: invalid type: integer, expected a string");
    with(
        &whole.replace('}', r#","Tags":[{"Key":{}}]}"#),
        "Tags[0].Key: invalid type: map, expected a string",
    );
    with(&whole.replace("nn", "n"), "GatewayName: 1 character, at least 2");
    with(&whole.replace('}', r#","Speed":1}"#), "Speed: there is no such member");
    with(&"[".repeat(100_000), "the input cannot be read as JSON: recursion limit exceeded");
    with("1e400", "the input cannot be read as JSON: number out of range");
    with(&format!("file://{}/src/lib.rs", env!("CARGO_MANIFEST_DIR")), "did you mean @");
    // Members have nothing to do with it, and no option accepts it.
    let malformed = call(&["ActivateGateway", "--fake", "--input", "{'GatewayName': 1}"]);
    let malformed = String::from_utf8(malformed.stderr).unwrap();
    assert!(!malformed.contains("constraints"), "{malformed}");

    check(&["ListGatewys", "--fake"], "unknown operation \"ListGatewys\"; did you mean ListGateways");
    misused(&["ListGateways", "--fakee"], "a similar argument exists: '--fake'");
    for nothing in [&["--input"][..], &["--input", ""]] {
        misused(&[&["ListGateways"], nothing].concat(), "a value is required for '--input <JSON>'");
    }
    misused(&["ListGateways", "--timeout", "-1"], "not a number of seconds from 0");
    misused(&["ListGateways", "--max-attempts", "0"], "invalid value '0' for '--max-attempts <NUMBER>'");
    misused(&["ListGateways", "--fake", "--endpoint", "http://127.0.0.1"], "cannot be used with");
    misused(&["ListGateways", "--record-input"], "--record <FILE>");
    misused(&[], "<OPERATION>");
    check(&["ListGateways"], "egion");
    let unknown = gatewright().args(["call", "aws-storage-gatewy", "X"]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8(unknown.stderr).unwrap().contains("did you mean aws-storage-gateway?"));
}

/// The README's example, in a shell without variables.
#[test]
fn failures_before_sending_are_recorded() {
    let path = std::env::temp_dir().join(format!("gatewright-record-{}.json", std::process::id()));
    let record = path.to_str().unwrap();
    let check = |arguments: &[&str], kind: &str, exit_code: i32, explained: &str| {
        let error = refused(&[arguments, &["--record", record]].concat(), exit_code, kind, "");
        assert_eq!(error["recorded"], record, "{error}");
        let explanation = gatewright().args(["explain", record]).output().unwrap();
        assert_eq!(explanation.status.code(), Some(0), "{explanation:?}");
        let explanation = String::from_utf8(explanation.stdout).unwrap();
        assert!(explanation.contains(explained), "{explanation}");
        std::fs::remove_file(&path).unwrap();
    };
    check(&["ListGateways"], "Input", 2, "ListGateways: not sent: Invalid Configuration: Missing Region");
    check(&["ListGateways", "--region", "a b"], "Input", 2, "A setting of the client is missing or invalid");
    check(&["ListGateways", "--fake", "--input", "{\"X\":1}"], "Input", 2, "there is no such member");
}

/// At every depth, with the same notation of places for every protocol, and never with a value, which may be secret.
#[test]
fn faults_are_reported_together_at_every_depth() {
    for (service, operation, input, faults) in [
        (
            "aws-storage-gateway",
            "ActivateGateway",
            r#"{"GatewayName":"missing field `N`","GatewayRegion":1234567,"Tags":[{"Key":7,"Value":{"s":"missing field `x`"}},
                {"Value":[]},3,{},{"Key":"k","Value":null},null,{"Key":"k","Value":"v","Colour":1}]}"#,
            "ActivationKey: required but missing; GatewayTimezone: required but missing; \
             Tags[1].Key: required but missing; Tags[3].Key: required but missing; \
             Tags[3].Value: required but missing; Tags[4].Value: required but missing; \
             GatewayRegion: invalid type: integer, expected a string; \
             Tags[0].Key: invalid type: integer, expected a string; \
             Tags[0].Value: invalid type: map, expected a string; \
             Tags[1].Value: invalid type: sequence, expected a string; \
             Tags[2]: invalid type: integer, expected an object for Tag; Tags[6].Colour: there is no such member",
        ),
        (
            "aws-sts",
            "AssumeRole",
            r#"{"RoleArn":"a","RoleSessionName":["s"],"DurationSeconds":"missing field `zz`",
                "PolicyArns":[{"arn":{}},{"Arn":"x"},null,{},5,{"arn":"x"}],"Tags":[{"Key":"1"}]}"#,
            "Tags[0].Value: required but missing; RoleSessionName: invalid type: sequence, expected a string; \
             DurationSeconds: invalid type: string, expected i32; \
             PolicyArns[0].arn: invalid type: map, expected a string; \
             PolicyArns[4]: invalid type: integer, expected an object for PolicyDescriptorType; \
             PolicyArns[1].Arn: there is no such member; PolicyArns[5].arn: 1 character, at least 20; \
             RoleArn: 1 character, at least 20",
        ),
        // The same within the wrappers that lists have in forms.
        (
            "aws-sts",
            "AssumeRole",
            r#"{"RoleArn":"arn:aws:iam::123456789012:role/r","RoleSessionName":"session",
                "PolicyArns":{"member":[{"arn":{}},{"Arn":"x"},null,{},5,{"arn":"x"}]},
                "TransitiveTagKeys":{"member":["a",[],{"b":1}]},
                "Tags":{"member":[{"Key":"1"},{"Key":[[]],"Value":"v"},{"Key":"k","Value":"v","Colour":1}]}}"#,
            "Tags[0].Value: required but missing; Tags[1].Key: invalid type: sequence, expected a string; \
             PolicyArns[0].arn: invalid type: map, expected a string; \
             PolicyArns[4]: invalid type: integer, expected an object for PolicyDescriptorType; \
             TransitiveTagKeys[1]: invalid type: sequence, expected a string; \
             TransitiveTagKeys[2]: invalid type: map, expected a string; \
             PolicyArns[1].Arn: there is no such member; Tags[2].Colour: there is no such member; \
             PolicyArns[5].arn: 1 character, at least 20",
        ),
        (
            "alibaba-csg",
            "ListTagResources",
            r#"{"RegionId":"r","ResourceType":7,"ResourceId":[{"a":1},"b",[]],
                "Tag":[{"key":"a","VALUE":[]},{"Key":{},"Value":[[]]}]}"#,
            "ResourceId[0]: invalid type: map, expected a string; \
             ResourceId[2]: invalid type: sequence, expected a string; \
             Tag[0].Value: invalid type: sequence, expected a string; \
             Tag[1].Key: invalid type: map, expected a string; \
             Tag[1].Value: invalid type: sequence, expected a string; Tag[0].key: there is no such member",
        ),
        // Lone items are lists of one.
        (
            "alibaba-csg",
            "ListTagResources",
            r#"{"RegionId":"r","ResourceType":"t","ResourceId":{"a":[1]},"Tag":{"Value":[{}]}}"#,
            "ResourceId[0]: invalid type: map, expected a string; \
             Tag[0].Value: invalid type: sequence, expected a string",
        ),
    ] {
        let arguments = ["call", service, operation, "--fake", "--json", "--input", input];
        let output = gatewright().args(arguments).output().unwrap();
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        let message = error["message"].as_str().unwrap();
        let found: BTreeSet<_> = message.split_once("invalid input: ").unwrap().1.split("; ").collect();
        assert_eq!(found, faults.split("; ").collect(), "{message}");
        assert!(!error.to_string().contains("1234567"), "{error}");
    }
    // Lists of any length are searched quickly, for 100 faults in all.
    let tags = vec![r#"{"Value":7}"#; 5_000].join(",");
    let error = refused(
        &["AddTagsToResource", "--fake", "--input", &format!(r#"{{"ResourceARN":7,"Tags":[{tags}]}}"#)],
        2,
        "Input",
        "ResourceARN: invalid type: integer",
    );
    assert_eq!(error["message"].as_str().unwrap().matches("Tags[").count(), 99);
}

/// The response is not lost with its record.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_hides_no_response() {
    let line = ["ListGateways", "--fake", "--json", "--record", "/dev/full"];
    let output = call(&line);
    let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    let response: Value = serde_json::from_str(&stdout).unwrap();
    assert!(response["Gateways"].is_array(), "{response}");
    let failure: Value = serde_json::from_str(&stderr).unwrap();
    let message = failure["message"].as_str().unwrap();
    assert!(message.starts_with("the call succeeded, and could not be saved: /dev/full: "), "{failure}");
    assert!(failure["record_error"].as_str().unwrap().starts_with("/dev/full: "), "{failure}");
    assert_eq!((&failure["kind"], &failure["recorded"]), (&json!("Failed"), &Value::Null));
    assert_eq!((&failure["status"], &failure["attempts"]), (&json!(200), &json!(1)));
    assert!(MEMBERS.iter().all(|member| failure.get(member).is_some()), "{failure}");
}

/// Whatever the machine refuses, programs read an object with all members.
#[cfg(target_os = "linux")]
#[test]
fn a_fake_that_cannot_start_is_a_failure_like_others() {
    let mut summaries = BTreeSet::new();
    // How many files it opens before the fake's socket is its own affair.
    for files in 3..64 {
        let line = format!(
            "ulimit -n {files}; exec \"$0\" call aws-sts GetCallerIdentity --fake --timeout 1 --json"
        );
        let mut shell = Command::new("sh");
        shell.env_clear().args(["-c", &line, env!("CARGO_BIN_EXE_gatewright")]);
        let output = shell.output().unwrap();
        let Ok(error) = serde_json::from_slice::<Value>(&output.stderr) else {
            // The system cannot even start it.
            continue;
        };
        assert_eq!((output.status.code(), &error["kind"]), (Some(1), &json!("Transport")), "{error}");
        assert!(MEMBERS.iter().all(|member| error.get(member).is_some()), "{error}");
        let summary = error["explanation"]["summary"].as_str().unwrap();
        if summary.starts_with("the fake cannot start: ") {
            return;
        }
        summaries.insert(summary.to_owned());
    }
    panic!("the fake was never refused a socket: {summaries:?}");
}

/// Until the call has ended, an older record stays.
#[test]
fn a_call_that_is_ended_keeps_the_older_record() {
    let path = std::env::temp_dir().join(format!("gatewright-older-{}.json", std::process::id()));
    let older = "an older record, longer than the next. ".repeat(200);
    std::fs::write(&path, &older).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let record = path.to_str().unwrap();
    let line = ["ListGateways", "--region", "us-east-1", "--endpoint", &url, "--record", record];
    let mut child = gatewright().args(["call", "aws-storage-gateway"]).args(line).spawn().unwrap();
    let _hanging = listener.accept().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), older);
    // Nothing is left of it in the next.
    output(&["ListGateways", "--fake", "--record", record]);
    serde_json::from_slice::<Value>(&std::fs::read(&path).unwrap()).unwrap();
    std::fs::remove_file(&path).unwrap();
}

/// Of two values for a key, one would be lost.
#[test]
fn a_key_that_occurs_twice_is_named() {
    for (input, fault) in [
        (
            r#"{"Limit":1,"Limit":2}"#,
            r#"the input has the key "Limit" a second time at line 1 column 18; remove one of the two"#,
        ),
        (
            "{\"Tags\":[{\"Key\":1},\n {\"Key\":true, \"K\\u0065y\":null}]}",
            r#"the input has the key "Key" a second time at line 2 column 24; remove one of the two"#,
        ),
    ] {
        refused(&["ListGateways", "--fake", "--input", input], 2, "Input", fault);
    }
    output(&["ListGateways", "--fake", "--input", r#"{"Limit":1,"Marker":"Limit"}"#]);
}

#[test]
fn without_credentials_the_way_of_a_command_line_is_named() {
    for (service, operation, variables) in [
        ("aws-sts", "GetCallerIdentity", ["AWS_ACCESS_KEY_ID", "AWS_PROFILE"]),
        ("alibaba-sts", "GetCallerIdentity", ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_PROFILE"]),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gatewright"));
        command.env_clear().env("HOME", "/nowhere").env("AWS_EC2_METADATA_DISABLED", "true");
        command.env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
        command.args([
            "call",
            service,
            operation,
            "--json",
            "--region",
            "x-1",
            "--endpoint",
            "http://127.0.0.1:1",
        ]);
        let output = command.output().unwrap();
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!((output.status.code(), &error["kind"]), (Some(1), &json!("Credentials")), "{error}");
        let remedies = error["explanation"]["remedies"].to_string();
        assert!(variables.iter().all(|name| remedies.contains(&format!("`{name}`"))), "{remedies}");
    }
}

/// A record, the file it is in, and whether others may read that.
#[cfg(unix)]
#[test]
fn records_are_their_owners_alone_and_hold_no_secrets() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = std::env::temp_dir().join(format!("gatewright-records-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let input = r#"{"GatewayARN": "arn:aws:storagegateway:us-east-1:123456789012:gateway/sgw-12345678",
        "SMBGuestPassword": "x", "Password": "hush-hush-hush", "DomainName": "example.com", "UserName": "admin"}"#;
    let url = responding(
        b"HTTP/1.1 400 Bad Request\r\ncontent-length: 46\r\n\r\n{\"message\":\"Password hush\\u002dhush\\u002dhush\"}",
    );
    for (name, is_there) in [("new.json", false), ("old.json", true)] {
        let path = folder.join(name);
        if is_there {
            std::fs::write(&path, "old").unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        }
        let record = path.to_str().unwrap();
        let arguments = [
            "--region",
            "us-east-1",
            "--endpoint",
            &url,
            "--unchecked",
            "--record-input",
            "--record",
            record,
        ];
        let input = input.replace("\"SMBGuestPassword\": \"x\", ", "");
        let output = call(&[&["JoinDomain", "--input", &input], arguments.as_slice()].concat());
        assert!(!String::from_utf8_lossy(&output.stderr).contains("hush"), "{output:?}");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("example.com") && text.contains("***") && !text.contains("hush"), "{text}");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn passwords_and_queries_of_urls_are_not_printed() {
    let path = std::env::temp_dir().join(format!("gatewright-urls-{}.json", std::process::id()));
    for url in [
        "https://alice:hush6HUSH@127.0.0.1:1",
        "https://alice:a?hush6HUSH@127.0.0.1:1",
        "https://127.0.0.1:1/?token=hush6HUSH",
        "alice:hush6HUSH://@127.0.0.1:1",
        "https://alice:hush6HUSH@127.0.0.1 :1",
    ] {
        for variable in [None, Some("HTTPS_PROXY"), Some("ALL_PROXY")] {
            let endpoint = variable.map_or(url, |_| "https://service.invalid");
            let mut command = gatewright();
            command.args(["call", "aws-storage-gateway", "ListGateways", "--region", "us-east-1"]);
            command.args(["--endpoint", endpoint, "--record"]).arg(&path);
            let output = command.envs(variable.map(|name| (name, url))).output().unwrap();
            let printed = String::from_utf8_lossy(&output.stderr);
            let record = std::fs::read_to_string(&path).unwrap();
            let explanation = gatewright().arg("explain").arg(&path).output().unwrap();
            let shown = format!("{printed} {record} {}", String::from_utf8_lossy(&explanation.stdout));
            assert!(!output.status.success() && !shown.contains("hush"), "{url}: {shown}");
            std::fs::remove_file(&path).unwrap();
        }
    }
}

#[test]
fn what_breaks_constraints_can_be_sent() {
    let input =
        r#"{"ActivationKey":"k","GatewayName":"n","GatewayTimezone":"GMT","GatewayRegion":"us-east-1"}"#;
    let arguments = ["ActivateGateway", "--fake", "--unchecked", "--input", input];
    let error = refused(&arguments, 1, "Service", "Value 'n' at 'gatewayName' failed to satisfy constraint");
    assert_eq!((&error["exception"], &error["status"]), (&json!("ValidationException"), &json!(400)));
}

#[test]
fn failures_on_the_way_end_with_exit_code_1() {
    let check = |endpoint: &str, arguments: &[&str], kind, message| {
        let fixed = ["ListGateways", "--region", "us-east-1", "--max-attempts", "1", "--endpoint", endpoint];
        let error = refused(&[&fixed, arguments].concat(), 1, kind, message);
        assert_eq!(error["attempts"], 1);
        let remedies = error["explanation"]["remedies"].as_array().unwrap();
        assert!(!remedies.is_empty());
        // Explanations name what programs set; the last remedy is the option.
        if let [option @ ("--timeout" | "--attempt-timeout"), _] = arguments {
            assert_eq!(
                remedies.last().unwrap(),
                &format!("On this command line, `{option}` sets this timeout.")
            );
        }
    };
    // An invalid setting names its option, too.
    let line = ["ListGateways", "--region", "us east"];
    let error = refused(&line, 2, "Input", "region `us east`: characters other than");
    let remedies = error["explanation"]["remedies"].to_string();
    assert!(
        remedies.contains("`--region`, `--endpoint` and `--profile` are settings of the builder"),
        "{error}"
    );
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}", listener.local_addr().unwrap());
    check(&silent, &["--attempt-timeout", "1"], "Transport", "no response within the attempt timeout");
    check(&silent, &["--timeout", "1"], "Transport", "no response within the operation timeout");
    // Bound, to keep others from the port, and not listened to.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    check(&format!("http://{}", socket.local_addr().unwrap()), &[], "Transport", "no connection");
    let plain = responding(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    check(&plain.replace("http:", "https:"), &[], "Transport", "the TLS handshake failed");
    let html = responding(b"HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n<p>Log in</p>");
    check(&html, &[], "Response", "HTML");
    let cut = responding(b"HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{\"Gate");
    check(&cut, &[], "Transport", "the connection ended before the response was complete");
}

/// A service may repeat parts of the request.
#[test]
fn secrets_in_a_message_are_not_printed() {
    let url = responding(
        b"HTTP/1.1 403 Forbidden\r\n\r\n\
          {\"__type\":\"InvalidSignatureException\",\"message\":\"x-amz-security-token:IQoJhush\\n\"}",
    );
    let fixed = ["ListGateways", "--region", "us-east-1", "--endpoint", &url];
    let error = refused(&fixed, 1, "Service", "x-amz-security-token:***");
    assert!(!error.to_string().contains("IQoJhush"), "{error}");
}
