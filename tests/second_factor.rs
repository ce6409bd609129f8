//! The second factor: one-time passwords of an authenticator app, and recovery codes for when it is lost.

use std::collections::BTreeSet;

use alliance::accounts::recovery;
use alliance::accounts::totp::Authenticator;
use alliance_entity::id::AccountId;
use alliance_tests::app::{SECRET_KEY, keys_of};
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use uuid::Uuid;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).expect("this is a time")
}

fn account(number: u128) -> AccountId {
    AccountId(Uuid::from_u128(number))
}

/// The secret, the times and the last six digits of the codes of RFC 6238, appendix B.
const SECRET: &[u8] = b"12345678901234567890";
const VECTORS: [(i64, &str); 6] = [
    (59, "287082"),
    (1_111_111_109, "081804"),
    (1_111_111_111, "050471"),
    (1_234_567_890, "005924"),
    (2_000_000_000, "279037"),
    (20_000_000_000, "353130"),
];

#[test]
fn the_codes_are_those_of_the_rfc() {
    let app = Authenticator::of(SECRET);
    for (time, code) in VECTORS {
        assert_eq!(app.step(code, at(time), None), Some(time / 30), "{time}");
        let spaced = format!(" {} {}\n", &code[..3], &code[3..]);
        assert_eq!(app.step(&spaced, at(time), None), Some(time / 30), "{time}");
    }
}

#[test]
fn a_code_counts_one_step_before_and_after_its_own() {
    let (app, begins) = (Authenticator::of(SECRET), 1_234_567_890 / 30 * 30);
    for (seconds, counts) in [(-31, false), (-30, true), (-1, true), (0, true), (29, true), (59, true), (60, false)] {
        let step = app.step("005924", at(begins + seconds), None);
        assert_eq!(step, counts.then_some(begins / 30), "{seconds}");
    }
    assert_eq!(app.step("287082", at(0), None), Some(1), "before the first step there is none");
    assert_eq!(app.step("287082", at(-100), None), None);
}

#[test]
fn a_code_that_was_used_or_one_before_it_counts_no_more() {
    let app = Authenticator::of(SECRET);
    let (time, step) = (1_111_111_109, 1_111_111_109 / 30);
    for (last, counts) in [(step - 1, true), (step, false), (step + 1, false)] {
        assert_eq!(app.step("081804", at(time), Some(last)), counts.then_some(step), "{last}");
    }
}

#[test]
fn what_is_no_code_never_counts() {
    let app = Authenticator::of(SECRET);
    for code in ["", "5924", "005925", "0059240", "00592", "+05924", "00592４", "005924 005924"] {
        assert_eq!(app.step(code, at(1_234_567_890), None), None, "{code}");
    }
    assert_eq!(Authenticator::create().step("005924", at(1_234_567_890), None), None);
}

#[test]
fn an_app_reads_the_secret_from_an_address_or_as_a_person_types_it() {
    let app = Authenticator::of(SECRET);
    let url = app.url("Nottingham: Citizens", "a:b@example.org");
    let expected = "otpauth://totp/Nottingham%20%20Citizens:a%20b%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&\
                    issuer=Nottingham%20%20Citizens";
    assert_eq!(url.expose_secret(), expected);
    assert_eq!(app.spelled().expose_secret(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let made = Authenticator::create().spelled();
    assert_eq!(made.expose_secret().len(), 32, "160 bits");
    assert_ne!(made.expose_secret(), Authenticator::create().spelled().expose_secret());
    assert!(!format!("{app:?}").contains("12345"));
}

#[test]
fn the_secret_is_stored_sealed_for_its_account() {
    let keys = keys_of(|_| ());
    let sealed = Authenticator::of(SECRET).sealed(&keys, account(1));
    assert!(!sealed.windows(5).any(|bytes| bytes == b"12345"));
    let opened = Authenticator::open(&keys, account(1), &sealed).expect("it opens");
    assert_eq!(opened.step("287082", at(59), None), Some(1));
    assert!(Authenticator::open(&keys, account(2), &sealed).is_err(), "it is another account's");
}

#[test]
fn ten_recovery_codes_can_be_read_out_and_are_kept_as_keyed_hashes() {
    let keys = keys_of(|_| ());
    let codes = recovery::create();
    assert_eq!((codes.len(), codes.iter().collect::<BTreeSet<_>>().len()), (10, 10));
    for code in &codes {
        assert!(code.len() == 19 && code.split('-').all(|group| group.len() == 4), "{code}");
        assert!(!code.contains(['i', 'l', 'o', 'u']), "{code}");
        let hash = recovery::hash(&keys, account(1), code).expect("it is a code");
        let typed = [
            code.to_uppercase(),
            code.replace('-', ""),
            code.replace('-', " "),
            code.replace('0', "O").replace('1', "l"),
            format!(" {code}\n"),
        ];
        for typed in typed {
            assert_eq!(recovery::hash(&keys, account(1), &typed).as_ref(), Some(&hash), "{typed}");
        }
        assert_ne!(recovery::hash(&keys, account(2), code), Some(hash), "it is another account's");
    }
    for wrong in
        ["", "abcd-efgh-jkmn", "abcd-efgh-jkmn-pqrs-t", "abcd-efgh-jkmn-pqru", "äbcd-efgh-jkmn-pqrs", "abcd-efgh-jkmn-pqr!"]
    {
        assert_eq!(recovery::hash(&keys, account(1), wrong), None, "{wrong}");
    }
}

#[test]
fn recovery_codes_outlive_a_rotation_of_the_key() {
    let (old, code) = (keys_of(|_| ()), &recovery::create()[0]);
    let new = keys_of(|flags| {
        flags.secret_key = Some(format!("8PHi08S1ppeIeWpbTD0uHxDx4tPEtaaXiHlqW0w9Lh8=,{SECRET_KEY}").into());
    });
    let stored = recovery::hash(&old, account(1), code).expect("it is a code");
    let looked_for = recovery::hashes(&new, account(1), code).expect("it is a code");
    assert!(looked_for.contains(&stored) && recovery::hash(&new, account(1), code).as_ref() == looked_for.first());
}
