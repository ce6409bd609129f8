//! The signed form of a change: whoever is handed it can tell that it was published here, and that nothing of it was altered.

use async_graphql::Context;
use serde_json::{Value, json};

use crate::context::Ask;
use crate::error::{Error, Result};
use crate::posts::object::Post;
use crate::posts::store::BodyOf;
use crate::posts::store::notes::CorrectionsOf;
use crate::syndication::changes::Change;
use crate::syndication::object::SyndicationChangeKind;
use crate::syndication::store::CampaignsOf;
use crate::text::rich::RichText;

/// Signs a change, with the post as it may be carried now.
///
/// # Errors
/// Where the database does not answer.
pub async fn sign(ctx: &Context<'_>, (change, version): (&Change, Option<i32>), post: Option<&Post>) -> Result<String> {
    let item = match post {
        Some(post) => item(ctx, post).await?,
        None => Value::Null,
    };
    let keys = ctx.app().keys();
    let claims = json!({
        "iss": keys.issuer(),
        "iat": ctx.app().clock().now().timestamp(),
        "sub": change.post.to_string(),
        "kind": word(change.kind),
        "changedAt": change.at,
        "version": version,
        "post": item,
    });
    keys.sign_change(&claims)
}

fn word(kind: SyndicationChangeKind) -> &'static str {
    match kind {
        SyndicationChangeKind::Published => "PUBLISHED",
        SyndicationChangeKind::Edited => "EDITED",
        SyndicationChangeKind::Corrected => "CORRECTED",
        SyndicationChangeKind::Withdrawn => "WITHDRAWN",
        SyndicationChangeKind::Deleted => "DELETED",
    }
}

async fn item(ctx: &Context<'_>, post: &Post) -> Result<Value> {
    let row = &post.0;
    let missing = |what| Error::internal(format!("a post's {what} is missing"));
    let alliance = ctx.load(row.alliance_id).await?.ok_or_else(|| missing("alliance"))?;
    let author = match row.author_id {
        Some(id) => ctx.load(id).await?.map(|person| person.name),
        None => None,
    };
    let body = ctx.load(BodyOf(row.revision_id)).await?.ok_or_else(|| missing("live revision"))?;
    let mut campaigns = ctx.load(CampaignsOf(row.id)).await?.unwrap_or_default();
    campaigns.retain(|(id, _)| ctx.viewer().carries().has(*id));
    let corrections = ctx.load(CorrectionsOf(row.id)).await?.unwrap_or_default();
    let text = RichText::rendered(body.markdown.clone(), body.html, body.rendering);
    Ok(json!({
        "id": row.id.to_string(),
        "version": row.public_version,
        "alliance": { "id": alliance.id.to_string(), "slug": alliance.slug, "name": alliance.name },
        "url": post.address(ctx).await?,
        "kind": format!("{:?}", row.kind).to_uppercase(),
        "title": row.title,
        "excerpt": row.excerpt,
        "markdown": body.markdown,
        "html": text.sanitised(),
        "author": author,
        "campaigns": campaigns.iter().map(|(id, title)| json!({ "id": id.to_string(), "title": title })).collect::<Vec<_>>(),
        "corrections": corrections.iter().map(|one| json!({ "text": one.text, "correctedAt": one.corrected_at })).collect::<Vec<_>>(),
        "firstPublishedAt": row.first_published_at,
        "publishedAt": row.published_at,
        "updatedAt": row.updated_at,
        "licence": row.licence.clone().or(alliance.licence),
        "usageTerms": row.usage_terms.clone().or(alliance.usage_terms),
        "deskNote": row.desk_note,
    }))
}
