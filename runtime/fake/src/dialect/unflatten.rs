//! The input that flattened parameters represent.

use std::collections::{BTreeMap, btree_map::Entry};

use serde_json::Value;

/// Names with more parts than this are not split.
const DEPTH: usize = 16;

/// More structures, items and members than this are refused, since each needs about a kilobyte of memory.
const MOST: usize = 100_000;

/// `Name.1.Member` becomes `{"Name": [{"Member": …}]}`; every value is text.
///
/// # Errors
/// There are too many parameters.
pub(super) fn unflatten(parameters: impl Iterator<Item = (String, String)>) -> Result<Value, String> {
    let (mut input, mut left) = (Tree::default(), MOST);
    for (name, value) in parameters {
        let tree = input.at(&name, &mut left);
        tree.ok_or_else(|| format!("the fake reads at most {MOST} members and items"))?.text = Some(value);
    }
    Ok(match input.into_value() {
        Value::Null => Value::Object(serde_json::Map::new()),
        input => input,
    })
}

#[derive(Default)]
struct Tree {
    text: Option<String>,
    parts: BTreeMap<String, Tree>,
}

impl Tree {
    /// The place of a parameter, unless it needs more new parts than are left.
    fn at(&mut self, name: &str, left: &mut usize) -> Option<&mut Self> {
        name.splitn(DEPTH, '.').try_fold(self, |tree, part| match tree.parts.entry(part.to_owned()) {
            Entry::Occupied(known) => Some(known.into_mut()),
            Entry::Vacant(new) => {
                *left = left.checked_sub(1)?;
                Some(new.insert(Self::default()))
            }
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_items_are_bounded() {
        let items = |count| (1..=count).map(|item| (format!("A.{item}"), "a".to_owned()));
        let list = |input: Result<Value, String>| {
            input.map(|input| input.pointer("/A").and_then(Value::as_array).map(Vec::len))
        };
        assert_eq!(list(unflatten(items(MOST - 1).chain(items(MOST - 1)))), Ok(Some(MOST - 1)));
        let refused = Err("the fake reads at most 100000 members and items".to_owned());
        assert_eq!(list(unflatten(items(MOST))), refused);
    }
}
