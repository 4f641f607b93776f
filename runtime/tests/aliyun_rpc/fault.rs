use gatewright_runtime::protocol::{AliyunRpc, Fault, Protocol as _};

fn fault(body: &str) -> Fault {
    AliyunRpc::fault(&response(body))
}

fn response(body: &str) -> http::Response<bytes::Bytes> {
    http::Response::new(bytes::Bytes::copy_from_slice(body.as_bytes()))
}

#[track_caller]
fn check(body: &str, code: &str, message: &str, host_id: Option<&str>, details: Option<&str>) {
    let fault = fault(body);
    assert_eq!((fault.code.as_deref(), fault.message.as_deref()), (Some(code), Some(message)));
    assert_eq!((fault.host_id.as_deref(), fault.details.as_deref()), (host_id, details));
    assert_eq!(fault.exception, None);
}

const BUSY: &str = "The gateway is processing requests . Try again later.";
const HOST: &str = "sgw.cn-shanghai.aliyuncs.com";

#[test]
fn errors_in_json_and_xml() {
    check(
        &format!(
            "{{\n    \"RequestId\": \"7463B73D\",\n    \"HostId\": \"{HOST}\",\n    \"Code\": \"GatewayInOperation\",\n    \"Message\": \"{BUSY}\"\n}}"
        ),
        "GatewayInOperation",
        BUSY,
        Some(HOST),
        None,
    );
    check(
        &format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n   <RequestId>8906582E</RequestId>\n   <HostId>{HOST}</HostId>\n   <Code>GatewayInOperation</Code>\n   <Message>{BUSY}</Message>\n</Error>"
        ),
        "GatewayInOperation",
        BUSY,
        Some(HOST),
        None,
    );
}

#[test]
fn irregular_errors() {
    check(r#"{"code": 404, "message": "m", "requestId": "r"}"#, "404", "m", None, None);
    check("<error><CODE>\nX </CODE><message>&lt;m&gt;</message></error>", "X", "<m>", None, None);
    check(r#"{"Success": false, "Code": "X", "Message": "m", "Gateways": []}"#, "X", "m", None, None);
    check(
        r#"{"Code": "X", "Message": "m", "Recommend": "https://example.com", "accessDeniedDetail": {"Policy": ["p", 1, null]}, "Data": ""}"#,
        "X",
        "m",
        None,
        Some(r#"{"AccessDeniedDetail":{"Policy":["p",1,null]},"Recommend":"https://example.com"}"#),
    );
    check(
        "<Error><Code>X</Code><Message>m</Message><Recommend>u</Recommend><AccessDeniedDetail><Policy>p</Policy></AccessDeniedDetail></Error>",
        "X",
        "m",
        None,
        Some(r#"{"AccessDeniedDetail":{"Policy":"p"},"Recommend":"u"}"#),
    );
}

#[test]
fn bodies_without_an_error() {
    for body in ["", "teapot", "<html><p>", "[1]", "7", r#"{"Code": null, "Message": ""}"#, "<Error/>", "<a"]
    {
        assert_eq!(fault(body), Fault::default(), "{body}");
    }
}

#[test]
fn the_request_id_is_in_header_or_body() {
    let id = |response: &http::Response<bytes::Bytes>| {
        AliyunRpc::request_id(response).map(std::borrow::Cow::into_owned)
    };
    let mut both = response(r#"{"RequestId": "body"}"#);
    assert_eq!(id(&both).as_deref(), Some("body"));
    both.headers_mut().insert("x-acs-request-id", "header".parse().unwrap());
    assert_eq!(id(&both).as_deref(), Some("header"));
    assert_eq!(id(&response("<E><requestId>x</requestId></E>")).as_deref(), Some("x"));
    assert_eq!(id(&response("<E>")), None);
    assert_eq!(id(&response("{}")), None);
}
