//! Splitting of command lines into words, by the rules of POSIX shells or Windows.

use std::{iter::Peekable, mem, str::Chars};

/// Splits a command line into words, as a POSIX shell does. Python's `shlex.split` gives the same words.
///
/// Within single quotes every character is literal, within double quotes all but `\"` and `\\` are; elsewhere a backslash
/// makes the next character a part of the word.
///
/// # Errors
/// The problem, which completes "the line …".
pub fn posix(line: &str) -> Result<Vec<String>, &'static str> {
    let mut rest = line.chars().peekable();
    let mut words = Vec::new();
    loop {
        while rest.next_if(|next| BLANKS.contains(next)).is_some() {}
        if rest.peek().is_none() {
            return Ok(words);
        }
        words.push(word(&mut rest)?);
    }
}

const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

fn word(rest: &mut Peekable<Chars<'_>>) -> Result<String, &'static str> {
    let mut word = String::new();
    while let Some(next) = rest.next_if(|next| !BLANKS.contains(next)) {
        match next {
            '\'' => loop {
                match rest.next().ok_or("ends within single quotes")? {
                    '\'' => break,
                    inner => word.push(inner),
                }
            },
            '"' => loop {
                match rest.next().ok_or("ends within double quotes")? {
                    '"' => break,
                    '\\' if matches!(rest.peek(), Some('"' | '\\')) => word.extend(rest.next()),
                    inner => word.push(inner),
                }
            },
            '\\' => word.push(rest.next().ok_or("ends with a backslash")?),
            plain => word.push(plain),
        }
    }
    Ok(word)
}

/// The unquoted characters of a line, each with its byte offset. A character after a backslash counts as quoted. Quotes
/// and backslashes have the meaning that they have for [`posix`].
pub fn unquoted(line: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let (mut quote, mut is_escaped) = (None, false);
    line.char_indices().filter(move |&(_, char)| {
        if mem::take(&mut is_escaped) {
            return false;
        }
        match (quote, char) {
            (Some('"') | None, '\\') => is_escaped = true,
            (None, '\'' | '"') => quote = Some(char),
            (None, _) => return true,
            (Some(open), _) if char == open => quote = None,
            (Some(_), _) => {}
        }
        false
    })
}

/// Splits a line into words by the rules of Microsoft's C runtime. botocore uses the same rules.
///
/// Blanks and tabs separate words, and only double quotes hold them together. A backslash is literal, except before
/// a double quote: there, two mean one backslash, and a single one makes the quote literal.
///
/// # Errors
/// The problem, which completes "the line …".
pub fn windows(line: &str) -> Result<Vec<String>, &'static str> {
    let mut words = Vec::new();
    // A word begins with its first character or quote, so that `""` is an empty one.
    let mut word: Option<String> = None;
    let (mut is_quoted, mut backslashes) = (false, 0);
    for character in line.chars() {
        if character == '\\' {
            backslashes += 1;
            continue;
        }
        let before = mem::take(&mut backslashes);
        match character {
            '"' => {
                let word = word.get_or_insert_default();
                word.push_str(&"\\".repeat(before / 2));
                if before % 2 == 1 {
                    word.push('"');
                } else {
                    is_quoted = !is_quoted;
                }
                continue;
            }
            _ if before > 0 => word.get_or_insert_default().push_str(&"\\".repeat(before)),
            _ => {}
        }
        match character {
            ' ' | '\t' if !is_quoted => words.extend(word.take()),
            plain => word.get_or_insert_default().push(plain),
        }
    }
    if is_quoted {
        return Err("ends within double quotes");
    }
    if backslashes > 0 {
        word.get_or_insert_default().push_str(&"\\".repeat(backslashes));
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::{posix, windows};

    type Split = fn(&str) -> Result<Vec<String>, &'static str>;

    #[track_caller]
    fn check(split: Split, line: &str, words: &[&str]) {
        assert_eq!(split(line), Ok(words.iter().map(|&word| word.to_owned()).collect()), "{line}");
    }

    #[test]
    fn words_are_those_of_a_posix_shell() {
        // What Python's `shlex.split` gives for the same lines.
        let check = |line, words: &[_]| check(posix, line, words);
        check("a b\tc\n d ", &["a", "b", "c", "d"]);
        check("", &[]);
        check("'a b' \"c d\" e\\ f", &["a b", "c d", "e f"]);
        check("a'b'\"c\"d", &["abcd"]);
        check("'' \"\"", &["", ""]);
        check(r#"'a\b' "a\b" "a\"b" "a\\b" "a\$b" a\b"#, &["a\\b", "a\\b", "a\"b", "a\\b", "a\\$b", "ab"]);
        check("$HOME `x` *.c a;b # c", &["$HOME", "`x`", "*.c", "a;b", "#", "c"]);
        check("\"it's\" 'say \"x\"'", &["it's", "say \"x\""]);
        check(r#"profile 'Someone'"'"'s Mac'"#, &["profile", "Someone's Mac"]);
        check("a\u{a0}b\u{c}c", &["a\u{a0}b\u{c}c"]);
    }

    #[test]
    fn words_are_those_of_a_windows_program() {
        // What botocore 1.44 gives for the same lines on Windows.
        let check = |line, words: &[_]| check(windows, line, words);
        check(r"C:\tools\creds.exe --profile x", &[r"C:\tools\creds.exe", "--profile", "x"]);
        check(r#""C:\Program Files\a b.exe"  c"#, &[r"C:\Program Files\a b.exe", "c"]);
        check(r"\\server\share\creds.exe", &[r"\\server\share\creds.exe"]);
        check(r#"a "b\" c" d\"#, &["a", "b\" c", "d\\"]);
        check(r#"a\\"b c" "d\\" e\\\"f"#, &[r"a\b c", r"d\", r#"e\"f"#]);
        check(r#"a """" b"#, &["a", "", "b"]);
        check(r#"a"b c"d"#, &["ab cd"]);
        check("'a b' $c;d|e", &["'a", "b'", "$c;d|e"]);
        check("a\tb\nc", &["a", "b\nc"]);
        check(r"a \ b", &["a", "\\", "b"]);
        check(" \t", &[]);
        check("", &[]);
    }

    #[test]
    fn what_is_left_open_is_refused() {
        for line in ["'a", "\"a", "a\\", "\"a\\\""] {
            assert!(posix(line).is_err(), "{line}");
        }
        for line in ["\"a", "a\"", "\"a\\\"", "a \"b"] {
            assert!(windows(line).is_err(), "{line}");
        }
    }
}
