//! Six models with everything in them: what is generated from them compiles, and does what it should.

mod ec2;
#[rustfmt::skip]
#[allow(
    clippy::needless_pass_by_value,
    dead_code,
    unexpected_cfgs,
    unnameable_types,
    unreachable_pub,
    unused_imports,
    reason = "made to be a part of a library with features, of which a test uses some"
)]
mod ec2_service;
#[rustfmt::skip]
#[allow(
    clippy::needless_pass_by_value,
    clippy::wrong_self_convention,
    dead_code,
    unexpected_cfgs,
    unnameable_types,
    unreachable_pub,
    unused_imports,
    reason = "made to be a part of a library with features, of which a test uses some"
)]
mod page_service;
mod pages;
#[rustfmt::skip]
#[allow(
    clippy::needless_pass_by_value,
    dead_code,
    unexpected_cfgs,
    unnameable_types,
    unreachable_pub,
    unused_imports,
    reason = "made to be a part of a library with features, of which a test uses some"
)]
mod rest_secret_service;
mod rest_secrets;
mod rpc;
#[rustfmt::skip]
#[allow(
    clippy::needless_pass_by_value,
    dead_code,
    unexpected_cfgs,
    unnameable_types,
    unreachable_pub,
    unused_imports,
    reason = "made to be a part of a library with features, of which a test uses some"
)]
mod rpc_service;

#[rustfmt::skip]
#[allow(
    clippy::needless_pass_by_value,
    dead_code,
    unexpected_cfgs,
    unnameable_types,
    unreachable_pub,
    unused_imports,
    reason = "made to be a part of a library with features, of which a test uses some"
)]
mod secret_service;
mod secrets;
#[rustfmt::skip]
#[allow(
    clippy::needless_pass_by_value,
    dead_code,
    unexpected_cfgs,
    unnameable_types,
    unreachable_pub,
    unused_imports,
    reason = "made to be a part of a library with features, of which a test uses some"
)]
mod small_service;
mod waiters;

use std::collections::BTreeMap;

use gatewright_runtime::{
    DynamicOperation, Operation, OperationError as _, PagesRead, Paginated as _, Secret, WireError,
    codec::Blob, dynamic::Refused, time::Timestamp, validate::Check,
};
use serde_json::{Value, json};

use small_service::{
    Box_, Branch, Check_, CheckRequired, Color, DoError, DoRequest, DoRequired, DoResponse, Error_,
    ErrorCode, Exception, Expression, Level, ListNamesRequest, ListNamesResponse, Option_, RemoveRequest,
    SmallService, SmallService_, String_, Tag, Target, Tree,
};

/// Generated code means the prelude's types where it says `Box`, `Option` and `String`.
#[test]
fn shapes_named_like_types_of_the_prelude_are_renamed() {
    let inner = Option_::new(Error_::None).strings(vec![String_::new().text("a")]);
    let request = DoRequest::new(DoRequired { name: "a".into(), count: 1 })
        .taken(Option_::new("b").box_(Box_::Vec(Box::new(Box_::Ok(Box::new(inner))))));
    let wire = json!({"Name": "a", "Count": 1, "Taken": {
        "Err": "b", "Box": {"Vec": {"Ok": {"Err": "None", "Strings": [{"Text": "a"}]}}}
    }});
    assert_eq!(serde_json::to_value(&request).unwrap(), wire);
    assert_eq!(serde_json::from_value::<DoRequest>(wire).unwrap(), request);
}

#[test]
fn every_kind_of_value_is_written_and_read() {
    let time = Timestamp::from_seconds(1_372_550_400);
    let request = DoRequest::new(DoRequired { name: "a".into(), count: 1 })
        .any(json!({"b": [null]}))
        .bytes(vec![0xff])
        .checks(vec![Check_::new(CheckRequired { limits: 2, type_: true })])
        .color("gray-blue")
        .colors(["RED", "green"])
        .level(7)
        .names(["x", "y"])
        .ratio(f64::INFINITY)
        .secrets(vec![Secret::new("s")])
        .sparse_map(BTreeMap::from([("k".to_owned(), None), ("l".to_owned(), Some(3))]))
        .sparse_times(vec![None, Some(time)])
        .tag(Tag::new("key"))
        .target(Target::When(time))
        .time(time)
        .tree(Tree::new().left(Tree::new().name("l")).others(vec![Tree::new()]));
    let wire = json!({
        "Name": "a", "Count": 1, "Any": {"b": [null]}, "Bytes": "/w==",
        "Checks": [{"Limits": 2, "Type": true}], "colour": "grey-blue", "Colors": ["RED", "green"], "Level": 7,
        "Names": ["x", "y"], "Ratio": "Infinity", "Secrets": ["s"], "SparseMap": {"k": null, "l": 3},
        "SparseTimes": [null, "2013-06-30T00:00:00Z"], "Tag": {"Key": "key"},
        "Target": {"When": "2013-06-30T00:00:00Z"}, "Time": "2013-06-30T00:00:00Z",
        "Tree": {"Left": {"Name": "l"}, "Others": [{}]},
    });
    assert_eq!(serde_json::to_value(&request).unwrap(), wire);
    assert_eq!(serde_json::from_value::<DoRequest>(wire).unwrap(), request);
    assert_eq!(request.color, Some(Color::GreyBlue));
    assert_eq!(request.colors, Some(vec![Color::Red, Color::Unknown("green".into())]));
    assert_eq!(request.level, Some(Level::Unknown(7)));
}

