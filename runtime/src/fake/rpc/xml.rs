//! JSON as XML.

use quick_xml::escape::partial_escape;
use serde_json::Value;

/// A document with a value as its root.
pub(super) fn document(root: &str, value: &Value) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned();
    write(&mut out, root, value);
    out
}

/// Lists repeat the element.
fn write(out: &mut String, name: &str, value: &Value) {
    match value {
        Value::Null => return,
        Value::Array(items) => return items.iter().for_each(|item| write(out, name, item)),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {}
    }
    out.extend(["<", name, ">"]);
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| write(out, name, value)),
        Value::String(text) => out.push_str(&partial_escape(text)),
        other => out.push_str(&other.to_string()),
    }
    out.extend(["</", name, ">"]);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_repeat_and_text_is_escaped() {
        let value = json!({"A": {"B": [{"C": 1}, {"C": true}]}, "D": ["<&>", null], "E": []});
        let expected = "<R><A><B><C>1</C></B><B><C>true</C></B></A><D>&lt;&amp;&gt;</D></R>";
        assert!(document("R", &value).ends_with(expected), "{}", document("R", &value));
    }
}
