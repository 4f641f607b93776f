//! Models: whole ones, broken ones, those of this workspace, and their schema.

mod broken;
mod fixture;
mod patterns;
mod schema;
mod services;
mod whole;
