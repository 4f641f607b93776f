//! JSON as XML.

use quick_xml::escape::partial_escape;
use serde_json::{Map, Value};

use crate::FakeService;

/// Properties of a document that do not depend on its content.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Form<'a> {
    /// Namespace of its elements.
    pub(super) namespace: Option<&'a str>,
    /// Element around each item of a list; `None` if items have the name of the list.
    pub(super) item: Option<&'a str>,
}

impl Form<'_> {
    /// A document with a value as its root.
    pub(super) fn document(self, root: &str, value: &Value) -> String {
        let mut out = HEAD.to_owned();
        self.element(&mut out, root, &self.attribute(), value);
        out
    }

    /// A document with XML in its root.
    pub(super) fn around(self, root: &str, content: &str) -> String {
        let namespace = self.attribute();
        format!("{HEAD}<{root}{namespace}>{content}</{root}>")
    }

    fn attribute(self) -> String {
        self.namespace.map(|namespace| format!(" xmlns=\"{namespace}\"")).unwrap_or_default()
    }

    fn write(self, out: &mut String, name: &str, value: &Value) {
        match (value, self.item) {
            (Value::Null, _) => {}
            (Value::Array(items), None) => items.iter().for_each(|item| self.write(out, name, item)),
            _ => self.element(out, name, "", value),
        }
    }

    fn element(self, out: &mut String, name: &str, attribute: &str, value: &Value) {
        out.extend(["<", name, attribute, ">"]);
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| self.write(out, name, value)),
            Value::Array(items) => {
                for item in items {
                    self.write(out, self.item.unwrap_or_default(), item);
                }
            }
            Value::String(text) => out.push_str(&partial_escape(text)),
            other => out.push_str(&other.to_string()),
        }
        out.extend(["</", name, ">"]);
    }
}

pub(super) const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

/// The element of an error: what every error has, and the members of the error with this code, written by their types.
/// Details that are no members are written as they are. `form` is the form of an element without types.
pub(super) fn error(
    service: &FakeService,
    form: Form<'_>,
    code: &str,
    own: &[(&str, &str)],
    details: &Map<String, Value>,
) -> String {
    let typed = service.members_of(code);
    let mut members = service.error_members(code, details);
    for (name, text) in own {
        let required = typed.into_iter().flat_map(|typed| typed.required);
        let required = required.filter(|required| required.eq_ignore_ascii_case(name));
        members.extend(required.map(|required| ((*required).to_owned(), Value::from(*text))));
    }
    let has = |members: &Value, name: &str| {
        members
            .as_object()
            .is_some_and(|members| members.keys().any(|member| member.eq_ignore_ascii_case(name)))
    };
    let members = Value::Object(members);
    let write = |head| typed.and_then(|typed| (typed.element)(head, &members));
    let plain = |head: &str| format!("<Error{}>{head}</Error>", form.attribute());
    let mut head = String::new();
    let known = match write(String::new()).transpose() {
        Ok(typed) => typed.map(|(_, known)| known).unwrap_or_default(),
        Err(why) => {
            form.write(&mut head, "Message", &why.into());
            return plain(&head);
        }
    };
    for (name, text) in own.iter().filter(|(name, text)| !text.is_empty() && !has(&known, name)) {
        form.write(&mut head, name, &Value::from(*text));
    }
    let others = members.as_object().into_iter().flatten().filter(|(name, _)| !has(&known, name));
    others.for_each(|(name, value)| form.write(&mut head, name, value));
    match write(head.clone()) {
        Some(Ok((element, _))) => element,
        Some(Err(_)) | None => plain(&head),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_repeat_and_text_is_escaped() {
        let value = json!({"A": {"B": [{"C": 1}, {"C": true}]}, "D": ["<&>", null], "E": []});
        let expected = "<R><A><B><C>1</C></B><B><C>true</C></B></A><D>&lt;&amp;&gt;</D></R>";
        let document = Form::default().document("R", &value);
        assert!(document.ends_with(expected), "{document}");
    }

    #[test]
    fn items_may_have_an_element_of_their_own() {
        let value = json!({"A": ["x", {"B": ["y"]}], "C": []});
        let document = Form { namespace: Some("urn:n"), item: Some("i") }.document("R", &value);
        let expected = "<R xmlns=\"urn:n\"><A><i>x</i><i><B><i>y</i></B></i></A><C></C></R>";
        assert!(document.ends_with(expected), "{document}");
    }
}
