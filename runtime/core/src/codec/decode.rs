//! Structures from serde maps.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde_core::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor,
};

use super::form::{AsSeed, Form};

/// A structure that is filled member by member.
pub trait Structure: Sized {
    /// Name of the structure in messages.
    const NAME: &'static str;
    /// Wire names of the required members.
    const REQUIRED: &'static [&'static str] = &[];
    /// Wire names of all members, if the protocol ignores their case; else empty.
    const MEMBERS: &'static [&'static str] = &[];

    /// An empty value to fill.
    fn blank() -> Self;

    /// Reads the member called `name`, or skips it.
    ///
    /// # Errors
    /// Errors of the deserializer.
    fn member<'de, M: MapAccess<'de>>(&mut self, name: &str, member: Member<'_, M>) -> Result<(), M::Error>;
}

/// Reads a structure: the body of its `Deserialize`.
///
/// # Errors
/// Errors of the deserializer, preceded by the members' names; a missing required member.
#[inline]
pub fn structure<'de, T: Structure, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_struct(T::NAME, T::MEMBERS, StructureVisitor(PhantomData))
}

/// The value of a member, before it is read.
#[derive(Debug)]
pub struct Member<'a, M>(&'a mut M);

impl<'de, M: MapAccess<'de>> Member<'_, M> {
    /// Reads the value into `place`.
    ///
    /// # Errors
    /// Errors of the deserializer.
    #[inline]
    pub fn read<T: Deserialize<'de>>(self, place: &mut T) -> Result<(), M::Error> {
        *place = self.0.next_value()?;
        Ok(())
    }

    /// Like [`read`](Self::read), in a form other than serde's own.
    ///
    /// # Errors
    /// Errors of the deserializer.
    pub fn read_as<F: Form<T>, T>(self, place: &mut T) -> Result<(), M::Error> {
        *place = self.0.next_value_seed(AsSeed::<F, T>::new())?;
        Ok(())
    }

    /// Like [`read_as`](Self::read_as), but null means absent.
    ///
    /// # Errors
    /// Errors of the deserializer.
    pub fn read_optional_as<F: Form<T>, T>(self, place: &mut Option<T>) -> Result<(), M::Error> {
        *place = self.0.next_value_seed(AsSeed::<super::form::Nullable<F>, Option<T>>::new())?;
        Ok(())
    }

    /// Skips a member that the model does not know.
    ///
    /// # Errors
    /// Errors of the deserializer.
    #[inline]
    pub fn skip(self) -> Result<(), M::Error> {
        self.0.next_value::<IgnoredAny>().map(drop)
    }
}

struct StructureVisitor<T>(PhantomData<T>);

impl<'de, T: Structure> Visitor<'de> for StructureVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object for {}", T::NAME)
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<T, M::Error> {
        let mut value = T::blank();
        match members(&mut map, T::REQUIRED, &mut |name, member| value.member(name, member)) {
            Ok(()) => Ok(value),
            Err(error) => Err(error),
        }
    }
}

/// Reads a member of this name.
type ReadMember<'a, M, E> = dyn FnMut(&str, Member<'_, M>) -> Result<(), E> + 'a;

/// Reads all members. Compiled for every format; the visitor, for every structure and format.
fn members<'de, M: MapAccess<'de>>(
    map: &mut M,
    required: &'static [&'static str],
    read: &mut ReadMember<'_, M, M::Error>,
) -> Result<(), M::Error> {
    let mut required = Required::new(required);
    while let Some(name) = map.next_key_seed(Name)? {
        match read(&name, Member(map)) {
            Ok(()) => required.read(&name),
            Err(error) => Note::of_member(&name, error)?,
        }
    }
    match required.missing() {
        Some(missing) => Err(M::Error::missing_field(missing)),
        None => Ok(()),
    }
}

/// The required members, and which of them were read.
struct Required {
    names: &'static [&'static str],
    /// A bit for each of the first 64 that were read.
    first: u64,
    /// Indices of the others that were read.
    others: Vec<usize>,
}

impl Required {
    #[inline]
    fn new(names: &'static [&'static str]) -> Self {
        Self { names, first: 0, others: Vec::new() }
    }

    #[inline]
    fn read(&mut self, name: &str) {
        let Some(index) = self.names.iter().position(|required| *required == name) else { return };
        match Self::bit(index) {
            Some(bit) => self.first |= bit,
            None => self.others.push(index),
        }
    }

    /// The first that was not read.
    #[inline]
    fn missing(&self) -> Option<&'static str> {
        self.names.iter().enumerate().find(|(index, _)| !self.has(*index)).map(|(_, name)| *name)
    }

    #[inline]
    fn has(&self, index: usize) -> bool {
        Self::bit(index).map_or_else(|| self.others.contains(&index), |bit| self.first & bit != 0)
    }

    fn bit(index: usize) -> Option<u64> {
        1_u64.checked_shl(u32::try_from(index).ok()?)
    }
}

/// The source of an error of a protocol's own deserializer. The code that reads structures, lists and maps looks for
/// it. Errors of other deserializers get the place as a prefix of their text.
#[derive(Debug)]
#[non_exhaustive]
pub enum Note {
    /// There is no value: the member counts as absent.
    Absent,
    /// The next item of a list has no value, and is skipped.
    AbsentItem,
    /// The error contains its place.
    Located,
}

impl Note {
    #[cold]
    pub(super) fn of_member<E: serde_core::de::Error>(name: &str, error: E) -> Result<(), E> {
        match Self::of(&error) {
            Some(Self::Absent) => Ok(()),
            Some(_) => Err(error),
            None => Err(E::custom(format_args!("{name}: {error}"))),
        }
    }

    #[cold]
    pub(super) fn of_item<E: serde_core::de::Error>(index: usize, error: E) -> Result<(), E> {
        match Self::of(&error) {
            Some(Self::AbsentItem) => Ok(()),
            Some(_) => Err(error),
            None => Err(E::custom(format_args!("[{index}]: {error}"))),
        }
    }

    /// Whether an error has a note.
    pub(crate) fn is_in(error: &impl std::error::Error) -> bool {
        Self::of(error).is_some()
    }

    fn of(error: &impl std::error::Error) -> Option<&Self> {
        error.source()?.downcast_ref()
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absent | Self::AbsentItem => "the value is missing",
            Self::Located => "the error contains its position",
        })
    }
}

impl std::error::Error for Note {}

/// A member's name, borrowed from the input if it contains no escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    #[inline]
    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}
