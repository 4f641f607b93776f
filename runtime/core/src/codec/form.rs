//! Forms of values on the wire other than serde's own. They cover other timestamp formats, floats that JSON cannot
//! represent, and lists and maps whose nulls are skipped. Forms compose: `List<DateTime>`.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde_core::{
    de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor},
    ser::{Serialize, SerializeMap, SerializeSeq, Serializer},
};

use super::decode::Note;
pub use super::{
    element::{Attribute, InNamespace, XmlNamespace},
    framing::{Frame, Framed, ListFrame},
    json_text::JsonText,
    wrapped::{ItemName, Wrapped},
};
use crate::{
    secret::{Secret, Wipe},
    time::Timestamp,
};

/// The form of a `T` on the wire.
pub trait Form<T> {
    /// Whether null is a value, so that lists and maps keep it.
    const NULLABLE: bool = false;

    /// Writes the value.
    ///
    /// # Errors
    /// Errors of the serializer.
    fn encode<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error>;

    /// Reads a value.
    ///
    /// # Errors
    /// Errors of the deserializer.
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>;
}

/// Serde's own form.
#[derive(Debug)]
#[non_exhaustive]
pub struct Plain;

impl<T: Serialize + for<'de> Deserialize<'de>> Form<T> for Plain {
    fn encode<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

macro_rules! moment {
    ($doc:literal, $name:ident, $write:ident) => {
        #[doc = $doc]
        #[derive(Debug)]
        #[non_exhaustive]
        pub struct $name;

        impl Form<Timestamp> for $name {
            fn encode<S: Serializer>(value: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&value.$write())
            }

            fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
                Timestamp::deserialize(deserializer)
            }
        }
    };
}
moment!("A moment as RFC 3339 text.", DateTime, date_time);
moment!("A moment as IMF-fixdate (RFC 9110, 5.6.7).", HttpDate, http_date);

/// A float whose special values are the texts `NaN`, `Infinity` and `-Infinity`.
#[derive(Debug)]
#[non_exhaustive]
pub struct Float;

macro_rules! float {
    ($type:ident, $serialize:ident) => {
        impl Form<$type> for Float {
            fn encode<S: Serializer>(value: &$type, serializer: S) -> Result<S::Ok, S::Error> {
                if value.is_nan() {
                    serializer.serialize_str("NaN")
                } else if value.is_infinite() {
                    serializer.serialize_str(if *value > 0.0 { "Infinity" } else { "-Infinity" })
                } else {
                    serializer.$serialize(*value)
                }
            }

            #[allow(clippy::cast_possible_truncation, reason = "true of one of the two types")]
            fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                deserializer.deserialize_any(FloatVisitor).map(|value| value as $type)
            }
        }
    };
}
float!(f32, serialize_f32);
float!(f64, serialize_f64);

struct FloatVisitor;

impl Visitor<'_> for FloatVisitor {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_f64<E>(self, value: f64) -> Result<f64, E> {
        Ok(value)
    }

    #[expect(clippy::cast_precision_loss, reason = "a float was asked for")]
    fn visit_i64<E>(self, value: i64) -> Result<f64, E> {
        Ok(value as f64)
    }

    #[expect(clippy::cast_precision_loss, reason = "a float was asked for")]
    fn visit_u64<E>(self, value: u64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_str<E: serde_core::de::Error>(self, text: &str) -> Result<f64, E> {
        match text {
            "NaN" => Ok(f64::NAN),
            "Infinity" => Ok(f64::INFINITY),
            "-Infinity" => Ok(f64::NEG_INFINITY),
            // For formats whose numbers are text, such as XML.
            _ => text.trim().parse().ok().filter(|value: &f64| value.is_finite()).ok_or_else(|| {
                E::custom(format_args!(
                    "invalid float {text:?}: expected a number, NaN, Infinity or -Infinity"
                ))
            }),
        }
    }
}

/// A value that is null if it is absent.
#[derive(Debug)]
pub struct Nullable<F>(PhantomData<F>);

impl<T, F: Form<T>> Form<Option<T>> for Nullable<F> {
    const NULLABLE: bool = true;

