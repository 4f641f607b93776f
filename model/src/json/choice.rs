//! One of several named values.

use serde_json::Value;

use super::error::{Error, Segment};
use super::{Object, Read};

/// A variant in JSON: its name as a string, or an object with this name as its only key.
pub(crate) struct Choice {
    name: String,
    value: Option<Value>,
}

impl Choice {
    /// Reads a variant. Errors list the names of all variants.
    pub(crate) fn new(value: Value, names: &[&str]) -> Result<Self, Error> {
        match value {
            Value::String(name) => Ok(Self { name, value: None }),
            Value::Object(object) => {
                let keys = object.len();
                let mut entries = object.into_iter();
                match (entries.next(), entries.next()) {
                    (Some((name, value)), None) => Ok(Self { name, value: Some(value) }),
                    _ => Err(Error::no_variant(&format!("value: object with {keys} keys, not one"), names)),
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
                Err(Error::no_variant(&format!("type: {}", Error::kind(&value)), names))
            }
        }
    }

    /// The variant's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// A variant without a value.
    pub(crate) fn unit<T>(self, variant: T) -> Result<T, Error> {
        match self.value {
            Some(_) => Err(Error::other(format!("has a value, write \"{}\" alone", self.name))),
            None => Ok(variant),
        }
    }

    /// A variant with a value.
    pub(crate) fn value<T: Read>(self) -> Result<T, Error> {
        self.read(T::read)
    }

    /// A variant whose value is an object that may have these keys.
    pub(crate) fn object<T>(
        self,
        keys: &'static [&'static str],
        read: impl FnOnce(&mut Object) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.read(|value| read(&mut Object::new(value, keys)?))
    }

    fn read<T>(self, read: impl FnOnce(Value) -> Result<T, Error>) -> Result<T, Error> {
        match self.value {
            Some(value) => read(value).map_err(|error| error.at(Segment::Key(self.name))),
            None => Err(Error::other(format!("lacks the value of `{0}`, write {{\"{0}\": …}}", self.name))),
        }
    }

    /// The error of a name that no variant has.
    pub(crate) fn unknown<T>(self, names: &'static [&'static str]) -> Result<T, Error> {
        Err(Error::unknown_value(&self.name, names))
    }
}

/// Defines an enum that is read from JSON. Each variant has its name in JSON after `=`, and perhaps a value, whose fields are defined as
/// in `object!`.
macro_rules! choice {
    (
        $(#[$meta:meta])*
        $vis:vis enum $enum:ident { $(
            $(#[$variant_meta:meta])*
            $variant:ident $(($type:ty))? $({ $( $field:ident: $field_type:ty $(= $default:expr)? ),* $(,)? })? = $name:literal
        ),* $(,)? }
    ) => {
        $(#[$meta])*
        $vis enum $enum { $(
            $(#[$variant_meta])* $variant $(($type))? $({ $( $field: $field_type, )* })?,
        )* }

        impl $crate::json::Read for $enum {
            fn read(value: ::serde_json::Value) -> Result<Self, $crate::json::Error> {
                const NAMES: &[&str] = &[$( $name ),*];
                let choice = $crate::json::Choice::new(value, NAMES)?;
                match choice.name() {
                    $( $name => $crate::json::choice!(
                        @read choice $variant $(($type))? $({ $( $field $(= $default)? ),* })?
                    ), )*
                    _ => choice.unknown(NAMES),
                }
            }
        }
    };
    (@read $choice:ident $variant:ident) => { $choice.unit(Self::$variant) };
    (@read $choice:ident $variant:ident ($type:ty)) => { $choice.value().map(Self::$variant) };
    (@read $choice:ident $variant:ident {}) => { $choice.object(&[], |_| Ok(Self::$variant {})) };
    (@read $choice:ident $variant:ident { $( $field:ident $(= $default:expr)? ),* }) => {
        $choice.object(&[$( stringify!($field) ),*], |object| Ok(Self::$variant {
            $( $field: $crate::json::object!(@field object $field $(= $default)?), )*
        }))
    };
}
pub(crate) use choice;
