//! The rules that judge changes: one line each, for the Rust API and for the wire.
//!
//! What breaks the Rust API follows cargo's reference of semantic versioning: types are `#[non_exhaustive]`, so that new members, variants
//! and types are additions. What breaks the wire follows the comparison of requests and responses before and after: a request
//! that was valid is refused or has another meaning, or a response is read differently.

use super::change::Verdict::{self, Addition, Breaking, Documentation, Fix};

/// How one kind of change is judged.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable name of the rule.
    pub id: &'static str,
    /// What changed, in a few words.
    pub title: &'static str,
    /// The effect on programs that are compiled again, if there is one.
    pub rust: Option<Verdict>,
    /// The effect on requests, responses and the behavior of calls, if there is one.
    pub wire: Option<Verdict>,
    /// The reason for the verdict.
    pub reason: &'static str,
}

impl Rule {
    /// The more severe of both verdicts; a rule without verdicts is about texts.
    pub fn verdict(&self) -> Verdict {
        self.rust.max(self.wire).unwrap_or(Documentation)
    }
}

/// `name: id, title, Rust API, wire, reason;` where `-` is no effect.
macro_rules! rules {
    ($($name:ident: $id:literal, $title:literal, $rust:tt, $wire:tt, $reason:literal;)*) => {
        $(pub(crate) static $name: Rule = Rule {
            id: $id, title: $title, rust: rules!(@ $rust), wire: rules!(@ $wire), reason: $reason,
        };)*

        /// Every rule.
        pub static RULES: &[&Rule] = &[$(&$name),*];
    };
    (@ -) => { None };
    (@ $verdict:ident) => { Some($verdict) };
}

