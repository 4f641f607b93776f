//! The table of errors that AWS services share.

use crate::{
    Category::{self, Auth, Client, Clock, Throttling, Transient},
    WireError,
};

/// Other spellings, sorted, and the names that they are listed under.
pub(super) static ALIASES: &[(&str, &str)] = &[
    ("ExpiredToken", "ExpiredTokenException"),
    ("IncompleteSignatureException", "IncompleteSignature"),
    ("InternalFailureException", "InternalFailure"),
    ("MissingAuthenticationTokenException", "MissingAuthenticationToken"),
    ("RequestTimeout", "RequestTimeoutException"),
    ("ServiceUnavailableException", "ServiceUnavailable"),
    ("SubscriptionRequiredException", "OptInRequired"),
    ("ThrottledException", "ThrottlingException"),
    ("Throttling", "ThrottlingException"),
];

const TOO_FAST: &[&str] = &["Requests come faster than the service allows this account or caller."];
const SLOWER: &[&str] = &[
    "Wait before the next attempt, longer each time.",
    "Send fewer concurrent requests, and cache responses that seldom change.",
];
const CLOCK_OFF: &[&str] =
    &["This machine's clock is off.", "The request waited too long between signing and sending."];
const SET_CLOCK: &[&str] = &[
    "Compare this machine's clock with the `Date` header of the response, and set it, best by NTP.",
    "Sign each attempt anew, immediately before it is sent.",
];
const BAD_VALUE: &[&str] =
    &["A member has a value that is too short, too long, out of range or malformed.", MISSING];
const MISSING: &str = "A required member is missing.";
const READ_MESSAGE: &[&str] = &[
    "Read the message: it names the member.",
    "Compare the request with the constraints of its members in the documentation.",
];
const SIGNATURE_WRONG: &[&str] = &[
    "The secret access key does not belong to the access key id.",
    "The request was changed after it was signed, or signed for another region, service or host.",
    "This machine's clock is off.",
];
const CHECK_SIGNATURE: &[&str] = &[
    "Check the secret access key, also for white space at its ends.",
    "Compare what was signed with what the message shows, line by line.",
    "Compare this machine's clock with the `Date` header of the response.",
];
const TRY_AGAIN: &[&str] =
    &["Send the request again after a pause.", "If it continues, report it with the request id."];

