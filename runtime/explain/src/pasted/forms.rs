//! The forms in which SDKs, tools and logs print errors.

use serde_json::{Deserializer, Value, json};

use super::pairs::{self, Pair};
use crate::{
    body::xml,
    known::is_shared,
    protocol::{Fault, bare_name},
    text::single_spaced,
};

/// The parts of an error in a text without a head.
#[derive(Default)]
pub(super) struct Found {
    /// 0 if it is not known.
    pub(super) status: u16,
    pub(super) fault: Fault,
    pub(super) request_id: Option<String>,
    /// Whether the text is a body, not a log or a line of a tool.
    pub(super) is_body: bool,
}

impl Found {
    fn of(name: Option<&str>, message: &str) -> Self {
        Self { fault: Fault::new(name.and_then(visible), visible(message)), ..Self::default() }
    }
}

pub(super) fn read(text: &str) -> Found {
    const FORMS: [fn(&str) -> Option<Found>; 9] =
        [command_line, our_line, within, of_go, of_java, of_alibaba, of_lines, of_pairs, of_prose];
    match serde_json::from_str(text) {
        Ok(json @ Value::Object(_)) => return read_json(&json),
        // JSON within a string.
        Ok(Value::String(inner)) if inner.len() < text.len() => return read(inner.trim()),
        _ => {}
    }
    if text.starts_with('<') {
        let found = read_xml(text);
        // The title of a web page often begins with the status.
        let is_page = found.fault.exception.is_none() && found.fault.message.is_none();
        let title = xml::element(text, "title").or_else(|| xml::element(text, "TITLE")).filter(|_| is_page);
        return Found { status: title.and_then(status).unwrap_or_default(), ..found };
    }
    let mut found = FORMS.iter().find_map(|form| form(text)).unwrap_or_else(|| Found::of(None, text));
    if found.status == 0 {
        found.status = status(text).unwrap_or_default();
    }
    found.request_id = found.request_id.or_else(|| request_id(text));
    if found.fault.exception.is_none()
        && let Some(name) = after(text, "x-amzn-errortype").and_then(visible)
    {
        found.fault.exception = Some(name);
        // A text with headers is not a message.
        found.fault.message = found.fault.message.filter(|message| message != text.trim());
    }
    found
}

/// The error in a line of a longer text, if its name or its form shows that it is one of a service.
pub(super) fn begun(line: &str) -> Option<Fault> {
    const SURE: [fn(&str) -> Option<Found>; 5] = [command_line, our_line, of_go, of_java, of_alibaba];
    let is_shared = |found: &Found| found.fault.exception.as_deref().is_some_and(is_shared);
    let found = SURE.iter().find_map(|form| form(line)).or_else(|| Some(read(line)).filter(is_shared))?;
    found.fault.exception.is_some().then_some(found.fault)
}

fn visible(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Errors of AWS JSON, REST JSON, API Gateway and Alibaba Cloud; some are nested in `Error` or `errors`.
fn read_json(body: &Value) -> Found {
    const DENIED: &str = "AccessDeniedDetail";
    let inner = ["Error", "error"].iter().find_map(|name| body.get(name).filter(|error| error.is_object()));
    // The owner of an API may have given errors this form.
    let inner = inner.or_else(|| body.get("errors")?.get(0));
    let text = |names: &[&str]| {
        let outer = names.iter().find_map(|name| body.get(name)?.as_str());
        outer.or_else(|| names.iter().find_map(|name| inner?.get(name)?.as_str())).map(ToOwned::to_owned)
    };
    let mut fault =
        Fault::new(text(&["__type", "code", "Code"]), text(&["message", "Message", "errorMessage"]))
            .with_code(inner.and_then(|error| error.get("errorCode")?.as_str()).map(ToOwned::to_owned));
    fault.details = body
        .get(DENIED)
        .filter(|detail| detail.is_object())
        .map(|detail| json!({ DENIED: detail }).to_string());
    Found { fault, request_id: text(&["RequestId", "requestId"]), is_body: true, ..Found::default() }
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
    let request_id = text("RequestId").or_else(|| text("RequestID"));
    Found { fault, request_id, is_body: true, ..Found::default() }
}

/// `An error occurred (Name) when calling the Operation operation: message`.
fn command_line(line: &str) -> Option<Found> {
    const BEGIN: &str = "An error occurred (";
    let (_, rest) = line.split_once(BEGIN)?;
    let (name, rest) = rest.split_once(')')?;
    let (_, message) = rest.split_once(" operation")?;
    // ` (reached max retries: 4)` may be in between.
    let end = if message.starts_with(' ') { "): " } else { ": " };
    let message = message.split_once(end).map_or("", |(_, message)| message);
    Some(Found::of(Some(name), cut(message, &[BEGIN, "\nTraceback (", "\nDuring handling of"])))
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
        is_body: false,
    })
}

