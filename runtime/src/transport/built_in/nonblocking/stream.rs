//! A connected socket for hyper, plain or with TLS.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll},
};

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::io::{AsyncRead, AsyncWrite};

use super::adapt;

/// A connected socket that counts bytes.
pub(super) struct Stream {
    socket: Box<dyn Socket>,
    traffic: Arc<Traffic>,
}

/// A connected socket, plain or with TLS.
pub(super) trait Socket: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Socket for S {}

/// Bytes since the exchange began. A connection and its user share a task, so no memory ordering is needed.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    read: AtomicUsize,
    written: AtomicUsize,
}

impl Stream {
    pub(super) fn new(socket: Box<dyn Socket>, traffic: Arc<Traffic>) -> Self {
        Self { socket, traffic }
    }
}

impl Traffic {
    pub(super) fn reset(&self) {
        self.read.store(0, Relaxed);
        self.written.store(0, Relaxed);
    }

    pub(super) fn read(&self) -> usize {
        self.read.load(Relaxed)
    }

    pub(super) fn written(&self) -> usize {
        self.written.load(Relaxed)
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        cursor: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        adapt::fill(cursor, |chunk| {
            let polled = Pin::new(&mut self.socket).poll_read(cx, chunk);
            self.traffic.read.fetch_add(chunk.filled().len(), Relaxed);
            polled
        })
    }
}

impl Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.socket).poll_write(cx, bytes);
        self.count(polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.socket).poll_write_vectored(cx, slices);
        self.count(polled)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}

impl Stream {
    fn count(&self, polled: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(written)) = polled {
            self.traffic.written.fetch_add(written, Relaxed);
        }
        polled
    }
}
