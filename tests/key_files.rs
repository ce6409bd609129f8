//! The key files beside a SQLite database: made once, kept to their owner, and never replaced unasked.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Barrier;

use alliance::config::Config;
use alliance::config::flags::Flags;
use alliance::error::Error;
use alliance::keys::Keys;

use crate::binary::{exchange, folder, run, serve, text};

const SIGNING: &str = "signing-key.pem";
const SECRET: &str = "secret.key";

fn config(folder: &Path) -> Config {
    let flags = Flags { data_dir: Some(folder.to_owned()), ..Flags::default() };
    Config::read(&flags).expect("the settings are right")
}

fn load(folder: &Path) -> Result<Keys, Error> {
    Keys::load(&config(folder))
}

/// Keys that were made in a folder of their own.
fn made() -> (PathBuf, Keys) {
    let folder = folder();
    let keys = load(&folder).expect("the keys can be made");
    (folder, keys)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("it is there");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("it is there").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_first_run_makes_keys_for_their_owner_alone_and_the_next_one_finds_them() {
    let new = folder().join("data");
    assert!(Keys::look(&config(&new)).expect("nothing is wrong").is_none());
    assert!(!new.exists(), "a look makes nothing");
    let keys = load(&new).expect("the keys can be made");
    assert_eq!(names(&new), [SECRET, SIGNING]);
    for name in [SECRET, SIGNING] {
        let mode = new.join(name).metadata().expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let again = load(&new).expect("the keys are there");
    let looked = Keys::look(&config(&new)).expect("nothing is wrong").expect("the keys are there");
    for other in [again, looked] {
        assert_eq!((other.public(), other.digest("a", "b")), (keys.public(), keys.digest("a", "b")));
    }
    assert_ne!(made().1.public(), keys.public());
}

#[test]
fn those_who_start_at_once_end_with_the_same_keys() {
    for _ in 0..20 {
        let (folder, all) = (folder(), Barrier::new(8));
        let told = || {
            all.wait();
            let keys = load(&folder).expect("the keys can be made");
            (keys.public().to_string(), keys.digest("a", "b"))
        };
        let told = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(told)).collect();
            threads.into_iter().map(|thread| thread.join().expect("it ends")).collect::<Vec<_>>()
        });
        assert!(told.iter().all(|keys| *keys == told[0]), "{told:?}");
        assert_eq!(names(&folder), [SECRET, SIGNING]);
    }
}

#[test]
fn servers_that_start_at_once_on_one_folder_publish_the_same_key() {
    let folder = folder().join("data");
    let settings = [("ALLIANCE_DATA_DIR", folder.to_str().expect("it is UTF-8")), ("ALLIANCE_DEMO", "false")];
    let servers = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(|| serve(&settings))).collect();
        threads.into_iter().map(|thread| thread.join().expect("it starts")).collect::<Vec<_>>()
    });
    let ask = "GET /.well-known/jwks.json HTTP/1.1";
    let published: Vec<String> = servers.iter().map(|server| exchange(&server.address, ask, "")).collect();
    let keys = |answer: &String| answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
    assert!(published.iter().all(|answer| answer.contains("\"kid\"") && keys(answer) == keys(&published[0])), "{published:?}");
}

