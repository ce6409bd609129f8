//! What is measured is told to Prometheus on an address of its own, and is true.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::binary::{Server, connect, exchange, post, run, serve, text};

/// The setting of a server that is measured.
pub(crate) const MEASURED: (&str, &str) = ("ALLIANCE_METRICS_LISTEN", "127.0.0.1:0");

/// A server that tells what it measures, and where.
fn measured() -> (Server, String) {
    let server = serve(&[MEASURED, ("ALLIANCE_DEMO", "true")]);
    let address = address(&server);
    (server, address)
}

/// Where a server that is measured tells it.
pub(crate) fn address(server: &Server) -> String {
    let log = server.log();
    let line = log.lines().find(|line| line.contains("what is measured")).expect("the log names the address");
    let line: serde_json::Value = serde_json::from_str(line).expect("the log is JSON");
    line["fields"]["address"].as_str().expect("it has an address").to_owned()
}

fn get(address: &str, path: &str) -> String {
    exchange(address, &format!("GET {path} HTTP/1.1"), "")
}

/// The values by name and labels, after a look at the format.
pub(crate) fn values(address: &str) -> BTreeMap<String, f64> {
    let answer = get(address, "/metrics");
    let (head, body) = answer.split_once("\r\n\r\n").expect("it has a body");
    assert!(
        head.starts_with("HTTP/1.1 200") && head.contains("content-type: text/plain; version=0.0.4; charset=utf-8"),
        "{head}"
    );
    let (mut types, mut found) = (BTreeMap::new(), BTreeMap::new());
    for line in body.lines().filter(|line| !line.is_empty()) {
        if let Some(told) = line.strip_prefix("# TYPE ") {
            let (name, kind) = told.split_once(' ').expect(line);
            assert!(types.insert(name.to_owned(), kind.to_owned()).is_none(), "{name} is told twice");
        } else if !line.starts_with("# HELP ") {
            let (key, value) = line.rsplit_once(' ').expect(line);
            let name = key.split('{').next().expect(line);
            let family =
                ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end).filter(|n| types.contains_key(*n)));
            assert!(types.contains_key(family.unwrap_or(name)), "{line} has no type");
            assert!(found.insert(key.to_owned(), value.parse().expect(line)).is_none(), "{key} is told twice");
        }
    }
    found
}

