//! The progress of reading pages.

use std::{
    hash::{BuildHasher as _, DefaultHasher, Hasher as _, RandomState},
    io,
};

use serde_core::Serialize;
use serde_json::Value;

use super::circle::Circle;

/// The progress of reading pages.
#[derive(Clone, Debug, Default)]
pub struct PagesRead {
    items: i64,
    /// A hash of the previous page.
    last: Option<u64>,
    tokens: Circle,
    /// With random keys, so that nobody can guess a secret of a page and compare the hashes.
    hashes: RandomState,
    repeats: Option<Repeated>,
}

/// What two pages have in common that must differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeated {
    /// All items of numbered pages.
    Items,
    /// The token of the next page.
    Token,
}

impl PagesRead {
    /// The number of the page after `page`, or `None` if no page follows. Without `page`, the current page is the
    /// first. The current page has `items` of `total`.
    ///
    /// A page that equals the previous one shows that the service ignores the number; if the total has changed, items
    /// may have moved from page to page.
    pub fn next<N, T>(&mut self, page: Option<N>, items: &[T], total: Option<i64>) -> Option<N>
    where
        N: Into<i64> + TryFrom<i64>,
        T: Serialize,
    {
        if items.is_empty() {
            return None;
        }
        let this = self.fingerprint(&(items, total));
        self.repeats = (self.last.replace(this) == Some(this)).then_some(Repeated::Items);
        self.items = self.items.saturating_add(i64::try_from(items.len()).unwrap_or(i64::MAX));
        let is_last = total.is_some_and(|total| self.items >= total);
        let page = page.map_or(1, Into::into);
        if is_last { None } else { page.saturating_add(1).try_into().ok() }
    }

    /// A token of the next page. The token is the first value that is neither empty nor 0.
    pub fn token<T: Clone + Serialize, const N: usize>(values: [Option<&T>; N]) -> Option<T> {
        values.into_iter().flatten().find(|value| !is_empty(&json(value))).cloned()
    }

    /// Whether a page follows. A page follows if `tokens`, a tuple of optional values, has a value.
    pub fn follows(&mut self, tokens: impl Serialize) -> bool {
        let tokens = json(&tokens);
        let follows = tokens.as_array().is_some_and(|tokens| tokens.iter().any(|token| !token.is_null()));
        if follows && self.tokens.closes(self.fingerprint(&tokens)) {
            self.repeats = Some(Repeated::Token);
        }
        follows
    }

    /// A hash of a value, secrets included, of which nothing is kept.
    fn fingerprint(&self, value: &impl Serialize) -> u64 {
        let mut hashed = Hashed(self.hashes.build_hasher());
        serde_json::to_writer(&mut hashed, value).expect(IS_JSON);
        hashed.0.finish()
    }

    /// What the latest page has in common with an earlier one.
    pub(crate) fn repeats(&self) -> Option<Repeated> {
        self.repeats
    }
}

const IS_JSON: &str = "parts of requests and responses can be written as JSON";

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect(IS_JSON)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_i64() == Some(0),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) => false,
    }
}

/// What is hashed as it is written.
struct Hashed(DefaultHasher);

