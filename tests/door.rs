//! The listener: whatever a client does or leaves undone ends at its limit, others go on being answered, and a stop comes in time.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use crate::binary::{Server, connect, exchange, post, rest, serve, serve_with_descriptors};

const QUERY: &str = r#"{"query":"{ alliances { totalCount } }"}"#;
const POST: &str = "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
const NO_DEMO: (&str, &str) = ("ALLIANCE_DEMO", "false");
/// What a busy machine may add to a limit of one second.
const MARGIN: Duration = Duration::from_secs(10);

/// Sends the same again and again, and returns what came back in the end.
fn pour(address: &str, head: &str, piece: &[u8], pieces: usize, pause: Duration) -> String {
    let mut stream = connect(address, head);
    for _ in 0..pieces {
        if stream.write_all(piece).is_err() {
            break;
        }
        sleep(pause);
    }
    rest(&stream)
}

/// Asks for much and reads nothing; returns how many answers came all the same, and how many were asked for.
fn never_read(address: &str) -> (usize, usize) {
    let mut stream = connect(address, "");
    stream.set_write_timeout(Some(Duration::from_secs(1))).expect("sockets have timeouts");
    let asked = (0..2_000).take_while(|_| stream.write_all(b"GET /schema.graphql HTTP/1.1\r\nHost: a\r\n\r\n").is_ok()).count();
    sleep(Duration::from_secs(4));
    (rest(&stream).matches("HTTP/1.1 200").count(), asked)
}

type Case = (&'static str, &'static str, fn(&str) -> String);

/// What clients do, and how the answer begins: with nothing where there is nobody to answer.
const CASES: [Case; 12] = [
    ("nothing sent", "", |address| rest(&connect(address, ""))),
    ("half a line", "", |address| rest(&connect(address, "GE"))),
    ("half the headers", "", |address| rest(&connect(address, "GET /livez HTTP/1.1\r\nHost: a\r\nX-A: "))),
    ("headers by drops", "", |address| {
        pour(address, "GET /livez HTTP/1.1\r\nHost: a\r\nX: ", b"a", 50, Duration::from_millis(100))
    }),
    ("headers of 17 KB", "HTTP/1.1 431", |address| {
        pour(address, "GET /livez HTTP/1.1\r\nHost: a\r\nX: ", &[b'a'; 1_024], 17, Duration::ZERO)
    }),
    ("a connection left open", "HTTP/1.1 200", |address| rest(&connect(address, "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"))),
    ("half of a second request", "HTTP/1.1 200", |address| {
        pour(address, "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n", b"GET", 1, Duration::ZERO)
    }),
    ("half a body", "HTTP/1.1 408", |address| rest(&connect(address, &format!("{POST}Content-Length: 99\r\n\r\n{{")))),
    ("a body by drops", "HTTP/1.1 408", |address| {
        pour(address, &format!("{POST}Content-Length: 9999\r\n\r\n"), b" ", 50, Duration::from_millis(100))
    }),
    ("20 MB with their length", "HTTP/1.1 413", |address| {
        pour(address, &format!("{POST}Content-Length: 20971520\r\n\r\n"), &[b' '; 65_536], 320, Duration::ZERO)
    }),
    ("20 MB with a forged token", "HTTP/1.1 401", |address| {
        let head = format!("{POST}Authorization: Bearer forged\r\nContent-Length: 20971520\r\n\r\n");
        pour(address, &head, &[b' '; 65_536], 320, Duration::ZERO)
    }),
    ("20 MB in pieces", "HTTP/1.1 413", |address| {
        let piece = [b"10000\r\n".as_slice(), &[b' '; 65_536], b"\r\n"].concat();
        pour(address, &format!("{POST}Transfer-Encoding: chunked\r\n\r\n"), &piece, 320, Duration::ZERO)
    }),
];

