//! The table "Who sees what", as the policy has it: every action, on every state, by every kind of viewer.

use std::collections::BTreeSet;
use std::fmt::Write;

use alliance::error::Error;
use alliance::policy::audit::Entry;
use alliance::policy::{Action, Owned, Reacted, Subject};
use alliance::viewer::{Viewer, Writer};
use alliance_entity::account_role::Role;
use alliance_entity::campaign::CampaignStatus;
use alliance_entity::event::EventStatus;
use alliance_entity::id::{AccountId, AllianceId, ApiKeyId, PartnerId, VisitorId};
use alliance_entity::institution::InstitutionStatus;
use alliance_entity::post::PostStatus;
use alliance_entity::reaction::ReactionState;
use sea_orm::Iterable;
use uuid::Uuid;

use crate::policy::{attending, carrying, subscribed, told};
use crate::viewers::{HERE, Kind, THERE, here, mixed, staff_elsewhere};

/// Whose a thing is.
#[derive(Clone, Copy)]
pub(super) struct Holder {
    pub(super) account: AccountId,
    pub(super) key: ApiKeyId,
    pub(super) partner: PartnerId,
    /// Who did it, by whichever of the two.
    actor: Option<Uuid>,
    writer: Writer,
}

/// Somebody who is no viewer.
const OTHER: Holder = Holder {
    account: AccountId(Uuid::from_u128(0xf0)),
    key: ApiKeyId(Uuid::from_u128(0xf1)),
    partner: PartnerId(Uuid::from_u128(0xf3)),
    actor: Some(Uuid::from_u128(0xf0)),
    writer: Writer::Visitor(VisitorId(Uuid::from_u128(0xf2))),
};

type Rule = Box<dyn Fn(Holder) -> Action<'static>>;

/// What may be done to a thing, depending on whose it is.
pub(super) struct Row {
    thing: String,
    rule: Rule,
}

impl Row {
    fn action(&self) -> String {
        let action = format!("{:?}", (self.rule)(OTHER));
        action.split('(').next().unwrap_or_default().to_owned()
    }

    /// What `kind` may: `own` where only to what is their own.
    fn cell(&self, kind: &Kind) -> &'static str {
        let (account, key) = (kind.account(), kind.partner().map(|partner| partner.key));
        let own = Holder {
            account: account.unwrap_or(OTHER.account),
            key: key.unwrap_or(OTHER.key),
            partner: kind.partner().and_then(|partner| partner.partner).unwrap_or(OTHER.partner),
            actor: account.map(|id| id.0).or(key.map(|id| id.0)).or(OTHER.actor),
            writer: kind.viewer.writer().unwrap_or(OTHER.writer),
        };
        match (kind.viewer.may((self.rule)(OTHER)), kind.viewer.may((self.rule)(own))) {
            (true, true) => "yes",
            (false, true) => "own",
            (true, false) => "others'",
            (false, false) => "-",
        }
    }
}

pub(super) fn row(thing: impl std::fmt::Debug, of: &str, rule: impl Fn(Holder) -> Action<'static> + 'static) -> Row {
    Row { thing: format!("{of} {thing:?}"), rule: Box::new(rule) }
}

pub(super) fn owned<S>(holder: Holder, state: S) -> Owned<S> {
    Owned { owner: Some(holder.account), alliance: HERE, state }
}

