//! The form and the message of a response's body.

pub mod xml;

use serde_core::de::IgnoredAny;

use crate::{
    mask::mask,
    protocol::Fault,
    text::{is_visible, single_spaced},
};

/// The form that a response's body seems to have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyForm {
    /// Nothing, or white space.
    Empty,
    /// A web page, with its title if it has one.
    Html {
        /// The text of its `title` element.
        title: Option<String>,
    },
    /// XML, which not every protocol uses.
    Xml,
    /// Compressed, although the client did not ask for it.
    Compressed,
    /// JSON that ends too early.
    TruncatedJson,
    /// A JSON object.
    JsonObject,
    /// JSON, but not an object: `null`, `array`, `string`, `number` or `boolean`.
    OtherJson {
        /// The type of the value.
        type_name: String,
    },
    /// Text of another kind.
    Text,
    /// Bytes that are not text.
    Binary,
}

impl BodyForm {
    /// Looks at the whole body.
    pub fn of(body: &[u8]) -> Self {
        match body.trim_ascii_start() {
            [] => Self::Empty,
            [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Compressed,
            [b'<', ..] => markup(&String::from_utf8_lossy(body.get(..MAX_MARKUP).unwrap_or(body))),
            _ => Self::json(body).unwrap_or_else(|| match std::str::from_utf8(body) {
                Ok(text) if !text.contains('\0') => Self::Text,
                _ => Self::Binary,
            }),
        }
    }

    fn json(body: &[u8]) -> Option<Self> {
        let first = *body.trim_ascii_start().first()?;
        if let Err(error) = serde_json::from_slice::<IgnoredAny>(body) {
            // A word that ends early does not show JSON: half of `null` may be text.
            return (error.is_eof() && matches!(first, b'{' | b'[' | b'"')).then_some(Self::TruncatedJson);
        }
        Some(match first {
            b'{' => Self::JsonObject,
            b'[' => Self::other("array"),
            b'"' => Self::other("string"),
            b'n' => Self::other("null"),
            b't' | b'f' => Self::other("boolean"),
            _ => Self::other("number"),
        })
    }

    fn other(name: &str) -> Self {
        Self::OtherJson { type_name: name.to_owned() }
    }

    /// Name in saved exchanges, and the detail that belongs to the form, if any.
    pub fn to_parts(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Empty => ("empty", None),
            Self::Html { title } => ("html", title.as_deref()),
            Self::Xml => ("xml", None),
            Self::Compressed => ("compressed", None),
            Self::TruncatedJson => ("truncated-json", None),
            Self::JsonObject => ("json", None),
            Self::OtherJson { type_name } => ("other-json", Some(type_name)),
            Self::Text => ("text", None),
            Self::Binary => ("binary", None),
        }
    }

    /// The form that [`to_parts`](Self::to_parts) gave a name and a detail.
    pub fn from_parts(name: &str, detail: Option<String>) -> Option<Self> {
        Some(match name {
            "empty" => Self::Empty,
            "html" => Self::Html { title: detail },
            "xml" => Self::Xml,
            "compressed" => Self::Compressed,
            "truncated-json" => Self::TruncatedJson,
            "json" => Self::JsonObject,
            "other-json" => Self::OtherJson { type_name: detail? },
            "text" => Self::Text,
            "binary" => Self::Binary,
            _ => return None,
        })
    }

    /// Describes the form in a line of evidence.
    pub fn describe(&self) -> String {
        match self {
            Self::Empty => "the body is empty".to_owned(),
            Self::Html { title: Some(title) } => format!("the body is a web page, titled {title:?}"),
            Self::Html { title: None } => "the body is a web page without a title".to_owned(),
            Self::Xml => "the body is XML".to_owned(),
            Self::Compressed => "the body is compressed, although the client did not ask for it".to_owned(),
            Self::TruncatedJson => "the body is JSON that ends too early".to_owned(),
            Self::JsonObject => "the body is a JSON object".to_owned(),
            Self::OtherJson { type_name } => format!("the body is JSON, but not an object: {type_name}"),
            Self::Text => "the body is plain text".to_owned(),
            Self::Binary => "the body is binary".to_owned(),
        }
    }
}

/// Bytes of markup that are searched for its kind; titles are at the beginning.
const MAX_MARKUP: usize = 64 << 10;

/// The text of a body, beyond the error that was read from it. The text may be the title of a web page, plain text, XML
/// or foreign JSON, as one line, shortened and masked. `None` if the error has a message, if the text repeats the
/// error's name, or if the body has no text.
pub fn said_beside(fault: &Fault, body: &[u8]) -> Option<String> {
    if fault.message.as_deref().is_some_and(is_visible) {
        return None;
    }
    let said = said(body)?;
    let mut names = [&fault.exception, &fault.code].into_iter().flatten();
    (!names.any(|name| said.contains(name.trim()))).then_some(said)
}

