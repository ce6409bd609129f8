//! Passwords: how they are hashed, how many at a time, and which will do.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use alliance::accounts::password::{Flaw, flaw};
use alliance::error::Error;
use alliance::error::problem::UserErrorCode;
use alliance::passwords::{Passwords, Verdict};
use alliance_tests::app::TestApp;
use secrecy::SecretString;
use tokio::task::{JoinSet, yield_now};

const PASSWORD: &str = "seven brass lanterns over Sneinton";
/// By Argon2's own tool: `echo -n "$PASSWORD" | argon2 'some salt of ours' -id -t 2 -k 19456 -p 1`, and with less of everything.
const WEAKER: [&str; 3] = ["$argon2id$v=19$m=8192,t=2,p=1", "$argon2id$v=19$m=19456,t=1,p=1", "$argon2i$v=19$m=19456,t=2,p=1"];

fn secret(text: &str) -> SecretString {
    text.into()
}

const RIGHT: Verdict = Verdict { right: true, outdated: false };
const WRONG: Verdict = Verdict { right: false, outdated: false };

#[tokio::test]
async fn a_password_is_right_against_its_own_hash_alone() {
    let passwords = Passwords::new(0, 32);
    let hash = passwords.hash(secret(PASSWORD)).await.expect("it is hashed");
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && !hash.contains("brass"), "{hash}");
    assert_ne!(hash, passwords.hash(secret(PASSWORD)).await.expect("it is hashed"), "each has a salt of its own");
    let verify = async |text: &str, stored| passwords.verify(secret(text), stored).await.expect("it is checked");
    assert_eq!(verify(PASSWORD, Some(&hash)).await, RIGHT);
    for wrong in ["", "seven brass lanterns over sneinton", "seven brass lanterns over Sneinton "] {
        assert_eq!(verify(wrong, Some(&hash)).await, WRONG, "{wrong}");
    }
    assert_eq!(verify(PASSWORD, None).await, WRONG, "nobody has this address");
    assert_eq!(verify(&"x".repeat(1_000_000), Some(&hash)).await, WRONG);
    assert!(matches!(passwords.verify(secret(PASSWORD), Some("no hash")).await, Err(Error::Internal(_))));
}

#[tokio::test]
async fn a_password_is_the_same_however_its_letters_are_put_together() {
    let passwords = Passwords::new(0, 32);
    let hash = passwords.hash(secret("caf\u{e9} ﬁne ｆｕｌｌ ①")).await.expect("it is hashed");
    let verdict = passwords.verify(secret("cafe\u{301} fine full 1"), Some(&hash)).await.expect("it is checked");
    assert_eq!(verdict, RIGHT);
}

