//! Arguments of a verb: positions, `--name value`, `--name=value` and `--switch`.

use crate::failure::Failure;

/// Parsed arguments.
#[derive(Debug)]
pub(crate) struct Flags<'a> {
    pub(crate) positions: Vec<&'a str>,
    values: Vec<(&'a str, &'a str)>,
    switches: Vec<&'a str>,
}

impl<'a> Flags<'a> {
    /// Separates flags with a value, switches and other arguments.
    pub(crate) fn parse(
        arguments: &'a [String],
        valued: &[&str],
        switches: &[&str],
    ) -> Result<Self, Failure> {
        let mut flags = Self { positions: Vec::new(), values: Vec::new(), switches: Vec::new() };
        let mut rest = arguments.iter().map(String::as_str);
        while let Some(argument) = rest.next() {
            let Some(flag) = argument.strip_prefix("--").filter(|flag| !flag.is_empty()) else {
                flags.positions.push(argument);
                continue;
            };
            let (name, value) =
                flag.split_once('=').map_or((flag, None), |(name, value)| (name, Some(value)));
            if valued.contains(&name) {
                let value = value.or_else(|| rest.next());
                let value = value.ok_or_else(|| Failure::Usage(format!("--{name} needs a value")))?;
                flags.values.push((name, value));
            } else if switches.contains(&name) && value.is_none() {
                flags.switches.push(name);
            } else if switches.contains(&name) {
                return Err(Failure::Usage(format!("--{name} takes no value")));
            } else {
                return Err(Failure::unknown("flag", name, valued.iter().chain(switches).copied()));
            }
        }
        Ok(flags)
    }

    /// The value of a flag, the last of several.
    pub(crate) fn value(&self, name: &str) -> Option<&'a str> {
        self.all(name).last()
    }

    /// All values of a flag.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.values.iter().filter(move |(known, _)| *known == name).map(|(_, value)| *value)
    }

    /// The value of a flag, read as `what`.
    #[cfg(any(feature = "client", test))]
    pub(crate) fn parsed<T: std::str::FromStr>(&self, name: &str, what: &str) -> Result<Option<T>, Failure> {
        let wrong = |value| Failure::Usage(format!("--{name} takes {what}, not {value:?}"));
        self.value(name).map(|value| value.parse().map_err(|_| wrong(value))).transpose()
    }

    /// Whether a switch is there.
    pub(crate) fn has(&self, switch: &str) -> bool {
        self.switches.contains(&switch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &str) -> Result<String, String> {
        let arguments: Vec<_> = arguments.split(' ').map(str::to_owned).collect();
        let flags =
            Flags::parse(&arguments, &["input", "port"], &["fake"]).map_err(|error| format!("{error:?}"))?;
        let port = flags.parsed::<u16>("port", "a port").map_err(|error| format!("{error:?}"))?;
        Ok(format!("{:?} {:?} {port:?} {}", flags.positions, flags.value("input"), flags.has("fake")))
    }

    #[track_caller]
    fn check(arguments: &str, expected: &str) {
        assert_eq!(parse(arguments).unwrap_or_else(|error| error), expected);
    }

    #[test]
    fn arguments_are_taken_apart() {
        check("s --input {} Op --fake", r#"["s", "Op"] Some("{}") None true"#);
        check("--input=a=b --port=1 -", r#"["-"] Some("a=b") Some(1) false"#);
        check("s --input", r#"Usage("--input needs a value")"#);
        check("s --fake=1", r#"Usage("--fake takes no value")"#);
        check("--port x", r#"Usage("--port takes a port, not \"x\"")"#);
        check("--inputt {}", r#"Usage("unknown flag \"inputt\"; did you mean input?")"#);
    }
}
