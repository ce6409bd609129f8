//! Every SQL statement about institutions.

use std::collections::HashMap;

use alliance_entity::id::InstitutionId;
use alliance_entity::{campaign_institution, institution, post_institution};
use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Iterable, QueryFilter};

use crate::alliances;
use crate::app::App;
use crate::error::Result;
use crate::institutions::InstitutionFilter;
use crate::loader::Load;
use crate::lookup::Lookup;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::content::readable_institutions;
use crate::viewer::Viewer;

impl Load for InstitutionId {
    type Value = institution::Model;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let readable = readable_institutions(viewer).condition();
        let found = institution::Entity::find().filter(institution::Column::Id.is_in(keys)).filter(readable);
        Ok(found.all(app.db().read()).await?.into_iter().map(|institution| (institution.id, institution)).collect())
    }
}

/// One institution.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(app: &App, viewer: &Viewer, lookup: &Lookup<InstitutionId>) -> Result<Option<institution::Model>> {
    let wanted = match lookup {
        Lookup::Id(id) => Condition::all().add(institution::Column::Id.eq(*id)),
        Lookup::Slug { slug, alliance } => Condition::all()
            .add(institution::Column::Slug.eq(slug))
            .add(Expr::col((institution::Entity, institution::Column::AllianceId)).eq(alliances::store::id_of(alliance))),
    };
    Ok(institution::Entity::find().filter(wanted).filter(readable_institutions(viewer).condition()).one(app.db().read()).await?)
}

/// Whose institutions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everybody's.
    All,
    /// An alliance's.
    Alliance,
    /// A campaign's.
    Campaign,
    /// A post's.
    Post,
}

/// Institutions in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Institutions {
    /// Whose.
    pub scope: Scope,
    /// Which of them.
    pub filter: InstitutionFilter,
}

impl Listed for Institutions {
    type Row = institution::Model;

    fn order(&self) -> Order {
        let key = Expr::col((institution::Entity, institution::Column::SortName));
        Order { name: "institutions.name", key, like: Key::Text(String::new()), descending: false }
    }

    fn id(&self) -> Expr {
        Expr::col((institution::Entity, institution::Column::Id))
    }

    fn rows(&self, app: &App, viewer: &Viewer, parent: Option<Expr>) -> SelectStatement {
        let InstitutionFilter { kinds, is_member } = &self.filter;
        let mut select = Query::select();
        select.from(institution::Entity).cond_where(readable_institutions(viewer).condition());
        select.and_where_option(kinds.as_ref().map(|kinds| institution::Column::Kind.is_in(kinds.iter().copied())));
        if let Some(is_member) = is_member {
            let member = members(app.clock().today());
            select.cond_where(if *is_member { member } else { member.not() });
        }
        let Some(parent) = parent else { return select };
        match self.scope {
            Scope::All => {}
            Scope::Alliance => {
                select.and_where(Expr::col((institution::Entity, institution::Column::AllianceId)).eq(parent));
            }
            Scope::Campaign => {
                let link = Expr::col((campaign_institution::Entity, campaign_institution::Column::InstitutionId)).eq(self.id());
                select.inner_join(campaign_institution::Entity, link);
                select.and_where(Expr::col((campaign_institution::Entity, campaign_institution::Column::CampaignId)).eq(parent));
            }
            Scope::Post => {
                let link = Expr::col((post_institution::Entity, post_institution::Column::InstitutionId)).eq(self.id());
                select.inner_join(post_institution::Entity, link);
                select.and_where(Expr::col((post_institution::Entity, post_institution::Column::PostId)).eq(parent));
            }
        }
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(institution::Column::iter().map(|column| (institution::Entity, column)));
    }
}

/// Those who are members on a day. Never unknown, so that its negation is all others.
fn members(day: NaiveDate) -> Condition {
    Condition::all()
        .add(institution::Column::JoinedOn.is_not_null())
        .add(institution::Column::JoinedOn.lte(day))
        .add(Condition::any().add(institution::Column::LeftOn.is_null()).add(institution::Column::LeftOn.gt(day)))
}
