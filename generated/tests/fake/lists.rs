//! Responses that come in pages.

use gatewright::{
    Error,
    aws_storage_gateway::{
        Client, FileShareInfo, GatewayInfo, ListFileSharesRequest, ListFileSharesResponse,
        ListGatewaysRequest, ListGatewaysResponse,
    },
    fake::{Fake, FakeError},
};

use crate::start;

/// Three pages of two gateways.
async fn gateways() -> (Fake, Client) {
    let (fake, client) = start().await;
    fake.on(|request: ListGatewaysRequest| {
        assert_eq!(request.limit, Some(2), "every page is asked for alike");
        let page: u32 = request
            .marker
            .as_deref()
            .unwrap_or("0")
            .parse()
            .map_err(|_| FakeError::code("InvalidParameters"))?;
        let gateway = |number| GatewayInfo::new().gateway_id(format!("sgw-{number}"));
        let response = ListGatewaysResponse::new().gateways(vec![gateway(2 * page), gateway(2 * page + 1)]);
        Ok(if page < 2 { response.marker((page + 1).to_string()) } else { response })
    });
    (fake, client)
}

#[tokio::test]
async fn items_of_all_pages() {
    let (fake, client) = gateways().await;
    let mut items = client.list_gateways(ListGatewaysRequest::new().limit(2)).items();
    let mut ids = Vec::new();
    while let Some(item) = items.next().await {
        ids.push(item.unwrap().gateway_id.unwrap());
    }
    assert_eq!(ids, ["sgw-0", "sgw-1", "sgw-2", "sgw-3", "sgw-4", "sgw-5"]);
    assert_eq!(fake.requests().len(), 3);
}

#[tokio::test]
async fn pages_end_at_an_error() {
    let (fake, client) = gateways().await;
    let mut pages = client.list_gateways(ListGatewaysRequest::new().limit(2)).pages();
    assert_eq!(pages.next().await.unwrap().unwrap().marker.as_deref(), Some("1"));
    fake.fail_next::<ListGatewaysRequest>("InvalidParameters");
    assert!(matches!(pages.next().await, Some(Err(Error::Service(_)))));
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn tokens_of_other_names_and_circles() {
    let (fake, client) = start().await;
    fake.on(|request: ListFileSharesRequest| {
        let share = FileShareInfo::new().file_share_id(request.marker.unwrap_or_default());
        Ok(ListFileSharesResponse::new().file_share_info_list(vec![share]).next_marker("again"))
    });
    let mut items = client.list_file_shares(ListFileSharesRequest::new()).items();
    assert_eq!(items.next().await.unwrap().unwrap().file_share_id.as_deref(), Some(""));
    // The second page has its own token; its items are delivered first.
    assert_eq!(items.next().await.unwrap().unwrap().file_share_id.as_deref(), Some("again"));
    let Some(Err(Error::Response(error))) = items.next().await else { panic!() };
    assert!(error.reason().contains("same page token"), "{error}");
    assert!(items.next().await.is_none());
}
