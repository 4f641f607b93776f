//! Connections.

use std::{sync::Arc, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::sleep,
};

use super::{
    body::Whole,
    router::Router,
    wire::{Saboteur, Wire},
};

/// Accepts connections until it is dropped, and ends them then.
pub(super) async fn serve(listener: TcpListener, router: Arc<Router>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((socket, _)) => drop(connections.spawn(connection(socket, Arc::clone(&router)))),
            // Out of file descriptors, for example; connections that end give some back.
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(socket: TcpStream, router: Arc<Router>) {
    // Without it answers may wait for acknowledgements; with or without it they are right.
    let _ = socket.set_nodelay(true);
    let saboteur = Saboteur::default();
    let wire = Wire::new(socket, saboteur.clone());
    let service = service_fn(|request| {
        let (router, saboteur) = (Arc::clone(&router), saboteur.clone());
        async move { router.serve(request, &saboteur).await.map(|answer| answer.map(Whole)) }
    });
    // How a connection ends is the client's business.
    let _ = http1::Builder::new().serve_connection(wire, service).await;
}
