//! Errors that were pasted from a log, a terminal or a ticket.

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::{Body, Refused, ResponseEvidence, kept};
use crate::{
    body::xml,
    protocol::{Fault, bare_name},
};

impl Refused {
    /// Reads a pasted error.
    ///
    /// It may be a response's body in JSON or XML, with or without status line and headers before it, the line that the
    /// AWS command line prints, or the bare message.
    pub fn of_text(pasted: &str) -> Self {
        let (head, body) = split_head(pasted.trim_start_matches('\u{feff}').trim());
        let Found { status, mut fault, request_id } = read(body);
        let (status, headers) = head.map_or_else(|| (status, HeaderMap::new()), read_head);
        let named = |name: &str| Some(headers.get(name)?.to_str().ok()?.to_owned());
        let exception = named("x-amzn-errortype").or(fault.exception.take());
        fault.exception = exception.map(|name| bare_name(&name).to_owned());
        Self {
            response: ResponseEvidence {
                status,
                request_id: named("x-amzn-requestid").or(request_id),
                headers: kept::headers(&headers),
                body: Some(Body::of(body.as_bytes())),
                incomplete: None,
                received_at: None,
            },
            fault: kept::bounded(&fault, &[]),
            ..Self::default()
        }
    }
}

/// Status line and headers, if they precede the body.
///
/// If there are several heads, the last one counts: tools such as `curl -i` also print interim responses, the response
/// to `CONNECT`, and redirects.
fn split_head(pasted: &str) -> (Option<&str>, &str) {
    let (mut head, mut rest) = (None, pasted);
    while rest.starts_with("HTTP/") {
        let lines = rest.split_inclusive('\n').take_while(|line| !line.trim().is_empty());
        let (first, after) = rest.split_at(lines.map(str::len).sum());
        (head, rest) = (Some(first.trim_end()), after.trim_start());
    }
    (head, rest)
}

fn read_head(head: &str) -> (u16, HeaderMap) {
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or_default();
    let header = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.trim().parse::<HeaderName>().ok()?, HeaderValue::from_str(value.trim()).ok()?))
    };
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(header) {
        // A map holds some ten thousand names, more than any response has.
        if headers.try_append(name, value).is_err() {
            break;
        }
    }
    (status, headers)
}

/// The parts of an error in a text without a head.
#[derive(Default)]
struct Found {
    /// 0 if it is not known.
    status: u16,
    fault: Fault,
    request_id: Option<String>,
}

fn read(body: &str) -> Found {
    if let Ok(json @ Value::Object(_)) = serde_json::from_str(body) {
        return read_json(&json);
    }
    if body.starts_with('<') {
        return read_xml(body);
    }
    let bare = || Found { fault: Fault::new(None, visible(body)), ..Found::default() };
    command_line(body).or_else(|| our_line(body)).unwrap_or_else(bare)
}

