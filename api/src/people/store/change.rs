//! The statements of a person's changes.

use alliance_entity::id::{PersonId, PostId};
use alliance_entity::person_role::{self, PersonRole};
use alliance_entity::{person, post};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::database::transaction::Transaction;
use crate::editing::store::content;
use crate::editing::uses::Use;
use crate::error::Result;
use crate::policy::content::readable_people;

content!(person: "person", "PERSON", None, alliance_id, readable_people, |row| None);

/// Lets a person hold these public roles, each at its place, and no others.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_roles(txn: &Transaction, person_id: PersonId, roles: &[(PersonRole, i32)]) -> Result<()> {
    person_role::Entity::delete_many().filter(person_role::Column::PersonId.eq(person_id)).exec(txn).await?;
    let rows = roles
        .iter()
        .map(|(role, position)| person_role::Model { person_id, role: *role, position: *position }.into_active_model());
    if !roles.is_empty() {
        person_role::Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// What refers to a person.
///
/// # Errors
/// Where the database does not answer.
pub async fn uses(txn: &Transaction, id: PersonId) -> Result<[Use; 1]> {
    Ok([(post::Entity::find().filter(post::Column::AuthorId.eq(id)).count(txn).await?, "post", "posts")])
}

/// Holds the posts that name it, before it is held alone: who saves one of them holds that first, too.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_posts(txn: &Transaction, id: PersonId) -> Result<()> {
    let naming = post::Entity::find().select_only().column(post::Column::Id).filter(post::Column::AuthorId.eq(id));
    naming.order_by_asc(post::Column::Id).lock_exclusive().into_tuple::<PostId>().all(txn).await?;
    Ok(())
}

/// Lets posts be by nobody who were by a person.
///
/// # Errors
/// Where the database does not answer.
pub async fn leave_posts(txn: &Transaction, id: PersonId) -> Result<()> {
    let set = post::Entity::update_many()
        .col_expr(post::Column::AuthorId, Expr::val(None::<PersonId>))
        .filter(post::Column::AuthorId.eq(id));
    set.exec(txn).await?;
    Ok(())
}

/// How many public roles a person holds.
///
/// # Errors
/// Where the database does not answer.
pub async fn count_roles(txn: &Transaction, id: PersonId) -> Result<usize> {
    let held = person_role::Entity::find().filter(person_role::Column::PersonId.eq(id)).count(txn).await?;
    Ok(usize::try_from(held).unwrap_or(usize::MAX))
}