impl io::Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{Secret, codec::Blob};

    #[test]
    fn pages_end_with_the_last_item_or_without_any() {
        let mut read = PagesRead::default();
        assert_eq!(read.next(None::<i8>, &["a", "b"], Some(5)), Some(2));
        assert_eq!(read.next(Some(2), &["c", "d"], Some(5)), Some(3));
        assert_eq!(read.next(Some(3), &["e"], Some(5)), None);
        let mut read = PagesRead::default();
        assert_eq!(read.next(Some(7), &["a", "b"], None), Some(8));
        assert_eq!(read.next::<_, &str>(Some(8), &[], None), None);
        assert_eq!(PagesRead::default().next(None::<i64>, &["a"], Some(-1)), None);
        assert_eq!(read.repeats(), None);
    }

    #[test]
    fn the_same_items_tell_that_the_number_is_not_looked_at() {
        let repeats = |pages: &[(&[&str], Option<i64>)]| {
            let mut read = PagesRead::default();
            for (items, total) in pages {
                read.next(None::<i32>, items, *total);
            }
            read.repeats().is_some()
        };
        assert!(repeats(&[(&["a", "b"], None), (&["a", "b"], None)]));
        assert!(repeats(&[(&["a", "b"], Some(4)), (&["a", "b"], Some(4))]));
        assert!(repeats(&[(&["a"], Some(9)), (&["b"], Some(9)), (&["b"], Some(9))]));
        assert!(!repeats(&[(&["a", "b"], None), (&["b", "a"], None)]));
        assert!(!repeats(&[(&["a"], None), (&["b"], None), (&["a"], None)]));
        // An item came in front meanwhile, and moved the others on.
        assert!(!repeats(&[(&["a"], Some(2)), (&["a"], Some(3))]));
    }

    /// Pages are compared by their values, whatever of these `Debug` shows.
    #[test]
    fn items_that_look_alike_are_not_the_same() {
        #[track_caller]
        fn check<T: Serialize + PartialEq>([one, other]: [T; 2]) {
            let (one, other) = ([one], [other]);
            for (next, repeats) in [(&one, true), (&other, false)] {
                let mut read = PagesRead::default();
                assert_eq!(read.next(None::<i32>, &one, None), Some(2));
                assert_eq!(read.next(Some(2), next, None), Some(3));
                assert_eq!(read.repeats().is_some(), repeats);
            }
        }
        check(["hush", "hash"].map(Secret::<String>::new));
        check([47, 11].map(Secret::<i64>::new));
        check([vec![1], vec![2]].map(Secret::<Vec<i32>>::new));
        check([Some(Secret::<bool>::new(true)), None]);
        check([b"hush", b"hash"].map(|bytes| Blob::new(bytes.to_vec())));
        check([b"hush", b"hash"].map(|bytes| Secret::<Blob>::new(bytes.to_vec())));
        check(["a", "b"].map(|key| BTreeMap::from([(key, Secret::<String>::new("hush"))])));
    }

    /// Two readers of the same page keep different hashes, and show no part of it.
    #[test]
    fn what_is_kept_of_a_page_tells_nothing() {
        let [one, other] = [(); 2].map(|()| {
            let mut read = PagesRead::default();
            read.next(None::<i32>, &[Secret::<String>::new("hush")], None);
            assert!(!format!("{read:?}").contains("hush"));
            read.last
        });
        assert_ne!(one, other);
    }

    #[test]
    fn a_token_is_the_first_value_that_is_not_empty() {
        assert_eq!(
            PagesRead::token([None, Some(&String::new()), Some(&"b".to_owned())]),
            Some("b".to_owned())
        );
        assert_eq!(PagesRead::token([Some(&0_i32)]), None);
        assert_eq!(PagesRead::token([Some(&-1_i64)]), Some(-1));
        let map = |keys: &[&str]| keys.iter().map(|key| ((*key).to_owned(), 0)).collect::<BTreeMap<_, _>>();
        assert_eq!(PagesRead::token([Some(&map(&[]))]), None);
        assert_eq!(PagesRead::token([Some(&map(&[""]))]), Some(map(&[""])));
    }

    #[test]
    fn tokens_repeat_if_all_of_them_do() {
        let mut read = PagesRead::default();
        assert!(read.follows((Some("a"), None::<i32>)));
        assert!(read.follows((None::<&str>, Some(1))));
        assert!(!read.follows((None::<&str>, None::<i32>)));
        assert!(read.follows((Some("a"), Some(1))));
        assert_eq!(read.repeats(), None);
        assert!(read.follows((Some("a"), Some(1))));
        assert_eq!(read.repeats(), Some(Repeated::Token));
    }
}
