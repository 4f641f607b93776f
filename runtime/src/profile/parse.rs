//! A parser of shared configuration files.

use std::sync::Arc;

use super::{File, Kind, Malformed, Place, Property, Section};
use crate::{text, words};

/// Reads a file in linear time.
///
/// An invalid line makes its section unusable, or the whole file if its section is unknown.
pub(super) fn parse(bytes: &[u8], file: File, path: &Arc<str>) -> Result<Vec<Section>, Malformed> {
    let mut parser = Parser { file, sections: Vec::new(), open: None };
    for (index, line) in text::without_mark(bytes).split(|&byte| byte == b'\n').enumerate() {
        let place = Place { path: Arc::clone(path), line: index + 1, file };
        parser.line(line, place)?;
    }
    Ok(parser.finish())
}

struct Parser {
    file: File,
    /// The last section is the current one.
    sections: Vec<Section>,
    /// The indentation of the last property; deeper lines belong to that property.
    open: Option<usize>,
}

impl Parser {
    fn line(&mut self, line: &[u8], place: Place) -> Result<(), Malformed> {
        let Ok(line) = str::from_utf8(line) else {
            let problem = "not UTF-8; save the file as UTF-8";
            return match line.trim_ascii_start().first() {
                Some(b'#' | b';') => Ok(()),
                Some(b'[') => Err(place.malformed(problem)),
                _ => self.spoil(place, problem),
            };
        };
        let text = line.trim();
        if text.is_empty() || text.starts_with(['#', ';']) {
            return Ok(());
        }
        let indent = line.len() - line.trim_start().len();
        match self.open.take() {
            Some(outer) if indent > outer => {
                self.open = Some(outer);
                self.continuation(text).or_else(|problem| self.spoil(place, problem))
            }
            _ if text.starts_with('[') => {
                let name = header(text, self.file).map_err(|problem| place.malformed(problem))?;
                let (kind, name) = classify(name, self.file);
                self.sections.push(Section { kind, name, properties: Vec::new(), malformed: None });
                Ok(())
            }
            _ => match pair(text) {
                Ok((key, value)) => self.property(key, value, indent, place),
                Err(problem) => self.spoil(place, problem),
            },
        }
    }

    fn property(&mut self, key: String, value: String, indent: usize, place: Place) -> Result<(), Malformed> {
        let Some(section) = self.sections.last_mut() else { return Err(place.malformed(NO_SECTION)) };
        section.properties.push((key, Property { value, nested: Vec::new(), place }));
        self.open = Some(indent);
        Ok(())
    }

    /// Reads a deeper line: a nested property below `name =`, or more of the value below `name = value`.
    fn continuation(&mut self, text: &str) -> Result<(), &'static str> {
        let section = self.sections.last_mut();
        let Some((_, property)) = section.and_then(|section| section.properties.last_mut()) else {
            return Ok(());
        };
        if property.value.is_empty() {
            property.nested.push(pair(text)?);
        } else {
            property.value.push('\n');
            property.value.push_str(text);
        }
        Ok(())
    }

    fn spoil(&mut self, place: Place, problem: &'static str) -> Result<(), Malformed> {
        let malformed = place.malformed(problem);
        let Some(section) = self.sections.last_mut() else { return Err(malformed) };
        section.malformed.get_or_insert(malformed);
        Ok(())
    }

    /// `[profile default]` overrides `[default]`, whichever comes first.
    fn finish(mut self) -> Vec<Section> {
        if self.sections.iter().any(|section| section.is(Kind::Profile, "default")) {
            self.sections.retain(|section| section.kind != Kind::BareDefault);
        }
        for section in &mut self.sections {
            if section.kind == Kind::BareDefault {
                section.kind = Kind::Profile;
            }
        }
        self.sections
    }
}

const NO_SECTION: &str = "a property before the first section; write `[default]` above it";

/// The text between `[` and the `]` that ends a header; only a comment may follow.
///
/// Names may contain `]`. In files with quotes, a `]` within quotes does not end the header.
fn header(text: &str, file: File) -> Result<&str, &'static str> {
    let inside = text.strip_prefix('[').unwrap_or(text);
    let mut ends = inside.match_indices(']').map(|(end, _)| end).peekable();
    if ends.peek().is_none() {
        return Err("no `]` after the section's name");
    }
    let is_end = |end: &usize| {
        let rest = inside.get(end + 1..).unwrap_or_default().trim_start();
        rest.is_empty() || rest.starts_with(['#', ';'])
    };
    let mut unquoted = words::unquoted(inside).filter(|(_, char)| *char == ']').map(|(end, _)| end);
    let end = if file == File::Config { unquoted.find(is_end) } else { None };
    match end.or_else(|| ends.find(is_end)).and_then(|end| inside.get(..end)).map(str::trim) {
        None => Err("text after `]`; begin a new line there, or a comment with `#`"),
        Some("") => Err("a section without a name; write `[default]` or `[profile name]`"),
        Some(name) => Ok(name),
    }
}

/// The kind of a section. Sections of other programs are kept, but never looked up.
fn classify(name: &str, file: File) -> (Kind, String) {
    if file == File::Credentials {
        return (Kind::Profile, name.to_owned());
    }
    if name == "default" {
        return (Kind::BareDefault, name.to_owned());
    }
    for (word, kind) in
        [("profile", Kind::Profile), ("services", Kind::Services), ("sso-session", Kind::SsoSession)]
    {
        let quoted = name.strip_prefix(word).filter(|rest| rest.starts_with([' ', '\t']));
        // `aws configure` quotes names as a shell does.
        let Some(Ok(words)) = quoted.map(words::posix) else { continue };
        if let Ok([name]) = <[String; 1]>::try_from(words) {
            return (kind, name);
        }
    }
    (Kind::Other, name.to_owned())
}

/// Key and value of `key = value`, with the key in lower case.
fn pair(text: &str) -> Result<(String, String), &'static str> {
    let Some((key, value)) = text.split_once('=') else {
        return Err("neither `key = value` nor `[section]` nor a comment with `#`");
    };
    match key.trim() {
        "" => Err("a value without a key; write `key = value`"),
        key => {
            let key = key.to_ascii_lowercase();
            // AWS's command line has no comments in values. Only commands need what follows `#`, quoted or not.
            let value = if key == "credential_process" { value } else { without_comment(value) };
            Ok((key, value.trim().to_owned()))
        }
    }
}

/// A comment begins with `#` or `;` after a space; elsewhere these characters belong to the value.
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
