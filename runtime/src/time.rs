//! Moments, and their forms on the wire.
