//! Errors that were pasted from a log, a terminal or a ticket.

mod forms;
mod pairs;
mod plain;
mod several;
mod unanswered;

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{AUTHORIZATION, CONTENT_TYPE, HOST},
};

use super::{Body, Refused, ResponseEvidence, host::read_host, kept, request::header_names};
use crate::{mask::SCHEMES, protocol::bare_name, signatures};

impl Refused {
    /// Reads a pasted error.
    ///
    /// It may be a response's body in JSON or XML, with or without status line and headers before it, what `curl -v`
    /// prints, an error as SDKs and command lines print it, within a log or not, or the bare message.
    pub fn of_text(pasted: &str) -> Self {
        let text = plain::plain(pasted.trim_start_matches('\u{feff}'));
        let exchange = traced(&text);
        let text = exchange.as_ref().map_or(text.as_str(), |exchange| exchange.response.as_str());
        let (head, body) = split_head(text.trim());
        let forms::Found { mut status, mut fault, request_id, is_body } = forms::read(body);
        let is_body = is_body || head.is_some();
        let headers = head.map(read_head).map_or_else(HeaderMap::new, |(of_head, headers)| {
            status = of_head;
            headers
        });
        let named = |name: &str| Some(headers.get(name)?.to_str().ok()?.to_owned());
        let exception = named("x-amzn-errortype").or(fault.exception.take());
        fault.exception = exception.map(|name| bare_name(&name).to_owned());
        let mut refused = Self {
            response: ResponseEvidence {
                status,
                request_id: named("x-amzn-requestid").or(request_id),
                headers: kept::headers(&headers),
                body: is_body.then(|| Body::of(body.as_bytes())),
                incomplete: None,
                received_at: None,
            },
            fault: kept::bounded(&fault, &[]),
            ..Self::default()
        };
        if let Some(exchange) = exchange {
            exchange.describe(&mut refused);
        }
        refused
    }
}

/// What `curl -v` prints about a request and its response.
struct Exchange {
    request: String,
    response: String,
}

/// The request and the response in lines that begin with `>` and `<`.
fn traced(text: &str) -> Option<Exchange> {
    const NOTES: [&str; 2] = ["* Connection #", "* Closing connection"];
    // Bodies in XML and HTML have lines that begin with `<`, too.
    let is_of_head = |line: &&str| {
        let line = line.strip_prefix('<').filter(|line| line.is_empty() || line.starts_with(' '));
        let line = line.map(str::trim_ascii);
        line.is_some_and(|line| line.is_empty() || line.starts_with("HTTP/") || header(line).is_some())
    };
    let lines: Vec<_> = text.lines().collect();
    let (heads, after) = lines.split_at_checked(lines.iter().rposition(is_of_head)? + 1)?;
    let lines_of = |mark: &'static str| heads.iter().filter_map(move |line| line.strip_prefix(mark));
    lines_of("< ").find(|line| line.starts_with("HTTP/"))?;
    // Proxies have their own exchange before.
    let last = |lines: Vec<&str>, is_first: fn(&str) -> bool| {
        let start = lines.iter().rposition(|line| is_first(line)).unwrap_or_default();
        lines.get(start..).unwrap_or_default().join("\n")
    };
    let request = last(lines_of("> ").collect(), |line| line.contains(" HTTP/"));
    let head = last(lines_of("< ").collect(), |line| line.starts_with("HTTP/"));
    let is_note =
        |line: &&str| ["* ", "> ", "{ [", "} [", "  % Total"].iter().any(|mark| line.starts_with(mark));
    let body: Vec<_> = after.iter().copied().filter(|line| !is_note(line)).collect();
    let body = body.join("\n");
    let end = NOTES.iter().filter_map(|note| body.find(note)).min().unwrap_or(body.len());
    Some(Exchange { request, response: format!("{head}\n\n{}", body.get(..end).unwrap_or_default()) })
}

impl Exchange {
    /// Adds what the text shows of the request.
    fn describe(&self, refused: &mut Refused) {
        let (_, headers) = read_head(&self.request);
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        refused.host = text("host").map(ToOwned::to_owned);
        refused.request.content_type = text("content-type").map(ToOwned::to_owned);
        // Another first word may be a part of a token.
        let authorization = text("authorization").and_then(|value| Some((value, value.split_once(' ')?.0)));
        let known = authorization.filter(|(value, scheme)| {
            signatures::is_in_header(value) || SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme))
        });
        refused.authorization_scheme = known.map(|(_, scheme)| scheme.to_owned());
        // Without its first line, the rest of the request may be missing, too.
        let line = self.request.lines().next().and_then(|line| line.split_once(" HTTP/"));
        let Some((method, target)) = line.and_then(|(line, _)| line.split_once(' ')) else { return };
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        refused.request.method = Some(method.to_owned());
        refused.request.path = Some(kept::text(path));
        refused.request.header_names = Some(header_names(&headers));
        if !headers.contains_key(AUTHORIZATION) && !may_be_signed(query, &headers) {
            refused.request.is_signed = Some(false);
        }
    }
}

/// Whether a request without `Authorization` may have a signature: in its query or, unless AWS has the host, in a form.
fn may_be_signed(query: &str, headers: &HeaderMap) -> bool {
    let is_of_signature = |parameter: &str| {
        let name = parameter.split('=').next().unwrap_or_default().to_ascii_lowercase();
        signatures::ALL.iter().any(|kind| [kind.secrets, kind.parameters].concat().contains(&name.as_str()))
    };
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_form = text(CONTENT_TYPE).to_ascii_lowercase().starts_with("application/x-www-form-urlencoded");
    query.split('&').any(is_of_signature) || is_form && read_host(text(HOST)).is_none()
}

/// Status line and headers, if they precede the body.
///
/// If there are several heads, the last one counts: tools such as `curl -i` also print interim responses, the response
/// to `CONNECT`, and redirects.
fn split_head(pasted: &str) -> (Option<&str>, &str) {
    let (mut head, mut rest) = (None, from_head(pasted));
    while rest.starts_with("HTTP/") {
        let lines = rest.split_inclusive('\n').take_while(|line| !line.trim().is_empty());
        let (first, after) = rest.split_at(lines.map(str::len).sum());
        (head, rest) = (Some(first.trim_end()), after.trim_start());
    }
    (head, rest)
}

/// The text from its first status line on, which the command that was typed may precede; or else the whole text.
fn from_head(pasted: &str) -> &str {
    let is_head = |line: &str| {
        let status = line.strip_prefix("HTTP/").and_then(|line| line.split(' ').nth(1));
        status.is_some_and(|status| status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let mut at = 0;
    for line in pasted.split_inclusive('\n') {
        if is_head(line.trim()) {
            return pasted.get(at..).unwrap_or(pasted).trim_start();
        }
        at += line.len();
    }
    pasted
}

fn read_head(head: &str) -> (u16, HeaderMap) {
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or_default();
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(header) {
        // A map holds some ten thousand names, more than any response has.
        if headers.try_append(name, value).is_err() {
            break;
        }
    }
    (status, headers)
}

fn header(line: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = line.split_once(':')?;
    Some((name.trim().parse().ok()?, HeaderValue::from_str(value.trim()).ok()?))
}

#[cfg(test)]
mod tests;
