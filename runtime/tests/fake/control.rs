//! Control from other processes.

use gatewright_fake::{Fake, Misbehaviour};
use serde_json::{Value, json};

use crate::library::{LIBRARY, LibraryClient, ListBooks, Shelve, open, send};

async fn steer(fake: &Fake, method: &str, command: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}/__gatewright/{command}", fake.url());
    send(http::Request::builder().method(method).uri(url).body(body.to_string().into()).unwrap()).await
}

#[tokio::test]
async fn failures_are_ordered_and_requests_read() {
    let fake = Fake::builder(&LIBRARY).control(true).start().await.unwrap();
    let client = fake.client::<LibraryClient>().unwrap().0;
    let order =
        json!({"operation": "ListBooks", "code": "BookLost", "message": "Gone.", "status": 418, "times": 1});
    assert_eq!(steer(&fake, "POST", "fail", &order).await, (200, json!({})));
    let error = client.call(ListBooks::default()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "ListBooks: BadRequest BookLost: Gone. \
         (status 418, request id 00000000-0000-4000-8000-000000000001, 1 attempt)"
    );
    client.call(ListBooks::default()).await.unwrap();

    let (status, requests) = steer(&fake, "GET", "requests", &Value::Null).await;
    assert_eq!((status, requests.as_array().map(Vec::len)), (200, Some(2)));
    assert_eq!(requests[0]["operation"], "ListBooks");
    assert_eq!(requests[0]["body"], "{}");
    assert_eq!(requests[0]["headers"]["x-amz-target"], "Library_20260101.ListBooks");

    steer(&fake, "POST", "fail", &order).await;
    fake.misbehave_every(1, [Misbehaviour::Close]).misbehave_next(Misbehaviour::Close);
    assert_eq!(steer(&fake, "POST", "reset", &Value::Null).await.0, 200);
    assert_eq!(steer(&fake, "GET", "requests", &Value::Null).await, (200, json!([])));
    client.call(ListBooks::default()).await.unwrap();
    assert_eq!(fake.misbehaviours(), 0);
}

#[tokio::test]
async fn bodies_are_read_as_they_were_before_compression() {
    let fake = Fake::builder(&LIBRARY).control(true).start().await.unwrap();
    let client = fake.client::<LibraryClient>().unwrap().0;
    let shelf = "s".repeat(20_000);
    client.call(Shelve { shelf: shelf.clone(), ..Shelve::default() }).await.unwrap();
    let (_, requests) = steer(&fake, "GET", "requests", &Value::Null).await;
    assert_eq!(requests[0]["headers"]["content-encoding"], "gzip");
    assert_eq!(requests[0]["body"], json!({ "Shelf": shelf }).to_string());
}

#[tokio::test]
async fn invalid_orders_are_reported() {
    let fake = Fake::builder(&LIBRARY).control(true).start().await.unwrap();
    let check = async |command: &str, order: Value, message: &str| {
        let (status, body) = steer(&fake, "POST", command, &order).await;
        assert_eq!((status, body["message"].as_str()), (400, Some(message)));
    };
    check("fail", json!({"operation": "Burn"}), "operation: there is no \"Burn\"").await;
    check("fail", json!({"operation": "shelf"}), "operation: there is no \"shelf\"; did you mean Shelve?")
        .await;
    check("fail", json!({"operation": "Shelve"}), "missing failure: give one of code, exception or status")
        .await;
    for (name, wrong, right) in [
        ("operation", json!(1), "a text"),
        ("code", json!(["BookLost"]), "a text"),
        ("exception", json!(true), "a text"),
        ("message", json!({}), "a text"),
        ("details", json!([]), "an object"),
        ("status", json!("503"), "a number from 200 to 999"),
        ("status", json!(5), "a number from 200 to 999"),
        ("status", json!(100), "a number from 200 to 999"),
        ("status", json!(1000), "a number from 200 to 999"),
        ("times", json!("3"), "a whole number from 1 on"),
        ("times", json!(-1), "a whole number from 1 on"),
        ("times", json!(0), "a whole number from 1 on"),
        ("times", json!(1.5), "a whole number from 1 on"),
    ] {
        let mut order = json!({"operation": "Shelve", "exception": "Closed"});
        order[name] = wrong;
        check("fail", order, &format!("{name}: must be {right}")).await;
    }
    for (unknown, message) in [
        ("time", "time: there is no such member; did you mean times?"),
        ("repetitions", "repetitions: there is no such member"),
    ] {
        check("fail", json!({"operation": "Shelve", "code": "BookLost", unknown: 3}), message).await;
    }
    check("fail", json!({"code": "BookLost"}), "operation: must be given").await;
    let nulls = json!({"operation": "Shelve", "status": 999, "code": null, "times": null, "details": null});
    assert_eq!(steer(&fake, "POST", "fail", &nulls).await.0, 200, "null counts as absent");
    check("dance", json!({}), "unknown control request; available: POST fail, POST reset, GET requests")
        .await;
}

#[tokio::test]
async fn without_permission_the_fake_cannot_be_steered() {
    let (fake, _) = open().await;
    let (status, body) =
        steer(&fake, "POST", "fail", &json!({"operation": "ListBooks", "code": "BookLost"})).await;
    assert_eq!((status, body["__type"].as_str()), (400, Some("UnknownOperationException")));
}