fn visible(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Errors of AWS JSON, REST JSON and API Gateway; some are nested in `Error`.
fn read_json(body: &Value) -> Found {
    let inner = ["Error", "error"].iter().find_map(|name| body.get(name).filter(|error| error.is_object()));
    let text = |names: &[&str]| {
        let outer = names.iter().find_map(|name| body.get(name)?.as_str());
        outer.or_else(|| names.iter().find_map(|name| inner?.get(name)?.as_str())).map(ToOwned::to_owned)
    };
    let fault = Fault::new(text(&["__type", "code", "Code"]), text(&["message", "Message", "errorMessage"]))
        .with_code(inner.and_then(|error| error.get("errorCode")?.as_str()).map(ToOwned::to_owned));
    Found { fault, request_id: text(&["RequestId", "requestId"]), ..Found::default() }
}

/// Errors of AWS Query and Amazon S3.
fn read_xml(body: &str) -> Found {
    let text = |name| xml::element(body, name).map(xml::unescape);
    let mut fault = Fault::new(text("Code"), text("Message"));
    // Amazon S3 has separate elements for texts that other services put into the message.
    let texts =
        [("canonical string for this request", "CanonicalRequest"), ("string-to-sign", "StringToSign")];
    for (marker, name) in texts {
        if let Some(text) = text(name) {
            let message = fault.message.get_or_insert_default();
            message.extend(["\nThe ", marker, " should have been\n'", text.as_str(), "'"]);
        }
    }
    Found { fault, request_id: text("RequestId").or_else(|| text("RequestID")), ..Found::default() }
}

/// `An error occurred (Name) when calling the Operation operation: message`.
fn command_line(line: &str) -> Option<Found> {
    let (_, rest) = line.split_once("An error occurred (")?;
    let (name, rest) = rest.split_once(')')?;
    let (_, message) = rest.split_once(" operation")?;
    // ` (reached max retries: 4)` may be in between.
    let end = if message.starts_with(' ') { "): " } else { ": " };
    let message = message.split_once(end).and_then(|(_, message)| visible(message));
    Some(Found { fault: Fault::new(visible(name), message), ..Found::default() })
}

/// `Operation: Exception Code: message (status 403, request id 1, …)`, as an `Error` displays.
fn our_line(line: &str) -> Option<Found> {
    let (before, facts) = line.rsplit_once(" (status ")?;
    let (_operation, rest) = before.split_once(": ")?;
    let (names, message) = rest.split_once(": ").unwrap_or((rest, ""));
    let names = if names.starts_with("error ") { "" } else { names };
    let mut names = names.split_whitespace().map(ToOwned::to_owned);
    let mut facts = facts.trim_end_matches(')').split(", ");
    Some(Found {
        status: facts.next().and_then(|status| status.parse().ok()).unwrap_or_default(),
        fault: Fault::new(names.next(), visible(message)).with_code(names.next()),
        request_id: facts.find_map(|fact| fact.strip_prefix("request id ")).map(ToOwned::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pasted: &str, status: u16, exception: Option<&str>, message: Option<&str>) {
        let Refused { response, fault, .. } = Refused::of_text(pasted);
        assert_eq!(
            (response.status, fault.exception.as_deref(), fault.message.as_deref()),
            (status, exception, message)
        );
    }

    #[test]
    fn every_form_is_read() {
        let json = r#"{"__type":"com.amazon#InvalidSignatureException","message":"no'\n'"}"#;
        check(json, 0, Some("InvalidSignatureException"), Some("no'\n'"));
        check(&format!("\u{feff} {json}\n"), 0, Some("InvalidSignatureException"), Some("no'\n'"));
        check(r#"{"message":"Forbidden"}"#, 0, None, Some("Forbidden"));
        check(r#"{"Error":{"Code":"Slow","Message":"m"}}"#, 0, Some("Slow"), Some("m"));
        let xml = "<?xml version=\"1.0\"?>\n<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code>\
            <Message>it is &apos;a=1&amp;b&apos;\nx</Message></Error><RequestId>r-1</RequestId></ErrorResponse>";
        check(xml, 0, Some("SignatureDoesNotMatch"), Some("it is 'a=1&b'\nx"));
        assert_eq!(Refused::of_text(xml).response.request_id.as_deref(), Some("r-1"));
        check(
            "\nAn error occurred (AccessDenied) when calling the ListGateways operation (reached max retries: 4): No",
            0,
            Some("AccessDenied"),
            Some("No"),
        );
        check("ListGateways: Slow: m: n (status 400, 1 attempt)", 400, Some("Slow"), Some("m: n"));
        check("List: error without a name (status 403, 1 attempt)", 403, None, None);
        check("The security token is invalid.", 0, None, Some("The security token is invalid."));
        check("", 0, None, None);
        let s3 = "<Error><Code>SignatureDoesNotMatch</Code><Message>m</Message><StringToSign>s</StringToSign></Error>";
        let message = "m\nThe string-to-sign should have been\n's'";
        check(s3, 0, Some("SignatureDoesNotMatch"), Some(message));
        check("{", 0, None, Some("{"));
        let http = "HTTP/1.1 403 Forbidden\r\nDate: Sun, 22 Nov 2026 12:00:01 GMT\r\n\
            x-amzn-ErrorType: MissingAuthenticationTokenException:http://x/\r\nset-cookie: a=b\r\n\r\n{\"message\":\"M\"}";
        check(http, 403, Some("MissingAuthenticationTokenException"), Some("M"));
        let response = Refused::of_text(http).response;
        assert!(response.date().is_some());
        assert_eq!(response.header("set-cookie"), Some("***"));
        check("HTTP/1.1 503", 503, None, None);
        let before = "HTTP/1.1 200 Connection established\n\nHTTP/1.1 100 Continue\r\n\r\n";
        check(&format!("{before}{http}"), 403, Some("MissingAuthenticationTokenException"), Some("M"));
        check(before, 100, None, None);
        check("HTTP/1.1 503\r\n \r\nx", 503, None, Some("x"));
    }

    #[test]
    fn lines_of_errors_have_exception_code_status_and_request_id() {
        let line = "ListGateways: Slow Jam: m (status 400, request id r-1, 2 attempts, host h)";
        check(line, 400, Some("Slow"), Some("m"));
        let Refused { response, fault, .. } = Refused::of_text(line);
        assert_eq!((fault.code.as_deref(), response.request_id.as_deref()), (Some("Jam"), Some("r-1")));
        check("List: Slow: m (status unknown)", 0, Some("Slow"), Some("m"));
    }

    /// A map of headers panics if it gets more names than it can hold.
    #[test]
    fn headers_without_end_are_read_in_part() {
        let lines: Vec<_> = (0..40_000).map(|number| format!("x-{number}: a")).collect();
        let pasted = format!("HTTP/1.1 403 X\n{}\n\n{{\"message\":\"M\"}}", lines.join("\n"));
        check(&pasted, 403, None, Some("M"));
        let response = Refused::of_text(&pasted).response;
        assert_eq!(response.header("x-0"), Some("a"));
        assert!((10_000..40_000).contains(&response.headers.len()), "{}", response.headers.len());
    }

    /// Minutes, if every head were searched for to the end of the text.
    #[test]
    fn heads_without_end_are_read_in_linear_time() {
        let started = std::time::Instant::now();
        check(&"HTTP/\n\n".repeat(1 << 18), 0, None, None);
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }
}
