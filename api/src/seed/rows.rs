//! The rows of the content for measuring.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use alliance_entity::alliance;
use alliance_entity::campaign::{self, CampaignStatus};
use alliance_entity::id::{AllianceId, CampaignId, InstitutionId, PersonId, PostId, PostRevisionId, ReactionId};
use alliance_entity::institution::{self, InstitutionKind, InstitutionStatus};
use alliance_entity::person_role::{self, PersonRole};
use alliance_entity::post::{self, PostKind, PostStatus};
use alliance_entity::reaction::{self, ReactionKind, SubjectType};
use alliance_entity::search_document::{self, SearchType};
use alliance_entity::{campaign_institution, person, post_campaign, post_institution, post_revision, reaction_counter};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable};

use crate::editing::store::html;
use crate::error::Result;
use crate::posts::links;
use crate::searchable::store;
use crate::searchable::words::Vocabulary;
use crate::seed::words::Bank;
use crate::text::{markdown, sort_key};

const CAMPAIGNS: u32 = 50;
const INSTITUTIONS: u32 = 200;
const AUTHORS: u32 = 20;
const MOST_REACTIONS: u32 = 200_000;
const REACTIONS_PER_POST: u32 = 20;
/// One reaction in so many carries a comment.
const COMMENTS: u32 = 10;
/// 2026-11-01T00:00:00Z: when the newest post was published. The others precede it by a minute each.
const NEWEST: i64 = 1_793_491_200;
const ROWS: usize = 250;
const KINDS: [PostKind; 3] = [PostKind::News, PostKind::Statement, PostKind::Report];

pub(super) struct Seed {
    posts: u32,
    random: ChaCha8Rng,
    bank: Bank,
    vocabulary: Vocabulary,
}

macro_rules! id {
    ($id:ident, $n:expr) => {{
        let (n, mut random): (u32, _) = ($n, [0; 10]);
        // No two things of two kinds have one id.
        random[2..6].copy_from_slice(&$id::PREFIX.as_bytes()[..4]);
        random[6..].copy_from_slice(&n.to_be_bytes());
        // Later things have later ids: posts are numbered from the newest.
        $id::new(u64::try_from(NEWEST - i64::from(n)).unwrap_or_default() * 1000, random)
    }};
}

fn published(n: u32) -> DateTime<Utc> {
    DateTime::from_timestamp(NEWEST, 0).unwrap_or_default() - Duration::minutes(i64::from(n))
}

async fn insert<M>(db: &impl ConnectionTrait, rows: Vec<M>) -> Result<()>
where
    M: sea_orm::ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity>,
{
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some = rows.by_ref().take(ROWS).map(IntoActiveModel::into_active_model);
        M::Entity::insert_many(some).exec_without_returning(db).await?;
    }
    Ok(())
}

fn author(n: u32) -> person_role::Model {
    person_role::Model { person_id: id!(PersonId, n), role: PersonRole::Author, position: 0 }
}

