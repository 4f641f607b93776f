//! XML, as far as errors are found in it.

/// The text of the first element of this name.
pub fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let open = format!("<{name}>");
    let rest = xml.get(xml.find(&open)? + open.len()..)?;
    rest.get(..rest.find(&format!("</{name}>"))?).map(str::trim)
}

/// Replaces entities by their characters.
pub fn unescape(text: &str) -> String {
    /// The longest entity that is read: `&#x10FFFF;`.
    const LONGEST: usize = 10;
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let end = after.bytes().take(LONGEST).position(|byte| byte == b';');
        let entity = end.and_then(|end| Some((entity(after.get(..end)?)?, after.get(end + 1..)?)));
        rest = if let Some((character, beyond)) = entity {
            plain.push(character);
            beyond
        } else {
            plain.push('&');
            after
        };
    }
    plain + rest
}

fn entity(name: &str) -> Option<char> {
    match name {
        "apos" => Some('\''),
        "quot" => Some('"'),
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}
