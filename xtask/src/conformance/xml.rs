//! Comparison of XML documents. Not the runtime's code, which is being checked.

use std::collections::BTreeMap;

use quick_xml::{
    NsReader, XmlVersion,
    events::{BytesStart, Event},
    name::ResolveResult,
};

/// An element: its name, its attributes and what is in it, in an order that does not depend on how it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Element {
    /// Namespace and local name.
    name: (String, String),
    /// Attributes, and namespaces that have a prefix.
    attributes: BTreeMap<String, String>,
    text: String,
    children: Vec<Element>,
}

/// The root of a document.
pub(super) fn canonical(text: &str) -> Result<Element, String> {
    let mut reader = NsReader::from_str(text.trim());
    let mut open = vec![Element::default()];
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(|error| error.to_string())?;
        match event {
            Event::Start(tag) => open.push(begin(&namespace, &tag)?),
            Event::Empty(tag) => {
                let element = begin(&namespace, &tag)?;
                parent(&mut open)?.children.push(element);
            }
            Event::End(_) => {
                let element = open.pop().ok_or("an end tag without a start tag")?.finish();
                parent(&mut open)?.children.push(element);
            }
            Event::Text(content) => parent(&mut open)?.text.push_str(&content.xml10_content()),
            Event::GeneralRef(reference) => {
                let text = match reference.resolve_char_ref().map_err(|error| error.to_string())? {
                    Some(char) => char.to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&reference)
                        .ok_or_else(|| format!("&{}; is not known", &*reference))?
                        .to_owned(),
                };
                parent(&mut open)?.text.push_str(&text);
            }
            Event::Eof => break,
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            other => return Err(format!("{other:?} is not expected")),
        }
    }
    let [document] = open.as_slice() else { return Err("the root does not end".to_owned()) };
    let [root] = document.children.as_slice() else { return Err("there is not exactly one root".to_owned()) };
    Ok(root.clone())
}

fn parent(open: &mut [Element]) -> Result<&mut Element, String> {
    open.last_mut().ok_or_else(|| "there is content outside of the root".to_owned())
}

fn begin(namespace: &ResolveResult<'_>, tag: &BytesStart<'_>) -> Result<Element, String> {
    let uri = match namespace {
        ResolveResult::Bound(uri) => uri.0.to_owned(),
        ResolveResult::Unbound | ResolveResult::Unknown(_) => String::new(),
    };
    let mut attributes = BTreeMap::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
        // The namespace of names without prefix is that of the element.
        if attribute.key.0 != "xmlns" {
            attributes.insert(attribute.key.0.to_owned(), value.into_owned());
        }
    }
    let name = (uri, tag.local_name().into_inner().to_owned());
    Ok(Element { name, attributes, ..Element::default() })
}

impl Element {
    /// Members have no order, and neither have entries of maps; items of lists have.
    fn finish(mut self) -> Self {
        if !self.children.is_empty() && self.text.trim().is_empty() {
            self.text.clear();
        }
        self.children
            .sort_by(|one, other| one.name.cmp(&other.name).then_with(|| one.key().cmp(&other.key())));
        self
    }

    /// The key of an entry: the text of the first of two elements.
    fn key(&self) -> Option<&str> {
        let [key, _] = self.children.as_slice() else { return None };
        let is_key = ["key", "k", "innerkey", "outerkey"].contains(&key.name.1.to_ascii_lowercase().as_str());
        is_key.then_some(&key.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(one: &str, other: &str, is_same: bool) {
        let (left, right) = (canonical(one).unwrap(), canonical(other).unwrap());
        assert_eq!(left == right, is_same, "{one} and {other}");
    }

    #[test]
    fn documents_are_the_same_whatever_they_are_written_like() {
        check("<a><b>1</b><c/></a>", " <a>\n  <c></c> <b>1</b>\n</a>\n", true);
        check("<a x=\"1\" y='&lt;'/>", "<a y=\"&#60;\" x=\"1\"></a>", true);
        check("<a xmlns=\"u\"><b/></a>", "<a xmlns=\"u\"><b xmlns=\"u\"/></a>", true);
        check(
            "<a><e><key>1</key><value/></e><e><key>2</key><value/></e></a>",
            "<a><e><key>2</key><value/></e><e><key>1</key><value/></e></a>",
            true,
        );
    }

    #[test]
    fn what_differs_is_another_document() {
        check("<a><b>1</b><b>2</b></a>", "<a><b>2</b><b>1</b></a>", false);
        check("<a xmlns=\"u\"/>", "<a/>", false);
        check("<a xmlns:p=\"u\"/>", "<a/>", false);
        check("<a>1</a>", "<a>1 </a>", false);
        check("<a x=\"1\"/>", "<a><x>1</x></a>", false);
        assert!(canonical("<a/><b/>").is_err() && canonical("<a>").is_err());
    }
}
