//! What a status means where the answer names no error.

use super::{Answer, Explanation, lines};
use crate::{error::is_visible, mask::mask};

/// Causes and remedies by status alone.
pub(super) fn explain(answer: &Answer) -> Explanation {
    let (causes, remedies): (&[&str], &[&str]) = match answer.status {
        300..=399 => (
            &[
                "The endpoint sends to another address. Redirects are not followed: a signature holds for one host.",
                "A login page or proxy sends to itself.",
            ],
            &[
                "Set the endpoint URL or the region to what `Location` names, if that is the service.",
                "Otherwise check the proxy, and whether this network asks you to log in.",
            ],
        ),
        400 => (
            &["The service, or something before it, did not understand the request."],
            &["Check that the endpoint URL is this service's.", READ_BODY],
        ),
        401 | 403 => (
            &[
                "The request was refused before the service saw it: by a firewall, a proxy or a policy of the endpoint.",
                "The service does not accept the credentials, or does not allow the action.",
            ],
            &[
                READ_BODY,
                "Check the endpoint URL, the proxy and the policies of a VPC endpoint.",
                "Check whose credentials are used: `aws sts get-caller-identity`.",
            ],
        ),
        404 => (
            &[
                "The endpoint URL has a wrong path, or belongs to another server.",
                "The service does not have this operation in this region.",
            ],
            &["Check host and path of the endpoint URL.", "Check the region."],
        ),
        405 => (
            &["What answers there does not take POST requests: another server, or a wrong path."],
            &["Check host and path of the endpoint URL."],
        ),
        407 => (
            &["A proxy wants credentials."],
            &["Put the proxy's user and password into HTTPS_PROXY, or exempt the host in NO_PROXY."],
        ),
        408 => (
            &["The whole request did not arrive in time: the way to the service is slow or stalls."],
            &["Send the request again.", "Check the connection, and proxies that hold requests back."],
        ),
        413 => (
            &["The request is larger than the service, or a proxy before it, accepts."],
            &["Send less in one request.", "Check the proxy's limit on bodies."],
        ),
        429 => (
            &["Requests come faster than the service, or a proxy before it, allows."],
            &[
                "Wait before the next attempt, longer each time; `Retry-After` may say how long.",
                "Send fewer requests at once.",
            ],
        ),
        503 => (
            &["The service, or a load balancer before it, is overloaded or down for the moment."],
            &[REPEAT, "If it stays, check the service's state in the region."],
        ),
        502 | 504 => (
            &[
                "A gateway, proxy or load balancer got no answer in time from what is behind it.",
                "The operation may have been executed all the same.",
            ],
            &[
                "Find out whether the operation was executed before repeating it.",
                REPEAT,
                "If it stays, look into the proxy or load balancer that answered.",
            ],
        ),
        status if status / 100 == 5 => (
            &["The service failed and does not say why."],
            &["Find out whether the operation was executed before repeating it.", REPEAT, REPORT],
        ),
        status if status / 100 == 4 => (
            &["The request was refused, by the service or by something before it, and no reason is named."],
            &[READ_BODY, "Check the endpoint URL and the proxy."],
        ),
        _ => (
            &["This is no status that the service answers with; something else answered."],
            &["Check host, port and path of the endpoint URL.", READ_BODY],
        ),
    };
    let location = answer.header("location").filter(|location| is_visible(location));
    let location = location.map(|location| format!("it sends to {}", mask(location)));
    Explanation {
        evidence: location.into_iter().collect(),
        causes: lines(causes),
        remedies: lines(remedies),
        ..Explanation::default()
    }
}

const READ_BODY: &str = "Read the raw body, which the error keeps: it may say who answered.";
const REPEAT: &str = "Send the request again after a pause.";
const REPORT: &str = "If it stays, report it with the request id.";