fn content() -> Vec<Row> {
    let mut rows = vec![
        row(Words("any"), "alliance", |_| Action::ReadAlliance),
        row(Words("any"), "alliance", |_| Action::EditAlliance(HERE)),
        row(Words("any"), "alliance", |_| Action::CreateAlliance),
        row(Words("any"), "alliance", |_| Action::DeleteAlliance(HERE)),
    ];
    rows.extend(editing());
    rows.push(row(Words("any"), "alliance", |_| Action::CreatePost(HERE)));
    let posts = [
        Action::ReadPost,
        Action::ReadWholePost,
        Action::EditPost,
        Action::SubmitPost,
        Action::ReturnPost,
        Action::AnnotatePost,
        Action::PreviewPost,
        Action::PublishPost,
        Action::SchedulePost,
        Action::CorrectPost,
        Action::SetPostTerms,
        Action::UnpublishPost,
        Action::ArchivePost,
        Action::DeletePost,
        Action::RestorePost,
        Action::ReactToPost,
    ];
    for state in PostStatus::iter() {
        rows.extend(posts.into_iter().map(|act| row(state, "post", move |holder| act(owned(holder, state)))));
    }
    rows.extend(CampaignStatus::iter().map(|state| row(state, "campaign", move |_| Action::ReadCampaign(HERE, state))));
    rows.extend(InstitutionStatus::iter().map(|state| row(state, "institution", move |_| Action::ReadInstitution(HERE, state))));
    rows.extend(EventStatus::iter().map(|state| row(state, "event", move |_| Action::ReadEvent(HERE, state))));
    rows.extend([0, 1, 3].map(|roles| row(roles, "person, roles:", move |_| Action::ReadPerson(HERE, roles))));
    for state in ReactionState::iter() {
        let comments = [Action::ReadComment, Action::ReadCommentText];
        let reacted = move |Holder { writer, .. }: Holder| Reacted { writer: Some(writer), alliance: HERE, state };
        rows.extend(comments.map(|act| row(state, "comment", move |holder| act(reacted(holder)))));
    }
    rows.extend(CampaignStatus::iter().map(|state| row(state, "campaign", move |_| Action::ReactToCampaign(HERE, state))));
    rows.extend(EventStatus::iter().map(|state| row(state, "event", move |_| Action::ReactToEvent(HERE, state))));
    rows.push(row(Words("any"), "reaction", |_| Action::WithdrawReaction));
    rows.push(row(Words("any"), "comment", |_| Action::ModerateComments(HERE)));
    rows
}

/// Something that is done in an alliance.
type Act = fn(AllianceId) -> Action<'static>;

/// What is done to content in whatever state it is.
fn editing() -> Vec<Row> {
    let acts: [(&str, &[Act]); 4] = [
        (
            "campaign",
            &[
                Action::CreateCampaign,
                Action::EditCampaign,
                Action::PublishCampaign,
                Action::CloseCampaign,
                Action::DeleteCampaign,
            ],
        ),
        (
            "institution",
            &[
                Action::CreateInstitution,
                Action::EditInstitution,
                Action::PublishInstitution,
                Action::JoinInstitution,
                Action::LeaveInstitution,
                Action::DeleteInstitution,
            ],
        ),
        ("person", &[Action::CreatePerson, Action::EditPerson, Action::DeletePerson]),
        (
            "event",
            &[
                Action::CreateEvent,
                Action::EditEvent,
                Action::PublishEvent,
                Action::RescheduleEvent,
                Action::CancelEvent,
                Action::DeleteEvent,
            ],
        ),
    ];
    let rows = acts.into_iter().flat_map(|(of, acts)| acts.iter().map(move |act| (of, *act)));
    rows.map(|(of, act)| row(Words("any"), of, move |_| act(HERE))).collect()
}

