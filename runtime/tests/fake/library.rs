//! A service of two operations, as generated code would write it.

#[macro_use]
#[path = "../shape/mod.rs"]
mod shape;

use std::time::SystemTime;

use bytes::Bytes;
use gatewright_fake::{Fake, FakeErrorMembers, FakeService};
use gatewright_runtime::{
    Category, Client, DynamicOperation, ErrorMembers, Operation, OperationInfo, PagesRead, Paginated,
    Service, ServiceClient, ServiceInfo, WireError,
    codec::form::{List, Plain},
    context::{Context as _, SystemContext},
    credentials::Credentials,
    endpoint::{Condition, EndpointRules, Outcome, Rule},
    protocol::AwsJson,
    sign::{
        Auth,
        sigv4::{Scope, Signer},
    },
    transport::{HttpTransport, Request, Transport as _},
    validate::{Bounds, Check, ITEM, Text, Validate},
};
use serde_json::Value;

pub(crate) static LIBRARY: FakeService = FakeService::new::<Library>(
    &[
        DynamicOperation::new::<ListBooks>(r#"{"Books":[{"Title":"Dune"}],"Shelf":"sf"}"#),
        DynamicOperation::new::<Shelve>(r#"{"Shelf":"sf","Books":[{"Title":"Dune"}]}"#),
        DynamicOperation::new::<Visit>(r#"{"Shelf":"sf"}"#),
    ],
    &["BadRequest", "InternalError"],
)
.with_error_members(&[FakeErrorMembers::new::<Book>(r#"{"Title":"until tomorrow"}"#)])
.with_statuses(&[("Flooded", 507)]);

#[derive(Debug)]
pub(crate) struct Library;

static RULES: EndpointRules =
    EndpointRules::new(&[Rule { when: &[Condition::EndpointSet], then: Outcome::Custom }], &[]);

impl Service for Library {
    const INFO: &'static ServiceInfo = &ServiceInfo::new(
        "Library",
        "2026-01-01",
        "Library",
        Auth::sigv4("library"),
        &RULES,
        &[
            WireError::new("BadRequest", Category::Client, 400, "", &[], &[]),
            WireError::new("Closed", Category::Client, 403, "The library is closed.", &[], &[]),
            WireError::new("InternalError", Category::Transient, 500, "", &[], &[]),
        ],
        &[
            WireError::new("BookLost", Category::Client, 0, "The book is lost.", &[], &[]),
            WireError::new("CatalogDown", Category::Transient, 0, "The catalog is down.", &[], &[]),
        ],
    )
    .with_sensitive_members(&["Count"]);
    type Protocol = AwsJson;
    const PROTOCOL: AwsJson = AwsJson::new("application/x-amz-json-1.1", "Library_20260101");
    type Exception = Name;
    type ErrorCode = Name;
}

name!(Library, BookLost);

/// Reads, page by page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ListBooks {
    pub(crate) shelf: Option<String>,
    pub(crate) marker: Option<String>,
}

/// Changes something; not retried if it may have been executed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shelve {
    pub(crate) shelf: String,
    pub(crate) books: Option<Vec<Book>>,
    pub(crate) count: Option<i32>,
}

/// Needs no signature.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Visit {}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Book {
    pub(crate) title: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Listing {
    pub(crate) shelf: Option<String>,
    pub(crate) books: Option<Vec<Book>>,
    pub(crate) marker: Option<String>,
}

structure!(ListBooks, [], "Shelf" => shelf as Plain, "Marker" => marker as Plain);
structure!(Shelve, ["Shelf" => shelf], "Books" => books as List<Plain>, "Count" => count as Plain);
structure!(Visit, [],);
structure!(Book, ["Title" => title],);

/// Members of an exception.
impl ErrorMembers for Book {
    type Service = Library;
    const NAMES: &'static [&'static str] = &["Closed"];
}
structure!(Listing, [], "Shelf" => shelf as Plain, "Books" => books as List<Plain>, "Marker" => marker as Plain);

static NAME: Text = Text { length: Bounds { min: Some(2), max: None }, pattern: None };

impl Validate for Shelve {
    fn validate(&self, check: &mut Check) {
        check.text("Shelf", Some(&self.shelf), &NAME);
        check.secret(|check| {
            check.integer("Count", self.count.map(i64::from), Bounds { min: None, max: Some(99) });
        });
        check.list("Books", self.books.as_deref(), Bounds { min: Some(1), max: None }, |check, book| {
            check.nested(ITEM, Some(book));
        });
    }
}

impl Validate for Book {
    fn validate(&self, check: &mut Check) {
        check.text("Title", Some(&self.title), &NAME);
    }
}

impl Validate for ListBooks {
    fn validate(&self, _: &mut Check) {}
}

impl Validate for Visit {
    fn validate(&self, _: &mut Check) {}
}

impl Operation for Visit {
    const INFO: &'static OperationInfo = &OperationInfo::new("Visit").unsigned();
    type Service = Library;
    type Output = Listing;
}

impl Operation for Shelve {
    const INFO: &'static OperationInfo = &OperationInfo::new("Shelve").compressed();
    type Service = Library;
    type Output = Listing;
}

impl Operation for ListBooks {
    const INFO: &'static OperationInfo = &OperationInfo::new("ListBooks").repeatable();
    type Service = Library;
    type Output = Listing;
}

impl Paginated for ListBooks {
    type Item = Book;

    fn next_page(&mut self, output: &Listing, read: &mut PagesRead) -> bool {
        self.marker = PagesRead::token([output.marker.as_ref()]);
        read.follows((&self.marker,))
    }

    fn into_items(output: Listing) -> Vec<Book> {
        output.books.unwrap_or_default()
    }
}

pub(crate) struct LibraryClient(pub(crate) Client);

impl ServiceClient for LibraryClient {
    type Service = Library;

    fn from_client(client: Client) -> Self {
        Self(client)
    }
}

/// A fake and a client of it.
pub(crate) async fn open() -> (Fake, Client) {
    let fake = Fake::start(&LIBRARY).await.unwrap();
    let client = fake.client::<LibraryClient>().unwrap().0;
    (fake, client)
}

/// A request as the client would send it, unsigned.
pub(crate) fn request(fake: &Fake, operation: &str, body: impl Into<Bytes>) -> Request {
    http::Request::post(fake.url())
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", format!("Library_20260101.{operation}"))
        .body(body.into())
        .unwrap()
}

/// Signs a request for the fake.
pub(crate) fn sign(fake: &Fake, request: Request) -> Request {
    sign_as(
        fake.credentials(),
        Scope { region: "us-east-1", service: "library" },
        SystemContext.now(),
        request,
    )
}

pub(crate) fn sign_as(
    credentials: &Credentials,
    scope: Scope<'_>,
    time: SystemTime,
    mut request: Request,
) -> Request {
    Signer::new(credentials, scope, time).sign(&mut request).unwrap();
    request
}

/// Status and body of the response to a request, sent as it is.
pub(crate) async fn send(request: Request) -> (u16, Value) {
    let response = HttpTransport::builder(&SystemContext).build().send(request).await.unwrap();
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
}
