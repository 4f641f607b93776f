//! Reads `JMESPath`, as far as [`Expression`] has it.

use super::{Comparison, Expression, PathStep};

/// Levels of parentheses, functions and filters.
const DEEPEST: usize = 16;

/// Most `&&` and `||`: each is a level of the result.
const JOINED: usize = 100;

impl Expression {
    /// Reads the text of an expression.
    ///
    /// # Errors
    /// The part of the text that is not in our subset of `JMESPath`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser { rest: text.trim_start(), depth: 0, joined: 0 };
        let expression = parser.either()?;
        if parser.rest.is_empty() { Ok(expression) } else { Err(parser.unexpected()) }
    }
}

struct Parser<'a> {
    /// The text that is not read yet, without leading blanks.
    rest: &'a str,
    depth: usize,
    joined: usize,
}

/// Operators, the longer ones first.
const COMPARISONS: [(&str, Comparison); 6] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

impl<'a> Parser<'a> {
    fn unexpected(&self) -> String {
        match self.rest.chars().next() {
            Some(_) => format!("has unsupported syntax, beginning with `{}`", brief(self.rest)),
            None => "ends too early".to_owned(),
        }
    }

    fn takes(&mut self, token: &str) -> bool {
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.map_or(self.rest, str::trim_start);
        rest.is_some()
    }

    fn needs(&mut self, token: &str) -> Result<(), String> {
        if self.takes(token) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Reads a part one level deeper.
    fn deeper(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Expression, String>,
    ) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("is nested deeper than {DEEPEST} levels"));
        }
        let inner = read(self)?;
        self.depth -= 1;
        Ok(inner)
    }

    /// Takes an operator that any number of parts may have between them.
    fn joins(&mut self, operator: &str) -> Result<bool, String> {
        let joins = self.takes(operator);
        self.joined += usize::from(joins);
        if self.joined > JOINED {
            Err(format!("has more than {JOINED} `&&` and `||`; give several acceptors"))
        } else {
            Ok(joins)
        }
    }

    fn either(&mut self) -> Result<Expression, String> {
        let mut left = self.both()?;
        while self.joins("||")? {
            left = Expression::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Expression, String> {
        let mut left = self.comparison()?;
        while self.joins("&&")? {
            left = Expression::And(Box::new(left), Box::new(self.comparison()?));
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Result<Expression, String> {
        let left = self.operand()?;
        let Some((_, comparison)) = COMPARISONS.into_iter().find(|(token, _)| self.takes(token)) else {
            return Ok(left);
        };
        Ok(Expression::Compare(Box::new(left), comparison, Box::new(self.operand()?)))
    }

    fn operand(&mut self) -> Result<Expression, String> {
        if self.takes("!") {
            let operand = self.deeper(Self::operand)?;
            // In JMESPath, `!a.b` is `(!a).b`, which is hardly ever intended.
            if matches!(&operand, Expression::Path(steps) if steps.len() > 1) {
                return Err(
                    "negates the first step of a path alone, put the path into parentheses".to_owned()
                );
            }
            return Ok(Expression::Not(Box::new(operand)));
        }
        if self.takes("(") {
            let inner = self.deeper(Self::either)?;
            self.needs(")")?;
            return Ok(inner);
        }
        if let Some(text) = self.quoted('\'')? {
            return Ok(Expression::Text(text.to_owned()));
        }
        if let Some(literal) = self.quoted('`')? {
            return match serde_json::from_str(literal) {
                Ok(serde_json::Value::String(text)) => Ok(Expression::Text(text)),
                Ok(serde_json::Value::Bool(value)) => Ok(Expression::Boolean(value)),
                Ok(serde_json::Value::Number(number)) if number.is_i64() => {
                    Ok(Expression::Number(number.as_i64().unwrap_or_default()))
                }
                Ok(_) | Err(_) => Err(format!(
                    "has the literal `{}`, which is not a text, a whole number, true or false",
                    brief(literal)
                )),
            };
        }
        let first = self.name()?;
        if self.takes("(") {
            if first != "length" {
                return Err(format!("calls {first}, and only length is supported"));
            }
            let inner = self.deeper(Self::either)?;
            self.needs(")")?;
            return Ok(Expression::Length(Box::new(inner)));
        }
        self.path(first)
    }

    fn path(&mut self, first: &str) -> Result<Expression, String> {
        let mut steps = vec![PathStep::Member(first.to_owned())];
        loop {
            if self.takes("[]") {
                steps.push(PathStep::Items);
            } else if self.takes("[?") {
                let filter = self.deeper(Self::either)?;
                self.needs("]")?;
                steps.push(PathStep::Where(filter));
            } else if self.takes(".") {
                if self.takes("*") {
                    steps.push(PathStep::Values);
                } else {
                    steps.push(PathStep::Member(self.name()?.to_owned()));
                }
            } else {
                return Ok(Expression::Path(steps));
            }
        }
    }

    fn name(&mut self) -> Result<&'a str, String> {
        if let Some(name) = self.quoted('"')? {
            return Ok(name);
        }
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(self.unexpected());
        }
        self.rest = rest.trim_start();
        Ok(name)
    }

    /// The text between two such quotes; texts with escapes are refused.
    fn quoted(&mut self, quote: char) -> Result<Option<&'a str>, String> {
        let Some(rest) = self.rest.strip_prefix(quote) else { return Ok(None) };
        let Some((text, rest)) = rest.split_once(quote) else {
            return Err(format!("has no closing {quote}"));
        };
        if text.contains('\\') {
            return Err("has a \\ in quotes, which is not supported".to_owned());
        }
        self.rest = rest.trim_start();
        Ok(Some(text))
    }
}

