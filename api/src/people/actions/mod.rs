//! What can be done with people.

pub mod create;
pub mod delete;
pub mod edit;

use std::collections::BTreeMap;

use alliance_entity::person;
use alliance_entity::person_role::PersonRole;

use crate::editing::given::Problems;

/// How far down a list a person can stand.
const LAST: i32 = 10_000;

type Change<'a> = crate::editing::Change<'a, person::Entity>;

/// Roles that were given, each once; in the place that was given last.
fn roles(problems: &mut Problems, given: Vec<(PersonRole, i32)>) -> Vec<(PersonRole, i32)> {
    problems.unless(given.iter().all(|(_, position)| (0..=LAST).contains(position)), "roles", "a position is 0 to 10,000");
    let each: BTreeMap<PersonRole, i32> = given.into_iter().collect();
    each.into_iter().collect()
}
