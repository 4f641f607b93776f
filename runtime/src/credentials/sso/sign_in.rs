//! Sign-ins: their files, which AWS tools share, and their renewal by refresh token.

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http::{HeaderValue, Method, header::CONTENT_TYPE};
use serde_json::{Map, Value};
use zeroize::Zeroize as _;

use super::{
    super::{
        CredentialsError, Setup, credentials_json,
        io::Io,
        policy::{RENEWED_AHEAD, SSO},
        response,
        setup::Way,
    },
    SOURCE, SsoRole,
    endpoints::SIGN_IN,
    fail, url,
};
use crate::{
    crypto::{hex_digit, sha1},
    profile::expand_home,
    time::Timestamp,
    transport::Request,
};

/// The sign-in of a role.
pub(super) struct SignIns {
    role: SsoRole,
    /// A renewed sign-in that could not be written to the file.
    unwritten: Mutex<Option<Arc<SignIn>>>,
}

/// A sign-in, as read from its file.
struct SignIn {
    /// All members of the file: other tools store more than is read here.
    members: Map<String, Value>,
    access_token: HeaderValue,
    expires_at: Timestamp,
}

impl SignIns {
    pub(super) fn new(role: SsoRole) -> Self {
        Self { role, unwritten: Mutex::default() }
    }

    /// The access token, renewed if that is necessary and possible.
    pub(super) async fn token(&self, io: Io<'_>) -> Result<HeaderValue, CredentialsError> {
        let sign_in = self.newest(io.setup)?;
        let now = Timestamp::from(io.setup.now());
        let is_due = sign_in.expires_at <= Timestamp::from(io.setup.now() + RENEWED_AHEAD);
        // A renewal does not end with the call: without its response, the used refresh token would be lost.
        let has_time = SSO.attempt <= io.left() || sign_in.expires_at <= now;
        if !is_due || !has_time {
            return Ok(sign_in.access_token.clone());
        }
        let NotRenewed { error, is_used_up } = match self.renew(&sign_in, io.to_the_end()).await {
            Ok(renewed) => return Ok(renewed.access_token.clone()),
            Err(failure) => failure,
        };
        // Another process may have renewed it; then its refresh token is the valid one.
        let mut newest = self.newest(io.setup)?;
        if is_used_up && newest.expires_at <= now {
            // The other process may still be writing.
            io.pause().await;
            newest = self.newest(io.setup)?;
        }
        if now < newest.expires_at {
            if newest.expires_at == sign_in.expires_at {
                let consequence = "the sign-in could not be renewed; it is still valid";
                crate::trace::not_renewed(&error, consequence);
            }
            return Ok(newest.access_token.clone());
        }
        let reasons: Vec<_> = error.attempts().map(|(_, reason)| reason).collect();
        let problem = format!(
            "the sign-in ended at {}, and was not renewed: {}; run `{}`",
            newest.expires_at,
            reasons.join("; "),
            self.role.login
        );
        Err(fail(problem).transient_if(error.is_transient()))
    }

    fn path(&self, setup: &Setup) -> Result<PathBuf, CredentialsError> {
        let name = format!("~/.aws/sso/cache/{}.json", sha1_hex(self.role.session.as_bytes()));
        expand_home(&*setup.context, &name).ok_or_else(|| fail("`~` needs HOME, which is not set".to_owned()))
    }

    /// The sign-in from the file, or the one that could not be written to it.
    fn newest(&self, setup: &Setup) -> Result<Arc<SignIn>, CredentialsError> {
        let (path, login) = (self.path(setup)?, &self.role.login);
        let mut file = setup
            .context
            .read_file(&path)
            .map_err(|error| fail(format!("no sign-in: {}: {error}; run `{login}`", path.display())))?;
        let source = format!("{SOURCE}: {}", path.display());
        let json = credentials_json::parse(&file);
        file.zeroize();
        let broken = |problem: &str| CredentialsError::new(&source, format!("{problem}; run `{login}`"));
        // Other tools do not replace the file, but write into it: it may be complete soon.
        let json = json.map_err(|problem| broken(&problem).transient_if(true))?;
        let written = Arc::new(SignIn::read(json).map_err(broken)?);
        let mut unwritten = self.unwritten.lock().unwrap_or_else(PoisonError::into_inner);
        match &*unwritten {
            Some(unwritten) if written.expires_at < unwritten.expires_at => Ok(Arc::clone(unwritten)),
            _ => {
                *unwritten = None;
                Ok(written)
            }
        }
    }

    /// Renews a sign-in by `CreateToken`, and writes it to the file.
    async fn renew(&self, old: &SignIn, io: Io<'_>) -> Result<Arc<SignIn>, NotRenewed> {
        let [client_id, client_secret, refresh_token] = old.renewal(io.setup.now().into()).map_err(fail)?;
        let mut request = Request::new(body(client_id, client_secret, refresh_token).into());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = url(io.setup, &self.role, SIGN_IN, "/token")?;
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let response = io.ask(SOURCE, request, Way::Configured, io.attempts(SSO)).await?;
        if response.status() != 200 {
            let error = response::refused(SOURCE, &response);
            // RFC 6749, 5.2.
            let is_used_up = response::fault(&response).0.code.as_deref() == Some("invalid_grant");
            return Err(NotRenewed { error, is_used_up });
        }
        let json = response::json(SOURCE, &response)?;
        let renewed = Arc::new(old.renewed(json, io.setup.now().into()).map_err(fail)?);
        self.write(io.setup, &renewed)?;
        Ok(renewed)
    }

