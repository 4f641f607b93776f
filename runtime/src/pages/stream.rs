//! Streams of pages and items.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use futures_core::Stream;

use super::{Cursor, Next, Page, PageResult};
use crate::{BoxFuture, Call, error::CallError, operation::Paginated};

/// The pages of a response, as a `Stream`; [`next`](Self::next) needs no stream combinators.
/// It ends after the last page or the first error.
///
/// Each page is a [call](crate::Call), which needs a tokio runtime.
#[must_use = "nothing is fetched until a page is asked for"]
pub struct Pages<R: Paginated> {
    cursor: Cursor<R>,
    running: Option<BoxFuture<'static, PageResult<R>>>,
}

impl<R: Paginated> Call<R> {
    /// The pages from this request on; each is fetched when it is requested.
    pub fn pages(self) -> Pages<R> {
        Pages::new(self)
    }

    /// The items of all pages; each page is fetched when it is needed.
    pub fn items(self) -> Items<R> {
        Items::new(self.pages())
    }
}

impl<R: Paginated> Pages<R> {
    fn new(call: Call<R>) -> Self {
        Self { cursor: Cursor::new(call), running: None }
    }

    /// The next page; `None` after the last one.
    ///
    /// Cancel safe: if the future is dropped, the next call of `next` continues the same request, and no page is lost.
    pub async fn next(&mut self) -> Option<Page<R>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<R: Paginated> Stream for Pages<R> {
    type Item = Page<R>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.running.is_none() {
            match self.cursor.next() {
                Next::Call(call) => self.running = Some(Box::pin(call.with_metadata())),
                Next::Failed(error) => return Poll::Ready(Some(Err(error))),
                Next::Nothing => return Poll::Ready(None),
            }
        }
        let Some(running) = &mut self.running else { return Poll::Ready(None) };
        let response = ready!(running.as_mut().poll(cx));
        self.running = None;
        Poll::Ready(Some(self.cursor.turn(response)))
    }
}

impl<R: Paginated> Unpin for Pages<R> {}

impl<R: Paginated> fmt::Debug for Pages<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("operation", &R::INFO.name).finish_non_exhaustive()
    }
}

/// The items of all pages, as a `Stream`; [`next`](Self::next) needs no stream combinators.
///
/// Each page is a [call](crate::Call), which needs a tokio runtime.
#[must_use = "nothing is fetched until an item is asked for"]
pub struct Items<R: Paginated> {
    pages: Pages<R>,
    page: vec::IntoIter<R::Item>,
}

impl<R: Paginated> Items<R> {
    pub(crate) fn new(pages: Pages<R>) -> Self {
        Self { pages, page: Vec::new().into_iter() }
    }

    /// The next item; `None` after the last one.
    ///
    /// Cancel safe: if the future is dropped, the next call of `next` continues the same request, and no item is lost.
    pub async fn next(&mut self) -> Option<Result<R::Item, CallError<R>>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<R: Paginated> Stream for Items<R> {
    type Item = Result<R::Item, CallError<R>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut self.pages).poll_next(cx)) {
                Some(Ok(output)) => self.page = R::into_items(output).into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<R: Paginated> Unpin for Items<R> {}

impl<R: Paginated> fmt::Debug for Items<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
}