#[test]
fn responses_are_read_leniently() {
    let read = |wire: Value| serde_json::from_value::<DoResponse>(wire).unwrap();
    assert_eq!(read(json!({"New": {"a": [1]}, "Password": null})), DoResponse::new());
    let response = read(json!({"Map": {"a": null, "b": 0}, "Tag": {"Value": "v"}}));
    assert_eq!(response.map, Some(BTreeMap::from([("b".to_owned(), Timestamp::from_seconds(0))])));
    assert_eq!(response.tag.unwrap().key, None);
}

#[test]
fn a_request_without_a_required_member_is_rejected() {
    let error = serde_json::from_value::<DoRequest>(json!({"Name": "a"})).unwrap_err();
    assert_eq!(error.to_string(), "missing field `Count`");
}

#[test]
fn unions_keep_what_they_do_not_know() {
    let read = |wire: Value| serde_json::from_value::<Target>(wire).unwrap();
    assert_eq!(
        read(json!({"__type": "T", "Name": null, "Names": ["n", null]})),
        Target::Names(vec!["n".into()])
    );
    let unknown = Target::Unknown("New".into(), Secret::new(json!([1])));
    assert_eq!(read(json!({"New": [1]})), unknown);
    assert_eq!(serde_json::to_value(&unknown).unwrap(), json!({"New": [1]}));
}

#[test]
fn secrets_are_not_shown() {
    let request = DoRequest::new(DoRequired { name: "a".into(), count: 1 })
        .secrets(vec![Secret::new("hidden")])
        .target(Target::Name(Secret::new("hidden")));
    let shown = format!("{request:?} {:?}", DoResponse::new().password(Secret::new("hidden")));
    assert!(!shown.contains("hidden") && shown.contains("secrets: Some([***])"), "{shown}");
}

#[test]
fn every_constraint_is_checked() {
    let request = DoRequest::new(DoRequired { name: "toolong".into(), count: 10 })
        .bytes(Blob::new([1, 2, 3]))
        .checks(vec![])
        .names(["fine", "toolong"])
        .ratio(0.1)
        .sparse_map(BTreeMap::from([("toolong".to_owned(), Some(0)), ("k".to_owned(), None)]))
        .tag(Tag::default())
        .target(Target::Names(vec!["toolong".into()]))
        .tree(Tree::new().left(Tree::new().name("toolong")).others(vec![Tree::new().name("toolong")]));
    let faults: Vec<_> = Check::all(&request).iter().map(ToString::to_string).collect();
    assert_eq!(
        faults,
        [
            "Name: 7 characters, at most 5",
            "Count: 10, at most 9",
            "Bytes: 3 bytes, at most 2",
            "Checks: 0 items, at least 1",
            "Names[1]: 7 characters, at most 5",
            "Ratio: 0.1, at least 0.5",
            "SparseMap[\"toolong\"]: 7 characters, at most 5",
            "SparseMap[\"toolong\"]: 0, at least 1",
            "Tag.Key: required but missing",
            "Target.Names[0]: 7 characters, at most 5",
            "Tree.Left.Name: 7 characters, at most 5",
            "Tree.Others[0].Name: 7 characters, at most 5",
        ]
    );
    assert_eq!(Check::all(&DoRequest::new(DoRequired { name: "a".into(), count: 1 })), []);
}

