//! Rows of two alliances: every table that has a rule of reading, every state, and owners of every kind.

use alliance::policy::{Action, Owned, Reacted, Subject};
use alliance::viewer::{Viewer, Writer};
use alliance_entity::campaign::CampaignStatus;
use alliance_entity::event::EventStatus;
use alliance_entity::id::{
    AccountId, AllianceId, ApiKeyId, CampaignId, EventId, InstitutionId, PartnerId, PersonId, PostId, ReactionId,
};
use alliance_entity::institution::InstitutionStatus;
use alliance_entity::person_role::{self, PersonRole};
use alliance_entity::post::PostStatus;
use alliance_entity::reaction::{ReactionState, SubjectType};
use alliance_entity::search_document::{self, SearchType};
use alliance_entity::{account, account_role, api_key, campaign, event, institution, partner, person, post, reaction};
use alliance_tests::app::TestApp;
use sea_orm::Iterable;
use uuid::Uuid;

use crate::policy::twins::Ruled;
use crate::rows::{self, insert_all, insert_posts, now, put};
use crate::viewers::{HERE, Kind, THERE, here, mixed, staff_elsewhere};

pub(super) const ALLIANCES: [AllianceId; 2] = [HERE, THERE];

/// Every kind of viewer.
pub(super) fn kinds() -> Vec<Kind> {
    [here(), staff_elsewhere(), mixed()].concat()
}

/// What was planted, as it stands in the database.
#[derive(Default)]
pub(super) struct Planted {
    posts: Vec<post::Model>,
    campaigns: Vec<campaign::Model>,
    events: Vec<event::Model>,
    institutions: Vec<institution::Model>,
    people: Vec<(person::Model, Vec<PersonRole>)>,
    accounts: Vec<(account::Model, Vec<AllianceId>)>,
    api_keys: Vec<api_key::Model>,
    partners: Vec<partner::Model>,
    comments: Vec<reaction::Model>,
    ids: u128,
}

impl Planted {
    pub(super) async fn plant(app: &TestApp) -> Self {
        put!(app, rows::alliance(HERE, "here"), rows::alliance(THERE, "there"));
        let mut planted = Self { ids: 0x1000, ..Self::default() };
        planted.plant_accounts(app).await;
        planted.plant_content(app).await;
        planted.plant_people(app).await;
        planted.plant_comments(app).await;
        planted.plant_documents(app).await;
        planted
    }

    fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    /// Those of the viewers, and some that are nobody's.
    async fn plant_accounts(&mut self, app: &TestApp) {
        let mut roles = Vec::new();
        for kind in kinds() {
            let Some(own) = kind.viewer.account() else { continue };
            let account = account::Model { is_operator: own.is_operator, ..rows::account(own.account) };
            self.accounts.push((account, own.grants.iter().map(|(alliance, _)| *alliance).collect()));
            roles.extend(own.grants.iter().map(|(alliance, role)| (own.account, *alliance, *role)));
        }
        for (alliances, is_operator) in [(&ALLIANCES[..], false), (&ALLIANCES[..1], true), (&[], true), (&[], false)] {
            let id = AccountId(self.id());
            self.accounts.push((account::Model { is_operator, ..rows::account(id) }, alliances.to_vec()));
            roles.extend(alliances.iter().map(|alliance| (id, *alliance, account_role::Role::Editor)));
        }
        insert_all(app, self.accounts.iter().map(|(account, _)| account.clone())).await;
        let role = |(account_id, alliance_id, role)| account_role::Model { account_id, alliance_id, role, granted_at: now() };
        insert_all(app, roles.into_iter().map(role)).await;
        for alliance in ALLIANCES {
            let kinds = kinds();
            let own = kinds.iter().filter_map(Kind::partner).filter(|partner| partner.alliance == alliance);
            let ids = own.map(|partner| partner.key).chain([ApiKeyId(self.id())]);
            self.api_keys.extend(ids.map(|id| rows::api_key(id, alliance)));
        }
        insert_all(app, self.api_keys.clone()).await;
        self.partners = self.api_keys.iter().map(|key| rows::told::partner(PartnerId(key.id.0), key.alliance_id)).collect();
        insert_all(app, self.partners.clone()).await;
    }

    async fn plant_content(&mut self, app: &TestApp) {
        let owners: Vec<Option<AccountId>> = [None].into_iter().chain(self.accounts.iter().map(|(of, _)| Some(of.id))).collect();
        for alliance in ALLIANCES {
            for (status, owner_id) in PostStatus::iter().flat_map(|status| owners.iter().map(move |owner| (status, *owner))) {
                let id = self.id();
                let post = rows::post(PostId(id), alliance, &id.to_string(), status);
                self.posts.push(post::Model { owner_id, ..post });
            }
            for status in CampaignStatus::iter() {
                let id = self.id();
                self.campaigns.push(rows::campaign(CampaignId(id), alliance, &id.to_string(), status));
            }
            for status in EventStatus::iter() {
                let id = self.id();
                self.events.push(rows::event(EventId(id), alliance, &id.to_string(), status));
            }
            for status in InstitutionStatus::iter() {
                let id = self.id();
                self.institutions.push(rows::institution(InstitutionId(id), alliance, &id.to_string(), status));
            }
        }
        insert_posts(app, &self.posts).await;
        insert_all(app, self.campaigns.clone()).await;
        insert_all(app, self.events.clone()).await;
        insert_all(app, self.institutions.clone()).await;
    }

