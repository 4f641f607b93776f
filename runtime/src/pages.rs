//! Answers that come in pages.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use futures_core::Stream;

use crate::{
    BoxFuture, Call, Client, Error, Operation,
    client::CallOptions,
    error::{ResponseError, ResponseMetadata},
    operation::Paginated,
};

type Running<R> =
    BoxFuture<'static, Result<crate::WithMetadata<<R as Operation>::Output>, Error<<R as Operation>::Error>>>;
type Page<R> = Result<<R as Operation>::Output, Error<<R as Operation>::Error>>;

/// The pages of an answer, as a `Stream`; [`next`](Self::next) serves where no stream combinators are at hand.
/// It ends after the last page or the first error.
#[must_use = "nothing is fetched until a page is asked for"]
pub struct Pages<R: Paginated> {
    client: Client,
    options: CallOptions,
    /// The request of the next page.
    request: Option<R>,
    token: Option<String>,
    running: Option<Running<R>>,
}

impl<R: Paginated> Pages<R> {
    pub(crate) fn new(call: Call<R>) -> Self {
        let (client, request, options) = call.into_parts();
        Self { client, options, request: Some(request), token: None, running: None }
    }

    /// The next page; `None` after the last one.
    pub async fn next(&mut self) -> Option<Page<R>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// Sets out for the page after `output`, if there is one.
    fn turn(&mut self, output: &R::Output, metadata: ResponseMetadata) -> Result<(), Error<R::Error>> {
        let token = R::next_token(output).filter(|token| !token.is_empty()).map(ToOwned::to_owned);
        if token.is_some() && token == self.token {
            self.request = None;
            let reason =
                "the service sent the same page token twice; stopped before asking in a circle".to_owned();
            return Err(Error::Response(Box::new(ResponseError { operation: R::NAME, reason, metadata })));
        }
        match (&token, &mut self.request) {
            (Some(token), Some(request)) => request.set_token(token.clone()),
            (_, request) => *request = None,
        }
        self.token = token;
        Ok(())
    }
}

impl<R: Paginated> Stream for Pages<R> {
    type Item = Page<R>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.running.is_none() {
            let Some(request) = self.request.clone() else { return Poll::Ready(None) };
            let call = Call::with_options(self.client.clone(), request, self.options.clone());
            self.running = Some(Box::pin(call.with_metadata()));
        }
        let Some(running) = &mut self.running else { return Poll::Ready(None) };
        let answer = ready!(running.as_mut().poll(cx));
        self.running = None;
        Poll::Ready(Some(match answer {
            Ok(answer) => self.turn(&answer.output, answer.metadata).map(|()| answer.output),
            Err(error) => {
                self.request = None;
                Err(error)
            }
        }))
    }
}

impl<R: Paginated> Unpin for Pages<R> {}

impl<R: Paginated> fmt::Debug for Pages<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &R::NAME)
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

/// The items of all pages, as a `Stream`; [`next`](Self::next) serves where no stream combinators are at hand.
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
    pub async fn next(&mut self) -> Option<Result<R::Item, Error<R::Error>>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<R: Paginated> Stream for Items<R> {
    type Item = Result<R::Item, Error<R::Error>>;

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
