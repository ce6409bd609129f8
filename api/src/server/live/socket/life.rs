//! The life of one socket: what comes is read, what is said is written, and it ends when it must.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_graphql::Executor;
use axum::extract::ws::{Message as Frame, WebSocket};
use serde_json::{Map, Value};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::client::Client;
use crate::error::Error;
use crate::error::report::Report;
use crate::server::Door;
use crate::server::authentication::{Standing, bearer};
use crate::server::connection::Tie;
use crate::server::guards::Places;
use crate::server::live::seats::{Holder, Seat};
use crate::server::live::socket::end::{End, close, ended, too_large, write};
use crate::server::live::socket::message::{self, Message};
use crate::server::live::socket::operation::{Busy, Operation, Said, What};
use crate::server::live::{LOOK, Reads, ending, turned_away};
use crate::viewer::Viewer;

/// How many messages wait to be written.
const WAITING: usize = 8;
/// How often it is looked at whether what has begun has ended, before the server ends.
const SOON: Duration = Duration::from_millis(50);

/// One socket.
#[expect(clippy::struct_excessive_bools, reason = "each is told by itself: what has begun, what is asked, what ends")]
pub(super) struct Socket<E: Executor> {
    door: Door<E>,
    standing: Standing,
    client: Client,
    places: Places,
    seat: Seat,
    is_begun: bool,
    reads: Reads,
    /// When something came last, and whether a ping has been sent since.
    heard: Instant,
    has_pinged: bool,
    /// Whether it is to be asked at once whether it reads.
    asks: bool,
    looked: Instant,
    /// Whether it is to end as soon as what has begun has ended.
    is_ending: bool,
    /// Those that the client waits for. Dropped, a subscription ends; what is no subscription ends by itself, and holds its place until then.
    operations: HashMap<String, (u64, oneshot::Sender<()>)>,
    begun: u64,
    tasks: JoinSet<()>,
    said: mpsc::Sender<Box<Said>>,
    busy: Arc<AtomicUsize>,
}

impl<E: Executor> Socket<E> {
    /// Lives as long as the client does, or may.
    pub(super) async fn live(
        (door, mut stream): (Door<E>, WebSocket),
        (standing, client, places): (Standing, Client, Places),
        (seat, tie): (Seat, Option<Tie>),
        speaks: bool,
    ) {
        if !speaks {
            return close(&mut stream, 4406, "Subprotocol not acceptable: speak `graphql-transport-ws`").await;
        }
        let (said, mut heard) = mpsc::channel(WAITING);
        let now = Instant::now();
        let mut socket = Self {
            door,
            standing,
            client,
            places,
            seat,
            is_begun: false,
            reads: Reads::default(),
            heard: now,
            has_pinged: false,
            asks: false,
            looked: now,
            is_ending: false,
            operations: HashMap::new(),
            begun: 0,
            tasks: JoinSet::new(),
            said,
            busy: Arc::default(),
        };
        let end = socket.run(&mut stream, &mut heard, tie).await;
        socket.operations.clear();
        socket.tasks.detach_all();
        if let End::Closed(code, reason) = end {
            close(&mut stream, code, &reason).await;
        }
    }

    async fn run(&mut self, stream: &mut WebSocket, said: &mut mpsc::Receiver<Box<Said>>, tie: Option<Tie>) -> End {
        let mut ending = pin!(ending(tie, self.door.app.config().limits.drain_seconds));
        loop {
            let written = tokio::select! {
                frame = stream.recv() => match frame {
                    Some(Ok(frame)) => Box::pin(self.receive(frame)).await,
                    Some(Err(error)) => return too_large(&error),
                    None => return End::Gone,
                },
                Some(said) = said.recv() => self.pass(*said),
                () = sleep_until(self.deadline()) => Box::pin(self.look()).await,
                () = &mut ending, if !self.is_ending => {
                    self.is_ending = true;
                    Ok(None)
                }
            };
            match written {
                Ok(Some(frame)) => {
                    if let Err(end) = write(stream, frame, self.slow()).await {
                        return end;
                    }
                }
                Ok(None) => {}
                Err(end) => return end,
            }
            while self.tasks.try_join_next().is_some() {}
            if self.is_ending && said.is_empty() && self.busy.load(Ordering::SeqCst) == 0 {
                return ended(1012, "Service Restart: connect again, and resume with `after`");
            }
        }
    }

    /// How long a frame may take to be sent: whoever reads nothing is held no longer than whoever answers nothing.
    fn slow(&self) -> Duration {
        let left = (self.heard + self.silence()).saturating_duration_since(Instant::now());
        Duration::from_secs(self.door.app.config().limits.socket_send_seconds).min(left.max(SOON))
    }

    fn silence(&self) -> Duration {
        Duration::from_secs(self.door.app.config().limits.socket_silence_seconds)
    }

    /// When it is to be looked after next.
    fn deadline(&self) -> Instant {
        let next = match self.has_pinged {
            true => self.heard + self.silence(),
            false => self.heard + self.silence() / 2,
        };
        let init = Duration::from_secs(self.door.app.config().limits.socket_init_seconds);
        let begins = (!self.is_begun).then(|| self.looked + init);
        let looks = (self.is_begun && self.standing.viewer != Viewer::Anonymous).then(|| self.looked + LOOK);
        let ends = self.is_ending.then(|| Instant::now() + SOON);
        let asks = self.asks.then(Instant::now);
        [begins, looks, ends, asks].into_iter().flatten().fold(next, Instant::min)
    }

