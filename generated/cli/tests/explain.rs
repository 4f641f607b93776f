//! `call --record` and `explain`, as users see them.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    fs,
    io::Write as _,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

fn gatewright(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatewright"));
    command.env_clear().env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE").env("AWS_SECRET_ACCESS_KEY", "secret");
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = gatewright(arguments).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// A file for one test, deleted afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, text: impl AsRef<[u8]>) -> Self {
        let path = std::env::temp_dir().join(format!("gatewright-explain-{}-{name}", std::process::id()));
        fs::write(&path, text).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(&self.0).unwrap()).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// README shows an explanation: the output of the command above it.
#[test]
fn the_explanation_in_the_readme_is_the_real_one() {
    let readme = include_str!("../../../README.md");
    let block = readme.split("```").find(|block| block.starts_with("text\n  $ echo '")).unwrap();
    let mut lines = block.lines().skip(1).map(str::trim_start);
    let command = lines.next().unwrap();
    let (message, arguments) = command.split_once("' | gatewright ").unwrap();
    let message = Scratch::new("readme", message.strip_prefix("$ echo '").unwrap());
    let arguments = arguments.replace("--message -", &format!("--message {}", message.path()));
    let (code, explanation, stderr) = run(&arguments.split(' ').collect::<Vec<_>>());
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let shown: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
    assert_eq!(explanation.lines().collect::<Vec<_>>(), shown);
}

