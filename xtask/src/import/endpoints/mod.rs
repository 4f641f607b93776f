//! Rule sets of endpoints as our rules: trees become a list in which the first rule that holds decides.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_model::PartitionTable;
use serde_json::Value;

use super::{
    json::Json,
    vendor::{Losses, Vendor},
};

mod order;
mod rule;
#[cfg(test)]
mod tests;

use order::order;
use rule::{Condition, Outcome, Rule};

/// The rules; plain ones if the vendor has none, and the caller's URL alone if they cannot be expressed.
pub(super) fn rules(vendor: &Vendor, losses: &mut Losses) -> Json {
    let Some(set) = &vendor.endpoint_rules else {
        losses.service("endpoint rules: missing, so a plain rule is used");
        return plain(&vendor.endpoint_prefix);
    };
    match translate(set, vendor, losses) {
        Ok(rules) => rules.iter().map(Rule::entry).collect(),
        Err(why) => {
            losses.service(format!("endpoint rules: {why}; callers must give the service's URL"));
            by_url_alone()
        }
    }
}

/// Whether signatures cover paths as they are sent, as services say at their endpoints.
pub(super) fn sign_as_sent(rules: Option<&Value>) -> bool {
    match rules {
        Some(Value::Object(members)) => {
            members.get("disableDoubleEncoding") == Some(&Value::Bool(true))
                || members.values().any(|value| sign_as_sent(Some(value)))
        }
        Some(Value::Array(items)) => items.iter().any(|item| sign_as_sent(Some(item))),
        _ => false,
    }
}

/// No host is guessed, since the vendor's rules give others.
fn by_url_alone() -> Json {
    let unknown = "the endpoints of this service are not known, set an endpoint URL".to_owned();
    let rules = [(Some(Condition::EndpointSet), Outcome::Custom), (None, Outcome::Error(unknown))];
    rules
        .into_iter()
        .map(|(when, then)| Rule { when: when.into_iter().collect(), not: BTreeSet::new(), then }.entry())
        .collect()
}

/// One host per region. Its FIPS and dual-stack hosts are unknown, so that requests for them are refused rather than sent elsewhere.
fn plain(prefix: &str) -> Json {
    let unknown = |kind: &str| Outcome::Error(format!("the {kind} endpoints of this service are not known"));
    let rules = [
        (vec![Condition::Fips], unknown("FIPS")),
        (vec![Condition::DualStack], unknown("dual-stack")),
        (vec![Condition::EndpointSet], Outcome::Custom),
        (
            vec![Condition::RegionSet],
            Outcome::Url { url: format!("https://{prefix}.{{Region}}.{{dnsSuffix}}"), region: None },
        ),
        (Vec::new(), Outcome::Error("Invalid Configuration: Missing Region".to_owned())),
    ];
    rules
        .into_iter()
        .map(|(when, then)| Rule { when: when.into_iter().collect(), not: BTreeSet::new(), then }.entry())
        .collect()
}

/// What a condition asks for.
enum Literal {
    Always,
    Never,
    If(Condition),
    IfNot(Condition),
}

impl Literal {
    fn known(holds: bool) -> Self {
        if holds { Self::Always } else { Self::Never }
    }
}

/// What a rule set defines besides rules.
struct Scope<'a> {
    /// Defaults of parameters of the service's own.
    defaults: BTreeMap<&'a str, &'a Value>,
    /// Parameters of the service's own, by the conditions on which the rules change.
    own: BTreeSet<String>,
    /// What the names stand for that conditions have assigned so far.
    named: BTreeMap<&'a str, Named>,
    partitions: &'a PartitionTable,
    global_regions: BTreeMap<&'a str, &'a str>,
    signing_name: &'a str,
    /// Facts that are lost although the rule is kept.
    lost: BTreeSet<String>,
}

/// The result of a condition that a rule set names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    /// The partition of the region.
    Partition,
    /// The parts of the URL that the caller set.
    Url,
}

/// The region that represents all regions of a partition, by partition, in the shared table.
fn global_regions(table: &Value) -> BTreeMap<&str, &str> {
    let partitions = table["partitions"].as_array().into_iter().flatten();
    partitions
        .filter_map(|partition| {
            Some((partition["id"].as_str()?, partition["implicit_global_region"].as_str()?))
        })
        .collect()
}

/// Parameters that our rules know.
const BUILT_IN: [&str; 5] = ["Region", "Endpoint", "UseFIPS", "UseDualStack", "UseGlobalEndpoint"];

/// Functions that have no result without one of their values; others have one, such as `coalesce`.
const FAIL_WITHOUT: [&str; 7] = [
    "aws.isVirtualHostableS3Bucket",
    "aws.parseArn",
    "getAttr",
    "isValidHostLabel",
    "parseURL",
    "substring",
    "uriEncode",
];

