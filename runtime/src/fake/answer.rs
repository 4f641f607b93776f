//! Answers, as the service writes them.

use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;

use super::{FakeError, FakeService};
use crate::{DynamicOperation, protocol::AwsJson, time::Timestamp};

/// An answer with its whole body.
pub(super) type Answer = http::Response<Bytes>;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// The answer that a result becomes. `number` tells requests apart.
pub(super) fn answer(
    service: &FakeService,
    protocol: &AwsJson,
    result: Result<String, FakeError>,
    number: u64,
    now: SystemTime,
) -> Answer {
    let (status, body) = match result {
        Ok(body) => (StatusCode::OK, body),
        Err(error) => {
            let (status, body) = error.answer(service);
            (status, body.to_string())
        }
    };
    let mut answer = json(status, body);
    answer.headers_mut().insert(REQUEST_ID, header(request_id(number)));
    answer.headers_mut().insert(header::DATE, date(now));
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(protocol.content_type));
    answer
}

/// A UUID in form, but the same in every run, so that a test may expect it.
pub(super) fn request_id(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// The header `date`.
pub(super) fn date(now: SystemTime) -> HeaderValue {
    header(Timestamp::from(now).http_date().to_string())
}

pub(super) fn header(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("digits, letters and punctuation make a header")
}

/// An answer with a JSON body.
pub(super) fn json(status: StatusCode, body: String) -> Answer {
    let mut answer = Answer::new(Bytes::from(body));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

/// An operation's sample response, about the resources that the request names.
pub(super) fn sample(operation: &DynamicOperation, input: &Value) -> String {
    let Ok(Value::Object(mut output)) = serde_json::from_str(operation.sample()) else {
        return operation.sample().to_owned();
    };
    for (name, value) in &mut output {
        let of_same_type = |given: &&Value| std::mem::discriminant(*given) == std::mem::discriminant(value);
        if let Some(given) = input.get(name).filter(of_same_type) {
            *value = given.clone();
        }
    }
    Value::Object(output).to_string()
}
