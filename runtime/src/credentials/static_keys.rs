//! Static keys, in the environment or in a profile.

use super::{Credentials, CredentialsError};
use crate::{Secret, identity::are_swapped};

/// The names of the keys of an identity; of several tokens, the first that is set is used.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) access_key_id: &'static str,
    pub(super) secret_access_key: &'static str,
    pub(super) session_tokens: &'static [&'static str],
}

impl Names {
    /// Looks the keys up. An id without its secret is an error, which ends the search; without an id there is no
    /// identity, whatever else is set.
    pub(super) fn read(
        &self,
        source: &str,
        get: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Credentials, CredentialsError> {
        let [id, secret] = [self.access_key_id, self.secret_access_key];
        let missing =
            |missing, set| format!("{missing} is missing although {set} is set; set both or neither");
        let (access_key_id, secret_access_key) = match (get(id), get(secret)) {
            (Some(access_key_id), Some(secret_access_key)) => (access_key_id, secret_access_key),
            (Some(_), None) => return Err(CredentialsError::new(source, missing(secret, id))),
            (None, Some(_)) => return Err(CredentialsError::absent(source, missing(id, secret))),
            (None, None) => return Err(CredentialsError::absent(source, format!("{id} is not set"))),
        };
        let token = self.session_tokens.iter().find_map(|name| Some((*name, get(name)?)));

        // Before their characters are checked, because secrets may have characters that ids cannot.
        if are_swapped(&access_key_id, &secret_access_key) {
            return Err(CredentialsError::swapped(
                source,
                format!("{id} and {secret} seem to be swapped: {id} has the form of a secret; swap the two"),
            ));
        }
        // They become parts of header values: invalid characters are reported here, by name.
        let malformed = |name, key: &str| {
            let problem = if is_quoted(key) {
                "is in quotes, which would be a part of it; remove them"
            } else {
                "has characters that a key cannot have"
            };
            CredentialsError::new(source, format!("{name} {problem}"))
        };
        if !is_plain(&access_key_id) || access_key_id.contains(['/', ',']) {
            return Err(malformed(id, &access_key_id));
        }
        if !is_plain(&secret_access_key) {
            return Err(malformed(secret, &secret_access_key));
        }
        let credentials = Credentials::new(access_key_id, Secret::new(secret_access_key)).with_source(source);
        match token {
            None => Ok(credentials),
            Some((_, token)) if is_plain(&token) => Ok(credentials.with_session_token(Secret::new(token))),
            Some((name, token)) => Err(malformed(name, &token)),
        }
    }
}

fn is_plain(text: &str) -> bool {
    !is_quoted(text) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether a text is in quotes, as shells need them, but files of variables and profiles do not.
fn is_quoted(text: &str) -> bool {
    let within = |quote| text.strip_prefix(quote).is_some_and(|rest: &str| rest.ends_with(quote));
    within('"') || within('\'')
}
