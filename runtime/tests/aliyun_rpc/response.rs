use std::fmt::Debug;

use gatewright_runtime::protocol::DecodeError;
use serde_core::de::DeserializeOwned;

use super::{
    read, read_as, refused,
    types::{Gateway, Response, Status},
};

/// Both forms of a response are the same value; the XML is written without its root here.
#[track_caller]
fn check(json: &str, xml: &str, expected: &Response) {
    is(json, expected);
    is(&format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><DoItResponse>{xml}</DoItResponse>"), expected);
}

#[track_caller]
fn is<T: DeserializeOwned + PartialEq + Debug>(body: &str, expected: &T) {
    let response = read_as::<T>(body).map_err(|error| error.to_string());
    assert_eq!(response.as_ref(), Ok(expected), "{body}");
}

fn gateway(id: &str) -> Gateway {
    Gateway { id: Some(id.to_owned()), ..Gateway::default() }
}

fn gateways<const N: usize>(ids: [&str; N]) -> Response {
    Response { gateways: Some(ids.map(gateway).to_vec()), ..Response::default() }
}

fn owner(owner: Gateway) -> Response {
    Response { owner: Some(owner), ..Response::default() }
}

fn code(code: &str) -> Response {
    Response { code: Some(code.to_owned()), ..Response::default() }
}

#[test]
fn whole_responses() {
    let expected = Response {
        code: Some("200".to_owned()),
        request_id: Some("4C467B38".to_owned()),
        success: Some(true),
        total_count: Some(2),
        gateways: Some(vec![
            Gateway {
                size: Some(-1),
                unsigned: Some(255),
                load: Some(0.5),
                active: Some(false),
                status: Some(Status::Running),
                nodes: Some(vec!["n1".to_owned(), "n2".to_owned()]),
                ..gateway("gw-1")
            },
            gateway("gw-2"),
        ]),
        tasks: Some(vec![gateway("t-1"), gateway("t-2")]),
        ..Response::default()
    };
    check(
        r#"{"Code": "200", "RequestId": "4C467B38", "Success": true, "TotalCount": 2,
            "Gateways": {"Gateway": [
                {"GatewayId": "gw-1", "Size": -1, "Unsigned": 255, "Load": 0.5, "Active": false, "Status": "Running",
                 "ElasticNodes": {"ElasticNode": ["n1", "n2"]}},
                {"GatewayId": "gw-2"}]},
            "Tasks": [{"GatewayId": "t-1"}, {"GatewayId": "t-2"}]}"#,
        "<Code>200</Code> <RequestId>4C467B38</RequestId><Success>true</Success><TotalCount>2</TotalCount>
         <Gateways>
            <Gateway><GatewayId>gw-1</GatewayId><Size>-1</Size><Unsigned>255</Unsigned><Load>0.5</Load>
                <Active>false</Active><Status>Running</Status>
                <ElasticNodes><ElasticNode>n1</ElasticNode><ElasticNode>n2</ElasticNode></ElasticNodes></Gateway>
            <Gateway><GatewayId>gw-2</GatewayId></Gateway>
         </Gateways>
         <Tasks><GatewayId>t-1</GatewayId></Tasks>
         <Tasks><GatewayId>t-2</GatewayId></Tasks>",
        &expected,
    );
}

