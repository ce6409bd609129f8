//! What is measured, in the words of Prometheus, on an address of its own that is not for the public. Without that address nothing is
//! kept. No label has values without an end: no ids, no addresses, no paths of strangers.
//!
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics::{Gauge, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{interval, timeout};

use crate::app::App;
use crate::database::Observer;
use crate::database::pool::Usage;
use crate::error::{Error, Result};
use crate::jobs::{self, list::Queue};
use crate::outbox::sequencer::Lag;
use crate::passwords::Load;
use crate::posts::store::schedules::{self, Overdue};
use crate::server::connection::{Line, Phase};
use crate::server::listen;
use crate::webhooks::store::deliveries;

/// How often what was measured is put together, where nobody asks for it.
const UPKEEP: Duration = Duration::from_secs(5);
/// How long it may take to look at what has to be asked for.
const LOOK: Duration = Duration::from_secs(2);
/// How many connections may be open to this address.
const CONNECTIONS: usize = 32;
const SECONDS: &str = "alliance_http_request_seconds";
const COST: &str = "alliance_operation_cost";
const LAG: &str = "alliance_live_lag_seconds";
const SECONDS_UP_TO: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
const COST_UP_TO: [f64; 10] = [1.0, 10.0, 50.0, 100.0, 250.0, 500.0, 1_000.0, 2_500.0, 5_000.0, 25_000.0];

/// The address, and what is told there.
pub struct Measured {
    listener: TcpListener,
    handle: PrometheusHandle,
}

impl Measured {
    /// Takes the address, and measures from now on.
    ///
    /// # Errors
    /// Where the address cannot be taken.
    pub fn open(address: SocketAddr) -> Result<Self> {
        let listener = listen::bind(address).map_err(|e| {
            let problem = format!("`{address}` cannot be listened on: {e}; name another address or port");
            Error::invalid("ALLIANCE_METRICS_LISTEN", problem)
        })?;
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), &SECONDS_UP_TO)
            .and_then(|builder| builder.set_buckets_for_metric(Matcher::Full(COST.to_owned()), &COST_UP_TO))
            .and_then(|builder| builder.set_buckets_for_metric(Matcher::Full(LAG.to_owned()), &SECONDS_UP_TO))
            .map_err(Error::internal)?
            .build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).map_err(|e| Error::internal(e.to_string()))?;
        describe();
        let address = listener.local_addr().map_err(Error::internal)?;
        tracing::info!(address = %address, "what is measured is told at /metrics of an address of its own");
        Ok(Self { listener, handle })
    }

    /// Counts the statements of the database.
    #[must_use]
    pub fn observer(&self) -> Observer {
        let statements = counter!("alliance_database_statements_total");
        Arc::new(move |_| statements.increment(1))
    }

    /// Answers for as long as the process lives.
    pub fn serve(self, app: App) {
        let Self { listener, handle } = self;
        gauge!("alliance_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        gauge!("process_start_time_seconds").set(number(app.clock().now().timestamp().unsigned_abs()));
        let upkeep = handle.clone();
        tokio::spawn(async move {
            let mut turns = interval(UPKEEP);
            loop {
                turns.tick().await;
                upkeep.run_upkeep();
            }
        });
        let limits = app.config().limits;
        let routes = Router::new().route("/metrics", get(tell)).with_state((app, handle));
        tokio::spawn(take(listener, Arc::new(Line::new(routes, &limits))));
    }
}

/// Takes connections, with the timers of the public's.
async fn take(listener: TcpListener, line: Arc<Line>) {
    let (seats, _) = watch::channel(());
    let (phase, _) = watch::channel(Phase::Serving);
    loop {
        match listener.accept().await {
            Ok((stream, peer)) if seats.receiver_count() < CONNECTIONS => {
                let (line, seat, phase) = (Arc::clone(&line), seats.subscribe(), phase.subscribe());
                tokio::spawn(async move { line.attend(stream, peer, seat, phase).await });
            }
            Ok(_) => {}
            Err(_) => tokio::time::sleep(listen::BACK_OFF).await,
        }
    }
}

async fn tell(State((app, handle)): State<(App, PrometheusHandle)>) -> Response {
    let looked = timeout(LOOK, gauges(&app)).await.unwrap_or(Err(Error::Unavailable));
    gauge!("alliance_gauges_fresh").set(if looked.is_ok() { 1.0 } else { 0.0 });
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(CONTENT_TYPE, kind)], handle.render()).into_response()
}

