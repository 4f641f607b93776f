//! Objects with known keys.

use serde_json::{Map, Value};

use super::error::{Error, Segment};
use super::{Read, entries};

/// The keys of an object that are not read yet.
pub(crate) struct Object(Map<String, Value>);

impl Object {
    /// An object that may have these keys, and no others.
    pub(crate) fn new(value: Value, keys: &'static [&'static str]) -> Result<Self, Error> {
        let entries = entries(value)?;
        match entries.keys().find(|key| !keys.contains(&key.as_str())) {
            Some(unknown) => Err(Error::unknown_key(unknown, keys)),
            None => Ok(Self(entries)),
        }
    }

    /// Reads the value of a key.
    pub(crate) fn field<T: Read>(&mut self, key: &str) -> Result<T, Error> {
        match self.0.remove(key) {
            Some(value) => T::read(value).map_err(|error| error.at(Segment::Key(key.to_owned()))),
            None => T::absent().ok_or_else(|| Error::missing_key(key)),
        }
    }

    /// Reads the value of a key that may be missing.
    pub(crate) fn field_or<T: Read>(&mut self, key: &str, default: T) -> Result<T, Error> {
        self.field(key).map(|value: Option<T>| value.unwrap_or(default))
    }
}

/// Defines a structure that is read from an object. A field's key is its name, or what follows `as`. Keys may be missing if the
/// field is optional, or has a value after `=`.
macro_rules! object {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident $(<$part:ident>)? { $(
            $(#[$field_meta:meta])* $field_vis:vis $field:ident: $type:ty $(as $key:literal)? $(= $default:expr)?
        ),* $(,)? }
    ) => {
        $(#[$meta])*
        $vis struct $name $(<$part>)? { $( $(#[$field_meta])* $field_vis $field: $type, )* }

        impl $(<$part: $crate::json::Read>)? $crate::json::Read for $name $(<$part>)? {
            fn read(value: ::serde_json::Value) -> Result<Self, $crate::json::Error> {
                const KEYS: &[&str] = &[$( $crate::json::object!(@key $field $($key)?) ),*];
                let mut object = $crate::json::Object::new(value, KEYS)?;
                Ok(Self { $( $field: $crate::json::object!(@field object $field $($key)? $(= $default)?), )* })
            }
        }
    };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
    (@field $object:ident $field:ident $($key:literal)?) => {
        $object.field($crate::json::object!(@key $field $($key)?))?
    };
    (@field $object:ident $field:ident $($key:literal)? = $default:expr) => {
        $object.field_or($crate::json::object!(@key $field $($key)?), $default)?
    };
}
pub(crate) use object;
