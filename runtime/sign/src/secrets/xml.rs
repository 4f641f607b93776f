//! Collection of secrets from XML.

use super::{Kind, Secrets, collect::kind_in};

impl Secrets {
    /// Adds the texts and attributes of XML that the model marks or whose names are known, with everything in their
    /// elements; of all elements, if there is a kind for the `whole` text. If the XML is cut, the secrets before the cut.
    pub(super) fn add_xml(&mut self, xml: &str, members: &[&str], whole: Option<Kind>) {
        let mut rest = xml.trim_ascii_start();
        if !rest.starts_with('<') {
            return;
        }
        let mut depth = 0_usize;
        // The secret around this place, and the depth of its element.
        let mut around = whole.map(|kind| (kind, 0));
        while let Some((text, markup)) = rest.split_once('<') {
            self.add_part(text, around);
            if let Some(data) = markup.strip_prefix("![CDATA[") {
                let (data, after) = data.split_once("]]>").unwrap_or((data, ""));
                self.add_part(data, around);
                rest = after;
            } else if let Some(comment) = markup.strip_prefix("!--") {
                rest = comment.split_once("-->").map_or("", |(_, after)| after);
            } else {
                let (tag, after) = markup.split_at(end_of_tag(markup));
                rest = after;
                let is_start = !tag.starts_with(['/', '!', '?']);
                if is_start {
                    depth += 1;
                    around = self.add_tag(tag, members, around, depth);
                }
                if tag.starts_with('/') || (is_start && tag.ends_with('/')) {
                    around = around.filter(|(_, start)| *start != depth);
                    depth = depth.saturating_sub(1);
                }
            }
        }
        self.add_part(rest, around);
    }

    /// Adds the attributes of an element; returns the secret around its content.
    fn add_tag(
        &mut self,
        tag: &str,
        members: &[&str],
        around: Option<(Kind, usize)>,
        depth: usize,
    ) -> Option<(Kind, usize)> {
        let (name, mut attributes) = tag.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((tag, ""));
        let secret =
            |name: &str| kind_in(local(name.trim_end_matches('/')), members).map(|kind| (kind, depth));
        let around = around.or_else(|| secret(name));
        while let Some((name, rest)) = attributes.split_once('=') {
            let (name, rest) = (name.trim(), rest.trim_start());
            let quote = rest.chars().next().filter(|c| ['"', '\''].contains(c)).unwrap_or(' ');
            let rest = rest.strip_prefix(quote).unwrap_or(rest);
            let (value, rest) = rest.split_once(quote).unwrap_or((rest, ""));
            if !name.starts_with("xmlns") {
                self.add_part(value, around.or_else(|| secret(name)));
            }
            attributes = rest;
        }
        around
    }

    fn add_part(&mut self, text: &str, around: Option<(Kind, usize)>) {
        if let Some((kind, _)) = around {
            self.add_untyped(text, kind);
        }
    }
}

/// The part of a name after the prefix of its namespace.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The position at which a tag ends, outside of quotes; the length of the text if it does not end.
fn end_of_tag(text: &str) -> usize {
    let mut quote = None;
    let end = text.find(|c| {
        match quote {
            Some(open) if open == c => quote = None,
            None if ['"', '\''].contains(&c) => quote = Some(c),
            Some(_) | None => {}
        }
        quote.is_none() && c == '>'
    });
    end.unwrap_or(text.len())
}