/// Looks at what nobody counts as it happens, each time somebody asks.
async fn gauges(app: &App) -> Result<()> {
    process();
    for (pool, Usage { most, open, idle, waiting, .. }) in app.db().usage() {
        gauge!("alliance_database_connections_most", "pool" => pool).set(number(u64::from(most)));
        gauge!("alliance_database_connections_open", "pool" => pool).set(number(u64::from(open)));
        gauge!("alliance_database_connections_idle", "pool" => pool).set(number(u64::from(idle)));
        gauge!("alliance_database_connections_awaited", "pool" => pool).set(number(u64::from(waiting)));
    }
    let Load { running, waiting, peak: _, begun: _ } = app.passwords().load();
    gauge!("alliance_passwords_hashing").set(number(running as u64));
    gauge!("alliance_passwords_waiting").set(number(waiting as u64));
    let Queue { waiting, running, dead, overdue_seconds } = jobs::list::queue(app.db()).await?;
    for (state, jobs) in [("waiting", waiting), ("running", running), ("dead", dead)] {
        gauge!("alliance_jobs", "state" => state).set(number(jobs));
    }
    gauge!("alliance_jobs_overdue_seconds").set(number(overdue_seconds));
    let (waiting, seconds) = deliveries::waiting(app.db()).await?;
    gauge!("alliance_webhook_deliveries_waiting").set(number(waiting));
    gauge!("alliance_webhook_deliveries_overdue_seconds").set(number(seconds));
    let Lag { events, seconds } = app.live().lag(app.db(), app.clock().now()).await?;
    gauge!("alliance_outbox_unsequenced_events").set(number(events));
    gauge!("alliance_outbox_lag_seconds").set(number(seconds));
    let Overdue { acts, seconds } = schedules::overdue(app).await?;
    gauge!("alliance_schedules_overdue").set(number(acts));
    gauge!("alliance_schedules_overdue_seconds").set(number(seconds));
    Ok(())
}

/// What the system says of this process; nothing where it says it in another way than Linux.
fn process() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok());
    if let Some(kilobytes) = kilobytes {
        gauge!("process_resident_memory_bytes").set(number(kilobytes) * 1024.0);
    }
    if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
        gauge!("process_open_fds").set(number(files.count() as u64));
    }
}

/// One request was answered.
pub(super) fn answered(route: &str, method: &Method, status: StatusCode, took: Duration) {
    let method = match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::POST => "POST",
        _ => "other",
    };
    histogram!(SECONDS, "route" => route.to_owned()).record(took);
    let (route, status) = (route.to_owned(), status.as_str().to_owned());
    counter!("alliance_http_requests_total", "route" => route, "method" => method, "status" => status).increment(1);
}

/// Counts something that is open, for as long as it lives.
pub(super) struct Open(Gauge);

impl Open {
    /// One more of them.
    pub(super) fn one(name: &'static str) -> Self {
        let gauge = gauge!(name);
        gauge.increment(1.0);
        Self(gauge)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

/// A whole number as Prometheus counts; past four thousand millions it does not matter any more.
fn number(whole: u64) -> f64 {
    f64::from(u32::try_from(whole).unwrap_or(u32::MAX))
}

fn describe() {
    describe_counter!("alliance_http_requests_total", "Requests that were answered, by route, method and status");
    describe_histogram!(SECONDS, "How long requests took, by route");
    describe_gauge!("alliance_requests_in_flight", "GraphQL requests that are being answered");
    describe_gauge!("alliance_connections_open", "Connections of clients that are open");
    describe_counter!("alliance_connections_refused_total", "Connections that were turned away, being too many");
    describe_counter!("alliance_errors_total", "Errors that GraphQL answers told, by code");
    describe_histogram!(COST, "What GraphQL operations that were executed cost");
    describe_counter!("alliance_database_statements_total", "Statements that the database executed");
    describe_gauge!("alliance_jobs", "Jobs in the queue, by state: waiting, running, dead");
    describe_gauge!("alliance_jobs_overdue_seconds", "For how long the job has been due that waits the longest");
    describe_gauge!("alliance_outbox_unsequenced_events", "Events of committed changes that have no position yet");
    describe_gauge!("alliance_outbox_lag_seconds", "For how long the oldest of them has waited");
    describe_gauge!("alliance_schedules_overdue", "What should have happened to posts by itself, and has not");
    describe_gauge!("alliance_schedules_overdue_seconds", "For how long the longest of it has been due");
    describe_counter!("alliance_mails_total", "Mails, by what became of them: sent, temporary, permanent");
    describe_gauge!("alliance_live_sockets_open", "Sockets, and other answers that last, that are open");
    describe_gauge!("alliance_live_subscriptions_open", "Subscriptions that are followed");
    describe_histogram!(LAG, "How long after a change its event was told to those who follow");
    describe_counter!("alliance_live_drops_total", "Sockets given up and followers left behind, by why: behind, silent, slow");
    describe_counter!(
        "alliance_webhook_attempts_total",
        "Messages sent to webhooks, by outcome: delivered, again, failed, untried"
    );
    describe_gauge!("alliance_webhook_deliveries_waiting", "Messages to webhooks that are due");
    describe_gauge!("alliance_webhook_deliveries_overdue_seconds", "For how long the oldest of them has been due");
    describe_gauge!("alliance_gauges_fresh", "1 where what has to be looked up is of this moment, 0 where it could not be");
    describe_gauge!("alliance_build_info", "1, with the version that runs");
    describe_gauge!("process_start_time_seconds", "When this process began, in seconds since 1970");
    describe_gauge!("process_resident_memory_bytes", "Memory of this process");
    describe_gauge!("process_open_fds", "File descriptors of this process that are open");
}
