//! Rule sets of endpoints as our rules: trees become a list in which the first rule that holds decides.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_model::PartitionTable;
use serde_json::Value;

use super::{
    json::{Json, Object},
    vendor::{Losses, Vendor},
};

/// The rules, or plain ones if the vendor's cannot be expressed.
pub(super) fn rules(vendor: &Vendor, losses: &mut Losses) -> Json {
    let Some(set) = &vendor.endpoint_rules else {
        losses.service("endpoint rules: there are none, so a plain rule is used");
        return plain(&vendor.endpoint_prefix);
    };
    match translate(set, &vendor.signing_name, losses) {
        Ok(rules) => rules.iter().map(Rule::entry).collect(),
        Err(why) => {
            losses.service(format!("endpoint rules: {why}; a plain rule is used"));
            plain(&vendor.endpoint_prefix)
        }
    }
}

fn plain(prefix: &str) -> Json {
    let region = Condition::RegionSet;
    let rules = [
        (vec![Condition::EndpointSet], Outcome::Custom),
        (
            vec![region],
            Outcome::Url { url: format!("https://{prefix}.{{Region}}.{{dnsSuffix}}"), region: None },
        ),
        (Vec::new(), Outcome::Error("Invalid Configuration: Missing Region".to_owned())),
    ];
    rules
        .into_iter()
        .map(|(when, then)| Rule { when: when.into_iter().collect(), not: BTreeSet::new(), then }.entry())
        .collect()
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Condition {
    EndpointSet,
    Global,
    RegionSet,
    RegionIs(String),
    Fips,
    DualStack,
    PartitionIs(String),
    PartitionHasFips,
    PartitionHasDualStack,
}

impl Condition {
    fn word(&self) -> Json {
        match self {
            Self::EndpointSet => "endpoint-set".into(),
            Self::Global => "global".into(),
            Self::RegionSet => "region-set".into(),
            Self::RegionIs(region) => [("region-is", region.as_str())].into(),
            Self::Fips => "fips".into(),
            Self::DualStack => "dual-stack".into(),
            Self::PartitionIs(partition) => [("partition-is", partition.as_str())].into(),
            Self::PartitionHasFips => "partition-has-fips".into(),
            Self::PartitionHasDualStack => "partition-has-dual-stack".into(),
        }
    }

    /// Whether the condition is about the region, so that there is one.
    fn needs_region(&self) -> bool {
        matches!(
            self,
            Self::RegionIs(_) | Self::PartitionIs(_) | Self::PartitionHasFips | Self::PartitionHasDualStack
        )
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Custom,
    Url { url: String, region: Option<String> },
    Error(String),
}

impl Outcome {
    /// Whether it is made of the region.
    fn needs_region(&self) -> bool {
        matches!(self, Self::Url { url, .. } if url.contains('{'))
    }
}

/// A rule of the list, with conditions that must not hold while the list is in the making.
#[derive(Clone, Debug)]
struct Rule {
    when: BTreeSet<Condition>,
    not: BTreeSet<Condition>,
    then: Outcome,
}

impl Rule {
    fn entry(&self) -> Object {
        let mut entry = Object::default();
        // A region that is this one is there.
        let is_exact = self.when.iter().any(|condition| matches!(condition, Condition::RegionIs(_)));
        let when = self.when.iter().filter(|condition| !is_exact || **condition != Condition::RegionSet);
        let mut set = |key: &str, value: Json| entry.0.push((key.to_owned(), value));
        set("when", Json::List(when.map(Condition::word).collect()));
        match &self.then {
            Outcome::Custom => set("custom", true.into()),
            Outcome::Error(error) => set("error", error.as_str().into()),
            Outcome::Url { url, region } => {
                set("url", url.as_str().into());
                if let Some(region) = region {
                    set("signing_region", region.as_str().into());
                }
            }
        }
        entry
    }

    /// Whether both can hold for one request.
    fn meets(&self, other: &Self) -> bool {
        let contradicts = |one: &Self, other: &Self| {
            one.when.iter().any(|condition| match condition {
                Condition::RegionIs(region) => other
                    .when
                    .iter()
                    .any(|other| matches!(other, Condition::RegionIs(known) if known != region)),
                Condition::PartitionIs(partition) => other
                    .when
                    .iter()
                    .any(|other| matches!(other, Condition::PartitionIs(known) if known != partition)),
                _ => false,
            }) || one.when.iter().any(|condition| other.not.contains(condition))
        };
        !contradicts(self, other) && !contradicts(other, self)
    }
}

/// A facts that a condition asks for.
enum Literal {
    Always,
    Never,
    If(Condition),
    IfNot(Condition),
}

/// What a rule set defines besides rules.
struct Scope<'a> {
    /// Defaults of parameters of the service's own.
    defaults: BTreeMap<&'a str, &'a Value>,
    /// Parameters of the service's own, by the conditions on which the rules change.
    own: BTreeSet<String>,
    partitions: &'a PartitionTable,
    global_regions: BTreeMap<&'a str, &'a str>,
    signing_name: &'a str,
    /// What cannot be kept, though the rule can.
    lost: BTreeSet<String>,
}

/// The region that stands for all regions of a partition, by partition: what the shared table says.
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

/// Placeholder for the region that stands for all regions of a partition.
const GLOBAL: &str = "{PartitionResult#implicitGlobalRegion}";

/// Rules that a person still reads.
const LONGEST: usize = 100;

const TABLE: &str = include_str!("../../../model/partitions/aws.json");

fn translate(set: &Value, signing_name: &str, losses: &mut Losses) -> Result<Vec<Rule>, String> {
    let tables = PartitionTable::all().map_err(|faults| faults.to_string())?;
    let partitions =
        tables.iter().find(|table| table.name == "aws").ok_or("there is no table of partitions")?;
    let table: Value = serde_json::from_str(TABLE).map_err(|error| error.to_string())?;
    let parameters = set["parameters"].as_object().into_iter().flatten();
    let own = parameters.filter(|(name, _)| !BUILT_IN.contains(&name.as_str()));
    let mut scope = Scope {
        defaults: own.map(|(name, facts)| (name.as_str(), &facts["default"])).collect(),
        own: BTreeSet::new(),
        partitions,
        global_regions: global_regions(&table),
        signing_name,
        lost: BTreeSet::new(),
    };
    let mut rules = Vec::new();
    let start = Rule { when: BTreeSet::new(), not: BTreeSet::new(), then: Outcome::Custom };
    scope.walk(&set["rules"], &start, &mut rules)?;
    let rules = order(&rules, scope.partitions)?;
    if !scope.own.is_empty() {
        let own: Vec<_> = scope.own.iter().map(String::as_str).collect();
        losses.service(format!("endpoint parameters, which count as not set: {}", own.join(", ")));
    }
    for lost in scope.lost {
        losses.service(lost);
    }
    Ok(rules)
}

impl Scope<'_> {
    /// Adds the rules below a list, with the conditions on the way there.
    fn walk(&mut self, list: &Value, way: &Rule, rules: &mut Vec<Rule>) -> Result<(), String> {
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

    fn literal(&mut self, condition: &Value) -> Result<Literal, String> {
        let function = condition["fn"].as_str().unwrap_or_default();
        let arguments: Vec<_> = condition["argv"].as_array().into_iter().flatten().collect();
        let literal = match (function, arguments.as_slice()) {
            ("isSet", [argument]) => match argument["ref"].as_str() {
                Some("Endpoint") => Literal::If(Condition::EndpointSet),
                Some("Region" | "PartitionResult") => Literal::If(Condition::RegionSet),
                Some(own) if self.is_own(own) => self.constant(own, |default| !default.is_null()),
                _ => return Err(format!("{condition} is not understood")),
            },
            // It succeeds for every region.
            ("aws.partition", [argument]) if argument["ref"] == "Region" => Literal::If(Condition::RegionSet),
            ("isValidHostLabel", [argument, _]) if argument["ref"] == "Region" => {
                Literal::If(Condition::RegionSet)
            }
            // A URL that is no URL is refused before.
            ("parseURL", [argument]) if argument["ref"] == "Endpoint" => Literal::If(Condition::EndpointSet),
            ("not", [inner]) => match self.literal(inner)? {
                Literal::Always => Literal::Never,
                Literal::Never => Literal::Always,
                Literal::If(condition) => Literal::IfNot(condition),
                Literal::IfNot(condition) => Literal::If(condition),
            },
            ("booleanEquals" | "stringEquals", [one, other]) => {
                let (value, constant) = if is_constant(one) { (other, one) } else { (one, other) };
                if !is_constant(constant) {
                    return Err(format!("{condition} compares two values"));
                }
                self.comparison(value, constant)?
            }
            ("parseURL" | "aws.parseArn" | "getAttr" | "isValidHostLabel", [argument, ..])
                if self.is_unset(argument) =>
            {
                Literal::Never
            }
            _ => return Err(format!("{function} is not understood")),
        };
        Ok(literal)
    }

    fn comparison(&mut self, value: &Value, constant: &Value) -> Result<Literal, String> {
        if value["fn"] == "getAttr" && value["argv"][0]["ref"] == "PartitionResult" {
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

    fn is_own(&self, name: &str) -> bool {
        self.defaults.contains_key(name)
    }

    /// Whether a value depends on a parameter of the service's own that has no default.
    fn is_unset(&mut self, value: &Value) -> bool {
        if let Some(name) = value["ref"].as_str() {
            let is_unset = self.defaults.get(name).is_some_and(|default| default.is_null());
            if is_unset {
                self.own.insert(name.to_owned());
            }
            return is_unset;
        }
        value["argv"].as_array().into_iter().flatten().any(|argument| self.is_unset(argument))
    }

    fn constant(&mut self, name: &str, holds: impl Fn(&Value) -> bool) -> Literal {
        self.own.insert(name.to_owned());
        let default = self.defaults.get(name).copied().unwrap_or(&Value::Null);
        if holds(default) { Literal::Always } else { Literal::Never }
    }

    fn endpoint(&mut self, endpoint: &Value, here: Rule, rules: &mut Vec<Rule>) -> Result<(), String> {
        if endpoint["url"]["ref"] == "Endpoint" || endpoint["url"] == "{Endpoint}" {
            rules.push(Rule { then: Outcome::Custom, ..here });
            return Ok(());
        }
        let url = endpoint["url"].as_str().ok_or("a URL is not a plain text")?;
        if !endpoint["headers"].as_object().is_none_or(serde_json::Map::is_empty) {
            return Err("an endpoint has headers of its own".to_owned());
        }
        let region = self.signing_region(&endpoint["properties"])?;
        let url = url.replace("{PartitionResult#dnsSuffix}", "{dnsSuffix}");
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
        Ok(scheme["signingRegion"].as_str().map(str::to_owned))
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

/// The rules without conditions that must not hold. Every case that the conditions tell apart is tried: a rule comes next if it
/// is right for all cases that are left and that its other conditions fit, so that the list decides as the tree did.
fn order(rules: &[Rule], partitions: &PartitionTable) -> Result<Vec<Rule>, String> {
    let conditions: BTreeSet<_> = rules.iter().flat_map(|rule| rule.when.iter().chain(&rule.not)).collect();
    if conditions.len() > 64 {
        return Err("they have more than 64 conditions".to_owned());
    }
    let mask = |set: &BTreeSet<Condition>| {
        let bits = conditions.iter().enumerate().filter(|(_, condition)| set.contains(**condition));
        bits.fold(0_u64, |mask, (bit, _)| mask | 1 << bit)
    };
    let masks: Vec<_> = rules.iter().map(|rule| (mask(&rule.when), mask(&rule.not))).collect();
    // What holds in a case, and the rule that decides it.
    let outcomes = cases(rules, partitions).into_iter().filter_map(|case| {
        let holds = mask(&case);
        let is_right = |&(when, not): &(u64, u64)| when & holds == when && not & holds == 0;
        Some((holds, masks.iter().position(is_right)?))
    });
    let mut left: Vec<(u64, usize)> = outcomes.collect();
    let mut ordered: Vec<Rule> = Vec::new();
    while !left.is_empty() {
        let next = (0..rules.len()).find(|&index| {
            let mut fitting =
                left.iter().filter(|(holds, _)| masks[index].0 & holds == masks[index].0).peekable();
            fitting.peek().is_some() && fitting.all(|&(_, decides)| rules[decides].then == rules[index].then)
        });
        let (when, decides) = match next {
            Some(next) => (masks[next].0, next),
            None => most_specific(&left, |one, other| rules[one].then == rules[other].then),
        };
        left.retain(|(holds, _)| when & holds != when);
        let when = conditions.iter().enumerate().filter(|(bit, _)| when >> bit & 1 == 1);
        let mut when: BTreeSet<_> = when.map(|(_, condition)| (*condition).clone()).collect();
        let then = rules[decides].then.clone();
        if then.needs_region() || when.iter().any(Condition::needs_region) {
            when.insert(Condition::RegionSet);
        }
        ordered.push(Rule { when, not: BTreeSet::new(), then });
        if ordered.len() > LONGEST {
            return Err(format!("they would be more than {LONGEST}"));
        }
    }
    if ordered.last().is_none_or(|rule| !rule.when.is_empty()) {
        let then = Outcome::Error("Invalid Configuration: Missing Region".to_owned());
        ordered.push(Rule { when: BTreeSet::new(), not: BTreeSet::new(), then });
    }
    Ok(ordered)
}

/// The conditions of the case that most holds in, without those that no case needs, and the rule that decides it.
fn most_specific(left: &[(u64, usize)], is_same: impl Fn(usize, usize) -> bool) -> (u64, usize) {
    let (mut when, decides) =
        left.iter().copied().max_by_key(|(holds, _)| holds.count_ones()).unwrap_or_default();
    for bit in 0..u64::BITS {
        let fewer = when & !(1 << bit);
        if left.iter().all(|&(holds, other)| fewer & holds != fewer || is_same(decides, other)) {
            when = fewer;
        }
    }
    (when, decides)
}

/// What holds for requests, as far as the rules tell requests apart.
fn cases(rules: &[Rule], table: &PartitionTable) -> Vec<BTreeSet<Condition>> {
    let asked = |condition: &Condition| {
        rules.iter().any(|rule| rule.when.contains(condition) || rule.not.contains(condition))
    };
    let conditions = || rules.iter().flat_map(|rule| rule.when.iter().chain(&rule.not));
    let named: BTreeSet<&String> = conditions()
        .filter_map(|condition| match condition {
            Condition::RegionIs(region) => Some(region),
            _ => None,
        })
        .collect();
    // No region, each that is named, and one of each partition that is not.
    let mut places = vec![BTreeSet::new()];
    for region in named {
        let partition = partition_of(region, table);
        let conditions = [
            Condition::RegionSet,
            Condition::RegionIs(region.clone()),
            Condition::PartitionIs(partition.to_owned()),
        ];
        places.push(conditions.into());
    }
    for partition in &table.partitions {
        places.push([Condition::RegionSet, Condition::PartitionIs(partition.id.clone())].into());
    }
    let switches = [
        Condition::EndpointSet,
        Condition::Global,
        Condition::Fips,
        Condition::DualStack,
        Condition::PartitionHasFips,
        Condition::PartitionHasDualStack,
    ];
    let switches: Vec<_> = switches.into_iter().filter(asked).collect();
    let mut cases = Vec::new();
    for place in places {
        for bits in 0..1_usize << switches.len() {
            let on = switches.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
            let has_region = !place.is_empty();
            let on =
                on.map(|(_, switch)| switch.clone()).filter(|switch| has_region || !switch.needs_region());
            cases.push(place.iter().cloned().chain(on).collect());
        }
    }
    cases
}

/// The partition of a region: as it is listed, by its first words, else the first.
fn partition_of<'a>(region: &str, table: &'a PartitionTable) -> &'a str {
    let partitions = &table.partitions;
    let listed = partitions.iter().find(|partition| partition.regions.iter().any(|known| known == region));
    let by_prefix = || {
        let begins =
            |prefix: &String| region.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.starts_with('-'));
        partitions.iter().find(|partition| {
            region == format!("{}-global", partition.id) || partition.region_prefixes.iter().any(begins)
        })
    };
    listed.or_else(by_prefix).or(partitions.first()).map_or("aws", |partition| partition.id.as_str())
}
