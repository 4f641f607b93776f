//! `serve api-gateway`, as users see it, and `explain` for its refusals.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

use gatewright::{
    Secret,
    api_gateway::{Client, FAKE},
    credentials::Credentials,
};
use serde_json::{Value, json};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn gatewright(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatewright"));
    command.env_clear().args(arguments);
    command
}

/// Exit code, standard output and standard error.
fn run(arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut command = gatewright(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code(), stdout, stderr)
}

/// A running `serve api-gateway`.
struct Served {
    process: Child,
    url: String,
    /// Its output on standard error.
    notes: String,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let mut serve = gatewright(&["serve", "api-gateway", "--port", "0"]);
        serve.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = serve.spawn().unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut url).unwrap();
        let mut stderr = BufReader::new(process.stderr.take().unwrap());
        let mut notes = String::new();
        while !notes.contains("curl") || notes.ends_with("\\\n") {
            assert!(stderr.read_line(&mut notes).unwrap() > 0, "{notes}");
        }
        Self { process, url: url.trim_end().to_owned(), notes }
    }

    fn client(&self, host: &str) -> Client {
        let credentials = Credentials::new("AKIDEXAMPLE", Secret::new(SECRET));
        Client::for_url(&self.url).host(host).credentials(credentials).build().unwrap()
    }

    /// The whole response to a request without a signature.
    fn send(&self, request: &str, body: &str) -> String {
        let mut socket = TcpStream::connect(self.url.trim_start_matches("http://")).unwrap();
        let head = format!("{request} HTTP/1.1\r\nhost: api.example.com\r\nconnection: close\r\n");
        write!(socket, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut response = String::new();
        socket.read_to_string(&mut response).unwrap();
        response
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_recorded_refusal_is_explained_as_its_error() {
    let served = Served::start(&["--control"]);
    let record = std::env::temp_dir().join(format!("gatewright-serve-api-{}", std::process::id()));
    for refusal in FAKE.refusals() {
        let order = json!({ "code": refusal.id }).to_string();
        let ordered = served.send("POST /__gatewright/fail", &order);
        assert!(ordered.starts_with("HTTP/1.1 200"), "{ordered}");
        let host = refusal.request.host.unwrap_or("abc123.execute-api.eu-west-1.amazonaws.com");
        let host_tells_region = host != "api.example.com";
        let credentials = Credentials::new("AKIDEXAMPLE", Secret::new(SECRET));
        let client = Client::for_url(&served.url).host(host).credentials(credentials);
        let client = if host_tells_region { client } else { client.region("eu-west-1") }.build().unwrap();
        let path = refusal.request.path.unwrap_or("/prod/pets");
        let error = client.get(path).max_attempts(1).send_blocking().unwrap_err();
        fs::write(&record, error.evidence().to_json()).unwrap();
        let explained = run(&["explain", record.to_str().unwrap()], "");
        assert_eq!(explained, (Some(0), format!("{}\n", error.explain()), String::new()), "{}", refusal.id);
    }
    fs::remove_file(&record).unwrap();
}

#[test]
fn every_request_is_refused_and_the_pasted_response_explained() {
    for name in
        ["throttled", "http-not-found", "cloudfront-html-403", "assume-role-denied", "integration-timeout"]
    {
        let served = Served::start(&["--refuse", name]);
        assert!(
            served.notes.contains("| gatewright explain --message - --service api-gateway"),
            "{}",
            served.notes
        );
        for _ in 0..2 {
            let response = served.send("GET /pets", "");
            let (code, explanation, _) =
                run(&["explain", "--message", "-", "--service", "api-gateway", "--json"], &response);
            let explanation: Value = serde_json::from_str(&explanation).unwrap();
            assert_eq!(
                (code, explanation["known_responses"][0].as_str()),
                (Some(0), Some(name)),
                "{response}"
            );
        }
    }
}

#[test]
fn files_are_sent_by_method_and_path() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let [pets, made] = [format!("GET /pets/{{id}}={file}"), format!("ANY /pets=201:{file}")];
    let served = Served::start(&["--respond", &pets, "--respond", &made]);
    let curl = format!("curl -si {}/pets/id --aws-sigv4 ", served.url);
    assert!(served.notes.contains(&curl), "{}", served.notes);
    let client = served.client("abc123.execute-api.eu-west-1.amazonaws.com");
    let response = client.get("/pets/7").send_blocking().unwrap();
    assert!(response.text().unwrap().starts_with("[package]"), "{response:?}");
    assert_eq!(response.headers()["content-type"], "application/octet-stream");
    assert_eq!(client.put("/pets").send_blocking().unwrap().status(), 201);
    let echo: Value = client.get("/toys").send_blocking().unwrap().json().unwrap();
    assert_eq!((&echo["path"], &echo["caller"]["region"]), (&json!("/toys"), &json!("eu-west-1")));
    let orders = Served::start(&["--respond", &format!("POST /orders/{{path+}}={file}")]);
    let curl = format!("curl -si -X POST {}/orders/path --aws-sigv4 ", orders.url);
    assert!(orders.notes.contains(&curl), "{}", orders.notes);
    let unsigned = served.send("GET /pets/7", "");
    assert!(
        unsigned.starts_with("HTTP/1.1 403 ") && unsigned.contains("Missing Authentication Token"),
        "{unsigned}"
    );
}

#[test]
fn refusals_are_listed_and_unknown_ones_corrected() {
    let (code, list, notes) = run(&["serve", "api-gateway", "--refuse", "list"], "");
    // A line for each, and one that explains the marks.
    let lines = FAKE.info().known_responses.entries.len() + 1;
    assert_eq!((code, notes.as_str(), list.lines().count()), (Some(0), "", lines), "{list}");
    let throttled = list.lines().find(|line| line.starts_with("throttled ")).unwrap();
    assert!(throttled.ends_with(" 429  Requests come faster than the API allows."), "{throttled}");
    let refused = |arguments: &[&str], why: &str| {
        let (code, _, message) = run(&[&["serve"], arguments].concat(), "");
        assert!(code == Some(2) && message.contains(why), "{message}");
        message
    };
    let message = refused(
        &["api-gateway", "--refuse", "thrttled"],
        "unknown refusal \"thrttled\"; did you mean throttled",
    );
    assert!(message.contains(list.lines().next().unwrap()), "{message}");
    refused(
        &["api-gateway", "--refuse", "dns-not-found"],
        "no server can send it: The host's name has no address.",
    );
    refused(&["api-gateway", "--respond", "GET /pets"], "expected \"METHOD PATH=FILE\"");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/LICENSE-MIT");
    refused(
        &["api-gateway", "--port", "0", "--respond", &format!("GET /a{{id}}={file}")],
        "--respond: invalid path \"/a{id}\": {name} is not a whole segment with a name",
    );
    refused(&["aws-sts", "--refuse", "throttled"], "--refuse works only with services without operations");
    let (code, _, message) = run(&["call", "api-gateway", "GET"], "");
    assert!(code == Some(2) && message.contains("is called by method and path"), "{message}");
}

#[test]
fn orders_name_what_is_wrong_with_them() {
    let served = Served::start(&["--control"]);
    for (code, message) in
        [("thrttled", "did you mean throttled?"), ("quota", "there are: missing-authentication-token")]
    {
        let response = served.send("POST /__gatewright/fail", &json!({ "code": code }).to_string());
        assert!(response.starts_with("HTTP/1.1 400 ") && response.contains(message), "{response}");
    }
    let order = json!({ "operation": "GetPets", "code": "throttled" }).to_string();
    let response = served.send("POST /__gatewright/fail", &order);
    assert!(
        response.starts_with("HTTP/1.1 400 ") && response.contains("operation: the service has none"),
        "{response}"
    );
}
