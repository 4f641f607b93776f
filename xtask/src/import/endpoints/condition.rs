//! Conditions of rule sets in the terms of our rules.

use serde_json::Value;

use super::{Named, Scope, rule::Condition};

/// What a condition asks for.
pub(super) enum Literal {
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

impl<'a> Scope<'a> {
    pub(super) fn literal(&mut self, condition: &'a Value) -> Result<Literal, String> {
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
}

fn is_constant(value: &Value) -> bool {
    value.is_boolean() || value.as_str().is_some_and(|text| !text.contains('{'))
}

fn flag_of(condition: Condition, flag: bool) -> Literal {
    if flag { Literal::If(condition) } else { Literal::IfNot(condition) }
}