fn said(body: &[u8]) -> Option<String> {
    /// Bytes that are looked at, and characters that are shown.
    const MAX: (usize, usize) = (8 << 10, 200);
    let begin = body.get(..MAX.0).unwrap_or(body);
    let begin = match str::from_utf8(begin) {
        Ok(text) => text,
        // A character may be cut.
        Err(error) if error.error_len().is_none() => {
            str::from_utf8(begin.get(..error.valid_up_to())?).ok()?
        }
        Err(_) => return None,
    };
    let text = mask(begin.trim_start_matches('\u{feff}').trim());
    let said = match BodyForm::of(text.as_bytes()) {
        BodyForm::Empty | BodyForm::Compressed | BodyForm::Binary => return None,
        BodyForm::Html { title: Some(title) } => title,
        BodyForm::Html { title: None } | BodyForm::Xml => {
            Some(without_tags(&text)).filter(|words| is_visible(words)).unwrap_or(text)
        }
        BodyForm::JsonObject | BodyForm::OtherJson { .. } if is_blank(&text) => return None,
        BodyForm::JsonObject | BodyForm::OtherJson { .. } | BodyForm::TruncatedJson | BodyForm::Text => text,
    };
    Some(beginning(&said, MAX.1)).filter(|said| is_visible(said))
}

/// Whether a text in JSON holds nothing: `{}`, `[]`, `null`, `""`.
pub fn is_blank(json: &str) -> bool {
    let json =
        json.trim_matches(|char: char| char.is_whitespace() || matches!(char, '{' | '}' | '[' | ']' | '"'));
    matches!(json, "" | "null")
}

/// The beginning of foreign text, in one line.
pub fn beginning(text: &str, max: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let mut line = String::new();
    for word in words {
        if !line.is_empty() {
            line.push(' ');
        }
        if line.len() + word.len() > max {
            let left = max.saturating_sub(line.len());
            line.extend(word.chars().take(left));
            return line + "…";
        }
        line.push_str(word);
    }
    line
}

/// The text between tags, without scripts, styles and comments.
pub fn without_tags(markup: &str) -> String {
    const HIDDEN: &[(&str, &str)] =
        &[("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->"), ("<", ">")];
    // As long as the original, byte by byte.
    let lower = markup.to_ascii_lowercase();
    let (mut text, mut at) = (String::new(), 0);
    while let Some(tag) = lower.get(at..).and_then(|rest| rest.find('<')).map(|found| at + found) {
        text.extend([markup.get(at..tag).unwrap_or_default(), " "]);
        let rest = lower.get(tag..).unwrap_or_default();
        let end = HIDDEN
            .iter()
            .find(|(begin, _)| rest.starts_with(begin))
            .and_then(|(_, end)| Some(tag + rest.find(end)? + end.len()));
        at = end.unwrap_or(markup.len());
    }
    xml::unescape(&(text + markup.get(at..).unwrap_or_default()))
}

/// First elements of web pages, some of which are fragments.
const PAGES: [&str; 11] =
    ["html", "head", "body", "title", "meta", "script", "style", "div", "center", "h1", "p"];

/// The name of the first element, or of the document type.
fn root(lower: &str) -> Option<&str> {
    let mut rest = lower.trim_start();
    for (begin, end) in [("<?", "?>"), ("<!--", "-->")].into_iter().cycle().take(8) {
        if rest.starts_with(begin) {
            rest = rest.get(rest.find(end)? + end.len()..)?.trim_start();
        }
    }
    let tag = rest
        .strip_prefix("<!doctype")
        .map_or_else(|| rest.strip_prefix('<'), |named| Some(named.trim_start()))?;
    tag.split(|char: char| !char.is_ascii_alphanumeric()).next()
}

