//! What a status means if the response names no error.

use super::{Explanation, ResponseEvidence, lines};
use crate::{mask::mask, text::is_visible};

/// Causes and remedies by status alone.
pub(super) fn explain(response: &ResponseEvidence) -> Explanation {
    let (causes, remedies) = match response.status {
        status @ 100..400 => of_no_error(status),
        status => of_error(status),
    };
    let location = response.header("location").filter(|location| is_visible(location));
    let location = location.map(|location| format!("Location: {}", mask(location)));
    Explanation {
        evidence: location.into_iter().collect(),
        causes: lines(causes),
        remedies: lines(remedies),
        ..Explanation::default()
    }
}

/// Causes and remedies.
type Lines = (&'static [&'static str], &'static [&'static str]);

/// Of statuses below 400 (RFC 9110, 15.2 to 15.4).
fn of_no_error(status: u16) -> Lines {
    match status {
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
        status if status / 100 == 1 => (
            &[
                "This is an interim response: the server sends the final one after it, on the same connection.",
            ],
            &["Look for the final response; its status says whether the request succeeded."],
        ),
        301 | 302 | 307 | 308 => (
            &[
                "The endpoint redirects to another address. Redirects are not followed: a signature is valid for one host.",
                "A login page or proxy redirects to itself.",
            ],
            &[
                "Set the endpoint URL or the region to the address in `Location`, if that is the service.",
                LOGIN,
            ],
        ),
        303 => (
            &[
                "The server accepted the request, and its result is at another address, which a `GET` reads.",
                "A login page redirects to itself.",
            ],
            &[
                EXECUTED,
                "Read the address in `Location` with a request of its own, signed for that host, if it is the service.",
                LOGIN,
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
        status if status / 100 == 3 => (
            &[
                "The server asks for a further step, such as choosing one of several addresses; the client does not take such steps.",
            ],
            &[
                "Set the endpoint URL to one of the addresses that headers or body list, if it is the service.",
                READ_BODY,
            ],
        ),
        _ => (
            &["The request succeeded: its status is not an error status."],
            &[
                "If the body reports an error all the same, explain the body on its own.",
                "Otherwise no action is needed.",
            ],
        ),
    }
}

fn of_error(status: u16) -> Lines {
    match status {
        400 => (
            &["The service, or a gateway or proxy before it, did not understand the request."],
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
            &["The server does not accept POST requests: another server, or a wrong path."],
            &["Check host and path of the endpoint URL."],
        ),
        407 => (
            &["A proxy requires credentials."],
            &["Put the proxy's user and password into HTTPS_PROXY, or exempt the host in NO_PROXY."],
        ),
        408 => (
            &[
                "The complete request did not arrive in time: the connection to the service is slow or stalls.",
            ],
            &["Send the request again.", "Check the connection, and proxies that delay requests."],
        ),
        413 => (
            &["The request is larger than the service, or a proxy before it, accepts."],
            &["Send less in one request.", "Check the proxy's limit on bodies."],
        ),
        429 => (
            &["Requests come faster than the service, or a proxy before it, allows."],
            &[
                "Wait before the next attempt, longer each time; `Retry-After` may contain the delay.",
                "Send fewer concurrent requests.",
            ],
        ),
        503 => (
            &["The service, or a load balancer before it, is overloaded or temporarily down."],
            &[REPEAT, "If it continues, check the service's state in the region."],
        ),
        502 | 504 => (
            &[
                "A gateway, proxy or load balancer got no response in time from the server behind it.",
                "The operation may have been executed all the same.",
            ],
            &[EXECUTED, REPEAT, "If it continues, check the proxy or load balancer that responded."],
        ),
        status if status / 100 == 5 => {
            (&["The service failed without a reason."], &[EXECUTED, REPEAT, REPORT])
        }
        status if status / 100 == 4 => (
            &[
                "The request was refused, by the service or by a gateway or proxy before it, without a reason.",
            ],
            &[READ_BODY, "Check the endpoint URL and the proxy."],
        ),
        _ => (
            &["This is not a status of HTTP services; something other than the service responded."],
            &[ENDPOINT, READ_BODY],
        ),
    }
}

const ENDPOINT: &str = "Check host, port and path of the endpoint URL.";
const EXECUTED: &str = "Find out whether the operation was executed before repeating it.";
const LOGIN: &str = "Otherwise check the proxy, and whether this network asks you to log in.";
const READ_BODY: &str = "Read the raw body, which the error keeps: it may show which server responded.";
const REPEAT: &str = "Send the request again after a pause.";
const REPORT: &str = "If it continues, report it with the request id.";
