//! The statements that look for differences. Each finds the ids of what is wrong, and nothing where all is well.

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::error::Result;

/// How many ids are told of.
const TOLD: usize = 3;

/// What must hold, and the statement that finds where it does not. `{names}(list, id)` is whether a
/// list of ids in hexadecimal, as revisions keep them, holds an id.
const RULES: [(&str, &str); 32] = [
    ("every post says something", "SELECT id FROM posts WHERE live_revision_id IS NULL AND draft_revision_id IS NULL"),
    (
        "a post shows its own revisions",
        "SELECT posts.id FROM posts JOIN post_revisions ON post_revisions.id IN (posts.live_revision_id, posts.draft_revision_id) \
         WHERE post_revisions.post_id <> posts.id",
    ),
    (
        "a post's revisions are numbered without a gap",
        "SELECT post_id AS id FROM post_revisions GROUP BY post_id HAVING COUNT(*) <> MAX(number) OR MIN(number) <> 1",
    ),
    (
        "a public post was published",
        "SELECT id FROM posts WHERE status = 'PUBLISHED' AND (first_published_at IS NULL OR deleted_at IS NOT NULL)",
    ),
    ("a scheduled post has its time", "SELECT id FROM posts WHERE status = 'SCHEDULED' AND scheduled_for IS NULL"),
    (
        "a scheduled post keeps where it stood before, and no other does",
        "SELECT id FROM posts WHERE (status = 'SCHEDULED') <> (earlier_status IS NOT NULL)",
    ),
    (
        "a post's times are those of its schedule",
        "SELECT posts.id FROM posts \
         LEFT JOIN post_schedules AS goes_live ON goes_live.post_id = posts.id AND goes_live.act = 'PUBLISH' \
         LEFT JOIN post_schedules AS ends ON ends.post_id = posts.id AND ends.act = 'UNPUBLISH' \
         WHERE coalesce(posts.scheduled_for <> goes_live.scheduled_for, (posts.scheduled_for IS NULL) <> (goes_live.post_id IS NULL)) \
         OR coalesce(posts.unpublish_at <> ends.scheduled_for, (posts.unpublish_at IS NULL) <> (ends.post_id IS NULL))",
    ),
    (
        "a post in a campaign has its place there while it is public",
        "SELECT posts.id FROM posts JOIN post_campaigns ON post_campaigns.post_id = posts.id WHERE CASE WHEN posts.status = 'PUBLISHED' \
         THEN coalesce(post_campaigns.published_at <> posts.published_at, TRUE) ELSE post_campaigns.published_at IS NOT NULL END",
    ),
    (
        "a post with an institution has its place there while it is public",
        "SELECT posts.id FROM posts JOIN post_institutions ON post_institutions.post_id = posts.id WHERE CASE WHEN posts.status = 'PUBLISHED' \
         THEN coalesce(post_institutions.published_at <> posts.published_at, TRUE) ELSE post_institutions.published_at IS NOT NULL END",
    ),
    (
        "a post is in the campaigns that its revision names",
        "SELECT posts.id FROM posts JOIN post_revisions ON post_revisions.id = coalesce(posts.live_revision_id, posts.draft_revision_id) \
         JOIN post_campaigns ON post_campaigns.post_id = posts.id WHERE NOT {names}(post_revisions.campaign_ids, post_campaigns.campaign_id)",
    ),
    (
        "a post is with the institutions that its revision names",
        "SELECT posts.id FROM posts JOIN post_revisions ON post_revisions.id = coalesce(posts.live_revision_id, posts.draft_revision_id) \
         JOIN post_institutions ON post_institutions.post_id = posts.id \
         WHERE NOT {names}(post_revisions.institution_ids, post_institutions.institution_id)",
    ),
    (
        "a revision names no campaign that its post is not in",
        "SELECT posts.id FROM posts JOIN post_revisions ON post_revisions.id = coalesce(posts.live_revision_id, posts.draft_revision_id) \
         JOIN campaigns ON {names}(post_revisions.campaign_ids, campaigns.id) WHERE NOT EXISTS \
         (SELECT 1 FROM post_campaigns WHERE post_campaigns.post_id = posts.id AND post_campaigns.campaign_id = campaigns.id)",
    ),
    (
        "a revision names no institution that its post is not with",
        "SELECT posts.id FROM posts JOIN post_revisions ON post_revisions.id = coalesce(posts.live_revision_id, posts.draft_revision_id) \
         JOIN institutions ON {names}(post_revisions.institution_ids, institutions.id) WHERE NOT EXISTS \
         (SELECT 1 FROM post_institutions WHERE post_institutions.post_id = posts.id AND post_institutions.institution_id = institutions.id)",
    ),
    (
        "a post is what its revision says",
        "SELECT posts.id FROM posts JOIN post_revisions ON post_revisions.id = coalesce(posts.live_revision_id, posts.draft_revision_id) \
         WHERE posts.kind <> post_revisions.kind OR posts.author_id <> post_revisions.author_id OR posts.event_id <> post_revisions.event_id",
    ),
    (
        "a public post is found by what it says",
        "SELECT posts.id FROM posts JOIN post_revisions ON post_revisions.id = posts.live_revision_id \
         LEFT JOIN search_documents ON search_documents.subject_id = posts.id \
         WHERE posts.status = 'PUBLISHED' AND coalesce(search_documents.title <> post_revisions.title, TRUE)",
    ),
    (
        "a public campaign, institution or event is found by what it says",
        "SELECT shown.id FROM (SELECT id, title FROM campaigns WHERE status <> 'DRAFT' \
         UNION ALL SELECT id, name FROM institutions WHERE status <> 'DRAFT' UNION ALL SELECT id, title FROM events WHERE status <> 'DRAFT') AS shown \
         LEFT JOIN search_documents ON search_documents.subject_id = shown.id WHERE coalesce(search_documents.title <> shown.title, TRUE)",
    ),
    (
        "an event in a campaign has its start there",
        "SELECT events.id FROM events JOIN event_campaigns ON event_campaigns.event_id = events.id \
         WHERE event_campaigns.starts_at <> events.starts_at",
    ),
    (
        "a campaign has its last day once it is closed",
        "SELECT id FROM campaigns WHERE (status = 'CLOSED') <> (ended_on IS NOT NULL)",
    ),
    (
        "what is found of posts is public",
        "SELECT subject_id AS id FROM search_documents WHERE subject_type = 'POST' \
         AND NOT EXISTS (SELECT 1 FROM posts WHERE posts.id = subject_id AND posts.status = 'PUBLISHED')",
    ),
    (
        "what is found of campaigns, institutions and events is public",
        "SELECT subject_id AS id FROM search_documents WHERE (subject_type = 'CAMPAIGN' \
         AND NOT EXISTS (SELECT 1 FROM campaigns WHERE campaigns.id = subject_id AND campaigns.status <> 'DRAFT')) OR (subject_type = 'INSTITUTION' \
         AND NOT EXISTS (SELECT 1 FROM institutions WHERE institutions.id = subject_id AND institutions.status <> 'DRAFT')) OR (subject_type = 'EVENT' \
         AND NOT EXISTS (SELECT 1 FROM events WHERE events.id = subject_id AND events.status <> 'DRAFT'))",
    ),
    (
        "every counter is the number of what it counts",
        "SELECT reaction_counters.subject_id AS id FROM reaction_counters WHERE total <> (SELECT COUNT(*) FROM reactions WHERE \
         reactions.subject_id = reaction_counters.subject_id AND reactions.kind = reaction_counters.kind AND reactions.state = 'COUNTED')",
    ),
    (
        "what counts has its counter",
        "SELECT reactions.subject_id AS id FROM reactions WHERE state = 'COUNTED' AND NOT EXISTS (SELECT 1 FROM reaction_counters WHERE \
         reaction_counters.subject_id = reactions.subject_id AND reaction_counters.kind = reactions.kind)",
    ),
    (
        "a reaction is to something of its alliance",
        "SELECT reactions.id FROM reactions WHERE NOT EXISTS (SELECT 1 FROM posts WHERE posts.id = subject_id \
         AND posts.alliance_id = reactions.alliance_id) AND NOT EXISTS (SELECT 1 FROM campaigns WHERE campaigns.id = subject_id \
         AND campaigns.alliance_id = reactions.alliance_id) AND NOT EXISTS (SELECT 1 FROM events WHERE events.id = subject_id \
         AND events.alliance_id = reactions.alliance_id)",
    ),
    (
        "what waits for its writer, or for a moderator, is a comment",
        "SELECT id FROM reactions WHERE (confirm_by IS NOT NULL AND (state <> 'PENDING' OR to_moderate)) \
         OR (to_moderate AND (NOT has_comment OR state NOT IN ('PENDING', 'COUNTED')))",
    ),
    (
        "the sums of an event are those of its parties",
        "SELECT event_id AS id FROM rsvp_counters WHERE coming <> (SELECT coalesce(SUM(guests + 1), 0) FROM event_rsvps WHERE \
         event_rsvps.event_id = rsvp_counters.event_id AND state = 'COMING') OR waiting <> (SELECT coalesce(SUM(guests + 1), 0) FROM event_rsvps \
         WHERE event_rsvps.event_id = rsvp_counters.event_id AND state = 'WAITING') OR parties <> (SELECT COUNT(*) FROM event_rsvps \
         WHERE event_rsvps.event_id = rsvp_counters.event_id AND state = 'COMING')",
    ),
    (
        "an event that people come to has its sums, and has given their turns",
        "SELECT event_id AS id FROM event_rsvps WHERE turn IS NOT NULL AND NOT EXISTS (SELECT 1 FROM rsvp_counters WHERE \
         rsvp_counters.event_id = event_rsvps.event_id AND event_rsvps.turn <= rsvp_counters.turns)",
    ),
    (
        "an enquiry stands where its latest step has left it",
        "SELECT enquiries.id FROM enquiries WHERE NOT EXISTS (SELECT 1 FROM enquiry_steps WHERE enquiry_steps.enquiry_id = enquiries.id \
         AND enquiry_steps.state = enquiries.state AND enquiry_steps.created_at >= (SELECT MAX(latest.created_at) FROM enquiry_steps AS latest \
         WHERE latest.enquiry_id = enquiries.id))",
    ),
    (
        "an old slug leads to something",
        "SELECT subject_id AS id FROM former_slugs WHERE NOT EXISTS (SELECT 1 FROM posts WHERE posts.id = subject_id) \
         AND NOT EXISTS (SELECT 1 FROM campaigns WHERE campaigns.id = subject_id) \
         AND NOT EXISTS (SELECT 1 FROM institutions WHERE institutions.id = subject_id) \
         AND NOT EXISTS (SELECT 1 FROM events WHERE events.id = subject_id)",
    ),
    (
        "a slug in use leads to nothing else",
        "SELECT used.id FROM (SELECT 'POST' AS kind, id, alliance_id, slug FROM posts UNION ALL SELECT 'CAMPAIGN', id, alliance_id, slug FROM campaigns \
         UNION ALL SELECT 'INSTITUTION', id, alliance_id, slug FROM institutions UNION ALL SELECT 'EVENT', id, alliance_id, slug FROM events) AS used \
         JOIN former_slugs ON former_slugs.subject_type = used.kind AND former_slugs.alliance_id = used.alliance_id \
         AND former_slugs.slug = used.slug AND former_slugs.subject_id <> used.id",
    ),
    (
        "an alliance's slug leads to no other",
        "SELECT alliances.id FROM alliances JOIN former_alliance_slugs ON former_alliance_slugs.slug = alliances.slug",
    ),
    (
        "the HTML that is kept is of something",
        "SELECT subject_id AS id FROM rendered_texts WHERE NOT EXISTS (SELECT 1 FROM alliances WHERE alliances.id = subject_id) \
         AND NOT EXISTS (SELECT 1 FROM campaigns WHERE campaigns.id = subject_id) \
         AND NOT EXISTS (SELECT 1 FROM institutions WHERE institutions.id = subject_id) \
         AND NOT EXISTS (SELECT 1 FROM events WHERE events.id = subject_id)",
    ),
    (
        "whoever follows was told of what was done to posts",
        "SELECT subject_id AS id FROM audit_entries WHERE subject_type = 'POST' \
         AND created_at > (SELECT MIN(recorded_at) FROM outbox) AND NOT EXISTS (SELECT 1 FROM outbox WHERE \
         outbox.subject_id = audit_entries.subject_id AND outbox.recorded_at = audit_entries.created_at)",
    ),
];

