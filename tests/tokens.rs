//! Signed tokens: ours are taken, and what others make of them is not.

use alliance::keys::token::{AccessClaims, TokenProblem, VisitorClaims};
use alliance::keys::{self, Keys};
use alliance_entity::id::{AccountId, SessionId, VisitorId};
use alliance_tests::app::{SIGNING_KEY, TestApp, keys_of};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::forging::{self, ISSUER, drop_from, pair, part, set, signed, url};

fn now() -> DateTime<Utc> {
    "2026-11-24T12:00:00.25Z".parse().expect("this is a time")
}

fn account() -> AccessClaims {
    AccessClaims::new(AccountId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)), now())
}

/// Our own header and claims after a change, signed by our own key.
fn bent(keys: &Keys, bend: impl FnOnce(&mut Value, &mut Value)) -> String {
    forging::bent(&keys.sign_access(&account()).expect("it signs"), bend)
}

#[test]
fn a_token_says_whom_it_speaks_for_and_ends_after_ten_minutes() {
    let keys = keys_of(|_| ());
    let (claims, token) = (account(), keys.sign_access(&account()).expect("it signs"));
    let read = keys.verify_access(&token, now()).expect("it is ours");
    assert_eq!((read.account, read.session, read.issued_at), (claims.account, claims.session, claims.issued_at));
    let header = part(&token, 0);
    assert_eq!((&header["alg"], &header["typ"]), (&json!("EdDSA"), &json!("at+jwt")));
    assert_eq!(header["kid"], keys.public()["keys"][0]["kid"]);
    let written = part(&token, 1);
    assert_eq!((&written["iss"], &written["aud"], &written["iat"]), (&json!(ISSUER), &json!("alliance"), &written["nbf"]));
    assert_eq!(written["exp"].as_i64().expect("a number") - written["iat"].as_i64().expect("a number"), 600);
    assert!(written["sub"].as_str().is_some_and(|sub| sub.starts_with("account_")), "{written}");
    assert!(written["sid"].as_str().is_some_and(|sid| sid.starts_with("session_")), "{written}");
    assert_ne!(written["jti"], part(&keys.sign_access(&account()).expect("it signs"), 1)["jti"]);
    let at = |seconds| keys.verify_access(&token, now() + TimeDelta::seconds(seconds)).map(drop);
    assert_eq!([at(-30), at(629), at(630), at(-32)], [Ok(()), Ok(()), Err(TokenProblem::Expired), Err(TokenProblem::Early)]);
}

#[test]
fn a_visitor_token_holds_for_400_days_and_neither_kind_passes_for_the_other() {
    let keys = keys_of(|_| ());
    let claims = VisitorClaims::new(VisitorId(Uuid::from_u128(3)), now());
    let token = keys.sign_visitor(&claims).expect("it signs");
    assert_eq!(keys.verify_visitor(&token, now() + TimeDelta::days(400)), Ok(claims));
    assert_eq!(keys.verify_visitor(&token, now() + TimeDelta::days(401)), Err(TokenProblem::Expired));
    assert_eq!(keys.verify_access(&token, now()), Err(TokenProblem::Malformed));
    let access = keys.sign_access(&account()).expect("it signs");
    assert_eq!(keys.verify_visitor(&access, now()), Err(TokenProblem::Malformed));
    // Even by its header: whom it speaks for is of another kind.
    let claims = part(&token, 1).to_string();
    let disguised = signed(&pair(), &part(&access, 0).to_string(), &claims);
    assert_eq!(keys.verify_access(&disguised, now()), Err(TokenProblem::Malformed));
}

