//! Editing: what authors and editors do to posts, and what everybody else sees of it meanwhile.

mod conflicts;
mod killed;
mod life;
pub(super) mod model;
mod previews;
mod reviewing;
mod scheduling;
mod slugs;
mod two_nodes;
mod writing;

use alliance_entity::account_role::Role;
use alliance_entity::campaign::CampaignStatus;
use alliance_entity::id::{CampaignId, InstitutionId};
use alliance_entity::institution::InstitutionStatus;
use alliance_tests::app::TestApp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::guests::{self, Guest};
use crate::rows::{self, put};
use crate::viewers::{HERE, THERE};

pub(super) const CAMPAIGN: CampaignId = CampaignId(Uuid::from_u128(0xca));
pub(super) const INSTITUTION: InstitutionId = InstitutionId(Uuid::from_u128(0xce));

/// Those who work on the posts of an alliance, and one of each who does not.
pub(super) struct Desk {
    pub(super) author: Guest,
    pub(super) editor: Guest,
    pub(super) supporter: Guest,
    /// An editor of another alliance.
    pub(super) elsewhere: Guest,
}

/// A desk on each database.
pub(super) async fn desks() -> Vec<(TestApp, Desk)> {
    let mut desks = Vec::new();
    // Webhooks of theirs may lead to this machine.
    for app in guests::both_set(|flags| flags.outgoing_allowed = Some("127.0.0.1".to_owned())).await {
        let ada = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let grace = guests::admin(&app, Some(THERE), "grace@example.org").await;
        let desk = Desk {
            author: guests::joined(&app, &ada, (HERE, Role::Author), "author@example.org").await,
            editor: guests::joined(&app, &ada, (HERE, Role::Editor), "editor@example.org").await,
            supporter: guests::registered(&app, "supporter@example.org").await,
            elsewhere: guests::joined(&app, &grace, (THERE, Role::Editor), "elsewhere@example.org").await,
        };
        put!(
            &app,
            rows::campaign(CAMPAIGN, HERE, "clean-air", CampaignStatus::Active),
            rows::institution(INSTITUTION, HERE, "a-school", InstitutionStatus::Published),
        );
        drop(app.mails());
        desks.push((app, desk));
    }
    desks
}

/// What staff are told of a post after each change.
pub(super) const STATE: &str = "post { id slug version status title hasPendingChanges deletedAt scheduledFor unpublishAt \
                                draft { number title } revisions { totalCount } viewerCan { edit publish } }";

/// Begins a post, and returns it.
pub(super) async fn begun(app: &TestApp, by: &Guest, title: &str) -> Value {
    let input = json!({ "alliance": HERE.to_string(), "title": title, "body": format!("{title}, at length.\n\nAnd more."),
        "campaigns": [CAMPAIGN.to_string()], "institutions": [INSTITUTION.to_string()] });
    by.does(app, "postCreate", input, STATE).await["post"].take()
}

/// Does something to a post as it was read last, with more of its input where it is given, and returns the post.
pub(super) async fn act(app: &TestApp, by: &Guest, field: &str, post: &Value, more: Value) -> Value {
    by.does(app, field, with(post, more), STATE).await["post"].take()
}

/// The input that names a post and its version.
pub(super) fn with(post: &Value, more: Value) -> Value {
    let mut input = json!({ "id": post["id"], "version": post["version"] });
    if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
        input.extend(more);
    }
    input
}

/// The title under which the public finds a post: the same through every door, or nothing through each of them.
pub(super) async fn public_title(app: &TestApp, post: &Value, words: &str) -> Option<String> {
    let (id, slug) = (post["id"].as_str().expect("an id"), post["slug"].as_str().expect("a slug"));
    let query = format!(
        "{{ node(id: \"{id}\") {{ ... on Post {{ title }} }} nodes(ids: [\"{id}\"]) {{ ... on Post {{ title }} }}
            one: post(id: \"{id}\") {{ title version hasPendingChanges revisions {{ totalCount }} scheduledFor }}
            same: post(slug: \"{slug}\", alliance: \"here\") {{ title }}
            posts(filter: {{ alliance: \"here\" }}) {{ totalCount nodes {{ title }} }}
            changed: posts(filter: {{ alliance: \"here\" }}, orderBy: {{ field: UPDATED_AT, direction: ASC }}) {{ totalCount nodes {{ title }} }}
            alliance(slug: \"here\") {{ posts {{ totalCount nodes {{ title }} edges {{ cursor }} }} }}
            campaign(id: \"{CAMPAIGN}\") {{ posts {{ totalCount nodes {{ title }} }} }}
            institution(id: \"{INSTITUTION}\") {{ posts {{ totalCount nodes {{ title }} }} }}
            search(query: \"{words}\", alliance: \"here\") {{ totalCount nodes {{ titleHtml subject {{ ... on Post {{ title }} }} }} }} }}"
    );
    let seen = app.read(&query).await;
    let lists =
        [&seen["posts"], &seen["changed"], &seen["alliance"]["posts"], &seen["campaign"]["posts"], &seen["institution"]["posts"]];
    let found = &seen["search"]["nodes"][0]["subject"]["title"];
    let titles: Vec<&Value> =
        [&seen["node"]["title"], &seen["nodes"][0]["title"], &seen["one"]["title"], &seen["same"]["title"], found]
            .into_iter()
            .chain(lists.iter().map(|list| &list["nodes"][0]["title"]))
            .collect();
    assert!(titles.iter().all(|title| *title == titles[0]), "{}: every door shows the same: {seen}", app.name);
    let many = i64::from(!titles[0].is_null());
    for list in lists.into_iter().chain([&seen["search"]]) {
        assert_eq!(list["totalCount"], many, "{}: every list counts the same: {seen}", app.name);
    }
    let one = &seen["one"];
    let staff = [&one["version"], &one["hasPendingChanges"], &one["revisions"], &one["scheduledFor"]];
    assert!(staff.iter().all(|told| told.is_null()), "{}: this is for staff: {seen}", app.name);
    titles[0].as_str().map(str::to_owned)
}