    /// Looks whether it may go on.
    async fn look(&mut self) -> Result<Option<Frame>, End> {
        let now = Instant::now();
        if now >= self.heard + self.silence() {
            metrics::counter!("alliance_live_drops_total", "reason" => "silent").increment(1);
            return Err(End::Gone);
        }
        if !self.is_begun && now >= self.looked + Duration::from_secs(self.door.app.config().limits.socket_init_seconds) {
            return Err(ended(4408, "Connection initialisation timeout"));
        }
        if self.is_begun && now >= self.looked + LOOK && self.standing.viewer != Viewer::Anonymous {
            self.looked = now;
            match self.standing.again(&self.door.app).await {
                Ok(standing) => self.standing = standing,
                Err(Error::Unauthenticated(why)) => return Err(ended(4403, &format!("Forbidden: {why}"))),
                // The database does not answer: what holds is not known, and nothing can be read meanwhile.
                Err(_) => {}
            }
        }
        if self.asks || (!self.has_pinged && now >= self.heard + self.silence() / 2) {
            (self.asks, self.has_pinged) = (false, true);
            return Ok(Some(Frame::Ping(Vec::new().into())));
        }
        Ok(None)
    }

    async fn receive(&mut self, frame: Frame) -> Result<Option<Frame>, End> {
        self.heard = Instant::now();
        self.has_pinged = false;
        let text = match frame {
            Frame::Text(text) => text,
            Frame::Binary(_) => return Err(ended(4400, "Invalid message: it is binary")),
            Frame::Pong(_) => {
                self.reads.show();
                return Ok(None);
            }
            Frame::Ping(_) => return Ok(None),
            Frame::Close(_) => return Err(End::Gone),
        };
        match Message::read(&text).map_err(|why| ended(4400, why))? {
            Message::ConnectionInit(_) if self.is_begun => Err(ended(4429, "Too many initialisation requests")),
            Message::ConnectionInit(payload) => self.begin(&payload).await.map(Some),
            Message::Ping(payload) => Ok(Some(Frame::Text(message::pong(payload)))),
            Message::Pong => Ok(None),
            Message::Subscribe(..) if !self.is_begun => Err(ended(4401, "Unauthorized: send `connection_init` first")),
            Message::Subscribe(id, payload) => self.subscribe(id, payload),
            Message::Complete(id) => {
                self.operations.remove(&id);
                Ok(None)
            }
        }
    }

    /// Whoever says who they are must be able to show it.
    async fn begin(&mut self, payload: &Map<String, Value>) -> Result<Frame, End> {
        let forbidden = |why: &str| ended(4403, &format!("Forbidden: {why}"));
        let given = payload.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization")).map(|(_, value)| value);
        let standing = match given.filter(|value| !value.is_null()) {
            None => self.standing.again(&self.door.app).await,
            Some(value) => {
                let token = value.as_str().and_then(bearer);
                let token = token.ok_or_else(|| forbidden("`authorization` is `Bearer` and a token"))?;
                Standing::of(&self.door.app, token).await
            }
        };
        self.standing = standing.map_err(|error| match error {
            Error::Unauthenticated(why) => forbidden(why),
            Error::Unavailable => ended(1013, "Try Again Later: the service cannot answer at this moment"),
            other => ended(4500, &other.logged().to_string()),
        })?;
        if let Some(account) = self.standing.viewer.account() {
            let full = self.seat.also(Holder::Account(account.account));
            full.map_err(|full| ended(1013, &format!("Try Again Later: {}", turned_away(full).message)))?;
        }
        (self.is_begun, self.asks) = (true, true);
        self.looked = Instant::now();
        Ok(Frame::Text(message::ack(&self.door.hub.cursor())))
    }

    fn subscribe(&mut self, id: String, payload: Value) -> Result<Option<Frame>, End> {
        if self.operations.contains_key(&id) {
            return Err(ended(4409, &format!("Subscriber for {id} already exists")));
        }
        // What has not begun is asked for once more over the next socket.
        if self.is_ending {
            return Ok(None);
        }
        let most = self.door.app.config().limits.socket_operations;
        while self.tasks.try_join_next().is_some() {}
        // What the client waits for no more has yet to end.
        let (waited_for, all) = (self.operations.len() as u64, self.tasks.len() as u64);
        if waited_for >= most || all >= most.saturating_mul(2) {
            let report = Report::limit("operations at once on this socket", waited_for.max(most) + 1, most);
            let errors = serde_json::to_vec(&[report]).unwrap_or_default();
            return Ok(Some(Frame::Text(message::error(&id, &errors))));
        }
        self.begun += 1;
        let (wanted, unwanted) = oneshot::channel();
        let operation = Operation {
            door: self.door.clone(),
            id: id.clone(),
            number: self.begun,
            standing: self.standing.clone(),
            client: self.client.clone(),
            places: self.places.clone(),
            reads: self.reads.clone(),
            said: self.said.clone(),
            busy: Busy::new(&self.busy),
        };
        self.tasks.spawn(operation.run(payload, unwanted));
        self.operations.insert(id, (self.begun, wanted));
        Ok(None)
    }

    /// Passes on what an operation says, unless the client is done with it.
    fn pass(&mut self, said: Said) -> Result<Option<Frame>, End> {
        let Said { id, number, what } = said;
        if self.operations.get(&id).is_none_or(|(running, _)| *running != number) {
            return Ok(None);
        }
        match what {
            What::Next(text) => Ok(Some(Frame::Text(text))),
            What::Last(text) => {
                self.operations.remove(&id);
                Ok(Some(Frame::Text(text)))
            }
            What::Ended(why) => Err(ended(4403, &format!("Forbidden: {why}"))),
        }
    }
}
