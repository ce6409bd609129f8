//! The SQL statements that read people.

pub mod change;

use std::collections::HashMap;

use alliance_entity::id::{AllianceId, PersonId};
use alliance_entity::person_role::PersonRole;
use alliance_entity::{person, person_role};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, Iterable, QueryFilter, QueryOrder};

use crate::app::App;
use crate::error::Result;
use crate::loader::Load;
use crate::lookup::store::alliance_called;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::people::PersonFilter;
use crate::policy::content::readable_people;
use crate::viewer::Viewer;

impl Load for PersonId {
    type Value = person::Model;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let found = person::Entity::find().filter(person::Column::Id.is_in(keys)).filter(readable_people(viewer).condition());
        Ok(found.all(app.db().read()).await?.into_iter().map(|person| (person.id, person)).collect())
    }
}

/// The organisers of an alliance, as a key to load them by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrganisersOf(pub AllianceId);

impl Load for OrganisersOf {
    type Value = Vec<person::Model>;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let alliances = keys.iter().map(|Self(id)| *id);
        let mut organisers: HashMap<Self, Vec<person::Model>> = keys.iter().map(|key| (*key, Vec::new())).collect();
        let roles = person_role::Entity::find()
            .filter(person_role::Column::Role.eq(PersonRole::Organiser))
            .order_by_asc(person_role::Column::Position)
            .order_by_asc(person_role::Column::PersonId);
        let people = person::Entity::find()
            .filter(person::Column::AllianceId.is_in(alliances))
            .filter(readable_people(viewer).condition())
            .all(app.db().read())
            .await?;
        let ids = people.iter().map(|person| person.id);
        let roles = roles.filter(person_role::Column::PersonId.is_in(ids)).all(app.db().read()).await?;
        let people: HashMap<PersonId, person::Model> = people.into_iter().map(|person| (person.id, person)).collect();
        for person in roles.iter().filter_map(|role| people.get(&role.person_id)) {
            organisers.entry(Self(person.alliance_id)).or_default().push(person.clone());
        }
        Ok(organisers)
    }
}

/// The public roles of a person whom the viewer sees, as a key to load them by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RolesOf(pub PersonId);

impl Load for RolesOf {
    type Value = Vec<person_role::Model>;

    async fn load(app: &App, _: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let found = person_role::Entity::find()
            .filter(person_role::Column::PersonId.is_in(keys.iter().map(|Self(id)| *id)))
            .order_by_asc(person_role::Column::Role);
        let mut roles: HashMap<Self, Self::Value> = HashMap::new();
        for role in found.all(app.db().read()).await? {
            roles.entry(Self(role.person_id)).or_default().push(role);
        }
        Ok(roles)
    }
}

/// People in the order in which they were written down.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct People {
    /// Which of them.
    pub filter: PersonFilter,
}

impl Listed for People {
    type Row = person::Model;

    fn order(&self) -> Order {
        let key = Expr::col((person::Entity, person::Column::CreatedAt));
        Order { name: "people.created", key, like: Key::Time(0), descending: false }
    }

    fn id(&self) -> Expr {
        Expr::col((person::Entity, person::Column::Id))
    }

    fn rows(&self, _: &App, viewer: &Viewer, _: Option<Expr>) -> SelectStatement {
        let PersonFilter { alliance, roles, is_public } = &self.filter;
        let held = || {
            let mut held = Query::select();
            held.column((person_role::Entity, person_role::Column::PersonId)).from(person_role::Entity);
            held
        };
        let mut select = Query::select();
        select.from(person::Entity).cond_where(readable_people(viewer).condition());
        if let Some(alliance) = alliance {
            select.and_where(Expr::col((person::Entity, person::Column::AllianceId)).eq(alliance_called(&alliance.0)));
        }
        if let Some(roles) = roles {
            let mut held = held();
            held.and_where(person_role::Column::Role.is_in(roles.iter().copied()));
            select.and_where(self.id().in_subquery(held));
        }
        if let Some(is_public) = is_public {
            let id = self.id();
            select.and_where(if *is_public { id.in_subquery(held()) } else { id.not_in_subquery(held()) });
        }
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(person::Column::iter().map(|column| (person::Entity, column)));
    }
}
