//! Causes of unexpected response bodies.

use super::{Explanation, lines};
use gatewright_core::body::BodyForm;

/// Causes and remedies of a body of this form, if another form was expected.
pub(super) fn explain_form(form: &BodyForm) -> Explanation {
    let (causes, remedies): (&[&str], &[&str]) = match form {
        BodyForm::Empty => (
            &[
                "A proxy or load balancer before the service dropped the body.",
                "Something other than the service responded.",
            ],
            &[REPEAT, ENDPOINT],
        ),
        BodyForm::Html { .. } => (
            &[
                "A proxy, a firewall or the login page of a network responded instead of the service.",
                "The endpoint URL belongs to a web server.",
            ],
            &[
                "Open any web page in a browser on this network: it may ask you to log in.",
                "Check the proxy settings (HTTPS_PROXY, NO_PROXY) and the proxy's rules for the host.",
                ENDPOINT,
            ],
        ),
        BodyForm::Xml => (
            &[
                "The endpoint belongs to a service with another protocol, such as Amazon S3 or AWS STS.",
                "If the client requested XML: the response was cut or changed on the way.",
            ],
            &[ENDPOINT, REPEAT],
        ),
        BodyForm::Compressed | BodyForm::Binary => (
            &["A proxy or cache compresses or changes responses, although the client does not ask for it."],
            &["Disable that for the host, or bypass the proxy (NO_PROXY).", REPEAT],
        ),
        BodyForm::TruncatedJson => (
            &[
                "The response was cut on the way, and its length adjusted.",
                "The service failed while it wrote the response.",
            ],
            &[REPEAT, "If the failure persists, bypass proxies, and report the failure with the request id."],
        ),
        BodyForm::JsonObject => (
            &[
                "The service has changed, and the model does not contain the change.",
                "Another service, or an imitation of this one, responded.",
            ],
            &[
                "The evidence names the member that could not be read; compare it with the raw body, which the error keeps.",
                "Update this library, or report the body to its authors.",
                ENDPOINT,
            ],
        ),
        _ => (
            &["Something other than the service responded: a proxy, a load balancer, another server."],
            &[ENDPOINT, "Check the proxy settings (HTTPS_PROXY, NO_PROXY)."],
        ),
    };
    Explanation { causes: lines(causes), remedies: lines(remedies), ..Explanation::default() }
}

const ENDPOINT: &str = "Check the endpoint URL: host, port and path.";
const REPEAT: &str = "Find out whether the operation was executed, then send the request again.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_has_causes_and_remedies() {
        let other = BodyForm::OtherJson { type_name: "null".to_owned() };
        for form in [
            BodyForm::Empty,
            BodyForm::Html { title: None },
            BodyForm::Xml,
            BodyForm::Compressed,
            BodyForm::TruncatedJson,
            BodyForm::JsonObject,
            other,
            BodyForm::Text,
            BodyForm::Binary,
        ] {
            let explanation = explain_form(&form);
            assert!(!explanation.causes.is_empty() && !explanation.remedies.is_empty(), "{form:?}");
        }
    }
}
