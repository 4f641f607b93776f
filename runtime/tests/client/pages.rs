//! Answers that come in pages.

use crate::stage::{self, Act, List, client};

#[tokio::test]
async fn pages_and_items_follow_the_token() {
    let pages = || {
        [
            Act::Answer(200, r#"{"Names":["a","b"],"Marker":"1"}"#),
            Act::Answer(200, r#"{"Names":[],"Marker":"2"}"#),
            Act::Answer(200, r#"{"Names":["c"],"Marker":""}"#),
        ]
    };
    let (client, script) = client(pages());
    let mut items = client.call(List::default()).items();
    let mut names = Vec::new();
    while let Some(name) = items.next().await {
        names.push(name.unwrap());
    }
    assert_eq!(names, ["a", "b", "c"]);
    let bodies: Vec<_> = script.seen.lock().unwrap().iter().map(|request| request.body().clone()).collect();
    assert_eq!(bodies, ["{}", r#"{"Marker":"1"}"#, r#"{"Marker":"2"}"#]);

    let (client, _) =
        stage::client([Act::Answer(200, r#"{"Marker":"1"}"#), Act::Answer(200, r#"{"Marker":"1"}"#)]);
    let mut pages = client.call(List::default()).pages();
    assert!(pages.next().await.unwrap().is_ok());
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("the same page token twice"), "{error}");
    assert!(pages.next().await.is_none());
}

#[test]
fn pages_and_items_block_too() {
    let pages = [
        Act::Answer(200, r#"{"Names":["a","b"],"Marker":"1"}"#),
        Act::Answer(200, r#"{"Names":[],"Marker":"2"}"#),
        Act::Answer(200, r#"{"Names":["c"],"Marker":""}"#),
    ];
    let (client, script) = client(pages);
    let names: Vec<_> = client.call(List::default()).items_blocking().map(Result::unwrap).collect();
    assert_eq!((names, script.attempts()), (["a", "b", "c"].map(str::to_owned).into(), 3));

    let (client, script) = stage::client([
        Act::Answer(200, r#"{"Marker":"1"}"#),
        Act::Answer(400, r#"{"__type":"BadRequest"}"#),
    ]);
    let pages: Vec<_> = client.call(List::default()).pages_blocking().collect();
    assert!(matches!(&pages[..], [Ok(_), Err(_)]), "{pages:?}");
    assert_eq!(script.attempts(), 2);
}
