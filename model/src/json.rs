//! Reads JSON values. An error says where, in words for people who edit JSON.
//!
//! Without serde's derive macro: its code for these types took a sixth of the time to build the generator, and its errors name types
//! of Rust.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

mod choice;
mod error;
mod object;

pub(crate) use choice::{Choice, choice};
pub(crate) use error::Error;
use error::Segment;
pub(crate) use object::{Object, object};

/// What is read from a JSON value.
pub(crate) trait Read: Sized {
    /// Reads a value.
    fn read(value: Value) -> Result<Self, Error>;

    /// What a missing key means, if it may be missing.
    fn absent() -> Option<Self> {
        None
    }
}

impl Read for Value {
    fn read(value: Value) -> Result<Self, Error> {
        Ok(value)
    }
}

impl Read for bool {
    fn read(value: Value) -> Result<Self, Error> {
        value.as_bool().ok_or_else(|| Error::wrong_type(&value, "a boolean"))
    }
}

impl Read for String {
    fn read(value: Value) -> Result<Self, Error> {
        let Value::String(text) = value else { return Err(Error::wrong_type(&value, "a string")) };
        Ok(text)
    }
}

impl Read for f64 {
    fn read(value: Value) -> Result<Self, Error> {
        value.as_f64().ok_or_else(|| Error::wrong_type(&value, "a number"))
    }
}

impl Read for i64 {
    fn read(value: Value) -> Result<Self, Error> {
        match value.as_i64() {
            Some(number) => Ok(number),
            None if value.is_u64() => Err(Error::wrong_value(
                &value,
                &format!("a whole number from {} to {}", Self::MIN, Self::MAX),
            )),
            None => Err(Error::wrong_type(&value, "a whole number")),
        }
    }
}

impl Read for u64 {
    fn read(value: Value) -> Result<Self, Error> {
        whole(&value, value.as_u64(), "a whole number, 0 or more")
    }
}

impl Read for u32 {
    fn read(value: Value) -> Result<Self, Error> {
        let number = value.as_u64().and_then(|number| number.try_into().ok());
        whole(&value, number, "a whole number from 0 to 4294967295")
    }
}

impl Read for i32 {
    fn read(value: Value) -> Result<Self, Error> {
        let number = value.as_i64().and_then(|number| number.try_into().ok());
        whole(&value, number, "a whole number from -2147483648 to 2147483647")
    }
}

impl Read for u16 {
    fn read(value: Value) -> Result<Self, Error> {
        let number = value.as_u64().and_then(|number| number.try_into().ok());
        whole(&value, number, "a whole number from 0 to 65535")
    }
}

/// A whole number, or why the value is not one of those expected.
fn whole<T>(value: &Value, number: Option<T>, expected: &str) -> Result<T, Error> {
    match number {
        Some(number) => Ok(number),
        None if value.is_i64() || value.is_u64() => Err(Error::wrong_value(value, expected)),
        None => Err(Error::wrong_type(value, expected)),
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: Value) -> Result<Self, Error> {
        T::read(value).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: Value) -> Result<Self, Error> {
        let Value::Array(items) = value else { return Err(Error::wrong_type(&value, "a list")) };
        let mut read = Self::with_capacity(items.len());
        for (index, value) in items.into_iter().enumerate() {
            read.push(T::read(value).map_err(|error| error.at(Segment::Index(index)))?);
        }
        Ok(read)
    }
}

impl Read for (String, String) {
    fn read(value: Value) -> Result<Self, Error> {
        const EXPECTED: &str = "a list of 2 items";
        let Value::Array(items) = value else { return Err(Error::wrong_type(&value, EXPECTED)) };
        let items: Vec<String> = Read::read(items.into())?;
        match <[String; 2]>::try_from(items) {
            Ok(pair) => Ok(pair.into()),
            Err(items) => Err(Error::other(format!("invalid length: {}, expected {EXPECTED}", items.len()))),
        }
    }
}

impl Read for BTreeMap<String, String> {
    fn read(value: Value) -> Result<Self, Error> {
        let mut read = Self::new();
        for (key, value) in entries(value)? {
            match String::read(value) {
                Ok(text) => read.insert(key, text),
                Err(error) => return Err(error.at(Segment::Key(key))),
            };
        }
        Ok(read)
    }
}

pub(crate) fn entries(value: Value) -> Result<Map<String, Value>, Error> {
    let Value::Object(entries) = value else { return Err(Error::wrong_type(&value, "an object")) };
    Ok(entries)
}
