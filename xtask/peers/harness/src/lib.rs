//! Shared code of the load programs: the command line, the driver, figures of the process, a counter of allocations and
//! the fixture. A contender implements [`drive::Client`] and calls [`drive::main`].

pub mod alloc;
#[cfg(feature = "drive")]
pub mod drive;
pub mod fixture;
pub mod usage;