/// Placeholder for the region that represents all regions of a partition.
const GLOBAL: &str = "{PartitionResult#implicitGlobalRegion}";

const TABLE: &str = include_str!("../../../../model/partitions/aws.json");

fn translate(set: &Value, vendor: &Vendor, losses: &mut Losses) -> Result<Vec<Rule>, String> {
    let tables = PartitionTable::all().map_err(|faults| faults.to_string())?;
    let partitions =
        tables.iter().find(|table| table.name == "aws").ok_or("there is no table of partitions")?;
    let table: Value = serde_json::from_str(TABLE).map_err(|error| error.to_string())?;
    let parameters = set["parameters"].as_object().into_iter().flatten();
    let own = parameters.filter(|(name, _)| !BUILT_IN.contains(&name.as_str()));
    let mut scope = Scope {
        defaults: own.map(|(name, facts)| (name.as_str(), &facts["default"])).collect(),
        own: BTreeSet::new(),
        named: BTreeMap::new(),
        partitions,
        global_regions: global_regions(&table),
        signing_name: &vendor.signing_name,
        lost: BTreeSet::new(),
    };
    let mut rules = Vec::new();
    let start = Rule { when: BTreeSet::new(), not: BTreeSet::new(), then: Outcome::Custom };
    scope.walk(&set["rules"], &start, &mut rules)?;
    let mut rules = order(&rules, scope.partitions)?;
    if rules.iter().all(|rule| matches!(rule.then, Outcome::Error(_))) {
        let when = BTreeSet::from([Condition::EndpointSet]);
        rules.insert(0, Rule { when, not: BTreeSet::new(), then: Outcome::Custom });
        losses.service("endpoint rules: no rule gives an endpoint, so callers must give its URL");
    }
    if !scope.own.is_empty() {
        let own: Vec<_> = scope.own.iter().map(String::as_str).collect();
        let kind = format!("endpoint parameters, which count as not set: {}", own.join(", "));
        losses.service(kind.clone());
        for subject in own.iter().filter_map(|name| vendor.endpoint_parameters.get(*name)).flatten() {
            losses.add(kind.clone(), subject.clone());
        }
    }
    for lost in scope.lost {
        losses.service(lost);
    }
    Ok(rules)
}

impl<'a> Scope<'a> {
    /// Adds the rules below a list, with the conditions on the way there.
    fn walk(&mut self, list: &'a Value, way: &Rule, rules: &mut Vec<Rule>) -> Result<(), String> {
        for rule in list.as_array().into_iter().flatten() {
            let mut here = way.clone();
            let conditions = rule["conditions"].as_array().into_iter().flatten();
            let mut holds = true;
            for condition in conditions {
                match self.literal(condition)? {
                    Literal::Always => {}
                    Literal::Never => holds = false,
                    Literal::If(condition) => {
                        holds &= !here.not.contains(&condition);
                        if condition.needs_region() {
                            here.when.insert(Condition::RegionSet);
                        }
                        here.when.insert(condition);
                    }
                    Literal::IfNot(condition) => {
                        holds &= !here.when.contains(&condition);
                        here.not.insert(condition);
                    }
                }
                if !holds {
                    break;
                }
            }
            if !holds || !here.meets(&here) {
                continue;
            }
            match rule["type"].as_str() {
                Some("tree") => self.walk(&rule["rules"], &here, rules)?,
                Some("error") => {
                    let error = rule["error"].as_str().ok_or("an error is not a plain text")?;
                    here.then = Outcome::Error(error.to_owned());
                    rules.push(here);
                }
                Some("endpoint") => self.endpoint(&rule["endpoint"], here, rules)?,
                _ => return Err("a rule has an unknown type".to_owned()),
            }
        }
        Ok(())
    }

    fn literal(&mut self, condition: &'a Value) -> Result<Literal, String> {
        let function = condition["fn"].as_str().unwrap_or_default();
        let arguments: Vec<_> = condition["argv"].as_array().into_iter().flatten().collect();
        let literal = match (function, arguments.as_slice()) {
            ("isSet", [argument]) => match argument["ref"].as_str() {
                Some("Endpoint") => Literal::If(Condition::EndpointSet),
                Some("Region") => Literal::If(Condition::RegionSet),
                Some(name) if self.is_named(name, Named::Partition) => Literal::If(Condition::RegionSet),
                Some(own) if self.is_own(own) => self.constant(own, |default| !default.is_null()),
                _ => return Err(format!("{condition} is not understood")),
            },
            // It succeeds for every region.
            ("aws.partition", [argument]) if argument["ref"] == "Region" => {
                self.name(condition, Named::Partition);
                Literal::If(Condition::RegionSet)
            }
            ("isValidHostLabel", [argument, _]) if argument["ref"] == "Region" => {
                Literal::If(Condition::RegionSet)
            }
            // Invalid URLs were refused before.
            ("parseURL", [argument]) if argument["ref"] == "Endpoint" => {
                self.name(condition, Named::Url);
                Literal::If(Condition::EndpointSet)
            }
            ("not", [inner]) => match self.literal(inner)? {
                Literal::Always => Literal::Never,
                Literal::Never => Literal::Always,
                Literal::If(condition) => Literal::IfNot(condition),
                Literal::IfNot(condition) => Literal::If(condition),
            },
            ("booleanEquals" | "stringEquals", [one, other]) => {
                let (value, constant) = if is_constant(one) { (other, one) } else { (one, other) };
                if self.is_part_of(value, Named::Url) {
                    return self.of_url(value, constant);
                }
                if !is_constant(constant) {
                    return Err(format!("{condition} compares two values"));
                }
                self.comparison(value, constant)?
            }
            _ if self.is_unset(condition) => Literal::Never,
            _ => return Err(format!("{function} is not understood")),
        };
        Ok(literal)
    }