fn accounts() -> Vec<Row> {
    let mut rows = Vec::new();
    let alliances: [(&str, &'static [AllianceId]); 4] =
        [("here", &[HERE]), ("there", &[THERE]), ("here and there", &[HERE, THERE]), ("nowhere", &[])];
    for (place, alliances) in alliances {
        for is_operator in [false, true] {
            let of = if is_operator { "operator, roles" } else { "account, roles" };
            let subject = move |Holder { account, .. }: Holder| Subject { account, is_operator, alliances };
            let place = Words(place);
            rows.push(row(place, of, move |holder| Action::ReadAccount(subject(holder))));
            rows.push(row(place, of, move |holder| Action::DisableAccount(subject(holder))));
        }
    }
    for act in [Action::EditAccount, Action::ExportAccount, Action::EraseAccount] {
        rows.push(row(Words("any"), "account", move |holder| act(holder.account)));
    }
    for role in Role::iter() {
        for act in [Action::InviteAccount, Action::GrantRole, Action::RevokeRole] {
            rows.push(row(role, "role", move |_| act(HERE, role)));
        }
    }
    for (subject_type, alliance) in [("POST", Some(HERE)), ("ACCOUNT", Some(HERE)), ("POST", Some(THERE)), ("ACCOUNT", None)] {
        let place = Words(match alliance {
            Some(HERE) => "here",
            Some(_) => "there",
            None => "nowhere",
        });
        let of = if subject_type == "POST" { "audit entry, post" } else { "audit entry, account" };
        rows.push(row(place, of, move |holder| Action::ReadAuditEntry(Entry { actor: holder.actor, subject_type, alliance })));
    }
    rows
}

#[derive(Clone, Copy)]
pub(super) struct Words(pub(super) &'static str);

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

fn rows() -> Vec<Row> {
    [content(), accounts(), subscribed::rows(), attending::rows(), carrying::rows(), told::rows()].into_iter().flatten().collect()
}

#[test]
fn the_table_of_rights_is_as_committed() {
    let mut kinds = here();
    kinds.extend(staff_elsewhere());
    let mut table = format!("{:<32}{:<17}", "", "");
    for kind in &kinds {
        write!(table, " {:<9}", kind.name).expect("text grows");
    }
    for row in rows() {
        write!(table, "\n{:<32}{:<17}", row.thing, row.action()).expect("text grows");
        for kind in &kinds {
            write!(table, " {:<width$}", row.cell(kind), width = kind.name.len().max(9)).expect("text grows");
        }
    }
    let lines: Vec<&str> = table.lines().map(str::trim_end).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_table_holds_every_action() {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../api/src/policy/mod.rs");
    let source = std::fs::read_to_string(source).expect("the policy can be read");
    let file = syn::parse_file(&source).expect("it is Rust");
    let actions = file.items.iter().find_map(|item| match item {
        syn::Item::Enum(of) if of.ident == "Action" => {
            Some(of.variants.iter().map(|variant| variant.ident.to_string()).collect())
        }
        _ => None,
    });
    let listed: BTreeSet<String> = rows().iter().map(Row::action).collect();
    assert_eq!(actions, Some(listed));
}

#[test]
fn staff_of_one_alliance_are_strangers_in_another() {
    let supporter = here().into_iter().find(|kind| kind.name == "supporter").expect("supporters are a kind");
    let strangers = staff_elsewhere().into_iter().chain(mixed().into_iter().filter(|kind| kind.name == "without a role"));
    for stranger in strangers {
        for row in rows().iter().filter(|row| !row.thing.contains("there")) {
            let (thing, action) = (&row.thing, row.action());
            assert_eq!(row.cell(&stranger), row.cell(&supporter), "{}: {thing}: {action}", stranger.name);
        }
    }
}

#[test]
fn roles_add_up_and_an_operator_is_an_admin() {
    let kinds = [here(), mixed()].concat();
    let named = |name: &str| kinds.iter().find(|kind| kind.name == name).expect("this is a kind");
    let (admin, operator, everything) = (named("admin"), named("operator"), named("everything here"));
    for row in rows() {
        let (thing, action) = (&row.thing, row.action());
        if action != "DisableAccount" {
            assert_eq!(row.cell(everything), row.cell(admin), "{thing}: {action}");
        }
        assert!(matches!(row.cell(admin), "-" | "own") || row.cell(operator) == row.cell(admin), "{thing}: {action}");
    }
}

#[test]
fn who_may_not_is_told_whether_signing_in_may_help() {
    for kind in [here(), staff_elsewhere(), mixed()].concat() {
        for row in rows().iter().filter(|row| row.cell(&kind) == "-") {
            let refused = kind.viewer.must((row.rule)(OTHER));
            let right = match kind.viewer {
                Viewer::Anonymous | Viewer::Visitor(_) => matches!(refused, Err(Error::Unauthenticated(_))),
                Viewer::Account(_) | Viewer::Partner(_) => matches!(refused, Err(Error::Forbidden(_))),
            };
            assert!(right, "{}: {}: {}: {refused:?}", kind.name, row.thing, row.action());
            let unnamed = refused.is_err_and(|error| error.to_string().ends_with("do this"));
            assert!(!unnamed, "{} has no words in the policy", row.action());
        }
    }
}
