//! Verdicts about refused signatures, and hints.

use std::fmt;

macro_rules! ids {
    (
        $(#[$doc:meta])* pub enum $Enum:ident;
        $($(#[$variant_doc:meta])* $Variant:ident = $id:literal,)*
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $Enum {
            $($(#[$variant_doc])* $Variant,)*
        }

        impl $Enum {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$Variant,)*];

            /// The identifier, in snake case.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$Variant => $id,)*
                }
            }
        }

        impl fmt::Display for $Enum {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

ids! {
    /// Why a request was refused because of its signature.
    pub enum Verdict;

    /// Access key id and secret access key are swapped.
    KeysSwapped = "keys_swapped",
    /// Both sides signed the same texts, so the keys differ.
    WrongSecret = "wrong_secret",
    /// A signed header arrived with another value, empty or not at all.
    HeaderChanged = "header_changed",
    /// `Host` at the service is not the signed one.
    HostRewritten = "host_rewritten",
    /// The path was not percent-encoded in the way of the service.
    PathEncoding = "path_encoding",
    /// One side removed empty or dot segments or a last slash, the other did not.
    PathNormalisation = "path_normalisation",
    /// The service received another path.
    PathChanged = "path_changed",
    /// The pairs of the query were signed in another order.
    QueryOrder = "query_order",
    /// The query was not percent-encoded in the way of the service.
    QueryEncoding = "query_encoding",
    /// The service received another query.
    QueryChanged = "query_changed",
    /// The service received another body.
    BodyChanged = "body_changed",
    /// The service received another method.
    MethodChanged = "method_changed",
    /// The two sides disagree about which headers are signed, or in which form.
    SignedHeadersChanged = "signed_headers_changed",
    /// The service read another time than was signed.
    DateChanged = "date_changed",
    /// This machine's clock is off.
    ClockSkew = "clock_skew",
    /// The clock is right, but the request arrived long after it was signed.
    SignatureTooOld = "signature_too_old",
    /// Region, service, date or terminator of the credential scope is not the service's.
    WrongScope = "wrong_scope",
    /// The service expects another algorithm.
    WrongAlgorithm = "wrong_algorithm",
    /// The temporary credentials have expired.
    ExpiredSessionToken = "expired_session_token",
    /// Temporary credentials came without their token.
    MissingSessionToken = "missing_session_token",
    /// The token does not belong to the access key.
    SessionTokenMismatch = "session_token_mismatch",
    /// A token came with a long-term access key.
    SessionTokenNotWanted = "session_token_not_wanted",
    /// No account has the access key.
    UnknownAccessKey = "unknown_access_key",
    /// The service does not know the operation; the signature is not at fault.
    WrongTargetVersion = "wrong_target_version",
    /// The authorization lacks a part, or has one that cannot be read.
    MalformedAuthorization = "malformed_authorization",
    /// The authorization has another scheme, but was read as a signature.
    NotASignature = "not_a_signature",
    /// No signature arrived, or nothing is deployed at that path and method.
    UnsignedOrNoRoute = "unsigned_or_no_route",
    /// The signatures differ, and the service does not show why.
    UndeterminedMismatch = "undetermined_mismatch",
}

impl Verdict {
    /// Whether another attempt helps, and what must happen before it.
    pub const fn retry(self) -> Retry {
        match self {
            Self::ClockSkew => Retry::AfterCorrectingTheClock,
            Self::SignatureTooOld => Retry::AfterSigningAgain,
            Self::ExpiredSessionToken => Retry::AfterRenewingCredentials,
            _ => Retry::Never,
        }
    }
}

ids! {
    /// Whether another attempt with the same settings helps.
    pub enum Retry;

    /// No: it is refused as well.
    Never = "never",
    /// Once, signed with the service's time.
    AfterCorrectingTheClock = "after_correcting_the_clock",
    /// With a new signature; the clock is right.
    AfterSigningAgain = "after_signing_again",
    /// Once, with new credentials.
    AfterRenewingCredentials = "after_renewing_credentials",
}

ids! {
    /// A detail that makes a verdict more precise.
    pub enum Hint;

    /// Nothing is deployed at that path and method, so no authorizer read the header.
    RouteOrMethodProbablyMissing = "route_or_method_probably_missing",
    /// The lifetime that the presigned URL asks for is longer than the service grants.
    XAmzExpiresIgnored = "x_amz_expires_ignored",
    /// The name of the connection was signed, not the `Host` that was sent.
    SignTheHostHeaderValue = "sign_the_host_header_value",
    /// One side has the scheme's default port in the host.
    DefaultPortInHost = "default_port_in_host",
    /// The canonical path lacks one round of percent-encoding.
    EncodeWirePathOnceMore = "encode_wire_path_once_more",
    /// Segments of the path were encoded too often, or not all in the same way.
    EncodeWirePathExactlyOnce = "encode_wire_path_exactly_once",
    /// One path is the end of the other: a stage or base path was added or removed.
    StageOrBasePath = "stage_or_base_path",
    /// The signed hash is the hash of an empty body.
    SignedEmptyBody = "signed_empty_body",
    /// No body arrived.
    ServerSawEmptyBody = "server_saw_empty_body",
    /// The service does not accept an unsigned or streamed payload.
    PayloadModeNotAccepted = "payload_mode_not_accepted",
    /// Something re-encoded or compressed the body.
    ReEncodedOrCompressedOnTheWay = "re_encoded_or_compressed_on_the_way",
    /// Proxies rewrite this header, so it should not be signed.
    LeaveHeaderUnsigned = "leave_header_unsigned",
    /// The header arrived empty or not at all.
    HeaderAbsentAtServer = "header_absent_at_server",
    /// The values differ only in white space, which the canonical form trims and joins.
    BlanksInHeaderValue = "blanks_in_header_value",
    /// The headers are the same, in another order or with names in upper case.
    HeaderOrder = "header_order",
    /// One side has no empty line after the headers.
    EmptyLineMissing = "empty_line_missing",
    /// A custom domain has neither region nor service in its name.
    CustomDomain = "custom_domain",
    /// The region in the scope is another part of the host name.
    NameSplitAtWrongLabel = "name_split_at_wrong_label",
    /// The access key id has a space, which ends its part of the authorization.
    KeyIdHasBlank = "key_id_has_blank",
    /// The secret begins or ends with white space.
    SecretHasBlankEnds = "secret_has_blank_ends",
    /// The string to sign does not have the hash of the canonical request.
    OwnTextsDisagree = "own_texts_disagree",
    /// Secret and access key id come from different pairs.
    SecretOfAnotherKey = "secret_of_another_key",
}
