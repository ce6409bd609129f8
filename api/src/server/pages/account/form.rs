//! The forms of accounts: what each asks for, and what a browser sent.

use alliance_entity::account_link::LinkPurpose;
use secrecy::{ExposeSecret, SecretString};

use crate::accounts::actions::open::Opened;
use crate::error::problem::Problem;
use crate::server::pages::account::{FORGOTTEN, words};
use crate::server::pages::form::{Field, Form, value};

/// What a browser sent; what it left out is empty.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// The link's token.
    pub(super) token: SecretString,
    /// The password that was chosen.
    pub(super) password: SecretString,
    /// The address that was typed.
    pub(super) email: String,
    /// The name that was typed.
    pub(super) name: String,
}

impl Sent {
    /// Reads a form's body.
    pub(super) fn read(body: &[u8]) -> Self {
        let value = |wanted: &str| value(body, wanted);
        Self { token: value("token").into(), password: value("password").into(), email: value("email"), name: value("name") }
    }
}

/// What the holder of a link is asked for.
pub(super) fn of(page: &'static str, opened: &Opened, sent: &Sent, problems: &[Problem]) -> Form {
    let mut fields = Vec::new();
    let is_reset = opened.purpose == LinkPurpose::PasswordReset;
    let is_new = !opened.has_account && opened.purpose != LinkPurpose::EmailChange;
    // The address tells a browser which password it is to keep.
    fields.push(email(opened.email.as_deref(), &sent.email));
    if is_new {
        let given = if sent.name.is_empty() { opened.name.as_deref().unwrap_or_default() } else { &sent.name };
        fields.push(Field { value: given.to_owned(), ..Field::new("name", "Your name", "text", "name") });
    }
    if is_new || is_reset {
        let note = Some("15 characters or more: a few words that only you would put together are easy to remember.");
        fields.push(Field { note, ..Field::new("password", "A password", "password", "new-password") });
    }
    Form { page, token: sent.token.expose_secret().to_owned(), fields, button: words::button(opened) }.with(problems)
}

/// What somebody is asked for who has forgotten a password.
pub(super) fn forgotten(sent: &Sent, problems: &[Problem]) -> Form {
    let fields = vec![email(None, &sent.email)];
    Form { page: FORGOTTEN, token: String::new(), fields, button: "Send me a link" }.with(problems)
}

fn email(known: Option<&str>, typed: &str) -> Field {
    let (value, fixed) = (known.unwrap_or(typed).to_owned(), known.is_some());
    Field { value, fixed, ..Field::new("email", "Your e-mail address", "email", "username") }
}