#[test]
fn whatever_a_client_does_ends_at_its_limit_while_others_are_answered() {
    let limits = ["ALLIANCE_HEADER_SECONDS", "ALLIANCE_BODY_SECONDS", "ALLIANCE_IDLE_SECONDS"].map(|name| (name, "1"));
    let server = serve(&[limits.as_slice(), &[NO_DEMO]].concat());
    let address = server.address.as_str();
    assert!(post(address, QUERY).starts_with("HTTP/1.1 200"), "it is up");
    let over = AtomicBool::new(false);
    scope(|threads| {
        let good = threads.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                let (began, answer) = (Instant::now(), post(address, QUERY));
                assert!(answer.starts_with("HTTP/1.1 200") && began.elapsed() < MARGIN, "{:?}: {answer}", began.elapsed());
            }
        });
        let reader = threads.spawn(|| never_read(address));
        let cases = CASES.map(|(name, begins, act)| {
            threads.spawn(move || {
                let (began, answer) = (Instant::now(), act(address));
                let well = answer.starts_with(begins) && answer.is_empty() == begins.is_empty();
                assert!(well, "{name}: {answer}");
                assert!(began.elapsed() < MARGIN, "{name}: {:?}", began.elapsed());
            })
        });
        let failed = cases.into_iter().filter_map(|case| case.join().err()).count();
        let (answered, asked) = reader.join().expect("it ends");
        over.store(true, Ordering::Relaxed);
        good.join().expect("a good client is answered");
        assert_eq!(failed, 0, "cases that failed are above");
        assert!(asked > 500 && answered < asked, "a client that does not read goes on being written to: {answered} of {asked}");
    });
}

/// Clients that keep connections busy: none of them ends by itself.
fn besiege(address: &str) -> Vec<TcpStream> {
    let half_body = format!("{POST}Content-Length: 99\r\n\r\n{{");
    let mut all: Vec<_> =
        ["GET /livez HTTP/1.1\r\nX: ", &half_body].iter().flat_map(|sent| (0..5).map(|_| connect(address, sent))).collect();
    let mut deaf = connect(address, "");
    deaf.set_nonblocking(true).expect("sockets can");
    while deaf.write_all(b"GET /schema.graphql HTTP/1.1\r\nHost: a\r\n\r\n").is_ok() {}
    all.push(deaf);
    all
}

#[test]
fn a_stop_under_siege_lets_idle_clients_go_and_ends_at_its_deadline() {
    let drain = Duration::from_secs(3);
    let mut server = serve(&[("ALLIANCE_DRAIN_SECONDS", "3"), NO_DEMO]);
    let mut idle = connect(&server.address, "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(idle.read(&mut [0; 1_024]).is_ok_and(|bytes| bytes > 0), "it is answered");
    let siege = besiege(&server.address);
    let begun = connect(&server.address, &format!("{POST}Content-Length: {}\r\n\r\n", QUERY.len()));
    sleep(Duration::from_millis(300));
    let told = Instant::now();
    server.terminate();
    assert_eq!(rest(&idle), "", "an idle client is let go");
    assert!(told.elapsed() < drain, "at once: {:?}", told.elapsed());
    (&begun).write_all(QUERY.as_bytes()).expect("what has begun may go on");
    assert!(rest(&begun).starts_with("HTTP/1.1 200"), "what has begun is finished");
    let (status, _) = server.ended();
    assert!(status.success(), "{status}");
    assert!(told.elapsed() >= drain && told.elapsed() < drain + MARGIN, "{:?}", told.elapsed());
    assert!(server.log().contains("\"cut\":11"), "{}", server.log());
    drop(siege);
}

#[test]
fn a_second_signal_ends_at_once() {
    let mut server = serve(&[("ALLIANCE_DRAIN_SECONDS", "100"), NO_DEMO]);
    let half = connect(&server.address, "GET /livez HTTP/1.1\r\nX: ");
    assert!(post(&server.address, QUERY).starts_with("HTTP/1.1 200"), "it is up");
    server.terminate();
    while !server.log().contains("being finished") {
        sleep(Duration::from_millis(10));
    }
    sleep(Duration::from_millis(100));
    server.terminate();
    assert!(server.ended().1 < MARGIN);
    drop(half);
}

/// Connections that have been answered and stay open.
fn open(server: &Server, count: usize) -> Vec<TcpStream> {
    let greet = |_| {
        let mut stream = connect(&server.address, "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n");
        let mut answer = [0; 1_024];
        let bytes = stream.read(&mut answer).expect("it answers");
        assert!(answer[..bytes].starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer[..bytes]));
        stream
    };
    (0..count).map(greet).collect()
}

