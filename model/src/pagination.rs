//! Responses that come in pages.

use std::fmt;

use crate::{Member, ShapeId};

/// How an operation's responses are paged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// Path of the response to what a page has: a list of items, a map of entries, or one value. Without it, the response is the
    /// only item of its page.
    pub items: Option<MemberPath>,
    /// How a request selects its page.
    pub by: PageKey,
}

/// How a request selects its page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "an operation has at most one")]
pub enum PageKey {
    /// By one or several tokens from the page before.
    Token {
        /// The tokens, each of which may be absent if there are several.
        tokens: Vec<PageToken>,
        /// Path of the response to a boolean that says whether more pages follow; otherwise, the tokens show it.
        more: Option<MemberPath>,
    },
    /// By a number, from 1.
    Number {
        /// Request member with the page's number.
        page: Member,
        /// Response member with the number of items on all pages, if there is one.
        total: Option<Member>,
    },
}

/// A value of a response that selects the next page: a string, a whole number, an enum or a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageToken {
    /// Request member that takes the value.
    pub input: Member,
    /// Paths of the response to values of the same type; the first that leads to a value that is not empty or 0 counts.
    pub output: Vec<MemberPath>,
}

/// A path from a response to a value: `Contents[-1].Key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberPath(pub Vec<MemberStep>);

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberStep {
    /// The structure.
    pub of: ShapeId,
    /// Its member.
    pub member: Member,
    /// Whether the path leads to the last item of the member, a list.
    pub last: bool,
}

impl MemberPath {
    /// The last member.
    ///
    /// # Panics
    /// Not for paths of a model, which have a member.
    pub fn end(&self) -> &Member {
        &self.0.last().expect("a path has a member").member
    }

    /// The names in a path, each with whether the last item of a list is meant; `None` if the text is not a path.
    pub fn names(text: &str) -> Option<Vec<(&str, bool)>> {
        let name = |part| {
            let (name, last) = match str::strip_suffix(part, "[-1]") {
                Some(name) => (name, true),
                None => (part, false),
            };
            let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
                && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
            is_name.then_some((name, last))
        };
        text.trim().split('.').map(name).collect()
    }
}

/// As models have it.
impl fmt::Display for MemberPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, MemberStep { member, last, .. }) in self.0.iter().enumerate() {
            let (dot, last) = (if index == 0 { "" } else { "." }, if *last { "[-1]" } else { "" });
            write!(f, "{dot}{}{last}", member.name)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_names_joined_by_dots() {
        assert_eq!(MemberPath::names("Token"), Some(vec![("Token", false)]));
        assert_eq!(
            MemberPath::names(" Stream.Shards[-1].Id"),
            Some(vec![("Stream", false), ("Shards", true), ("Id", false)])
        );
        for text in ["", "A.", ".A", "A[0].B", "A[]", "A || B", "length(A)", "A[-1][-1]", "1A"] {
            assert_eq!(MemberPath::names(text), None, "{text}");
        }
    }
}