/// Sorted by name.
pub(super) static ERRORS: &[WireError] = &[
    error(
        "AccessDeniedException",
        Auth,
        403,
        &[
            "No policy allows this identity the action on this resource, or a policy denies it.",
            "The credentials belong to another identity than intended.",
        ],
        &[
            "Find out whose credentials are used: `aws sts get-caller-identity`.",
            "Have the action allowed for that identity, and look for denials in every kind of policy.",
        ],
    ),
    error(
        "AuthFailure",
        Auth,
        401,
        &["The credentials cannot be validated.", "This machine's clock is off."],
        &["Check the access key and that it is active.", "Check this machine's clock."],
    ),
    error(
        "BandwidthLimitExceeded",
        Throttling,
        0,
        &["More data is transferred at a time than the service allows."],
        &["Wait before the next attempt, longer each time.", "Transfer less at a time."],
    ),
    error("EC2ThrottledException", Throttling, 0, &["EC2 throttles the service that was called."], SLOWER),
    error(
        "ExpiredTokenException",
        Auth,
        403,
        &["The session token has expired: temporary credentials end after minutes or hours."],
        &[
            "Renew the credentials (log in or assume the role again), then send the request again.",
            "In long-running programs, use a source of credentials that renews them.",
        ],
    ),
    error(
        "IDPCommunicationError",
        Transient,
        400,
        &["The identity provider did not respond to the service in time."],
        &["Send the request again after a pause.", "Check that the identity provider is reachable."],
    ),
    error(
        "IncompleteSignature",
        Auth,
        403,
        &[
            "The `Authorization` header lacks a part: credential, signed headers or signature.",
            "Something between client and service cut or rewrote the header.",
        ],
        &[
            "Compare the `Authorization` header that arrives with the one that was sent.",
            "Bypass proxies that rewrite headers.",
        ],
    ),
    error("InternalFailure", Transient, 500, &["Something went wrong inside the service."], TRY_AGAIN),
    error(
        "InternalServerError",
        Transient,
        500,
        &["Something went wrong inside the service, or in a resource that it manages."],
        &[
            "Read the operation error code if there is one: the remedy depends on it.",
            "Otherwise send the request again after a pause.",
        ],
    ),
    error(
        "InvalidAction",
        Client,
        400,
        &["The operation is misspelt, or belongs to another service or version."],
        &["Check operation and version in the request.", "Check that the endpoint is this service's."],
    ),
    error(
        "InvalidClientTokenId",
        Auth,
        403,
        &[
            "The access key is not known: misspelt, deleted or inactive.",
            "The access key belongs to another partition, such as China or GovCloud.",
            "Temporary credentials are used without their session token.",
        ],
        &[
            "Check the access key id and that the key is active.",
            "Check that credentials and region belong to the same partition.",
            "Send the session token if the access key id begins with `ASIA`.",
        ],
    ),
    error(
        "InvalidGatewayRequestException",
        Client,
        400,
        &["The request does not fit the gateway or its state; the operation error code says why."],
        &["Read the operation error code and the message: the remedy depends on them."],
    ),
    error(
        "InvalidParameterCombination",
        Client,
        400,
        &["Members are set together that exclude each other."],
        &["Read the message and omit one of the members."],
    ),
    error("InvalidParameterValue", Client, 400, BAD_VALUE, READ_MESSAGE),
    error(
        "InvalidQueryParameter",
        Client,
        400,
        &["The query string has a parameter that is malformed or not known."],
        &["Check names and values in the query string, and that each is percent-encoded."],
    ),
    error("InvalidSignatureException", Auth, 403, SIGNATURE_WRONG, CHECK_SIGNATURE),
    error(
        "LimitExceededException",
        Throttling,
        0,
        &[
            "A quota is used up: of resources with most services, of a usage plan with API Gateway.",
            "With some services: requests come too fast.",
        ],
        &[
            "Read the message. For a quota, a retry does not help: delete what is not needed or have it raised.",
            "For a rate, wait before the next attempt, longer each time.",
        ],
    ),
    error(
        "MalformedHttpRequestException",
        Client,
        400,
        &["The body or a header is not valid HTTP, or something on the way damaged it."],
        &[
            "Check that the body's encoding is the one that `Content-Encoding` names.",
            "Bypass proxies that rewrite requests.",
        ],
    ),
    error(
        "MalformedQueryString",
        Client,
        404,
        &["The query string has a syntax error."],
        &["Check that names and values in the query string are percent-encoded."],
    ),
    error(
        "MissingAction",
        Client,
        400,
        &["The request names no operation: `X-Amz-Target` or `Action` is missing or empty."],
        &["Send the operation's name.", "Check that no proxy removes headers or the query string."],
    ),
    error(
        "MissingAuthenticationToken",
        Auth,
        403,
        &[
            "The request arrived without a signature.",
            "With API Gateway: path and method are not deployed at this host.",
        ],
        &[
            "Configure credentials and sign the request.",
            "Check that no proxy removes the `Authorization` header.",
            "With API Gateway, check stage, path and method.",
        ],
    ),
    error("MissingParameter", Client, 400, &[MISSING], &["Read the message: it names the member; set it."]),
    error(
        "NotAuthorized",
        Auth,
        401,
        &["The identity has no permission for the action."],
        &["Have the action allowed for the identity whose credentials are used."],
    ),
    error(
        "OptInRequired",
        Auth,
        403,
        &["The account is not signed up for the service, or has not enabled the region."],
        &[
            "Check that the credentials belong to the account that you mean.",
            "Sign the account up for the service, or enable the region.",
        ],
    ),
    error(
        "PriorRequestNotComplete",
        Throttling,
        0,
        &["An earlier request about the same resource is still in progress."],
        &["Wait for the earlier request, then send this one again."],
    ),
    error(
        "ProvisionedThroughputExceededException",
        Throttling,
        0,
        &["More is read or written than the provisioned throughput allows."],
        &["Wait before the next attempt, longer each time.", "Have the throughput raised."],
    ),
    error(
        "RequestAbortedException",
        Client,
        400,
        &["The client closed the connection before the service had responded."],
        &[
            "Look for timeouts here and in proxies that are shorter than the operation takes.",
            "Find out whether the operation was executed before repeating it.",
        ],
    ),
    error(
        "RequestEntityTooLargeException",
        Client,
        413,
        &["The request is larger than the service accepts."],
        &["Send less in one request."],
    ),
    error("RequestExpired", Clock, 400, CLOCK_OFF, SET_CLOCK),
    error("RequestInTheFuture", Clock, 0, &["This machine's clock is ahead of the service's."], SET_CLOCK),
    error("RequestLimitExceeded", Throttling, 0, TOO_FAST, SLOWER),
    error("RequestThrottled", Throttling, 0, TOO_FAST, SLOWER),
    error("RequestThrottledException", Throttling, 0, TOO_FAST, SLOWER),
    error("RequestTimeTooSkewed", Clock, 403, CLOCK_OFF, SET_CLOCK),
    error(
        "RequestTimeoutException",
        Transient,
        408,
        &["The whole request did not arrive in time: the connection to the service is slow or stalls."],
        &["Send the request again.", "Check the connection, and proxies that delay requests."],
    ),
    error(
        "SerializationException",
        Client,
        400,
        &[
            "The body is not well-formed.",
            "A member has a value of another type than the service expects.",
            "The content type is not the one that the protocol requires.",
        ],
        &["Check that each member has the type of the model.", "Check the `Content-Type` header."],
    ),
    error(
        "ServiceQuotaExceededException",
        Client,
        402,
        &["A quota of this account is used up: of resources, or of what one of them may hold."],
        &["Delete what is not needed, or have the quota raised.", "Read the message: it may name the quota."],
    ),
    error(
        "ServiceUnavailable",
        Transient,
        503,
        &["The service has a transient failure or is overloaded."],
        &["Send the request again after a pause that grows with each attempt."],
    ),
    error("SignatureDoesNotMatch", Auth, 403, SIGNATURE_WRONG, CHECK_SIGNATURE),
    error("SlowDown", Throttling, 0, TOO_FAST, SLOWER),
    error("ThrottlingException", Throttling, 400, TOO_FAST, SLOWER),
    error("TooManyRequests", Throttling, 429, TOO_FAST, SLOWER),
    error("TooManyRequestsException", Throttling, 429, TOO_FAST, SLOWER),
    error(
        "TransactionInProgressException",
        Throttling,
        0,
        &["A transaction with the same token is still in progress."],
        &["Wait for it to end, then send the request again with the same token."],
    ),
    error(
        "UnknownOperationException",
        Client,
        404,
        &[
            "Operation or version in `X-Amz-Target` is not one of the service's.",
            "The endpoint belongs to another service.",
        ],
        &["Check `X-Amz-Target`: its prefix names the service and the version.", "Check the endpoint."],
    ),
    error(
        "UnrecognizedClientException",
        Auth,
        403,
        &[
            "The access key or the session token is not valid: misspelt, deleted, inactive.",
            "Temporary credentials are used without their session token.",
            "The credentials belong to another partition, or the region is not enabled for the account.",
        ],
        &[
            "Get fresh credentials and send the session token with them.",
            "Check that credentials and region belong to the same partition.",
        ],
    ),
    error("ValidationError", Client, 400, BAD_VALUE, READ_MESSAGE),
    error("ValidationException", Client, 400, BAD_VALUE, READ_MESSAGE),
];

const fn error(
    wire: &'static str,
    category: Category,
    status: u16,
    causes: &'static [&'static str],
    remedies: &'static [&'static str],
) -> WireError {
    WireError::new(wire, category, status, "", causes, remedies)
}