#[test]
fn a_token_with_a_bent_header_is_refused_whoever_signed_it() {
    let keys = keys_of(|_| ());
    let jwk = keys.public()["keys"][0].clone();
    let besides = [
        ("jwk", jwk.clone()),
        ("jku", json!("https://evil.example/jwks.json")),
        ("x5u", json!("https://evil.example/cert")),
        ("x5c", json!(["MIIB"])),
        ("crit", json!(["exp"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("cty", json!("JWT")),
    ];
    for (name, value) in besides {
        let token = bent(&keys, |header, _| set(header, name, value));
        assert_eq!(keys.verify_access(&token, now()), Err(TokenProblem::Malformed), "{name}");
    }
    for (name, value) in [
        ("alg", json!("none")),
        ("alg", json!("None")),
        ("alg", json!("HS256")),
        ("alg", json!("RS256")),
        ("alg", json!("ES256")),
        ("alg", json!("Ed25519")),
        ("alg", Value::Null),
        ("typ", json!("JWT")),
        ("typ", json!("AT+JWT")),
        ("typ", json!("visitor+jwt")),
        ("typ", Value::Null),
        ("kid", Value::Null),
        ("kid", json!(["a"])),
    ] {
        let token = bent(&keys, |header, _| set(header, name, value.clone()));
        assert_eq!(keys.verify_access(&token, now()), Err(TokenProblem::Malformed), "{name}: {value}");
    }
    for name in ["alg", "typ", "kid"] {
        let token = bent(&keys, |header, _| drop_from(header, name));
        assert_eq!(keys.verify_access(&token, now()), Err(TokenProblem::Malformed), "without {name}");
    }
    let twice = format!(r#"{{"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":{}}}"#, jwk["kid"]);
    let token = signed(&pair(), &twice, &part(&bent(&keys, |_, _| ()), 1).to_string());
    assert_eq!(keys.verify_access(&token, now()), Err(TokenProblem::Malformed));
}

#[test]
fn a_token_that_we_did_not_sign_is_refused() {
    let keys = keys_of(|_| ());
    let token = keys.sign_access(&account()).expect("it signs");
    let (message, signature) = token.rsplit_once('.').expect("it has parts");
    let (header, claims) = (part(&token, 0), part(&token, 1));
    let stranger = Ed25519KeyPair::from_pkcs8(Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).expect("a key").as_ref());
    let stranger = stranger.expect("a key");
    // Of another key, under our name for ours and under a name of its own.
    assert_eq!(
        keys.verify_access(&signed(&stranger, &header.to_string(), &claims.to_string()), now()),
        Err(TokenProblem::Forged)
    );
    let mut named = header.clone();
    set(&mut named, "kid", json!("theirs"));
    assert_eq!(keys.verify_access(&signed(&stranger, &named.to_string(), &claims.to_string()), now()), Err(TokenProblem::Forged));
    // Without a signature, with half of one, with that of another token, and with our public key as a secret.
    let hs256 = json!({ "alg": "HS256", "typ": "at+jwt", "kid": header["kid"] }).to_string();
    let unsigned = format!("{}.{}", url(&hs256), url(claims.to_string()));
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, pair().public_key().as_ref()), unsigned.as_bytes());
    let none = json!({ "alg": "none", "typ": "at+jwt" }).to_string();
    let other = keys.sign_access(&account()).expect("it signs");
    let forged = [
        format!("{message}."),
        format!("{message}.{}", &signature[..43]),
        format!("{message}.{}", other.rsplit_once('.').expect("it has parts").1),
        format!("{message}.{}", url([0; 64])),
        format!("{unsigned}.{}", url(mac)),
        format!("{}.{}.", url(&none), url(claims.to_string())),
        format!("{}.{}", url(&none), url(claims.to_string())),
        format!("{token}="),
        format!("{token}.{signature}"),
        format!(" {token}"),
    ];
    for token in forged {
        assert!(keys.verify_access(&token, now()).is_err(), "{token}");
    }
    let raised = claims.to_string().replace("account_0", "account_1");
    let token = format!("{}.{}.{signature}", url(header.to_string()), url(raised));
    assert_eq!(keys.verify_access(&token, now()), Err(TokenProblem::Forged));
}

#[test]
fn a_token_whose_claims_are_missing_of_another_type_or_of_others_is_refused() {
    let keys = keys_of(|_| ());
    let (malformed, past) = (TokenProblem::Malformed, now().timestamp() - 31);
    let cases = [
        ("exp", json!("4102444800"), malformed),
        ("exp", json!(4_102_444_800.5), malformed),
        ("exp", json!(1e300), malformed),
        ("exp", json!(i64::MAX), malformed),
        ("exp", Value::Null, malformed),
        ("exp", json!(past), TokenProblem::Expired),
        ("exp", json!(-1), TokenProblem::Expired),
        ("nbf", json!("0"), malformed),
        ("nbf", Value::Null, malformed),
        ("nbf", json!(now().timestamp() + 32), TokenProblem::Early),
        ("iat", json!(now().timestamp() + 32), TokenProblem::Early),
        ("iat", json!("0"), malformed),
        ("iss", json!("https://evil.example"), TokenProblem::Foreign),
        ("iss", json!("https://citizens.example/"), TokenProblem::Foreign),
        ("iss", json!([ISSUER]), malformed),
        ("aud", json!("other"), TokenProblem::Foreign),
        ("aud", json!(["alliance", "other"]), malformed),
        ("sub", json!("session_00000000000000000000000001"), malformed),
        ("sub", json!("admin"), malformed),
        ("sid", json!("account_00000000000000000000000001"), malformed),
        ("sid", Value::Null, malformed),
        ("jti", json!(5), malformed),
    ];
    for (name, value, problem) in cases {
        let token = bent(&keys, |_, claims| set(claims, name, value.clone()));
        assert_eq!(keys.verify_access(&token, now()), Err(problem), "{name}: {value}");
    }
    for name in ["exp", "nbf", "iat", "iss", "aud", "sub", "sid", "jti"] {
        let token = bent(&keys, |_, claims| drop_from(claims, name));
        assert_eq!(keys.verify_access(&token, now()), Err(malformed), "without {name}");
    }
    let token = keys.sign_access(&account()).expect("it signs");
    let twice = part(&token, 1).to_string().replacen('{', r#"{"exp":9999999999,"#, 1);
    assert_eq!(keys.verify_access(&signed(&pair(), &part(&token, 0).to_string(), &twice), now()), Err(malformed));
}

#[test]
fn what_is_no_token_or_a_long_one_is_refused_unread() {
    let keys = keys_of(|_| ());
    let long = bent(&keys, |_, claims| set(claims, "more", json!("x".repeat(1_600))));
    assert!(long.len() > 2_048 && keys.verify_access(&long, now()) == Err(TokenProblem::Malformed));
    for text in ["", ".", "..", "...", "a.b.c", "é.é.é", &keys::token("alr_"), &keys::token("alk_"), &"a.".repeat(1_000)] {
        assert_eq!(keys.verify_access(text, now()), Err(TokenProblem::Malformed), "{text}");
        assert_eq!(keys.verify_visitor(text, now()), Err(TokenProblem::Malformed), "{text}");
    }
}

#[test]
fn tokens_of_another_address_are_foreign() {
    let other = keys_of(|flags| flags.public_url = Some("https://other.example".to_owned()));
    let token = other.sign_access(&account()).expect("it signs");
    assert_eq!(keys_of(|_| ()).verify_access(&token, now()), Err(TokenProblem::Foreign));
}

#[test]
fn opaque_tokens_hold_256_bits_and_are_kept_as_sha_256() {
    let (one, other) = (keys::token("alr_"), keys::token("alr_"));
    assert!(one != other && one.starts_with("alr_") && one.len() == 4 + 43, "{one}");
    assert_eq!(keys::spelled("all_", &[0; 32]), format!("all_{}", "A".repeat(43)));
    assert_eq!(keys::hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert!(keys::same(b"abc", b"abc") && !keys::same(b"abc", b"abd") && !keys::same(b"abc", b"ab"));
}

#[tokio::test]
async fn everybody_finds_the_public_keys_under_their_thumbprints() {
    // The key and the thumbprint of RFC 8037, appendix A.
    let seed = BASE64_URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").expect("it is base64");
    let head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let example = BASE64_STANDARD.encode([&head[..], &seed].concat());
    for app in TestApp::both_set(|flags| flags.signing_key = Some(format!("{example},{SIGNING_KEY}").into())).await {
        let (status, headers, text) = app.get("/.well-known/jwks.json", &[]).await;
        assert_eq!((status.as_u16(), &headers["cache-control"]), (200, &"public, max-age=300".parse().expect("a value")));
        assert_eq!(headers["content-type"], "application/json");
        let found: Value = serde_json::from_str(&text).expect("it is JSON");
        let first = json!({
            "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "alg": "EdDSA", "use": "sig",
        });
        assert_eq!((&found["keys"][0], found["keys"].as_array().map(Vec::len)), (&first, Some(2)), "{}", app.name);
        assert!(!text.contains("\"d\"") && !text.contains(&SIGNING_KEY[20..]), "{text}");
    }
}
