//! Waits end as botocore's do: `cases.py` recorded them, for random responses.

#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{collections::VecDeque, sync::Mutex, time::Duration};

use gatewright_fake::TestContext;
use gatewright_model::{
    Comparison, Expected, Expression, ExpressionFault, Matcher, PathStep, Quantity, Types, ValueKind,
};
use gatewright_runtime::{
    Call, ClientBuilder, Operation, OperationInfo, Secret,
    credentials::Credentials,
    transport::{BlockingTransport, Request, Response, TransportError},
    validate::{Check, Validate},
    wait::{self, WaitErrorKind},
};
use serde_core::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::small_service::{Client, SmallService_};

/// An operation with any response.
#[derive(Clone, Debug)]
struct Describe;

impl Serialize for Describe {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({}).serialize(serializer)
    }
}

impl Validate for Describe {
    fn validate(&self, _: &mut Check) {}
}

impl Operation for Describe {
    const INFO: &'static OperationInfo = &OperationInfo::new("Describe");
    type Service = SmallService_;
    type Output = Value;
}

/// Responses of any type.
struct Any;

impl Types for Any {
    type Id = ();

    fn kind(&self, (): ()) -> ValueKind<()> {
        ValueKind::Any
    }

    fn member(&self, (): (), _: &str) -> Option<(String, ())> {
        None
    }

    fn members(&self, (): ()) -> Vec<String> {
        Vec::new()
    }
}

#[derive(Debug)]
struct Script(Mutex<VecDeque<Response>>);

impl BlockingTransport for Script {
    fn send(&self, _: Request, _: Duration) -> Result<Response, TransportError> {
        Ok(self.0.lock().unwrap().pop_front().expect("botocore made no further call"))
    }
}

#[test]
fn waits_end_as_those_of_botocore() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("cases.json")).unwrap();
    let mut runs = 0;
    for case in &cases {
        let acceptors: Vec<_> = case["acceptors"].as_array().unwrap().iter().map(acceptor).collect();
        let waiter: &'static wait::Waiter = leak(wait::Waiter::new("Case", 1, 1, leak(acceptors)));
        for run in case["runs"].as_array().unwrap() {
            let end = end(waiter, run["responses"].as_array().unwrap());
            assert_eq!(run["end"], end, "{} {}: {run}", case["service"], case["waiter"]);
            runs += 1;
        }
    }
    assert!(runs > 300, "{runs}");
}

fn end(waiter: &'static wait::Waiter, responses: &[Value]) -> &'static str {
    let response = |response: &Value| {
        let status = u16::try_from(response["status"].as_u64().unwrap()).unwrap();
        gatewright_runtime::http::Response::builder()
            .status(status)
            .body(response["body"].to_string().into())
            .unwrap()
    };
    let client: Client = ClientBuilder::new()
        .context(TestContext::new())
        .endpoint_url("https://example.com")
        .region("eu-west-1")
        .credentials(Credentials::new("AKIDEXAMPLE", Secret::new("secret")))
        .blocking_transport(Script(Mutex::new(responses.iter().map(response).collect())))
        .build()
        .unwrap();
    // One second for each call and its delay, so that botocore's number of calls fits.
    let limit = Duration::from_secs(4);
    let wait = client.as_ref().wait(Describe, waiter).max_wait(limit).each_call(Call::no_retries);
    match wait.send_blocking() {
        Ok(done) => {
            assert_eq!(usize::try_from(done.calls).unwrap(), responses.len());
            "success"
        }
        Err(error) => {
            assert_eq!(usize::try_from(error.calls()).unwrap(), responses.len(), "{error}");
            match error.kind() {
                WaitErrorKind::Failed => "failed",
                WaitErrorKind::UnexpectedError => "error",
                WaitErrorKind::TimedOut => "timeout",
                other => panic!("{other:?}"),
            }
        }
    }
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn text(value: &Value) -> &'static str {
    leak(value.as_str().unwrap().to_owned())
}

fn acceptor(case: &Value) -> wait::Acceptor {
    let matcher = if let Some(path) = case["path"].as_str() {
        let quantities = [("is", Quantity::Is), ("all", Quantity::All), ("any", Quantity::Any)];
        let (key, quantity) = quantities.into_iter().find(|(key, _)| case.get(key).is_some()).unwrap();
        output(path, quantity, &case[key]).unwrap()
    } else if let Some(name) = case.get("error") {
        wait::Matcher::Error(leak(vec![text(name)]))
    } else if let Some(succeeds) = case["succeeds"].as_bool() {
        wait::Matcher::Succeeds(succeeds)
    } else {
        wait::Matcher::Status(u16::try_from(case["status"].as_u64().unwrap()).unwrap())
    };
    match case["state"].as_str().unwrap() {
        "success" => wait::Acceptor::success(matcher),
        "failure" => wait::Acceptor::failure(matcher),
        _ => wait::Acceptor::retry(matcher),
    }
}

fn output(path: &str, quantity: Quantity, expected: &Value) -> Result<wait::Matcher, ExpressionFault> {
    let value = match expected {
        Value::Bool(value) => Expected::Boolean(*value),
        other => Expected::Text(text(other).to_owned()),
    };
    let Matcher::Output { expression, .. } = Matcher::output(path, quantity, value, &Any, ())? else {
        unreachable!("it is an output")
    };
    let quantity = match quantity {
        Quantity::Is => wait::Quantity::Is,
        Quantity::All => wait::Quantity::All,
        Quantity::Any => wait::Quantity::Any,
    };
    let expected =
        expected.as_bool().map_or_else(|| wait::Expected::Text(text(expected)), wait::Expected::Boolean);
    Ok(wait::Matcher::Output { text: "", expression: made(&expression), quantity, expected })
}

/// The expression as generated code has it.
fn made(expression: &Expression) -> wait::Expression {
    let inner = |expression: &Expression| leak(made(expression));
    match expression {
        Expression::Path(steps) => wait::Expression::Path(leak(steps.iter().map(step).collect::<Vec<_>>())),
        Expression::Text(text) => wait::Expression::Text(leak(text.clone())),
        Expression::Number(number) => wait::Expression::Number(*number),
        Expression::Boolean(value) => wait::Expression::Boolean(*value),
        Expression::Length(of) => wait::Expression::Length(inner(of)),
        Expression::Compare(left, comparison, right) => {
            let comparison = match comparison {
                Comparison::Equal => wait::Comparison::Equal,
                Comparison::NotEqual => wait::Comparison::NotEqual,
                Comparison::Less => wait::Comparison::Less,
                Comparison::LessOrEqual => wait::Comparison::LessOrEqual,
                Comparison::Greater => wait::Comparison::Greater,
                Comparison::GreaterOrEqual => wait::Comparison::GreaterOrEqual,
            };
            wait::Expression::Compare(inner(left), comparison, inner(right))
        }
        Expression::And(left, right) => wait::Expression::And(inner(left), inner(right)),
        Expression::Or(left, right) => wait::Expression::Or(inner(left), inner(right)),
        Expression::Not(of) => wait::Expression::Not(inner(of)),
    }
}

fn step(step: &PathStep) -> wait::PathStep {
    match step {
        PathStep::Member(name) => wait::PathStep::Member(leak(name.clone())),
        PathStep::Items => wait::PathStep::Items,
        PathStep::Values => wait::PathStep::Values,
        PathStep::Where(filter) => wait::PathStep::Where(made(filter)),
    }
}
