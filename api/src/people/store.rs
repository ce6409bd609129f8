//! Every SQL statement about people.

use std::collections::HashMap;

use alliance_entity::id::{AllianceId, PersonId};
use alliance_entity::person_role::PersonRole;
use alliance_entity::{person, person_role};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::app::App;
use crate::error::Result;
use crate::loader::Load;
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