#[test]
fn a_failed_call_is_kept_and_explained_as_it_was() {
    let record = Scratch::new("failed", "old");
    let gateway =
        r#"{"ActivationKey":"hush","GatewayName":"n","GatewayTimezone":"GMT","GatewayRegion":"us-east-1"}"#;
    let call = |more: &[&str]| {
        let fixed = [
            "call",
            "aws-storage-gateway",
            "ActivateGateway",
            "--fake",
            "--json",
            "--unchecked",
            "--input",
            gateway,
        ];
        let (code, stdout, stderr) = run(&[&fixed[..], &["--record", record.path()], more].concat());
        assert_eq!((code, stdout.as_str()), (Some(1), ""), "{stderr}");
        serde_json::from_str::<Value>(&stderr).unwrap()
    };
    let error = call(&[]);
    assert_eq!(error["recorded"], record.path());
    let saved = record.json();
    assert_eq!((&saved["outcome"], &saved["response"]["status"]), (&json!("service"), &json!(400)));
    assert_eq!(saved["request"]["body"], Value::Null);
    assert!(!saved.to_string().contains("hush"), "{saved}");

    let (code, stdout, stderr) = run(&["explain", record.path(), "--json"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let explained: Value = serde_json::from_str(&stdout).unwrap();
    for member in ["summary", "evidence", "causes", "remedies"] {
        assert_eq!(explained[member], error["explanation"][member]);
    }
    assert_eq!(explained["verdict"], Value::Null);
    let (_, text, _) = run(&["explain", record.path()]);
    assert!(text.starts_with(explained["summary"].as_str().unwrap()), "{text}");
    assert!(text.contains("\nCauses:\n- ") && text.contains("\nWhat to do:\n- "), "{text}");

    call(&["--record-input"]);
    assert_eq!(record.json()["request"]["body"], gateway);
}

#[test]
fn other_outcomes_are_kept_too() {
    let record = Scratch::new("outcomes", "");
    let call = |arguments: &[&str], code: i32| {
        let fixed = [
            "call",
            "aws-storage-gateway",
            "ListGateways",
            "--region",
            "us-east-1",
            "--record",
            record.path(),
        ];
        let (exit_code, _, stderr) = run(&[&fixed[..], arguments].concat());
        assert_eq!(exit_code, Some(code), "{stderr}");
        let saved = record.json();
        let (code, text, stderr) = run(&["explain", record.path()]);
        assert_eq!((code, stderr.as_str()), (Some(0), ""));
        assert!(text.contains("\nCauses:\n- ") && text.contains("\nWhat to do:\n- "), "{text}");
        (saved, text)
    };
    let (saved, _) = call(&["--endpoint", "http://127.0.0.1:1", "--max-attempts", "1"], 1);
    assert_eq!((&saved["outcome"], &saved["transport"]["kind"]), (&json!("transport"), &json!("connect")));
    let (saved, text) = call(&["--fake", "--input", r#"{"Speed":1}"#], 2);
    assert_eq!((&saved["outcome"], &saved["violations"][0]["path"]), (&json!("input"), &json!("Speed")));
    assert!(text.contains("- Speed: there is no such member"), "{text}");
    let (saved, _) = call(&["--fake"], 0);
    assert_eq!((&saved["outcome"], &saved["attempts"]), (&json!("succeeded"), &json!(1)));
    assert_eq!((&saved["response"]["status"], &saved["response"]["body"]), (&json!(200), &Value::Null));
    let output = gatewright(&["explain", "-"]).stdin(fs::File::open(&record.0).unwrap()).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("ListGateways: succeeded (status 200"));
}

#[test]
fn a_record_that_cannot_be_kept_prevents_the_call() {
    let call = ["call", "aws-storage-gateway", "ListGateways", "--fake", "--json"];
    let (code, stdout, stderr) = run(&[&call[..], &["--record", "/nowhere/to/be/found"]].concat());
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    let error: Value = serde_json::from_str(&stderr).unwrap();
    assert!(error["message"].as_str().unwrap().starts_with("cannot write the record to /nowhere"), "{error}");
    assert_eq!(error["recorded"], Value::Null);
    let (code, ..) = run(&[&call[..], &["--record-input"]].concat());
    assert_eq!(code, Some(2));
}

const CANONICAL: &str = "POST\n/\n\nhost:storagegateway.us-east-1.amazonaws.com\nx-amz-date:20261122T120000Z\n\
    x-amz-security-token:hush\n\nhost;x-amz-date;x-amz-security-token\n\
    44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

/// The response of a service that computed another canonical request.
fn mismatch(canonical: &str) -> String {
    let message = format!(
        "The request signature we calculated does not match the signature you provided.\n\n\
         The Canonical String for this request should have been\n'{canonical}'\n"
    );
    json!({ "__type": "InvalidSignatureException", "message": message }).to_string()
}

#[test]
fn pasted_messages_are_explained() {
    let ours = Scratch::new("ours", CANONICAL);
    let theirs = CANONICAL.replace("host:storagegateway", "host:proxy");
    let body = mismatch(&theirs);
    let bare: Value = serde_json::from_str(&body).unwrap();
    let xml_text = bare["message"].as_str().unwrap().replace('\'', "&apos;");
    let xml = format!(
        "<ErrorResponse><Error><Code>InvalidSignatureException</Code><Message>{xml_text}</Message></Error></ErrorResponse>"
    );
    let http = format!("HTTP/1.1 403 Forbidden\r\nDate: Sun, 22 Nov 2026 12:00:01 GMT\r\n\r\n{body}");
    // As PowerShell writes what a program prints.
    let utf_16 = "\u{feff}".encode_utf16().chain(body.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for (name, pasted) in [
        ("json", body.into_bytes()),
        ("utf-16", utf_16),
        ("xml", xml.into_bytes()),
        ("text", bare["message"].as_str().unwrap().into()),
        ("http", http.into_bytes()),
    ] {
        let message = Scratch::new(name, pasted);
        let arguments = ["explain", "--message", message.path(), "--canonical-request", ours.path()];
        let (code, stdout, stderr) = run(&[&arguments[..], &["--json", "--status", "403"]].concat());
        assert_eq!((code, stderr.as_str()), (Some(0), ""));
        let explained: Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!(explained["verdict"], "host_rewritten", "{name}: {stdout}");
        assert_eq!(explained["retry"], "never");
        assert_eq!(explained["differences"][0]["what"], "host");
        assert_eq!(explained["differences"][0]["theirs"], "proxy.us-east-1.amazonaws.com");
        let (_, text, _) = run(&arguments);
        assert!(text.contains("storagegateway.us-east-1") && text.contains("proxy.us-east-1"), "{text}");
        assert!(!stdout.contains("hush") && !text.contains("hush"), "{text}");
    }
}

#[test]
fn each_error_of_a_log_is_explained_once() {
    let line =
        |name: &str| format!("An error occurred ({name}) when calling the ListGateways operation: no\n");
    let names =
        ["ExpiredToken", "Throttling", "Throttling", "AccessDenied", "InternalFailure", "OptInRequired"];
    let explained = |names: &[&str], arguments: &[&str]| {
        let log = Scratch::new("log", names.iter().map(|name| line(name)).collect::<String>());
        let (code, stdout, stderr) = run(&[&["explain", "--message", log.path()], arguments].concat());
        assert_eq!(code, Some(0), "{stderr}");
        (stdout, stderr)
    };
    let (text, left) = explained(&names, &[]);
    let at = |name| text.match_indices(&format!("{name}: no")).map(|(at, _)| at).collect::<Vec<_>>();
    assert_eq!(
        ["ExpiredToken", "Throttling", "AccessDenied"].map(|name| at(name).len()),
        [1, 1, 1],
        "{text}"
    );
    assert!(at("ExpiredToken") < at("Throttling") && left.is_empty(), "{text}{left}");
    let more = [&names[..], &["RequestExpired", "ValidationError", "ValidationError"]].concat();
    let (_, left) = explained(&more, &[]);
    assert!(left.starts_with("2 more errors of the text are not explained"), "{left}");
    let (json, stderr) = explained(&more, &["--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["unexplained"], stderr.as_str()), (&json!(2), ""));
    assert_eq!(json["others"].as_array().unwrap().len(), 4);
    assert_eq!(json["others"][3]["summary"], "OptInRequired: no");
    // One kind of error is explained as before, and so is the one that an option describes.
    for (names, arguments) in [(&names[1..3], &["--json"][..]), (&names[..], &["--json", "--status", "400"])]
    {
        let json: Value = serde_json::from_str(&explained(names, arguments).0).unwrap();
        assert!(json.get("others").is_none(), "{json:#}");
    }
}

#[test]
fn evidence_of_request_and_response_counts() {
    let verdict = |message: &str, arguments: &[&str]| {
        let mut child = gatewright(&[&["explain", "--message", "-", "--json"][..], arguments].concat());
        let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(message.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let invalid = "The security token included in the request is invalid.";
    let key = |id: &str, token: &[&str]| {
        let arguments =
            [&["--code", "UnrecognizedClientException", "--access-key-id", id][..], token].concat();
        verdict(invalid, &arguments)["verdict"].clone()
    };
    assert_eq!(key("ASIAX", &[]), "missing_session_token");
    assert_eq!(key("ASIAX", &["--session-token-sent"]), "session_token_mismatch");
    assert_eq!(key("AKIAX", &["--session-token-sent"]), "session_token_not_wanted");
    assert_eq!(key("AKIAX", &[]), "unknown_access_key");
    let token = verdict(invalid, &["--code", "UnrecognizedClientException", "--session-token-sent"]);
    assert_eq!(token["verdict"], "session_token_mismatch");

    let strings = "AWS4-HMAC-SHA256\n20261122T115000Z\n20261122/us-east-1/execute-api/aws4_request\n00";
    let strings = Scratch::new("strings", strings);
    let arguments = ["--code", "RequestTimeTooSkewed", "--string-to-sign", strings.path(), "--status", "403"];
    let skewed =
        verdict("too late", &[&arguments[..], &["--date", "Sun, 22 Nov 2026 12:08:00 GMT"]].concat());
    assert_eq!((&skewed["verdict"], &skewed["clock"]["skew_seconds"]), (&json!("clock_skew"), &json!(1080)));
    // Options have priority over what is pasted.
    let pasted = "HTTP/1.1 500 x\nDate: Sun, 22 Nov 2026 11:50:00 GMT\n\n{\"__type\":\"Other\",\"message\":\"too late\"}";
    let corrected = verdict(pasted, &[&arguments[..], &["--date", "Sun, 22 Nov 2026 12:08:00 GMT"]].concat());
    assert_eq!(corrected["clock"], skewed["clock"]);

    let malformed =
        "'abc' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer abc'.";
    let explained = verdict(malformed, &["--authorization-scheme", "Bearer", "--status", "403"]);
    assert_eq!(explained["verdict"], "not_a_signature");
    assert!(!explained.to_string().contains("Bearer abc"), "{explained}");

    let target = ["--status", "400", "--target", "StorageGateway_20120430.ListGateways"];
    let explained = verdict(r#"{"__type":"UnknownOperationException"}"#, &target);
    assert_eq!(explained["verdict"], "wrong_target_version");

    let forbidden = "HTTP/1.1 403 Forbidden\nx-amzn-errortype: ForbiddenException\nx-amz-apigw-id: a\n\n{\"message\":\"Forbidden\"}";
    let likeliest = |arguments: &[&str]| {
        let arguments = [&["--service", "api-gateway"][..], arguments].concat();
        verdict(forbidden, &arguments)["known_responses"][0].clone()
    };
    let connection = "/prod/@connections/L0SM9cOFvHcCIhw%3D";
    assert_eq!(likeliest(&["--path", connection, "--method", "POST"]), "connection-forbidden");
    assert_ne!(likeliest(&["--path", "/prod/pets"]), "connection-forbidden");

    let missing = "HTTP/1.1 403 Forbidden\nx-amzn-errortype: MissingAuthenticationTokenException\nx-amz-apigw-id: a\n\n\
        {\"message\":\"Missing Authentication Token\"}";
    let host = ["--service", "api-gateway", "--host", "abc123.execute-api.eu-west-1.amazonaws.com"];
    let repairs = &verdict(missing, &[&host[..], &["--path", "/prod/pets"]].concat())["repairs"];
    let deployment = json!({
        "service": "aws-api-gateway-management",
        "operation": "CreateDeployment",
        "input": {"restApiId": "abc123", "stageName": "prod"},
    });
    assert!(repairs.as_array().unwrap().contains(&deployment), "{repairs}");

    let code = r#"{"__type":"InvalidGatewayRequestException","error":{"errorCode":"GatewayNotFound"}}"#;
    let with = verdict(code, &["--service", "aws-storage-gateway"]);
    assert_ne!(with["causes"], verdict(code, &[])["causes"]);
    assert_eq!(with["verdict"], Value::Null);
}

/// What people have at night: what an SDK, Terraform or `curl -v` printed.
#[test]
fn errors_of_other_tools_are_explained() {
    #[track_caller]
    fn check(pasted: &str, service: &str, expected: &[&str]) {
        let file = Scratch::new(&format!("tool-{}", pasted.len()), pasted);
        let (code, stdout, stderr) = run(&["explain", "--message", file.path(), "--service", service]);
        assert_eq!((code, stderr.as_str()), (Some(0), ""));
        assert!(expected.iter().all(|part| stdout.contains(part)), "{stdout}");
    }
    check(
        "╷\n│ Error: reading Gateway: operation error Storage Gateway: DescribeGatewayInformation, https response error StatusCode: 400, \
         RequestID: 11-2, InvalidGatewayRequestException: The specified gateway was not found.\n╵\n",
        "aws-storage-gateway",
        &[
            "InvalidGatewayRequestException: The specified gateway was not found. (status 400)",
            "- request id 11-2",
        ],
    );
    check(
        "> GET /prod/pets HTTP/1.1\n> Host: abc123.execute-api.eu-west-1.amazonaws.com\n>\n< HTTP/1.1 403 Forbidden\n< x-amz-apigw-id: a=\n\
         < x-amzn-ErrorType: MissingAuthenticationTokenException\n<\n{\"message\":\"Missing Authentication Token\"}",
        "api-gateway",
        &["- the request shows no `Authorization`", "GET /prod/pets", "--rest-api-id abc123"],
    );
    check(
        "An error occurred (AccessDenied) when calling the AssumeRole operation: MultiFactorAuthentication failed with invalid MFA one time pass code. ",
        "aws-sts",
        &["- the code of the MFA device is not valid", "- Wait for the next code, and send it immediately."],
    );
    check(
        "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity",
        "aws-sts",
        &["Compare `aud` and `sub` of the token"],
    );
    let limited = "User: arn:aws:sts::111122223333:assumed-role/r/ann is not authorized to perform: execute-api:Invoke on resource: \
         arn:aws:execute-api:eu-west-1:********3333:abc/prod/GET/pets because no session policy allows the execute-api:Invoke action";
    check(
        limited,
        "api-gateway",
        &[
            "Causes:\n- No session policy allows the action.\n",
            "- Other policies may refuse as well: the message names one kind only.",
        ],
    );
    check(
        r#"{"Code":"NoPermission","Message":"no","AccessDeniedDetail":{"AuthAction":"hcs-sgw:DescribeGateways","NoPermissionType":"ImplicitDeny",
        "PolicyType":"AssumeRolePolicy","AuthPrincipalType":"SubUser","AuthPrincipalDisplayName":"2012"}}"#,
        "alibaba-csg",
        &[
            "- identity: RAM user 2012",
            "- action: hcs-sgw:DescribeGateways",
            "in the trust policy of the role",
        ],
    );
    check(
        "ErrorCode: SignatureDoesNotMatch\nMessage: Specified signature is not matched with our calculation. server string to sign is:\
         GET&%2F&AccessKeyId%3DLTAI%26Action%3DA%26SignatureNonce%3D1",
        "alibaba-csg",
        &["SignatureDoesNotMatch: ", "- access key and time were most likely accepted"],
    );
    check(
        "Unable to locate credentials. You can configure credentials by running \"aws configure\".",
        "aws-sts",
        &["No source of credentials"],
    );
    check(
        "curl: (6) Could not resolve host: h.example.com",
        "api-gateway",
        &["h.example.com: the host name cannot be resolved at the moment"],
    );
    check(
        "HTTP/2 403\nserver: CloudFront\nx-cache: Error from cloudfront\ncontent-type: text/html\n\n<HTML><TITLE>ERROR: The request could not be \
         satisfied</TITLE><H1>403 ERROR</H1>Request blocked.</HTML>",
        "api-gateway",
        &[
            "- a rule of the CDN at the edge blocked the request",
            "the page says: ERROR: The request could not be satisfied 403 ERROR Request blocked.",
        ],
    );
    check(
        "HTTP/1.1 407 Proxy Authentication Required\nServer: squid/4.10\n\n<html><title>ERROR</title></html>",
        "api-gateway",
        &["Causes:\n- A proxy requires credentials.\n", "- header server: squid/4.10"],
    );
}

#[track_caller]
fn refused(arguments: &[&str], message: &str) {
    let (code, stdout, stderr) = run(&[&["explain"][..], arguments].concat());
    assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
    assert!(stderr.contains(message), "{stderr}");
}

#[test]
fn invalid_input_is_reported() {
    let [nothing, empty, other] =
        [("nothing", ""), ("empty", "{}"), ("other", "{\"format\":\"gatewright-exchange\"}")]
            .map(|(name, text)| Scratch::new(name, text));
    refused(&[], "<FILE|--message <FILE>|--url <URL>>");
    refused(&["a", "b"], "unexpected argument 'b'");
    refused(&["a", "--message", "b"], "cannot be used with");
    refused(&["/nowhere"], "cannot read /nowhere: No such file");
    refused(&["--message", "/nowhere"], "cannot read /nowhere: No such file");
    for text in [&["No access"][..], &["--message", "No access"], &["--message", &"No access ".repeat(30)]] {
        refused(text, "; - reads a text from standard input: `echo 'text' | gatewright explain --message -`");
    }
    refused(&[nothing.path()], "is empty: there is nothing to explain");
    refused(&["-"], "error: standard input is empty: there is nothing to explain");
    refused(&["--message", "-"], "error: standard input is empty: there is nothing to explain");
    refused(&[empty.path()], "is not a saved exchange: format: must be \"gatewright-exchange\"");
    refused(&[other.path()], "is not a saved exchange: version: missing");
    refused(&[other.path(), "--status", "403"], "need --message");
    refused(&["--message", nothing.path()], "is empty: there is nothing to explain");
    refused(&["--message", "-", "--canonical-request", "-"], "only one of the texts");
    refused(&["--status", "403"], "--message <FILE>");
    refused(&["a", "--clock"], "cannot be used with");
    refused(&["--url", "https://a", "--owner", "b"], "need --message");
    refused(&["--message", empty.path(), "--date", "today"], "--date takes the response's Date");
    refused(&["--message", empty.path(), "--status", "many"], "invalid value 'many' for '--status <NUMBER>'");
    refused(
        &["--message", empty.path(), "--service", "aws-storage-gatewy"],
        "did you mean aws-storage-gateway?",
    );
    let gzip = Scratch::new("gzip", b"HTTP/1.1 403 X\n\n\x1f\x8b\x08\0");
    refused(
        &["--message", gzip.path()],
        "is compressed with gzip: print the response with `curl --compressed`",
    );
    refused(&["--mesage", "x"], "a similar argument exists: '--message'");
}
