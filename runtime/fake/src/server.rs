//! Connections.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
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
    wire::{Saboteur, Wire},
};
use crate::transport::adapt::Payload;

/// Connections of a fake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connections {
    /// All that came, since the start.
    pub accepted: u64,
    /// Those that are open now. One that the client has closed counts until the fake sees that.
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
        // In this order, so that no connection has ended that was not accepted.
        let ended = self.ended.load(Relaxed);
        let accepted = self.accepted.load(Relaxed);
        Connections { accepted, open: accepted.saturating_sub(ended) }
    }
}

/// Counts a connection as ended when it is dropped, however that comes.
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

/// Accepts connections until it is dropped, and ends them then.
pub(super) async fn serve(listener: TcpListener, router: Arc<Router>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((socket, _)) => drop(connections.spawn(connection(socket, Open::new(Arc::clone(&router))))),
            // Out of file descriptors, for example; connections that end give some back.
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(socket: TcpStream, open: Open) {
    // Without it responses may wait for acknowledgements; with or without it they are right.
    let _ = socket.set_nodelay(true);
    let saboteur = Saboteur::default();
    let wire = Wire::new(socket, saboteur.clone());
    let service = service_fn(|request| {
        let (router, saboteur) = (Arc::clone(&open.0), saboteur.clone());
        async move { router.serve(request, &saboteur).await.map(|response| response.map(Payload::new)) }
    });
    // Errors of connections are the client's to report.
    let _ = http1::Builder::new().serve_connection(wire, service).await;
}
