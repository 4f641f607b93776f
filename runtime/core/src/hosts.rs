//! Forms of the host names that a service's APIs have, as data.

use crate::endpoint::Partition;

/// The host names of a service whose APIs belong to its users.
#[derive(Debug)]
#[non_exhaustive]
pub struct Hosts {
    /// Header with the id of the API, if the host does not have it.
    pub api_header: Option<&'static str>,
    /// Forms of host names; other hosts are custom domain names.
    pub forms: &'static [HostForm],
}

impl Hosts {
    /// No forms, for services without APIs of their users.
    pub const NONE: &'static Self = &Self::new(None, &[]);

    /// Collects forms.
    pub const fn new(api_header: Option<&'static str>, forms: &'static [HostForm]) -> Self {
        Self { api_header, forms }
    }

    /// Recognizes the form of a host name, and reads its parts. The name is in lower case and has no port. `None` for
    /// custom domain names.
    pub fn recognize<'h>(&self, host: &'h str, partitions: &[Partition]) -> Option<KnownHost<'h>> {
        self.forms.iter().find_map(|form| form.recognize(host, partitions))
    }
}

/// A form of host names.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by generated tables")]
pub struct HostForm {
    /// Name: `default`.
    pub form: &'static str,
    /// Host name with placeholders: `{api}.example.{Region}.{dnsSuffix}`. `{Region}` and `{zone}` match letters,
    /// digits and `-`, `{dnsSuffix}` for one of the partitions', others for letters and digits.
    pub host: &'static str,
    /// Pattern of paths at such hosts, whose parts explanations can use: `/{stage}/*`.
    pub path: Option<&'static str>,
    /// Service in the credential scope, if it is not the service's signing name.
    pub signing_name: Option<&'static str>,
    /// Why such a host cannot be called, and which host to call instead.
    pub refused: Option<&'static str>,
}

impl HostForm {
    /// Whether the host name has the id of the API.
    pub fn names_api(&self) -> bool {
        self.host.contains("{api}")
    }

    /// The host name with these parts. `None` unless they are exactly the parts of this form.
    pub fn fill(&self, parts: &[(&str, &str)]) -> Option<String> {
        let mut host = String::with_capacity(2 * self.host.len());
        let mut rest = self.host;
        let mut used = 0;
        while let Some((before, name, behind)) = placeholder(rest) {
            let (_, part) = parts.iter().find(|(known, _)| *known == name)?;
            host.extend([before, part]);
            used += 1;
            rest = behind;
        }
        host.push_str(rest);
        (used == parts.len()).then_some(host)
    }

    fn recognize<'h>(&'static self, host: &'h str, partitions: &[Partition]) -> Option<KnownHost<'h>> {
        let mut parts = Vec::new();
        let (mut form, mut rest) = (self.host, host);
        while let Some((before, name, behind)) = placeholder(form) {
            rest = rest.strip_prefix(before)?;
            let length = match name {
                "dnsSuffix" => {
                    partitions.iter().find(|partition| partition.dns_suffix == rest)?.dns_suffix.len()
                }
                "Region" | "zone" => rest.bytes().take_while(|byte| is_word(*byte) || *byte == b'-').count(),
                _ => rest.bytes().take_while(|byte| is_word(*byte)).count(),
            };
            let (part, left) = rest.split_at(length);
            if part.is_empty() {
                return None;
            }
            parts.push((name, part));
            (form, rest) = (behind, left);
        }
        (form == rest).then_some(KnownHost { form: self, parts })
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// The text before the first placeholder, its name, and the text after it.
fn placeholder(text: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, behind) = rest.split_once('}')?;
    Some((before, name, behind))
}

/// A host name whose form is known.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KnownHost<'h> {
    /// Its form.
    pub form: &'static HostForm,
    parts: Vec<(&'static str, &'h str)>,
}

impl<'h> KnownHost<'h> {
    /// The value of a placeholder: `part("Region")`.
    pub fn part(&self, name: &str) -> Option<&'h str> {
        self.parts.iter().find(|(known, _)| *known == name).map(|(_, part)| *part)
    }

    /// Every placeholder with its value.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, &'h str)> {
        self.parts.iter().copied()
    }
}