fn markup(text: &str) -> BodyForm {
    let lower = text.to_ascii_lowercase();
    if !root(&lower).is_some_and(|root| PAGES.contains(&root)) {
        return BodyForm::Xml;
    }
    let title = lower.find("<title").and_then(|at| {
        let start = at + lower.get(at..)?.find('>')? + 1;
        let end = start + lower.get(start..)?.find("</title")?;
        let title =
            xml::unescape(&single_spaced(text.get(start..end)?)).chars().take(120).collect::<String>();
        Some(title).filter(|title| !title.is_empty())
    });
    BodyForm::Html { title }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: impl AsRef<[u8]>, expected: &str) {
        let form = BodyForm::of(body.as_ref());
        assert_eq!(form.describe(), expected);
        let (name, detail) = form.to_parts();
        assert_eq!(BodyForm::from_parts(name, detail.map(ToOwned::to_owned)), Some(form.clone()));
    }

    #[track_caller]
    fn says(body: impl AsRef<[u8]>, expected: Option<&str>) {
        assert_eq!(said_beside(&Fault::default(), body.as_ref()).as_deref(), expected);
    }

    #[test]
    fn what_others_say_fits_in_a_line() {
        says(
            "upstream connect error or\r\ndisconnect/reset\n",
            Some("upstream connect error or disconnect/reset"),
        );
        says("\u{feff}no healthy upstream", Some("no healthy upstream"));
        says("<html><head><title>502 Bad\nGateway</title></head><body>x", Some("502 Bad Gateway"));
        says(
            "<html><style>p { a: b }</style><SCRIPT>if (1 < 2) {}</SCRIPT><p>Not &amp; <b>found</b><!-- <p>x --></html>",
            Some("Not & found"),
        );
        says("<html><script>never ends", Some("<html><script>never ends"));
        says(
            "<?xml version=\"1.0\"?><Error><Code>NoSuchBucket</Code><Message>It is gone.</Message></Error>",
            Some("NoSuchBucket It is gone."),
        );
        says("<error code=\"5\"/>", Some("<error code=\"5\"/>"));
        says(
            "{\"reason\": \"no\",\n \"password\": \"hush\"}",
            Some("{\"reason\": \"no\", \"password\": \"***\"}"),
        );
        says("[\"no\"]", Some("[\"no\"]"));
        says("{\"reason\": \"it is cut", Some("{\"reason\": \"it is cut"));
        says("x".repeat(1 << 20), Some(&("x".repeat(200) + "…")));
        says("ä".repeat(5000), Some(&("ä".repeat(200) + "…")));
        for nothing in ["", " \r\n", "{}", "[]", "null", "\"\"", "{ }", "\0", "\u{1b}\u{7}"] {
            says(nothing, None);
        }
        says([0xff, 0xfe, b'a'], None);
        says([0x1f, 0x8b, 8, 0], None);
    }

    #[test]
    fn what_the_error_has_from_the_body_is_not_said_twice() {
        let named = |exception: &str| Fault { exception: Some(exception.to_owned()), ..Fault::default() };
        assert_eq!(said_beside(&named("Slow"), br#"{"__type":"ns#Slow"}"#), None);
        assert_eq!(said_beside(&named("Slow"), b"go away").as_deref(), Some("go away"));
        let fault = Fault { message: Some("No.".to_owned()), ..Fault::default() };
        assert_eq!(said_beside(&fault, br#"{"message":"No."}"#), None);
        let fault = Fault { message: Some(" ".to_owned()), ..Fault::default() };
        assert_eq!(said_beside(&fault, b"go away").as_deref(), Some("go away"));
    }

    #[test]
    fn bodies_are_told_apart() {
        check("", "the body is empty");
        check(" \r\n", "the body is empty");
        check(
            "<!DOCTYPE html>\n<TITLE a=\"b\">Sign in\n &amp; go</TITLE>",
            "the body is a web page, titled \"Sign in & go\"",
        );
        check("<html>oops", "the body is a web page without a title");
        check("<?xml version=\"1.0\"?><Error><Code>X</Code></Error>", "the body is XML");
        check("<!-- x -->\n<!-- y --><Body class=\"a\">", "the body is a web page without a title");
        check("<H1>502</H1>", "the body is a web page without a title");
        check("<?xml version=\"1.0\"?>\n<html xmlns=\"x\">", "the body is a web page without a title");
        check("<BodyResponse><B>1</B></BodyResponse>", "the body is XML");
        check("<Policy><Headers><Header>Age</Header></Headers><Title>t</Title></Policy>", "the body is XML");
        check("<!-- <html> --><!DOCTYPE note><note><p>x</p></note>", "the body is XML");
        check("<", "the body is XML");
        check([0x1f, 0x8b, 8, 0], "the body is compressed, although the client did not ask for it");
        check("{\"Gateways\":[{\"Gate", "the body is JSON that ends too early");
        check("{}", "the body is a JSON object");
        check("null", "the body is JSON, but not an object: null");
        check("[1]", "the body is JSON, but not an object: array");
        check("\"x\"", "the body is JSON, but not an object: string");
        check("-1.5", "the body is JSON, but not an object: number");
        check("true", "the body is JSON, but not an object: boolean");
        check("upstream connect error", "the body is plain text");
        check("nul", "the body is plain text");
        check([0xff, 0xfe], "the body is binary");
        check("{\"a\":".repeat(100_000), "the body is JSON that ends too early");
    }
}
