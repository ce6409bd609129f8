//! A node that is killed while it sends.

use alliance_tests::hooking::{Place, survive};
use alliance_tests::postgres;

use crate::binary;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_is_delivered_under_one_id_each_though_the_node_is_killed_that_sends_it() {
    let (binary, folder, url) = (binary::binary(), binary::folder(), postgres::database());
    let (binary, folder) = (binary.to_str().expect("its path is text"), folder.to_str().expect("its path is text"));
    let keys = [
        ("ALLIANCE_DATA_DIR", folder),
        ("ALLIANCE_SIGNING_KEY", alliance_tests::app::SIGNING_KEY),
        ("ALLIANCE_SECRET_KEY", alliance_tests::app::SECRET_KEY),
    ];
    let outcome = survive(Place { alliance: binary, settings: &keys, url: &url }, 300, 3).await;
    assert!(outcome.is_well(), "{outcome}");
    assert!(outcome.at_kill < outcome.wanted, "it was killed in the midst of it: {outcome}");
}
