//! Secrets cut out of an answer by their values: whatever sends them back, and wherever.

use bytes::Bytes;
use http::HeaderValue;

use super::digest;
use crate::{sign::encode_query, transport::Response};

/// What is shorter may stand in an answer by chance.
const MIN_LEN: usize = 8;

/// The answer without these secrets, which the request carried. Ways to write them that are known are found too: with
/// slashes escaped, as JSON may, and percent-encoded once or, as strings to sign may be, twice.
pub(crate) fn conceal<'a>(answer: Response, secrets: impl Iterator<Item = &'a str>) -> Response {
    secrets.filter(|secret| secret.len() >= MIN_LEN).fold(answer, |answer, secret| {
        let encoded = encode_query(secret.as_bytes());
        let twice = encode_query(encoded.as_bytes());
        let mut forms = vec![secret.to_owned(), secret.replace('/', "\\/"), encoded, twice];
        forms.dedup();
        forms.iter().fold(answer, |answer, form| without(answer, form, &digest(secret)))
    })
}

fn without(mut answer: Response, secret: &str, mask: &str) -> Response {
    for value in answer.headers_mut().values_mut() {
        let concealed = replaced(value.as_bytes(), secret, mask);
        if let Some(Ok(concealed)) = concealed.map(|text| HeaderValue::from_bytes(&text)) {
            *value = concealed;
        }
    }
    if let Some(body) = replaced(answer.body(), secret, mask) {
        *answer.body_mut() = Bytes::from(body);
    }
    answer
}

/// `None` where the secret is not there. Secrets are ASCII, so that they stand within text, whatever is around it.
fn replaced(bytes: &[u8], secret: &str, mask: &str) -> Option<Vec<u8>> {
    let mut found = false;
    let mut out = Vec::new();
    for chunk in bytes.utf8_chunks() {
        for (index, part) in chunk.valid().split(secret).enumerate() {
            if index > 0 {
                found = true;
                out.extend_from_slice(mask.as_bytes());
            }
            out.extend_from_slice(part.as_bytes());
        }
        out.extend_from_slice(chunk.invalid());
    }
    found.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "FwoGZXIvYXdzEJr+/==";

    #[track_caller]
    fn check(body: impl Into<Bytes>, expected: &str) {
        let mut answer = Response::new(body.into());
        answer.headers_mut().insert("x-echo", HeaderValue::from_static("token FwoGZXIvYXdzEJr+/=="));
        let mask = digest(TOKEN);
        let answer = conceal(answer, [TOKEN, "short"].into_iter());
        assert_eq!(String::from_utf8_lossy(answer.body()), expected.replace("***", &mask));
        assert_eq!(answer.headers()["x-echo"], format!("token {mask}"));
    }

    #[test]
    fn wherever_it_stands_and_however_it_is_written() {
        check("<p>FwoGZXIvYXdzEJr+/==</p>FwoGZXIvYXdzEJr+/==", "<p>***</p>***");
        check(r#"{"a":"FwoGZXIvYXdzEJr+\/=="}"#, r#"{"a":"***"}"#);
        check("?t=FwoGZXIvYXdzEJr%2B%2F%3D%3D&u", "?t=***&u");
        check("?t%3DFwoGZXIvYXdzEJr%252B%252F%253D%253D%26u", "?t%3D***%26u");
        check(&b"\xff\xfeFwoGZXIvYXdzEJr+/==\xff"[..], "\u{fffd}\u{fffd}***\u{fffd}");
        check("short", "short");
        check("", "");
    }

    /// So that what was concealed in an answer is found to be the same as what is masked in a text of ours.
    #[test]
    fn a_secret_has_one_mask_however_it_is_encoded() {
        let once = encode_query(TOKEN.as_bytes());
        let twice = encode_query(once.as_bytes());
        assert_eq!([digest(&once), digest(&twice)], [digest(TOKEN), digest(TOKEN)]);
        assert_ne!(digest(TOKEN), digest("FwoGZXIvYXdzEJr /=="));
    }
}
