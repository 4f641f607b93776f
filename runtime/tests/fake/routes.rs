//! Operations with the same method and URI, as those of S3.

use gatewright_fake::{Fake, FakeService};
use gatewright_runtime::{
    DynamicOperation, Operation, OperationInfo,
    codec::form::Plain,
    context::SystemContext,
    protocol::{Binding, Location, Method, PathPart},
    transport::{HttpTransport, Transport as _},
    validate::{Check, Validate},
};

use crate::depot::{Depot, Stored};

static STORE: FakeService = FakeService::rest_xml::<Depot>(&[
    DynamicOperation::new::<DeleteTag>("{}"),
    DynamicOperation::new::<GetObject>("{}"),
    DynamicOperation::new::<GetReport>("{}"),
    DynamicOperation::new::<ListBuckets>("{}"),
    DynamicOperation::new::<ListDirectories>("{}"),
    DynamicOperation::new::<ListParts>("{}"),
    DynamicOperation::new::<ListReports>("{}"),
    DynamicOperation::new::<PutCopy>("{}"),
    DynamicOperation::new::<PutObject>("{}"),
    DynamicOperation::new::<PutPart>("{}"),
    DynamicOperation::new::<PutPartCopy>("{}"),
]);

/// An operation with required and optional members outside of the body.
macro_rules! operation {
    ($name:ident, $method:ident $path:literal $query:literal,
        [$($wire:literal => $needed:ident in $place:expr),*], [$($other:literal => $field:ident in $location:expr),*]) => {
        #[derive(Clone, Debug, Default, PartialEq)]
        struct $name {
            $($needed: String,)*
            $($field: Option<String>,)*
        }

        structure!($name, [$($wire => $needed),*], $($other => $field as Plain),*);

        impl Validate for $name {
            fn validate(&self, _: &mut Check) {}
        }

        impl Operation for $name {
            const INFO: &'static OperationInfo =
                &OperationInfo::http(stringify!($name), Method::$method, &[PathPart::Text($path)])
                    .with_query($query)
                    .with_bindings(&[$(Binding::new($wire, $place),)* $(Binding::new($other, $location),)*], &[])
                    .with_bodies(false, true);
            type Service = Depot;
            type Output = Stored;
        }
    };
}

const UPLOAD: Location = Location::Query("upload");
const TOKEN: Location = Location::Query("token");
const MAX: Location = Location::Query("max");
const SOURCE: Location = Location::Header("x-source");

operation!(DeleteTag, DELETE "/key" "tag", ["Id" => id in Location::Query("id")], []);
operation!(GetObject, GET "/key" "", [], ["Version" => version in Location::Query("version"), "Max" => max in MAX]);
operation!(ListParts, GET "/key" "", ["Upload" => upload in UPLOAD], []);
operation!(GetReport, GET "/" "report", ["Id" => id in Location::Query("id")], []);
operation!(ListReports, GET "/" "report", [], ["Token" => token in TOKEN]);
operation!(ListBuckets, GET "/" "", [], ["Token" => token in TOKEN, "Max" => max in MAX]);
operation!(ListDirectories, GET "/" "", [], ["Count" => count in Location::Query("count")]);
operation!(PutObject, PUT "/key" "", [], ["Tag" => tag in Location::Header("x-tag")]);
operation!(PutCopy, PUT "/key" "", ["Source" => source in SOURCE], []);
operation!(PutPart, PUT "/key" "", ["Upload" => upload in UPLOAD], []);
operation!(PutPartCopy, PUT "/key" "", ["Source" => source in SOURCE, "Upload" => upload in UPLOAD], []);

#[tokio::test]
async fn required_members_tell_operations_with_one_uri_apart() {
    let fake = Fake::start(&STORE).await.unwrap();
    let transport = HttpTransport::builder(&SystemContext).build();
    for (method, target, headers, expected) in [
        (Method::PUT, "/key", &[][..], "PutObject"),
        (Method::PUT, "/key", &["x-source"], "PutCopy"),
        (Method::PUT, "/key", &["x-source", "x-tag"], "PutCopy"),
        (Method::PUT, "/key?upload=1", &[], "PutPart"),
        (Method::PUT, "/key?upload=1", &["x-tag"], "PutPart"),
        (Method::PUT, "/key?upload=1", &["x-source"], "PutPartCopy"),
        (Method::GET, "/key", &[], "GetObject"),
        (Method::GET, "/key?version=1&max=2", &[], "GetObject"),
        (Method::GET, "/key?upload=1", &[], "ListParts"),
        (Method::GET, "/?report", &[], "ListReports"),
        (Method::GET, "/?report&token=1", &[], "ListReports"),
        (Method::GET, "/?report&id=1", &[], "GetReport"),
        // Nothing is required: parameters that only one has decide, or the number that each may have.
        (Method::GET, "/", &[], "ListBuckets"),
        (Method::GET, "/?max=1", &[], "ListBuckets"),
        (Method::GET, "/?count=1", &[], "ListDirectories"),
        // It is refused for what it lacks, instead of as an unknown operation.
        (Method::DELETE, "/key?tag", &[], "DeleteTag"),
    ] {
        let mut request = http::Request::builder().method(&method).uri(format!("{}{target}", fake.url()));
        for name in headers {
            request = request.header(*name, "value");
        }
        transport.send(request.body(bytes::Bytes::new()).unwrap()).await.unwrap();
        let received = fake.requests().pop().unwrap();
        assert_eq!(received.operation.as_deref(), Some(expected), "{method} {target} {headers:?}");
    }
}
