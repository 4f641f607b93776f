//! Responses in pages.

#[cfg(feature = "blocking-driver")]
pub(crate) mod iterator;
#[cfg(feature = "async-driver")]
pub(crate) mod stream;

use crate::{
    Call, Client, Error, Operation, WithMetadata,
    error::{CallError, ResponseError},
    exchange::CallOptions,
    operation::{PagesRead, Paginated, Repeated},
    validate::Violation,
};

type Page<R> = Result<<R as Operation>::Output, CallError<R>>;
type PageResult<R> = Result<WithMetadata<<R as Operation>::Output>, CallError<R>>;

/// The position of a reader within the pages.
struct Cursor<R: Paginated> {
    client: Client,
    options: CallOptions,
    /// Invalid settings of the call, with which no page is requested.
    refused: Vec<Violation>,
    /// The request of the next page.
    request: Option<R>,
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
        let (client, request, options, refused) = call.into_parts();
        Self { client, options, refused, request: Some(request), read: PagesRead::default(), broken: None }
    }

    /// The call of the next page, or why the latest page is the last.
    fn next(&mut self) -> Next<R> {
        if let Some(error) = self.broken.take() {
            return Next::Failed(Error::Response(Box::new(error)));
        }
        match self.request.clone() {
            Some(request) => {
                let (options, refused) = (self.options.clone(), self.refused.clone());
                Next::Call(Call::from_parts(self.client.clone(), request, options, refused))
            }
            None => Next::Nothing,
        }
    }

    /// Prepares the call of the page after the received one, if any.
    fn turn(&mut self, response: PageResult<R>) -> Page<R> {
        let request = self.request.take();
        let WithMetadata { output, metadata } = response?;
        let next = request.and_then(|mut request| {
            let follows = request.next_page(&output, &mut self.read);
            follows.then_some(request)
        });
        let circle = self.read.repeats().map(|repeated| match repeated {
            Repeated::Items => {
                "the service sent the same items for two pages; stopped, since it seems to ignore the page's number"
            }
            Repeated::Token => {
                "the service sent the same page token twice; stopped, since the pages would repeat"
            }
        });
        match circle {
            // The page itself is delivered, since its items may be new.
            Some(reason) => {
                self.broken =
                    Some(ResponseError { called: R::INFO.name.into(), reason: reason.to_owned(), metadata });
            }
            None => self.request = next,
        }
        Ok(output)
    }
}
