//! A node that is killed while it sends to a thousand subscribers.

use alliance_tests::mailing::{Place, survive};
use alliance_tests::postgres;

use crate::binary;

const SUBSCRIBERS: usize = 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_are_told_once_each_though_the_node_is_killed_that_tells_them() {
    let (binary, folder, postgres) = (binary::binary(), binary::folder(), postgres::database());
    let (binary, folder) = (binary.to_str().expect("its path is text"), folder.to_str().expect("its path is text"));
    let sqlite = format!("sqlite://{folder}/alliance.db");
    let keys = [
        ("ALLIANCE_DATA_DIR", folder),
        ("ALLIANCE_SIGNING_KEY", alliance_tests::app::SIGNING_KEY),
        ("ALLIANCE_SECRET_KEY", alliance_tests::app::SECRET_KEY),
    ];
    // On SQLite another node is started in its place; on PostgreSQL both share the work until then.
    for (url, two_nodes) in [(sqlite.as_str(), false), (postgres.as_str(), true)] {
        let outcome = survive(Place { alliance: binary, settings: &keys, url }, SUBSCRIBERS, two_nodes, |_| ()).await;
        assert!(outcome.is_well(), "{url}: {outcome}");
        assert_eq!(outcome.audience, 1_000, "{url}: {outcome}");
        assert!(outcome.at_kill < SUBSCRIBERS, "{url}: it was killed in the midst of it: {outcome}");
    }
}
