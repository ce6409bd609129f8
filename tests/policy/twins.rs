//! The twins in SQL: over rows of two alliances, of every state and owner, each lets exactly those through that the policy lets through.

use std::collections::BTreeSet;

use alliance::policy::accounts::{readable_accounts, readable_api_keys};
use alliance::policy::audit::readable_entries;
use alliance::policy::content::{
    readable_alliances, readable_campaigns, readable_events, readable_institutions, readable_people,
};
use alliance::policy::posts::{readable_posts, wholly_readable_posts};
use alliance::policy::reactions::{moderated_comments, own_reactions, readable_comments, readable_comments_on};
use alliance::policy::search::readable_documents;
use alliance::policy::subscriptions::{countable_subscriptions, readable_subscriptions};
use alliance::policy::syndication::readable_partners;
use alliance::policy::webhooks::{readable_deliveries, readable_webhooks};
use alliance::policy::{Action, Readable};
use alliance::viewer::Viewer;
use alliance_entity::reaction::SubjectType;
use alliance_entity::{
    account, api_key, audit_entry, campaign, email_subscription, event, institution, partner, person, post, reaction,
    search_document, webhook, webhook_delivery,
};
use alliance_tests::app::TestApp;
use sea_orm::{ColumnTrait, EntityTrait, Iterable, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::policy::planted::{ALLIANCES, Planted, kinds};
use crate::policy::{audited, subscribed, told};

/// A row, by its id, and what one must be allowed in order to read it. A row that is not listed is read by nobody.
pub(crate) type Ruled<'a> = (Uuid, Vec<Action<'a>>);

/// Compares what SQL lets through with what the policy does, row by row, for every viewer.
pub(super) async fn agree<E: EntityTrait>(
    app: &TestApp,
    column: impl ColumnTrait,
    readable: impl Fn(&Viewer) -> Readable<E>,
    rows: &[Ruled<'_>],
) {
    let mut answers = BTreeSet::new();
    for kind in kinds() {
        let found = E::find().select_only().column(column).filter(readable(&kind.viewer).condition()).into_tuple::<Uuid>();
        let found = found.all(app.app.db().read()).await.expect("the database answers");
        let set: BTreeSet<Uuid> = found.iter().copied().collect();
        assert_eq!(found.len(), set.len(), "{}: {}: a row came twice", app.name, kind.name);
        for (id, actions) in rows {
            let may = actions.iter().all(|action| kind.viewer.may(*action));
            assert_eq!(set.contains(id), may, "{}: {}: {id}: {actions:?}", app.name, kind.name);
        }
        let known: BTreeSet<Uuid> = rows.iter().map(|(id, _)| *id).collect();
        assert!(set.is_subset(&known), "{}: {}: rows that the test does not know", app.name, kind.name);
        answers.insert(set);
    }
    assert!(answers.len() > 2 || rows.len() < 3, "{}: viewers differ in what they read", app.name);
}

#[tokio::test]
async fn the_sql_of_each_right_says_the_same() {
    for app in TestApp::both_empty().await {
        let planted = Planted::plant(&app).await;
        let alliances = ALLIANCES.map(|alliance| (alliance.0, vec![Action::ReadAlliance]));
        agree(&app, alliance_entity::alliance::Column::Id, readable_alliances, &alliances).await;
        agree(&app, post::Column::Id, readable_posts, &planted.posts()).await;
        agree(&app, post::Column::Id, wholly_readable_posts, &planted.whole_posts()).await;
        agree(&app, campaign::Column::Id, readable_campaigns, &planted.campaigns()).await;
        agree(&app, event::Column::Id, readable_events, &planted.events()).await;
        agree(&app, institution::Column::Id, readable_institutions, &planted.institutions()).await;
        agree(&app, person::Column::Id, readable_people, &planted.people()).await;
        agree(&app, account::Column::Id, readable_accounts, &planted.accounts()).await;
        agree(&app, api_key::Column::Id, readable_api_keys, &planted.api_keys()).await;
        agree(&app, partner::Column::Id, readable_partners, &planted.partners()).await;
        let subscribed = subscribed::plant(&app, &planted.addresses()).await;
        agree(&app, email_subscription::Column::Id, readable_subscriptions, &subscribed::ruled(&subscribed)).await;
        agree(&app, email_subscription::Column::Id, countable_subscriptions, &subscribed::counted(&subscribed)).await;
        let told = told::plant(&app).await;
        agree(&app, webhook::Column::Id, readable_webhooks, &told::webhooks(&told)).await;
        agree(&app, webhook_delivery::Column::Id, readable_deliveries, &told::deliveries(&told)).await;
        let entries = audited::plant(&app).await;
        agree(&app, audit_entry::Column::Id, readable_entries, &audited::ruled(&entries)).await;
    }
}

#[tokio::test]
async fn comments_and_what_is_found_show_where_their_subject_does() {
    for app in TestApp::both_empty().await {
        let planted = Planted::plant(&app).await;
        agree(&app, search_document::Column::SubjectId, readable_documents, &planted.subjects()).await;
        agree(&app, reaction::Column::Id, readable_comments, &planted.comments()).await;
        agree(&app, reaction::Column::Id, moderated_comments, &planted.moderated()).await;
        for on in SubjectType::iter() {
            let of_subject = planted.comments_on(on);
            agree(&app, reaction::Column::Id, |viewer| readable_comments_on(viewer, on), &of_subject).await;
        }
    }
}

#[tokio::test]
async fn everybody_reads_what_they_said_of_what_they_may_read() {
    for app in TestApp::both_empty().await {
        let planted = Planted::plant(&app).await;
        let mut answers = 0;
        for kind in kinds() {
            let own = reaction::Entity::find().select_only().column(reaction::Column::Id);
            let own = own.filter(own_reactions(&kind.viewer).condition()).into_tuple::<Uuid>().all(app.app.db().read());
            let own: BTreeSet<Uuid> = own.await.expect("the database answers").into_iter().collect();
            let theirs = planted.standing().into_iter().filter(|(writer, (_, actions))| {
                kind.viewer.writer() == Some(*writer) && actions.iter().all(|action| kind.viewer.may(*action))
            });
            assert_eq!(own, theirs.map(|(_, (id, _))| id).collect(), "{}: {}", app.name, kind.name);
            answers += own.len();
        }
        assert!(answers > 100, "{}: there is something to read", app.name);
    }
}
