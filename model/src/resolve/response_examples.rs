//! Examples of known responses: completed from the first alternative of an entry, and checked against it.

use std::collections::BTreeMap;

use regex::Regex;

use crate::error::{Place, Report};
use crate::{
    ExampleRequest, HostForm, RequestTrait, ResponseCondition, ResponseExample, ResponseSource, raw,
};

/// Header that holds the name of an error.
const ERROR_TYPE: &str = "x-amzn-errortype";
/// Value of headers that the model knows by name only: an id of the response.
const ID: &str = "{id}";
/// The form of host names that have no known form.
const OTHER: &str = "other";

/// Values that examples are made of.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) hosts: &'a [HostForm],
    pub(super) sources: &'a [ResponseSource],
}

impl Known<'_> {
    /// The example of an entry; `None` for an entry that is about calls without a response.
    pub(super) fn example(
        self,
        place: &Place,
        raw: Option<raw::ResponseExample>,
        when: &[Vec<ResponseCondition>],
        report: &mut Report,
    ) -> Option<ResponseExample> {
        let first = when.first()?;
        if first.iter().any(|condition| matches!(condition, ResponseCondition::Failure(_))) {
            if raw.is_some() {
                report.fault(place, "is the example of a failure without a response, remove it");
            }
            return None;
        }
        let raw = raw.unwrap_or_default();
        let Some(status) = raw.status.or_else(|| status(first)) else {
            report.fault(&place.key("status"), "is missing, and `when` names no single status; add it");
            return None;
        };
        let source = raw.by.or_else(|| first.iter().find_map(source));
        let known = source.as_ref().map(|id| self.sources.iter().find(|source| source.id == *id));
        if let (Some(id), Some(None)) = (&source, known) {
            let ids = self.sources.iter().map(|source| source.id.as_str());
            report.unknown(&place.key("by"), "source", id, ids);
            return None;
        }
        let error_type = raw.error_type.or_else(|| first.iter().find_map(name));
        let headers = headers(known.flatten(), error_type.as_deref(), raw.headers);
        let message = raw.message.or_else(|| first.iter().find_map(message));
        let message_key = raw.message_key.unwrap_or_else(|| "message".to_owned());
        let example =
            ResponseExample { status, headers, message, message_key, body: raw.body, request: raw.request };
        let refusals: Vec<_> = when.iter().map(|conditions| self.refusal(&example, conditions)).collect();
        if let Some(Some(Some(why))) = refusals.iter().all(Option::is_some).then(|| refusals.first()) {
            report.fault(place, format!("does not match `when`: its {why}"));
        }
        Some(example)
    }

    /// The first condition that does not hold.
    fn refusal(self, example: &ResponseExample, conditions: &[ResponseCondition]) -> Option<String> {
        conditions.iter().find_map(|condition| self.differs(example, condition, conditions))
    }

    fn differs(
        self,
        example: &ResponseExample,
        condition: &ResponseCondition,
        all: &[ResponseCondition],
    ) -> Option<String> {
        use ResponseCondition as Is;
        let ExampleRequest { host, path, content_type, sent, caller, owner, is } = &example.request;
        let message = example.message.as_deref();
        let (holds, what) = match condition {
            Is::Otherwise => (true, String::new()),
            Is::Failure(_) | Is::Certificate(_) => (false, "response contradicts a failure".to_owned()),
            Is::Status(statuses) => {
                let class = example.status / 100;
                let fits = statuses.iter().any(|status| [example.status, class].contains(status));
                (fits, format!("status is {}", example.status))
            }
            Is::Type(names) => {
                let name = header(example, ERROR_TYPE);
                let fits = name.is_some_and(|name| names.iter().any(|known| known == name));
                (fits, format!("type is {}", name.unwrap_or("missing")))
            }
            Is::Message(patterns) => {
                (any_fits(patterns, message), format!("message is {}", message.unwrap_or("missing")))
            }
            Is::By(ids) => {
                let source = self.source(example);
                let fits = source.is_some_and(|source| ids.contains(&source.id));
                let id = source.map_or("no source", |source| source.id.as_str());
                (fits, format!("headers match {id}"))
            }
            Is::Header(name, pattern) => {
                (has(example, name, pattern), format!("header {name} is missing or different"))
            }
            Is::Host(forms) => {
                let form = host.as_deref().map(|host| self.form(host));
                let fits = form.is_some_and(|form| forms.iter().any(|known| known == form));
                (fits, format!("request's host is {}", form.unwrap_or("missing")))
            }
            Is::NotHost(forms) => {
                let form = host.as_deref().map(|host| self.form(host));
                let fits = form.is_none_or(|form| forms.iter().all(|known| known != form));
                (fits, format!("request's host is {}", form.unwrap_or_default()))
            }
            // Every example is about a GET.
            Is::Method(methods) => (methods.iter().any(|method| method == "GET"), "method is GET".to_owned()),
            Is::Path(patterns) => {
                (any_fits(patterns, path.as_deref()), "request's path is different".to_owned())
            }
            Is::ContentType(patterns) => (
                any_fits(patterns, content_type.as_deref()),
                "request's content type is different".to_owned(),
            ),
            Is::Sent(name) => (sent.contains(name), format!("request lacks {name}")),
            Is::Unsent(name) => (!sent.contains(name), format!("request has {name}")),
            Is::Request(RequestTrait::Signed) => {
                (!is.contains(&RequestTrait::Unsigned), "request is unsigned".to_owned())
            }
            Is::Request(what) => (is.contains(what), format!("request is not marked {what:?}")),
            Is::OtherAccount(one, other) | Is::SameAccount(one, other) => {
                let mut parts = parts(all, message);
                parts.extend(
                    [("principal", caller), ("owner", owner)]
                        .into_iter()
                        .filter_map(|(name, part)| Some((name.to_owned(), part.clone()?))),
                );
                let same = [one, other].map(|name| account(parts.get(name).map_or("", String::as_str)));
                let fits = match same {
                    [Some(one), Some(other)] => {
                        is_same(one, other) == matches!(condition, Is::SameAccount(..))
                    }
                    _ => false,
                };
                (fits, format!("accounts of {one} and {other} do not match"))
            }
        };
        (!holds).then_some(what)
    }

    /// The first source whose headers the example has, as the first one counts.
    fn source(&self, example: &ResponseExample) -> Option<&ResponseSource> {
        self.sources.iter().find(|source| {
            source.headers.iter().all(|(name, pattern)| has(example, name, pattern))
                && !source.without.iter().any(|name| has(example, name, "*"))
        })
    }

    fn form(&self, host: &str) -> &str {
        let form = self.hosts.iter().find(|form| is_match(&form.host, host, of_host));
        form.map_or(OTHER, |form| form.form.as_str())
    }
}

