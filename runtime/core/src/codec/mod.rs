//! Conversion of the model's values to serde values and back, shared by every protocol.
//!
//! Generated types implement serde's traits by hand in a few lines each; [`encode::structure`] and
//! [`decode::structure`] have the common code: no proc macro, and little code per type.

pub(crate) mod access;
mod blob;
pub mod decode;
pub mod element;
pub mod encode;
pub mod form;
pub mod framing;
mod json_text;
pub(crate) mod json_value;
pub mod placed;
mod wire_name;
pub(crate) mod wrapped;

pub use blob::Blob;
pub use placed::PlacedError;
pub use wire_name::{WireName, deserialize_name};

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_core::{Deserialize, Deserializer, Serialize, Serializer, de::MapAccess};

    use super::{
        Blob, decode, encode,
        form::{DateTime, Float, List, Map, Nullable, Plain},
    };
    use crate::time::Timestamp;

    /// One member per form.
    #[derive(Debug, PartialEq)]
    struct Sample {
        name: String,
        size: Option<f64>,
        at: Option<Vec<Timestamp>>,
        dense: Option<Vec<String>>,
        sparse: Option<Vec<Option<String>>>,
        map: Option<BTreeMap<String, i32>>,
        blob: Option<Blob>,
    }

    impl Serialize for Sample {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            encode::structure(serializer)?
                .required("Name", &self.name)?
                .optional_as::<Float, _>("Size", &self.size)?
                .optional_as::<List<DateTime>, _>("At", &self.at)?
                .optional("Dense", &self.dense)?
                .optional("Sparse", &self.sparse)?
                .optional("Map", &self.map)?
                .optional("Blob", &self.blob)?
                .end()
        }
    }

    impl<'de> Deserialize<'de> for Sample {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            decode::structure(deserializer)
        }
    }

    impl decode::Structure for Sample {
        const NAME: &'static str = "Sample";
        const REQUIRED: &'static [&'static str] = &["Name"];

        fn blank() -> Self {
            Self {
                name: String::new(),
                size: None,
                at: None,
                dense: None,
                sparse: None,
                map: None,
                blob: None,
            }
        }

        fn member<'de, M: MapAccess<'de>>(
            &mut self,
            name: &str,
            member: decode::Member<'_, M>,
        ) -> Result<(), M::Error> {
            match name {
                "Name" => member.read(&mut self.name),
                "Size" => member.read_optional_as::<Float, _>(&mut self.size),
                "At" => member.read_optional_as::<List<DateTime>, _>(&mut self.at),
                "Dense" => member.read_optional_as::<List<Plain>, _>(&mut self.dense),
                "Sparse" => member.read_optional_as::<List<Nullable<Plain>>, _>(&mut self.sparse),
                "Map" => member.read_optional_as::<Map<Plain>, _>(&mut self.map),
                "Blob" => member.read(&mut self.blob),
                _ => member.skip(),
            }
        }
    }

    #[test]
    fn every_form_there_and_back() {
        let json = r#"{"Name":"n","Size":"-Infinity","At":["2013-06-30T00:00:00Z"],"Dense":["a"],"Sparse":["a",null],"Map":{"k":1},"Blob":"AQI="}"#;
        let sample: Sample = serde_json::from_str(json).unwrap();
        assert_eq!(sample.size, Some(f64::NEG_INFINITY));
        assert_eq!(sample.blob.as_ref().unwrap().as_ref(), [1, 2]);
        assert_eq!(serde_json::to_string(&sample).unwrap(), json);
    }

    #[test]
    fn absent_members_unknown_ones_and_nulls() {
        let json = r#"{"\u004eame":"n","New":{"x":[1]},"Dense":["a",null,"b"],"Map":{"k":null},"Size":null}"#;
        let sample: Sample = serde_json::from_str(json).unwrap();
        assert_eq!((sample.name.as_str(), sample.size), ("n", None));
        assert_eq!(sample.dense.unwrap(), ["a", "b"]);
        assert_eq!(sample.map.unwrap(), BTreeMap::new());
    }

    /// More required members than a machine word has bits.
    #[derive(Debug)]
    struct Wide;

    impl decode::Structure for Wide {
        const NAME: &'static str = "Wide";
        #[rustfmt::skip]
        const REQUIRED: &'static [&'static str] = &[
            "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v",
            "w", "x", "y", "z", "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R",
            "S", "T", "U", "V", "W", "X", "Y", "Z", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12",
            "13",
        ];

        fn blank() -> Self {
            Self
        }

        fn member<'de, M: MapAccess<'de>>(
            &mut self,
            _: &str,
            member: decode::Member<'_, M>,
        ) -> Result<(), M::Error> {
            member.skip()
        }
    }

    #[test]
    fn each_of_many_required_members_is_required() {
        let read = |without: Option<&str>| {
            let given = <Wide as decode::Structure>::REQUIRED.iter().filter(|name| Some(**name) != without);
            let json: serde_json::Map<_, _> = given.map(|name| ((*name).to_owned(), true.into())).collect();
            decode::structure::<Wide, _>(serde_json::Value::from(json)).map(drop)
        };
        assert!(read(None).is_ok());
        for name in <Wide as decode::Structure>::REQUIRED {
            let error = read(Some(name)).unwrap_err().to_string();
            assert_eq!(error, format!("missing field `{name}`"));
        }
    }

    #[track_caller]
    fn refused(json: &str, expected: &str) {
        let error = serde_json::from_str::<Sample>(json).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }

    #[test]
    fn errors_name_the_place() {
        refused("{}", "missing field `Name`");
        refused("[]", "invalid type: sequence, expected an object for Sample");
        refused("null", "invalid type: null, expected an object for Sample");
        refused(r#"{"Name":1}"#, "Name: invalid type: integer `1`, expected a string");
        refused(r#"{"Name":"","Dense":["",{}]}"#, "Dense: [1]: invalid type: map, expected a string");
        refused(r#"{"Name":"","Map":{"k":"v"}}"#, "Map: k: invalid type: string \"v\", expected i32");
        refused(r#"{"Name":"","Blob":"*"}"#, "Blob: invalid base64");
        refused(r#"{"Name":"","At":["x"]}"#, "At: [0]: \"x\" is not a valid time");
    }
}
