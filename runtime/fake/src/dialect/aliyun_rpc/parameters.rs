//! The parameters of a request, and the input that they represent.

use bytes::Bytes;
use http::Request;
use serde_json::Value;

use gatewright_core::percent;

use super::super::{texts, unflatten::unflatten};
use crate::sign::rpc_v1::parameters::{self, ADDED};

/// Common parameters of every request besides those of its signature; no operation has members with these names.
const COMMON: [&str; 4] = ["Action", "Format", "SignatureType", "Version"];

/// Parameters of query and form.
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(super) fn of(request: &Request<Bytes>) -> Self {
        let mut pairs = percent::read_query(request.uri().query().unwrap_or_default());
        pairs.extend(parameters::read_form(request.headers(), request.body()));
        Self(texts(pairs).collect())
    }

    /// A common parameter, which a header `x-acs-<name>` may also contain.
    pub(super) fn common(&self, name: &str, request: &Request<Bytes>) -> Option<String> {
        let parameter = self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone());
        let header =
            || request.headers().get(["x-acs-", name].concat())?.to_str().ok().map(ToOwned::to_owned);
        parameter.or_else(header).filter(|value| !value.is_empty())
    }

    /// The session token.
    pub(super) fn token(&self, request: &Request<Bytes>) -> Option<String> {
        let header = || request.headers().get("x-acs-security-token")?.to_str().ok().map(ToOwned::to_owned);
        self.common("SecurityToken", request).or_else(header)
    }

    /// The parameters that are not common, [unflattened](unflatten).
    pub(super) fn into_input(self) -> Result<Value, String> {
        let is_common = |name: &str| COMMON.contains(&name) || ADDED.contains(&name);
        unflatten(self.0.into_iter().filter(|(name, _)| !is_common(name)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_flattened_is_as_before() {
        let query = "/?Action=Do&Size=1&Tag.1.Key=a&Tag.10.Key=c&Tag.2.Key=b%20b&Owner.Name=d&Id.1=e";
        let request = Request::get(query).body(Bytes::new()).unwrap();
        let parameters = Parameters::of(&request);
        assert_eq!(parameters.common("Action", &request).as_deref(), Some("Do"));
        let expected = json!({
            "Id": ["e"], "Owner": {"Name": "d"}, "Size": "1", "Tag": [{"Key": "a"}, {"Key": "b b"}, {"Key": "c"}],
        });
        assert_eq!(parameters.into_input(), Ok(expected));
        let request = Request::get("/?Action=Do").body(Bytes::new()).unwrap();
        assert_eq!(Parameters::of(&request).into_input(), Ok(json!({})));
    }
}