#[test]
fn a_damaged_file_is_an_error_that_says_what_to_do_and_it_stays_as_it_is() {
    let (folder, _) = made();
    let whole = [SECRET, SIGNING].map(|name| std::fs::read(folder.join(name)).expect("it is there"));
    let half = &whole[1][..60];
    let two = [&whole[0][..], b"\n", b"damaged"].concat();
    let cases: [(&str, &[u8], &str); 8] = [
        (SECRET, b"", "it holds no key"),
        (SECRET, b"demo", "key 1 is not 32 bytes"),
        (SECRET, &whole[0][..30], "key 1 is not 32 bytes"),
        (SECRET, &two, "key 2 is not 32 bytes"),
        (SECRET, &[0xff; 44], "cannot be used"),
        (SIGNING, b"", "it holds no key"),
        (SIGNING, half, "not all of it is between"),
        (SIGNING, b"-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----", "key 1 is not an Ed25519 key"),
    ];
    for (name, content, words) in cases {
        let path = folder.join(name);
        let kept = std::fs::read(&path).expect("it is there");
        std::fs::write(&path, content).expect("it can be written");
        let problem = load(&folder).expect_err("it is damaged").to_string();
        let looked = Keys::look(&config(&folder)).expect_err("it is damaged").to_string();
        assert_eq!(problem, looked);
        assert!(problem.contains(words) && problem.contains("backup"), "{name}: {problem}");
        assert!(problem.contains(&path.display().to_string()), "{name}: {problem}");
        assert_eq!(std::fs::read(&path).expect("it is there"), content, "{name} stays");
        let rotated = run(&["keys", "rotate", "--dir", folder.to_str().expect("it is UTF-8")], &[]);
        assert!(!rotated.status.success(), "a damaged key is not buried");
        std::fs::write(&path, kept).expect("it can be written");
    }
    load(&folder).expect("it is whole again");
}

#[test]
fn a_file_that_others_may_read_is_refused_with_the_command_that_mends_it() {
    let (folder, _) = made();
    for (name, mode) in [(SECRET, 0o644), (SIGNING, 0o640), (SECRET, 0o602)] {
        let path = folder.join(name);
        std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).expect("the owner may");
        let problem = load(&folder).expect_err("others may read it").to_string();
        assert!(problem.contains(&format!("`chmod 600 {}`", path.display())), "{problem}");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).expect("the owner may");
    }
    std::fs::remove_file(folder.join(SIGNING)).expect("the owner may");
    std::fs::create_dir(folder.join(SIGNING)).expect("the owner may");
    std::fs::set_permissions(folder.join(SIGNING), PermissionsExt::from_mode(0o700)).expect("the owner may");
    assert!(load(&folder).expect_err("it is a folder").to_string().contains(SIGNING));
}

#[test]
fn a_run_that_was_cut_short_is_gone_on_with_and_a_lost_secret_key_is_not_replaced() {
    let (folder, keys) = made();
    // Cut short: after the first file, and in the middle of the second.
    std::fs::remove_file(folder.join(SIGNING)).expect("the owner may");
    std::fs::write(folder.join("signing-key.pem.new"), "-----BEGIN").expect("it can be written");
    let gone_on = load(&folder).expect("the other key can be made");
    assert_eq!(gone_on.digest("a", "b"), keys.digest("a", "b"));
    assert_eq!(names(&folder), [SECRET, SIGNING]);
    std::fs::remove_file(folder.join(SECRET)).expect("the owner may");
    let problem = load(&folder).expect_err("a key is lost").to_string();
    assert!(problem.contains("is gone") && problem.contains("backup"), "{problem}");
    assert_eq!(names(&folder), [SIGNING], "nothing was made in its place");
    std::fs::remove_file(folder.join(SIGNING)).expect("the owner may");
    load(&folder).expect("whoever wants to begins anew");
}

#[test]
fn a_rotation_puts_new_keys_first_and_keeps_the_old_ones() {
    let (folder, old) = made();
    let sealed = old.seal("a", b"", b"the secret");
    for rotations in 1..=2 {
        let done = run(&["keys", "rotate"], &[("ALLIANCE_DATA_DIR", folder.to_str().expect("it is UTF-8"))]);
        assert!(done.status.success(), "{}", text(&done.stderr));
        let new = load(&folder).expect("the keys are there");
        let keys = new.public()["keys"].as_array().expect("a list").clone();
        assert_eq!((keys.len(), &keys[rotations]), (rotations + 1, &old.public()["keys"][0]));
        assert_eq!(new.open("a", b"", &sealed).expect("the old key is kept"), b"the secret");
        assert!(old.open("a", b"", &new.seal("a", b"", b"")).is_err(), "a new key seals");
    }
    let none = run(&["keys", "rotate"], &[("ALLIANCE_DATA_DIR", crate::binary::folder().to_str().expect("it is UTF-8"))]);
    assert!(!none.status.success() && text(&none.stderr).contains("the first start makes them"), "{}", text(&none.stderr));
}