    /// Writes a sign-in to the file. If that fails, the sign-in is kept in memory.
    fn write(&self, setup: &Setup, sign_in: &Arc<SignIn>) -> Result<(), CredentialsError> {
        let mut json = Value::Object(sign_in.members.clone());
        let mut file = json.to_string().into_bytes();
        wipe_all(&mut json);
        let written = setup.context.replace_file(&self.path(setup)?, &file);
        file.zeroize();
        if let Err(error) = written {
            let consequence = "the renewed sign-in could not be written to its file, and is kept in memory";
            crate::trace::not_renewed(&error, consequence);
            *self.unwritten.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(sign_in));
        }
        Ok(())
    }
}

/// SHA-1 in hexadecimal digits, which names the files of sign-ins.
fn sha1_hex(bytes: &[u8]) -> String {
    let digits = sha1(bytes).into_iter().flat_map(|byte| [hex_digit(byte >> 4), hex_digit(byte & 15)]);
    digits.map(char::from).collect()
}

impl SignIn {
    fn read(json: Value) -> Result<Self, &'static str> {
        let Value::Object(members) = json else { return Err("accessToken is missing") };
        let text = |name: &str| members.get(name)?.as_str();
        let token = text("accessToken").ok_or("accessToken is missing")?;
        let expires_at = text("expiresAt").ok_or("expiresAt is missing")?;
        let expires_at = Timestamp::parse_date_time(expires_at).ok_or("expiresAt is not a valid time")?;
        let mut access_token = HeaderValue::try_from(token)
            .map_err(|_| "accessToken has characters that a header cannot hold")?;
        access_token.set_sensitive(true);
        Ok(Self { members, access_token, expires_at })
    }

    /// Id and secret of the registered client, and the refresh token, if all are present and valid.
    fn renewal(&self, now: Timestamp) -> Result<[&str; 3], String> {
        let text = |name: &str| self.members.get(name)?.as_str();
        let [Some(id), Some(secret), Some(token), Some(end)] =
            ["clientId", "clientSecret", "refreshToken", "registrationExpiresAt"].map(text)
        else {
            return Err("it has no refresh token with a registered client".to_owned());
        };
        match Timestamp::parse_date_time(end) {
            Some(end) if now < end => Ok([id, secret, token]),
            Some(end) => Err(format!("the registration of its client ended at {end}")),
            None => Err("registrationExpiresAt is not a valid time".to_owned()),
        }
    }

    /// Applies the service's response. A refresh token that is not replaced is used up.
    fn renewed(&self, mut json: Value, now: Timestamp) -> Result<Self, String> {
        // A renewal that is not taken over is lost: its refresh token is used up.
        let seconds = json.get("expiresIn").ok_or("expiresIn is missing from the response")?.as_f64();
        let life = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let life = life.and_then(|life| i64::try_from(life.as_secs()).ok());
        let end = life.and_then(|life| now.seconds().checked_add(life));
        let end = end.ok_or("expiresIn of the response is not a number of seconds")?;
        let mut members = self.members.clone();
        for name in ["accessToken", "refreshToken"] {
            match json.get_mut(name).map(Value::take) {
                Some(Value::String(token)) => members.insert(name.to_owned(), token.into()),
                _ => members.remove(name),
            }
            .iter_mut()
            .for_each(wipe);
        }
        wipe_all(&mut json);
        members.insert("expiresAt".to_owned(), Timestamp::from_seconds(end).to_string().into());
        Self::read(members.into()).map_err(|problem| format!("the response cannot be used: {problem}"))
    }
}

impl Drop for SignIn {
    fn drop(&mut self) {
        self.members.values_mut().for_each(wipe);
    }
}

impl fmt::Debug for SignIns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIns").field("role", &self.role).finish_non_exhaustive()
    }
}

/// Why a sign-in was not renewed.
struct NotRenewed {
    error: CredentialsError,
    /// The service does not accept the refresh token, which another process may have used.
    is_used_up: bool,
}

impl From<CredentialsError> for NotRenewed {
    fn from(error: CredentialsError) -> Self {
        Self { error, is_used_up: false }
    }
}

/// The members of `CreateToken`.
fn body(client_id: &str, client_secret: &str, refresh_token: &str) -> Vec<u8> {
    let mut json = serde_json::json!({
        "grantType": "refresh_token",
        "clientId": client_id,
        "clientSecret": client_secret,
        "refreshToken": refresh_token,
    });
    let body = json.to_string().into_bytes();
    wipe_all(&mut json);
    body
}

/// Overwrites values that may be secrets.
fn wipe(value: &mut Value) {
    if let Value::String(text) = value {
        text.zeroize();
    }
}

fn wipe_all(json: &mut Value) {
    json.as_object_mut().into_iter().flat_map(Map::values_mut).for_each(wipe);
}
