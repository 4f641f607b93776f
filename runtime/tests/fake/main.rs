//! The fake, tried with a service of two operations.
#![cfg(feature = "fake")]

mod checks;
mod control;
mod library;
mod misbehaviour;
mod script;
