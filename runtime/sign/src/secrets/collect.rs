//! Collection of secrets from requests and JSON.

use std::fmt;

use http::{HeaderValue, header::CONTENT_TYPE};
use serde_core::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use super::{Kind, Secrets, windows::Windows};
use crate::{
    identity::Credentials,
    mask::{is_chosen, is_marked, is_secret, unescaped},
    percent::read_query,
    wire::{Request, SensitiveBody, SensitiveParts},
};

/// Levels of JSON strings within JSON strings that are searched.
const MAX_NESTED: usize = 3;

impl Secrets {
    /// Collects the secrets of a request. They are members that the model marks, wherever they are, sensitive headers,
    /// headers and parameters with known names, and the credentials of the signature. `body` is the body before
    /// compression.
    pub fn of_request(
        request: &Request,
        body: &[u8],
        members: &[&str],
        credentials: Option<&Credentials>,
    ) -> Self {
        let mut secrets = Self::default();
        for (name, value) in request.headers() {
            let text = String::from_utf8_lossy(value.as_bytes());
            if is_secret(name.as_str()) {
                secrets.add(text.as_bytes(), kind_of(name.as_str()));
            } else if value.is_sensitive() && !is_about_form(name.as_str()) {
                secrets.add_untyped(&text, Kind::Silent);
            }
        }
        let form = if is_form(request) { str::from_utf8(body).unwrap_or_default() } else { "" };
        let query = request.uri().query().unwrap_or_default();
        for (name, value) in [query, form].into_iter().flat_map(read_query) {
            secrets.add_pair(&name, &value, members);
        }
        let parts = request.extensions().get::<SensitiveParts>();
        for text in parts.iter().flat_map(|parts| &parts.texts) {
            secrets.add_untyped(text.expose(), Kind::Silent);
        }
        let whole = parts.and_then(|parts| parts.body);
        if whole == Some(SensitiveBody::Bytes) {
            secrets.add(body, Kind::Silent);
        }
        let whole = (whole == Some(SensitiveBody::Document)).then_some(Kind::Silent);
        secrets.add_json(body, members, whole);
        secrets.add_xml(str::from_utf8(body).unwrap_or_default(), members, whole);
        if let Some(credentials) = credentials {
            secrets.add_credentials(credentials);
        }
        secrets.ready()
    }

    /// Collects the secrets of a JSON text. They are members that the model marks or whose names are known.
    ///
    /// Only secrets that `text` contains are stored, so that memory depends on the text's length, not on the JSON's.
    pub fn of_json(text: &str, json: &[u8], members: &[&str]) -> Self {
        let within = Windows::of(&unescaped(text.as_bytes()));
        let mut secrets = Self { within: Some(within), ..Self::default() };
        secrets.add_json(json, members, None);
        secrets.ready()
    }

    fn add_pair(&mut self, name: &[u8], value: &[u8], members: &[&str]) {
        let [name, value] = [name, value].map(String::from_utf8_lossy);
        // `Users.1.Password`, `Password.member.1`
        if name.split('.').any(|part| is_marked(part, members)) {
            self.add(value.as_bytes(), Kind::Silent);
        } else if let Some(last) = name.rsplit('.').next().filter(|last| is_secret(last)) {
            self.add(value.as_bytes(), kind_of(last));
        } else {
            self.add_json(value.as_bytes(), members, None);
        }
    }

    /// Adds the secrets of JSON, and all its texts if there is a kind for the `whole`. If the JSON is cut, the secrets before
    /// the cut.
    fn add_json(&mut self, json: &[u8], members: &[&str], whole: Option<Kind>) {
        Part { secrets: self, members, kind: whole, levels: MAX_NESTED }.read(json);
    }
}

/// A reader of a JSON text that builds no tree, which would need many times the memory.
struct Part<'a> {
    secrets: &'a mut Secrets,
    members: &'a [&'a str],
    /// How texts and numbers here are masked, if they are secret.
    kind: Option<Kind>,
    /// Remaining levels of JSON within strings.
    levels: usize,
}

impl Part<'_> {
    /// Reads an object or list, or any value if it is secret as a whole, until the text ends or is not JSON.
    fn read(self, json: &[u8]) {
        let json = json.trim_ascii();
        if self.kind.is_some() || matches!(json.first(), Some(b'{' | b'[')) {
            drop(self.deserialize(&mut serde_json::Deserializer::from_slice(json)));
        }
    }

    fn part(&mut self, kind: Option<Kind>) -> Part<'_> {
        Part { secrets: self.secrets, members: self.members, kind, levels: self.levels }
    }

    fn number(self, number: impl Into<Number>) {
        if let Some(kind) = self.kind {
            self.secrets.add(number.into().to_string().as_bytes(), kind);
        }
    }
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        if let Some(kind) = self.kind {
            self.secrets.add(text.as_bytes(), kind);
        } else if let Some(levels) = self.levels.checked_sub(1) {
            Part { levels, ..self }.read(text.as_bytes());
        }
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.number(number);
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.number(number);
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        if let Some(number) = Number::from_f64(number) {
            self.number(number);
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let kind = self.kind;
        while items.next_element_seed(self.part(kind))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut object: A) -> Result<(), A::Error> {
        while let Some(name) = object.next_key::<String>()? {
            if let Some(kind) = self.kind {
                self.secrets.add(name.as_bytes(), kind);
            }
            let kind = self.kind.or_else(|| kind_in(&name, self.members));
            object.next_value_seed(self.part(kind))?;
        }
        Ok(())
    }
}

/// How values of a name in JSON or XML are masked, if they are secret.
pub(super) fn kind_in(name: &str, members: &[&str]) -> Option<Kind> {
    let marked = is_marked(name, members).then_some(Kind::Silent);
    marked.or_else(|| is_secret(name).then(|| kind_of(name)))
}

fn kind_of(name: &str) -> Kind {
    if is_chosen(&name.to_ascii_lowercase()) { Kind::Silent } else { Kind::Comparable }
}

/// Headers about the format of a message, which contain no secrets.
fn is_about_form(name: &str) -> bool {
    ["accept", "content-", "user-agent", "x-amz-target", "x-amzn-trace-id", "trace"]
        .iter()
        .any(|begin| name.starts_with(begin))
}

fn is_form(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    kind.to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded")
}
