//! Secrets of every kind: what is generated for them compiles, is written and read, and never shown.

use std::collections::BTreeMap;

use gatewright_runtime::{
    Operation as _, PagesRead, Paginated as _, Secret, Wipe as _, time::Timestamp, validate::Check,
};
use serde_json::{Value, json};

use crate::secret_service::{
    Address, Choice, KeepRequest, KeepRequired, KeepResponse, Kind, Level, ListPeopleRequest,
    ListPeopleResponse, ListWordsRequest, ListWordsResponse, Person, PersonRequired,
};

fn person() -> Person {
    let home = Address::new("city").zip(Secret::new("zip"));
    Person::new(PersonRequired { name: Secret::new("hush"), age: Secret::new(47) })
        .home(Secret::new(home))
        .choice(Choice::Text(Secret::new("hush")))
}

fn request() -> KeepRequest {
    let word = || Secret::new("hush");
    KeepRequest::new(KeepRequired {
        word: word(),
        kind: Secret::new("hush"),
        pin: Secret::new(4711),
        person: person(),
    })
    .any(Secret::new(json!({"hush": ["hush", 4711]})))
    .bytes(Secret::new(vec![47, 11]))
    .choice(Choice::Unknown("New".into(), Secret::new("hush")))
    .flag(Secret::new(true))
    .keyed(Secret::new(BTreeMap::from([("hush".to_owned(), "hush".to_owned())])))
    .level(Secret::new(4711))
    .moments(Secret::new(vec![Timestamp::from_seconds(4711)]))
    .named(BTreeMap::from([("name".to_owned(), word())]))
    .ratio(Secret::new(f64::INFINITY))
    .ratios(vec![Secret::new(f64::NEG_INFINITY)])
    .sparse(vec![None, Some(word())])
    .token(word())
    .when(Secret::new(Timestamp::from_seconds(4711)))
    .words(vec![word(), word()])
}

#[test]
fn secrets_of_every_kind_are_written_and_read() {
    let wire = json!({
        "Word": "hush", "Kind": "hush", "Pin": 4711,
        "Person": {"Name": "hush", "Age": 47, "Home": {"City": "city", "Zip": "zip"}, "Choice": {"Text": "hush"}},
        "Any": {"hush": ["hush", 4711]}, "Bytes": "Lws=", "Choice": {"New": "hush"}, "Flag": true,
        "Keyed": {"hush": "hush"}, "Level": 4711, "Moments": ["1970-01-01T01:18:31Z"], "Named": {"name": "hush"},
        "Ratio": "Infinity", "Ratios": ["-Infinity"], "Sparse": [null, "hush"], "Token": "hush",
        "When": "Thu, 01 Jan 1970 01:18:31 GMT", "Words": ["hush", "hush"],
    });
    assert_eq!(serde_json::to_value(request()).unwrap(), wire);
    assert_eq!(serde_json::from_value::<KeepRequest>(wire).unwrap(), request());
}