    /// Callers decide about their URL: the vendor's advice on it is of no use to whoever runs the service there. So its host is a
    /// name, and no rule names it or its scheme.
    fn of_url(&mut self, part: &Value, text: &Value) -> Result<Literal, String> {
        let holds = match (part["argv"][1].as_str(), text) {
            (Some("isIp"), Value::Bool(flag)) => !flag,
            (Some("authority" | "scheme"), Value::String(_)) => false,
            _ => return Err(format!("{part} is not understood")),
        };
        self.lost.insert("endpoint rules for some URLs that callers set".to_owned());
        Ok(Literal::known(holds))
    }

    fn comparison(&mut self, value: &Value, constant: &Value) -> Result<Literal, String> {
        if self.is_part_of(value, Named::Partition) {
            return match (value["argv"][1].as_str(), constant) {
                (Some("supportsFIPS"), Value::Bool(flag)) => Ok(flag_of(Condition::PartitionHasFips, *flag)),
                (Some("supportsDualStack"), Value::Bool(flag)) => {
                    Ok(flag_of(Condition::PartitionHasDualStack, *flag))
                }
                (Some("name"), Value::String(name)) => Ok(Literal::If(Condition::PartitionIs(name.clone()))),
                _ => Err(format!("{value} is not understood")),
            };
        }
        if self.is_unset(value) {
            return Ok(Literal::Never);
        }
        match (value["ref"].as_str(), constant) {
            (Some("UseFIPS"), Value::Bool(flag)) => Ok(flag_of(Condition::Fips, *flag)),
            (Some("UseDualStack"), Value::Bool(flag)) => Ok(flag_of(Condition::DualStack, *flag)),
            (Some("UseGlobalEndpoint"), Value::Bool(flag)) => Ok(flag_of(Condition::Global, *flag)),
            (Some("Region"), Value::String(region)) => Ok(Literal::If(Condition::RegionIs(region.clone()))),
            (Some(own), constant) if self.is_own(own) => {
                Ok(self.constant(own, |default| default == constant))
            }
            _ => Err(format!("{value} is not understood")),
        }
    }

    /// Remembers the name that a condition assigns.
    fn name(&mut self, condition: &'a Value, named: Named) {
        self.named.extend(condition["assign"].as_str().map(|name| (name, named)));
    }

    fn is_named(&self, name: &str, named: Named) -> bool {
        self.named.get(name) == Some(&named)
    }

    fn is_part_of(&self, value: &Value, named: Named) -> bool {
        value["fn"] == "getAttr"
            && value["argv"][0]["ref"].as_str().is_some_and(|name| self.is_named(name, named))
    }

    fn is_own(&self, name: &str) -> bool {
        self.defaults.contains_key(name)
    }

    /// Whether a value is missing, since a parameter of the service's own has no default.
    fn is_unset(&mut self, value: &Value) -> bool {
        if let Some(name) = value["ref"].as_str() {
            let is_unset = self.defaults.get(name).is_some_and(|default| default.is_null());
            if is_unset {
                self.own.insert(name.to_owned());
            }
            return is_unset;
        }
        let fails = value["fn"].as_str().is_some_and(|function| FAIL_WITHOUT.contains(&function));
        fails && value["argv"].as_array().into_iter().flatten().any(|argument| self.is_unset(argument))
    }

    fn constant(&mut self, name: &str, holds: impl Fn(&Value) -> bool) -> Literal {
        self.own.insert(name.to_owned());
        let default = self.defaults.get(name).copied().unwrap_or(&Value::Null);
        Literal::known(holds(default))
    }

    fn endpoint(&mut self, endpoint: &Value, here: Rule, rules: &mut Vec<Rule>) -> Result<(), String> {
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

fn is_constant(value: &Value) -> bool {
    value.is_boolean() || value.as_str().is_some_and(|text| !text.contains('{'))
}

fn flag_of(condition: Condition, flag: bool) -> Literal {
    if flag { Literal::If(condition) } else { Literal::IfNot(condition) }
}
