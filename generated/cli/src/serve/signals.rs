//! The signals that end a fake: Ctrl-C, and on Unix the signal of `kill`.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Signals that are handled from now on.
#[cfg(unix)]
pub(super) struct Signals([Signal; 2]);

#[cfg(unix)]
impl Signals {
    pub(super) fn handle() -> io::Result<Self> {
        Ok(Self([signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?]))
    }

    /// Waits for one of the signals.
    pub(super) async fn any(mut self) -> io::Result<()> {
        std::future::poll_fn(|cx| {
            let came = self.0.iter_mut().any(|signal| signal.poll_recv(cx).is_ready());
            if came { std::task::Poll::Ready(Ok(())) } else { std::task::Poll::Pending }
        })
        .await
    }
}

/// Ctrl-C, handled from now on.
#[cfg(windows)]
pub(super) struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    pub(super) fn handle() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    /// Waits for Ctrl-C.
    pub(super) async fn any(mut self) -> io::Result<()> {
        self.0.recv().await;
        Ok(())
    }
}
