//! A server that is killed while editors write.

use std::time::Duration;

use alliance_tests::app::{SECRET_KEY, SIGNING_KEY};
use alliance_tests::{crash, postgres};

use crate::binary;

const LIVES: usize = 3;
const LASTING: Duration = Duration::from_millis(700);

#[test]
fn what_was_acknowledged_survives_a_kill_and_no_half_of_a_change_stands() {
    let (binary, folder, url) = (binary::binary(), binary::folder(), postgres::database());
    let (binary, folder) = (binary.to_str().expect("its path is text"), folder.to_str().expect("its path is text"));
    let on_sqlite = [("ALLIANCE_DATA_DIR", folder)];
    let on_postgres = [
        ("ALLIANCE_DATA_DIR", folder),
        ("DATABASE_URL", url.as_str()),
        ("ALLIANCE_SIGNING_KEY", SIGNING_KEY),
        ("ALLIANCE_SECRET_KEY", SECRET_KEY),
    ];
    for (name, settings) in [("SQLite", on_sqlite.as_slice()), ("PostgreSQL", on_postgres.as_slice())] {
        let survived = crash::survive(binary, settings, LIVES, LASTING, |life| {
            assert!(life.is_well(), "{name}: {life}: {:?} {:?}", life.lost, life.wrong);
            assert!(life.acknowledged > 3, "{name}: {life}: posts were written");
        });
        assert!(survived, "{name}");
    }
}
