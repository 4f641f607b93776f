//! How values of the model become serde values and back, shared by every protocol.
//!
//! Generated types implement serde's traits by hand in a few lines each, with [`encode::structure`] and
//! [`decode::structure`] doing what is common: no proc macro, and little code per type.

mod blob;
pub mod decode;
pub mod encode;
pub mod form;
mod wire_name;

pub use blob::Blob;
pub use wire_name::{WireName, deserialize_name};