#[test]
fn a_connection_beyond_the_cap_is_turned_away_and_harms_nobody() {
    let server = serve(&[("ALLIANCE_CONNECTIONS", "4"), NO_DEMO]);
    let mut taken = open(&server, 4);
    for _ in 0..20 {
        let answer = exchange(&server.address, "GET /livez HTTP/1.1", "");
        assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("Retry-After: 1"), "{answer}");
        assert!(answer.ends_with("\"UNAVAILABLE\"}}]}"), "{answer}");
    }
    for stream in &mut taken {
        stream.write_all(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n").expect("it reads");
        assert!(stream.read(&mut [0; 1_024]).is_ok_and(|bytes| bytes > 0), "those within go on");
    }
    taken.pop();
    let back = (0..100).any(|_| {
        sleep(Duration::from_millis(20));
        exchange(&server.address, "GET /livez HTTP/1.1", "").starts_with("HTTP/1.1 200")
    });
    assert!(back, "who leaves makes room");
}

#[test]
fn a_process_with_few_file_descriptors_says_so_and_takes_fewer_connections() {
    let server = serve_with_descriptors(64, &[("ALLIANCE_CONNECTIONS", "1000"), NO_DEMO]);
    let taken = open(&server, 32);
    let answer = exchange(&server.address, "GET /livez HTTP/1.1", "");
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(server.log().contains("ALLIANCE_CONNECTIONS") && server.log().contains("\"carried\":32"), "{}", server.log());
    drop(taken);
}

#[test]
fn clients_that_are_slow_to_send_take_no_place_from_those_that_are_answered() {
    let server = serve(&[("ALLIANCE_REQUESTS_IN_FLIGHT", "1"), NO_DEMO]);
    let head = format!("{POST}Connection: close\r\nContent-Length: {}\r\n\r\n", QUERY.len());
    let slow: Vec<_> = (0..20).map(|_| connect(&server.address, &head)).collect();
    sleep(Duration::from_millis(300));
    assert!(post(&server.address, QUERY).starts_with("HTTP/1.1 200"));
    for stream in &slow {
        (&mut &*stream).write_all(QUERY.as_bytes()).expect("it reads");
        assert!(rest(stream).starts_with("HTTP/1.1 200"), "who has sent is answered");
    }
}

#[test]
fn a_connection_goes_on_after_a_refusal_whose_body_was_read() {
    let server = serve(&[NO_DEMO]);
    let mut stream = connect(&server.address, "");
    for (body, status) in [("{", "HTTP/1.1 400"), (QUERY, "HTTP/1.1 200"), ("{", "HTTP/1.1 400")] {
        stream.write_all(format!("{POST}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).expect("it reads");
        let mut answer = [0; 4_096];
        let bytes = stream.read(&mut answer).expect("it answers");
        assert!(answer[..bytes].starts_with(status.as_bytes()), "{}", String::from_utf8_lossy(&answer[..bytes]));
    }
}

#[test]
fn http_2_is_spoken_to_those_who_begin_with_it() {
    let server = serve(&[("ALLIANCE_IDLE_SECONDS", "1"), NO_DEMO]);
    let mut sent = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec();
    // HEADERS, complete, stream 1: GET, http, /livez, a.
    let block = b"\x82\x86\x04\x06/livez\x01\x01a";
    sent.extend_from_slice(&[0, 0, u8::try_from(block.len()).expect("it is short"), 1, 5, 0, 0, 0, 1]);
    sent.extend_from_slice(block);
    let mut stream = connect(&server.address, "");
    stream.write_all(&sent).expect("it reads");
    let (mut answer, mut piece) = (Vec::new(), [0; 4_096]);
    while !answer.windows(5).any(|bytes| bytes == b"live\n") {
        let bytes = stream.read(&mut piece).expect("it answers");
        assert!(bytes > 0, "it ended: {answer:?}");
        answer.extend_from_slice(&piece[..bytes]);
    }
    // 0x88 is `:status: 200`, at the beginning of the HEADERS of stream 1.
    assert!(answer.windows(7).any(|bytes| bytes == [1, 4, 0, 0, 0, 1, 0x88]), "{answer:?}");
    let began = Instant::now();
    let farewell = rest(&stream);
    assert!(farewell.contains("\u{8}\u{7}\0\0\0\0\0"), "an idle one is told to go: {farewell:?}");
    assert!(began.elapsed() < MARGIN, "and goes: {:?}", began.elapsed());
}
