//! Ordered collections, filled item by item.

/// Collects into maps and sets.
pub(crate) trait Ordered: Iterator + Sized {
    /// Like `collect`, which for these sorts all items first: a sort for each type was a sixth of what the compiler made of this
    /// crate, and this crate is built before the first `cargo xtask codegen` of a clone.
    fn ordered<C: Default + Extend<Self::Item>>(self) -> C {
        let mut all = C::default();
        all.extend(self);
        all
    }
}

impl<I: Iterator> Ordered for I {}