/// The beginning of a text, for messages.
pub(crate) fn brief(text: &str) -> String {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> String {
        Expression::parse(text).map_or_else(|why| why, |expression| format!("{expression:?}"))
    }

    fn member(name: &str) -> Expression {
        Expression::Path(vec![PathStep::Member(name.to_owned())])
    }

    #[test]
    fn paths() {
        let steps = |text: &str| match Expression::parse(text) {
            Ok(Expression::Path(steps)) => steps,
            other => panic!("{other:?}"),
        };
        let named = |name: &str| PathStep::Member(name.to_owned());
        assert_eq!(steps("Table.Status"), [named("Table"), named("Status")]);
        assert_eq!(steps(" a [] . b "), [named("a"), PathStep::Items, named("b")]);
        assert_eq!(steps("a.*.\"b-c\""), [named("a"), PathStep::Values, named("b-c")]);
        assert_eq!(steps("a[?b].c"), [named("a"), PathStep::Where(member("b")), named("c")]);
    }

    #[test]
    fn operators_bind_as_in_jmespath() {
        let same = |one: &str, other: &str| assert_eq!(parsed(one), parsed(other));
        same("a || b && c", "a || (b && c)");
        same("a == 'x' && b != `2`", "(a == 'x') && (b != `2`)");
        same("!(a) == `true`", "(!a) == `true`");
        same(
            "length(a[?!(length(b) == `1` && c <= d)]) > `0`",
            "length(a[?(!(length(b) == `1` && c<=d))])>`0`",
        );
    }

    #[test]
    fn what_is_beyond_the_subset_is_named() {
        for (text, expected) in [
            ("", "ends too early"),
            ("a.", "ends too early"),
            ("a[0]", "has unsupported syntax, beginning with `[0]`"),
            ("a | b", "has unsupported syntax, beginning with `| b`"),
            ("@", "has unsupported syntax, beginning with `@`"),
            ("[a, b]", "has unsupported syntax, beginning with `[a, b]`"),
            ("sum(a)", "calls sum, and only length is supported"),
            ("a == 'b", "has no closing '"),
            ("a == `{}`", "has the literal `{}`, which is not a text, a whole number, true or false"),
            ("!a.b", "negates the first step of a path alone, put the path into parentheses"),
            ("(a", "ends too early"),
            ("a b", "has unsupported syntax, beginning with `b`"),
            ("a == 'b\\'c'", "has a \\ in quotes, which is not supported"),
        ] {
            assert_eq!(parsed(text), expected, "{text}");
        }
        assert_eq!(parsed(&"(".repeat(100_000)), "is nested deeper than 16 levels");
        assert_eq!(parsed(&format!("{}a", "!".repeat(100_000))), "is nested deeper than 16 levels");
        assert_eq!(
            parsed(&format!("a{}", " && a || a".repeat(50_000))),
            "has more than 100 `&&` and `||`; give several acceptors"
        );
    }
}
