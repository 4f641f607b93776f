//! Lists in headers: items separated by commas, some of them quoted.

/// An item of a list in a header (RFC 9110, section 5.6.4).
pub fn quoted(text: String) -> String {
    if text.contains([',', '"']) {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        text
    }
}

/// Items of a list, some of which may be quoted.
pub fn items(text: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (item, after) = if let Some(quoted) = rest.strip_prefix('"') {
            unquoted(quoted)
        } else {
            let (item, after) = rest.split_once(',').unwrap_or((rest, ""));
            (item.trim_end().to_owned(), after)
        };
        items.push(item);
        rest = after.trim_start();
    }
    items
}

/// The text up to the closing quote, and what follows the next comma.
fn unquoted(text: &str) -> (String, &str) {
    let mut item = String::new();
    let mut characters = text.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '\\' => item.extend(characters.next().map(|(_, escaped)| escaped)),
            '"' => {
                let after = text.get(index + 1..).unwrap_or_default();
                return (item, after.split_once(',').map_or("", |(_, after)| after));
            }
            other => item.push(other),
        }
    }
    (item, "")
}

/// Dates as in `Sun, 30 Jun 2013 00:00:00 GMT`, each of which has one comma.
pub fn dates(text: &str) -> Vec<String> {
    let parts: Vec<_> = text.split(',').map(str::trim).collect();
    parts.chunks(2).map(|date| date.join(", ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_read_as_they_were_written() {
        let texts = ["a", "b, c", "say \"hi\"", "back\\slash, too"];
        let written: Vec<_> = texts.iter().map(|text| quoted((*text).to_owned())).collect();
        assert_eq!(written.join(", "), r#"a, "b, c", "say \"hi\"", "back\\slash, too""#);
        assert_eq!(items(&written.join(", ")), texts);
        assert_eq!(items("a,b ,  c"), ["a", "b", "c"]);
        assert_eq!(items(""), [""; 0]);
    }

    #[test]
    fn dates_have_a_comma_of_their_own() {
        let read = dates("Mon, 16 Dec 2019 23:48:18 GMT, Tue, 17 Dec 2019 23:48:18 GMT");
        assert_eq!(read, ["Mon, 16 Dec 2019 23:48:18 GMT", "Tue, 17 Dec 2019 23:48:18 GMT"]);
    }
}
