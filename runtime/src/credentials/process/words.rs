//! A command line without a shell.

use std::{iter::Peekable, str::Chars};

/// The words of a line. Within single quotes every character is itself, within double quotes all but `\"` and `\\` are;
/// elsewhere a backslash makes the next one a part of the word.
pub(super) fn split(line: &str) -> Result<Vec<String>, &'static str> {
    let mut rest = line.chars().peekable();
    let mut words = Vec::new();
    loop {
        while rest.next_if(char::is_ascii_whitespace).is_some() {}
        if rest.peek().is_none() {
            return Ok(words);
        }
        words.push(word(&mut rest)?);
    }
}

fn word(rest: &mut Peekable<Chars<'_>>) -> Result<String, &'static str> {
    let mut word = String::new();
    while let Some(next) = rest.next_if(|next| !next.is_ascii_whitespace()) {
        match next {
            '\'' => loop {
                match rest.next().ok_or("the command ends within single quotes")? {
                    '\'' => break,
                    inner => word.push(inner),
                }
            },
            '"' => loop {
                match rest.next().ok_or("the command ends within double quotes")? {
                    '"' => break,
                    '\\' if matches!(rest.peek(), Some('"' | '\\')) => word.extend(rest.next()),
                    inner => word.push(inner),
                }
            },
            '\\' => word.push(rest.next().ok_or("the command ends with a backslash")?),
            plain => word.push(plain),
        }
    }
    Ok(word)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[track_caller]
    fn check(line: &str, words: &[&str]) {
        assert_eq!(split(line), Ok(words.iter().map(|&word| word.to_owned()).collect()), "{line}");
    }

    #[test]
    fn words_are_those_of_a_posix_shell() {
        // What Python's `shlex.split` gives for the same lines.
        check("a b\tc\n d ", &["a", "b", "c", "d"]);
        check("", &[]);
        check("'a b' \"c d\" e\\ f", &["a b", "c d", "e f"]);
        check("a'b'\"c\"d", &["abcd"]);
        check("'' \"\"", &["", ""]);
        check(r#"'a\b' "a\b" "a\"b" "a\\b" "a\$b" a\b"#, &["a\\b", "a\\b", "a\"b", "a\\b", "a\\$b", "ab"]);
        check("$HOME `x` *.c a;b # c", &["$HOME", "`x`", "*.c", "a;b", "#", "c"]);
        check("\"it's\" 'say \"x\"'", &["it's", "say \"x\""]);
    }

    #[test]
    fn what_is_left_open_is_refused() {
        for line in ["'a", "\"a", "a\\", "\"a\\\""] {
            assert!(split(line).is_err(), "{line}");
        }
    }
}
