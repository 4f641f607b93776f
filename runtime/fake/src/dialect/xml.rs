//! JSON as XML.

use quick_xml::escape::partial_escape;
use serde_json::Value;

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
        let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned();
        let attribute = self.namespace.map(|namespace| format!(" xmlns=\"{namespace}\"")).unwrap_or_default();
        self.element(&mut out, root, &attribute, value);
        out
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
