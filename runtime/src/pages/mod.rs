//! Responses that come in pages.

mod circle;
#[cfg(feature = "blocking")]
pub(crate) mod iterator;
#[cfg(feature = "async")]
pub(crate) mod stream;

use self::circle::Circle;
use crate::{
    Call, Client, Error, Operation, WithMetadata,
    error::ResponseError,
    exchange::CallOptions,
    operation::{PagesRead, Paginated},
};

type Page<R> = Result<<R as Operation>::Output, Error<<R as Operation>::Error>>;
type PageResult<R> = Result<WithMetadata<<R as Operation>::Output>, Error<<R as Operation>::Error>>;

/// Where in the pages their reader is.
struct Cursor<R: Paginated> {
    client: Client,
    options: CallOptions,
    /// The request of the next page.
    request: Option<R>,
    tokens: Circle,
    read: PagesRead,
    /// Why there is no page after the latest one, which has its items all the same.
    broken: Option<ResponseError>,
}

/// What follows the latest page.
enum Next<R: Paginated> {
    Call(Call<R>),
    Failed(Error<R::Error>),
    Nothing,
}

impl<R: Paginated> Cursor<R> {
    fn new(call: Call<R>) -> Self {
        let (client, request, options) = call.into_parts();
        let (tokens, read, broken) = (Circle::default(), PagesRead::default(), None);
        Self { client, options, request: Some(request), tokens, read, broken }
    }

    /// The call of the next page, or why the latest page is the last.
    fn next(&mut self) -> Next<R> {
        if let Some(error) = self.broken.take() {
            return Next::Failed(Error::Response(Box::new(error)));
        }
        match self.request.clone() {
            Some(request) => {
                Next::Call(Call::with_options(self.client.clone(), request, self.options.clone()))
            }
            None => Next::Nothing,
        }
    }

    /// Prepares the call of the page after the received one, if there is one.
    fn turn(&mut self, response: PageResult<R>) -> Page<R> {
        let request = self.request.take();
        let WithMetadata { output, metadata } = response?;
        let token = R::next_token(&output).filter(|token| !token.is_empty()).map(ToOwned::to_owned);
        let mut number = || request.as_ref()?.next_number(&output, &mut self.read);
        let token = token.or_else(|| number().map(|number| number.to_string()));
        let is_circle = self.tokens.closes(token.as_deref());
        let circle = if self.read.repeats() {
            Some(
                "the service sent the same items for two pages; stopped, for it does not look at the page's number",
            )
        } else if is_circle {
            Some("the service sent the same page token twice; stopped before asking in a circle")
        } else {
            None
        };
        if let Some(reason) = circle {
            // The page itself is delivered: what it holds may be new.
            self.broken =
                Some(ResponseError { operation: R::INFO.name, reason: reason.to_owned(), metadata });
            return Ok(output);
        }
        self.request = token.zip(request).map(|(token, mut request)| {
            request.set_token(token);
            request
        });
        Ok(output)
    }
}
