//! Names and structures of a service, as generated code defines them.

/// The enum `Name` of a service, both its exception and its error code, with one known name.
macro_rules! name {
    ($service:ty, $known:ident) => {
        /// Exception and error code.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub(crate) enum Name {
            $known,
            Unknown(String),
        }

        impl Name {
            pub(crate) fn as_str(&self) -> &str {
                match self {
                    Self::$known => stringify!($known),
                    Self::Unknown(name) => name,
                }
            }
        }

        impl From<&str> for Name {
            fn from(name: &str) -> Self {
                if name == stringify!($known) { Self::$known } else { Self::Unknown(name.to_owned()) }
            }
        }

        gatewright_runtime::wire_name!(Name);

        impl gatewright_runtime::ServiceErrorCode for Name {
            type Service = $service;
        }
    };
}

/// How a structure is written and read: required members, then optional ones with the forms of their values; with
/// `in any case`, as in protocols that ignore the case of names.
macro_rules! structure {
    (in any case: $type:ident, [$($required:literal => $needed:ident),*], $($wire:literal => $field:ident as $form:ty),*) => {
        structure!(&[$($required,)* $($wire),*];
            $type, [$($required => $needed),*], $($wire => $field as $form),*);
    };
    ($type:ident, [$($required:literal => $needed:ident),*], $($wire:literal => $field:ident as $form:ty),*) => {
        structure!(&[]; $type, [$($required => $needed),*], $($wire => $field as $form),*);
    };
    ($members:expr;
        $type:ident, [$($required:literal => $needed:ident),*], $($wire:literal => $field:ident as $form:ty),*) => {
        impl serde_core::Serialize for $type {
            fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                gatewright_runtime::codec::encode::structure(serializer)?
                    $(.required($required, &self.$needed)?)*
                    $(.optional_as::<$form, _>($wire, &self.$field)?)*
                    .end()
            }
        }

        impl<'de> serde_core::Deserialize<'de> for $type {
            fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                gatewright_runtime::codec::decode::structure(deserializer)
            }
        }

        impl gatewright_runtime::codec::decode::Structure for $type {
            const NAME: &'static str = stringify!($type);
            const REQUIRED: &'static [&'static str] = &[$($required),*];
            const MEMBERS: &'static [&'static str] = $members;

            fn blank() -> Self {
                Self::default()
            }

            fn member<'de, M: serde_core::de::MapAccess<'de>>(
                &mut self,
                name: &str,
                member: gatewright_runtime::codec::decode::Member<'_, M>,
            ) -> Result<(), M::Error> {
                match name {
                    $($required => member.read(&mut self.$needed),)*
                    $($wire => member.read_optional_as::<$form, _>(&mut self.$field),)*
                    _ => member.skip(),
                }
            }
        }
    };
}
