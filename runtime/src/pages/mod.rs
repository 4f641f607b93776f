//! Answers that come in pages.

#[cfg(feature = "blocking")]
mod iterator;
mod numbered;
#[cfg(feature = "async")]
mod stream;

#[cfg(feature = "blocking")]
pub use self::iterator::{BlockingItems, BlockingPages};
pub use self::numbered::PagesRead;
#[cfg(feature = "async")]
pub use self::stream::{Items, Pages};
use crate::{
    Call, Client, Error, Operation, WithMetadata, client::CallOptions, error::ResponseError,
    operation::Paginated,
};

type Page<R> = Result<<R as Operation>::Output, Error<<R as Operation>::Error>>;
type Answer<R> = Result<WithMetadata<<R as Operation>::Output>, Error<<R as Operation>::Error>>;

/// Where in the pages their reader is.
struct Cursor<R: Paginated> {
    client: Client,
    options: CallOptions,
    /// The request of the next page.
    request: Option<R>,
    token: Option<String>,
    read: PagesRead,
}

impl<R: Paginated> Cursor<R> {
    fn new(call: Call<R>) -> Self {
        let (client, request, options) = call.into_parts();
        Self { client, options, request: Some(request), token: None, read: PagesRead::default() }
    }

    /// The call of the next page; `None` after the last one.
    fn call(&self) -> Option<Call<R>> {
        let request = self.request.clone()?;
        Some(Call::with_options(self.client.clone(), request, self.options.clone()))
    }

    /// Sets out for the page after the one that was answered, if there is one.
    fn turn(&mut self, answer: Answer<R>) -> Page<R> {
        let request = self.request.take();
        let WithMetadata { output, metadata } = answer?;
        let token = R::next_token(&output).filter(|token| !token.is_empty()).map(ToOwned::to_owned);
        let mut number = || request.as_ref()?.next_number(&output, &mut self.read);
        let token = token.or_else(|| number().map(|number| number.to_string()));
        let circle = if self.read.repeats() {
            Some(
                "the service sent the same items for two pages; stopped, for it does not look at the page's number",
            )
        } else if token.is_some() && token == self.token {
            Some("the service sent the same page token twice; stopped before asking in a circle")
        } else {
            None
        };
        if let Some(reason) = circle {
            let error = ResponseError { operation: R::NAME, reason: reason.to_owned(), metadata };
            return Err(Error::Response(Box::new(error)));
        }
        self.token.clone_from(&token);
        self.request = token.zip(request).map(|(token, mut request)| {
            request.set_token(token);
            request
        });
        Ok(output)
    }
}
