//! Members that XML writes as attributes, or as elements that declare namespaces.
//!
//! Serde passes both to a protocol as names of newtypes, as it does frames. Other formats look through newtypes.

use std::marker::PhantomData;

use serde_core::{de::Deserializer, ser::Serializer};

use super::{
    form::{Form, Plain},
    framing::{Named, Names},
};

/// A namespace that an element declares.
pub trait XmlNamespace {
    /// Prefix of names in the namespace; empty if they have none.
    const PREFIX: &'static str;
    /// URI of the namespace.
    const URI: &'static str;
}

/// A value in the form `F` whose element declares the namespace `N`.
#[derive(Debug)]
pub struct InNamespace<N, F = Plain>(PhantomData<(N, F)>);

impl<N: XmlNamespace, F> InNamespace<N, F> {
    const NAMES: Names = &[N::PREFIX, N::URI];
}

impl<N: XmlNamespace, T, F: Form<T>> Form<T> for InNamespace<N, F> {
    const NULLABLE: bool = F::NULLABLE;

    fn encode<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(NAMESPACE, &Named::<F, T>::new(Self::NAMES, value))
    }

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        F::decode(deserializer)
    }
}

/// A value in the form `F` that is an attribute of its parent element.
#[derive(Debug)]
pub struct Attribute<F = Plain>(PhantomData<F>);

impl<T, F: Form<T>> Form<T> for Attribute<F> {
    fn encode<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(ATTRIBUTE, &Named::<F, T>::new(&[], value))
    }

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        F::decode(deserializer)
    }
}

/// Name of the newtype around an attribute.
const ATTRIBUTE: &str = "$gatewright::Attribute";

/// Name of the newtype around prefix and URI of a namespace.
const NAMESPACE: &str = "$gatewright::Namespace";

/// Facts about the next element, from names of newtypes.
#[derive(Clone, Debug, Default)]
pub(crate) struct ElementToCome {
    pub(crate) is_attribute: bool,
    /// Prefixes and URIs that it declares.
    pub(crate) namespaces: Vec<(&'static str, &'static str)>,
    begun: Begun,
}

#[derive(Clone, Copy, Debug, Default)]
enum Begun {
    #[default]
    Nothing,
    Namespace,
    Prefix(&'static str),
}

impl ElementToCome {
    /// Adds the name of one more newtype; false if the name does not belong to an element.
    pub(crate) fn takes(&mut self, name: &'static str) -> bool {
        match std::mem::take(&mut self.begun) {
            Begun::Namespace => self.begun = Begun::Prefix(name),
            Begun::Prefix(prefix) => {
                // The inner one of a flattened list and its item.
                self.namespaces.retain(|(known, _)| *known != prefix);
                self.namespaces.push((prefix, name));
            }
            Begun::Nothing if name == NAMESPACE => self.begun = Begun::Namespace,
            Begun::Nothing if name == ATTRIBUTE => self.is_attribute = true,
            Begun::Nothing => return false,
        }
        true
    }
}