/// The status, if conditions name one.
fn status(conditions: &[ResponseCondition]) -> Option<u16> {
    conditions.iter().find_map(|condition| {
        let ResponseCondition::Status(statuses) = condition else { return None };
        statuses.iter().copied().find(|status| *status >= 100)
    })
}

fn source(condition: &ResponseCondition) -> Option<String> {
    let ResponseCondition::By(ids) = condition else { return None };
    ids.first().cloned()
}

fn name(condition: &ResponseCondition) -> Option<String> {
    let ResponseCondition::Type(names) = condition else { return None };
    names.first().cloned()
}

/// The first message, if it is not a pattern.
fn message(condition: &ResponseCondition) -> Option<String> {
    let ResponseCondition::Message(patterns) = condition else { return None };
    patterns.first().filter(|pattern| !pattern.contains(['*', '{'])).cloned()
}

/// Headers of the source, of the error and of the example itself, which take precedence.
fn headers(
    source: Option<&ResponseSource>,
    error_type: Option<&str>,
    own: BTreeMap<String, String>,
) -> Vec<(String, String)> {
    let named = source.into_iter().flat_map(|source| &source.headers);
    let ids = named.filter(|(name, pattern)| pattern == "*" && !name.ends_with('*') && name != ERROR_TYPE);
    let mut headers: BTreeMap<_, _> = ids.map(|(name, _)| (name.clone(), ID.to_owned())).collect();
    headers.extend(error_type.map(|name| (ERROR_TYPE.to_owned(), name.to_owned())));
    headers.extend(own);
    headers.into_iter().collect()
}

