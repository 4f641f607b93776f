//! Why signatures were refused: worked cases, cases of our own, and properties.

mod clock;
mod properties;
mod stage;
mod variants;
mod worked;
