//! All operations, with every member of their requests and responses.

use std::time::SystemTime;

use gatewright::{
    Document, Secret,
    aws_storage_gateway::{Client, FAKE, OPERATIONS},
    context::{Context as _, SystemContext},
    credentials::Credentials,
    dynamic::{DynamicErrorKind, DynamicOperation, Refused},
    fake::Fake,
};

/// An input with every member, by hand.
fn input(operation: &DynamicOperation) -> Document {
    let inputs: Document = include_str!("../data/inputs.json").parse().unwrap();
    let input = inputs.get(operation.name()).cloned();
    input.unwrap_or_else(|| panic!("inputs.json: there is no input of {}", operation.name()))
}

#[tokio::test]
async fn every_operation_sends_and_receives_every_member() {
    assert!(!OPERATIONS.is_empty());
    let fake = Fake::start(&FAKE).await.unwrap();
    let client = fake.client::<Client>().unwrap();
    let mut moments = 0;
    for operation in OPERATIONS {
        let (name, input) = (operation.name(), input(operation));
        let output = operation.call(client.as_ref(), input.to_string().as_bytes()).await;
        let mut output: Document = output.unwrap_or_else(|error| panic!("{name}: {error}")).parse().unwrap();

        // Nothing is lost or changed on the way there.
        let received = fake.requests().pop().unwrap();
        assert_eq!(received.operation.as_deref(), Some(name));
        assert_eq!(str::from_utf8(&received.body).unwrap().parse::<Document>().unwrap(), input, "{name}");

        // Nor on the way back, and members that the request has too are the request's.
        let mut expected: Document = operation.sample().parse().unwrap();
        for (member, value) in expected.as_object_mut().unwrap() {
            if let Some(given) = input.get(member)
                && std::mem::discriminant(given) == std::mem::discriminant(value)
            {
                *value = given.clone();
            }
        }
        moments += present(&mut output, &expected);
        assert_eq!(output, expected, "{name}");
    }
    assert!(moments >= 10, "only {moments} moments");
}

/// Replaces the current times of an output by the times of its sample; returns how many.
fn present(output: &mut Document, sample: &Document) -> usize {
    match (&mut *output, sample) {
        (Document::Object(output), Document::Object(sample)) => {
            let both = output.iter_mut().filter_map(|(name, value)| Some((value, sample.get(name)?)));
            both.map(|(value, sample)| present(value, sample)).sum()
        }
        (Document::Array(output), Document::Array(sample)) => {
            output.iter_mut().zip(sample).map(|(value, sample)| present(value, sample)).sum()
        }
        (Document::Number(seconds), Document::Number(_)) => {
            let now = SystemContext.now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs_f64();
            let is_present = (now - seconds.as_f64().unwrap()).abs() < 600.0;
            if is_present {
                output.clone_from(sample);
            }
            is_present.into()
        }
        _ => 0,
    }
}

#[test]
fn every_operation_needs_its_required_members_and_objects() {
    let mut refused = 0;
    for operation in OPERATIONS {
        let name = operation.name();
        assert!(matches!(operation.check(b"[]"), Err(Refused::Malformed(_))), "{name}");
        assert!(matches!(operation.check(b"{\"a\":"), Err(Refused::Malformed(_))), "{name}");
        // The members that the service needs are those without which the input is refused.
        let whole = input(operation);
        assert_eq!(operation.check(whole.to_string().as_bytes()).as_ref(), Ok(&whole), "{name}");
        for member in whole.as_object().unwrap().keys() {
            let mut part = whole.clone();
            part.as_object_mut().unwrap().remove(member);
            match operation.check(part.to_string().as_bytes()) {
                Ok(_) => {}
                Err(Refused::Invalid(faults)) if faults.iter().count() == 1 => {
                    let missing = faults.missing[0].to_string();
                    assert_eq!(missing, format!("{member}: required but missing"), "{name}");
                    refused += 1;
                }
                Err(error) => panic!("{name} without {member}: {error}"),
            }
            let mut wrong = whole.clone();
            wrong[member] = "{\"no\":[\"such\",{\"value\":1}]}".parse().unwrap();
            if !whole[member].is_object() {
                let error = operation.check(wrong.to_string().as_bytes()).unwrap_err().to_string();
                assert!(error.starts_with(&format!("{member}: ")), "{name}: {error}");
            }
        }
    }
    assert_eq!(refused, 151, "all of the model");
}

#[tokio::test]
async fn unknown_members_are_reported_before_sending() {
    let fake = Fake::start(&FAKE).await.unwrap();
    let client = fake.client::<Client>().unwrap();
    let operation = FAKE.operation("AddTagsToResource").unwrap();
    let arn = "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B";
    let input =
        format!(r#"{{"ResourceARN":"{arn}","Tags":[{{"Key":"k","Value":"v","Colour":1}}],"Tag":[]}}"#);
    let error = operation.call(client.as_ref(), input.as_bytes()).await.unwrap_err();
    assert_eq!(error.kind.as_str(), "Input");
    assert_eq!(
        error.message,
        "AddTagsToResource: invalid input: Tag: there is no such member; \
         Tags[0].Colour: there is no such member"
    );
    assert!(fake.requests().is_empty());
}

/// The nulls of a list are passed over, and still count in the places of faults.
#[tokio::test]
async fn nulls_of_lists_count_in_places() {
    let fake = Fake::start(&FAKE).await.unwrap();
    let client = fake.client::<Client>().unwrap();
    let operation = FAKE.operation("AddTagsToResource").unwrap();
    let arn = "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B";
    let input = format!(
        r#"{{"ResourceARN":"{arn}","Tags":[null,{{"Key":"k","Value":"v"}},null,{{"Key":"","Value":"v"}}]}}"#
    );
    let fault = "Tags[3].Key: 0 characters, at least 1";
    assert_eq!(operation.check(input.as_bytes()).unwrap_err().to_string(), fault);
    let error = operation.call(client.as_ref(), input.as_bytes()).await.unwrap_err();
    assert_eq!(error.message, format!("AddTagsToResource: invalid input: {fault}"));
    assert!(fake.requests().is_empty());
}

/// A call by name may have a region and credentials of its own, as a typed call may.
#[tokio::test]
async fn region_and_credentials_may_be_of_the_call() {
    let fake = Fake::builder(&FAKE).region("eu-west-1").start().await.unwrap();
    let other = Credentials::new("AKIDOTHER", Secret::new("other"));
    let client: Client = fake.client_builder().region("sa-east-1").credentials(other).build().unwrap();
    let operation = OPERATIONS.iter().find(|operation| operation.name() == "ListGateways").unwrap();
    let request = || operation.request(client.as_ref(), b"{}");
    let refused = request().region(fake.region()).await.unwrap_err();
    assert_eq!(refused.exception.as_deref(), Some("UnrecognizedClientException"), "{refused}");
    let response =
        request().region(fake.region()).credentials(fake.credentials().clone()).with_metadata().await;
    assert_eq!(response.unwrap().metadata.status(), 200);
    let elsewhere = request().credentials(fake.credentials().clone()).await.unwrap_err();
    assert_eq!(elsewhere.exception.as_deref(), Some("InvalidSignatureException"), "{elsewhere}");
    let signed = fake.requests().pop().unwrap();
    let authorization = signed.headers["authorization"].to_str().unwrap();
    assert!(authorization.contains("/sa-east-1/"), "{authorization}");
    let invalid = request().region("no region").await.unwrap_err();
    assert_eq!(invalid.kind, DynamicErrorKind::Input, "{invalid}");
}