#[test]
fn values_that_hold_others_of_their_kind_are_checked_throughout() {
    let text = || Expression::Text("toolong".into());
    let not = Expression::Not(Box::new(text()));
    let named = BTreeMap::from([("k".to_owned(), text())]);
    let branch = Branch::new(text()).else_(Branch::new(Expression::Some(vec![None, Some(text())])));
    let all = vec![not, Expression::Named(named), Expression::Branch(Box::new(branch))];
    let request = DoRequest::new(DoRequired { name: "a".into(), count: 1 }).expression(Expression::All(all));
    let wire = json!({
        "Name": "a", "Count": 1, "Expression": {"All": [
            {"Not": {"Text": "toolong"}},
            {"Named": {"k": {"Text": "toolong"}}},
            {"Branch": {"If": {"Text": "toolong"}, "Else": {"If": {"Some": [null, {"Text": "toolong"}]}}}},
        ]},
    });
    assert_eq!(serde_json::to_value(&request).unwrap(), wire);
    assert_eq!(serde_json::from_value::<DoRequest>(wire).unwrap(), request);
    let faults: Vec<_> = Check::all(&request).iter().map(ToString::to_string).collect();
    let found = [
        "Expression.All[0].Not.Text",
        "Expression.All[1].Named[\"k\"].Text",
        "Expression.All[2].Branch.If.Text",
        "Expression.All[2].Branch.Else.If.Some[1].Text",
    ];
    assert_eq!(faults, found.map(|path| format!("{path}: 7 characters, at most 5")));
}

#[test]
fn names_of_the_model_hide_nothing() {
    let clash = SmallService::new().add("one").default("d");
    let request = DoRequest::new(DoRequired { name: "a".into(), count: 1 }).clash(clash);
    let wire = json!({"Name": "a", "Count": 1, "Clash": {"Add": "one", "Default": "d"}});
    assert_eq!(serde_json::to_value(&request).unwrap(), wire);
    assert_eq!(serde_json::from_value::<DoRequest>(wire).unwrap(), request);
    let short = DoRequest::new(DoRequired { name: "a".into(), count: 1 }).clash(SmallService::new().add("x"));
    let faults: Vec<_> = Check::all(&short).iter().map(ToString::to_string).collect();
    assert_eq!(faults, ["Clash.Add: 1 character, at least 2"]);
}

#[test]
fn services_alone_refuse_unknown_values_of_enums() {
    let known = json!({
        "Name": "a", "Count": 1, "ClientToken": "t", "colour": "gray-blue", "Colors": ["RED"], "Level": 7,
        "Palette": {"RED": "grey-blue"},
    });
    let unknown = json!({
        "Name": "a", "Count": 1, "ClientToken": "t", "colour": "red", "Colors": ["RED", ""],
        "Palette": {"RED": "BLUE", "green": "RED"},
    });
    let refused =
        |wire: &Value| match DynamicOperation::new::<DoRequest>("{}").check(wire.to_string().as_bytes()) {
            Ok(_) => Vec::new(),
            Err(Refused::Invalid(faults)) => faults.iter().map(ToString::to_string).collect(),
            Err(refused) => vec![refused.to_string()],
        };
    assert_eq!(refused(&known), Vec::<String>::new());
    assert_eq!(
        refused(&unknown),
        [
            "colour: not one of RED, grey-blue",
            "Colors[1]: not one of RED, grey-blue",
            "Palette[\"RED\"]: not one of RED, grey-blue",
            "Palette[\"green\"]: not one of RED, grey-blue",
        ]
    );
    assert_eq!(Check::all(&serde_json::from_value::<DoRequest>(unknown).unwrap()), []);
}

#[test]
fn operations_say_what_they_are() {
    let mut request = DoRequest::new(DoRequired { name: "a".into(), count: 1 });
    request.fill_client_token(&|| "t1".into());
    request.fill_client_token(&|| "t2".into());
    assert_eq!(request.client_token.as_deref(), Some("t1"));
    assert_eq!(
        [DoRequest::INFO, ListNamesRequest::INFO, RemoveRequest::INFO].map(|operation| operation.repeatable),
        [true, true, false]
    );
    assert_eq!(
        [DoRequest::INFO, RemoveRequest::INFO].map(|operation| operation.has_empty_output),
        [false, true]
    );
    assert_eq!(DoRequest::INFO.client_token, Some("ClientToken"));

    let page = ListNamesResponse::new().names(["n"]).next_marker("m");
    let mut next = ListNamesRequest::new();
    assert!(next.next_page(&page, &mut PagesRead::default()));
    assert_eq!(next.marker.as_deref(), Some("m"));
    assert_eq!(ListNamesRequest::into_items(page), ["n"]);
}

#[test]
fn errors_keep_what_they_do_not_know() {
    assert_eq!(DoError::from_code(&ErrorCode::from("Not Found ")), DoError::NotFound);
    assert_eq!(DoError::from_code(&ErrorCode::Everywhere), DoError::Other(ErrorCode::Everywhere));
    assert_eq!(Exception::from("SlowDown"), Exception::Throttled);
    assert_eq!(Exception::from("New").as_str(), "New");
    let info = <SmallService_ as gatewright_runtime::Service>::INFO;
    for (wire, status) in [("Failure", 500), ("SlowDown", 429), ("Throttled", 429)] {
        assert_eq!(WireError::find(info.exceptions, wire).map(|known| known.status), Some(status));
    }
    assert_eq!(WireError::find(info.error_codes, "New"), None);
}
