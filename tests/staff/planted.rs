//! Content of two alliances in every state, with what drafts lack: no date of publication, no live revision, no day of joining.

use alliance::policy::{Action, Owned};
use alliance_entity::campaign::CampaignStatus;
use alliance_entity::event::EventStatus;
use alliance_entity::id::{
    AccountId, AllianceId, CampaignId, EventId, InstitutionId, PersonId, PostId, PostRevisionId, ReactionId,
};
use alliance_entity::institution::InstitutionStatus;
use alliance_entity::post::PostStatus;
use alliance_entity::reaction::{ReactionState, SubjectType};
use alliance_entity::search_document::{self, SearchType};
use alliance_entity::{
    campaign, campaign_institution, event, event_campaign, institution, post, post_campaign, post_institution, post_revision,
    reaction,
};
use alliance_tests::app::TestApp;
use chrono::{Duration, NaiveDate};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, Iterable, QueryFilter};
use uuid::Uuid;

use crate::rows::{self, insert_all, insert_posts, now, put};
use crate::viewers::{HERE, THERE};

/// The author of `viewers::here`.
pub(super) const AUTHOR: AccountId = AccountId(Uuid::from_u128(0x13));

/// Something with a slug.
pub(super) struct Object {
    pub(super) id: String,
    pub(super) slug: String,
    /// The root field that finds it.
    pub(super) field: &'static str,
    pub(super) of: AllianceId,
    /// Seeing it.
    pub(super) action: Action<'static>,
}

impl Object {
    pub(super) fn alliance(&self) -> &'static str {
        if self.of == HERE { "here" } else { "there" }
    }
}

/// Hidden things that filters name, and a comment that was removed, its writer being the author.
pub(super) struct Named {
    pub(super) campaign: CampaignId,
    pub(super) institution: InstitutionId,
    pub(super) event: EventId,
    pub(super) person: PersonId,
    pub(super) removed: ReactionId,
}

/// What was planted.
pub(super) struct Content {
    pub(super) posts: Vec<post::Model>,
    pub(super) campaigns: Vec<campaign::Model>,
    pub(super) events: Vec<event::Model>,
    pub(super) institutions: Vec<institution::Model>,
    pub(super) named: Named,
}

fn slug(status: &impl ActiveEnum<Value = String>) -> String {
    status.to_value().to_lowercase()
}

fn ids(from: u128) -> impl Iterator<Item = Uuid> {
    (from..).map(Uuid::from_u128)
}

impl Content {
    pub(super) async fn plant(app: &TestApp) -> Self {
        put!(app, rows::alliance(HERE, "here"), rows::alliance(THERE, "there"), rows::account(AUTHOR));
        let (campaigns, events, institutions) = (campaigns(), events(), institutions());
        let person = PersonId(Uuid::from_u128(0x500));
        put!(app, rows::person(person, HERE, "nobody yet"));
        insert_all(app, campaigns.clone()).await;
        insert_all(app, events.clone()).await;
        insert_all(app, institutions.clone()).await;
        let named = Named {
            campaign: campaigns[0].id,
            institution: institutions[0].id,
            event: events[0].id,
            person,
            removed: ReactionId(Uuid::from_u128(0x600)),
        };
        let posts = posts(&named);
        insert_posts(app, &posts).await;
        let content = Self { posts, campaigns, events, institutions, named };
        content.join(app).await;
        content.plant_documents(app).await;
        content
    }

    /// Every post belongs to a hidden and a public campaign, and to a hidden institution; the rest is joined to the hidden campaign.
    async fn join(&self, app: &TestApp) {
        let (hidden, public, institution_id) = (self.campaigns[0].id, self.campaigns[1].id, self.institutions[0].id);
        let here = self.posts.iter().filter(|post| post.alliance_id == HERE);
        let live = |post: &post::Model| post.published_at.filter(|_| post.status == PostStatus::Published);
        let campaigns = here.clone().flat_map(|post| [hidden, public].map(|campaign| (post, campaign)));
        let of_campaigns =
            campaigns.map(|(post, campaign_id)| post_campaign::Model { post_id: post.id, campaign_id, published_at: live(post) });
        insert_all(app, of_campaigns).await;
        let of_institutions =
            here.clone().map(|post| post_institution::Model { post_id: post.id, institution_id, published_at: live(post) });
        insert_all(app, of_institutions).await;
        let events = self.events.iter().filter(|event| event.alliance_id == HERE);
        let of_events = events.map(|of| event_campaign::Model { event_id: of.id, campaign_id: hidden, starts_at: of.starts_at });
        insert_all(app, of_events).await;
        for institution in self.institutions.iter().filter(|institution| institution.alliance_id == HERE) {
            put!(app, campaign_institution::Model { campaign_id: hidden, institution_id: institution.id });
        }
        // What was published once and is being written again.
        let rewritten = self.posts.iter().filter(|post| post.live_revision_id.is_some());
        for (post, id) in rewritten.zip(ids(0x700)) {
            let revision = rows::revision(post);
            put!(app, post_revision::Model { id: PostRevisionId(id), number: 2, title: "rewritten".to_owned(), ..revision });
            let set = post::Entity::update_many()
                .col_expr(post::Column::DraftRevisionId, Expr::val(id))
                .filter(post::Column::Id.eq(post.id))
                .exec(app.app.db().write());
            set.await.expect("the post can be changed");
        }
        let published = self.posts.iter().find(|post| post.alliance_id == HERE && post.status == PostStatus::Published);
        let subject = (SubjectType::Post, published.expect("one is published").id.0);
        let comment = rows::comment(self.named.removed, subject, ReactionState::Removed);
        put!(app, reaction::Model { account_id: Some(AUTHOR), ..comment });
    }

