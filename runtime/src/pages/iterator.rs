//! Blocking iterators over pages and items.

use std::{fmt, vec};

use super::{Cursor, Next, Page};
use crate::{Call, error::CallError, operation::Paginated};

/// The pages of a response, as a blocking iterator. It ends after the last page or the first error.
#[must_use = "nothing is fetched until a page is asked for"]
pub struct BlockingPages<R: Paginated> {
    cursor: Cursor<R>,
}

impl<R: Paginated> Call<R> {
    /// The pages from this request on. Each is fetched when it is requested, blocking the thread.
    pub fn pages_blocking(self) -> BlockingPages<R> {
        BlockingPages::new(self)
    }

    /// The items of all pages. Each page is fetched when it is needed, blocking the thread.
    pub fn items_blocking(self) -> BlockingItems<R> {
        BlockingItems::new(self.pages_blocking())
    }
}

impl<R: Paginated> BlockingPages<R> {
    fn new(call: Call<R>) -> Self {
        Self { cursor: Cursor::new(call) }
    }
}

impl<R: Paginated> Iterator for BlockingPages<R> {
    type Item = Page<R>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.cursor.next() {
            Next::Call(call) => Some(self.cursor.turn(call.with_metadata_blocking())),
            Next::Failed(error) => Some(Err(error)),
            Next::Nothing => None,
        }
    }
}

impl<R: Paginated> fmt::Debug for BlockingPages<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingPages").field("operation", &R::INFO.name).finish_non_exhaustive()
    }
}

/// The items of all pages, as a blocking iterator.
#[must_use = "nothing is fetched until an item is asked for"]
pub struct BlockingItems<R: Paginated> {
    pages: BlockingPages<R>,
    page: vec::IntoIter<R::Item>,
}

impl<R: Paginated> BlockingItems<R> {
    pub(crate) fn new(pages: BlockingPages<R>) -> Self {
        Self { pages, page: Vec::new().into_iter() }
    }
}

impl<R: Paginated> Iterator for BlockingItems<R> {
    type Item = Result<R::Item, CallError<R>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.page.next() {
                return Some(Ok(item));
            }
            match self.pages.next()? {
                Ok(output) => self.page = R::into_items(output).into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<R: Paginated> fmt::Debug for BlockingItems<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingItems").field("pages", &self.pages).finish_non_exhaustive()
    }
}
