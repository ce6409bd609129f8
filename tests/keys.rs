//! Keys: what seals and digests under them, how they are set, and what is said where they are not.

use alliance::keys::Keys;
use alliance::keys::link::Link;
use alliance_tests::app::{SECRET_KEY, SIGNING_KEY, TestApp, keys_of};
use alliance_tests::postgres;
use uuid::Uuid;

use crate::binary::{Settings, alliance, exchange, folder, prepare, run, serve, text};

const OTHER_SECRET: &str = "8PHi08S1ppeIeWpbTD0uHxDx4tPEtaaXiHlqW0w9Lh8=";

#[test]
fn what_is_sealed_opens_for_its_place_alone() {
    let keys = keys_of(|_| ());
    let sealed = keys.seal("two-factor", b"account 1", b"the secret");
    assert_eq!(keys.open("two-factor", b"account 1", &sealed).expect("it opens"), b"the secret");
    assert_ne!(sealed, keys.seal("two-factor", b"account 1", b"the secret"), "each has a nonce of its own");
    assert!(!sealed.windows(6).any(|bytes| bytes == b"secret"));
    assert!(keys.open("two-factor", b"account 2", &sealed).is_err(), "it was sealed for another row");
    assert!(keys.open("webhook", b"account 1", &sealed).is_err(), "it was sealed for another purpose");
    for at in 0..sealed.len() {
        let mut bent = sealed.clone();
        bent[at] ^= 1;
        assert!(keys.open("two-factor", b"account 1", &bent).is_err(), "byte {at}");
        assert!(keys.open("two-factor", b"account 1", &sealed[..at]).is_err(), "cut at {at}");
    }
    let other = keys_of(|flags| flags.secret_key = Some(OTHER_SECRET.into()));
    let problem = other.open("two-factor", b"account 1", &sealed).expect_err("it was sealed under another key");
    assert!(format!("{problem:?}").contains("ALLIANCE_SECRET_KEY"), "{problem:?}");
    let empty = keys.seal("two-factor", b"", b"");
    assert_eq!(keys.open("two-factor", b"", &empty).expect("it opens"), b"");
}

