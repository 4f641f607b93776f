//! Error responses.

use crate::protocol::{
    Fault,
    tree::{Node, xml::any_document},
};

/// Names of further members of an error response.
const DETAILS: [&str; 5] = ["AccessDeniedDetail", "Data", "Description", "Detail", "Recommend"];

/// Reads an error in JSON or XML, independent of the requested format.
pub(super) fn read(body: &[u8]) -> Fault {
    let Ok(node) = any_document(body) else { return Fault::default() };
    let text = |name| {
        let text = node.member(name)?.to_text()?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    Fault {
        code: text("Code"),
        message: text("Message"),
        host_id: text("HostId"),
        details: details(&node),
        ..Fault::default()
    }
}

fn details(node: &Node<'_>) -> Option<String> {
    let told = |name: &'static str| {
        let detail = node.member(name).filter(|detail| !detail.is_nothing())?;
        Some((name, detail))
    };
    let details: serde_json::Map<_, _> = DETAILS
        .into_iter()
        .filter_map(told)
        .filter_map(|(name, detail)| Some((name.to_owned(), serde_json::to_value(detail).ok()?)))
        .collect();
    (!details.is_empty()).then(|| serde_json::Value::from(details).to_string())
}
