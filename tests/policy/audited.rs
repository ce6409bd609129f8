//! Entries of the audit log of two alliances and of none, by every kind of actor, with their rules.

use alliance::policy::Action;
use alliance::policy::audit::Entry;
use alliance_entity::audit_entry::{self, ActorKind};
use alliance_entity::id::AuditEntryId;
use alliance_tests::app::TestApp;
use uuid::Uuid;

use crate::policy::planted::kinds;
use crate::policy::twins::Ruled;
use crate::rows::{insert_all, now};
use crate::viewers::{HERE, THERE};

/// Writes them, and returns them.
pub(super) async fn plant(app: &TestApp) -> Vec<audit_entry::Model> {
    let accounts = kinds().into_iter().filter_map(|kind| kind.account().map(|id| (ActorKind::Account, Some(id.0))));
    let keys = kinds().into_iter().filter_map(|kind| kind.partner().map(|own| (ActorKind::ApiKey, Some(own.key.0))));
    let actors: Vec<(ActorKind, Option<Uuid>)> = accounts.chain(keys).chain([(ActorKind::System, None)]).collect();
    let mut entries = Vec::new();
    for alliance_id in [Some(HERE), Some(THERE), None] {
        for (subject, (actor, actor_id)) in
            ["POST", "REACTION", "ACCOUNT", "API_KEY"].into_iter().flat_map(|s| actors.iter().map(move |a| (s, *a)))
        {
            entries.push(audit_entry::Model {
                id: AuditEntryId(Uuid::from_u128(0x10_0000 + entries.len() as u128)),
                actor,
                actor_id,
                action: "DONE".to_owned(),
                subject_type: subject.to_owned(),
                subject_id: None,
                alliance_id,
                network: None,
                details: "{}".to_owned(),
                created_at: now(),
            });
        }
    }
    insert_all(app, entries.clone()).await;
    entries
}

pub(super) fn ruled(entries: &[audit_entry::Model]) -> Vec<Ruled<'_>> {
    entries.iter().map(|of| (of.id.0, vec![Action::ReadAuditEntry(entry(of))])).collect()
}

fn entry(of: &audit_entry::Model) -> Entry<'_> {
    Entry { actor: of.actor_id, subject_type: &of.subject_type, alliance: of.alliance_id }
}
