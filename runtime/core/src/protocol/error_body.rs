//! Error responses in JSON, read in one pass; unknown members of any size are skipped.

use std::fmt;

use serde_core::{
    Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

/// Maximum size of a body from which a tree is built, since trees take many times the memory. No known service sends
/// larger errors; of larger errors, only the raw body is kept.
pub(super) const MAX_TREE: usize = 1 << 20;

/// The parts of an error response's body that are read. Members that are not strings count as absent.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ErrorBody {
    pub(super) code: Option<String>,
    pub(super) type_: Option<String>,
    pub(super) message: Option<String>,
    pub(super) capital_message: Option<String>,
    pub(super) error_message: Option<String>,
    /// `errorCode` of `error`.
    pub(super) inner_code: Option<String>,
    /// `errorDetails` of `error`, as JSON text.
    pub(super) inner_details: Option<String>,
}

impl ErrorBody {
    /// Reads a body; the result is empty if the body is not JSON.
    pub(super) fn read(body: &[u8]) -> Self {
        let mut read = Self::default();
        let mut json = serde_json::Deserializer::from_slice(body);
        let root = Part::Root(&mut read, body.len() <= MAX_TREE);
        match root.deserialize(&mut json).and_then(|()| json.end()) {
            Ok(()) => read,
            Err(_) => Self::default(),
        }
    }
}

/// A part of the body, with the destination of its members.
enum Part<'a> {
    /// The whole body, and whether trees may be built.
    Root(&'a mut ErrorBody, bool),
    /// The member `error`, and whether trees may be built.
    Inner(&'a mut ErrorBody, bool),
    /// A string.
    Text(&'a mut Option<String>),
}

impl Part<'_> {
    /// The destination of a member; `None` if the member is skipped.
    fn member(&mut self, name: &str) -> Option<Part<'_>> {
        let text = match (self, name) {
            (Self::Root(body, has_tree), "error") => return Some(Part::Inner(body, *has_tree)),
            (Self::Root(body, _), "code") => &mut body.code,
            (Self::Root(body, _), "__type") => &mut body.type_,
            (Self::Root(body, _), "message") => &mut body.message,
            (Self::Root(body, _), "Message") => &mut body.capital_message,
            (Self::Root(body, _), "errorMessage") => &mut body.error_message,
            (Self::Inner(body, _), "errorCode") => &mut body.inner_code,
            _ => return None,
        };
        Some(Part::Text(text))
    }
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            if let (Self::Inner(body, true), "errorDetails") = (&mut self, name.as_str()) {
                let details: Value = members.next_value()?;
                body.inner_details = (!details.is_null()).then(|| details.to_string());
                continue;
            }
            match self.member(&name) {
                Some(part) => members.next_value_seed(part)?,
                None => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        if let Self::Text(read) = self {
            *read = Some(text.to_owned());
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: &ErrorBody) {
        assert_eq!(&ErrorBody::read(body.as_bytes()), expected, "{body}");
    }

    #[test]
    fn known_members_are_read_and_others_skipped() {
        let whole = r#" {"x":[1,{"message":"inner"}],"__type":"T","m\u0065ssage":"m\n","Message":"M","errorMessage":"e",
            "code":"c","error":{"code":"no","errorCode":"E","errorDetails":{"k":["v",1]},"more":{}}} "#;
        check(
            whole,
            &ErrorBody {
                code: Some("c".to_owned()),
                type_: Some("T".to_owned()),
                message: Some("m\n".to_owned()),
                capital_message: Some("M".to_owned()),
                error_message: Some("e".to_owned()),
                inner_code: Some("E".to_owned()),
                inner_details: Some(r#"{"k":["v",1]}"#.to_owned()),
            },
        );
        for nothing in [
            "",
            "{}",
            "[{\"message\":\"m\"}]",
            "null",
            "7",
            "-1.5",
            "\"m\"",
            "true",
            "<html>",
            "{\"message\":\"m\"",
        ] {
            check(nothing, &ErrorBody::default());
        }
        check(r#"{"message":7,"__type":null,"code":["c"],"error":"E"}"#, &ErrorBody::default());
        check(r#"{"error":{"errorCode":7,"errorDetails":null}}"#, &ErrorBody::default());
    }

    #[test]
    fn long_bodies_have_names_but_no_tree() {
        let details = "[".repeat(100) + &"]".repeat(100) + &" ".repeat(MAX_TREE);
        let body = format!(r#"{{"__type":"T","error":{{"errorCode":"E","errorDetails":{details}}}}}"#);
        check(
            &body,
            &ErrorBody {
                type_: Some("T".to_owned()),
                inner_code: Some("E".to_owned()),
                ..ErrorBody::default()
            },
        );
        let deep = format!(r#"{{"__type":"T","x":{}"#, "[".repeat(1 << 20));
        check(&deep, &ErrorBody::default());
    }
}