impl Seed {
    pub(super) fn new(posts: u32) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(36);
        let bank = Bank::new(&mut random);
        Self { posts, random, bank, vocabulary: Vocabulary::default() }
    }

    /// The alliance with its people, institutions and campaigns.
    pub(super) async fn write_frame(&mut self, db: &impl ConnectionTrait) -> Result<()> {
        let (alliance_id, now) = (id!(AllianceId, 0), published(0));
        insert(db, vec![measured(alliance_id, now)]).await?;
        let person = |n| person::Model {
            id: id!(PersonId, n),
            alliance_id,
            name: format!("Author {n}"),
            title: None,
            bio: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        insert(db, (1..=AUTHORS).map(person).collect()).await?;
        insert(db, (1..=AUTHORS).map(author).collect()).await?;
        write_institutions(db, alliance_id, now).await?;
        self.write_campaigns(db, alliance_id, now).await?;
        html::make_all(db, alliance_id).await
    }

    async fn write_campaigns(&mut self, db: &impl ConnectionTrait, alliance_id: AllianceId, now: DateTime<Utc>) -> Result<()> {
        let mut campaigns = Vec::new();
        for n in 1..=CAMPAIGNS {
            let title = self.bank.title(&mut self.random);
            campaigns.push(campaign::Model {
                id: id!(CampaignId, n),
                alliance_id,
                slug: format!("campaign-{n}"),
                status: CampaignStatus::Active,
                sort_title: sort_key(&title),
                title,
                summary: "Invented, for measuring.".to_owned(),
                body: "Invented, for measuring.".to_owned(),
                started_on: None,
                ended_on: None,
                is_sensitive: false,
                version: 1,
                created_at: now,
                updated_at: now,
            });
        }
        insert(db, campaigns).await?;
        let link = |n| campaign_institution::Model {
            campaign_id: id!(CampaignId, n % CAMPAIGNS + 1),
            institution_id: id!(InstitutionId, n),
        };
        insert(db, (1..=INSTITUTIONS).map(link).collect()).await
    }

    /// The posts of these numbers, the highest and oldest first.
    pub(super) async fn write_posts(&mut self, db: &impl ConnectionTrait, numbers: RangeInclusive<u32>) -> Result<()> {
        let (mut posts, mut revisions, mut documents) = (Vec::new(), Vec::new(), Vec::new());
        let (mut in_campaigns, mut in_institutions) = (Vec::new(), Vec::new());
        for n in numbers.rev() {
            let (post_id, published_at) = (id!(PostId, n), Some(published(n)));
            let campaign = self.random.random_range(1..=CAMPAIGNS);
            for campaign in [campaign, campaign % CAMPAIGNS + 1] {
                in_campaigns.push(post_campaign::Model { post_id, campaign_id: id!(CampaignId, campaign), published_at });
            }
            let institution_id = id!(InstitutionId, self.random.random_range(1..=INSTITUTIONS));
            in_institutions.push(post_institution::Model { post_id, institution_id, published_at });
            let (revision, document) = self.text(n);
            let (kind, author_id) = (KINDS[n as usize % KINDS.len()], Some(id!(PersonId, n % AUTHORS + 1)));
            let in_these = in_campaigns[in_campaigns.len() - 2..].iter().map(|link: &post_campaign::Model| link.campaign_id.0);
            let campaign_ids = links::written(in_these);
            let institution_ids = links::written([institution_id.0]);
            let revision = post_revision::Model { kind, author_id, campaign_ids, institution_ids, ..revision };
            self.vocabulary.read(&document.title);
            self.vocabulary.read(&document.body);
            revisions.push(revision);
            documents.push(document);
            posts.push(live(n, kind, author_id));
        }
        insert(db, posts).await?;
        insert(db, revisions).await?;
        insert(db, in_campaigns).await?;
        insert(db, in_institutions).await?;
        insert(db, documents).await?;
        store::insert_words(db, &self.vocabulary.take()).await
    }

    fn text(&mut self, n: u32) -> (post_revision::Model, search_document::Model) {
        let title = self.bank.title(&mut self.random);
        let paragraphs = self.bank.body(&mut self.random);
        let joined = |part: fn(&super::words::Paragraph) -> &str, between: &str| {
            paragraphs.iter().map(|paragraph| part(paragraph)).collect::<Vec<_>>().join(between)
        };
        let plain = joined(|p| &p.plain, "\n");
        let revision = post_revision::Model {
            id: id!(PostRevisionId, n),
            post_id: id!(PostId, n),
            number: 1,
            title: title.clone(),
            excerpt: plain.chars().take(160).collect(),
            has_more: true,
            reading_minutes: markdown::reading_minutes(&plain),
            created_at: published(n),
            body: joined(|p| &p.markdown, "\n\n"),
            body_html: joined(|p| &p.html, ""),
            rendering: markdown::RENDERING,
            kind: PostKind::News,
            author_id: None,
            event_id: None,
            campaign_ids: String::new(),
            institution_ids: String::new(),
            excerpt_is_own: false,
            created_by: None,
        };
        let document = search_document::Model {
            rank_time: published(n).timestamp(),
            subject_type: SearchType::Post,
            subject_id: id!(PostId, n).0,
            alliance_id: id!(AllianceId, 0),
            title,
            body: plain,
        };
        (revision, document)
    }

    /// Reactions to posts, with their counters.
    pub(super) async fn write_reactions(&mut self, db: &impl ConnectionTrait) -> Result<()> {
        let mut sums: HashMap<(u32, ReactionKind), i64> = HashMap::new();
        let mut reactions = Vec::new();
        let many = self.posts.saturating_mul(REACTIONS_PER_POST).min(MOST_REACTIONS);
        for n in (1..=many).rev() {
            let post = self.random.random_range(1..=self.posts);
            let kind = ReactionKind::iter().nth(self.random.random_range(0..5)).unwrap_or(ReactionKind::Support);
            *sums.entry((post, kind)).or_default() += 1;
            let comment = (n % COMMENTS == 0).then(|| self.bank.title(&mut self.random));
            reactions.push(reaction::Model {
                revision_id: Some(id!(PostRevisionId, post)),
                has_comment: comment.is_some(),
                comment,
                ..reaction::Model::counted(
                    id!(ReactionId, n),
                    (SubjectType::Post, id!(PostId, post).0),
                    id!(AllianceId, 0),
                    kind,
                    published(post) + Duration::seconds(i64::from(n)),
                )
            });
        }
        insert(db, reactions).await?;
        let counter = |((post, kind), total)| reaction_counter::Model { subject_id: id!(PostId, post).0, kind, total };
        insert(db, sums.into_iter().map(counter).collect()).await
    }
}

