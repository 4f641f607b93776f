//! Decoding of escapes in texts, so that a secret is found in any encoding.

use std::{collections::VecDeque, fmt, iter::Enumerate, slice::Iter};

/// A decoded byte, and the range of the written text that encodes it.
#[derive(Clone, Copy, Debug)]
pub struct Unit {
    /// The decoded byte.
    pub byte: u8,
    /// The start of its written form.
    pub start: usize,
    /// The end of its written form.
    pub end: usize,
}

/// Reads a text through up to three layers of escapes. They are percent-encoding, escapes of JSON strings, and
/// character references of HTML and XML, in any combination.
///
/// White space at line ends is skipped (folded headers, wrapped Base64), and a blank counts as the `+` of forms.
pub fn plain(text: &[u8]) -> Plain<'_> {
    let layer = |inner| Layer { inner, ahead: VecDeque::new(), rest: VecDeque::new() };
    let first = layer(Inner::Written(text.iter().enumerate()));
    let second = layer(Inner::Layer(Box::new(first)));
    Plain { layers: layer(Inner::Layer(Box::new(second))), is_after_break: false }
}

/// The decoded bytes of a text. The type has no parameter, so that only this crate compiles the decoder.
pub struct Plain<'a> {
    layers: Layer<'a>,
    is_after_break: bool,
}

impl Iterator for Plain<'_> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        loop {
            let unit = self.layers.next()?;
            let is_break = matches!(unit.byte, b'\r' | b'\n');
            let is_blank = matches!(unit.byte, b' ' | b'\t');
            self.is_after_break = is_break || self.is_after_break && is_blank;
            if !self.is_after_break {
                return Some(Unit { byte: if is_blank { b'+' } else { unit.byte }, ..unit });
            }
        }
    }
}

/// Omits the text, which may contain secrets.
impl fmt::Debug for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plain").finish_non_exhaustive()
    }
}

/// What a layer reads. It is one type for all layers, so that the decoder is compiled once.
enum Inner<'a> {
    Written(Enumerate<Iter<'a, u8>>),
    Layer(Box<Layer<'a>>),
}

impl Iterator for Inner<'_> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        match self {
            Self::Written(text) => text.next().map(|(start, &byte)| Unit { byte, start, end: start + 1 }),
            Self::Layer(layer) => layer.next(),
        }
    }
}

/// A decoder of one layer of escapes; other text is unchanged.
struct Layer<'a> {
    inner: Inner<'a>,
    /// Bytes that were peeked at, but not consumed.
    ahead: VecDeque<Unit>,
    /// Remaining bytes of the last decoded character.
    rest: VecDeque<Unit>,
}

impl Layer<'_> {
    /// The byte at this distance from the last consumed byte.
    fn peek(&mut self, distance: usize) -> Option<u8> {
        while self.ahead.len() <= distance {
            self.ahead.push_back(self.inner.next()?);
        }
        self.ahead.get(distance).map(|unit| unit.byte)
    }

    /// The number in digits at a distance.
    fn number(&mut self, distance: usize, count: usize, radix: u32) -> Option<u32> {
        (distance..distance + count).try_fold(0, |number: u32, distance| {
            let digit = char::from(self.peek(distance)?).to_digit(radix)?;
            number.checked_mul(radix)?.checked_add(digit)
        })
    }

    /// The value of the escape after an introducer, and its length without the introducer.
    fn escape(&mut self, introducer: u8) -> Option<(Escaped, usize)> {
        match introducer {
            b'%' => Some((Escaped::Byte(u8::try_from(self.number(0, 2, 16)?).ok()?), 2)),
            b'\\' => self.json(),
            b'&' => self.reference(),
            _ => None,
        }
    }

    /// RFC 8259, section 7.
    fn json(&mut self) -> Option<(Escaped, usize)> {
        let byte = match self.peek(0)? {
            same @ (b'"' | b'\\' | b'/' | b'\'') => same,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let unit = self.number(1, 4, 16)?;
                if (0xd800..0xdc00).contains(&unit)
                    && [self.peek(5), self.peek(6)] == [Some(b'\\'), Some(b'u')]
                {
                    let low = self.number(7, 4, 16).filter(|low| (0xdc00..0xe000).contains(low))?;
                    let scalar = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                    return char::from_u32(scalar).map(|char| (Escaped::Char(char), 11));
                }
                return char::from_u32(unit).map(|char| (Escaped::Char(char), 5));
            }
            _ => return None,
        };
        Some((Escaped::Byte(byte), 1))
    }

    /// A character reference, named or numeric.
    fn reference(&mut self) -> Option<(Escaped, usize)> {
        let length = (0..MAX_REFERENCE).find(|&distance| self.peek(distance) == Some(b';'))?;
        let char = if self.peek(0)? == b'#' {
            let scalar = if matches!(self.peek(1)?, b'x' | b'X') {
                self.number(2, length.checked_sub(2).filter(|digits| *digits > 0)?, 16)?
            } else {
                self.number(1, length.checked_sub(1).filter(|digits| *digits > 0)?, 10)?
            };
            char::from_u32(scalar)?
        } else {
            let name = self.ahead.iter().take(length).map(|unit| unit.byte);
            let (_, char) = REFERENCES.iter().find(|(known, _)| known.bytes().eq(name.clone()))?;
            *char
        };
        Some((Escaped::Char(char), length + 1))
    }
}

