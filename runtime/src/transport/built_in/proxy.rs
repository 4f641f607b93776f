//! Which proxy a connection goes through: from settings, or from the environment as `curl` reads it.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use gatewright_core::percent::decode;
use http::{HeaderValue, uri::Authority};

use super::{
    HostPort, SettingError,
    no_proxy::Exceptions,
    origin::{Origin, has_valid_port},
};
use crate::{context::Context, wire::bare};

/// Schemes of proxies that are not supported.
const OTHER_SCHEMES: &[&str] = &["https", "socks", "socks4", "socks4a", "socks5", "socks5h", "ftp"];

/// The proxies of a client.
#[derive(Clone, Debug, Default)]
pub(super) struct Proxies {
    http: Option<Result<Proxy, SettingError>>,
    https: Option<Result<Proxy, SettingError>>,
    /// `None` if even this machine is reached through the proxy.
    except: Option<Exceptions>,
}

/// An HTTP proxy.
#[derive(Clone)]
pub(super) struct Proxy {
    authority: Authority,
    authorization: Option<HeaderValue>,
}

impl Proxies {
    /// One proxy for everything.
    pub(super) fn always(proxy: Proxy) -> Self {
        Self { http: Some(Ok(proxy.clone())), https: Some(Ok(proxy)), except: None }
    }

    /// The settings of `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in lower case first.
    ///
    /// In a CGI program `HTTP_PROXY` is the request's header `Proxy`, which anyone can send: only the lower-case
    /// form counts there.
    pub(super) fn from_environment(context: &dyn Context) -> Self {
        let find =
            |names: &[&'static str]| names.iter().find_map(|name| Some((*name, context.variable(name)?)));
        let parse = |(name, value): (&str, String)| Proxy::parse(name, &value);
        let all = || find(&["all_proxy", "ALL_PROXY"]);
        let is_cgi = context.variable("REQUEST_METHOD").is_some();
        let http = find(if is_cgi { &["http_proxy"] } else { &["http_proxy", "HTTP_PROXY"] });
        let https = find(&["https_proxy", "HTTPS_PROXY"]);
        let except = find(&["no_proxy", "NO_PROXY"]);
        Self {
            http: http.or_else(all).map(parse),
            https: https.or_else(all).map(parse),
            except: Some(Exceptions::parse(except.as_ref().map_or("", |(_, value)| value))),
        }
    }

    /// The proxy for a server, or why the configured one cannot be used.
    pub(super) fn select(&self, origin: &Origin) -> Result<Option<&Proxy>, &SettingError> {
        let proxy = if origin.https() { &self.https } else { &self.http };
        if self.except.as_ref().is_some_and(|except| except.cover(origin.host(), origin.port())) {
            return Ok(None);
        }
        proxy.as_ref().map(Result::as_ref).transpose()
    }
}

impl Proxy {
    /// Reads `http://user:password@host:port`; the scheme, the user and the port (80) may be absent. `setting` is the
    /// source of the URL.
    pub(super) fn parse(setting: &str, url: &str) -> Result<Self, SettingError> {
        let (scheme, rest) = url.trim().split_once("://").unwrap_or(("http", url.trim()));
        // The URL may hold a password, so it is not repeated.
        let malformed =
            || SettingError::new(format!("{setting}: not of the form http://user:password@host:port"));
        if !scheme.eq_ignore_ascii_case("http") {
            // Other text may be a password that has `://` in it.
            return Err(if OTHER_SCHEMES.iter().any(|other| scheme.eq_ignore_ascii_case(other)) {
                SettingError::new(format!(
                    "{setting}: a proxy's URL must have http://, not {scheme:?}; the proxy is also used for https:// requests"
                ))
            } else {
                malformed()
            });
        }
        let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if rest.contains('@') {
            return Err(malformed());
        }
        let (user, address) = match authority.rsplit_once('@') {
            Some((user, address)) => (Some(user), address),
            None => (None, authority),
        };
        let authority: Authority = address.parse().map_err(|_| malformed())?;
        if authority.host().is_empty() || !has_valid_port(&authority) {
            return Err(malformed());
        }
        Ok(Self { authority, authorization: user.map(basic) })
    }

    pub(super) fn host(&self) -> &str {
        bare(self.authority.host())
    }

    pub(super) fn port(&self) -> u16 {
        self.authority.port_u16().unwrap_or(80)
    }

    /// The value of `Proxy-Authorization`.
    pub(super) fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }
}

impl From<&Proxy> for HostPort {
    fn from(proxy: &Proxy) -> Self {
        Self::new(proxy.host(), Some(proxy.port()))
    }
}

/// `host:port`.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.authority.host(), self.port())
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = if self.authorization.is_some() { "***@" } else { "" };
        write!(f, "http://{user}{self}")
    }
}

/// `Basic` authorization with a URL's `user:password`, percent-decoded.
fn basic(user: &str) -> HeaderValue {
    let mut plain = decode(user.as_bytes(), false);
    if !user.contains(':') {
        plain.push(b':');
    }
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(&plain)))
        .expect("base64 consists of characters that a header may hold");
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests;
