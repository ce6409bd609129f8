//! What can be done with institutions.

pub mod create;
pub mod delete;
pub mod edit;
pub mod membership;
pub mod publish;

use alliance_entity::institution;

type Change<'a> = crate::editing::Change<'a, institution::Entity>;