    async fn plant_documents(&self, app: &TestApp) {
        let of_type = |field| match field {
            "post" => SearchType::Post,
            "campaign" => SearchType::Campaign,
            "event" => SearchType::Event,
            _ => SearchType::Institution,
        };
        let document = |(rank_time, object): (i64, &Object)| search_document::Model {
            rank_time,
            subject_type: of_type(object.field),
            subject_id: alliance_entity::id::parse(&object.id).expect("this is an id").1,
            alliance_id: object.of,
            title: format!("A sample: {}", object.slug),
            body: "body".to_owned(),
        };
        let objects = self.objects();
        insert_all(app, (1..).zip(&objects).map(document)).await;
    }

    pub(super) fn objects(&self) -> Vec<Object> {
        let object = |id: String, slug: &str, field, of, action| Object { id, slug: slug.to_owned(), field, of, action };
        let posts = self.posts.iter().map(|of| object(of.id.to_string(), &of.slug, "post", of.alliance_id, read(of)));
        let campaigns = self.campaigns.iter().map(|of| {
            let action = Action::ReadCampaign(of.alliance_id, of.status);
            object(of.id.to_string(), &of.slug, "campaign", of.alliance_id, action)
        });
        let events = self.events.iter().map(|of| {
            let action = Action::ReadEvent(of.alliance_id, of.status);
            object(of.id.to_string(), &of.slug, "event", of.alliance_id, action)
        });
        let institutions = self.institutions.iter().map(|of| {
            let action = Action::ReadInstitution(of.alliance_id, of.status);
            object(of.id.to_string(), &of.slug, "institution", of.alliance_id, action)
        });
        posts.chain(campaigns).chain(events).chain(institutions).collect()
    }
}

/// Seeing a post.
pub(super) fn read(post: &post::Model) -> Action<'static> {
    Action::ReadPost(Owned { owner: post.owner_id, alliance: post.alliance_id, state: post.status })
}

/// The drafts of HERE first, then what is public there; some at the same moment.
fn campaigns() -> Vec<campaign::Model> {
    let all = [HERE, THERE].into_iter().flat_map(|of| CampaignStatus::iter().map(move |status| (of, status)));
    let campaign = |(id, (of, status)): (Uuid, (AllianceId, CampaignStatus))| {
        let campaign = rows::campaign(CampaignId(id), of, &format!("campaign-{}", slug(&status)), status);
        campaign::Model { updated_at: now() + Duration::seconds(i64::from(status == CampaignStatus::Closed)), ..campaign }
    };
    ids(0x200).zip(all).map(campaign).collect()
}

fn events() -> Vec<event::Model> {
    let all = [HERE, THERE].into_iter().flat_map(|of| EventStatus::iter().map(move |status| (of, status)));
    let event = |(id, (of, status))| rows::event(EventId(id), of, &format!("event-{}", slug(&status)), status);
    ids(0x300).zip(all).map(event).collect()
}

fn institutions() -> Vec<institution::Model> {
    let mut ids = ids(0x400);
    let mut all = Vec::new();
    for of in [HERE, THERE] {
        for (status, joined_on) in
            InstitutionStatus::iter().flat_map(|status| [None, NaiveDate::from_ymd_opt(2020, 1, 1)].map(|day| (status, day)))
        {
            let end = if joined_on.is_some() { "-joined" } else { "" };
            let id = InstitutionId(ids.next().unwrap_or_default());
            let institution = rows::institution(id, of, &format!("institution-{}{end}", slug(&status)), status);
            all.push(institution::Model { joined_on, ..institution });
        }
    }
    all
}

/// In every state, one that is nobody's and one of the author's; pairs of them changed at the same moment.
fn posts(named: &Named) -> Vec<post::Model> {
    let mut ids = ids(0x100);
    let mut all = Vec::new();
    for of in [HERE, THERE] {
        for (n, (status, owner_id)) in
            (0..).zip(PostStatus::iter().flat_map(|status| [None, Some(AUTHOR)].map(|owner| (status, owner))))
        {
            let end = if owner_id.is_some() { "-own" } else { "" };
            let post = rows::post(PostId(ids.next().unwrap_or_default()), of, &format!("{}{end}", slug(&status)), status);
            let is_here = of == HERE;
            all.push(post::Model {
                owner_id,
                author_id: is_here.then_some(named.person),
                event_id: is_here.then_some(named.event),
                updated_at: now() - Duration::seconds(n / 3),
                published_at: post.published_at.map(|at| at + Duration::seconds(n / 4)),
                ..post
            });
        }
    }
    all
}
