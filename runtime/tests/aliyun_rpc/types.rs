//! Types as the generated crate has them.

use std::collections::BTreeMap;

use gatewright_runtime::{
    codec::{
        decode, encode,
        form::{Float, ItemName, JsonText, List, Map, Plain, Wrapped},
    },
    wire_name,
};
use serde_core::{Deserialize, Deserializer, Serialize, Serializer, de::MapAccess};

macro_rules! structure {
    ($type:ident { $($field:ident: $value:ty = $wire:literal as $form:ty),* $(,)? }) => {
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(crate) struct $type {
            $(pub(crate) $field: Option<$value>,)*
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::structure(serializer)?$(.optional_as::<$form, _>($wire, &self.$field)?)*.end()
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::structure(deserializer)
            }
        }

        impl decode::Structure for $type {
            const NAME: &'static str = stringify!($type);
            const MEMBERS: &'static [&'static str] = &[$($wire),*];

            fn blank() -> Self {
                Self::default()
            }

            fn member<'de, M: MapAccess<'de>>(
                &mut self,
                name: &str,
                member: decode::Member<'_, M>,
            ) -> Result<(), M::Error> {
                match name {
                    $($wire => member.read_optional_as::<$form, _>(&mut self.$field),)*
                    _ => member.skip(),
                }
            }
        }
    };
}

macro_rules! item_names {
    ($($type:ident = $wire:literal),*) => {
        $(
            #[derive(Debug)]
            pub(crate) struct $type;

            impl ItemName for $type {
                const NAME: &'static str = $wire;
            }
        )*
    };
}

item_names!(GatewayItem = "Gateway", NodeItem = "ElasticNode");

structure!(Response {
    code: String = "Code" as Plain,
    request_id: String = "RequestId" as Plain,
    success: bool = "Success" as Plain,
    total_count: i32 = "TotalCount" as Plain,
    gateways: Vec<Gateway> = "Gateways" as Wrapped<GatewayItem>,
    tasks: Vec<Gateway> = "Tasks" as List<Plain>,
    sizes: Vec<i64> = "Sizes" as List<Plain>,
    owner: Gateway = "Owner" as Plain,
    map: BTreeMap<String, i64> = "Map" as Map<Plain>,
    plain_map: BTreeMap<String, i64> = "PlainMap" as Plain,
    plain_list: Vec<i64> = "PlainList" as Plain,
});

structure!(Gateway {
    id: String = "GatewayId" as Plain,
    size: i64 = "Size" as Plain,
    unsigned: u8 = "Unsigned" as Plain,
    load: f64 = "Load" as Float,
    active: bool = "Active" as Plain,
    status: Status = "Status" as Plain,
    nodes: Vec<String> = "ElasticNodes" as Wrapped<NodeItem>,
});

structure!(Request {
    name: String = "Name" as Plain,
    count: i32 = "Count" as Plain,
    force: bool = "Force" as Plain,
    rate: f64 = "Rate" as Float,
    status: Status = "Status" as Plain,
    ids: Vec<String> = "ResourceId" as List<Plain>,
    tags: Vec<Tag> = "Tag" as List<Plain>,
    filter: Tag = "Filter" as Plain,
    nodes: Vec<String> = "Nodes" as Wrapped<NodeItem>,
    client_ids: Vec<String> = "ClientIds" as JsonText<List<Plain>>,
    shares: BTreeMap<String, i32> = "Shares" as JsonText<Map<Plain>>,
    map: BTreeMap<String, i32> = "Map" as Map<Plain>,
});

structure!(Tag {
    key: String = "Key" as Plain,
    value: String = "Value" as Plain,
    values: Vec<i32> = "Values" as List<Plain>,
});

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Status {
    Running,
    Unknown(String),
}

impl Status {
    fn as_str(&self) -> &str {
        match self {
            Self::Running => "Running",
            Self::Unknown(name) => name,
        }
    }
}

impl From<&str> for Status {
    fn from(name: &str) -> Self {
        if name == "Running" { Self::Running } else { Self::Unknown(name.to_owned()) }
    }
}

wire_name!(Status);
