//! Connections.

use std::{
    future::poll_fn,
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    task::Poll,
    time::Duration,
};

use hyper::{server::conn::http1, service::service_fn};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::sleep,
};

use super::{
    router::Router,
    wire::{Orders, Wire},
};
use crate::transport::adapt::Payload;

/// Numbers of connections of a fake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connections {
    /// Connections since the start.
    pub accepted: u64,
    /// Connections that are open now. A connection that the client has closed counts until the fake notices.
    pub open: u64,
}

/// Counts connections.
#[derive(Debug, Default)]
pub(super) struct Counter {
    accepted: AtomicU64,
    ended: AtomicU64,
}

impl Counter {
    pub(super) fn now(&self) -> Connections {
        // In this order, so that every ended connection is counted as accepted, too.
        let ended = self.ended.load(Relaxed);
        let accepted = self.accepted.load(Relaxed);
        Connections { accepted, open: accepted.saturating_sub(ended) }
    }
}

/// Counts a connection as ended when it is dropped.
struct Open(Arc<Router>);

impl Open {
    fn new(router: Arc<Router>) -> Self {
        router.connections.accepted.fetch_add(1, Relaxed);
        Self(router)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.connections.ended.fetch_add(1, Relaxed);
    }
}

/// The port of a fake, until it is closed.
#[derive(Debug)]
pub(super) struct Port(Mutex<Option<TcpListener>>);

impl Port {
    pub(super) fn new(listener: TcpListener) -> Self {
        Self(Mutex::new(Some(listener)))
    }

    /// Frees the port immediately: an aborted task is dropped only when its runtime runs again.
    pub(super) fn close(&self) {
        self.listener().take();
    }

    async fn accept(&self) -> Option<io::Result<TcpStream>> {
        poll_fn(|cx| match &*self.listener() {
            Some(listener) => listener.poll_accept(cx).map_ok(|(socket, _)| socket).map(Some),
            None => Poll::Ready(None),
        })
        .await
    }

    fn listener(&self) -> MutexGuard<'_, Option<TcpListener>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Accepts connections until the port is closed or this future is dropped, which also closes them.
pub(super) async fn serve(port: Arc<Port>, router: Arc<Router>) {
    let mut connections = JoinSet::new();
    while let Some(accepted) = port.accept().await {
        match accepted {
            Ok(socket) => drop(connections.spawn(connection(socket, Open::new(Arc::clone(&router))))),
            // No file descriptors are left, for example; connections that end release some.
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(socket: TcpStream, open: Open) {
    // Avoids waiting for acknowledgements. Responses are correct without it, too.
    let _ = socket.set_nodelay(true);
    let orders = Orders::default();
    let wire = Wire::new(socket, orders.clone());
    let service = service_fn(|request| {
        let (router, orders) = (Arc::clone(&open.0), orders.clone());
        async move { router.serve(request, &orders).await.map(|response| response.map(Payload::new)) }
    });
    // The client reports errors of connections.
    let _ = http1::Builder::new().serve_connection(wire, service).await;
}
