//! Forms of access key ids and secrets, to detect a swap.

/// Whether a text looks like an access key id: capital letters and digits, or the beginning of an id of Alibaba Cloud.
/// White space around the text is a typing error. Everything else may be a secret, in any field.
pub(super) fn is_id(text: &str) -> bool {
    let text = text.trim();
    let is_usual = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    match ["LTAI", "STS.", "TMP."].iter().find_map(|begin| text.strip_prefix(begin)) {
        Some(rest) => rest.len() <= 60 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        None => (1..=128).contains(&text.len()) && text.bytes().all(is_usual),
    }
}

/// Whether a text looks like a secret: 40 characters of Base64 (AWS), or 30 letters and digits (Alibaba Cloud).
pub(super) fn is_secret(text: &str) -> bool {
    let text = text.trim();
    let is_mixed =
        [u8::is_ascii_lowercase, u8::is_ascii_uppercase].iter().all(|is| text.bytes().any(|byte| is(&byte)));
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    is_mixed
        && !is_id(text)
        && match text.len() {
            40 => text.bytes().all(|byte| plain(byte) || matches!(byte, b'+' | b'/' | b'=')),
            30 => text.bytes().all(plain),
            _ => false,
        }
}

/// Whether a word looks like a secret access key or a session token.
///
/// For texts that do not name what they contain.
pub fn is_secret_by_form(word: &str) -> bool {
    // Base64 of the names that session tokens of AWS begin with.
    const TOKENS: [&str; 4] = ["AQoDYXdz", "FQoGZXIvYXdz", "FwoGZXIvYXdz", "IQoJb3JpZ2lu"];
    // Long names have no digits.
    is_secret(word) && word.bytes().any(|byte| byte.is_ascii_digit()) && !is_path(word)
        || TOKENS.iter().any(|begin| word.starts_with(begin))
}

/// Whether a word has parts of one case between slashes, such as `abc1234567/prod/POST/customers`.
fn is_path(word: &str) -> bool {
    let is_plain = |part: &&str| {
        let has = |is: fn(&u8) -> bool| part.as_bytes().iter().any(is);
        part.len() > 2 && !(has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase))
    };
    word.split('/').filter(is_plain).count() > 1
}

/// Whether access key id and secret are swapped.
pub fn are_swapped(id: &str, secret: &str) -> bool {
    const KEYS: [&str; 4] = ["AKIA", "ASIA", "LTAI", "STS."];
    let secret = secret.trim();
    is_secret(id)
        || !is_id(id)
            && secret.len() >= 16
            && is_id(secret)
            && KEYS.iter().any(|begin| secret.starts_with(begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    const OTHER_SECRET: &str = "aGVsbG8gd29ybGQgaGVsbG8gd29ybG";

    #[test]
    fn ids_and_secrets_are_told_apart() {
        for id in [
            "AKIAIOSFODNN7EXAMPLE",
            "ASIAIOSFODNN7EXAMPLE",
            "LTAI5tEXAMPLEexample12345",
            "STS.NUexample123",
            "A",
        ] {
            assert!(is_id(id) && !is_secret(id), "{id}");
        }
        for secret in [SECRET, &format!(" {SECRET}\n"), OTHER_SECRET] {
            assert!(!is_id(secret) && is_secret(secret), "{secret}");
        }
        // Ids of other services: not shown as ids, and not taken for secrets.
        for other in ["minioadmin", "", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "AKIA with blank"] {
            assert!(!is_id(other) && !is_secret(other), "{other}");
        }
    }

    #[test]
    fn secrets_are_known_by_their_form() {
        for secret in [
            SECRET,
            "aGVsbG8gd29ybGQgaGVsbG8gd29yb7",
            "IQoJb3JpZ2luX2VjEAAaCXVzLWVhc3QtMSJ",
            "FwoGZXIvYXdzEBYa",
        ] {
            assert!(is_secret_by_form(secret), "{secret}");
        }
        for other in [
            "",
            "AKIAIOSFODNN7EXAMPLE",
            "InvalidGatewayRequestException",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "abc1234567/prod/POST/customers/invoices1",
            "MyApi/prod/customers/invoices/12345678/1",
        ] {
            assert!(!is_secret_by_form(other), "{other}");
        }
    }

    #[test]
    fn swapped_keys_are_noticed() {
        for id in ["AKIAIOSFODNN7EXAMPLE", "LTAI5tEXAMPLEexample12345"] {
            for secret in [SECRET, OTHER_SECRET, "a-secret/of-another-length"] {
                assert!(are_swapped(secret, id) && !are_swapped(id, secret), "{id} {secret}");
            }
        }
        assert!(are_swapped(SECRET, "a typing error"));
        assert!(
            !are_swapped("minioadmin", "minioadmin")
                && !are_swapped("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE")
        );
    }
}
