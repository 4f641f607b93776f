//! AWS REST JSON.

use super::Rules;

pub(super) const RULES: Rules = Rules {
    name: "aws-rest-json",
    auth: "sigv4",
    words: &["host_prefix", "http", "in", "json_text", "request_checksum", "request_compression"],
};
