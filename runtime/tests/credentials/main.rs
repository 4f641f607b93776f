//! Sources of credentials, against servers on this machine.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod alibaba_profiles;
mod alibaba_role;
mod aws_sdk;
mod cached;
mod calls;
mod chain;
mod clock;
mod container;
#[path = "../drivers/mod.rs"]
mod drivers;
mod instance;
#[path = "../machine/mod.rs"]
mod machine;
mod past_end;
#[path = "../drivers/paused.rs"]
mod paused;
mod process;
mod profiles;
mod renewal;
mod role;
mod shared;
mod sso;
#[path = "../stage/mod.rs"]
#[expect(dead_code, reason = "shared by several tests")]
mod stage;
mod support;
mod swapped;
mod transient;
