//! A network between Alliance and its database, that can be cut: nothing comes through then, and nobody is told. It can lose the
//! notifications of PostgreSQL alone, too.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

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
    hearing: Arc<Hearing>,
    _connections: JoinSet<()>,
}

impl Proxy {
    /// A network that leads to this server, as a host and a port.
    pub async fn before(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it listens").to_string();
        let (whole, seen) = watch::channel(true);
        let mut connections = JoinSet::new();
        let hearing = Arc::new(Hearing::default());
        connections.spawn(accept(listener, server.to_owned(), seen, Arc::clone(&hearing)));
        Self { address, whole, hearing, _connections: connections }
    }

    /// Cuts it. Connections stay, and new ones begin, and nothing comes through.
    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// Mends it. What was sent meanwhile comes through late.
    pub fn mend(&self) {
        self.whole.send_replace(true);
    }

    /// Loses the notifications of PostgreSQL on connections that begin from now on. They must not be encrypted.
    pub fn deafen(&self) {
        self.hearing.deaf.store(true, Ordering::Relaxed);
    }

    /// How many notifications were lost.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.hearing.lost.load(Ordering::Relaxed)
    }
}

#[derive(Debug, Default)]
struct Hearing {
    deaf: AtomicBool,
    lost: AtomicU64,
}

/// What PostgreSQL sends, message by message.
#[derive(Default)]
struct Messages {
    begun: bool,
    held: Vec<u8>,
}

impl Messages {
    /// The whole messages among what was held and this piece, without the notifications.
    fn without_notifications(&mut self, piece: &[u8], lost: &AtomicU64) -> Vec<u8> {
        self.held.extend_from_slice(piece);
        let mut kept = Vec::new();
        // The answer to whether it speaks TLS is one letter: no.
        if !std::mem::replace(&mut self.begun, true) && self.held.first() == Some(&b'N') {
            kept.push(self.held.remove(0));
        }
        while let Some(length) = self.held.get(1..5).and_then(|bytes| Some(u32::from_be_bytes(bytes.try_into().ok()?))) {
            let end = 1 + usize::try_from(length).expect("it is in memory");
            if self.held.len() < end {
                break;
            }
            let message: Vec<u8> = self.held.drain(..end).collect();
            match message[0] {
                b'A' => drop(lost.fetch_add(1, Ordering::Relaxed)),
                _ => kept.extend(message),
            }
        }
        kept
    }
}

async fn accept(listener: TcpListener, server: String, whole: watch::Receiver<bool>, hearing: Arc<Hearing>) {
    let mut connections = JoinSet::new();
    while let Ok((near, _)) = listener.accept().await {
        connections.spawn(connect(near, server.clone(), whole.clone(), Arc::clone(&hearing)));
        while connections.try_join_next().is_some() {}
    }
}

async fn connect(near: TcpStream, server: String, mut whole: watch::Receiver<bool>, hearing: Arc<Hearing>) {
    drop(whole.wait_for(|whole| *whole).await);
    let Ok(far) = TcpStream::connect(server).await else { return };
    drop((near.set_nodelay(true), far.set_nodelay(true)));
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    let deaf = hearing.deaf.load(Ordering::Relaxed).then_some(&hearing.lost);
    tokio::select! {
        () = forward(near_in, far_out, whole.clone(), None) => {}
        () = forward(far_in, near_out, whole, deaf) => {}
    }
}

async fn forward(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut whole: watch::Receiver<bool>,
    lost: Option<&AtomicU64>,
) {
    let (mut piece, mut messages) = (vec![0; 65_536], Messages::default());
    loop {
        drop(whole.wait_for(|whole| *whole).await);
        let Ok(bytes @ 1..) = from.read(&mut piece).await else { break };
        drop(whole.wait_for(|whole| *whole).await);
        let sent = match lost {
            Some(lost) => to.write_all(&messages.without_notifications(&piece[..bytes], lost)).await,
            None => to.write_all(&piece[..bytes]).await,
        };
        if sent.is_err() {
            break;
        }
    }
    // Neither is an end told while it is cut.
    drop(whole.wait_for(|whole| *whole).await);
}
