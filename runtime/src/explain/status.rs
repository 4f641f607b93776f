//! What a status means where the answer names no error.

use super::{Answer, Explanation, lines};
use crate::{error::is_visible, mask::mask};

/// Causes and remedies by status alone.
pub(super) fn explain(answer: &Answer) -> Explanation {
    let (causes, remedies): (&[&str], &[&str]) = match answer.status {
        101 => (
            &[
                "The server switched to another protocol, such as WebSocket; `Upgrade` names it.",
                "The URL belongs to a WebSocket server, or a proxy adds an `Upgrade` header to requests.",
            ],
            &[
                ENDPOINT,
                "Configure the proxy to forward `Upgrade` and `Connection` as the client sends them, or bypass it (NO_PROXY).",
            ],
        ),
        100..=199 => (
            &[
                "This is an interim response: the server sends the final one after it, on the same connection.",
            ],
            &["Look for the final response; its status says whether the request succeeded."],
        ),
        200..=299 => (
            &["The request succeeded: the status is not one of an error."],
            &[
                "If the body reports an error all the same, explain the body on its own.",
                "Otherwise nothing is left to do.",
            ],
        ),
        301 | 302 | 307 | 308 => (
            &[
                "The endpoint redirects to another address. Redirects are not followed: a signature is valid for one host.",
                "A login page or proxy redirects to itself.",
            ],
            &[
                "Set the endpoint URL or the region to the address in `Location`, if that is the service.",
                "Otherwise check the proxy, and whether this network asks you to log in.",
            ],
        ),
        303 => (
            &[
                "The server accepted the request, and its result is at another address, which a `GET` reads.",
                "A login page redirects to itself.",
            ],
            &[
                "Find out whether the operation was executed before repeating it.",
                "Read the address in `Location` with a request of its own, signed for that host, if it is the service.",
                "Otherwise check the proxy, and whether this network asks you to log in.",
            ],
        ),
        304 => (
            &[
                "Nothing has changed: the request had an `If-None-Match` or `If-Modified-Since` header, and the copy that it names is still current.",
                "If the request had neither header, a cache or proxy before the service added one.",
            ],
            &[
                "Use the copy from the earlier response; this one has no body.",
                "For a complete response, send the request without these headers.",
                "If the request had neither header, bypass the cache or proxy (NO_PROXY).",
            ],
        ),
        305 | 306 => (
            &[
                "The server accepts requests only through a proxy. HTTP no longer defines this status, and clients ignore it.",
            ],
            &["Set HTTPS_PROXY by hand if you trust the proxy that `Location` names.", ENDPOINT],
        ),
        300..=399 => (
            &[
                "The server asks for a further step, such as choosing one of several addresses; the client takes none.",
            ],
            &[
                "Set the endpoint URL to one of the addresses that headers or body list, if it is the service.",
                READ_BODY,
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
    let location = location.map(|location| format!("Location: {}", mask(location)));
    Explanation {
        evidence: location.into_iter().collect(),
        causes: lines(causes),
        remedies: lines(remedies),
        ..Explanation::default()
    }
}

const ENDPOINT: &str = "Check host, port and path of the endpoint URL.";
const READ_BODY: &str = "Read the raw body, which the error keeps: it may say who answered.";
const REPEAT: &str = "Send the request again after a pause.";
const REPORT: &str = "If it stays, report it with the request id.";
