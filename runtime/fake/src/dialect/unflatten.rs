//! The input that flattened parameters represent.

use std::collections::BTreeMap;

use serde_json::Value;

/// Names with more parts than this are not split.
const DEPTH: usize = 16;

/// `Name.1.Member` becomes `{"Name": [{"Member": …}]}`; every value is text.
pub(super) fn unflatten(parameters: impl Iterator<Item = (String, String)>) -> Value {
    let mut input = Tree::default();
    for (name, value) in parameters {
        input.at(&name).text = Some(value);
    }
    match input.into_value() {
        Value::Null => Value::Object(serde_json::Map::new()),
        input => input,
    }
}

#[derive(Default)]
struct Tree {
    text: Option<String>,
    parts: BTreeMap<String, Tree>,
}

impl Tree {
    fn at(&mut self, name: &str) -> &mut Self {
        name.splitn(DEPTH, '.').fold(self, |tree, part| tree.parts.entry(part.to_owned()).or_default())
    }

    fn into_value(self) -> Value {
        if self.parts.is_empty() {
            return self.text.map_or(Value::Null, Value::String);
        }
        let numbers: Option<Vec<u32>> = self.parts.keys().map(|part| part.parse().ok()).collect();
        let values = self.parts.into_iter().map(|(part, tree)| (part, tree.into_value()));
        match numbers {
            // Sorted as texts, the order differs: 1, 10, 2.
            Some(numbers) => {
                let items: BTreeMap<_, _> = numbers.into_iter().zip(values.map(|(_, value)| value)).collect();
                Value::Array(items.into_values().collect())
            }
            None => Value::Object(values.collect()),
        }
    }
}
