use std::{fmt, marker::PhantomData};

use serde_core::{
    de::{
        Deserializer, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
    ser::{Error as _, Serializer},
};

use super::form::{As, Form, Plain};

/// A value as JSON text within a string. Plain JSON is read too.
#[derive(Debug)]
pub struct JsonText<F = Plain>(PhantomData<F>);

impl<T, F: Form<T>> Form<T> for JsonText<F> {
    fn encode<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        let text = serde_json::to_string(&As::<F, T>::new(value)).map_err(S::Error::custom)?;
        serializer.serialize_str(&text)
    }

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(JsonTextVisitor::<F, T>(PhantomData))
    }
}

struct JsonTextVisitor<F, T>(PhantomData<(F, T)>);

impl<'de, T, F: Form<T>> Visitor<'de> for JsonTextVisitor<F, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, or its JSON text in a string")
    }

    fn visit_str<E: serde_core::de::Error>(self, text: &str) -> Result<T, E> {
        let mut json = serde_json::Deserializer::from_str(text);
        F::decode(&mut json)
            .and_then(|value| json.end().map(|()| value))
            .map_err(|error| E::custom(format_args!("JSON text: {error}")))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<T, A::Error> {
        F::decode(SeqAccessDeserializer::new(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        F::decode(MapAccessDeserializer::new(members))
    }
}

#[cfg(test)]
mod tests {
    use serde_core::{Serialize, de::DeserializeSeed as _};

    use super::*;
    use crate::codec::form::{AsSeed, List};

    type Texts = JsonText<List<Plain>>;

    #[track_caller]
    fn check(value: &[&str], wire: &str) {
        let value: Vec<String> = value.iter().map(ToString::to_string).collect();
        let mut written = Vec::new();
        As::<Texts, _>::new(&value).serialize(&mut serde_json::Serializer::new(&mut written)).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), wire);
        assert_eq!(read(wire).unwrap(), value);
    }

    fn read(wire: &str) -> Result<Vec<String>, serde_json::Error> {
        AsSeed::<Texts, _>::new().deserialize(&mut serde_json::Deserializer::from_str(wire))
    }

    #[test]
    fn values_as_text_and_back() {
        check(&[], r#""[]""#);
        check(&["a", "\"é"], r#""[\"a\",\"\\\"é\"]""#);
        assert_eq!(read(r#"["a"]"#).unwrap(), ["a"]);
    }

    #[test]
    fn text_that_is_no_json() {
        let refused = |wire| read(wire).unwrap_err().to_string();
        assert!(refused(r#""[\"a\"""#).starts_with("JSON text: [1]: EOF while parsing a list"));
        assert!(refused(r#""[] x""#).starts_with("JSON text: trailing characters"));
        assert!(refused("1").starts_with("invalid type: integer `1`, expected a value, or its JSON text"));
    }
}