#[test]
fn secrets_of_every_kind_are_hidden() {
    let shown = format!("{:?} {:#?}", request(), request());
    for secret in ["hush", "47", "true", "inf", "01:18", "Infinity", "city", "zip"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    // What structures and lists have is seen, except of those that are secret as a whole.
    assert!(shown.contains("words: Some([***, ***])") && shown.contains("moments: Some(***)"), "{shown}");
    assert!(shown.contains("home: Some(***)") && shown.contains(r#"Unknown("New", ***)"#), "{shown}");
    let response = KeepResponse::new().text(Secret::new("hush")).address(Secret::new(Address::new("city")));
    assert_eq!(format!("{response:?}"), "KeepResponse { address: Some(***), text: Some(***) }");
}

#[test]
fn constraints_hold_for_secrets_without_showing_them() {
    let mut request = request().words(vec![Secret::new("too long"); 3]).bytes(Secret::new(vec![1, 2, 3]));
    request.person.name = Some(Secret::new("too long"));
    request.person.age = Some(Secret::new(4711));
    request.person.home = Some(Secret::new(Address::new("city").floor(4711)));
    request.pin = Secret::new(-4711);
    request = request.named(BTreeMap::from([("name".to_owned(), Secret::new("too long"))]));
    request = request
        .ages(Secret::new(vec![1, 4711]))
        .address(Address::new("city").floor(201))
        .choice(Choice::Address(Secret::new(Address::new("city").floor(4711))))
        .keyed(Secret::new(BTreeMap::from([("hush".to_owned(), "too long".to_owned())])));
    let broken = Check::all(&request);
    let shown: Vec<_> = broken.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "Pin: ***, at least 1",
            "Person.Name: 8 characters, at most 5",
            "Person.Age: ***, at most 200",
            "Person.Home.Floor: ***, at most 200",
            "Address.Floor: 201, at most 200",
            "Ages[1]: ***, at most 200",
            "Bytes: 3 bytes, at most 2",
            "Choice.Address.Floor: ***, at most 200",
            "Keyed[***]: 8 characters, at most 5",
            "Named[\"name\"]: 8 characters, at most 5",
            "Ratios[0]: ***, at least 0.5",
            "Words: 3 items, at most 2",
            "Words[0]: 8 characters, at most 5",
            "Words[1]: 8 characters, at most 5",
            "Words[2]: 8 characters, at most 5",
        ]
    );
    for violation in &broken {
        let shown = format!("{violation:?} {:?} {:?}", violation.rule(), violation.place());
        assert!(!shown.contains("4711") && !shown.contains("hush"), "{shown}");
    }
}

#[test]
fn tokens_of_requests_and_pages_may_be_secret() {
    let mut request = KeepRequest::new(KeepRequired {
        word: Secret::new("w"),
        kind: Secret::new(Kind::Big),
        pin: Secret::new(1),
        person: person(),
    });
    request.fill_client_token(&|| "token".to_owned());
    assert_eq!(request.token, Some(Secret::new("token")));

    let page = |marker: &str| {
        ListPeopleResponse::new().marker(Secret::new(marker)).people(Secret::new(vec![person()]))
    };
    let mut list = ListPeopleRequest::new();
    let mut read = PagesRead::default();
    assert!(list.next_page(&page("next"), &mut read));
    assert_eq!(list.marker, Some(Secret::new("next")));
    assert!(!format!("{read:?}").contains("next"), "{read:?}");
    assert!(!list.next_page(&page(""), &mut read));
    assert_eq!(list.marker, None);
    let page = page("last");
    assert_eq!(ListPeopleRequest::into_items(page), [person()]);

    let keyed = Secret::new(BTreeMap::from([("key".to_owned(), "hush".to_owned())]));
    let page = ListWordsResponse::new().keyed(keyed.clone()).pin(Secret::new(7)).word(Secret::new("w"));
    let mut list = ListWordsRequest::new();
    assert!(list.next_page(&page, &mut PagesRead::default()));
    assert_eq!((list.keyed, list.pin), (Some(keyed), Some(Secret::new(7))));
    // A single value is no list that a program takes out of its secret.
    assert_eq!(ListWordsRequest::into_items(page), [Secret::new("w")]);
}

#[test]
fn parts_of_secrets_are_wiped() {
    let mut person = person();
    person.wipe();
    let wiped: Value = serde_json::to_value(&person).unwrap();
    assert_eq!(wiped, json!({"Name": "", "Age": 0, "Home": {"City": "", "Zip": ""}, "Choice": {"Text": ""}}));
    let mut kind = Kind::Unknown("hush".into());
    kind.wipe();
    assert_eq!(kind, Kind::Unknown(String::new()));
    let mut level = Level::Loud;
    level.wipe();
    assert_eq!(level, Level::Unknown(0));
}
