//! Checks an expression against the types of a response.

use super::{Expression, PathStep};

/// Types that expressions are checked against.
pub trait Types {
    /// A type.
    type Id: Copy;

    /// Operations of paths on values of a type.
    fn kind(&self, id: Self::Id) -> ValueKind<Self::Id>;

    /// Name on the wire and type of a member.
    fn member(&self, of: Self::Id, name: &str) -> Option<(String, Self::Id)>;

    /// Names of the members.
    fn members(&self, of: Self::Id) -> Vec<String>;

    /// Name of the object around the items of a list, if there is one on the wire.
    fn wrapper(&self, _list: Self::Id) -> Option<String> {
        None
    }
}

/// The type of a value, or of the result of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind<Id> {
    /// A structure or union.
    Structure,
    /// A list of such items.
    List(Id),
    /// A map to such values.
    Map(Id),
    /// A text, also of an enum.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Anything else; paths end here.
    Scalar,
    /// A value that is not known further.
    Any,
}

/// Why an expression is not valid for a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpressionFault {
    /// There is no such member.
    UnknownMember {
        /// The name.
        name: String,
        /// Existing names.
        known: Vec<String>,
    },
    /// A step or operator that the values do not allow.
    Unfit(String),
}

impl std::fmt::Display for ExpressionFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownMember { name, .. } => write!(f, "names {name}, which is not a member"),
            Self::Unfit(why) => f.write_str(why),
        }
    }
}

/// The values that an expression gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Values<Id> {
    /// The type of each value.
    pub kind: ValueKind<Id>,
    /// Whether there may be any number of them.
    pub several: bool,
}

type Checked<Id> = Result<(Expression, Values<Id>), ExpressionFault>;

fn unfit<T>(why: impl Into<String>) -> Result<T, ExpressionFault> {
    Err(ExpressionFault::Unfit(why.into()))
}

impl Expression {
    /// The expression with names on the wire, and its result, for values of a type.
    ///
    /// # Errors
    /// Why the expression does not fit the type.
    pub fn check<T: Types>(&self, types: &T, id: T::Id) -> Checked<T::Id> {
        let single = |kind| Values { kind, several: false };
        let inner = |inner: &Self| inner.check(types, id);
        Ok(match self {
            Self::Path(steps) => return path(types, id, steps),
            Self::Text(_) => (self.clone(), single(ValueKind::Text)),
            Self::Number(_) => (self.clone(), single(ValueKind::Number)),
            Self::Boolean(_) => (self.clone(), single(ValueKind::Boolean)),
            Self::Length(of) => {
                let (of, values) = inner(of)?;
                let has_length = matches!(
                    values.kind,
                    ValueKind::List(_) | ValueKind::Map(_) | ValueKind::Text | ValueKind::Any
                );
                if !values.several && !has_length {
                    return unfit("takes the length of something without a length");
                }
                (Self::Length(Box::new(of)), single(ValueKind::Number))
            }
            Self::Compare(left, comparison, right) => {
                let ((left, one), (right, other)) = (inner(left)?, inner(right)?);
                let is_any = |values: Values<T::Id>| matches!(values.kind, ValueKind::Any);
                let is_same = std::mem::discriminant(&one.kind) == std::mem::discriminant(&other.kind);
                if one.several || other.several || !(is_same || is_any(one) || is_any(other)) {
                    return unfit("compares values of different types");
                }
                (Self::Compare(Box::new(left), *comparison, Box::new(right)), single(ValueKind::Boolean))
            }
            Self::And(left, right) | Self::Or(left, right) => {
                let ((left, one), (right, other)) = (inner(left)?, inner(right)?);
                let both = [Box::new(left), Box::new(right)];
                let [left, right] = both;
                let is_same = std::mem::discriminant(&one.kind) == std::mem::discriminant(&other.kind);
                let kind = if is_same && one.several == other.several { one.kind } else { ValueKind::Any };
                let made =
                    if let Self::And(..) = self { Self::And(left, right) } else { Self::Or(left, right) };
                (made, single(kind))
            }
            Self::Not(of) => (Self::Not(Box::new(inner(of)?.0)), single(ValueKind::Boolean)),
        })
    }
}

fn path<T: Types>(types: &T, from: T::Id, steps: &[PathStep]) -> Checked<T::Id> {
    // A value of a type that is not known further has none.
    let mut at = Some(from);
    let mut several = false;
    let mut checked = Vec::new();
    for step in steps {
        let Some(id) = at else {
            checked.push(step.clone());
            several |= !matches!(step, PathStep::Member(_));
            continue;
        };
        match (step, types.kind(id)) {
            (_, ValueKind::Any) => {
                several |= !matches!(step, PathStep::Member(_));
                checked.push(step.clone());
                at = None;
            }
            (PathStep::Member(name), ValueKind::Structure) => {
                let Some((wire, member)) = types.member(id, name) else {
                    return Err(ExpressionFault::UnknownMember {
                        name: name.clone(),
                        known: types.members(id),
                    });
                };
                checked.push(PathStep::Member(wire));
                at = Some(member);
            }
            (PathStep::Member(_), ValueKind::Map(value)) => {
                checked.push(step.clone());
                at = Some(value);
            }
            (PathStep::Items, ValueKind::List(item)) => {
                // Lists of lists are joined.
                at = Some(if let ValueKind::List(inner) = types.kind(item) { inner } else { item });
                several = true;
                checked.push(PathStep::Items);
            }
            (PathStep::Values, ValueKind::Map(value)) if !several => {
                (at, several) = (Some(value), true);
                checked.push(PathStep::Values);
            }
            (PathStep::Where(filter), ValueKind::List(item)) if !several => {
                checked.push(PathStep::Where(filter.check(types, item)?.0));
                (at, several) = (Some(item), true);
            }
            (PathStep::Values | PathStep::Where(_), ValueKind::Map(_) | ValueKind::List(_)) if several => {
                return unfit("looks into several lists or maps, use [] alone for that");
            }
            (PathStep::Member(name), _) => {
                return unfit(format!("looks for {name} in something without members"));
            }
            (PathStep::Items, _) => return unfit("has [] after something that is not a list"),
            (PathStep::Values, _) => return unfit("has .* after something that is not a map"),
            (PathStep::Where(_), _) => return unfit("has a filter after something that is not a list"),
        }
        checked.extend(at.and_then(|id| types.wrapper(id)).map(PathStep::Member));
    }
    let kind = at.map_or(ValueKind::Any, |id| types.kind(id));
    Ok((Expression::Path(checked), Values { kind, several }))
}