/// A post that is live.
fn live(n: u32, kind: PostKind, author_id: Option<PersonId>) -> post::Model {
    post::Model {
        id: id!(PostId, n),
        alliance_id: id!(AllianceId, 0),
        slug: format!("post-{n}"),
        kind,
        status: PostStatus::Published,
        earlier_status: None,
        owner_id: None,
        author_id,
        event_id: None,
        live_revision_id: Some(id!(PostRevisionId, n)),
        draft_revision_id: None,
        published_at: Some(published(n)),
        first_published_at: Some(published(n)),
        scheduled_for: None,
        unpublish_at: None,
        deleted_at: None,
        licence: None,
        usage_terms: None,
        embargoed_until: None,
        desk_note: None,
        carried_since: Some(published(n)),
        public_version: 1,
        version: 1,
        created_at: published(n),
        updated_at: published(n),
    }
}

/// The alliance of everything else.
fn measured(id: AllianceId, now: DateTime<Utc>) -> alliance::Model {
    alliance::Model {
        description: "Invented content, for measuring.".to_owned(),
        ..alliance::Model::hosted(id, "load".to_owned(), ("Load".to_owned(), "load".to_owned()), now)
    }
}

async fn write_institutions(db: &impl ConnectionTrait, alliance_id: AllianceId, now: DateTime<Utc>) -> Result<()> {
    let institution = |n| institution::Model {
        id: id!(InstitutionId, n),
        alliance_id,
        slug: format!("institution-{n}"),
        status: InstitutionStatus::Published,
        kind: InstitutionKind::iter().cycle().nth(n as usize).unwrap_or(InstitutionKind::Other),
        name: format!("Institution {n}"),
        sort_name: sort_key(&format!("Institution {n}")),
        description: "Invented, for measuring.".to_owned(),
        website_url: None,
        joined_on: NaiveDate::from_ymd_opt(2013, 1, 1),
        left_on: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    insert(db, (1..=INSTITUTIONS).map(institution).collect()).await
}