impl Iterator for Layer<'_> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        if let Some(unit) = self.rest.pop_front() {
            return Some(unit);
        }
        let first = match self.ahead.pop_front() {
            Some(unit) => unit,
            None => self.inner.next()?,
        };
        if !matches!(first.byte, b'%' | b'\\' | b'&') {
            return Some(first);
        }
        let Some((escaped, length)) = self.escape(first.byte) else { return Some(first) };
        let end = self.ahead.drain(..length).next_back().map_or(first.end, |unit| unit.end);
        let unit = |byte| Unit { byte, start: first.start, end };
        match escaped {
            Escaped::Byte(byte) => Some(unit(byte)),
            Escaped::Char(char) => {
                self.rest.extend(char.encode_utf8(&mut [0; 4]).bytes().map(unit));
                self.rest.pop_front()
            }
        }
    }
}

enum Escaped {
    Byte(u8),
    Char(char),
}

/// Maximum length of a character reference, without its ampersand.
const MAX_REFERENCE: usize = 9;

/// Named references that common escape functions write.
const REFERENCES: &[(&str, char)] = &[
    ("amp", '&'),
    ("apos", '\''),
    ("bsol", '\\'),
    ("colon", ':'),
    ("comma", ','),
    ("commat", '@'),
    ("dollar", '$'),
    ("equals", '='),
    ("excl", '!'),
    ("gt", '>'),
    ("lowbar", '_'),
    ("lt", '<'),
    ("nbsp", ' '),
    ("num", '#'),
    ("percnt", '%'),
    ("period", '.'),
    ("plus", '+'),
    ("quot", '"'),
    ("semi", ';'),
    ("sol", '/'),
];

#[cfg(test)]
mod tests {
    use super::plain;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let read: Vec<u8> = plain(text.as_bytes()).map(|unit| unit.byte).collect();
        assert_eq!(String::from_utf8_lossy(&read), expected, "{text}");
        assert!(plain(text.as_bytes()).all(|unit| unit.start < unit.end && unit.end <= text.len()), "{text}");
    }

    #[test]
    fn escapes_are_undone_in_any_mixture() {
        check("a%2Fb%2fb%252F%25252f", "a/b/b//");
        check(r#"a\/b\u003d\\u003D\\\\u003d\""#, "a/b===\"");
        check("a&#61;&#x3d;&#X3D;&equals;&amp;#61;&amp;amp;amp;", "a=====&");
        check("%26%2361%3B", "=");
        check(r"\u00fc\ud83d\ude00&#252;%C3%BC", "ü😀üü");
    }

    #[test]
    fn what_is_no_escape_stays() {
        for text in [
            "100%",
            "%",
            "%4",
            "%zz",
            "a\\",
            "\\q",
            "\\u12",
            "\\ud800",
            "&",
            "&;",
            "&#;",
            "&#x;",
            "&no;",
            "&#x110000;",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn line_ends_and_blanks_are_all_one() {
        check("ab\r\n cd\n\t ef\\n gh", "abcdefgh");
        check("a b%20c+d", "a+b+c+d");
    }
}
