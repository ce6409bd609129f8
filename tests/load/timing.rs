//! Whether the time that an answer takes tells if an address has an account.
//! `load-timing ALLIANCE ROUNDS TOLERANCE PLANTED`, the last two in microseconds, the server's settings in the environment; see
//! `tests/load/timing`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the command line")]

use std::time::{Duration, Instant};

use alliance::clock::Clock;
use alliance_tests::authenticator;
use alliance_tests::running::{Connection, Running, mutation};
use alliance_tests::timing::{Comparison, Difference, Verdict};
use rand::seq::SliceRandom;
use serde_json::{Value, json};

const OFTEN: &str = "1000000";
const SETTINGS: [(&str, &str); 7] = [
    ("ALLIANCE_DEMO", "true"),
    ("ALLIANCE_RATE_SIGN_IN_ADDRESS", OFTEN),
    ("ALLIANCE_RATE_SIGN_IN_ACCOUNT", OFTEN),
    ("ALLIANCE_RATE_REGISTRATION", OFTEN),
    ("ALLIANCE_RATE_ACCOUNT_MAIL_HOUR", OFTEN),
    ("ALLIANCE_RATE_ACCOUNT_MAIL_DAY", OFTEN),
    ("ALLIANCE_RATE_MUTATIONS", OFTEN),
];
const WRONG: &str = "three velvet curtains in Carrington";
const KNOWN: &str = "editor@demo.example";
const UNKNOWN: &str = "nobody@demo.example";
/// How long the job of a request has to end before the next one.
const SETTLING: Duration = Duration::from_millis(25);
/// Rounds that count for nothing.
const WARMING: usize = 10;

/// Something that is asked in each round.
struct Question {
    name: &'static str,
    /// What is compared with it, by its place.
    beside: Option<usize>,
    body: String,
    /// What the tool itself adds.
    planted: Duration,
    settling: Duration,
    took: Vec<f64>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let numbers = arguments.iter().skip(1).map_while(|text| text.parse::<u32>().ok()).collect::<Vec<_>>();
    let (Some(alliance), [rounds, tolerance, planted]) = (arguments.first(), numbers.as_slice()) else {
        eprintln!("load-timing ALLIANCE ROUNDS TOLERANCE PLANTED");
        std::process::exit(2);
    };
    let server = Running::start(alliance, &SETTINGS);
    let mut connection = Connection::open(&server.address);
    prepare(&mut connection, &server.demo_passwords());
    let mut questions = questions(Duration::from_micros((*planted).into()));
    let mut order: Vec<usize> = (0..questions.len()).collect();
    for round in 0..WARMING + usize::try_from(*rounds).expect("it fits") {
        order.shuffle(&mut rand::rng());
        for at in &order {
            ask(&mut connection, &mut questions[*at], round >= WARMING);
        }
    }
    let holds = tell(&questions, f64::from(*tolerance));
    drop(server);
    std::process::exit(i32::from(!holds));
}

/// Disables an account of the demo, and gives another a second factor.
fn prepare(connection: &mut Connection, passwords: &[(String, String)]) {
    let mut sign_in = |name: &str| {
        let (email, password) = passwords.iter().find(|(email, _)| email.starts_with(name)).expect("it is of the demo");
        let input = json!({ "email": email, "password": password });
        let payload = connection.change("", "signIn", &input, "accessToken viewer { account { id } }");
        (text(&payload["accessToken"]), payload["viewer"]["account"]["id"].clone(), password.clone())
    };
    let [(operator, ..), (_, supporter, _), (author, _, password)] = ["operator", "supporter", "author"].map(&mut sign_in);
    connection.change(&operator, "accountDisable", &json!({ "id": supporter }), "account { id }");
    let begun = connection.change(&author, "twoFactorBegin", &json!({ "password": password }), "secret");
    let code = authenticator::code(&text(&begun["secret"]), Clock::System.now());
    connection.change(&author, "twoFactorConfirm", &json!({ "oneTimePassword": code }), "twoFactor { recoveryCodes }");
}

fn text(value: &Value) -> String {
    value.as_str().expect("it is a text").to_owned()
}

/// What is asked. The tool's own leak is of a known address, where one is planted.
fn questions(planted: Duration) -> Vec<Question> {
    let sign_in = |email: &str| mutation("signIn", &json!({ "email": email, "password": WRONG }), "accessToken");
    let reset = |email: &str| mutation("passwordResetRequest", &json!({ "email": email }), "accepted");
    let register = |email: &str| mutation("accountRegister", &json!({ "email": email, "name": "Somebody" }), "accepted");
    let all = [
        ("signIn, known", None, sign_in(KNOWN)),
        ("signIn, unknown", Some(0), sign_in(UNKNOWN)),
        ("signIn, disabled", Some(0), sign_in("supporter@demo.example")),
        ("signIn, second factor", Some(0), sign_in("author@demo.example")),
        ("passwordResetRequest, known", None, reset(KNOWN)),
        ("passwordResetRequest, unknown", Some(4), reset(UNKNOWN)),
        ("accountRegister, known", None, register(KNOWN)),
        ("accountRegister, unknown", Some(6), register(UNKNOWN)),
    ];
    let question = |(name, beside, body): (&'static str, Option<usize>, String)| Question {
        name,
        beside,
        body,
        planted: if beside.is_none() { planted } else { Duration::ZERO },
        settling: if name.starts_with("signIn") { Duration::ZERO } else { SETTLING },
        took: Vec::new(),
    };
    all.into_iter().map(question).collect()
}

fn ask(connection: &mut Connection, question: &mut Question, counts: bool) {
    let began = Instant::now();
    if !question.planted.is_zero() {
        std::thread::sleep(question.planted);
    }
    let answered = connection.ask("", &question.body);
    let took = began.elapsed();
    let expected = answered.body.contains("\"INCORRECT\"") || answered.body.contains("\"accepted\":true");
    assert!(answered.status == 200 && expected, "{}: {answered:?}", question.name);
    if counts {
        question.took.push(took.as_secs_f64() * 1e6);
    }
    std::thread::sleep(question.settling);
}

/// Tells how each question stands beside another, and says whether none leaks.
fn tell(questions: &[Question], tolerance: f64) -> bool {
    println!("| question | beside | median ms | quickest quarter: µs more | 99 % between | median: µs more | 99 % between | |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    let mut holds = true;
    for question in questions {
        let Some(beside) = question.beside.map(|at| &questions[at]) else { continue };
        let comparison = Comparison::of(&question.took, &beside.took);
        let verdict = match comparison.verdict(tolerance) {
            Verdict::Pass => "PASS",
            Verdict::Leak => "LEAK",
            Verdict::Unclear => "UNCLEAR: ask for more rounds",
        };
        holds &= verdict == "PASS";
        let mut times = question.took.clone();
        times.sort_unstable_by(f64::total_cmp);
        let of = |Difference { measured, least, most }: Difference| format!("{measured:+.0} | {least:+.0} and {most:+.0}");
        let (quickest, medians, median) = (of(comparison.quickest), of(comparison.medians), times[times.len() / 2] / 1000.0);
        println!("| {} | {} | {median:.2} | {quickest} | {medians} | {verdict} |", question.name, beside.name);
    }
    holds
}
