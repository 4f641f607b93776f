//! Pages that are requested by number.

use std::{
    fmt::{self, Debug, Write as _},
    hash::{DefaultHasher, Hasher as _},
};

/// The progress of reading numbered pages.
#[derive(Clone, Debug, Default)]
pub struct PagesRead {
    items: i64,
    /// A hash of the previous page.
    last: Option<u64>,
    repeats: bool,
}

impl PagesRead {
    /// The number of the page after `page`, which is the first unless given, and has `items` of `total`.
    ///
    /// A page that equals the previous one shows that the service ignores the number; if the total has changed, items
    /// may have moved from page to page.
    pub fn next<T: Debug>(&mut self, page: Option<i64>, items: &[T], total: Option<i64>) -> Option<i64> {
        if items.is_empty() {
            return None;
        }
        let this = fingerprint(&(items, total));
        self.repeats = self.last.replace(this) == Some(this);
        self.items = self.items.saturating_add(i64::try_from(items.len()).unwrap_or(i64::MAX));
        let is_last = total.is_some_and(|total| self.items >= total);
        (!is_last).then(|| page.unwrap_or(1).saturating_add(1))
    }

    /// Whether the latest page equals the previous one.
    pub(crate) fn repeats(&self) -> bool {
        self.repeats
    }
}

fn fingerprint(value: &impl Debug) -> u64 {
    let mut text = Hashed(DefaultHasher::new());
    write!(text, "{value:?}").expect("a hash takes whatever is written");
    text.0.finish()
}

/// Text that is hashed as it is written.
struct Hashed(DefaultHasher);

impl fmt::Write for Hashed {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_end_with_the_last_item_or_without_any() {
        let mut read = PagesRead::default();
        assert_eq!(read.next(None, &["a", "b"], Some(5)), Some(2));
        assert_eq!(read.next(Some(2), &["c", "d"], Some(5)), Some(3));
        assert_eq!(read.next(Some(3), &["e"], Some(5)), None);
        let mut read = PagesRead::default();
        assert_eq!(read.next(Some(7), &["a", "b"], None), Some(8));
        assert_eq!(read.next::<&str>(Some(8), &[], None), None);
        assert_eq!(PagesRead::default().next(None, &["a"], Some(-1)), None);
        assert!(!read.repeats());
    }

    #[test]
    fn the_same_items_tell_that_the_number_is_not_looked_at() {
        let repeats = |pages: &[(&[&str], Option<i64>)]| {
            let mut read = PagesRead::default();
            for (items, total) in pages {
                read.next(None, items, *total);
            }
            read.repeats()
        };
        assert!(repeats(&[(&["a", "b"], None), (&["a", "b"], None)]));
        assert!(repeats(&[(&["a", "b"], Some(4)), (&["a", "b"], Some(4))]));
        assert!(repeats(&[(&["a"], Some(9)), (&["b"], Some(9)), (&["b"], Some(9))]));
        assert!(!repeats(&[(&["a", "b"], None), (&["b", "a"], None)]));
        assert!(!repeats(&[(&["a"], None), (&["b"], None), (&["a"], None)]));
        // An item came in front meanwhile, and moved the others on.
        assert!(!repeats(&[(&["a"], Some(2)), (&["a"], Some(3))]));
    }
}