rules! {
    SERVICE_ADDED: "service-added", "new service", Addition, Addition, "the service has its own feature and module; others are unchanged";
    SERVICE_REMOVED: "service-removed", "service removed", Breaking, Breaking, "its feature and module are gone";
    TITLE: "service-title", "title changed", -, Documentation, "only documentation contains the title";
    DOC: "documentation", "documentation changed", Documentation, -, "only texts change";
    EXAMPLE: "example", "example changed", Documentation, -, "examples are documentation";
    ORDER: "order", "order changed", Documentation, -, "neither programs nor messages depend on this order";
    SAMPLE: "fake-response", "response of the fake changed", -, Fix, "only tests with the fake see it";
    API_VERSION: "api-version", "API version changed", -, Documentation, "this protocol does not send the version";
    API_VERSION_SENT: "api-version-sent", "API version changed", -, Breaking, "requests name the version";
    SETTINGS_ID: "settings-id", "name in settings changed", -, Breaking, "settings under the old name are ignored";
    PROTOCOL: "protocol", "protocol changed", Breaking, Breaking, "every request and response is written differently";
    PROTOCOL_FACT: "protocol-fact", "detail of the protocol changed", -, Breaking, "requests or responses are written differently";
    REQUEST_HEADER: "request-header", "header of all requests changed", -, Breaking, "services may refuse requests or respond in another form";
    XML_NAMESPACE: "xml-namespace", "XML namespace changed", -, Fix, "clients ignore it in responses";
    SIGNATURE: "signature", "kind of signature changed", -, Breaking, "every request is signed differently";
    SIGNING_NAME: "signing-name", "name in signatures changed", -, Breaking, "policies and gateways see a different service";
    SIGNATURE_FORM: "signature-form", "form of the signature changed", -, Breaking, "signatures cover the path or the body differently";
    SIGNING_WINDOW: "signing-window", "validity of signatures changed", -, Fix, "explanations and presigned URLs follow the service";
    ERROR_ROOT: "error-root", "root of error responses changed", -, Fix, "clients accept both, fakes write the new root";
    ERROR_BODY: "error-body", "place of error details changed", -, Breaking, "error responses are read differently";
    IN_RUNTIME: "in-runtime", "calls of the runtime itself changed", -, Fix, "sources of credentials call the service differently";

    ENDPOINT_ADDED: "endpoint-added", "has an endpoint now", -, Addition, "calls failed before they were sent";
    ENDPOINT_REMOVED: "endpoint-removed", "no longer has an endpoint", -, Breaking, "calls fail before they are sent";
    ENDPOINT_CHANGED: "endpoint-changed", "endpoint changed", -, Breaking, "firewalls, proxies and endpoint policies may know only the old one";
    ENDPOINT_REASON: "endpoint-reason", "reason for the missing endpoint changed", -, Documentation, "calls fail as before";
    ENDPOINT_RULES: "endpoint-rules", "rules or partitions of endpoints are written differently", -, Fix, "every known region resolves as before";
    REGION_ADDED: "region-added", "service is offered here", -, Addition, "another region to choose";
    REGION_REMOVED: "region-removed", "service is no longer listed here", -, Fix, "requests are sent there as before";
    HOST_ADDED: "host-form-added", "new form of hosts", -, Addition, "hosts of this form are recognized";
    HOST_REMOVED: "host-form-removed", "form of hosts removed", -, Breaking, "hosts of this form are no longer recognized";
    HOST_CHANGED: "host-form-changed", "form of hosts changed", -, Breaking, "hosts are recognized or signed differently";
    HOST_REFUSED: "host-form-refused", "hosts of this form are refused", -, Breaking, "calls to such hosts fail before they are sent";
    HOST_CALLED: "host-form-called", "hosts of this form are no longer refused", -, Addition, "calls to such hosts are sent";
    RESPONSE_KNOWN: "known-response-added", "new explanation", -, Addition, "one more kind of response is explained";
    RESPONSE_FORGOTTEN: "known-response-removed", "explanation removed", -, Fix, "the response is explained in general terms";
    RESPONSE_CHANGED: "known-response-changed", "explanation changed", -, Fix, "the response is recognized or explained differently";

    OPERATION_ADDED: "operation-added", "new operation", Addition, Addition, "existing operations are unchanged";
    OPERATION_REMOVED: "operation-removed", "operation removed", Breaking, Breaking, "its method and types are gone";
    DEPRECATED: "deprecated", "deprecated", Addition, -, "programs compile with a warning; SemVer asks for a minor version";
    DEPRECATED_NO_MORE: "deprecation-removed", "no longer deprecated", Fix, -, "programs compile without the warning";
    DEPRECATION_TEXT: "deprecation-reason", "reason for the deprecation changed", Documentation, -, "the warning stays";
    RETRIES_GAINED: "retries-gained", "is retried after any transient failure", -, Addition, "the operation may be sent twice";
    RETRIES_LOST: "retries-lost", "is no longer retried if it may have been executed", -, Breaking, "transient failures reach the caller";
    REPEATABLE_FACT: "repeatable-reason", "reason to retry changed", -, Documentation, "retries stay as they are";
    GET_GAINED: "get-accepted", "accepts GET", -, Addition, "POST works as before";
    GET_LOST: "get-refused", "no longer accepts GET", -, Breaking, "such requests are refused";
    UNSIGNED: "unsigned", "is sent without a signature", -, Breaking, "credentials of the client are ignored";
    SIGNED: "signed", "is sent with a signature", -, Breaking, "calls without credentials fail";
    HOST_PREFIX: "host-prefix", "prefix of the host changed", -, Breaking, "requests go to another host";
    HTTP: "http", "method or URI changed", -, Breaking, "requests have another method or URI";
    RESULT_WRAPPER: "result-wrapper", "element around the response changed", -, Breaking, "responses are read differently";
    XML_ROOT: "xml-root", "root element of requests changed", -, Breaking, "requests have another root element";
    COMPRESSED: "request-compression-added", "large requests are compressed", -, Addition, "smaller requests";
    UNCOMPRESSED: "request-compression-removed", "requests are no longer compressed", -, Fix, "requests are larger, with the same content";
    CHECKSUM_ADDED: "request-checksum-added", "requests have a checksum", -, Fix, "the service accepts requests that it refused";
    CHECKSUM_REMOVED: "request-checksum-removed", "requests no longer have a checksum", -, Fix, "a header less, with the same content";
    PAGES_ADDED: "pages-added", "is paginated", Addition, -, "`pages` and `items` are available";
    PAGES_REMOVED: "pages-removed", "is no longer paginated", Breaking, -, "`pages` and `items` do not compile";
    PAGES_ITEMS: "page-items", "items of pages changed", Breaking, -, "`items` returns another type";
    PAGES_PLACE: "page-items-place", "items of pages are in another place", -, Breaking, "`items` returns other values of the same type";
    PAGES_MEMBERS: "page-members", "members for pagination changed", -, Fix, "pages follow the service";
    WAITER_ADDED: "waiter-added", "new waiter", Addition, -, "the client has a new method";
    WAITER_REMOVED: "waiter-removed", "waiter removed", Breaking, -, "its method is gone";
    WAITER_OPERATION: "waiter-operation", "calls another operation", Breaking, -, "its method takes another request";
    WAITER_CONDITIONS: "waiter-conditions", "conditions of the waiter changed", -, Fix, "waits follow the service";
    WAITER_TIMES: "waiter-times", "delays or limit of the waiter changed", -, Fix, "waits end in the same states";
    OPERATION_EXCEPTION_ADDED: "operation-exception-added", "new exception of the operation", -, Addition, "the operation can fail with another exception";
    OPERATION_EXCEPTION_REMOVED: "operation-exception-removed", "exception of the operation removed", -, Fix, "the exception is still recognized, but not expected here";
    OPERATION_CODE_ADDED: "operation-code-added", "new error code of the operation", Breaking, Addition, "a `match` over its error enum needs one more arm";
    OPERATION_CODE_REMOVED: "operation-code-removed", "error code of the operation removed", Breaking, -, "a variant of its error enum is gone";
    OPERATION_ERROR_ADDED: "operation-error-type-added", "has an error type of its own", Addition, -, "`error.kind()` can return it";
    OPERATION_ERROR_REMOVED: "operation-error-type-removed", "no longer has an error type of its own", Breaking, -, "its error enum is gone";

    RENAMED: "renamed", "renamed in Rust", Breaking, -, "programs that use the old name do not compile";
    TYPE_ADDED: "type-added", "new type", Addition, -, "existing types are unchanged";
    TYPE_REMOVED: "type-removed", "type removed", Breaking, -, "programs that name it do not compile";
    TYPE_KIND: "type-kind", "kind of type changed", Breaking, Breaking, "the type is of another kind and has other values on the wire";
    REQUEST_MEMBER_ADDED: "optional-member-added", "new optional member", Addition, Addition, "requests without it are unchanged";
    REQUIRED_MEMBER_ADDED: "required-member-added", "new required member", Breaking, Breaking, "the constructor needs it, and so does the service";
    RESPONSE_MEMBER_ADDED: "response-member-added", "new member of the response", Addition, Addition, "structures are non-exhaustive";
    MEMBER_REMOVED: "member-removed", "member removed", Breaking, Breaking, "its field and setter are gone";
    MEMBER_RENAMED: "member-renamed", "renamed in Rust", Breaking, -, "the field and setter of the old name are gone";
    MEMBER_TYPE: "member-type", "type changed", Breaking, -, "the field has another type; the wire is unchanged";
    MEMBER_WIRE_TYPE: "member-wire-type", "type changed", Breaking, Breaking, "the field has another type, also on the wire";
    MEMBER_REQUIRED: "member-became-required", "became required", Breaking, Breaking, "the constructor needs it, and requests without it are refused";
    MEMBER_OPTIONAL: "member-became-optional", "became optional", Breaking, Addition, "the constructor no longer takes it";
    MEMBER_OPTION: "member-option", "type changed", Breaking, -, "the structure is used in other directions than before";
    ARGUMENT_ADDED: "constructor-argument-added", "the constructor takes it", Breaking, -, "the structure is part of requests now";
    ARGUMENT_REMOVED: "constructor-argument-removed", "the constructor no longer takes it", Breaking, -, "the structure is no longer part of requests";
    RESPONSE_REQUIRED: "response-member-required", "is always present", -, Documentation, "members that are only received are `Option` either way";
    RESPONSE_OPTIONAL: "response-member-optional", "may be absent", -, Documentation, "members that are only received are `Option` either way";
    TOKEN_GAINED: "client-token-added", "is filled with a random token", -, Addition, "the client fills it unless it is set";
    TOKEN_LOST: "client-token-removed", "is no longer filled", -, Breaking, "requests that do not set it are sent without it";
    WIRE_NAME: "wire-name", "name on the wire changed", -, Breaking, "the service reads or writes another member";
    TIMESTAMP_FORMAT: "timestamp-format", "form on the wire changed", -, Breaking, "times are written and read in another form";
    WIRE_FORM: "wire-form", "form on the wire changed", -, Breaking, "the value is written and read in another form";
    LOCATION: "location", "place in the HTTP message changed", -, Breaking, "the value has another place in requests and responses";
    DEFAULT_ADDED: "default-added", "default documented", -, Documentation, "the service used the default before";
    DEFAULT_REMOVED: "default-removed", "default no longer documented", -, Documentation, "requests are unchanged";
    DEFAULT_CHANGED: "default-changed", "default changed", -, Breaking, "requests without it have another meaning";
    VALUE_ADDED: "value-added", "new value", Addition, Addition, "enums are non-exhaustive and keep unknown values";
    VALUE_REMOVED: "value-removed", "value removed", Breaking, Breaking, "its variant is gone";
    VALUE_ORDER: "value-order", "order of values changed", -, Breaking, "variants are compared and sorted in this order";
    VALUE_NUMBER: "value-number", "number on the wire changed", -, Breaking, "the variant has another value";
    ALTERNATIVE_ADDED: "alternative-added", "new alternative", Addition, Addition, "unions are non-exhaustive and keep unknown members";
    ALTERNATIVE_REMOVED: "alternative-removed", "alternative removed", Breaking, Breaking, "its variant is gone";
    ALIAS_ADDED: "alias-added", "new alias", -, Addition, "another spelling is recognized";
    ALIAS_REMOVED: "alias-removed", "alias removed", -, Breaking, "this spelling is read as an unknown value";
    TIGHTENED: "constraint-tightened", "constraint tightened", -, Breaking, "requests that were valid may fail before they are sent";
    LOOSENED: "constraint-loosened", "constraint loosened", -, Addition, "more requests are valid";
    PATTERN_ADDED: "pattern-added", "pattern is checked now", -, Breaking, "requests that were valid may fail before they are sent";
    PATTERN_REMOVED: "pattern-removed", "pattern is no longer checked", -, Addition, "more requests are valid";
    PATTERN_CHANGED: "pattern-changed", "pattern changed", -, Breaking, "requests that were valid may fail before they are sent";
    PATTERN_TEXT: "pattern-text", "text of the pattern changed", -, Documentation, "clients check the same as before";
    RESPONSE_CONSTRAINT: "response-constraint", "constraint of responses changed", -, Documentation, "constraints of responses are not checked";
    SENSITIVE: "sensitive-added", "is sensitive", Breaking, Fix, "its type is `Secret`, and logs show `***`";
    SENSITIVE_NO_MORE: "sensitive-removed", "is no longer sensitive", Breaking, Breaking, "its type is not `Secret`, and logs show the value";

    EXCEPTION_ADDED: "exception-added", "new exception", Addition, Addition, "the enum is non-exhaustive and keeps unknown names";
    EXCEPTION_REMOVED: "exception-removed", "exception removed", Breaking, Breaking, "its variant is gone";
    CODE_ADDED: "code-added", "new error code", Addition, Addition, "the enum is non-exhaustive and keeps unknown codes";
    CODE_REMOVED: "code-removed", "error code removed", Breaking, Breaking, "its variant is gone";
    FAMILY_ADDED: "code-family-added", "new family of error codes", -, Addition, "its codes have a category now";
    FAMILY_REMOVED: "code-family-removed", "family of error codes removed", -, Breaking, "its codes no longer have a category";
    STATUS: "error-status", "status changed", -, Fix, "errors are recognized by name";
    CATEGORY_RETRIED: "category-retried", "category changed", -, Addition, "the error is retried now";
    CATEGORY_NOT_RETRIED: "category-not-retried", "category changed", -, Breaking, "the error is no longer retried";
    CATEGORY: "category", "category changed", -, Fix, "retries stay as they are";
    ERROR_MEMBERS_ADDED: "error-members-added", "has typed members", Addition, -, "`error.members()` reads them now";
    ERROR_MEMBERS_REMOVED: "error-members-removed", "no longer has typed members", Breaking, -, "`error.members()` no longer reads them";
    QUERY_CODES: "query-codes", "has the error codes of its query protocol", -, Addition, "`error.code()` has them now";
    NO_QUERY_CODES: "no-query-codes", "no longer has the error codes of its query protocol", -, Breaking, "`error.code()` no longer has them";
    CODE_CARRIED: "exception-carries-code", "carries an error code", -, Addition, "`error.code()` is read from it";
    CODE_NOT_CARRIED: "exception-without-code", "no longer carries an error code", -, Breaking, "`error.code()` is no longer read from it";
}
