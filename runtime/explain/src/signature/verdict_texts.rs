//! Causes and remedies of each verdict.

use super::verdict::Verdict;

/// Texts of a verdict.
pub(super) struct VerdictText {
    /// What happened, in half a line.
    pub(super) what: &'static str,
    /// Why it happens, likeliest first.
    pub(super) causes: &'static [&'static str],
    /// What to do, in this order.
    pub(super) remedies: &'static [&'static str],
}

const fn text(
    what: &'static str,
    causes: &'static [&'static str],
    remedies: &'static [&'static str],
) -> VerdictText {
    VerdictText { what, causes, remedies }
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn of_verdict(verdict: Verdict) -> VerdictText {
    match verdict {
        Verdict::WrongSecret => text(
            "the signed texts agree, so the secret access key does not belong to the access key id",
            &[
                "The secret was copied with a space, a line break or a wrong character.",
                "The secret and the access key id come from different pairs.",
            ],
            &[
                "Check where the credentials come from, and set both values again, from one pair.",
                "Try the same pair with `GetCallerIdentity` of STS.",
                "Create a new access key if the secret is lost; it cannot be shown again.",
            ],
        ),
        Verdict::HeaderChanged => text(
            "a signed header arrived with another value",
            &[
                "A proxy or load balancer between client and service rewrites the header.",
                "The HTTP library sets the header itself after signing.",
            ],
            &[
                "Do not sign the header, unless its name begins with x-amz-.",
                "Configure the proxy to forward the header unchanged.",
                "Send exactly the value that was signed.",
            ],
        ),
        Verdict::HostRewritten => text(
            "the host at the service is not the one that was signed",
            &[
                "A content delivery network, proxy or load balancer replaces Host with the name of its origin.",
                "The name that the client connects to was signed, not the Host header.",
            ],
            &[
                "Sign the host name that the service receives.",
                "Or configure whatever is in between to forward Host unchanged.",
            ],
        ),
        Verdict::KeysSwapped => text(
            "access key id and secret access key are swapped",
            &["The access key id was set as the secret, and the secret as the id."],
            &[
                "Swap the two: the access key id consists of capital letters and digits, like `AKIA…`.",
                "Replace the access key: the secret was sent instead of the id, and may be in logs.",
            ],
        ),
        Verdict::PathEncoding => text(
            "the path was not percent-encoded in the way of the service",
            &["The signer encodes the path too often or not often enough for its canonical form."],
            &["For the canonical request, percent-encode each segment of the path as sent once more."],
        ),
        Verdict::PathNormalisation => text(
            "the paths differ in empty segments, dot segments or a last slash",
            &[
                "The signer removes or keeps parts that the service does not.",
                "A proxy normalises the path after it was signed.",
            ],
            &["Send a path without empty and dot segments.", "Sign the last slash exactly as it is sent."],
        ),
        Verdict::PathChanged => text(
            "the service received another path than was signed",
            &[
                "A proxy or a base path mapping adds or removes a part of the path after signing.",
                "The client follows a redirect with the old signature.",
            ],
            &[
                "Sign the path that the service receives.",
                "Configure the proxy to forward the path unchanged.",
            ],
        ),
        Verdict::QueryOrder => text(
            "the pairs of the query were signed in another order",
            &["The signer uses the pairs in the order of the URL."],
            &["Sort the pairs by encoded name, then by encoded value, for the canonical request."],
        ),
        Verdict::QueryEncoding => text(
            "the query was not percent-encoded in the way of the service",
            &["The signer uses the query unchanged: +, lower-case escapes or a name without an equals sign."],
            &[
                "Encode every name and value with upper-case escapes, a space as %20, and write name= for a bare name.",
            ],
        ),
        Verdict::QueryChanged => text(
            "the service received another query than was signed",
            &["A cache or proxy drops or adds parameters.", "The client adds parameters after signing."],
            &[
                "Configure whatever is in between to forward all parameters.",
                "Sign after the last parameter is set.",
            ],
        ),
        Verdict::BodyChanged => text(
            "the service received another body than was signed",
            &["The body was hashed before it had its final form, or something changed it on the way."],
            &[
                "Hash exactly the bytes that are sent.",
                "Disable compression and rewriting of bodies in proxies.",
            ],
        ),
        Verdict::MethodChanged => text(
            "the service received another method than was signed",
            &[
                "The client follows a redirect and turns POST into GET.",
                "A proxy or a method override changes the method.",
            ],
            &[
                "Use the URL that the redirect names, and sign for it.",
                "Configure the proxy to keep the method.",
            ],
        ),
        Verdict::SignedHeadersChanged => text(
            "client and service do not agree about the signed headers",
            &[
                "The names in SignedHeaders differ from the canonical request, or are not sorted.",
                "A proxy rewrites the Authorization header.",
            ],
            &["Write the names in lower case, sorted, and the same in both places."],
        ),
        Verdict::DateChanged => text(
            "the service read another time than was signed",
            &["X-Amz-Date and Date were both sent and differ.", "A proxy replaces Date."],
            &["Send only X-Amz-Date, and sign with the same time."],
        ),
        Verdict::ClockSkew => text(
            "the time of the signature is too far from the service's clock",
            &[
                "This machine's clock is off.",
                "The time was taken in a time zone other than UTC.",
                "The request was kept for a long time before it was sent.",
            ],
            &[
                "Synchronize the clock with NTP; in a virtual machine or container, the clock of the host.",
                "Let the client correct its clock by the service's Date, and send the request again.",
            ],
        ),
        Verdict::SignatureTooOld => text(
            "the request arrived too long after it was signed",
            &[
                "The request waited in a queue, or was repeated with the old signature.",
                "A presigned URL was used late.",
            ],
            &[
                "Sign again and send immediately; sign each attempt anew.",
                "Leave the clock unchanged if it agrees with the service's.",
            ],
        ),
        // The wrong parts add their own causes and remedies.
        Verdict::WrongScope => text(
            "the credential scope does not match the service",
            &["The scope is for another service, region or day."],
            &["Set region and signing name of the endpoint's service."],
        ),
        Verdict::WrongAlgorithm => text(
            "the service computed the signature with another algorithm",
            &["The signer uses an algorithm that the service does not expect here."],
            &["Sign with AWS4-HMAC-SHA256."],
        ),
        Verdict::ExpiredSessionToken => text(
            "the temporary credentials have expired",
            &["The session has ended.", "The credentials are in variables or a file that nothing renews."],
            &[
                "Get new credentials, with `AssumeRole` or a new login, and sign again.",
                "Use a source of credentials that renews them.",
            ],
        ),
        Verdict::MissingSessionToken => text(
            "temporary credentials came without their session token",
            &["Only the access key id and the secret were copied; the session token was not."],
            &[
                "Set the session token in addition to the keys: AWS_SESSION_TOKEN or ALIBABA_CLOUD_SECURITY_TOKEN, or in the profile.",
            ],
        ),
        Verdict::SessionTokenMismatch => text(
            "the session token does not belong to the access key",
            &[
                "The token and the access key come from different sessions.",
                "The token was cut off when it was copied.",
                "The token belongs to another partition, or is not valid in this opt-in region.",
            ],
            &[
                "Set all three values again, from one session.",
                "Get the token from the STS endpoint of the region.",
            ],
        ),
        Verdict::SessionTokenNotWanted => text(
            "a session token came with a long-term access key",
            &["A session token of earlier credentials is still set."],
            &[
                "Remove AWS_SESSION_TOKEN, ALIBABA_CLOUD_SECURITY_TOKEN or the profile's token, or set all credentials of the session.",
            ],
        ),
        Verdict::UnknownAccessKey => text(
            "the service does not know the access key",
            &[
                "The access key was deleted or deactivated.",
                "The access key id is mistyped.",
                "The access key belongs to another partition.",
            ],
            &["Check the access key in IAM.", "Try the same credentials with `GetCallerIdentity` of STS."],
        ),
        Verdict::WrongTargetVersion => text(
            "the service does not know the operation in x-amz-target; the signature is not the problem",
            &["The version in x-amz-target, or the operation's name, does not exist in the service."],
            &["Compare x-amz-target with the service's model: prefix, dot, operation."],
        ),
        Verdict::MalformedAuthorization => text(
            "the authorization lacks a part or cannot be read",
            &["The signer builds an invalid authorization.", "A proxy cuts off or rewrites the header."],
            &["Write Credential, SignedHeaders with host, and Signature, and send X-Amz-Date."],
        ),
        Verdict::NotASignature => text(
            "the authorization is not an AWS signature, and no authorizer accepted it",
            &[
                "No route has this path and method, so no authorizer reads the header.",
                "The route requires a signature, not a token.",
            ],
            &["Add the stage to the path if it is missing.", "Sign the request if the route uses IAM."],
        ),
        Verdict::UnsignedOrNoRoute => text(
            "the gateway found no signature, or has no such route",
            &[
                "Path or method do not exist in the deployed stage.",
                "The stage is missing from the path, or is in the path of a domain that adds it.",
                "The request was not signed.",
            ],
            &[
                "Compare path and method with what is deployed, and deploy the latest changes.",
                "Sign the request if the route uses IAM.",
            ],
        ),
        Verdict::UndeterminedMismatch => text(
            "the signatures differ, and the service does not show why",
            &["Something in the request or the credentials differs from what was signed."],
            &[
                "Try the credentials with `GetCallerIdentity` of STS: that distinguishes a wrong secret from a changed request.",
                "Compare the request as sent with the canonical request: path, query, host, body.",
                "Try without the proxy or network in between.",
            ],
        ),
    }
}
