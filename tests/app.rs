//! TestApp: a whole Alliance with a database of its own and a clock that stands still, entered through the router.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use alliance::app::App;
use alliance::client::Client;
use alliance::clock::Clock;
use alliance::config::Config;
use alliance::config::database::DatabaseUrl;
use alliance::config::flags::Flags;
use alliance::config::mail::Way;
use alliance::database::{self, Database};
use alliance::document::audience::Audience;
use alliance::document::{Asked, Front};
use alliance::keys::Keys;
use alliance::loader::Loader;
use alliance::mail::Message;
use alliance::schema::Served;
use alliance::viewer::Viewer;
use alliance::worker::{self, Domains};
use alliance::{demo, seed, server};
use async_graphql::Executor;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::response::Response;
use chrono::TimeDelta;
use sea_orm::Statement;
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;

use crate::leftover::Watch;
use crate::postgres;

/// The keys of the tests: of a test that signs or seals by itself, too.
pub const SIGNING_KEY: &str = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC";
/// The other one.
pub const SECRET_KEY: &str = "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=";

/// The keys of an installation with the tests' settings after a change.
#[must_use]
pub fn keys_of(change: impl FnOnce(&mut Flags)) -> Keys {
    let mut flags = Flags {
        public_url: Some("https://citizens.example".to_owned()),
        signing_key: Some(SIGNING_KEY.into()),
        secret_key: Some(SECRET_KEY.into()),
        ..Flags::default()
    };
    change(&mut flags);
    Keys::load(&Config::read(&flags).expect("the tests' settings are right")).expect("the tests' keys are right")
}

/// An Alliance with the demo content.
pub struct TestApp {
    /// Which database it is on, for messages.
    pub name: &'static str,
    /// Its tools, to write with what no door writes.
    pub app: App,
    router: Router,
    /// Before the same schema, for viewers whom no request can bring yet.
    front: Arc<OnceLock<Front<Served>>>,
    statements: Arc<Mutex<Vec<Statement>>>,
    folder: Option<PathBuf>,
    watch: Arc<Watch>,
}

impl TestApp {
    /// One on each database.
    pub async fn both() -> [Self; 2] {
        Self::both_set(|_| ()).await
    }

    /// One on each database, with the first `posts` of the content for measuring instead of the demo content.
    pub async fn both_with(posts: u32) -> [Self; 2] {
        let both = Self::both_empty().await;
        for app in &both {
            let planted = seed::plant(&app.app, posts, |_| Ok(())).await;
            assert!(planted.expect("the content can be written"), "{}: not empty", app.name);
        }
        both
    }

    /// One on each database, with the demo content and these settings.
    pub async fn both_set(set: impl Fn(&mut Flags)) -> [Self; 2] {
        let both = Self::both_empty_set(set).await;
        for app in &both {
            assert!(demo::plant(&app.app).await.expect("the demo content can be written"), "{}: not empty", app.name);
        }
        both
    }

    /// One with the demo content on the database at this address.
    pub async fn on_postgres(url: &str) -> Self {
        let app = Self::start("PostgreSQL", url, None, |_| ()).await;
        assert!(demo::plant(&app.app).await.expect("the demo content can be written"), "not empty");
        app
    }

    /// One on each database, with nothing in it.
    pub async fn both_empty() -> [Self; 2] {
        Self::both_empty_set(|_| ()).await
    }

    async fn both_empty_set(set: impl Fn(&mut Flags)) -> [Self; 2] {
        let folder = std::env::temp_dir().join(format!("alliance-test-{}", Uuid::now_v7()));
        let sqlite = format!("sqlite://{}/alliance.db", folder.display());
        let on_sqlite = Self::start("SQLite", &sqlite, Some(folder), &set).await;
        [on_sqlite, Self::start("PostgreSQL", &postgres::database(), None, &set).await]
    }

    /// One on a database that another process made, with connections of its own.
    pub async fn at(url: &str) -> Self {
        Self::start("another process", url, None, |_| ()).await
    }

    async fn start(name: &'static str, url: &str, folder: Option<PathBuf>, set: impl Fn(&mut Flags)) -> Self {
        let url = DatabaseUrl::parse(url).expect("the tests' addresses are right");
        database::migrate(&url).await.expect("the database can be migrated");
        let statements = Arc::new(Mutex::new(Vec::new()));
        let (seen, watch) = (Arc::clone(&statements), Arc::new(Watch::default()));
        let watching = Arc::clone(&watch);
        let observer = Arc::new(move |statement: &Statement| {
            watching.see(statement);
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(statement.clone());
        });
        let db = Database::connect(&url, Some(observer)).await.expect("the database answers");
        let mut flags = Flags {
            database_url: Some(url.expose().to_owned()),
            listen: Some("127.0.0.1:0".to_owned()),
            public_url: Some("https://citizens.example".to_owned()),
            signing_key: Some(SIGNING_KEY.into()),
            secret_key: Some(SECRET_KEY.into()),
            ..Flags::default()
        };
        set(&mut flags);
        let mut config = Config::read(&flags).expect("the tests' settings are right");
        config.mail.way = Way::Memory;
        let now = "2026-11-24T12:00:00Z".parse().expect("this is a time");
        let keys = Keys::load(&config).expect("the tests' keys are right");
        let app = App::new(db, Clock::Frozen(now), keys, config);
        app.live().begin(app.db()).await.expect("the database answers");
        let mut started = Self::behind(name, app, statements);
        (started.folder, started.watch) = (folder, watch);
        started
    }

    fn behind(name: &'static str, app: App, statements: Arc<Mutex<Vec<Statement>>>) -> Self {
        let router = server::router(app.clone(), server::front(app.config()).expect("the settings are right"));
        Self { name, app, router, front: Arc::default(), statements, folder: None, watch: Arc::default() }
    }

