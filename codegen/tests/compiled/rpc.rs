//! A service whose requests are queries, and whose responses are JSON or XML.

use std::collections::BTreeMap;

use gatewright_runtime::{
    Category, Operation, PagesRead, Paginated as _, Service as _,
    protocol::{Choices, DecodeError, Protocol as _},
    transport::Response,
};
use serde_json::json;

use crate::rpc_service::{BookTripRequest, Car, ListTripsRequest, ListTripsResponse, RpcService, Trip};

fn read<R: Operation>(body: &str) -> Result<R::Output, DecodeError> {
    RpcService::PROTOCOL.response(R::INFO, &Response::new(body.to_owned().into()))
}

#[test]
fn parameters_are_flattened() {
    let wishes = BTreeMap::from([("food".to_owned(), "rice".to_owned())]);
    let request = BookTripRequest::new(vec![Car::new().plate("A 1"), Car::new().plate("B")]).wishes(wishes);
    let endpoint = "https://example.com".parse().unwrap();
    let sent =
        RpcService::PROTOCOL.request(&endpoint, BookTripRequest::INFO, &request, Choices::default()).unwrap();
    assert_eq!(
        sent.uri().query(),
        Some(
            "Action=BookTrip&Version=2026-01-01&Format=JSON&Cars.1.Plate=A%201&Cars.2.Plate=B\
             &Wishes=%7B%22food%22%3A%22rice%22%7D"
        )
    );
}

#[test]
fn responses_are_the_same_in_both_formats() {
    let expected = ListTripsResponse::new()
        .guides(["g"])
        .legs(["l"])
        .stops(["a", "b"])
        .success(true)
        .total(3)
        .trips(vec![Trip::new().shore("east"), Trip::new().shore("west")]);
    let json = json!({
        "Guides": {"ItemName": ["g"]}, "Legs": {"trip": ["l"]}, "stops": ["a", "b"], "Success": true, "Total": "3", "Trips": {"Trip": [{"Shore": "east"}, {"Shore": "west"}]},
    });
    assert_eq!(read::<ListTripsRequest>(&json.to_string()).unwrap(), expected);
    let xml = "<ListTripsResponse><Guides><ItemName>g</ItemName></Guides><Legs><trip>l</trip></Legs><Stops>a</Stops><Stops>b</Stops><Success>true</Success><Total>3</Total>\
               <Trips><Trip><Shore>east</Shore></Trip><Trip><Shore>west</Shore></Trip></Trips></ListTripsResponse>";
    assert_eq!(read::<ListTripsRequest>(xml).unwrap(), expected);
    assert_eq!(serde_json::to_value(&expected).unwrap()["Trips"], json["Trips"]);
}

#[test]
fn responses_without_success_are_errors() {
    assert!(matches!(read::<BookTripRequest>(r#"{"Success": false}"#), Err(DecodeError::Refused)));
    assert!(read::<BookTripRequest>(r#"{"Success": true}"#).is_ok());
}

#[test]
fn pages_are_numbered() {
    let mut request = ListTripsRequest::new();
    let mut read = PagesRead::default();
    let page = |trips| ListTripsResponse::new().trips(vec![Trip::new(); trips]).total(3);
    assert!(request.next_page(&page(2), &mut read));
    assert_eq!(request.page, Some(2));
    assert!(!request.next_page(&page(1), &mut read));
    assert_eq!([BookTripRequest::INFO.accepts_get, ListTripsRequest::INFO.accepts_get], [false, true]);
}

#[test]
fn codes_are_known_by_what_they_begin_with() {
    let known = |code| RpcService::INFO.error_code(code).map(|known| (known.category, known.status));
    assert_eq!(known("Busy"), Some((Category::Transient, 503)));
    assert_eq!(known("Throttling.User"), Some((Category::Throttling, 0)));
    assert_eq!(known("Busy.Again"), None);
}
