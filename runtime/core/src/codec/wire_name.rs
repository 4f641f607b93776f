//! Enums whose values are texts on the wire.

/// An enum of the model. Unknown values keep their text.
pub trait WireName: for<'a> From<&'a str> + std::fmt::Debug + Clone + Send + Sync + 'static {
    /// The value on the wire.
    fn as_str(&self) -> &str;
}

/// Implements the traits that follow from an enum's `as_str` and `From<&str>`. They are [`WireName`], `Display`,
/// `AsRef<str>`, `From<String>` and serde's traits.
#[macro_export]
macro_rules! wire_name {
    ($name:ident) => {
        impl $crate::codec::WireName for $name {
            fn as_str(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl $crate::serde_core::Serialize for $name {
            fn serialize<S: $crate::serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::serde_core::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde_core::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::codec::deserialize_name(deserializer)
            }
        }
    };
}

/// Reads a wire name: the body of its `Deserialize`.
///
/// # Errors
/// Errors of the deserializer.
#[doc(hidden)]
pub fn deserialize_name<'de, T: WireName, D: serde_core::Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(NameVisitor(std::marker::PhantomData))
}

struct NameVisitor<T>(std::marker::PhantomData<T>);

impl<T: WireName> serde_core::de::Visitor<'_> for NameVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, value: &str) -> Result<T, E> {
        Ok(T::from(value))
    }
}
