//! Setting a client up.