/// A body within a log or the text of a tool.
fn within(text: &str) -> Option<Found> {
    /// Objects that are tried, which bounds the time.
    const MAX_OBJECTS: usize = 16;
    let is_error = |found: &Found| found.fault.exception.is_some() || found.fault.message.is_some();
    let xml = text.find("<Error").or_else(|| text.find("<Response>"));
    let xml = xml.and_then(|start| text.get(start..)).map(read_xml);
    let objects = text.match_indices('{').filter_map(|(at, _)| text.get(at..));
    let objects =
        objects.filter(|rest| rest.get(1..).is_some_and(|inner| inner.trim_start().starts_with(['"', '\\'])));
    let json = || {
        objects.take(MAX_OBJECTS).find_map(|rest| {
            let read = |json: &str| Deserializer::from_str(json).into_iter::<Value>().next()?.ok();
            let object = read(rest).or_else(|| read(&rest.replace("\\\"", "\"")))?;
            Some(read_json(&object)).filter(is_error)
        })
    };
    let found = xml.filter(is_error).or_else(json)?;
    Some(Found { is_body: false, ..found })
}

/// `https response error StatusCode: 403, RequestID: 1, api error Name: message`, and the older
/// `Name: message\n\tstatus code: 403, request id: 1`.
fn of_go(text: &str) -> Option<Found> {
    const NEWER: &str = "response error StatusCode: ";
    let (name, message) = if let Some((_, rest)) = text.split_once(NEWER) {
        let rest = match rest.split_once("api error ") {
            Some((_, rest)) => rest,
            None => rest.split_once("RequestID: ")?.1.split_once(", ")?.1,
        };
        named(rest, is_name)?
    } else {
        let (before, _) = ["\n\tstatus code: ", "\\n\\tstatus code: ", "\n    status code: "]
            .iter()
            .find_map(|end| text.split_once(end))?;
        named(before.rsplit('\n').next()?.rsplit("\\n").next()?, is_name)?
    };
    let message = cut(message, &["\n\n  with ", "\\n"]);
    Some(Found::of(Some(name), message))
}

/// `message (Service: S; Status Code: 403; Error Code: Name; Request ID: 1)`.
fn of_java(text: &str) -> Option<Found> {
    let (before, facts) = text.rsplit_once(" (Service: ").or_else(|| text.rsplit_once("\n(Service: "))?;
    let facts = single_spaced(facts);
    let name = after(&facts, "Error Code:").filter(|name| *name != "null");
    let class = named(before, is_name);
    let message = class.map_or(before, |(_, message)| message);
    Some(Found::of(name.or(class.map(|(name, _)| name).filter(|name| !is_general(name))), message))
}

/// `HTTP Status: 404 Error:Name message RequestID: 1`, `Error: Name code: 400, message request id: 1`.
fn of_alibaba(text: &str) -> Option<Found> {
    const ENDS: [&str; 4] = [" RequestID:", " request id:", "\nRequestId:", "\nData:"];
    if let Some((_, rest)) = text.split_once(" Error:").filter(|_| text.contains("HTTP Status: ")) {
        let (name, message) = rest.trim_start().split_once(' ')?;
        return Some(Found::of(Some(name), cut(message, &ENDS)));
    }
    let (before, rest) = text.split_once(" code: ").filter(|_| text.contains("request id: "))?;
    let name = before.rsplit([' ', '\n']).next().filter(|name| is_name(name))?;
    let (status, message) = rest.split_once(", ")?;
    let status = status.parse().ok()?;
    Some(Found { status, ..Found::of(Some(name), cut(message, &ENDS)) })
}

