//! Endpoints that rules give, and the regions that requests there are signed for.

use serde_json::Value;

use super::{
    Named, Scope,
    rule::{Condition, Outcome, Rule},
};

/// Placeholder for the region that represents all regions of a partition.
const GLOBAL: &str = "{PartitionResult#implicitGlobalRegion}";

impl Scope<'_> {
    pub(super) fn endpoint(
        &mut self,
        endpoint: &Value,
        here: Rule,
        rules: &mut Vec<Rule>,
    ) -> Result<(), String> {
        if self.is_callers(&endpoint["url"]) {
            let lost = match self.signing_region(&endpoint["properties"]) {
                Ok(region) => region
                    .filter(|region| region != "{Region}")
                    .map(|region| format!("requests to some URLs that callers set are signed for {region}")),
                Err(why) => Some(format!("at some URLs that callers set, {why}")),
            };
            self.lost.extend(lost.map(|lost| format!("endpoint rules: {lost}")));
            rules.push(Rule { then: Outcome::Custom, ..here });
            return Ok(());
        }
        let url = endpoint["url"].as_str().ok_or("a URL is not a plain text")?;
        if let Some(host) = url.strip_prefix("http://") {
            let then = Outcome::Error(format!("{host} is reached without TLS, and only by an endpoint URL"));
            rules.push(Rule { then, ..here });
            return Ok(());
        }
        if !endpoint["headers"].as_object().is_none_or(serde_json::Map::is_empty) {
            return Err("an endpoint has headers of its own".to_owned());
        }
        let region = self.signing_region(&endpoint["properties"])?;
        let url = self.canonical(url).replace("{PartitionResult#dnsSuffix}", "{dnsSuffix}");
        let url = url.replace("{PartitionResult#dualStackDnsSuffix}", "{dualStackDnsSuffix}");
        let is_global = |text: &str| text.contains(GLOBAL);
        let mut push = |mut here: Rule, url: String, region: Option<String>| {
            let then = Outcome::Url { url, region: region.filter(|region| region != "{Region}") };
            if then.needs_region() {
                here.when.insert(Condition::RegionSet);
            }
            rules.push(Rule { then, ..here });
        };
        if !is_global(&url) && !region.as_deref().is_some_and(is_global) {
            check_url(&url)?;
            push(here, url, region);
            return Ok(());
        }
        // One rule for each partition, which has such a region.
        for partition in &self.partitions.partitions {
            let condition = Condition::PartitionIs(partition.id.clone());
            let mut here = here.clone();
            if here.not.contains(&condition) {
                continue;
            }
            here.when.extend([Condition::RegionSet, condition]);
            if !here.meets(&here) {
                continue;
            }
            let Some(global) = self.global_regions.get(partition.id.as_str()) else {
                return Err(format!("the table of partitions has no region for all of {}", partition.id));
            };
            let url = url.replace(GLOBAL, global);
            check_url(&url)?;
            push(here, url, region.as_ref().map(|region| region.replace(GLOBAL, global)));
        }
        Ok(())
    }

    /// Whether a URL is the caller's: the parameter itself, or put together again from its parts.
    fn is_callers(&self, url: &Value) -> bool {
        let is_whole = |url: &str| {
            self.named.iter().filter(|(_, named)| **named == Named::Url).any(|(name, _)| {
                url.strip_prefix(&format!("{{{name}#scheme}}://{{{name}#authority}}"))
                    .is_some_and(|path| path.is_empty() || path == format!("{{{name}#path}}"))
            })
        };
        url["ref"] == "Endpoint" || url.as_str().is_some_and(|url| url == "{Endpoint}" || is_whole(url))
    }

    /// A text in which the region's partition has its usual name.
    fn canonical(&self, text: &str) -> String {
        let names = self.named.iter().filter(|(_, named)| **named == Named::Partition);
        names
            .fold(text.to_owned(), |text, (name, _)| text.replace(&format!("{{{name}#"), "{PartitionResult#"))
    }

    fn signing_region(&mut self, properties: &Value) -> Result<Option<String>, String> {
        let Some(schemes) = properties["authSchemes"].as_array() else { return Ok(None) };
        let Some(scheme) = schemes.iter().find(|scheme| scheme["name"] == "sigv4") else {
            return Err("an endpoint is signed for by another signature than SigV4".to_owned());
        };
        if schemes.len() > 1 {
            self.lost.insert("endpoints that another signature than SigV4 may sign for".to_owned());
        }
        if scheme["signingName"].as_str().is_some_and(|name| name != self.signing_name) {
            return Err("an endpoint has a signing name of its own".to_owned());
        }
        Ok(scheme["signingRegion"].as_str().map(|region| self.canonical(region)))
    }
}

fn check_url(url: &str) -> Result<(), String> {
    let rest = ["{Region}", "{dnsSuffix}", "{dualStackDnsSuffix}"]
        .iter()
        .fold(url.to_owned(), |url, known| url.replace(known, ""));
    if !rest.starts_with("https://") {
        return Err(format!("{url} is not https"));
    }
    if rest.contains('{') {
        return Err(format!("{url} has placeholders that our rules do not have"));
    }
    Ok(())
}