#[test]
fn digests_and_what_is_derived_differ_by_purpose_by_text_and_by_key() {
    let (keys, other) = (keys_of(|_| ()), keys_of(|flags| flags.secret_key = Some(OTHER_SECRET.into())));
    let digest = keys.digest("suppression", "a@example.org");
    assert_eq!(digest, keys.digest("suppression", "a@example.org"));
    assert!(digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{digest}");
    let derived = keys.derive("suppression", b"a@example.org");
    let hex = derived.map(|byte| format!("{byte:02x}")).concat();
    let others = [
        keys.digest("rates", "a@example.org"),
        keys.digest("suppressio", "na@example.org"),
        keys.digest("suppression", "b@example.org"),
        other.digest("suppression", "a@example.org"),
        hex,
    ];
    assert!(!others.contains(&digest), "{others:?}");
    assert!(derived != keys.derive("refresh", b"a@example.org") && derived != other.derive("suppression", b"a@example.org"));
}

#[test]
fn after_a_rotation_the_new_keys_sign_and_seal_and_the_old_ones_still_count() {
    let old = keys_of(|_| ());
    let fresh = text(&run(&["keys", "create"], &[]).stdout);
    let line = |name: &str| fresh.lines().find_map(|line| line.strip_prefix(name)).expect("it is printed").to_owned();
    let (signing, secret) = (line("ALLIANCE_SIGNING_KEY="), line("ALLIANCE_SECRET_KEY="));
    let new = keys_of(|flags| {
        flags.signing_key = Some(format!("{signing},{SIGNING_KEY}").into());
        flags.secret_key = Some(format!("{secret}\n{SECRET_KEY}").into());
    });
    let alone = keys_of(|flags| {
        flags.signing_key = Some(signing.clone().into());
        flags.secret_key = Some(secret.clone().into());
    });
    let kids = |keys: &alliance::keys::Keys| keys.public()["keys"].as_array().expect("a list").clone();
    assert_eq!(kids(&new), [kids(&alone), kids(&old)].concat());
    let sealed = old.seal("two-factor", b"", b"the secret");
    assert_eq!(new.open("two-factor", b"", &sealed).expect("the old key is kept"), b"the secret");
    assert!(alone.open("two-factor", b"", &sealed).is_err());
    assert!(alone.open("two-factor", b"", &new.seal("two-factor", b"", b"")).is_ok(), "the new key seals");
    assert_eq!(new.digests("rates", "a"), [alone.digest("rates", "a"), old.digest("rates", "a")]);
    assert_eq!(new.digest("rates", "a"), alone.digest("rates", "a"));
    assert_eq!(new.derive("refresh", b"a"), alone.derive("refresh", b"a"));
}

#[test]
fn with_postgresql_a_start_without_keys_is_refused_with_the_command_that_makes_them() {
    let url = postgres::empty_database();
    let none = [("DATABASE_URL", url.as_str()), ("ALLIANCE_SIGNING_KEY", ""), ("ALLIANCE_SECRET_KEY", "")];
    let one = [none[0], none[1]];
    for (arguments, settings) in [(["serve"], &none[..]), (["serve"], &one[..]), (["seed"], &none[..])] {
        let arguments = if arguments == ["seed"] { &["seed", "--demo"][..] } else { &arguments[..] };
        let refused = run(arguments, settings);
        let problem = text(&refused.stderr);
        assert!(!refused.status.success(), "{arguments:?}");
        for word in ["ALLIANCE_SIGNING_KEY", "ALLIANCE_SECRET_KEY", "`alliance keys create`", "not set"] {
            assert!(problem.contains(word), "{arguments:?}: {problem}");
        }
    }
    let found = text(&run(&["doctor", "--listen", "127.0.0.1:0"], &none).stdout);
    assert!(found.contains("PROBLEM  its keys can be used") && found.contains("`alliance keys create`"), "{found}");
    assert!(run(&["migrate"], &none).status.success(), "who migrates signs nothing");
}

#[test]
fn what_keys_create_prints_and_writes_is_what_a_start_takes() {
    let url = postgres::empty_database();
    let files = folder().join("keys");
    let name = files.to_str().expect("it is UTF-8");
    for arguments in [&["keys", "create"][..], &["keys", "create", "--dir", name]] {
        let made = run(arguments, &[("ALLIANCE_LISTEN", "no setting is read")]);
        let lines = text(&made.stdout);
        assert!(made.status.success(), "{}", text(&made.stderr));
        assert!(lines.lines().all(|line| !line.contains([' ', '"', '\'', '#', '$'])), "nothing wants quotes: {lines}");
        let lines = lines.lines().map(|line| line.split_once('=').expect("it is a setting")).collect::<Vec<_>>();
        let mut settings = vec![("DATABASE_URL", url.as_str()), ("ALLIANCE_SIGNING_KEY", ""), ("ALLIANCE_SECRET_KEY", "")];
        settings.extend(lines);
        let server = serve(&settings);
        let published = exchange(&server.address, "GET /.well-known/jwks.json HTTP/1.1", "");
        assert!(published.contains("\"kid\""), "{published}");
    }
    let again = run(&["keys", "create", "--dir", name], &[]);
    assert!(!again.status.success() && text(&again.stderr).contains("is there already, and stays"), "{}", text(&again.stderr));
    let rotated = run(&["keys", "rotate", "--dir", name], &[]);
    assert!(rotated.status.success() && text(&rotated.stdout).contains("restart"), "{}", text(&rotated.stderr));
    let elsewhere = run(&["keys", "rotate"], &[("DATABASE_URL", &url)]);
    assert!(!elsewhere.status.success() && text(&elsewhere.stderr).contains("--dir"), "{}", text(&elsewhere.stderr));
}

#[test]
fn keys_that_are_set_are_told_apart_from_what_is_none_and_never_shown() {
    let pem = format!("-----BEGIN PRIVATE KEY-----\\n{SIGNING_KEY}\\n-----END PRIVATE KEY-----");
    let public = keys_of(|_| ()).public();
    for signing in
        [pem.clone(), pem.replace("\\n", "\n"), pem.replace("\\n", "\r\n"), format!(" {SIGNING_KEY},\n"), SIGNING_KEY.into()]
    {
        assert_eq!(keys_of(|flags| flags.signing_key = Some(signing.clone().into())).public(), public, "{signing}");
    }
    let half = format!("-----BEGIN PRIVATE KEY-----\n{SIGNING_KEY}");
    let url = "postgres://alliance:password@127.0.0.1:1/alliance";
    let zeros = format!("{}=", "A".repeat(43));
    let cases: [(Settings, &str); 8] = [
        (&[("ALLIANCE_SIGNING_KEY", &half)], "not all of it is between"),
        (&[("ALLIANCE_SIGNING_KEY", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----")], "not all of it"),
        (&[("ALLIANCE_SIGNING_KEY", SECRET_KEY)], "key 1 is not an Ed25519 key"),
        (&[("ALLIANCE_SIGNING_KEY", "demo")], "key 1 is not an Ed25519 key"),
        (&[("ALLIANCE_SECRET_KEY", "demo")], "key 1 is not 32 bytes"),
        (&[("ALLIANCE_SECRET_KEY", &zeros)], "key 1 is a placeholder"),
        (&[("ALLIANCE_SECRET_KEY", &SECRET_KEY[..40])], "key 1 is not 32 bytes"),
        (&[("ALLIANCE_SECRET_KEY_FILE", "/nowhere")], "ALLIANCE_SECRET_KEY_FILE is set too"),
    ];
    for (settings, words) in cases {
        let problem = text(&run(&["serve"], &[&[("DATABASE_URL", url)], settings].concat()).stderr);
        assert!(problem.contains(settings[0].0.trim_end_matches("_FILE")) && problem.contains(words), "{settings:?}: {problem}");
        assert!(!problem.contains(&SIGNING_KEY[..40]) && !problem.contains(&SECRET_KEY[..20]), "{problem}");
    }
    let shown = text(&run(&["config", "show"], &[("DATABASE_URL", url)]).stdout);
    assert!(shown.contains("ALLIANCE_SIGNING_KEY=***\nALLIANCE_SECRET_KEY=***\n"), "{shown}");
    let help = text(&alliance(&["--help"], &[("DATABASE_URL", url)]).output().expect("it runs").stdout);
    for told in [shown, help] {
        assert!(!told.contains(SIGNING_KEY) && !told.contains(SECRET_KEY), "{told}");
    }
}

#[test]
fn a_key_file_that_is_named_counts_and_a_flag_for_it_overrules_the_variable() {
    let folder = folder();
    let (signing, wrong) = (folder.join("signing"), folder.join("wrong"));
    std::fs::write(&signing, format!("{SIGNING_KEY}\n")).expect("it can be written");
    std::fs::write(&wrong, "damaged").expect("it can be written");
    let doctor = |arguments: &[&str], settings: Settings| {
        let mut command = std::process::Command::new(crate::binary::binary());
        prepare(command.args(["doctor", "--listen", "127.0.0.1:0"]).args(arguments), &folder, settings);
        text(&command.output().expect("it runs").stdout)
    };
    let secret = ("ALLIANCE_SECRET_KEY", SECRET_KEY);
    let (signing, wrong) = (signing.to_str().expect("it is UTF-8"), wrong.to_str().expect("it is UTF-8"));
    let found = doctor(&[], &[secret, ("ALLIANCE_SIGNING_KEY_FILE", signing)]);
    assert!(found.contains("ok       its keys can be used"), "{found}");
    let found = doctor(&["--signing-key-file", signing], &[secret, ("ALLIANCE_SIGNING_KEY", "damaged")]);
    assert!(found.contains("ok       its keys can be used"), "{found}");
    let found = doctor(&[], &[secret, ("ALLIANCE_SIGNING_KEY_FILE", wrong)]);
    assert!(found.contains("PROBLEM  its keys can be used: ALLIANCE_SIGNING_KEY"), "{found}");
}

#[tokio::test]
async fn no_tool_shows_a_key_where_it_is_printed_for_a_log() {
    for app in TestApp::both().await {
        let printed = format!("{:?}{:?}", app.app, app.app.config());
        assert!(!printed.contains(SIGNING_KEY) && !printed.contains(SECRET_KEY), "{}", app.name);
    }
}

#[test]
fn a_link_names_one_thing_for_one_purpose_and_outlives_a_change_of_keys() {
    let keys = keys_of(|_| ());
    let (comes, goes) = (Link { prefix: "ale_", purpose: "comes" }, Link { prefix: "alg_", purpose: "goes" });
    let id = Uuid::from_u128(0x0123_4567_89ab_cdef);
    let read = |keys: &Keys, link: Link, token: &str| keys.read_link(link, &token.into());
    let token = keys.link(comes, id);
    assert_eq!((token.len(), &token[..4], token == keys.link(comes, id)), (68, "ale_", true), "{token}");
    assert_eq!(read(&keys, comes, &format!(" {token}\n")), Some(id), "however it was copied");
    let other = keys.link(comes, Uuid::from_u128(1));
    let swapped = format!("{}{}", &token[..36], &other[36..]);
    let named = token.replace("ale_", "alg_");
    for bent in
        [&swapped, &named, &token.to_uppercase(), &token[..67].to_owned(), &format!("{token}0"), &"é".repeat(34), &String::new()]
    {
        assert_eq!((read(&keys, comes, bent), read(&keys, goes, bent)), (None, None), "{bent}");
    }
    assert_eq!(read(&keys, goes, &token), None, "for something else");
    let rotated = keys_of(|flags| flags.secret_key = Some(format!("{OTHER_SECRET},{SECRET_KEY}").into()));
    assert_eq!(read(&rotated, comes, &token), Some(id), "an older key sealed it");
    assert_ne!(rotated.link(comes, id), token);
    let stranger = keys_of(|flags| flags.secret_key = Some(OTHER_SECRET.into()));
    assert_eq!(read(&stranger, comes, &token), None);
}
