//! Trees of XML: elements without children are texts, repeated elements are a list.

mod document;

use std::borrow::Cow;

use quick_xml::{
    Reader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesDecl, BytesRef, BytesStart, Event},
};

pub(in crate::protocol) use self::document::{
    any_document, document_with_id, error_document, unreadable_xml,
};
use super::node::{Members, Node};

/// Maximum depth of elements.
const MAX_DEPTH: usize = 64;

/// A document.
#[derive(Debug)]
pub(in crate::protocol) struct Document<'a> {
    /// Name of the root, without the namespace's prefix; empty if there is no root.
    pub(in crate::protocol) root: Cow<'a, str>,
    /// The content of the root.
    pub(in crate::protocol) content: Node<'a>,
}

/// Reads a document. If there is no root but only members, one of which is the request id, they become the root's
/// members. Attributes are ignored.
pub(in crate::protocol) fn parse(text: &str) -> Result<Document<'_>, String> {
    read(text, false)
}

/// Reads a document like [`parse`], with attributes as members of their elements; the root may be a text. Elements with
/// attributes and text are texts.
pub(in crate::protocol) fn parse_with_attributes(text: &str) -> Result<Document<'_>, String> {
    read(text, true)
}

fn read(text: &str, has_attributes: bool) -> Result<Document<'_>, String> {
    let mut reader = Reader::from_str(text);
    let mut builder = Builder { source: text, has_attributes, open: Vec::new(), top: Element::new("") };
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(|error| error.to_string());
        match event.and_then(|event| builder.take(event, start)) {
            Ok(true) => {}
            Ok(false) => return builder.finish(),
            Err(error) => return Err(format!("XML at byte {start}: {error}")),
        }
    }
}

/// Open elements, outermost first, within one for the document.
struct Builder<'a> {
    source: &'a str,
    /// Whether attributes are read.
    has_attributes: bool,
    open: Vec<Element<'a>>,
    top: Element<'a>,
}

struct Element<'a> {
    name: &'a str,
    text: Cow<'a, str>,
    attributes: Vec<(Cow<'a, str>, Node<'a>)>,
    children: Vec<(Cow<'a, str>, Node<'a>)>,
}

impl<'a> Builder<'a> {
    /// Reads the token that begins at a byte of the source; returns whether more tokens may follow.
    fn take(&mut self, event: Event<'a>, start: usize) -> Result<bool, String> {
        match event {
            Event::Start(tag) => self.begin(start, &tag)?,
            Event::Empty(tag) => {
                self.begin(start, &tag)?;
                self.end();
            }
            Event::End(_) => self.end(),
            Event::Text(content) => self.text(content.xml10_content())?,
            Event::CData(content) => self.text(content.xml10_content())?,
            Event::GeneralRef(reference) => self.text(resolve(&reference)?)?,
            Event::Decl(declaration) => check_encoding(&declaration)?,
            Event::DocType(_) => return Err("document type declarations are not supported".to_owned()),
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => return Ok(false),
        }
        Ok(true)
    }

    /// The name without its namespace's prefix, borrowed from the source, where it follows the `<`.
    fn begin(&mut self, start: usize, tag: &BytesStart<'_>) -> Result<(), String> {
        if self.open.len() == MAX_DEPTH {
            return Err(format!("elements are nested more than {MAX_DEPTH} deep"));
        }
        let length = tag.name().0.len();
        let name = self.source.get(start + 1..start + 1 + length).unwrap_or_default();
        let mut element = Element::new(name.rsplit(':').next().unwrap_or_default());
        if self.has_attributes {
            element.attributes = attributes(tag)?;
        }
        self.open.push(element);
        Ok(())
    }

    fn end(&mut self) {
        // The reader has verified that an element is open.
        if let Some(element) = self.open.pop() {
            let parent = self.open.last_mut().unwrap_or(&mut self.top);
            parent.children.push((element.name.into(), element.into_node()));
        }
    }

    fn text(&mut self, text: Cow<'a, str>) -> Result<(), String> {
        match self.open.last_mut() {
            Some(element) if element.text.is_empty() => element.text = text,
            Some(element) => element.text.to_mut().push_str(&text),
            None if text.trim().is_empty() => {}
            None => return Err("there is text outside of elements".to_owned()),
        }
        Ok(())
    }

    fn finish(self) -> Result<Document<'a>, String> {
        if let Some(element) = self.open.last() {
            return Err(format!("XML ends within <{}>", element.name));
        }
        let mut children = self.top.children;
        match children.pop() {
            None => Err("XML without elements".to_owned()),
            Some((name, _)) if children.is_empty() && name.eq_ignore_ascii_case("html") => {
                Err("XML that is a web page".to_owned())
            }
            Some((root, content))
                if children.is_empty()
                    && (self.has_attributes || content.is_nothing() || content.to_text().is_none()) =>
            {
                Ok(Document { root, content })
            }
            Some(last) => {
                children.push(last);
                let content = members(children);
                // Every response has a request id; without one, these are not the members of a response.
                match content.member("RequestId") {
                    Some(_) => Ok(Document { root: Cow::Borrowed(""), content }),
                    None => Err("XML without a root, or with content after the root".to_owned()),
                }
            }
        }
    }
}

impl<'a> Element<'a> {
    fn new(name: &'a str) -> Self {
        Self { name, text: Cow::Borrowed(""), attributes: Vec::new(), children: Vec::new() }
    }

    /// White space between elements is only layout.
    fn into_node(self) -> Node<'a> {
        let is_text = self.attributes.is_empty() || !self.text.trim().is_empty();
        if self.children.is_empty() && is_text {
            return Node::Text(self.text);
        }
        let mut parts = self.attributes;
        parts.extend(self.children);
        members(parts)
    }
}

/// The attributes of an element by their whole names, without declarations of namespaces.
fn attributes<'a>(tag: &BytesStart<'_>) -> Result<Vec<(Cow<'a, str>, Node<'a>)>, String> {
    let mut found = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attribute.key.as_namespace_binding().is_none() {
            let value =
                attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
            let name = attribute.key.0.to_owned();
            found.push((name.into(), Node::Text(value.into_owned().into())));
        }
    }
    Ok(found)
}

fn members<'a>(children: Vec<(Cow<'a, str>, Node<'a>)>) -> Node<'a> {
    Node::Members(Members::new(children, |earlier, later| match earlier {
        Node::List(list) => list.push(later),
        lone => {
            let first = std::mem::replace(lone, Node::Null);
            *lone = Node::List(vec![first, later]);
        }
    }))
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// Only the five predefined entities exist, since nothing declares others.
fn resolve<'a>(reference: &BytesRef<'_>) -> Result<Cow<'a, str>, String> {
    if let Some(char) = reference.resolve_char_ref().map_err(|error| error.to_string())? {
        return Ok(char.to_string().into());
    }
    let entity = resolve_predefined_entity(reference);
    entity.map(Cow::Borrowed).ok_or_else(|| format!("&{}; is not known", &**reference))
}

fn check_encoding(declaration: &BytesDecl<'_>) -> Result<(), String> {
    let encoding = declaration.encoding().transpose().map_err(|error| error.to_string())?;
    match encoding.as_deref() {
        Some(name) if !["utf-8", "utf8", "us-ascii"].iter().any(|known| known.eq_ignore_ascii_case(name)) => {
            Err(format!("the encoding {name:?} is declared; only UTF-8 is supported"))
        }
        _ => Ok(()),
    }
}