/// What must hold, each with what is wrong about it; nothing where it holds.
///
/// # Errors
/// Where the database does not answer.
pub async fn examine(db: &impl ConnectionTrait) -> Result<Vec<(&'static str, Option<String>)>> {
    let backend = db.get_database_backend();
    let mut found = Vec::new();
    for (what, sql) in RULES {
        let rows = db.query_all_raw(Statement::from_string(backend, spoken(sql, backend))).await?;
        let ids = rows.iter().take(TOLD).map(|row| Ok(row.try_get::<uuid::Uuid>("", "id")?.to_string()));
        let ids = ids.collect::<Result<Vec<_>>>()?.join(", ");
        let problem = (!rows.is_empty())
            .then(|| format!("{} differ, such as {ids}; restore the latest backup, or ask for help", rows.len()));
        found.push((what, problem));
    }
    Ok(found)
}

fn spoken(sql: &str, backend: DbBackend) -> String {
    let Some((before, rest)) = sql.split_once("{names}(") else { return sql.to_owned() };
    let Some((list, id, after)) = rest.split_once(", ").and_then(|(list, rest)| {
        let (id, after) = rest.split_once(')')?;
        Some((list, id, after))
    }) else {
        return sql.to_owned();
    };
    match backend {
        DbBackend::Sqlite => format!("{before}(instr({list}, lower(hex({id}))) > 0){after}"),
        _ => format!("{before}(strpos({list}, replace({id}::text, '-', '')) > 0){after}"),
    }
}