    async fn plant_people(&mut self, app: &TestApp) {
        let roles: Vec<PersonRole> = PersonRole::iter().collect();
        for (alliance, many) in ALLIANCES.into_iter().flat_map(|alliance| [0, 1, roles.len()].map(|many| (alliance, many))) {
            let person = rows::person(PersonId(self.id()), alliance, "somebody");
            self.people.push((person, roles[..many].to_vec()));
        }
        insert_all(app, self.people.iter().map(|(person, _)| person.clone())).await;
        let held = self.people.iter().flat_map(|(person, roles)| roles.iter().map(|role| (person.id, *role)));
        insert_all(app, held.map(|(person_id, role)| person_role::Model { person_id, role, position: 0 })).await;
    }

    /// In every state and with every owner on a subject in every state; and one on each that carries no comment.
    async fn plant_comments(&mut self, app: &TestApp) {
        let visitors = kinds().into_iter().filter_map(|kind| match kind.viewer {
            Viewer::Visitor(id) => Some((None, Some(id))),
            _ => None,
        });
        let accounts = self.accounts.iter().map(|(of, _)| (Some(of.id), None));
        let writers: Vec<_> = [(None, None)].into_iter().chain(visitors).chain(accounts).collect();
        for subject in self.reactables() {
            let alliance_id = self.alliance_of(subject.1);
            for (state, (account_id, visitor_id)) in
                ReactionState::iter().flat_map(|state| writers.iter().map(move |of| (state, *of)))
            {
                let comment = rows::comment(ReactionId(self.id()), subject, state);
                let to_moderate = state == ReactionState::Pending;
                self.comments.push(reaction::Model { account_id, visitor_id, alliance_id, to_moderate, ..comment });
            }
            let silent = rows::comment(ReactionId(self.id()), subject, ReactionState::Counted);
            self.comments.push(reaction::Model { alliance_id, has_comment: false, comment: None, ..silent });
        }
        for comments in self.comments.chunks(500) {
            insert_all(app, comments.to_vec()).await;
        }
    }

    /// What is reacted to: of posts one in every state that is nobody's, and one that is an author's.
    fn reactables(&self) -> Vec<(SubjectType, Uuid)> {
        let author = here().into_iter().find(|kind| kind.name == "author").and_then(|kind| kind.account());
        let posts = self.posts.iter().filter(|post| post.owner_id.is_none() || post.owner_id == author);
        let posts = posts.map(|post| (SubjectType::Post, post.id.0));
        let campaigns = self.campaigns.iter().map(|campaign| (SubjectType::Campaign, campaign.id.0));
        posts.chain(campaigns).chain(self.events.iter().map(|event| (SubjectType::Event, event.id.0))).collect()
    }

    async fn plant_documents(&mut self, app: &TestApp) {
        let posts = self.posts.iter().map(|post| (SearchType::Post, post.id.0, post.alliance_id));
        let campaigns = self.campaigns.iter().map(|of| (SearchType::Campaign, of.id.0, of.alliance_id));
        let events = self.events.iter().map(|of| (SearchType::Event, of.id.0, of.alliance_id));
        let institutions = self.institutions.iter().map(|of| (SearchType::Institution, of.id.0, of.alliance_id));
        let documents = (1..).zip(posts.chain(campaigns).chain(events).chain(institutions));
        let document = |(rank_time, (subject_type, subject_id, alliance_id))| search_document::Model {
            rank_time,
            subject_type,
            subject_id,
            alliance_id,
            title: "title".to_owned(),
            body: "body".to_owned(),
        };
        insert_all(app, documents.map(document)).await;
    }
}