#[tokio::test]
async fn a_hash_that_took_less_is_told_as_outdated() {
    let passwords = Passwords::new(0, 32);
    for head in WEAKER {
        let stored = format!("{head}$c2FsdCBvZiBub2JvZHk$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        let verdict = passwords.verify(secret(PASSWORD), Some(&stored)).await.expect("it is checked");
        assert_eq!(verdict, Verdict { right: false, outdated: true }, "{head}");
    }
    let stronger = "$argon2id$v=19$m=20000,t=3,p=1$c2FsdCBvZiBub2JvZHk$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert_eq!(passwords.verify(secret(PASSWORD), Some(stronger)).await.expect("it is checked"), WRONG);
}

#[tokio::test]
async fn whether_somebody_has_the_address_does_not_change_the_work() {
    let passwords = Passwords::new(0, 32);
    let hash = passwords.hash(secret(PASSWORD)).await.expect("it is hashed");
    let mut took = [Duration::MAX; 2];
    // The quickest of several: what else the machine does only adds.
    for _ in 0..8 {
        for (took, stored) in took.iter_mut().zip([Some(hash.as_str()), None]) {
            let began = Instant::now();
            assert!(!passwords.verify(secret("seven wrong lanterns"), stored).await.expect("it is checked").right);
            *took = began.elapsed().min(*took);
        }
    }
    let [known, unknown] = took.map(|took| took.as_secs_f64());
    assert!((0.5..2.0).contains(&(known / unknown)), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_200_at_once_never_more_are_hashed_than_the_gate_allows_and_the_rest_wait_or_are_turned_away() {
    let passwords = Passwords::new(2, 32);
    let hash = passwords.hash(secret(PASSWORD)).await.expect("it is hashed");
    let mut all = JoinSet::new();
    for _ in 0..200 {
        let (passwords, hash) = (passwords.clone(), hash.clone());
        all.spawn(async move { passwords.verify(secret(PASSWORD), Some(&hash)).await });
    }
    let (mut right, mut refused) = (0, 0);
    while let Some(done) = all.join_next().await {
        match done.expect("it ends") {
            Ok(verdict) => right += usize::from(verdict.right),
            Err(Error::RateLimited { seconds, .. }) => refused += usize::from(seconds >= 1),
            Err(other) => panic!("{other}"),
        }
    }
    let load = passwords.load();
    assert!(right >= 34 && right + refused == 200, "{right} right, {refused} refused");
    assert!((1..=2).contains(&load.peak) && load.running == 0 && load.waiting == 0, "{load:?}");
}

/// Fills the gate with work that ends when it is told to.
fn occupy(passwords: &Passwords, all: &mut JoinSet<Result<(), Error>>) -> mpsc::Sender<()> {
    let (end, ended) = mpsc::channel();
    let passwords = passwords.clone();
    all.spawn(async move { passwords.compute(move || ended.recv().unwrap_or(())).await });
    end
}

async fn until(passwords: &Passwords, running: usize, waiting: usize) {
    while (passwords.load().running, passwords.load().waiting) != (running, waiting) {
        yield_now().await;
    }
}

#[tokio::test]
async fn the_33rd_who_would_wait_is_refused_and_the_others_get_their_turn() {
    let (passwords, mut all) = (Passwords::new(2, 32), JoinSet::new());
    let ends: Vec<_> = (0..34).map(|_| occupy(&passwords, &mut all)).collect();
    until(&passwords, 2, 32).await;
    let refused = passwords.hash(secret(PASSWORD)).await.expect_err("nobody may wait any more");
    assert!(matches!(refused, Error::RateLimited { what: "passwords are being checked", seconds: 1.. }), "{refused:?}");
    drop(ends);
    while let Some(done) = all.join_next().await {
        done.expect("it ends").expect("it had its turn");
    }
    assert_eq!(passwords.load().peak, 2);
    passwords.hash(secret(PASSWORD)).await.expect("there is room again");
}

#[tokio::test]
async fn who_goes_away_leaves_a_place_in_the_queue_at_once_and_one_at_work_when_it_is_done() {
    let (passwords, mut all) = (Passwords::new(1, 1), JoinSet::new());
    let end = occupy(&passwords, &mut all);
    until(&passwords, 1, 0).await;
    let waiting = tokio::spawn({
        let passwords = passwords.clone();
        async move { passwords.compute(|| ()).await }
    });
    until(&passwords, 1, 1).await;
    waiting.abort();
    until(&passwords, 1, 0).await;
    all.abort_all();
    assert!(all.join_next().await.is_some_and(|gone| gone.is_err_and(|e| e.is_cancelled())));
    assert_eq!(passwords.load().running, 1, "it still computes");
    let next = tokio::spawn({
        let passwords = passwords.clone();
        async move { passwords.compute(|| ()).await }
    });
    until(&passwords, 1, 1).await;
    assert!(!next.is_finished());
    end.send(()).expect("it listens");
    next.await.expect("it ends").expect("it has its turn");
    assert_eq!(passwords.load().peak, 1);
}

#[tokio::test]
async fn work_that_panics_gives_its_place_back() {
    let passwords = Passwords::new(1, 0);
    let panicked: Result<(), Error> = passwords.compute(|| panic!("planted")).await;
    assert!(matches!(panicked, Err(Error::Internal(_))));
    assert_eq!((passwords.load().running, passwords.load().waiting), (0, 0));
    passwords.compute(|| ()).await.expect("there is room");
}

async fn found(password: &str, second_factor: bool) -> Option<Flaw> {
    let about = ["Wilhelmina Farthingale", "w.farthingale@brassworks.example", "Nottingham Citizens"];
    flaw(&Passwords::new(0, 32), &secret(password), &about, second_factor).await.expect("there is room")
}

#[tokio::test]
async fn a_weak_password_is_refused_with_a_reason_that_a_person_understands() {
    let (long, longer) = ("x1Y".repeat(342), "é".repeat(513));
    let cases = [
        ("", "at least 15"),
        ("Xq7$kvz2!pLw9m", "at least 15"),
        (&long, "at most 1024 bytes; this one has 1026"),
        (&longer, "at most 1024 bytes; this one has 1026"),
        ("aaaaaaaaaaaaaaaaaaaa", "Repeats like"),
        ("passwordpassword", "guessed too soon"),
        ("password12345678", "common"),
        ("qwertyuiopasdfghjkl", "guessed too soon"),
        ("1234567890123456", "guessed too soon"),
        ("Wilhelmina Farthingale", "your name"),
        ("farthingalewilhelmina", "your name"),
        ("FarthingaleBrassworks1", "your name"),
        ("nottinghamcitizens", "your name"),
        ("alliancealliance", "guessed too soon"),
    ];
    for (password, reason) in cases {
        let flaw = found(password, false).await.unwrap_or_else(|| panic!("{password} would do"));
        assert!(flaw.reason.contains(reason) && flaw.reason.ends_with('.'), "{password}: {}", flaw.reason);
        let code = if reason.contains("at most") { UserErrorCode::TooLong } else { UserErrorCode::Weak };
        assert_eq!(flaw.code, code, "{password}");
        assert!(password.len() < 15 || !flaw.reason.contains(password), "{}", flaw.reason);
    }
}

#[tokio::test]
async fn a_password_that_nobody_guesses_will_do_and_a_shorter_one_beside_a_second_factor() {
    for password in [PASSWORD, "korrekt pferd batterie heftklammer", "Xq7$kvz2!pLw9mR", "ξύλινο καράβι στο βουνό"]
    {
        assert_eq!(found(password, false).await, None, "{password}");
    }
    assert_eq!(found("Xq7$kvz2!p", true).await, None);
    assert!(found("Xq7$kvz2!p", false).await.is_some());
    assert!(found("Xq7$kvz", true).await.is_some_and(|flaw| flaw.reason.contains("at least 8")));
    assert!(found("password1", true).await.is_some_and(|flaw| flaw.reason.contains("common")));
}

#[tokio::test]
async fn the_longest_password_is_estimated_in_time() {
    for text in ["p4ssw0rd", "a1!", "qwerty", "2015-04-28 ", "\u{1f600}", "abcabc"] {
        let password = text.chars().cycle().scan(0, |bytes, c| {
            *bytes += c.len_utf8();
            (*bytes <= 1_024).then_some(c)
        });
        let (password, began) = (password.collect::<String>(), Instant::now());
        found(&password, false).await;
        assert!(began.elapsed() < Duration::from_secs(5), "{text}: {:?}", began.elapsed());
    }
}

#[tokio::test]
async fn the_gate_of_an_app_is_as_wide_as_its_settings_say() {
    for app in TestApp::both_set(|flags| flags.limits.passwords_waiting = Some("0".to_owned())).await {
        let (passwords, mut all) = (app.app.passwords(), JoinSet::new());
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let ends: Vec<_> = (0..cores.saturating_sub(1).max(1)).map(|_| occupy(passwords, &mut all)).collect();
        until(passwords, ends.len(), 0).await;
        assert!(passwords.hash(secret(PASSWORD)).await.is_err(), "{}", app.name);
    }
}
