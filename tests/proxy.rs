//! A network between Alliance and its database, that can be cut: nothing comes through then, and nobody is told.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// A network, which ends with this.
#[derive(Debug)]
pub struct Proxy {
    /// Where it is entered.
    pub address: String,
    whole: watch::Sender<bool>,
    _connections: JoinSet<()>,
}

impl Proxy {
    /// A network that leads to this server, as a host and a port.
    pub async fn before(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it listens").to_string();
        let (whole, seen) = watch::channel(true);
        let mut connections = JoinSet::new();
        connections.spawn(accept(listener, server.to_owned(), seen));
        Self { address, whole, _connections: connections }
    }

    /// Cuts it. Connections stay, and new ones begin, and nothing comes through.
    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// Mends it. What was sent meanwhile comes through late.
    pub fn mend(&self) {
        self.whole.send_replace(true);
    }
}

async fn accept(listener: TcpListener, server: String, whole: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    while let Ok((near, _)) = listener.accept().await {
        connections.spawn(connect(near, server.clone(), whole.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn connect(near: TcpStream, server: String, mut whole: watch::Receiver<bool>) {
    drop(whole.wait_for(|whole| *whole).await);
    let Ok(far) = TcpStream::connect(server).await else { return };
    drop((near.set_nodelay(true), far.set_nodelay(true)));
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    tokio::select! {
        () = forward(near_in, far_out, whole.clone()) => {}
        () = forward(far_in, near_out, whole) => {}
    }
}

async fn forward(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, mut whole: watch::Receiver<bool>) {
    let mut piece = vec![0; 65_536];
    loop {
        drop(whole.wait_for(|whole| *whole).await);
        let Ok(bytes @ 1..) = from.read(&mut piece).await else { break };
        drop(whole.wait_for(|whole| *whole).await);
        if to.write_all(&piece[..bytes]).await.is_err() {
            break;
        }
    }
    // Neither is an end told while it is cut.
    drop(whole.wait_for(|whole| *whole).await);
}