    /// Another on the same database, with other settings: nothing that the first one keeps in memory.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = self.app.config().clone();
        change(&mut config);
        self.anew(self.app.clock().clone(), config)
    }

    /// Another on the same database, so much later.
    #[must_use]
    pub fn later(&self, by: TimeDelta) -> Self {
        self.anew(Clock::Frozen(self.app.clock().now() + by), self.app.config().clone())
    }

    fn anew(&self, clock: Clock, config: Config) -> Self {
        let app = App::new(self.app.db().clone(), clock, self.app.keys().clone(), config);
        Self::behind(self.name, app, Arc::clone(&self.statements))
    }

    /// The tools of another node on the same database, with connections of its own.
    pub async fn node(&self) -> App {
        let db = Database::connect(&self.app.config().database, None).await.expect("the database answers");
        App::new(db, self.app.clock().clone(), self.app.keys().clone(), self.app.config().clone())
    }

    /// The same Alliance on another node: with connections of its own, and nothing that the first one keeps in memory.
    pub async fn beside(&self) -> Self {
        Self::behind(self.name, self.node().await, Arc::clone(&self.statements))
    }

    /// Does now all that has to be done: positions, the telling of events, the queue. Returns how many jobs were tried.
    pub async fn work(&self) -> usize {
        worker::work(&self.app, &Domains).await.expect("the database answers")
    }

    /// Jobs that are due may be left over.
    pub fn leave_jobs(&self) {
        self.watch.leave_jobs();
    }

    /// The same tools behind another schema: what the door does, whatever is served.
    #[must_use]
    pub fn serving<E: Executor>(mut self, front: Front<E>) -> Self {
        self.router = server::router(self.app.clone(), front);
        self
    }

    /// Opens an address as a browser or a machine does, and returns the status, the headers and the text.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
        self.open(Method::GET, path, headers).await
    }

    /// The same with any method.
    pub async fn open(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
        let request =
            headers.iter().fold(Request::builder().method(method).uri(path), |r, (name, value)| r.header(*name, *value));
        self.send(request.body(Body::empty()).expect("this is a request")).await
    }

    /// Asks as the public, and returns the status and the whole response.
    pub async fn post(&self, content_type: &str, body: Vec<u8>) -> (StatusCode, Value) {
        let request = Request::post("/graphql").header("content-type", content_type).body(Body::from(body));
        let (status, _, text) = self.send(request.expect("this is a request")).await;
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// Sends a request as it is, and returns the whole answer.
    pub async fn send(&self, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
        let (head, body) = self.respond(request).await.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("the answer has an end");
        (head.status, head.headers, String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Sends a request, and returns the answer before all of it has come.
    pub async fn respond(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.expect("the router answers")
    }

    /// Asks as the public, and returns the whole response.
    pub async fn ask(&self, query: &str) -> Value {
        self.post("application/json", json!({ "query": query }).to_string().into_bytes()).await.1
    }

    /// Asks with variables as the public, and returns the whole response.
    pub async fn ask_with(&self, query: &str, variables: &Value) -> Value {
        self.post("application/json", json!({ "query": query, "variables": variables }).to_string().into_bytes()).await.1
    }

    /// Asks as the public for what must succeed, and returns the data.
    pub async fn read(&self, query: &str) -> Value {
        let mut response = self.ask(query).await;
        assert!(response.get("errors").is_none(), "{}: {query}: {response}", self.name);
        response["data"].take()
    }

    /// The mails that were sent since this was asked last.
    #[must_use]
    pub fn mails(&self) -> Vec<Message> {
        self.app.mailer().take_kept()
    }

    /// Asks as `viewer`, past the door that finds out who asks, and returns the whole response as text.
    pub async fn ask_as(&self, viewer: &Viewer, query: &str) -> String {
        self.ask_as_with(viewer, query, &Value::Null).await
    }

    /// The same with variables.
    pub async fn ask_as_with(&self, viewer: &Viewer, query: &str, variables: &Value) -> String {
        let front = self.front.get_or_init(|| server::front(self.app.config()).expect("the settings are right"));
        let audience = match viewer {
            Viewer::Anonymous | Viewer::Visitor(_) => Audience::Stranger,
            viewer if viewer.is_staff() => Audience::Staff,
            Viewer::Account(_) | Viewer::Partner(_) => Audience::Member,
        };
        let variables = variables.as_object().cloned().unwrap_or_default();
        let asked = Asked { query: Some(query.to_owned()), variables, audience, ..Asked::default() };
        let loader = Arc::new(Loader::new(self.app.clone(), viewer.clone(), Client::local()));
        let answered = match front.prepare(asked).await {
            Ok(prepared) => front.execute(prepared, "", |request| request.data(loader)).await,
            Err(refused) => Err(refused),
        };
        String::from_utf8(answered.map_or_else(|refused| refused.body(""), |answer| answer.body)).expect("an answer is text")
    }

    /// Asks as `viewer` for what must succeed, and returns the data.
    pub async fn read_as(&self, viewer: &Viewer, query: &str) -> Value {
        let mut response: Value = serde_json::from_str(&self.ask_as(viewer, query).await).expect("an answer is JSON");
        assert!(response.get("errors").is_none(), "{}: {query}: {response}", self.name);
        response["data"].take()
    }

    /// The statements that the database executed since this was asked last.
    pub fn statements(&self) -> Vec<Statement> {
        std::mem::take(&mut *self.statements.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.watch.check(self.name, &self.app);
        }
        if let Some(folder) = &self.folder {
            drop(std::fs::remove_dir_all(folder));
        }
    }
}