    fn encode<S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => F::encode(value, serializer),
            None => serializer.serialize_none(),
        }
    }

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_option(NullableVisitor::<F, T>(PhantomData))
    }
}

struct NullableVisitor<F, T>(PhantomData<(F, T)>);

impl<'de, T, F: Form<T>> Visitor<'de> for NullableVisitor<F, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        F::decode(deserializer).map(Some)
    }
}

/// A secret whose value has the form `F`.
#[derive(Debug)]
pub struct SecretForm<F>(PhantomData<F>);

impl<T: Wipe, F: Form<T>> Form<Secret<T>> for SecretForm<F> {
    fn encode<S: Serializer>(value: &Secret<T>, serializer: S) -> Result<S::Ok, S::Error> {
        F::encode(value.expose(), serializer)
    }

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret<T>, D::Error> {
        F::decode(deserializer).map(Secret::new)
    }
}

/// A list whose items have the form `F`. Nulls are skipped unless `F` is [`Nullable`].
#[derive(Debug)]
pub struct List<F>(PhantomData<F>);

impl<T, F: Form<T>> Form<Vec<T>> for List<F> {
    fn encode<S: Serializer>(value: &Vec<T>, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(value.len()))?;
        for item in value {
            list.serialize_element(&As::<F, T>::new(item))?;
        }
        list.end()
    }

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(ListVisitor::<F, T>(PhantomData))
    }
}

struct ListVisitor<F, T>(PhantomData<(F, T)>);

impl<'de, T, F: Form<T>> Visitor<'de> for ListVisitor<F, T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        let mut index = 0_usize;
        loop {
            match items.next_element_seed(DenseSeed::<F, T>(PhantomData)) {
                Ok(Some(item)) => list.extend(item),
                Ok(None) => return Ok(list),
                Err(error) => Note::of_item(index, error)?,
            }
            index += 1;
        }
    }
}

/// A map whose keys have the form `K`, and whose values the form `F`. Nulls are skipped unless `F` is [`Nullable`].
#[derive(Debug)]
pub struct Map<F, K = Plain>(PhantomData<(F, K)>);

impl<T, F: Form<T>, K: Form<String>> Form<BTreeMap<String, T>> for Map<F, K> {
    fn encode<S: Serializer>(value: &BTreeMap<String, T>, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(value.len()))?;
        for (key, item) in value {
            map.serialize_entry(&As::<K, String>::new(key), &As::<F, T>::new(item))?;
        }
        map.end()
    }

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error> {
        deserializer.deserialize_map(MapVisitor::<F, T>(PhantomData))
    }
}

struct MapVisitor<F, T>(PhantomData<(F, T)>);

impl<'de, T, F: Form<T>> Visitor<'de> for MapVisitor<F, T> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<BTreeMap<String, T>, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(key) = entries.next_key::<String>()? {
            match entries.next_value_seed(DenseSeed::<F, T>(PhantomData)) {
                Ok(Some(value)) => drop(map.insert(key, value)),
                Ok(None) => {}
                Err(error) => Note::of_member(&key, error)?,
            }
        }
        Ok(map)
    }
}

/// A value to be written in the form `F`.
pub(super) struct As<'a, F, T>(&'a T, PhantomData<F>);

impl<'a, F, T> As<'a, F, T> {
    pub(super) fn new(value: &'a T) -> Self {
        Self(value, PhantomData)
    }
}

impl<T, F: Form<T>> Serialize for As<'_, F, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        F::encode(self.0, serializer)
    }
}

/// A value to be read in the form `F`.
pub(super) struct AsSeed<F, T>(PhantomData<(F, T)>);

impl<F, T> AsSeed<F, T> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T, F: Form<T>> DeserializeSeed<'de> for AsSeed<F, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        F::decode(deserializer)
    }
}

/// An item of a list or map: `None` for a null that is skipped.
struct DenseSeed<F, T>(PhantomData<(F, T)>);

impl<'de, T, F: Form<T>> DeserializeSeed<'de> for DenseSeed<F, T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        if F::NULLABLE { F::decode(deserializer).map(Some) } else { Nullable::<F>::decode(deserializer) }
    }
}
