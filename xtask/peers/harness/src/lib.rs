//! What every load program shares: the command line, the driver, the process's own accounting, a counter of
//! allocations and the fixture. A contender implements [`drive::Client`] and calls [`drive::main`].

pub mod alloc;
#[cfg(feature = "drive")]
pub mod drive;
pub mod fixture;
pub mod usage;
