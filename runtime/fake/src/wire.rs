//! The socket of a connection, through which hyper's response can be replaced by any bytes.

use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
};

use bytes::{Buf as _, Bytes};
use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::{
    io::{AsyncRead as _, AsyncWrite as _},
    net::TcpStream,
};

use crate::transport::adapt;

/// Maximum number of bytes that are generated for one write.
const CHUNK: usize = 16 * 1024;

/// Bytes to send instead of a response, and the connection's state afterwards.
#[derive(Debug)]
pub(super) struct Sabotage {
    pieces: VecDeque<Piece>,
    end: End,
}

/// A part of the bytes to send.
#[derive(Debug)]
pub(super) enum Piece {
    Bytes(Bytes),
    /// One byte, repeated without using memory for each.
    Repeat(u8, usize),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    Close,
    Reset,
    Stay,
}

impl Sabotage {
    pub(super) fn new(pieces: impl IntoIterator<Item = Piece>, end: End) -> Self {
        Self { pieces: pieces.into_iter().collect(), end }
    }
}

/// Holds the router's order until the next response.
#[derive(Clone, Debug, Default)]
pub(super) struct Orders(Arc<Mutex<Option<Sabotage>>>);

impl Orders {
    pub(super) fn order(&self, sabotage: Sabotage) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(sabotage);
    }

    fn take(&self) -> Option<Sabotage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A connection's socket.
#[derive(Debug)]
pub(super) struct Wire {
    socket: TcpStream,
    orders: Orders,
    running: Option<Sabotage>,
}

impl Wire {
    pub(super) fn new(socket: TcpStream, orders: Orders) -> Self {
        Self { socket, orders, running: None }
    }

    /// Sends the ordered bytes instead of a response. If the connection stays open, the response counts as written.
    fn poll_sabotage(
        &mut self,
        cx: &mut Context<'_>,
        sabotage: &mut Sabotage,
        length: usize,
    ) -> Poll<io::Result<usize>> {
        while let Some(piece) = sabotage.pieces.front_mut() {
            if piece.is_empty() {
                sabotage.pieces.pop_front();
                continue;
            }
            let made_up;
            let chunk = match &*piece {
                Piece::Bytes(bytes) => bytes.as_ref(),
                Piece::Repeat(byte, times) => {
                    made_up = [*byte; CHUNK];
                    made_up.split_at(CHUNK.min(*times)).0
                }
            };
            let written = ready!(Pin::new(&mut self.socket).poll_write(cx, chunk))?;
            piece.advance(written);
        }
        match sabotage.end {
            End::Stay => return Poll::Ready(Ok(length)),
            End::Reset => self.socket.set_zero_linger()?,
            End::Close => {}
        }
        Poll::Ready(Err(io::Error::other("ended on purpose")))
    }
}

impl Piece {
    fn is_empty(&self) -> bool {
        matches!(self, Self::Repeat(_, 0)) || matches!(self, Self::Bytes(bytes) if bytes.is_empty())
    }

    fn advance(&mut self, written: usize) {
        match self {
            Self::Bytes(bytes) => bytes.advance(written),
            Self::Repeat(_, times) => *times -= written,
        }
    }
}

impl Read for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        cursor: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        adapt::fill(cursor, |chunk| Pin::new(&mut self.socket).poll_read(cx, chunk))
    }
}

impl Write for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Some(mut sabotage) = self.running.take().or_else(|| self.orders.take()) else {
            return Pin::new(&mut self.socket).poll_write(cx, bytes);
        };
        let polled = self.poll_sabotage(cx, &mut sabotage, bytes.len());
        if polled.is_pending() {
            self.running = Some(sabotage);
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}