/// The rows with their rules.
impl Planted {
    pub(super) fn posts(&self) -> Vec<Ruled<'_>> {
        let rule = |post: &post::Model| Owned { owner: post.owner_id, alliance: post.alliance_id, state: post.status };
        self.posts.iter().map(|post| (post.id.0, vec![Action::ReadPost(rule(post))])).collect()
    }

    /// The posts as those see them who see all of them.
    pub(super) fn whole_posts(&self) -> Vec<Ruled<'_>> {
        let rule = |post: &post::Model| Owned { owner: post.owner_id, alliance: post.alliance_id, state: post.status };
        self.posts.iter().map(|post| (post.id.0, vec![Action::ReadWholePost(rule(post))])).collect()
    }

    pub(super) fn campaigns(&self) -> Vec<Ruled<'_>> {
        self.campaigns.iter().map(|of| (of.id.0, vec![Action::ReadCampaign(of.alliance_id, of.status)])).collect()
    }

    pub(super) fn events(&self) -> Vec<Ruled<'_>> {
        self.events.iter().map(|of| (of.id.0, vec![Action::ReadEvent(of.alliance_id, of.status)])).collect()
    }

    pub(super) fn institutions(&self) -> Vec<Ruled<'_>> {
        self.institutions.iter().map(|of| (of.id.0, vec![Action::ReadInstitution(of.alliance_id, of.status)])).collect()
    }

    pub(super) fn people(&self) -> Vec<Ruled<'_>> {
        self.people.iter().map(|(of, roles)| (of.id.0, vec![Action::ReadPerson(of.alliance_id, roles.len())])).collect()
    }

    pub(super) fn accounts(&self) -> Vec<Ruled<'_>> {
        let accounts = self.accounts.iter().map(|(account::Model { id, is_operator, .. }, alliances)| Subject {
            account: *id,
            is_operator: *is_operator,
            alliances,
        });
        accounts.map(|of| (of.account.0, vec![Action::ReadAccount(of)])).collect()
    }

    /// The accounts with their addresses.
    pub(super) fn addresses(&self) -> Vec<(AccountId, String)> {
        self.accounts.iter().map(|(account, _)| (account.id, account.email_key.clone())).collect()
    }

    pub(super) fn api_keys(&self) -> Vec<Ruled<'_>> {
        self.api_keys.iter().map(|of| (of.id.0, vec![Action::ReadApiKey(of.alliance_id, of.id)])).collect()
    }

    pub(super) fn partners(&self) -> Vec<Ruled<'_>> {
        self.partners.iter().map(|of| (of.id.0, vec![Action::ReadPartner(of.alliance_id, of.id)])).collect()
    }

    /// Everything that search documents are of.
    pub(super) fn subjects(&self) -> Vec<Ruled<'_>> {
        [self.posts(), self.campaigns(), self.events(), self.institutions()].concat()
    }

    pub(super) fn comments(&self) -> Vec<Ruled<'_>> {
        let subjects = self.subjects();
        let rule = |comment: &reaction::Model| {
            let (_, actions) = subjects.iter().find(|(id, _)| *id == comment.subject_id).expect("it is about something");
            let writer = comment.account_id.map(Writer::Account).or(comment.visitor_id.map(Writer::Visitor));
            let owned = Reacted { writer, alliance: self.alliance_of(comment.subject_id), state: comment.state };
            (comment.id.0, [actions.as_slice(), &[Action::ReadComment(owned)]].concat())
        };
        self.comments.iter().filter(|comment| comment.has_comment).map(rule).collect()
    }

    /// Those that a moderator is to look at.
    pub(super) fn moderated(&self) -> Vec<Ruled<'_>> {
        let waiting = self.comments.iter().filter(|comment| comment.to_moderate);
        waiting.map(|comment| (comment.id.0, vec![Action::ModerateComments(comment.alliance_id)])).collect()
    }

    /// Every reaction that somebody has not taken back, with what it takes to read its subject.
    pub(super) fn standing(&self) -> Vec<(Writer, Ruled<'_>)> {
        let subjects = self.subjects();
        let standing = self.comments.iter().filter(|comment| comment.state != ReactionState::Withdrawn);
        standing
            .filter_map(|comment| {
                let writer = comment.account_id.map(Writer::Account).or(comment.visitor_id.map(Writer::Visitor))?;
                let (_, actions) = subjects.iter().find(|(id, _)| *id == comment.subject_id)?;
                Some((writer, (comment.id.0, actions.clone())))
            })
            .collect()
    }

    /// The counted ones on subjects of a type.
    pub(super) fn comments_on(&self, on: SubjectType) -> Vec<Ruled<'_>> {
        let ids: Vec<Uuid> = self
            .comments
            .iter()
            .filter(|comment| comment.subject_type == on && comment.state == ReactionState::Counted)
            .map(|comment| comment.id.0)
            .collect();
        self.comments().into_iter().filter(|(id, _)| ids.contains(id)).collect()
    }

    fn alliance_of(&self, subject: Uuid) -> AllianceId {
        let posts = self.posts.iter().map(|of| (of.id.0, of.alliance_id));
        let campaigns = self.campaigns.iter().map(|of| (of.id.0, of.alliance_id));
        let mut all = posts.chain(campaigns).chain(self.events.iter().map(|of| (of.id.0, of.alliance_id)));
        all.find(|(id, _)| *id == subject).map(|(_, alliance)| alliance).expect("it is about something")
    }
}