/// `ErrorCode: Name` and `Message: message`, in lines or in one, as tools of Alibaba Cloud print them.
fn of_lines(text: &str) -> Option<Found> {
    let values = |labels: &'static [&str]| {
        let lines = text.lines().map(str::trim_start);
        lines.filter_map(|line| labels.iter().find_map(|label| line.strip_prefix(label)))
    };
    if let Some(name) = values(&["ErrorCode:", "Code:"]).find(|name| is_code(name.trim())) {
        return Some(Found::of(Some(name), values(&["Message:"]).next().unwrap_or_default()));
    }
    let (before, message) = text.split_once(" Message: ")?;
    let (_, name) = before.rsplit_once(" Code: ")?;
    is_name(name).then(|| Found::of(Some(name), message))
}

/// Names and quoted values, as JavaScript, Python and Rust print objects, or JSON that was cut.
fn of_pairs(text: &str) -> Option<Found> {
    let pairs: Vec<Pair> = pairs::read(text);
    let value = |names: &[&str]| {
        let pair = names.iter().find_map(|name| pairs.iter().find(|pair| pair.name == *name))?;
        Some(pair.value.as_str())
    };
    let name = value(&["__type", "code", "Code", "x-amzn-errortype", "x-amzn-ErrorType"]).map(bare_name);
    let message = value(&["message", "Message", "errorMessage", "Message_"]);
    let stated = of_prose(text);
    let of_prose =
        |part: fn(&Fault) -> &Option<String>| stated.as_ref().and_then(|found| part(&found.fault).clone());
    let exception = name.map(ToOwned::to_owned).or_else(|| of_prose(|fault| &fault.exception));
    let message = message.and_then(visible).or_else(|| of_prose(|fault| &fault.message));
    if name.is_none() && message.is_none() || pairs.is_empty() {
        return None;
    }
    let code = value(&["ErrorCode", "errorCode"]).map(ToOwned::to_owned);
    let request_id = value(&["RequestId", "requestId", "RequestID", "aws_request_id"]).map(ToOwned::to_owned);
    Some(Found { fault: Fault::new(exception, message).with_code(code), request_id, ..Found::default() })
}

/// `Name: message`, within or after other words.
fn of_prose(text: &str) -> Option<Found> {
    const ENDS: [&str; 5] = ["\n    at ", "\n\tat ", " ---> ", "\n{", "\nTraceback ("];
    // PHP: `Name (client): message`.
    if let Some((before, message)) = text.split_once(" (client): ").or_else(|| text.split_once(" (server): "))
    {
        let name = before.rsplit([' ', '\n']).next().filter(|name| is_name(name));
        return name.map(|name| Found::of(Some(name), cut(message, &[" - "])));
    }
    let (name, message) = named(text, is_error)?;
    Some(Found::of(Some(name).filter(|name| !is_general(name)), cut(message, &ENDS)))
}

/// The first name of an error before a colon, without its namespace, and the text after the colon. Only such names count.
fn named(text: &str, counts: fn(&str) -> bool) -> Option<(&str, &str)> {
    let mut ends = text.match_indices(": ").map(|(at, _)| at);
    ends.find_map(|end| {
        let before = text.get(..end)?;
        let word = before.rsplit([' ', '\n', '\t', '"', '(']).next()?;
        // Namespaces begin with a small letter or have several parts; the parts of codes do not.
        let name = match word.rsplit_once('.') {
            Some((space, name))
                if word.starts_with(|c: char| c.is_ascii_lowercase()) || space.contains('.') =>
            {
                name
            }
            _ => word,
        };
        // The name of an operation, for example, has words before it.
        let is_alone = before.strip_suffix(word).is_some_and(|before| {
            before.is_empty() || [": ", "\n", "\t", "\""].iter().any(|end| before.ends_with(end))
        });
        (is_name(name) && counts(name) && (is_alone || is_error(name)))
            .then_some((name, text.get(end + 2..)?))
    })
}

