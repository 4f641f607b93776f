//! Writing heads of requests, and reading heads of responses.

use std::error::Error as StdError;

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version,
    header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING},
    response::Parts,
};
use httparse::{EMPTY_HEADER, Status};

use super::{
    super::{Request, body::content_length, builder::Bounds},
    body::Framing,
};

/// What is wrong with a response.
pub(super) enum Fault {
    NotHttp(Box<dyn StdError + Send + Sync>),
    TooLarge(Box<dyn StdError + Send + Sync>),
}

/// What follows the head of a response.
pub(super) struct Plan {
    pub(super) framing: Framing,
    /// Whether the server keeps the connection open.
    pub(super) keeps: bool,
}

/// The head of a request.
pub(super) fn write(request: &Request) -> Vec<u8> {
    let mut head = format!("{} {} HTTP/1.1\r\n", request.method(), request.uri()).into_bytes();
    let mut line = |name: &str, value: &[u8]| {
        for part in [name.as_bytes(), b": ", value, b"\r\n"] {
            head.extend_from_slice(part);
        }
    };
    for (name, value) in request.headers() {
        if !matches!(*name, CONTENT_LENGTH | TRANSFER_ENCODING) {
            line(name.as_str(), value.as_bytes());
        }
    }
    if let Some(len) = content_length(request) {
        line(CONTENT_LENGTH.as_str(), len.to_string().as_bytes());
    }
    head.extend_from_slice(b"\r\n");
    head
}

/// Reads the head of a response and returns its length; `None` if more bytes are needed.
pub(super) fn parse(buffer: &[u8], bounds: &Bounds) -> Result<Option<(usize, Parts)>, Fault> {
    // No more than the bytes can have, so that a high limit costs nothing.
    let lines = buffer.split(|byte| *byte == b'\n').count();
    let mut headers = vec![EMPTY_HEADER; bounds.headers.min(lines)];
    let mut parsed = httparse::Response::new(&mut headers);
    let len = match parsed.parse(buffer) {
        Ok(Status::Complete(len)) if len <= bounds.header_bytes => len,
        Ok(Status::Partial) if buffer.len() < bounds.header_bytes => return Ok(None),
        Ok(_) => {
            let max = bounds.header_bytes;
            let text = format!("the head is larger than {max} bytes; `max_header_bytes` sets the limit");
            return Err(Fault::TooLarge(text.into()));
        }
        Err(httparse::Error::TooManyHeaders) => return Err(too_many_headers(bounds)),
        Err(error) => return Err(Fault::NotHttp(error.to_string().into())),
    };
    let (mut head, ()) = http::Response::new(()).into_parts();
    head.version = if parsed.version == Some(0) { Version::HTTP_10 } else { Version::HTTP_11 };
    head.status = StatusCode::from_u16(parsed.code.unwrap_or_default()).map_err(not_http)?;
    for header in parsed.headers.iter() {
        let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(not_http)?;
        let value = HeaderValue::from_bytes(header.value).map_err(not_http)?;
        head.headers.try_append(name, value).map_err(|_| too_many_headers(bounds))?;
    }
    Ok(Some((len, head)))
}

/// What follows the head of a response to a request (RFC 9112, sections 6.3 and 9.3).
pub(super) fn plan(head: &Parts, method: &Method) -> Result<Plan, Fault> {
    let framing = framing(head, method)?;
    let keeps = match head.version {
        Version::HTTP_10 => has_token(&head.headers, &CONNECTION, "keep-alive"),
        _ => !has_token(&head.headers, &CONNECTION, "close"),
    };
    Ok(Plan { keeps: keeps && !matches!(framing, Framing::UntilEnd), framing })
}

/// Whether a header's list has an element.
pub(super) fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|element| element.trim().eq_ignore_ascii_case(token))
}

fn framing(head: &Parts, method: &Method) -> Result<Framing, Fault> {
    if method == Method::HEAD || matches!(head.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
        return Ok(Framing::Length(0));
    }
    if let Some(last) = head.headers.get_all(TRANSFER_ENCODING).into_iter().next_back() {
        if head.version == Version::HTTP_10 {
            return Err(Fault::NotHttp("a transfer encoding, which HTTP/1.0 does not have".into()));
        }
        let last = last.as_bytes().rsplit(|byte| *byte == b',').next().unwrap_or_default();
        let is_chunked = last.trim_ascii().eq_ignore_ascii_case(b"chunked");
        return Ok(if is_chunked { Framing::Chunked } else { Framing::UntilEnd });
    }
    let mut length = None;
    for element in head.headers.get_all(CONTENT_LENGTH) {
        for element in element.as_bytes().split(|byte| *byte == b',') {
            let this = parse_length(element.trim_ascii())
                .filter(|this| length.is_none_or(|length| length == *this))
                .ok_or_else(|| Fault::NotHttp("an invalid Content-Length, or two that differ".into()))?;
            length = Some(this);
        }
    }
    Ok(length.map_or(Framing::UntilEnd, Framing::Length))
}

