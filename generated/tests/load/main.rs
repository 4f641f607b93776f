//! One client under load, with faults. The service is a process of its own, so that memory is the client's alone: this
//! program starts itself again for it.
#![cfg_attr(
    target_os = "linux",
    expect(clippy::print_stdout, clippy::unwrap_used, reason = "a test that reports what it measured")
)]

#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("serve") => linux::serve(),
        // The arguments of runners that list tests first; none is ignored.
        Some("--list") if std::env::args().any(|argument| argument == "--ignored") => {}
        Some("--list") => println!("load: test"),
        _ => linux::load(),
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("load: skipped: memory is measured on Linux alone");
}