#[test]
fn exact_names_come_first() {
    check(r#"{"code": "a"}"#, "<code>a</code>", &code("a"));
    check(r#"{"CODE": "a", "Other": 1}"#, "<CODE>a</CODE><Other>1</Other>", &code("a"));
    check(r#"{"Code": "a", "code": "b"}"#, "<Code>a</Code><code>b</code>", &code("a"));
    check(r#"{"CODE": "b", "Code": "a"}"#, "<CODE>b</CODE><Code>a</Code>", &code("a"));
    check(
        r#"{"gateways": {"gateway": [{"gatewayid": "a"}]}}"#,
        "<gateways><gateway><gatewayid>a</gatewayid></gateway></gateways>",
        &gateways(["a"]),
    );
}

#[test]
fn scalars_of_other_kinds() {
    check(r#"{"Code": 200}"#, "<Code>200</Code>", &code("200"));
    check(r#"{"Code": true}"#, "<Code>true</Code>", &code("true"));
    check(r#"{"Code": -1.5}"#, "<Code>-1.5</Code>", &code("-1.5"));
    check(r#"{"Code": ""}"#, "<Code/>", &code(""));
    check(r#"{"Code": " a "}"#, "<Code> a </Code>", &code(" a "));
    check(r#"{"Code": null}"#, "", &Response::default());
    let total = |count| Response { total_count: Some(count), ..Response::default() };
    check(r#"{"TotalCount": "7"}"#, "<TotalCount> 7 </TotalCount>", &total(7));
    check(r#"{"TotalCount": "-7"}"#, "<TotalCount>-7\n</TotalCount>", &total(-7));
    let success = Response { success: Some(true), ..Response::default() };
    check(r#"{"Success": "true"}"#, "<Success>true</Success>", &success);
    check(r#"{"Success": "True "}"#, "<Success>\nTRUE</Success>", &success);
    let scalars = Gateway {
        load: Some(2.0),
        active: Some(false),
        status: Some(Status::Unknown("New".to_owned())),
        ..Gateway::default()
    };
    check(
        r#"{"Owner": {"Load": "2", "Active": "false", "Status": "New"}}"#,
        "<Owner><Load>2</Load><Active>False</Active><Status>New</Status></Owner>",
        &owner(scalars),
    );
}

#[test]
fn nothing_is_absence() {
    let nothing = Response::default();
    check("{}", "", &nothing);
    check(r#"{"TotalCount": ""}"#, "<TotalCount/>", &nothing);
    check(r#"{"TotalCount": " ", "Success": ""}"#, "<TotalCount> </TotalCount><Success/>", &nothing);
    check(r#"{"Owner": ""}"#, "<Owner></Owner>", &nothing);
    check(r#"{"Gateways": "", "Tasks": ""}"#, "<Gateways/>\n<Tasks>\n</Tasks>", &nothing);
    check(r#"{"Gateways": null, "Tasks": null, "Owner": null}"#, "<!-- none -->", &nothing);
    check(
        r#"{"Owner": {"Size": "", "Load": "", "Active": "", "ElasticNodes": ""}}"#,
        "<Owner><Size/><Load/><Active/><ElasticNodes/></Owner>",
        &owner(Gateway::default()),
    );
    check(
        r#"{"Gateways": {"Gateway": ["", {"GatewayId": "a"}, null]}}"#,
        "<Gateways><Gateway/><Gateway><GatewayId>a</GatewayId></Gateway><Gateway> </Gateway></Gateways>",
        &gateways(["a"]),
    );
    is("<Empty/>", &nothing);
    is("\"\"", &nothing);
    is("null", &nothing);
}

/// Serde's own lists and maps pass over nothing, and are not lost for an item.
#[test]
fn absence_concerns_the_innermost_value_alone() {
    let map = Some([("l".to_owned(), 1)].into());
    check(
        r#"{"Map": {"k": "", "l": "1"}}"#,
        "<Map><k/><l>1</l></Map>",
        &Response { map, ..Response::default() },
    );
    let nothing = "a value is missing";
    refused(r#"{"PlainMap": {"k": ""}}"#, &format!("PlainMap.k: {nothing}"));
    refused("<R><PlainMap><k/></PlainMap></R>", &format!("PlainMap.k: {nothing}"));
    refused(r#"{"PlainList": [1, ""]}"#, &format!("PlainList[1]: {nothing}"));
}

#[test]
fn lists_with_a_wrapper_or_without() {
    let (none, one, two) = (gateways([]), gateways(["a"]), gateways(["a", "b"]));
    is(r#"{"Gateways": {"Gateway": [{"GatewayId": "a"}, {"GatewayId": "b"}]}}"#, &two);
    is(r#"{"Gateways": [{"GatewayId": "a"}, {"GatewayId": "b"}]}"#, &two);
    is(r#"{"Gateways": {"Gateway": []}}"#, &none);
    is(r#"{"Gateways": {"Gateway": null}}"#, &none);
    is(r#"{"Gateways": {}}"#, &none);
    is(r#"{"Gateways": []}"#, &none);
    is("<R><Gateways><Gateway/></Gateways></R>", &none);
    check(
        r#"{"Gateways": {"Gateway": {"GatewayId": "a"}}}"#,
        "<Gateways><Gateway><GatewayId>a</GatewayId></Gateway></Gateways>",
        &one,
    );
    check(r#"{"Gateways": {"GatewayId": "a"}}"#, "<Gateways><GatewayId>a</GatewayId></Gateways>", &one);
    is(
        "<R><Gateways><GatewayId>a</GatewayId></Gateways><Gateways><GatewayId>b</GatewayId></Gateways></R>",
        &two,
    );
    let nodes = |nodes: &[&str]| {
        owner(Gateway { nodes: Some(nodes.iter().map(ToString::to_string).collect()), ..Gateway::default() })
    };
    check(
        r#"{"Owner": {"ElasticNodes": "n"}}"#,
        "<Owner><ElasticNodes>n</ElasticNodes></Owner>",
        &nodes(&["n"]),
    );
    check(
        r#"{"Owner": {"ElasticNodes": {"ElasticNode": "n"}}}"#,
        "<Owner><ElasticNodes><ElasticNode>n</ElasticNode></ElasticNodes></Owner>",
        &nodes(&["n"]),
    );
    check(
        r#"{"Owner": {"ElasticNodes": {"ElasticNode": ["", "n"]}}}"#,
        "<Owner><ElasticNodes><ElasticNode/><ElasticNode>n</ElasticNode></ElasticNodes></Owner>",
        &nodes(&["", "n"]),
    );
    let sizes = |sizes: &[i64]| Response { sizes: Some(sizes.to_vec()), ..Response::default() };
    check(r#"{"Sizes": ["1", 2, ""]}"#, "<Sizes>1</Sizes><Sizes>2</Sizes><Sizes/>", &sizes(&[1, 2]));
    check(r#"{"Sizes": 1}"#, "<Sizes>1</Sizes>", &sizes(&[1]));
    let task = Response { tasks: Some(vec![gateway("a")]), ..Response::default() };
    check(r#"{"Tasks": {"GatewayId": "a"}}"#, "<Tasks><GatewayId>a</GatewayId></Tasks>", &task);
}

#[test]
fn what_is_written_is_read() {
    let response = Response { total_count: Some(1), ..gateways(["a", "b"]) };
    let json = serde_json::to_string(&response).unwrap();
    assert_eq!(json, r#"{"TotalCount":1,"Gateways":{"Gateway":[{"GatewayId":"a"},{"GatewayId":"b"}]}}"#);
    assert_eq!(serde_json::from_str::<Response>(&json).unwrap(), response);
    let bare = r#"{"TotalCount":1,"Gateways":[{"GatewayId":"a"},{"GatewayId":"b"}]}"#;
    assert_eq!(serde_json::from_str::<Response>(bare).unwrap(), response);
    is(&json, &response);
}

#[test]
fn xml_in_its_variety() {
    is("\u{feff}<R><Code>a</Code></R>", &code("a"));
    is("\u{feff}{\"Code\": \"a\"}", &code("a"));
    is("<Code>a</Code><RequestId/>", &Response { request_id: Some(String::new()), ..code("a") });
    is(
        "<requestid/>\n<Size>1</Size><Code>a</Code>",
        &Response { request_id: Some(String::new()), ..code("a") },
    );
    is("<?xml version='1.0' encoding='utf8'?><!-- x --><?y z?>\n<R><Code>a</Code></R><!-- > -->", &code("a"));
    is("<R><Code>&lt;&gt;&amp;&apos;&quot;&#233;&#xE9;</Code></R>", &code("<>&'\"éé"));
    is("<R><Code><![CDATA[<a>&amp;]]>&amp;b<!-- c --><![CDATA[d]]></Code></R>", &code("<a>&amp;&bd"));
    is("<R><Code>a\r\nb\rc</Code></R>", &code("a\nb\nc"));
    is("<n:R xmlns:n='urn:x'><n:Code a='1' b=\"<\">a</n:Code ></n:R>", &code("a"));
    is("<R>text<Code>a</Code>text</R>", &code("a"));
    is("<R><Other><Code>b</Code></Other><Code>a</Code></R>", &code("a"));
}

#[test]
fn success_false_refuses() {
    for body in [
        r#"{"Success": false, "Code": "X"}"#,
        r#"{"success": "False"}"#,
        r#"{"Success": false, "TotalCount": {}}"#,
        "<R><Success>false</Success></R>",
        "<Success> FALSE </Success><Code>X</Code><RequestId>r</RequestId>",
    ] {
        assert!(matches!(read(body), Err(DecodeError::Refused)), "{body}");
    }
    read(r#"{"Owner": {"Success": false}}"#).unwrap();
    read(r#"{"Success": null}"#).unwrap();
}

#[test]
fn errors_name_the_place() {
    refused(
        r#"{"Gateways": {"Gateway": [{}, {}, {}, {"Size": "x"}]}}"#,
        "Gateways.Gateway[3].Size: invalid type: string \"x\", expected i64",
    );
    refused(
        "<R><Gateways><Gateway><Size>1</Size></Gateway><Gateway><Size>x</Size></Gateway></Gateways></R>",
        "Gateways.Gateway[1].Size: invalid type: string \"x\", expected i64",
    );
    refused(
        r#"{"Gateways": [{"Unsigned": 256}]}"#,
        "Gateways[0].Unsigned: invalid value: integer `256`, expected u8",
    );
    refused(r#"{"tasks": [{}, [1]]}"#, "Tasks[1]: invalid type: sequence, expected an object for Gateway");
    refused(r#"{"Owner": {"Load": "x"}}"#, "Owner.Load: invalid float \"x\"");
    refused(r#"{"Owner": {"Active": 1}}"#, "Owner.Active: invalid type: integer `1`, expected a boolean");
    refused(r#"{"Owner": 7}"#, "Owner: invalid type: integer `7`, expected an object for Gateway");
    refused(r#"{"Code": {"a": 1}}"#, "Code: invalid type: map, expected a string");
    refused(r#"{"TotalCount": 2.5}"#, "TotalCount: invalid type: floating point `2.5`, expected i32");
    refused("<R><Code>a</Code><Code>b</Code></R>", "Code: invalid type: sequence, expected a string");
}
