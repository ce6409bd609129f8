//! A node that is killed while it sends.

use alliance_tests::app::{SECRET_KEY, SIGNING_KEY};
use alliance_tests::hooking::{Outcome, Place, Step, survive, survive_at};
use alliance_tests::postgres;

use crate::binary;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_is_delivered_under_one_id_each_though_the_node_is_killed_that_sends_it() {
    let outcome = at(async |place| survive(place, 300, 3).await).await;
    assert!(outcome.is_well(), "{outcome}");
    assert!(outcome.at_kill < outcome.wanted, "it was killed in the midst of it: {outcome}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_arrives_under_its_id_at_whichever_step_the_node_is_killed() {
    for step in [Step::Hearing, Step::Claimed, Step::Sent, Step::Answered] {
        let outcome = at(async |place| survive_at(place, step).await).await;
        assert!(outcome.is_well(), "{step:?}: {outcome}");
        let before = usize::from(step.is_sent());
        assert_eq!((outcome.at_kill, outcome.received), (before, before + 1), "{step:?}: {outcome}");
    }
}

/// Lets something happen on a database of its own.
async fn at(act: impl AsyncFnOnce(Place<'_>) -> Outcome) -> Outcome {
    let (binary, folder, url) = (binary::binary(), binary::folder(), postgres::database());
    let (binary, folder) = (binary.to_str().expect("its path is text"), folder.to_str().expect("its path is text"));
    let settings = [("ALLIANCE_DATA_DIR", folder), ("ALLIANCE_SIGNING_KEY", SIGNING_KEY), ("ALLIANCE_SECRET_KEY", SECRET_KEY)];
    act(Place { alliance: binary, settings: &settings, url: &url }).await
}
