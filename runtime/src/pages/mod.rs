//! Responses in pages.

mod circle;
#[cfg(feature = "blocking-driver")]
pub(crate) mod iterator;
#[cfg(feature = "async-driver")]
pub(crate) mod stream;

use self::circle::Circle;
use crate::{
    Call, Client, Error, Operation, WithMetadata,
    error::{CallError, ResponseError},
    exchange::CallOptions,
    operation::{PagesRead, Paginated},
};

type Page<R> = Result<<R as Operation>::Output, CallError<R>>;
type PageResult<R> = Result<WithMetadata<<R as Operation>::Output>, CallError<R>>;

/// The position of a reader within the pages.
struct Cursor<R: Paginated> {
    client: Client,
    options: CallOptions,
    /// The request of the next page.
    request: Option<R>,
    tokens: Circle,
    read: PagesRead,
    /// The reason why no page follows the latest one, whose items are delivered.
    broken: Option<ResponseError>,
}

/// The successor of the latest page.
#[expect(clippy::large_enum_variant, reason = "it is destructured immediately")]
enum Next<R: Paginated> {
    Call(Call<R>),
    Failed(CallError<R>),
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

    /// Prepares the call of the page after the received one, if any.
    fn turn(&mut self, response: PageResult<R>) -> Page<R> {
        let request = self.request.take();
        let WithMetadata { output, metadata } = response?;
        let token = R::next_token(&output).filter(|token| !token.is_empty()).map(ToOwned::to_owned);
        let mut number = || request.as_ref()?.next_number(&output, &mut self.read);
        let token = token.or_else(|| number().map(|number| number.to_string()));
        let is_circle = self.tokens.closes(token.as_deref());
        let circle = if self.read.repeats() {
            Some(
                "the service sent the same items for two pages; stopped, since it seems to ignore the page's number",
            )
        } else if is_circle {
            Some("the service sent the same page token twice; stopped, since the pages would repeat")
        } else {
            None
        };
        if let Some(reason) = circle {
            // The page itself is delivered, since its items may be new.
            self.broken =
                Some(ResponseError { called: R::INFO.name.into(), reason: reason.to_owned(), metadata });
            return Ok(output);
        }
        self.request = token.zip(request).map(|(token, mut request)| {
            request.set_token(token);
            request
        });
        Ok(output)
    }
}
