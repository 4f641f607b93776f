//! Responses of an RPC service as its documentation has them: irregular ones, in JSON and XML.
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use gatewright::{
    BoxFuture, Error, Operation, Secret,
    alibaba_csg::{
        Client, CreateStorageBundleRequest, CreateStorageBundleRequired, DeleteGatewayBlockVolumesRequest,
        DeleteGatewayBlockVolumesRequired, DescribeCsgClientTasksRequest, DescribeCsgClientsRequest,
        DescribeGatewayAutoPlansRequest, DescribeGatewaySmbUsersRequest, DescribeStorageBundleRequest,
        DescribeTasksRequest, ErrorCode, ListAlertEventsRequest, UpgradeGatewayRequest,
    },
    credentials::Credentials,
    transport::{Request, Response, Transport, TransportError},
};

/// Gives every request the same response.
#[derive(Debug)]
struct Canned(String);

impl Transport for Canned {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let response = Response::new(self.0.clone().into());
        Box::pin(async { Ok(response) })
    }
}

fn client(body: &str) -> Client {
    Client::builder()
        .region("cn-shanghai")
        .credentials(Credentials::new("testid", Secret::new("testsecret")))
        .transport(Canned(body.to_owned()))
        .build()
        .unwrap()
}

async fn read<R: Operation>(request: R, body: &str) -> R::Output {
    let response = client(body).as_ref().call(request).await;
    response.unwrap_or_else(|error| panic!("{}: {error}", R::INFO.name))
}

#[tokio::test]
async fn codes_are_text_or_number() {
    let bundle = || {
        CreateStorageBundleRequest::new(CreateStorageBundleRequired {
            backend_bucket_region_id: "cn-shanghai".into(),
            name: "bundle".into(),
        })
    };
    for body in [
        r#"{"Code": 200, "Success": true, "RequestId": "r"}"#,
        r#"{"Code": "200", "Success": "true", "RequestId": "r"}"#,
        "<CreateStorageBundleResponse><Code>200</Code><Success>true</Success></CreateStorageBundleResponse>",
    ] {
        let response = read(bundle(), body).await;
        assert_eq!((response.code.as_deref(), response.success), (Some("200"), Some(true)), "{body}");
    }
    let response = read(UpgradeGatewayRequest::new("gw-1"), r#"{"Code": "Code", "TaskId": "t-1"}"#).await;
    assert_eq!((response.code.as_deref(), response.task_id.as_deref()), (Some("Code"), Some("t-1")));
    for body in [r#"{"Success": false, "Code": 503}"#, "<E><success>false</success><code>503</code></E>"] {
        let error = client(body).as_ref().call(bundle()).await.unwrap_err();
        let Error::Service(error) = error else { panic!("{body}: {error}") };
        assert_eq!(error.code(), Some(&ErrorCode::from("503")), "{body}");
    }
}

#[tokio::test]
async fn members_in_lower_camel_case_and_numbers_as_text() {
    let json = r#"{"BackendBucketRegionId": "cn-shanghai", "CreatedTime": 1544604083}"#;
    let mixed = r#"{"backendBucketRegionId": "cn-shanghai", "createdTime": "1544604083"}"#;
    let xml = "<DescribeStorageBundleResponse><backendBucketRegionId>cn-shanghai</backendBucketRegionId>\
        <createdTime>1544604083</createdTime></DescribeStorageBundleResponse>";
    for body in [json, mixed, xml] {
        let response = read(DescribeStorageBundleRequest::new("sb-1"), body).await;
        assert_eq!(response.backend_bucket_region_id.as_deref(), Some("cn-shanghai"), "{body}");
        assert_eq!(response.created_time, Some(1_544_604_083), "{body}");
    }
}

#[tokio::test]
async fn xml_without_a_root() {
    let body = "<TaskId>t-1</TaskId><RequestId>r-1</RequestId><Message>successful</Message><Code>200</Code>";
    let response = read(
        DeleteGatewayBlockVolumesRequest::new(DeleteGatewayBlockVolumesRequired {
            gateway_id: "gw-1".into(),
            index_id: "i-1".into(),
        }),
        body,
    )
    .await;
    assert_eq!((response.task_id.as_deref(), response.message.as_deref()), (Some("t-1"), Some("successful")));
}

#[tokio::test]
async fn xml_without_the_wrapper_of_its_items() {
    for users in ["<User><Username>alex</Username></User>", "<Username>alex</Username>"] {
        let body = format!(
            "<DescribeGatewaySMBUsersResponse><Users>{users}</Users></DescribeGatewaySMBUsersResponse>"
        );
        let response = read(DescribeGatewaySmbUsersRequest::new("gw-1"), &body).await;
        let users: Vec<_> = response.users.unwrap().into_iter().map(|user| user.username.unwrap()).collect();
        assert_eq!(users, ["alex"], "{body}");
    }
}

const TASKS: [&str; 2] = [
    r#"{"Tasks": {"SimpleTask": [{"TaskId": "t-1"}, {"TaskId": "t-2"}]}}"#,
    "<R><Tasks><SimpleTask><TaskId>t-1</TaskId></SimpleTask><SimpleTask><TaskId>t-2</TaskId></SimpleTask></Tasks></R>",
];

#[tokio::test]
async fn an_item_may_have_a_name_of_its_own() {
    for body in TASKS {
        let tasks = read(DescribeTasksRequest::new("gw-1"), body).await.tasks.unwrap();
        let ids: Vec<_> = tasks.into_iter().map(|task| task.task_id.unwrap()).collect();
        assert_eq!(ids, ["t-1", "t-2"], "{body}");
    }
}

/// One list in its forms: bare as the service writes it, repeated in XML, a lone item, and none.
macro_rules! bare_list {
    ($request:expr, $list:literal = $field:ident, $member:literal = $text:ident) => {
        let item = |name| format!("{{\"{}\": \"{name}\"}}", $member);
        let element = |name| format!("<{0}><{1}>{name}</{1}></{0}>", $list, $member);
        for (body, expected) in [
            (format!("{{\"{}\": [{}, {}]}}", $list, item("a"), item("b")), Some(vec!["a", "b"])),
            (format!("{{\"{}\": {}}}", $list, item("a")), Some(vec!["a"])),
            (format!("{{\"{}\": []}}", $list), Some(vec![])),
            (format!("<R>{}{}</R>", element("a"), element("b")), Some(vec!["a", "b"])),
            (format!("<R>{}</R>", element("a")), Some(vec!["a"])),
            (format!("<R><{}/></R>", $list), None),
            ("<R/>".to_owned(), None),
        ] {
            let items = read($request, &body).await.$field;
            let names = items.map(|items| {
                items.into_iter().map(|item| item.$text.unwrap().to_string()).collect::<Vec<_>>()
            });
            assert_eq!(
                names,
                expected.map(|names: Vec<&str>| names.into_iter().map(str::to_owned).collect()),
                "{body}"
            );
        }
    };
}

#[tokio::test]
async fn four_lists_have_no_wrapper() {
    bare_list!(DescribeCsgClientTasksRequest::new(), "Tasks" = tasks, "TaskId" = task_id);
    bare_list!(DescribeCsgClientsRequest::new(), "Clients" = clients, "ClientId" = client_id);
    bare_list!(DescribeGatewayAutoPlansRequest::new(), "AutoPlans" = auto_plans, "PlanId" = plan_id);
    bare_list!(ListAlertEventsRequest::new(), "AlertEvents" = alert_events, "Type" = type_);
}
