//! The text of a shared configuration file.

use std::sync::Arc;

use super::{File, Kind, Place, Property, Section, Sections, Table};

/// Why a file cannot be read: the line and what is wrong there. The line itself may hold a secret and stays unsaid.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) line: usize,
    pub(super) problem: &'static str,
}

/// Reads a file. Duplicate sections are one, and the last of duplicate keys wins.
pub(super) fn parse(bytes: &[u8], file: File, path: &Arc<str>) -> Result<Sections, Malformed> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut parser = Parser { file, path, sections: Sections::default(), section: None, open: None };
    for (number, line) in decode(bytes)?.lines().enumerate() {
        let line_number = number + 1;
        parser.line(line, line_number).map_err(|problem| Malformed { line: line_number, problem })?;
    }
    Ok(parser.finish())
}

fn decode(bytes: &[u8]) -> Result<&str, Malformed> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.iter().take(error.valid_up_to());
        let line = before.filter(|&&byte| byte == b'\n').count() + 1;
        Malformed { line, problem: "not UTF-8; save the file as UTF-8" }
    })
}

struct Parser<'a> {
    file: File,
    path: &'a Arc<str>,
    sections: Sections,
    section: Option<(Kind, String)>,
    /// The property that lines indented deeper belong to, and its own indentation.
    open: Option<(String, usize)>,
}

impl Parser<'_> {
    fn line(&mut self, line: &str, number: usize) -> Result<(), &'static str> {
        let text = line.trim();
        if text.is_empty() || text.starts_with(['#', ';']) {
            return Ok(());
        }
        let indent = line.len() - line.trim_start().len();
        match self.open.take() {
            Some((key, outer)) if indent > outer => {
                self.continuation(&key, text)?;
                self.open = Some((key, outer));
                Ok(())
            }
            _ if text.starts_with('[') => self.header(text),
            _ => self.property(text, indent, number),
        }
    }

    fn header(&mut self, text: &str) -> Result<(), &'static str> {
        let inside = text.strip_prefix('[').and_then(|text| text.split_once(']'));
        let Some((name, rest)) = inside else { return Err("no `]` after the section's name") };
        let rest = rest.trim_start();
        if !rest.is_empty() && !rest.starts_with(['#', ';']) {
            return Err("text after `]`; begin a new line there, or a comment with `#`");
        }
        if name.trim().is_empty() {
            return Err("a section without a name; write `[default]` or `[profile name]`");
        }
        let section = classify(name.trim(), self.file);
        if self.sections.get(&section).is_none() {
            self.sections.insert(section.clone(), Section::default());
        }
        self.section = Some(section);
        Ok(())
    }

    fn property(&mut self, text: &str, indent: usize, number: usize) -> Result<(), &'static str> {
        let (key, value) = pair(text)?;
        let place = Place { path: Arc::clone(self.path), line: number, file: self.file };
        let Some(section) = self.current() else {
            return Err("a property before the first section; write `[default]` above it");
        };
        section.insert(key.clone(), Property { value, nested: Table::default(), place });
        self.open = Some((key, indent));
        Ok(())
    }

    /// A deeper line: a property of its own below `name =`, more of the value below `name = value`.
    fn continuation(&mut self, key: &str, text: &str) -> Result<(), &'static str> {
        let Some(property) = self.current().and_then(|section| section.get_mut(key)) else { return Ok(()) };
        if property.value.is_empty() {
            let (key, value) = pair(text)?;
            property.nested.insert(key, value);
        } else {
            property.value.push('\n');
            property.value.push_str(text);
        }
        Ok(())
    }

    fn current(&mut self) -> Option<&mut Section> {
        self.sections.get_mut(self.section.as_ref()?)
    }

    /// `[profile default]` beats `[default]`, whichever comes first.
    fn finish(mut self) -> Sections {
        if let Some(bare) = self.sections.remove(&(Kind::BareDefault, "default".to_owned())) {
            let default = (Kind::Profile, "default".to_owned());
            if self.sections.get(&default).is_none() {
                self.sections.insert(default, bare);
            }
        }
        self.sections
    }
}

/// What a section is. Those of other programs are kept, and never looked up.
fn classify(name: &str, file: File) -> (Kind, String) {
    match (file, name.split_once(char::is_whitespace)) {
        (File::Credentials, _) => (Kind::Profile, unquote(name)),
        (File::Config, None) if name == "default" => (Kind::BareDefault, name.to_owned()),
        (File::Config, Some(("profile", name))) => (Kind::Profile, unquote(name.trim())),
        (File::Config, Some(("services", name))) => (Kind::Services, unquote(name.trim())),
        (File::Config, Some(("sso-session", name))) => (Kind::SsoSession, unquote(name.trim())),
        (File::Config, _) => (Kind::Other, name.to_owned()),
    }
}

fn unquote(name: &str) -> String {
    let inside = |quote| name.strip_prefix(quote).and_then(|name| name.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(name).to_owned()
}

/// The two sides of `key = value`, the key in lower case.
fn pair(text: &str) -> Result<(String, String), &'static str> {
    let Some((key, value)) = text.split_once('=') else {
        return Err("neither `key = value` nor `[section]` nor a comment with `#`");
    };
    match key.trim() {
        "" => Err("a value without a key; write `key = value`"),
        key => Ok((key.to_ascii_lowercase(), without_comment(value).trim().to_owned())),
    }
}

/// A comment begins with `#` or `;` after a space; elsewhere they belong to the value.
fn without_comment(value: &str) -> &str {
    let mut after_space = false;
    for (index, character) in value.char_indices() {
        if after_space && matches!(character, '#' | ';') {
            return value.get(..index).unwrap_or(value);
        }
        after_space = character.is_whitespace();
    }
    value
}