/// Asks until a value is as expected: an answer is counted after it was sent.
fn wait(address: &str, key: &str, expected: f64) -> BTreeMap<String, f64> {
    let began = Instant::now();
    loop {
        let found = values(address);
        if found.get(key).is_some_and(|value| (value - expected).abs() < 0.5) {
            return found;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "{key} is not {expected}: {found:#?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn what_was_asked_is_what_was_counted() {
    let (server, address) = measured();
    let query = |query: &str| post(&server.address, &json!({ "query": query }).to_string());
    for _ in 0..3 {
        assert!(query("{ posts(first: 10) { nodes { title } } }").contains("\"title\""));
    }
    query("{ nothing }");
    query("{ posts(first: 101) { nodes { title } } }");
    for path in ["/nowhere/1", "/nowhere/2", "/livez"] {
        get(&server.address, path);
    }
    let requests = |route: &str, method: &str, status: u16| {
        format!("alliance_http_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}}")
    };
    let found = wait(&address, &requests("/graphql", "POST", 200), 5.0);
    let value = |key: &str| found.get(key).copied().unwrap_or_else(|| panic!("{key} is missing: {found:#?}"));
    let same = |key: &str, expected: f64| assert!((value(key) - expected).abs() < 0.01, "{key}: {}, not {expected}", value(key));
    same(&requests("other", "GET", 404), 2.0);
    same(&requests("/livez", "GET", 200), 1.0);
    same("alliance_http_request_seconds_count{route=\"/graphql\"}", 5.0);
    same("alliance_http_request_seconds_bucket{route=\"/graphql\",le=\"+Inf\"}", 5.0);
    same("alliance_errors_total{code=\"BAD_REQUEST\"}", 1.0);
    same("alliance_errors_total{code=\"LIMIT_EXCEEDED\"}", 1.0);
    same("alliance_requests_in_flight", 0.0);
    same("alliance_gauges_fresh", 1.0);
    same("alliance_jobs{state=\"dead\"}", 0.0);
    same("alliance_jobs_overdue_seconds", 0.0);
    same("alliance_outbox_lag_seconds", 0.0);
    same("alliance_schedules_overdue", 0.0);
    same("alliance_schedules_overdue_seconds", 0.0);
    same(&format!("alliance_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION")), 1.0);
    // A page of ten costs 20 and more.
    same("alliance_operation_cost_bucket{le=\"10\"}", 0.0);
    assert!(value("alliance_operation_cost_count") >= 3.0 && value("alliance_operation_cost_sum") >= 60.0, "{found:#?}");
    assert!(value("alliance_database_statements_total") >= 3.0, "{found:#?}");
    assert!(value("process_resident_memory_bytes") > 1e7 && value("process_open_fds") > 5.0, "{found:#?}");
    assert!(value("process_start_time_seconds") > 1.7e9, "{found:#?}");
    assert!(!found.keys().any(|key| key.contains("nowhere")), "no path of a stranger is a label: {found:#?}");
}

#[tokio::test]
async fn what_should_have_been_published_or_withdrawn_is_counted_until_it_was() {
    let (server, address) = measured();
    let url = format!("sqlite://{}/alliance.db", server.folder.display());
    let db = sea_orm::Database::connect(&url).await.expect("it opens");
    let run = async |sql: &str| {
        db.execute_unprepared(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
    };
    run("CREATE TRIGGER nothing_happens BEFORE DELETE ON post_schedules BEGIN SELECT RAISE(ABORT, 'it is held up'); END").await;
    run("INSERT INTO post_schedules (post_id, act, due, scheduled_for, created_at) \
         SELECT id, 'UNPUBLISH', 1000, '2026-01-01T00:00:00+00:00', created_at FROM posts WHERE slug = 'no-place-for-hate'")
    .await;
    let found = wait(&address, "alliance_schedules_overdue", 1.0);
    assert!(found["alliance_schedules_overdue_seconds"] > 1e7, "{found:#?}");
    let began = Instant::now();
    while !server.log().contains("what was scheduled could not be done") {
        assert!(began.elapsed() < Duration::from_secs(10), "{}", server.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let found = values(&address);
    assert!(found["alliance_schedules_overdue_seconds"] > 1e7, "what was put off is overdue all the same: {found:#?}");
    run("DROP TRIGGER nothing_happens").await;
    run("UPDATE post_schedules SET due = 1000").await;
    let found = wait(&address, "alliance_schedules_overdue", 0.0);
    assert!(found["alliance_schedules_overdue_seconds"] < 0.5, "{found:#?}");
}

#[test]
fn what_is_open_is_counted_until_it_is_closed() {
    let (server, address) = measured();
    let before = values(&address).get("alliance_connections_open").copied().unwrap_or_default();
    let open: Vec<_> = (0..5).map(|_| connect(&server.address, "GET /livez HTTP/1.1\r\nHost: x\r\n")).collect();
    wait(&address, "alliance_connections_open", before + 5.0);
    drop(open);
    wait(&address, "alliance_connections_open", 0.0);
}

#[test]
fn the_public_is_told_nothing_of_it_and_the_other_address_answers_nothing_else() {
    let (server, address) = measured();
    assert!(get(&server.address, "/metrics").starts_with("HTTP/1.1 404"));
    for path in ["/", "/graphql", "/livez"] {
        assert!(get(&address, path).starts_with("HTTP/1.1 404"), "{path}");
    }
    let plain = serve(&[]);
    assert!(get(&plain.address, "/metrics").starts_with("HTTP/1.1 404") && !plain.log().contains("measured"));
}

#[test]
fn an_address_that_is_wrong_or_taken_stops_the_start_and_the_doctor_says_so() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let taken = taken.local_addr().map(|address| (address.to_string(), taken)).expect("it listens");
    for (value, word) in [("everywhere", "is no address"), (taken.0.as_str(), "another")] {
        for arguments in [&["serve", "--listen", "127.0.0.1:0"], &["doctor", "--listen", "127.0.0.1:0"]] {
            let done = run(arguments, &[("ALLIANCE_METRICS_LISTEN", value)]);
            let told = text(&done.stdout) + &text(&done.stderr);
            let is_told = told.contains("ALLIANCE_METRICS_LISTEN") && told.contains(word) && told.contains(value);
            assert!(!done.status.success() && is_told, "{arguments:?}: {told}");
        }
    }
}
