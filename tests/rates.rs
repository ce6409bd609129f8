//! Rates: a burst, then one at a time; all nodes count together, and nobody's address is kept.

use std::time::Duration;

use alliance::app::App;
use alliance::clock::Clock;
use alliance::config::limits::Limits;
use alliance::error::Error;
use alliance::rates::{self, Rate};
use alliance_tests::app::TestApp;
use sea_orm::{ConnectionTrait, Statement};

/// The same node so much later.
fn later(app: &App, by: Duration) -> App {
    App::new(app.db().clone(), Clock::Frozen(app.clock().now() + by), app.keys().clone(), app.config().clone())
}

/// How many seconds to wait; none where it is allowed.
async fn wait(app: &App, rate: &Rate) -> u64 {
    match rates::take(app, rate, "192.0.2.7").await {
        Ok(()) => 0,
        Err(Error::RateLimited { what, seconds }) if what == rate.name => seconds,
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn after_a_burst_one_at_a_time_is_allowed_and_what_is_refused_does_not_count() {
    let rate = Rate { name: "test", burst: 3, every: Duration::from_secs(30) };
    for app in TestApp::both_empty().await {
        let at = |seconds: u64| later(&app.app, Duration::from_secs(seconds));
        for (second, expected) in
            [(0, 0), (0, 0), (0, 0), (0, 30), (0, 30), (29, 1), (29, 1), (30, 0), (31, 29), (90, 0), (90, 0)]
        {
            assert_eq!(wait(&at(second), &rate).await, expected, "{}: at {second} s", app.name);
        }
        // Long after, the whole burst is there again, and no more.
        for expected in [0, 0, 0, 30] {
            assert_eq!(wait(&at(100_000), &rate).await, expected, "{}", app.name);
        }
        let once = Rate { name: "once", burst: 1, every: Duration::from_millis(2_500) };
        assert_eq!(
            [wait(&app.app, &once).await, wait(&app.app, &once).await],
            [0, 3],
            "{}: a rate is counted by itself",
            app.name
        );
        let statement = Statement::from_string(app.app.db().backend(), "SELECT key FROM rates");
        for row in app.app.db().read().query_all_raw(statement).await.expect("the rates are read") {
            let key: String = row.try_get_by_index(0).expect("it has a key");
            assert!(key.len() == 64 && !key.contains("192.0.2.7"), "{key}");
        }
    }
}

#[tokio::test]
async fn a_node_whose_clock_was_far_ahead_keeps_nobody_out() {
    let rate = Rate { name: "test", burst: 2, every: Duration::from_secs(30) };
    for app in TestApp::both_empty().await {
        let ahead = |seconds: u64| later(&app.app, Duration::from_secs(seconds));
        for (clock, expected) in [(600, 0), (600, 0), (600, 30), (0, 630), (400_000, 0), (0, 0), (0, 0), (0, 30)] {
            assert_eq!(wait(&ahead(clock), &rate).await, expected, "{}: {clock} s ahead", app.name);
        }
    }
}

#[tokio::test]
async fn the_rates_are_those_of_the_settings() {
    let [app, _] = TestApp::both_empty().await;
    let app = app.with(|config| config.limits.rate_sign_in_address = 600);
    let rate = Rate::sign_in_address(&app.app.config().limits);
    assert_eq!((rate.burst, rate.every), (600, Duration::from_millis(100)));
    let limits = Limits::default();
    let [hour, day] = Rate::account_mail(&limits);
    let rates = [Rate::sign_in_address(&limits), Rate::sign_in_account(&limits), Rate::registration(&limits), hour, day];
    assert_eq!(rates.map(|rate| (rate.burst, rate.every.as_secs())), [(10, 6), (10, 30), (3, 1_200), (1, 3_600), (3, 28_800)]);
}

#[tokio::test]
async fn fifty_who_ask_at_once_get_exactly_the_burst() {
    let rate = Rate { name: "test", burst: 10, every: Duration::from_secs(30) };
    for app in TestApp::both_empty().await {
        let tries: Vec<_> = (0..50)
            .map(|_| {
                let app = app.app.clone();
                tokio::spawn(async move { rates::take(&app, &rate, "somebody").await })
            })
            .collect();
        let mut taken = 0;
        for attempt in tries {
            match attempt.await.expect("it does not panic") {
                Ok(()) => taken += 1,
                Err(Error::RateLimited { seconds, .. }) => assert_eq!(seconds, 30, "{}", app.name),
                Err(other) => panic!("{}: {other:?}", app.name),
            }
        }
        assert_eq!(taken, 10, "{}", app.name);
        rates::take(&app.app, &rate, "somebody else").await.expect("others are not held up");
    }
}
