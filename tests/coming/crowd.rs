//! Many at once: nobody is lost, nobody comes twice, and no place is given to two.

use std::sync::Arc;

use alliance::consistency::store::examine;
use alliance_entity::account;
use alliance_entity::id::AccountId;
use alliance_tests::app::TestApp;
use futures_util::future::join_all;
use uuid::Uuid;

use crate::coming::Scene;
use crate::guests;
use crate::rows::{self, insert_all};
use crate::viewers::with_roles;

/// Makes a change as each of these accounts at once, on two nodes in turns. Who is told that there is no room now asks again, as clients do.
async fn both_say(nodes: &[Arc<TestApp>; 2], query: &str, accounts: Vec<u128>) -> Vec<String> {
    let said = accounts.into_iter().enumerate().map(|(number, account)| {
        let (node, viewer) = (Arc::clone(&nodes[number % 2]), with_roles(account, &[]));
        async move {
            loop {
                let answer = node.ask_as(&viewer, query).await;
                if !answer.contains("UNAVAILABLE") {
                    return answer;
                }
            }
        }
    });
    join_all(said).await
}

#[tokio::test]
async fn a_hundred_at_once_from_two_nodes_get_ten_places_and_the_others_wait() {
    for app in guests::both().await {
        let scene = Scene::set(&app, Some(10)).await;
        let account = |number: u128| account::Model { ..rows::account(AccountId(Uuid::from_u128(0x5000 + number))) };
        insert_all(&app, (0..100).map(account)).await;
        let nodes = [Arc::new(app.with(|_| ())), Arc::new(TestApp::at(app.app.config().database.expose()).await)];
        let query = format!(
            "mutation {{ eventRsvp(input: {{ event: \"{}\" }}) {{ rsvp {{ state }} userErrors {{ code }} }} }}",
            scene.event
        );
        let said = both_say(&nodes, &query, (0..100).map(|number| 0x5000 + number).collect()).await;
        let many = |said: &[String], state: &str| said.iter().filter(|said| said.contains(state)).count();
        assert_eq!((many(&said, "COMING"), many(&said, "WAITING")), (10, 90), "{}", app.name);
        assert_eq!(scene.sums(&app).await, (10, 90), "{}", app.name);
        let turns = guests::rows_of(&app, "SELECT DISTINCT turn FROM event_rsvps").await;
        assert_eq!(turns.len(), 100, "{}: each has a turn of their own", app.name);

        // Then all of those who come cancel at once.
        let cancel = format!("mutation {{ eventRsvpCancel(input: {{ event: \"{}\" }}) {{ state }} }}", scene.event);
        // And whoever says it again, on the other node, is told the same.
        let again = both_say(&nodes, &query, (0..100).map(|number| 0x5000 + (number + 1) % 100).collect()).await;
        assert_eq!((many(&again, "COMING"), many(&again, "WAITING")), (10, 90), "{}", app.name);
        assert_eq!(scene.sums(&app).await, (10, 90), "{}", app.name);
        let coming = guests::rows_of(&app, "SELECT account_id FROM event_rsvps WHERE state = 'COMING' ORDER BY turn").await;
        let coming: Vec<Uuid> = coming.iter().map(|row| row.try_get_by_index(0).expect("an id")).collect();
        let cancelled = both_say(&nodes, &cancel, coming.iter().map(Uuid::as_u128).collect()).await;
        assert_eq!(many(&cancelled, "CANCELLED"), 10, "{}: {cancelled:?}", app.name);
        assert_eq!(scene.sums(&app).await, (10, 80), "{}", app.name);
        let next = guests::rows_of(&app, "SELECT turn FROM event_rsvps WHERE state = 'COMING' ORDER BY turn").await;
        let next: Vec<i32> = next.iter().map(|row| row.try_get_by_index(0).expect("a turn")).collect();
        assert_eq!(next, (11..=20).collect::<Vec<_>>(), "{}: in their order", app.name);
        let problems: Vec<_> = examine(app.app.db().read())
            .await
            .expect("the database answers")
            .into_iter()
            .filter(|(_, wrong)| wrong.is_some())
            .collect();
        assert!(problems.iter().all(|(rule, _)| !rule.contains("event")), "{}: {problems:?}", app.name);
        for node in &nodes {
            node.leave_jobs();
        }
        app.work().await;
        let told: Vec<_> = app.mails().into_iter().filter(|mail| mail.subject.starts_with("There is a place")).collect();
        assert_eq!(told.len(), 10, "{}: each who comes now is told once", app.name);
    }
}
