//! The demo's accounts: one for each role, each with a password of its own that is told once.

use alliance_entity::account_role::Role;
use secrecy::SecretString;

use crate::accounts::actions::setup::{self, NewDemo};
use crate::app::App;
use crate::error::Result;
use crate::{alliances, keys};

/// An account of the demo.
#[derive(Debug)]
pub struct DemoAccount {
    /// What it is, in words.
    pub role: &'static str,
    /// The address that it signs in with.
    pub email: &'static str,
    /// Its password, which is kept nowhere.
    pub password: String,
}

const ACCOUNTS: [(&str, &str, Option<Role>); 6] = [
    ("operator", "operator@demo.example", None),
    ("admin", "admin@demo.example", Some(Role::Admin)),
    ("editor", "editor@demo.example", Some(Role::Editor)),
    ("author", "author@demo.example", Some(Role::Author)),
    ("organiser", "organiser@demo.example", Some(Role::Organiser)),
    ("supporter", "supporter@demo.example", Some(Role::Supporter)),
];
/// The addresses of the demo's accounts, at a host that nobody's mail is at.
#[must_use]
pub fn emails() -> Vec<&'static str> {
    ACCOUNTS.iter().map(|(_, email, _)| *email).collect()
}

/// How many letters of a secret make a password: 120 bits.
const LETTERS: usize = 20;

/// Makes the accounts.
///
/// # Errors
/// Where the database does not answer.
pub async fn plant(app: &App, alliance: &str) -> Result<Vec<DemoAccount>> {
    let Some(alliance) = alliances::store::find(app, &crate::viewer::Viewer::Anonymous, alliance).await? else {
        return Ok(Vec::new());
    };
    let mut made = Vec::new();
    for (role, email, grant) in ACCOUNTS {
        let password: String = keys::token("").chars().take(LETTERS).collect();
        let secret = SecretString::from(password.as_str());
        let demo =
            NewDemo { email, name: format!("Sample {role}"), password: secret, role: grant.map(|grant| (alliance.id, grant)) };
        setup::create_demo(app, demo).await?;
        made.push(DemoAccount { role, email, password });
    }
    Ok(made)
}