/// Only digits: servers and proxies disagree about signs.
fn parse_length(digits: &[u8]) -> Option<u64> {
    let digits = std::str::from_utf8(digits).ok()?;
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

fn not_http(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Fault {
    Fault::NotHttp(error.into())
}

fn too_many_headers(bounds: &Bounds) -> Fault {
    let max = bounds.headers;
    Fault::TooLarge(format!("it has more than {max} headers; `max_headers` sets the limit").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { header_bytes: 1000, headers: 3, body_bytes: 0 };

    #[track_caller]
    fn check_plan(head: &str, framing: Framing, keeps: bool) {
        let (_, head) = parse(head.as_bytes(), &BOUNDS).ok().flatten().unwrap();
        let plan = plan(&head, &Method::GET).ok().unwrap();
        assert_eq!((plan.framing, plan.keeps), (framing, keeps));
    }

    #[test]
    fn plans() {
        check_plan("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", Framing::Length(7), true);
        check_plan("HTTP/1.1 200 OK\r\nContent-Length: 7, 7\r\n\r\n", Framing::Length(7), true);
        check_plan(
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: x, Close\r\n\r\n",
            Framing::Length(7),
            false,
        );
        check_plan("HTTP/1.0 200 OK\r\nContent-Length: 7\r\n\r\n", Framing::Length(7), false);
        check_plan(
            "HTTP/1.0 200 OK\r\nContent-Length: 7\r\nConnection: Keep-Alive\r\n\r\n",
            Framing::Length(7),
            true,
        );
        check_plan(
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n",
            Framing::Chunked,
            true,
        );
        check_plan("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", Framing::UntilEnd, false);
        check_plan("HTTP/1.1 200 OK\r\n\r\n", Framing::UntilEnd, false);
        check_plan("HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n", Framing::Length(0), true);
    }

    #[test]
    fn refused() {
        for head in [
            "HTTP/1.1 200 OK\r\nContent-Length: +7\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 7, 8\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        ] {
            let (_, parsed) = parse(head.as_bytes(), &BOUNDS).ok().flatten().unwrap();
            assert!(matches!(plan(&parsed, &Method::GET), Err(Fault::NotHttp(_))), "{head}");
        }
        for head in ["HTTP/1.1 099 x\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n a: b\r\n\r\n"]
        {
            assert!(matches!(parse(head.as_bytes(), &BOUNDS), Err(Fault::NotHttp(_))), "{head}");
        }
    }

    /// The limits hold for a head as a whole and in parts.
    #[test]
    fn bounds() {
        let head = |headers, len| {
            format!("HTTP/1.1 200 OK\r\n{}\r\n", format!("a: {}\r\n", "x".repeat(len)).repeat(headers))
        };
        assert!(matches!(parse(head(3, 1).as_bytes(), &BOUNDS), Ok(Some(_))));
        assert!(matches!(parse(head(4, 1).as_bytes(), &BOUNDS), Err(Fault::TooLarge(_))));
        assert!(matches!(parse(head(1, 970).as_bytes(), &BOUNDS), Ok(Some(_))));
        for head in [head(1, 980), head(1, 5000)] {
            let parsed = |len| parse(head.as_bytes().get(..len).unwrap(), &BOUNDS);
            assert!(matches!(parsed(999), Ok(None)));
            assert!(matches!(parsed(1000), Err(Fault::TooLarge(_))));
            assert!(matches!(parsed(head.len()), Err(Fault::TooLarge(_))));
        }
    }

    #[test]
    fn what_is_said_of_a_body_is_true() {
        let mut request = http::Request::post("/a?b").body("body".into()).unwrap();
        request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("7"));
        request.headers_mut().insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
        assert_eq!(write(&request), b"POST /a?b HTTP/1.1\r\ncontent-length: 4\r\n\r\n");
    }
}