fn header<'a>(example: &'a ResponseExample, name: &str) -> Option<&'a str> {
    example.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Whether a header of this name, or with this prefix, matches.
fn has(example: &ResponseExample, name: &str, pattern: &str) -> bool {
    let is_named = |header: &str| match name.strip_suffix('*') {
        Some(start) => header.starts_with(start),
        None => header == name,
    };
    let mut headers = example.headers.iter();
    headers.any(|(header, value)| is_named(header) && is_match(pattern, &value.to_lowercase(), of_text))
}

fn any_fits(patterns: &[String], text: Option<&str>) -> bool {
    text.is_some_and(|text| patterns.iter().any(|pattern| is_match(pattern, text, of_text)))
}

/// Whether a pattern matches a text. Most are `*` or have no parts, and need no regex.
fn is_match(pattern: &str, text: &str, part: fn(&str) -> &'static str) -> bool {
    match pattern {
        "*" => true,
        pattern if !pattern.contains(['*', '{']) => pattern == text,
        pattern => compile(pattern, part).is_match(text),
    }
}

/// A part of a text.
fn of_text(_: &str) -> &'static str {
    r"\S+"
}

/// A part of a host's name.
fn of_host(name: &str) -> &'static str {
    match name {
        "dnsSuffix" => "[a-z0-9.-]+",
        "Region" | "zone" => "[a-z0-9-]+",
        _ => "[a-z0-9]+",
    }
}

/// A pattern, each of whose parts is a group.
fn compile(pattern: &str, part: fn(&str) -> &'static str) -> Regex {
    let mut expression = "(?s)^".to_owned();
    let mut rest = pattern;
    while let Some(at) = rest.find(['*', '{']) {
        let (literal, wild) = rest.split_at(at);
        expression += &regex::escape(literal);
        let named = wild.strip_prefix('{').and_then(|named| named.split_once('}'));
        if let Some((name, behind)) = named {
            expression.extend(["(?<", name, ">", part(name), ")"]);
            rest = behind;
        } else {
            expression += ".*";
            rest = wild.get(1..).unwrap_or_default();
        }
    }
    expression += &regex::escape(rest);
    // An invalid pattern was reported, and matches nothing.
    Regex::new(&(expression + "$"))
        .unwrap_or_else(|_| Regex::new("[^\\s\\S]").expect("a class is an expression"))
}

/// The parts that are read by the first matching pattern of a message.
fn parts(conditions: &[ResponseCondition], message: Option<&str>) -> BTreeMap<String, String> {
    let patterns = conditions.iter().find_map(|condition| {
        let ResponseCondition::Message(patterns) = condition else { return None };
        Some(patterns)
    });
    let read = patterns.into_iter().flatten().find_map(|pattern| {
        let pattern = compile(pattern, of_text);
        let found = pattern.captures(message?)?;
        let names = pattern.capture_names().flatten();
        Some(
            names.filter_map(|name| Some((name.to_owned(), found.name(name)?.as_str().to_owned()))).collect(),
        )
    });
    read.unwrap_or_default()
}

/// The twelve digits of an account in an ARN, or stars instead of some.
fn account(text: &str) -> Option<&str> {
    let is_digit = |byte: u8| byte.is_ascii_digit() || byte == b'*';
    text.split(':').find(|field| field.len() == 12 && field.bytes().all(is_digit))
}

fn is_same(one: &str, other: &str) -> bool {
    let mut pairs = one.bytes().zip(other.bytes());
    pairs.all(|(one, other)| one == other || one == b'*' || other == b'*')
}