/// Whether a name is certainly the name of an error.
fn is_error(name: &str) -> bool {
    is_shared(name) || ["Exception", "Error", "Fault"].iter().any(|end| name.ends_with(end))
}

/// Whether a word may be the name of an error: `AccessDenied`, `Throttling.User`.
fn is_name(word: &str) -> bool {
    let count = |is: fn(&u8) -> bool| word.bytes().filter(is).count();
    is_code(word) && count(u8::is_ascii_uppercase) >= 2 && count(u8::is_ascii_lowercase) >= 2
}

/// Whether a word after a label may be a code: `Throttling`.
fn is_code(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// Whether a name is only the SDK's word for every error of a service.
fn is_general(name: &str) -> bool {
    const GENERAL: [&str; 8] = [
        "ClientError",
        "HTTPError",
        "SdkClientException",
        "ServerException",
        "StsException",
        "TeaException",
        "WebIdentityErr",
        "WebSocketBadStatusException",
    ];
    GENERAL.contains(&name) || name.starts_with("Amazon") && name.ends_with("Exception")
}

/// The text before the first of these.
fn cut<'a>(text: &'a str, ends: &[&str]) -> &'a str {
    let end = ends.iter().filter_map(|end| text.find(end)).min();
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// The word after a label in any case, with or without quotes.
fn after<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let at = text.to_ascii_lowercase().find(&label.to_ascii_lowercase())? + label.len();
    let value = text
        .get(at..)?
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '=' | '\'' | '"'));
    let end = value.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '#')));
    value.get(..end.unwrap_or(value.len())).map(bare_name)
}

/// The request id, as SDKs label it.
fn request_id(text: &str) -> Option<String> {
    let labels = ["request id:", "requestid:", "request id ", "request_id"];
    let ids = labels.iter().filter_map(|label| after(text, label));
    let mut ids = ids.filter(|id| id.len() > 2 && !matches!(*id, "null" | "undefined"));
    ids.next().map(ToOwned::to_owned)
}

/// The status, after a label or before its reason phrase.
fn status(text: &str) -> Option<u16> {
    const LABELS: [&str; 3] = ["status", "response: ", "http error "];
    let number = |text: &str| {
        let digits = text.get(..3)?;
        let ends = !text.get(3..)?.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-');
        digits.parse().ok().filter(|status| ends && (100..600).contains(status))
    };
    let lower = text.to_ascii_lowercase();
    let labelled =
        LABELS.iter().flat_map(|label| lower.match_indices(label).map(|(at, label)| at + label.len()));
    let labelled = labelled.filter_map(|at| {
        let is_of_process = lower.get(..at)?.ends_with("exit status");
        let rest = lower.get(at..)?;
        // A search to the end of the text, for each label, would take quadratic time.
        let skipped = rest.bytes().take(15).position(|byte| byte.is_ascii_digit())?;
        let is_label = |c: char| c.is_ascii_alphabetic() || matches!(c, ' ' | ':' | '=' | '(' | '\'' | '"');
        // Processes have statuses up to 255, which may have no other label.
        let is_bare = lower.get(..at)?.ends_with(" status") && !rest.starts_with(" code");
        number(rest.get(skipped..)?)
            .filter(|status| !is_of_process && (!is_bare || *status >= 300))
            .filter(|_| rest.get(..skipped).is_some_and(|label| label.chars().all(is_label)))
    });
    let reasoned = || {
        lower.match_indices(['4', '5']).find_map(|(at, _)| {
            let is_within = lower.get(..at)?.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.');
            let status = number(lower.get(at..)?).filter(|_| !is_within)?;
            let reason = http::StatusCode::from_u16(status).ok()?.canonical_reason()?.to_ascii_lowercase();
            let rest = lower.get(at + 3..)?.trim_start_matches([')', ' ']);
            let rest = ["client error: ", "server error: "]
                .iter()
                .find_map(|kind| rest.strip_prefix(kind))
                .unwrap_or(rest);
            let begins = at == 0 && rest.starts_with(['{', '<']);
            (begins || rest.starts_with(&reason)).then_some(status)
        })
    };
    labelled.into_iter().next().or_else(reasoned)
}
