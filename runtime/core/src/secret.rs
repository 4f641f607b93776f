//! Values that are never shown, and overwritten when they are dropped.

use std::{collections::BTreeMap, fmt, mem};

use serde_core::{
    de::{Deserialize, Deserializer},
    ser::{Serialize, Serializer},
};
use serde_json::Value;
use zeroize::Zeroize;

use crate::mask::MASK;

/// A secret value, such as a password.
///
/// It is made explicitly with [`Secret::new`] and read with [`expose`](Secret::expose), so that secrets and
/// other texts are never confused. `Debug` shows `***`, and there is no `Display`. Dropping it overwrites its
/// memory; copies made elsewhere, such as the body of a request, remain.
///
/// `Serialize` writes the value itself, for the service: do not log serialized requests.
///
/// ```
/// # mod gatewright { pub use gatewright_core::secret::Secret; }
/// use gatewright::Secret;
///
/// let password: Secret = Secret::new("correct horse");
/// assert_eq!(format!("{password:?}"), "***");
/// assert_eq!(password.expose(), "correct horse");
/// ```
///
/// A text does not become a secret by accident:
///
/// ```compile_fail,E0277
/// # mod gatewright { pub use gatewright_core::secret::Secret; }
/// use gatewright::Secret;
///
/// let password: Secret = "correct horse".into();
/// ```
///
/// ```compile_fail,E0277
/// # use gatewright_core::secret::Secret;
/// let password: Secret = Secret::new("correct horse");
/// println!("{password}");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T: Wipe = String>(T);

impl<T: Wipe> Secret<T> {
    /// Makes a value secret.
    #[inline]
    pub fn new(value: impl Into<T>) -> Self {
        Self(value.into())
    }

    /// The value, for the code that needs it.
    #[inline]
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

/// Omits the value.
impl<T: Wipe> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl<T: Wipe> Drop for Secret<T> {
    #[inline]
    fn drop(&mut self) {
        self.0.wipe();
    }
}

impl<T: Wipe> Wipe for Secret<T> {
    fn wipe(&mut self) {
        self.0.wipe();
    }
}

/// Writes the value, which is for the service.
impl<T: Wipe + Serialize> Serialize for Secret<T> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Wipe + Deserialize<'de>> Deserialize<'de> for Secret<T> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

/// A value whose memory can be overwritten.
pub trait Wipe {
    /// Overwrites texts, bytes and numbers.
    fn wipe(&mut self);
}

macro_rules! scalars {
    ($($ty:ty),*) => {
        $(impl Wipe for $ty {
            #[inline]
            fn wipe(&mut self) {
                self.zeroize();
            }
        })*
    };
}
scalars!(bool, u8, i8, i16, i32, i64, u32, f32, f64, String);

impl<T: Wipe> Wipe for Option<T> {
    fn wipe(&mut self) {
        if let Some(value) = self {
            value.wipe();
        }
    }
}

impl<T: Wipe> Wipe for Box<T> {
    fn wipe(&mut self) {
        self.as_mut().wipe();
    }
}

impl<T: Wipe> Wipe for Vec<T> {
    fn wipe(&mut self) {
        self.iter_mut().for_each(T::wipe);
    }
}

impl<T: Wipe> Wipe for BTreeMap<String, T> {
    fn wipe(&mut self) {
        for (mut key, mut value) in mem::take(self) {
            key.wipe();
            value.wipe();
        }
    }
}

impl Wipe for Value {
    fn wipe(&mut self) {
        match self {
            Self::String(text) => text.wipe(),
            Self::Array(items) => items.wipe(),
            Self::Object(members) => {
                for (mut name, mut value) in mem::take(members) {
                    name.wipe();
                    value.wipe();
                }
            }
            Self::Null | Self::Bool(_) | Self::Number(_) => *self = Self::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{codec::Blob, time::Timestamp};

    /// Wiped values have no text and no bytes left; numbers are zero.
    #[track_caller]
    fn wiped<T: Wipe + fmt::Debug>(mut value: T, expected: &str) {
        value.wipe();
        assert_eq!(format!("{value:?}"), expected);
    }

    #[test]
    fn values_of_every_kind_are_wiped() {
        wiped("secret".to_owned(), r#""""#);
        wiped(Some("secret".to_owned()), r#"Some("")"#);
        wiped(Box::new(7_i64), "0");
        wiped((true, 1_u32).0, "false");
        wiped(1.5_f64, "0.0");
        wiped(vec!["a".to_owned(), "b".to_owned()], r#"["", ""]"#);
        wiped(BTreeMap::from([("key".to_owned(), 1_i32)]), "{}");
        wiped(Blob::new("secret"), "Blob(0 bytes)");
        wiped(Timestamp::from_seconds(9), "Timestamp { seconds: 0, nanos: 0 }");
        wiped(json!({"a": ["b", 1, null], "c": "d"}), "Object {}");
        wiped(json!(["a", {"b": "c"}, 1]), r#"Array [String(""), Object {}, Null]"#);
    }

    /// A value that reports what is done to it.
    #[derive(Clone, Debug, PartialEq)]
    struct Probe<'a>(&'a std::cell::Cell<u32>);

    impl Wipe for Probe<'_> {
        fn wipe(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }

    #[test]
    fn each_clone_is_wiped_when_it_is_dropped() {
        let wiped = std::cell::Cell::new(0);
        let secret: Secret<Probe<'_>> = Secret::new(Probe(&wiped));
        let copy = secret.clone();
        drop(secret);
        assert_eq!(wiped.get(), 1);
        drop(copy);
        assert_eq!(wiped.get(), 2);
    }

    #[test]
    fn no_value_is_shown_in_any_layout() {
        let secret: Secret = Secret::new("hunter22");
        let number: Secret<i64> = Secret::new(4711_i64);
        let list: Secret<Vec<String>> = Secret::new(vec!["hunter22".to_owned()]);
        assert_eq!(
            format!("{secret:?} {number:?} {list:?} {:#?}", Some(&secret)),
            "*** *** *** Some(\n    ***,\n)"
        );
    }

    #[test]
    fn on_the_wire_it_is_the_value() {
        let secret: Secret = serde_json::from_str(r#""hunter22""#).unwrap();
        assert_eq!(secret, Secret::new("hunter22"));
        assert_eq!(serde_json::to_string(&secret).unwrap(), r#""hunter22""#);
    }
}
