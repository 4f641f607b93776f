//! Texts of headers, and lists in them. Items are separated by commas, and some are quoted.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::HeaderMap;

/// The text of a header. Several headers of the name are one list (RFC 9110, section 5.2).
///
/// # Errors
/// The header is not text in UTF-8.
pub fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<Cow<'a, str>>, String> {
    let values: Result<Vec<_>, _> =
        headers.get_all(name).iter().map(|value| str::from_utf8(value.as_bytes())).collect();
    let values = values.map_err(|_| format!("the header {name} is not text in UTF-8"))?;
    Ok(match values.as_slice() {
        [] => None,
        [one] => Some(Cow::Borrowed(*one)),
        many => Some(Cow::Owned(many.join(", "))),
    })
}

/// The JSON in a header, which is in base64.
///
/// # Errors
/// The header is something else.
pub fn json(headers: &HeaderMap, name: &str) -> Result<Option<String>, String> {
    let Some(text) = text(headers, name)? else { return Ok(None) };
    let bytes = STANDARD
        .decode(text.trim())
        .map_err(|error| format!("the header {name}: invalid base64: {error}"))?;
    String::from_utf8(bytes).map(Some).map_err(|_| format!("the header {name} is not text in UTF-8"))
}

/// The texts of all headers whose names begin with a prefix. Each is returned with the rest of its name, in lower case.
///
/// # Errors
/// One of the headers is not text in UTF-8.
pub fn prefixed<'a>(headers: &'a HeaderMap, prefix: &str) -> Result<Vec<(&'a str, Cow<'a, str>)>, String> {
    let prefix = prefix.to_ascii_lowercase();
    let named = headers.keys().filter_map(|name| Some((name.as_str(), name.as_str().strip_prefix(&prefix)?)));
    named.filter_map(|(name, rest)| Some(text(headers, name).transpose()?.map(|text| (rest, text)))).collect()
}

/// An item of a list in a header (RFC 9110, section 5.6.4).
pub fn quoted(text: String) -> String {
    if text.contains([',', '"']) {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        text
    }
}

/// Items of a list, some of which may be quoted.
pub fn items(text: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (item, after) = if let Some(quoted) = rest.strip_prefix('"') {
            unquoted(quoted)
        } else {
            let (item, after) = rest.split_once(',').unwrap_or((rest, ""));
            (item.trim_end().to_owned(), after)
        };
        items.push(item);
        rest = after.trim_start();
    }
    items
}

/// The text up to the closing quote, and what follows the next comma.
fn unquoted(text: &str) -> (String, &str) {
    let mut item = String::new();
    let mut characters = text.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '\\' => item.extend(characters.next().map(|(_, escaped)| escaped)),
            '"' => {
                let after = text.get(index + 1..).unwrap_or_default();
                return (item, after.split_once(',').map_or("", |(_, after)| after));
            }
            other => item.push(other),
        }
    }
    (item, "")
}

/// Splits a list of dates. Each has one comma, as in `Sun, 30 Jun 2013 00:00:00 GMT`.
pub fn dates(text: &str) -> Vec<String> {
    let parts: Vec<_> = text.split(',').map(str::trim).collect();
    parts.chunks(2).map(|date| date.join(", ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_read_as_they_were_written() {
        let texts = ["a", "b, c", "say \"hi\"", "back\\slash, too"];
        let written: Vec<_> = texts.iter().map(|text| quoted((*text).to_owned())).collect();
        assert_eq!(written.join(", "), r#"a, "b, c", "say \"hi\"", "back\\slash, too""#);
        assert_eq!(items(&written.join(", ")), texts);
        assert_eq!(items("a,b ,  c"), ["a", "b", "c"]);
        assert_eq!(items(""), [""; 0]);
    }

    #[test]
    fn headers_are_read_whole_or_refused() {
        let mut headers = HeaderMap::new();
        let mut add = |name: &'static str, value: &'static [u8]| {
            headers.append(name, http::HeaderValue::from_bytes(value).unwrap());
        };
        add("x-meta-owner", "Zoë".as_bytes());
        add("x-meta-tag", b"a");
        add("x-meta-tag", b"b");
        assert_eq!(text(&headers, "X-Meta-Owner"), Ok(Some("Zoë".into())));
        assert_eq!(text(&headers, "x-meta-tag"), Ok(Some("a, b".into())));
        assert_eq!(text(&headers, "x-meta"), Ok(None));
        assert_eq!(prefixed(&headers, "X-Meta-").unwrap(), [("owner", "Zoë".into()), ("tag", "a, b".into())]);
        headers.append("x-meta-raw", http::HeaderValue::from_bytes(b"Zo\xeb").unwrap());
        let fault = "the header x-meta-raw is not text in UTF-8";
        assert_eq!(text(&headers, "x-meta-raw").unwrap_err(), fault);
        assert_eq!(prefixed(&headers, "X-Meta-").unwrap_err(), fault);
    }

    #[test]
    fn dates_have_a_comma_of_their_own() {
        let read = dates("Mon, 16 Dec 2019 23:48:18 GMT, Tue, 17 Dec 2019 23:48:18 GMT");
        assert_eq!(read, ["Mon, 16 Dec 2019 23:48:18 GMT", "Tue, 17 Dec 2019 23:48:18 GMT"]);
    }
}
