//! AWS JSON.

use super::{Rules, header};
use crate::error::{Place, Report};
use crate::{AwsJson, Protocol};

pub(super) const RULES: Rules =
    Rules { name: "aws-json", auth: "sigv4", words: &["host_prefix", "request_compression"] };

pub(super) fn resolve(protocol: AwsJson, place: &Place, report: &mut Report) -> Protocol {
    if !["1.0", "1.1"].contains(&protocol.version.as_str()) {
        report.unknown(&place.key("version"), "version", &protocol.version, ["1.0", "1.1"]);
    }
    header(&place.key("target_prefix"), &protocol.target_prefix, report);
    Protocol::AwsJson(protocol)
}
