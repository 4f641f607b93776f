//! A service of EC2's protocol, whose members have other names in requests than in responses.

use gatewright_fake::{Fake, FakeService};
use gatewright_runtime::{
    DynamicOperation, dynamic::DynamicErrorKind, protocol::Protocol as _, time::Timestamp,
    transport::Response,
};
use serde_json::{Value, json};

use crate::ec2_service::{
    Address, AttachCardRequest, AttachCardRequired, AttachCardResponse, Client, Ec2Service,
    ReleaseCardRequest,
};

static OPERATIONS: [DynamicOperation; 2] = [
    DynamicOperation::new::<AttachCardRequest>(
        r#"{"addressesSet": [], "nameSet": ["a", "b"], "flat": ["c", "d"], "slot": 1, "textSet": ["e"], "until": "2026-01-01T00:00:00Z"}"#,
    ),
    DynamicOperation::new::<ReleaseCardRequest>(r#"{"addresses": []}"#),
];
static FAKE: FakeService = FakeService::ec2::<Ec2Service>(&OPERATIONS);

fn call(operation: usize, input: &Value) -> Result<Value, (DynamicErrorKind, String)> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    runtime.block_on(async {
        let fake = Fake::start(&FAKE).await.expect("a fake starts");
        let client = fake
            .client_builder::<Client>()
            .check_constraints(false)
            .build()
            .expect("the fake sets what a client needs");
        let input = input.to_string();
        let output = OPERATIONS[operation].call(client.as_ref(), input.as_bytes()).await;
        output
            .map(|json| json.parse().expect("responses become JSON"))
            .map_err(|error| (error.kind, error.message))
    })
}

#[test]
fn a_fake_reads_members_by_their_names_in_requests() {
    let addresses = json!([{"ip": "::1", "primary": true}, {"ip": "::2"}]);
    let sent = call(0, &json!({"addressesSet": addresses, "cardId": "c", "slot": 3})).unwrap();
    // Members of the same name are as in the request: complete, and of their types.
    assert_eq!((&sent["addressesSet"], &sent["slot"]), (&addresses, &json!(3)));
    let addresses = json!(["::1"]);
    assert_eq!(call(1, &json!({ "addresses": addresses })).unwrap()["addresses"], addresses);
}

#[test]
fn a_fake_names_what_is_wrong_by_wire_names() {
    let error = call(0, &json!({"addressesSet": [{"ip": ""}], "cardId": "c", "slot": 12})).unwrap_err();
    let text = "1 validation error detected: Value '12' at 'slot' failed to satisfy constraint: Member must have value \
                less than or equal to 9";
    assert_eq!(error, (DynamicErrorKind::Service, text.to_owned()));
}

#[test]
fn required_members_are_missed_by_wire_names_at_any_depth() {
    let check =
        |input: Value| OPERATIONS[0].check(input.to_string().as_bytes()).map_err(|error| error.to_string());
    let missing =
        "addressesSet: required but missing; cardId: required but missing; clientToken: required but missing";
    assert_eq!(check(json!({})), Err(missing.to_owned()));
    let nested = json!({"Addresses": [{"Primary": "true"}], "CardId": "c", "ClientToken": "t"});
    assert_eq!(check(nested), Err("addressesSet[0].ip: required but missing".to_owned()));
    let complete = json!({"Addresses": [{"Ip": "::1", "Primary": "true"}], "CardId": "c", "ClientToken": "t", "Slot": "3"});
    let read = json!({"addressesSet": [{"ip": "::1", "primary": true}], "cardId": "c", "clientToken": "t", "slot": 3});
    assert_eq!(check(complete), Ok(read));
    let mistyped = json!({"Addresses": "", "CardId": [], "ClientToken": null, "Slot": "x"});
    let faults = check(mistyped).unwrap_err();
    let begins =
        "clientToken: required but missing; cardId: invalid type: sequence, expected a string; slot: ";
    assert!(faults.starts_with(begins), "{faults}");
}

#[test]
fn a_client_ignores_the_case_of_names() {
    let named = call(0, &json!({"AddressesSet": [{"Ip": "::1"}], "CardId": "c"}));
    assert_eq!(named.unwrap()["addressesSet"], json!([{"ip": "::1"}]));
    let unknown = call(0, &json!({"AddressesSet": [{"Ip": "::1", "Port": 1}], "CardId": "c", "Card": 1}));
    let text = "AttachCard: invalid input: AddressesSet[0].Port: there is no such member; Card: there is no such member";
    assert_eq!(unknown, Err((DynamicErrorKind::Input, text.to_owned())));
}

#[test]
fn a_client_accepts_the_names_of_requests() {
    let named = call(0, &json!({"Addresses": [{"Ip": "::1"}], "CardId": "c"}));
    assert_eq!(named.unwrap()["addressesSet"], json!([{"ip": "::1"}]));
    // The fault of a value is reported once, and hides no other.
    let faults = call(0, &json!({"Addresses": [null, {"Ip": {}}, {"Ip": "::2", "Port": 1}], "CardId": "c"}));
    let text = "AttachCard: invalid input: addressesSet[1].ip: invalid type: map, expected a string; \
                Addresses[2].Port: there is no such member";
    assert_eq!(faults, Err((DynamicErrorKind::Input, text.to_owned())));
}

#[test]
fn responses_have_the_item_names_of_the_model() {
    let body = OPERATIONS[0].response_body(&OPERATIONS[0].sample().parse().unwrap(), "id").unwrap().unwrap();
    let document = "<AttachCardResponse xmlns=\"urn:ec2\"><requestId>id</requestId><addressesSet></addressesSet>\
                    <flat>c</flat><flat>d</flat><nameSet><CardName>a</CardName><CardName>b</CardName></nameSet><slot>1</slot>\
                    <textSet><item>e</item></textSet><until>2026-01-01T00:00:00Z</until></AttachCardResponse>";
    assert_eq!(String::from_utf8_lossy(&body), document);
    let protocol = <Ec2Service as gatewright_runtime::Service>::PROTOCOL;
    let read: AttachCardResponse =
        protocol.response(OPERATIONS[0].info(), &Response::new(body.into())).unwrap();
    let expected = AttachCardResponse::new()
        .addresses(vec![])
        .flat(["c", "d"])
        .names(["a", "b"])
        .slot(1)
        .texts(["e"])
        .until(Timestamp::from_seconds(1_767_225_600));
    assert_eq!(read, expected);
}

#[test]
fn typed_requests_arrive_as_they_were_sent() {
    let request = AttachCardRequest::new(AttachCardRequired {
        addresses: vec![Address::new("::1")],
        card_id: "c".into(),
    });
    let input = serde_json::to_value(request).unwrap();
    assert_eq!(call(0, &input).unwrap()["addressesSet"], json!([{"ip": "::1"}]));
}
