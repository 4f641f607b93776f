//! Pasted errors, in the forms of services, SDKs and tools.

use super::*;

#[track_caller]
fn check(pasted: &str, status: u16, exception: Option<&str>, message: Option<&str>) {
    let Refused { response, fault, .. } = Refused::of_text(pasted);
    assert_eq!(
        (response.status, fault.exception.as_deref(), fault.message.as_deref()),
        (status, exception, message)
    );
    assert_eq!(Refused::parts_of_text(pasted).len(), 1);
}

#[test]
fn every_form_is_read() {
    let json = r#"{"__type":"com.amazon#InvalidSignatureException","message":"no'\n'"}"#;
    check(json, 0, Some("InvalidSignatureException"), Some("no'\n'"));
    check(&format!("\u{feff} {json}\n"), 0, Some("InvalidSignatureException"), Some("no'\n'"));
    check(r#"{"message":"Forbidden"}"#, 0, None, Some("Forbidden"));
    check(r#"{"Error":{"Code":"Slow","Message":"m"}}"#, 0, Some("Slow"), Some("m"));
    let xml = "<?xml version=\"1.0\"?>\n<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code>\
        <Message>it is &apos;a=1&amp;b&apos;\nx</Message></Error><RequestId>r-1</RequestId></ErrorResponse>";
    check(xml, 0, Some("SignatureDoesNotMatch"), Some("it is 'a=1&b'\nx"));
    assert_eq!(Refused::of_text(xml).response.request_id.as_deref(), Some("r-1"));
    check(
        "\nAn error occurred (AccessDenied) when calling the ListGateways operation (reached max retries: 4): No",
        0,
        Some("AccessDenied"),
        Some("No"),
    );
    check("ListGateways: Slow: m: n (status 400, 1 attempt)", 400, Some("Slow"), Some("m: n"));
    check("List: error without a name (status 403, 1 attempt)", 403, None, None);
    check("The security token is invalid.", 0, None, Some("The security token is invalid."));
    check("", 0, None, None);
    let s3 =
        "<Error><Code>SignatureDoesNotMatch</Code><Message>m</Message><StringToSign>s</StringToSign></Error>";
    let message = "m\nThe string-to-sign should have been\n's'";
    check(s3, 0, Some("SignatureDoesNotMatch"), Some(message));
    check("{", 0, None, Some("{"));
    let http = "HTTP/1.1 403 Forbidden\r\nDate: Sun, 22 Nov 2026 12:00:01 GMT\r\n\
        x-amzn-ErrorType: MissingAuthenticationTokenException:http://x/\r\nset-cookie: a=b\r\n\r\n{\"message\":\"M\"}";
    check(http, 403, Some("MissingAuthenticationTokenException"), Some("M"));
    let response = Refused::of_text(http).response;
    assert!(response.date().is_some());
    assert_eq!(response.header("set-cookie"), Some("***"));
    check("HTTP/1.1 503", 503, None, None);
    let before = "HTTP/1.1 200 Connection established\n\nHTTP/1.1 100 Continue\r\n\r\n";
    check(&format!("{before}{http}"), 403, Some("MissingAuthenticationTokenException"), Some("M"));
    check(before, 100, None, None);
    check("HTTP/1.1 503\r\n \r\nx", 503, None, Some("x"));
}

#[test]
fn lines_of_errors_have_exception_code_status_and_request_id() {
    let line = "ListGateways: Slow Jam: m (status 400, request id r-1, 2 attempts, host h)";
    check(line, 400, Some("Slow"), Some("m"));
    let Refused { response, fault, .. } = Refused::of_text(line);
    assert_eq!((fault.code.as_deref(), response.request_id.as_deref()), (Some("Jam"), Some("r-1")));
    check("List: Slow: m (status unknown)", 0, Some("Slow"), Some("m"));
}

const USER: &str = "User: arn:aws:iam::111122223333:user/x is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/y";
const EXPIRED: &str = "The security token included in the request is expired";
const GONE: &str = "The specified gateway is not connected.";

#[track_caller]
fn check_all(pasted: &str, status: u16, name: &str, message: &str, request_id: &str) {
    check(pasted, status, Some(name).filter(|name| !name.is_empty()), Some(message));
    let id = Refused::of_text(pasted).response.request_id;
    assert_eq!(id.unwrap_or_default(), request_id, "{pasted}");
}

#[test]
fn errors_of_go_are_read() {
    check_all(
        &format!(
            "operation error STS: AssumeRole, https response error StatusCode: 403, RequestID: 5b-1, api error AccessDenied: {USER}\n"
        ),
        403,
        "AccessDenied",
        USER,
        "5b-1",
    );
    check_all(
        &format!(
            "╷\n│ Error: reading Storage Gateway (arn:aws:x): operation error Storage Gateway: D, https response error \
            StatusCode: 400, RequestID: 11-2, InvalidGatewayRequestException: {GONE}\n│ \n│   with aws_x.example,\n╵\n"
        ),
        400,
        "InvalidGatewayRequestException",
        GONE,
        "11-2",
    );
    check_all(
        &format!(
            "\u{1b}[31m2017/09/25 ERROR doing AssumeRole: AccessDenied: {USER}\n\tstatus code: 403, request id: 168d-3\u{1b}[0m"
        ),
        403,
        "AccessDenied",
        USER,
        "168d-3",
    );
    check_all(
        "level=error error=\"WebIdentityErr: failed to retrieve credentials\\ncaused by: InvalidIdentityToken: Incorrect token audience\\n\\tstatus code: 400, request id: 1-4\"",
        400,
        "InvalidIdentityToken",
        "Incorrect token audience",
        "1-4",
    );
    let struct_of_go = format!(
        "Error: reading Gateway (arn:aws:x): InvalidGatewayRequestException: {GONE}\n{{\n  RespMetadata: {{\n    \
        StatusCode: 400,\n    RequestID: \"efbd-5\"\n  }},\n  Error_: {{\n    ErrorCode: \"GatewayNotConnected\"\n  }},\n  Message_: \"{GONE}\"\n}}"
    );
    check_all(&struct_of_go, 400, "InvalidGatewayRequestException", GONE, "efbd-5");
    assert_eq!(Refused::of_text(&struct_of_go).fault.code.as_deref(), Some("GatewayNotConnected"));
}

#[test]
fn errors_of_java_are_read() {
    check_all(
        &format!(
            "{} (Service: AWSLambda; Status Code: 403; Error\nCode: AccessDeniedException; Request ID: 07cf-6)",
            USER.replace(" on ", "\non ")
        ),
        403,
        "AccessDeniedException",
        &USER.replace(" on ", "\non "),
        "07cf-6",
    );
    check_all(
        &format!(
            "software.amazon.awssdk.services.sts.model.StsException: {EXPIRED} (Service: Sts, Status Code: 403, Request ID: 0a1b-7, Extended Request ID: null)\n\tat software.x(Y.java:1)"
        ),
        403,
        "",
        EXPIRED,
        "0a1b-7",
    );
    check_all(
        &format!(
            "com.amazonaws.services.x.model.InvalidGatewayRequestException: {GONE} (Service: S; Status Code: 400; Error Code: InvalidGatewayRequestException; Request ID: 9c-8; Proxy: null)"
        ),
        400,
        "InvalidGatewayRequestException",
        GONE,
        "9c-8",
    );
    check_all(
        "com.amazonaws.services.example.model.BadRequestException: no (Service: null; Status Code: 400; Error Code: null; Request ID: e64d-1)",
        400,
        "BadRequestException",
        "no",
        "e64d-1",
    );
    check_all("{\"errors\":[{\"message\":\"no\",\"code\":\"InvalidInput\"}]}", 0, "InvalidInput", "no", "");
}

#[test]
fn errors_of_javascript_are_read() {
    check_all(
        "AccessDeniedException: no\n    at throwDefaultError (/app/x.js:8:22) {\n  '$fault': 'client',\n  '$metadata': {\n    httpStatusCode: 400,\n    requestId: '3a5b-9',\n  },\n  __type: 'AccessDeniedException'\n}",
        400,
        "AccessDeniedException",
        "no",
        "3a5b-9",
    );
    check_all(
        "data: {\n  message: 'it should have been\\n' +\n    \"'POST\\n\" +\n    '/wss\\n'\n}",
        0,
        "",
        "it should have been\n'POST\n/wss",
        "",
    );
}

#[test]
fn errors_of_other_sdks_are_read() {
    check_all(
        &format!(
            "service error: unhandled error (ExpiredTokenException): Error {{ code: \"ExpiredTokenException\", message: \"{EXPIRED}\", aws_request_id: \"a5d6\" }}"
        ),
        0,
        "ExpiredTokenException",
        EXPIRED,
        "a5d6",
    );
    check_all(
        &format!(
            "E {{ code: Some(\"ExpiredTokenException\"), message: Some(\"{EXPIRED}\"), raw: Response {{ status: StatusCode(400) }} }}"
        ),
        400,
        "ExpiredTokenException",
        EXPIRED,
        "",
    );
    check_all(
        &format!(
            "Error executing \"AssumeRole\"; AWS HTTP error: `POST https://sts.x` resulted in a `403 Forbidden` response: Sender AccessDeni (truncated...) AccessDenied (client): {USER} - Sender"
        ),
        403,
        "AccessDenied",
        USER,
        "",
    );
    check_all(
        &format!(
            "Amazon.SecurityToken.AmazonSecurityTokenServiceException: {EXPIRED} ---> System.Net.WebException: The remote server returned an error: (403) Forbidden."
        ),
        403,
        "",
        EXPIRED,
        "",
    );
    check_all(&format!("{{'message': '{USER}'}}"), 0, "", USER, "");
}

#[test]
fn errors_in_logs_are_read() {
    check("ListGateways: AccessDeniedException: no", 0, Some("AccessDeniedException"), Some("no"));
    check("RequestId: 1\nAccessDenied: no", 0, Some("AccessDenied"), Some("no"));
    check_all("Status: 403, Body: {\"Message\":\"no\"}", 403, "", "no", "");
    check_all(
        "403 {\"message\":\"Missing Authentication Token\"}",
        403,
        "",
        "Missing Authentication Token",
        "",
    );
    check_all("\"{\\\"message\\\":\\\"no\\\"}\"", 0, "", "no", "");
    check_all("log: \"{\\\"message\\\":\\\"no\\\"}\"", 0, "", "no", "");
    check_all(
        "{\"__type\":\"com.x#UnrecognizedClientException\",\"message\":\"The security tok",
        0,
        "UnrecognizedClientException",
        "The security tok",
        "",
    );
    check_all(
        "14:58 ERROR 403 Forbidden\n14:58 ERROR <?xml version=\"1.0\"?>\n<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors><RequestID>45-1</RequestID></Response>",
        403,
        "UnauthorizedOperation",
        "no",
        "45-1",
    );
    let socket = "Handshake status 403 Forbidden -+-+- {'date': 'Mon', 'x-amzn-errortype': 'AccessDeniedException'} -+-+- b''";
    assert_eq!(Refused::of_text(socket).fault.exception.as_deref(), Some("AccessDeniedException"));
    assert_eq!(Refused::of_text(socket).response.status, 403);
    assert_eq!(Refused::of_text("error: Unexpected server response: 403").response.status, 403);
    for process in
        ["exit status 254", "exit status code 127", "exited with status 255", "returned status: 255"]
    {
        assert_eq!(Refused::of_text(process).response.status, 0, "{process}");
    }
    assert_eq!(Refused::of_text("failed with status code 255").response.status, 255);
    assert_eq!(Refused::of_text("returned status 502").response.status, 502);
    let python = "requests.exceptions.HTTPError: 403 Client Error: Forbidden for url: https://h/";
    assert_eq!(Refused::of_text(python).response.status, 403);
}

#[test]
fn errors_of_sdks_of_alibaba_cloud_are_read() {
    let not_found = "Specified access key is not found.";
    check_all(
        "ERROR: SDK.ServerError\nErrorCode: SignatureDoesNotMatch\nRecommend: https://x/?Keyword=SignatureDoesNotMatch\nRequestId: 1DD9-1\nMessage: is:GET&%2F&Action%3DD\n",
        0,
        "SignatureDoesNotMatch",
        "is:GET&%2F&Action%3DD",
        "1DD9-1",
    );
    check_all(
        &format!(
            "x.exceptions.ServerException: HTTP Status: 404 Error:InvalidAccessKeyId.NotFound {not_found} RequestID: 0F7A-2"
        ),
        404,
        "InvalidAccessKeyId.NotFound",
        not_found,
        "0F7A-2",
    );
    check_all(
        "Tea.exceptions.TeaException: Error: Throttling.User code: 400, Request was denied due to user flow control. request id: 5A9C-3",
        400,
        "Throttling.User",
        "Request was denied due to user flow control.",
        "5A9C-3",
    );
    check_all(
        "SDKError:\n   StatusCode: 403\n   Code: Forbidden.RAM\n   Message: code: 403, no. request id: 1A2B\n   Data: {\"Code\":\"Forbidden.RAM\",\"Message\":\"no.\",\"RequestId\":\"1A2B\"}",
        403,
        "Forbidden.RAM",
        "no.",
        "1A2B",
    );
    check_all(
        "WARNING:root:error:b'\n```json\n{\"Message\":\"no\",\"RequestId\":\"1-4\",\"Code\":\"NoPermission\"}\n```",
        0,
        "NoPermission",
        "no",
        "1-4",
    );
    check_all(
        "Aliyun API Error: RequestId: 2640-5 Status Code: 400 Code: Forbidden.RAM Message: no such user",
        400,
        "Forbidden.RAM",
        "no such user",
        "2640-5",
    );
    check("Code: 42\nErrorCode: Throttling\nMessage: slow", 0, Some("Throttling"), Some("slow"));
    check("Exit\nCode: 42", 0, None, Some("Exit\nCode: 42"));
    let denied =
        r#"{"Code":"NoPermission","Message":"no","AccessDeniedDetail":{"AuthAction":"a:B"},"Recommend":"x"}"#;
    let details = Refused::of_text(denied).fault.details;
    assert_eq!(details.as_deref(), Some(r#"{"AccessDeniedDetail":{"AuthAction":"a:B"}}"#));
}

/// Sentences that look like the forms of SDKs stay messages.
#[test]
fn messages_with_colons_stay_whole() {
    for message in [
        "User: anonymous is not authorized to perform: a:B on resource: c",
        "Signature expired: 20170606T115956Z is now earlier than 20170606T120022Z (20170606T121522Z - 15 min.)",
        "Credential should be scoped to correct service: 'execute-api'. ",
        "Value 'a' at 'gatewayARN' failed to satisfy constraint: Member must have length less than or equal to 500",
    ] {
        check(message, 0, None, Some(message.trim()));
    }
}

#[test]
fn traces_of_curl_are_read() {
    let trace = "*   Trying 192.0.2.1:443...\n> GET /prod/pets?a=b HTTP/1.1\n> Host: h.example.com\n> Authorization: AWS4-HMAC-SHA256 Credential=A/b, Signature=hush\n\
        > x-api-key: hush\n>\n{ [5 bytes data]\n< HTTP/1.1 403 Forbidden\n< Date: Mon, 05 Jan 2026 10:00:00 GMT\n< x-amzn-RequestId: 5e1f-1\n\
        < x-amzn-ErrorType: ForbiddenException\n<\n* Connection #0 to host h left intact\n{\"message\":\"Forbidden\"}* Closing connection 0\n";
    check_all(trace, 403, "ForbiddenException", "Forbidden", "5e1f-1");
    let refused = Refused::of_text(trace);
    assert!(refused.response.date().is_some());
    let facts = (refused.request.method.as_deref(), refused.request.path.as_deref(), refused.host.as_deref());
    assert_eq!(facts, (Some("GET"), Some("/prod/pets"), Some("h.example.com")));
    assert_eq!(refused.authorization_scheme.as_deref(), Some("AWS4-HMAC-SHA256"));
    assert!(!format!("{refused:?}").contains("hush"), "{refused:?}");
    let unsigned = Refused::of_text(&trace.replace("Authorization", "x-other"));
    assert_eq!(unsigned.request.is_signed, Some(false));
    let scheme = |value: &str| {
        Refused::of_text(&trace.replace("AWS4-HMAC-SHA256 Credential=A/b, Signature=hush", value))
            .authorization_scheme
    };
    assert_eq!(scheme("bearer hush").as_deref(), Some("bearer"));
    assert_eq!(scheme("mytoken v2"), None);
    // What is not shown is not known.
    let response = trace.lines().filter(|line| !line.starts_with('>')).collect::<Vec<_>>().join("\n");
    let shown = Refused::of_text(&response).request;
    assert_eq!((shown.method, shown.header_names, shown.is_signed), (None, None, None));
    let is_signed = |request: &str| {
        let request = request.replace('\n', "\n> ");
        Refused::of_text(&format!("> {request}\n>\n< HTTP/1.1 403 Forbidden\n<\nno")).request.is_signed
    };
    for (request, expected) in [
        ("GET /?Action=A&AccessKeyId=LTAI&Signature=x HTTP/1.1\nHost: sts.aliyuncs.com", None),
        ("GET /a?x-amz-signature=1 HTTP/1.1", None),
        ("GET /a?b=Signature HTTP/1.1", Some(false)),
        ("POST / HTTP/1.1\nHost: sts.aliyuncs.com\ncontent-type: application/x-www-form-urlencoded", None),
        (
            "POST / HTTP/1.1\nHost: sts.amazonaws.com\ncontent-type: application/x-www-form-urlencoded",
            Some(false),
        ),
        ("POST / HTTP/1.1\nHost: sts.aliyuncs.com\ncontent-type: application/json", Some(false)),
    ] {
        assert_eq!(is_signed(request), expected, "{request}");
    }
    let xml = "<?xml version=\"1.0\"?>\n<Error>\n<Code>AccessDenied</Code>\n<Message>no</Message>\n</Error>";
    let head = "> GET / HTTP/1.1\n>\n< HTTP/1.1 403 Forbidden\n< Server: AmazonS3\n< \n";
    check(
        &format!("{head}{xml}\n* Connection #0 to host h left intact"),
        403,
        Some("AccessDenied"),
        Some("no"),
    );
    let html = "<html>\n<head><title>403 Forbidden</title></head>\n<body>\n< b\n</body>\n</html>";
    let page = Refused::of_text(&format!("{head}{html}")).response;
    assert_eq!(page.body.map(|body| body.text).as_deref(), Some(html));
    // The command that was typed.
    check(
        "$ curl -i https://h/\nHTTP/2 404 \ncontent-type: a/b\n\n{\"message\":\"Not Found\"}",
        404,
        None,
        Some("Not Found"),
    );
}

#[test]
fn indented_heads_are_read() {
    check("$ curl -i https://h/\n  HTTP/2 404\n  a: b\n\n  {\"message\":\"M\"}", 404, None, Some("M"));
}

#[test]
fn secrets_are_masked_wherever_they_are() {
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    for pasted in [
        format!("aws_secret_access_key = {secret}\nis invalid"),
        format!("{secret}\nis invalid"),
        format!("{{\"message\":\"{secret}\"}}"),
        "aws_session_token: IQoJb3JpZ2luX2VjEAAaCXVz".to_owned(),
    ] {
        let refused = format!("{:?}", Refused::of_text(&pasted));
        assert!(!refused.contains(secret) && !refused.contains("IQoJ"), "{refused}");
    }
}

/// A map of headers panics if it gets more names than it can hold.
#[test]
fn headers_without_end_are_read_in_part() {
    let lines: Vec<_> = (0..40_000).map(|number| format!("x-{number}: a")).collect();
    let pasted = format!("HTTP/1.1 403 X\n{}\n\n{{\"message\":\"M\"}}", lines.join("\n"));
    check(&pasted, 403, None, Some("M"));
    let response = Refused::of_text(&pasted).response;
    assert_eq!(response.header("x-0"), Some("a"));
    assert!((10_000..40_000).contains(&response.headers.len()), "{}", response.headers.len());
}

/// Minutes, if the number were searched for to the end of the text.
#[test]
fn labels_without_a_number_are_read_in_linear_time() {
    let started = std::time::Instant::now();
    let labels = "status ".repeat(1 << 19);
    assert_eq!(Refused::of_text(&labels).response.status, 0);
    assert_eq!(Refused::parts_of_text(&labels), [labels]);
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

/// Minutes, if every head were searched for to the end of the text.
#[test]
fn heads_without_end_are_read_in_linear_time() {
    let started = std::time::Instant::now();
    check(&"HTTP/\n\n".repeat(1 << 18), 0, None, None);
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

/// Each part of a log, by the name and the message of its error.
#[track_caller]
fn check_parts(pasted: &str, expected: &[(&str, &str)]) {
    let parts = Refused::parts_of_text(pasted);
    let faults: Vec<_> = parts.iter().map(|part| Refused::of_text(part).fault).collect();
    let found: Vec<_> = faults
        .iter()
        .map(|fault| {
            (fault.exception.as_deref().unwrap_or_default(), fault.message.as_deref().unwrap_or_default())
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn logs_are_divided_into_their_errors() {
    check_parts(
        "$ aws s3 ls\n\nAn error occurred (AccessDenied) when calling the ListBuckets operation: Access Denied\n\
         \nAn error occurred (Strange) when calling the ListQueues operation: No\n",
        &[("AccessDenied", "Access Denied"), ("Strange", "No")],
    );
    // Terraform: the name is the same, the message is not.
    let line = |action| {
        format!(
            "│ Error: reading x: operation error IAM: {action}, https response error StatusCode: 403, RequestID: 1, \
             api error AccessDenied: not allowed: iam:{action}\n│ \n│   with x.y,\n│   on main.tf line 1:\n"
        )
    };
    check_parts(
        &format!("╷\n{}╵\n╷\n{}╵", line("GetRole"), line("GetPolicy")),
        &[("AccessDenied", "not allowed: iam:GetRole"), ("AccessDenied", "not allowed: iam:GetPolicy")],
    );
    let both = format!(
        "An error occurred (Throttling) when calling the A operation: Rate exceeded\n\
         An error occurred (ExpiredToken) when calling the A operation: {EXPIRED}"
    );
    check_parts(&both, &[("Throttling", "Rate exceeded"), ("ExpiredToken", EXPIRED)]);
    assert_eq!(Refused::of_text(&both).fault.message.as_deref(), Some("Rate exceeded"));
    let retries = "ThrottlingException: Rate exceeded\n".repeat(2);
    check_parts(
        &format!("{retries}12:01 ERROR {{\"__type\":\"ExpiredTokenException\",\"message\":\"expired\"}}\n"),
        &[
            ("ThrottlingException", retries.trim().split_once(": ").unwrap().1),
            ("ExpiredTokenException", "expired"),
        ],
    );
    // One error, whose trace and object repeat it.
    check_parts(
        "AccessDeniedException: no\n    at a (b.js:1)\nCaused by: AccessDeniedException: no\n {\n  __type: 'AccessDeniedException',\n",
        &[("AccessDeniedException", "no")],
    );
    check_parts(
        "HTTP/1.1 403 x\nx-amzn-errortype: SlowDown\n\n{\"__type\":\"AccessDenied\",\"message\":\"m\"}",
        &[("SlowDown", "m")],
    );
    check_parts("", &[("", "")]);
}

mod plain {
    use super::super::plain::*;

    #[track_caller]
    fn check(pasted: &str, expected: &str) {
        assert_eq!(plain(pasted), expected);
    }

    #[test]
    fn adornments_are_removed() {
        check("a\u{1b}[31mb\u{1b}[0m \u{1b}[1;33mc", "ab c");
        check("\u{1b}[", "");
        check("╷\n│ Error: x: y\n│ \n│   with z\n╵\n", "\nError: x: y\n\n  with z\n");
        check("ä │ b", "ä │ b");
    }

    #[test]
    fn users_in_urls_are_masked() {
        check("\"http://first.last:hush@proxy:3128\" x@y", "\"http://***@proxy:3128\" x@y");
        check("to http://a:h@u/s?h#@h.example.com/ http://b@c", "to http://***@h.example.com/ http://***@c");
        for url in ["https://h.example.com:443/prod/@connections/a", "http://[::1]:80/@a", "a://", "x: //a@b"]
        {
            check(url, url);
        }
    }

    #[test]
    fn secrets_without_a_name_are_masked() {
        check("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY.", "***");
        check("a=\"IQoJb3JpZ2luX2VjEAAaCXVz\"", "a=\"***\"");
        check("AKIAIOSFODNN7EXAMPLE at h.example.com", "AKIAIOSFODNN7EXAMPLE at h.example.com");
    }
}

mod pairs {
    use super::super::pairs::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let pairs = read(text);
        let pairs: Vec<_> = pairs.iter().map(|pair| (pair.name.as_str(), pair.value.as_str())).collect();
        assert_eq!(pairs, expected, "{text}");
    }

    #[test]
    fn notations_of_several_languages_are_read() {
        check("", &[]);
        check("a: b: 'c", &[("b", "c")]);
        check(r#"{"a":"b\"c","d":1}"#, &[("a", "b\"c")]);
        check("{'a-b': 'c', d: \"it's\"}", &[("a-b", "c"), ("d", "it's")]);
        check(r#"E { code: Some("X"), message: None }"#, &[("code", "X")]);
        check("m: 'a\\n' +\n  \"'b\\n\" +\n  'c', n: 'd'", &[("m", "a\n'b\nc"), ("n", "d")]);
        check(":'a'", &[]);
        check("a:'\\", &[("a", "")]);
    }
}

mod unanswered {
    use crate::{Evidence, Outcome};

    fn explained(pasted: &str) -> Option<String> {
        let outcome = Outcome::of_text(pasted)?;
        let mut evidence = Evidence::of_refused(crate::Refused::default(), "");
        evidence.outcome = outcome;
        Some(evidence.explain(None).to_string())
    }

    #[track_caller]
    fn check(pasted: &str, expected: &[&str]) {
        let explanation = explained(pasted).unwrap_or_default();
        assert!(expected.iter().all(|part| explanation.contains(part)), "{pasted}\n{explanation}");
    }

    #[test]
    fn names_and_connections() {
        check(
            "curl: (6) Could not resolve host: abc123.execute-api.eu-west-1.amazonaws.com",
            &["abc123.execute-api.eu-west-1.amazonaws.com: the host name cannot be resolved at the moment"],
        );
        check(
            "curl: (6) Could not resolve host: abc123.execute-api.eu-west-17.amazonaws.com",
            &["the host name does not exist", "The region `eu-west-17`"],
        );
        check(
            "[Errno 11002] getaddrinfo failed https://sts.amazonaws.com/",
            &["the host name cannot be resolved at the moment"],
        );
        check(
            "[Errno 11001] getaddrinfo failed https://sts.amazonaws.com/",
            &["the host name does not exist"],
        );
        check(
            "Post \"https://sts.us-east-12.amazonaws.com/\": dial tcp: lookup sts.us-east-12.amazonaws.com on 192.0.2.53:53: no such host",
            &["The region `us-east-12` in the host name is misspelled"],
        );
        check(
            "getaddrinfo EAI_AGAIN sts.amazonaws.com",
            &["sts.amazonaws.com: the host name cannot be resolved at the moment"],
        );
        check(
            "EndpointConnectionError: Could not connect to the endpoint URL: \"https://storagegateway.us-east-12.amazonaws.com/\"",
            &["The region `us-east-12` in the host name is misspelled"],
        );
        check(
            "Could not connect to the endpoint URL: \"https://storagegateway.us-east-1.amazonaws.com/\"",
            &["storagegateway.us-east-1.amazonaws.com: no connection", "`HTTPS_PROXY`"],
        );
        check(
            "Error: connect ECONNREFUSED 127.0.0.1:4566\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16)",
            &["127.0.0.1:4566: the connection is refused", "The server on this machine is not running"],
        );
        check(
            "Connect timeout on endpoint URL: \"https://sts.amazonaws.com/\"",
            &["sts.amazonaws.com", "cannot have executed it"],
        );
        check(
            "dial tcp 192.0.2.1:443: connect: connection refused",
            &["192.0.2.1:443: the connection is refused"],
        );
        check("Read timeout on endpoint URL: \"https://sts.amazonaws.com/\"", &["may have executed it"]);
        check("read tcp: connection reset by peer https://h.example.com/", &["h.example.com", "was reset"]);
        check("curl: (56) Received HTTP code 407 from proxy after CONNECT", &["proxy", "password"]);
        let password = "Failed to connect to proxy URL: \"http://first.last:hush@proxy.example.com:3128\"";
        check(password, &["http://***@proxy.example.com:3128"]);
        assert!(!explained(password).unwrap_or_default().contains("first.last"));
        check(
            "Post \"https://u:hush@h.example.com/\": connection reset by peer",
            &["h.example.com: the connection was reset"],
        );
    }

    /// Only before a request is sent, the service surely did not execute it.
    #[test]
    fn timeouts() {
        for pasted in [
            "Post \"https://h.example.com/\": dial tcp 192.0.2.1:443: i/o timeout",
            "Post \"https://h.example.com/\": dial tcp 192.0.2.1:443: connect: connection timed out",
            "Error: connect ETIMEDOUT 192.0.2.1:443",
            "curl: (28) Failed to connect to h.example.com port 443 after 130000 ms: Connection timed out",
            "Failed to establish a new connection: [Errno 110] Connection timed out",
            "java.net.ConnectException: Connection timed out",
            "HTTPSConnectionPool(host='h', port=443): Max retries exceeded (Caused by ConnectTimeoutError('Connection to h timed out. (connect timeout=5)'))",
        ] {
            check(pasted, &["cannot have executed it"]);
        }
        for pasted in [
            "Post \"https://h.example.com/\": read tcp 192.0.2.9:51234->192.0.2.1:443: i/o timeout",
            "Post \"https://h.example.com/\": read tcp 192.0.2.9:51234->192.0.2.1:443: read: connection timed out",
            "Error: read ETIMEDOUT",
            "i/o timeout",
            "SSLError(SSLEOFError(8, 'EOF occurred in violation of protocol (_ssl.c:2396)'))",
        ] {
            check(pasted, &["may have executed it"]);
        }
        check(
            "dial tcp: lookup h.example.com on 192.0.2.53:53: read udp 192.0.2.9:1->192.0.2.53:53: i/o timeout",
            &["h.example.com: the host name cannot be resolved at the moment", "cannot have executed it"],
        );
    }

    #[test]
    fn certificates() {
        check(
            "SSL validation failed for https://sts.amazonaws.com/ [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self signed certificate in certificate chain (_ssl.c:1129)",
            &["sts.amazonaws.com", "AWS_CA_BUNDLE"],
        );
        let curl = "curl: (60) SSL certificate problem: self signed certificate in certificate chain\n\
            More details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server.";
        check(curl, &["<host>: "]);
        check(&format!("$ curl https://h.example.com/\n{curl}"), &["h.example.com: "]);
        check(
            &format!("{curl}\nMore details here: https://x.example.com/\n* https://h.example.com/"),
            &["h.example.com: "],
        );
        check("Get https://h.example.com: x509: certificate signed by unknown authority", &["h.example.com"]);
        check("https://h.example.com/ certificate has expired", &["has expired"]);
    }

    #[test]
    fn credentials_and_settings() {
        check(
            "Unable to locate credentials. You can configure credentials by running \"aws configure\".",
            &["No source of credentials is configured"],
        );
        check(
            "operation error STS: GetCallerIdentity, failed to sign request: failed to retrieve credentials: no EC2 IMDS role found",
            &["No source of credentials is configured"],
        );
        check(
            "Unable to load AWS credentials from any provider in the chain: [EnvironmentVariableCredentialsProvider: Unable to load, \
             com.amazonaws.auth.profile.ProfileCredentialsProvider@1: profile file cannot be null]",
            &["No source of credentials is configured"],
        );
        check(
            "Error loading SSO Token: Token for my-sso does not exist",
            &["The login of IAM Identity Center has expired", "aws sso login"],
        );
        check("The config profile (prod) could not be found", &["prod", "aws configure list-profiles"]);
        check(
            "You must specify a region. You can also configure your region by running \"aws configure\".",
            &["A setting of the client"],
        );
    }

    #[test]
    fn what_a_service_sent_is_not_read() {
        for text in [
            "",
            "Missing Authentication Token",
            "{\"message\":\"connection refused\"}",
            "$ curl -i https://h/\nHTTP/1.1 407 Proxy Authentication Required\n\nno",
            "An error occurred (X) when calling the Y operation: no such host",
            "WebIdentityErr: failed to retrieve credentials\\ncaused by: X: y\\n\\tstatus code: 400, request id: 1",
            "User: x is not authorized to perform: a:B on resource: c",
            "failed to retrieve credentials: process provider error: error in credential_process: exit status 1",
            "Invoke: InternalServerError: connection timed out (status 504, request id r)",
            "AccessDeniedException: no such host",
            "HTTP Status: 400 Error:InvalidEndpoint connection refused RequestID: 1A2B",
        ] {
            assert_eq!(Outcome::of_text(text), None, "{text}");
        }
    }
}
