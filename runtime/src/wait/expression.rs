//! Values of a response that waiters look at, as `JMESPath` computes them.

use std::borrow::Cow;

use serde_json::Value;

/// What a waiter computes from a response.
#[derive(Debug)]
#[non_exhaustive]
pub enum Expression {
    /// The values that a path leads to.
    Path(&'static [PathStep]),
    /// A text.
    Text(&'static str),
    /// A whole number.
    Number(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// The number of items, entries or characters.
    Length(&'static Self),
    /// Whether two values compare so.
    Compare(&'static Self, Comparison, &'static Self),
    /// The first value if it means false, else the second.
    And(&'static Self, &'static Self),
    /// The first value if it means true, else the second.
    Or(&'static Self, &'static Self),
    /// Whether the value means false.
    Not(&'static Self),
}

/// A step of a path.
#[derive(Debug)]
#[non_exhaustive]
pub enum PathStep {
    /// To a member, by its name on the wire. From several values, to this member of each.
    Member(&'static str),
    /// To the items of a list; from several lists, to the items of all.
    Items,
    /// To the values of a map.
    Values,
    /// To the items of a list for which the expression means true.
    Where(Expression),
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// The result of an expression.
#[derive(Debug)]
pub(super) enum Found<'a> {
    One(Cow<'a, Value>),
    /// The values of a projection, without null.
    Several(Vec<&'a Value>),
}

impl Expression {
    /// Computes the expression.
    pub(super) fn of<'a>(&self, value: &'a Value) -> Found<'a> {
        let made = |value: Value| Found::One(Cow::Owned(value));
        match self {
            Self::Path(steps) => path(steps, value),
            Self::Text(text) => made((*text).into()),
            Self::Number(number) => made((*number).into()),
            Self::Boolean(boolean) => made((*boolean).into()),
            Self::Length(of) => made(of.of(value).length().map_or(Value::Null, Value::from)),
            Self::Compare(left, comparison, right) => {
                let holds = comparison.holds(&left.of(value), &right.of(value));
                made(holds.map_or(Value::Null, Value::Bool))
            }
            Self::And(left, right) => match left.of(value) {
                left if left.is_true() => right.of(value),
                left => left,
            },
            Self::Or(left, right) => match left.of(value) {
                left if left.is_true() => left,
                _ => right.of(value),
            },
            Self::Not(of) => made(Value::Bool(!of.of(value).is_true())),
        }
    }
}

fn path<'a>(steps: &[PathStep], from: &'a Value) -> Found<'a> {
    let mut at = Found::One(Cow::Borrowed(from));
    for step in steps {
        at = match (at, step) {
            (Found::Several(values), PathStep::Member(name)) => {
                let members = values.into_iter().filter_map(|value| value.get(name));
                Found::Several(members.filter(|member| !member.is_null()).collect())
            }
            (Found::One(Cow::Borrowed(value)), PathStep::Member(name)) => match value.get(name) {
                Some(member) => Found::One(Cow::Borrowed(member)),
                None => return Found::NOTHING,
            },
            (Found::One(Cow::Borrowed(Value::Array(items))), PathStep::Items) => {
                Found::Several(joined(items))
            }
            (Found::Several(lists), PathStep::Items) => Found::Several(joined(lists)),
            (Found::One(Cow::Borrowed(Value::Object(members))), PathStep::Values) => {
                Found::Several(members.values().filter(|value| !value.is_null()).collect())
            }
            (Found::One(Cow::Borrowed(Value::Array(items))), PathStep::Where(filter)) => {
                Found::Several(items.iter().filter(|item| filter.of(item).is_true()).collect())
            }
            // The loader of models refuses projections of projections.
            (Found::One(_), _) | (Found::Several(_), PathStep::Values | PathStep::Where(_)) => {
                return Found::NOTHING;
            }
        };
    }
    at
}

/// Items, and instead of lists their items.
fn joined<'a>(items: impl IntoIterator<Item = &'a Value>) -> Vec<&'a Value> {
    let mut joined = Vec::new();
    for item in items {
        match item {
            Value::Array(inner) => joined.extend(inner.iter().filter(|item| !item.is_null())),
            Value::Null => {}
            item => joined.push(item),
        }
    }
    joined
}

impl Found<'_> {
    const NOTHING: Self = Self::One(Cow::Owned(Value::Null));

    /// Whether it means true: anything except null, false and empty values.
    fn is_true(&self) -> bool {
        match self {
            Self::Several(values) => !values.is_empty(),
            Self::One(value) => match &**value {
                Value::Null => false,
                Value::Bool(value) => *value,
                Value::Number(_) => true,
                Value::String(_) | Value::Array(_) | Value::Object(_) => self.length() != Some(0),
            },
        }
    }

    fn length(&self) -> Option<usize> {
        match self {
            Self::Several(values) => Some(values.len()),
            Self::One(value) => match &**value {
                Value::String(text) => Some(text.chars().count()),
                Value::Array(items) => Some(items.len()),
                Value::Object(members) => Some(members.len()),
                Value::Null | Value::Bool(_) | Value::Number(_) => None,
            },
        }
    }

    /// The values of a projection.
    pub(super) fn several(&self) -> Option<&[&Value]> {
        if let Self::Several(values) = self { Some(values) } else { None }
    }

    /// The value, if it is a single one.
    pub(super) fn single(&self) -> Option<&Value> {
        if let Self::One(value) = self { Some(value) } else { None }
    }
}

impl Comparison {
    /// Whether two values compare so; `None` if they cannot be compared.
    fn holds(self, left: &Found<'_>, right: &Found<'_>) -> Option<bool> {
        let (left, right) = (left.single()?, right.single()?);
        let numbers = left.as_f64().zip(right.as_f64());
        let is_equal =
            || left == right || numbers.is_some_and(|(left, right)| left.total_cmp(&right).is_eq());
        match self {
            Self::Equal => Some(is_equal()),
            Self::NotEqual => Some(!is_equal()),
            Self::Less => numbers.map(|(left, right)| left < right),
            Self::LessOrEqual => numbers.map(|(left, right)| left <= right),
            Self::Greater => numbers.map(|(left, right)| left > right),
            Self::GreaterOrEqual => numbers.map(|(left, right)| left >= right),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const A: Expression = Expression::Path(&[PathStep::Member("a")]);
    const B: Expression = Expression::Path(&[PathStep::Member("b")]);

    #[track_caller]
    fn check(expression: &'static Expression, value: &Value, expected: &Value) {
        let found = match expression.of(value) {
            Found::One(value) => value.into_owned(),
            Found::Several(values) => values.into_iter().cloned().collect(),
        };
        assert_eq!(&found, expected, "{expression:?} of {value}");
    }

    #[test]
    fn paths_without_a_value_give_null() {
        const INNER: Expression = Expression::Path(&[PathStep::Member("a"), PathStep::Member("b")]);
        check(&INNER, &json!({"a": {"b": 1}}), &json!(1));
        for value in [&json!({}), &json!({"a": null}), &json!({"a": "b"}), &json!([1]), &json!(null)] {
            check(&INNER, value, &json!(null));
        }
    }

    #[test]
    fn projections_drop_null_and_join_lists() {
        const ITEMS: Expression = Expression::Path(&[
            PathStep::Member("a"),
            PathStep::Items,
            PathStep::Member("b"),
            PathStep::Items,
        ]);
        const VALUES: Expression =
            Expression::Path(&[PathStep::Member("a"), PathStep::Values, PathStep::Member("b")]);
        const FILTERED: Expression =
            Expression::Path(&[PathStep::Member("a"), PathStep::Where(B), PathStep::Member("c")]);
        check(
            &ITEMS,
            &json!({"a": [{"b": [1, null]}, {}, {"b": null}, {"b": [2]}, {"b": 3}]}),
            &json!([1, 2, 3]),
        );
        check(&ITEMS, &json!({"a": []}), &json!([]));
        check(&ITEMS, &json!({"a": {}}), &json!(null));
        check(&VALUES, &json!({"a": {"x": {"b": 1}, "y": null, "z": {"b": 2}}}), &json!([1, 2]));
        check(&VALUES, &json!({"a": [1]}), &json!(null));
        check(
            &FILTERED,
            &json!({"a": [{"b": "x", "c": 1}, {"b": "", "c": 2}, {"b": 0, "c": 3}]}),
            &json!([1, 3]),
        );
    }

    #[test]
    fn lengths_of_what_has_none_are_null() {
        const LENGTH: Expression = Expression::Length(&A);
        for (value, expected) in [
            (&json!("né"), &json!(2)),
            (&json!([1, 2, 3]), &json!(3)),
            (&json!({"x": 1}), &json!(1)),
            (&json!(3), &json!(null)),
            (&json!(null), &json!(null)),
        ] {
            check(&LENGTH, &json!({"a": value}), expected);
        }
    }

    #[test]
    fn comparisons() {
        const EQUAL: Expression = Expression::Compare(&A, Comparison::Equal, &B);
        const NOT_EQUAL: Expression = Expression::Compare(&A, Comparison::NotEqual, &B);
        const LESS: Expression = Expression::Compare(&A, Comparison::Less, &B);
        const AT_LEAST: Expression = Expression::Compare(&A, Comparison::GreaterOrEqual, &B);
        check(&EQUAL, &json!({"a": 1, "b": 1.0}), &json!(true));
        check(&EQUAL, &json!({"a": "1", "b": 1}), &json!(false));
        check(&EQUAL, &json!({}), &json!(true));
        check(&NOT_EQUAL, &json!({"a": "x"}), &json!(true));
        check(&LESS, &json!({"a": 1, "b": 2}), &json!(true));
        check(&AT_LEAST, &json!({"a": 1, "b": 2}), &json!(false));
        // Texts have no order in JMESPath.
        check(&LESS, &json!({"a": "1", "b": "2"}), &json!(null));
    }

    #[test]
    fn operators_give_their_operands() {
        check(&Expression::And(&A, &B), &json!({"a": 1, "b": "x"}), &json!("x"));
        check(&Expression::And(&A, &B), &json!({"a": [], "b": "x"}), &json!([]));
        check(&Expression::Or(&A, &B), &json!({"a": 0, "b": "x"}), &json!(0));
        check(&Expression::Or(&A, &B), &json!({"a": {}, "b": "x"}), &json!("x"));
        check(&Expression::Not(&A), &json!({"a": false}), &json!(true));
        check(&Expression::Not(&A), &json!({"a": "false"}), &json!(false));
    }
}
