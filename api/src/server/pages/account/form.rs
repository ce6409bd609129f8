//! The form of a page: what it asks for, and what a browser sent.

use alliance_entity::account_link::LinkPurpose;
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded;

use crate::accounts::actions::open::Opened;
use crate::error::problem::Problem;
use crate::server::pages::account::{FORGOTTEN, words};

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
    /// Reads a form's body. Of what stands twice the first counts.
    pub(super) fn read(body: &[u8]) -> Self {
        let value = |wanted: &str| {
            let found = form_urlencoded::parse(body).find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.into_owned()).unwrap_or_default()
        };
        Self { token: value("token").into(), password: value("password").into(), email: value("email"), name: value("name") }
    }
}

/// A form.
#[derive(Debug)]
pub(super) struct Form {
    /// The page that it is sent to.
    pub(super) page: &'static str,
    /// The link's token.
    pub(super) token: String,
    /// What it asks for.
    pub(super) fields: Vec<Field>,
    /// What its button says.
    pub(super) button: &'static str,
}

/// A field of a form.
#[derive(Debug)]
pub(super) struct Field {
    /// Its name in the form.
    pub(super) name: &'static str,
    /// What it is called on the page.
    pub(super) label: &'static str,
    /// `text`, `email` or `password`.
    pub(super) kind: &'static str,
    /// What a browser may fill in.
    pub(super) autocomplete: &'static str,
    /// What stands in it.
    pub(super) value: String,
    /// Whether that is only shown.
    pub(super) fixed: bool,
    /// Whether it must be filled in.
    pub(super) required: bool,
    /// What is to be known about it.
    pub(super) note: Option<&'static str>,
    /// What was wrong with it.
    pub(super) problem: Option<String>,
}

impl Form {
    /// What the holder of a link is asked for.
    pub(super) fn of(page: &'static str, opened: &Opened, sent: &Sent, problems: &[Problem]) -> Self {
        let mut fields = Vec::new();
        let is_reset = opened.purpose == LinkPurpose::PasswordReset;
        let is_new = !opened.has_account && opened.purpose != LinkPurpose::EmailChange;
        // The address tells a browser which password it is to keep.
        fields.push(Field::email(opened.email.as_deref(), &sent.email));
        if is_new {
            let given = if sent.name.is_empty() { opened.name.as_deref().unwrap_or_default() } else { &sent.name };
            fields.push(Field { value: given.to_owned(), ..Field::new("name", "Your name", "text", "name") });
        }
        if is_new || is_reset {
            let note = Some("15 characters or more: a few words that only you would put together are easy to remember.");
            fields.push(Field { note, ..Field::new("password", "A password", "password", "new-password") });
        }
        Self { page, token: sent.token.expose_secret().to_owned(), fields, button: words::button(opened) }.with(problems)
    }

    /// What somebody is asked for who has forgotten a password.
    pub(super) fn forgotten(sent: &Sent, problems: &[Problem]) -> Self {
        let fields = vec![Field::email(None, &sent.email)];
        Self { page: FORGOTTEN, token: String::new(), fields, button: "Send me a link" }.with(problems)
    }

    /// Whether a problem stands beside the field that it is about.
    pub(super) fn tells(&self, problem: &Problem) -> bool {
        self.fields.iter().any(|field| field.is_meant(problem))
    }

    fn with(mut self, problems: &[Problem]) -> Self {
        for field in &mut self.fields {
            let problem = problems.iter().find(|problem| field.is_meant(problem));
            field.problem = problem.map(|problem| words::sentence(&problem.message));
        }
        self
    }
}

impl Field {
    fn new(name: &'static str, label: &'static str, kind: &'static str, autocomplete: &'static str) -> Self {
        let (value, fixed, required, note, problem) = (String::new(), false, true, None, None);
        Self { name, label, kind, autocomplete, value, fixed, required, note, problem }
    }

    fn email(known: Option<&str>, typed: &str) -> Self {
        let fixed = known.is_some();
        Self { value: known.unwrap_or(typed).to_owned(), fixed, ..Self::new("email", "Your e-mail address", "email", "username") }
    }

    fn is_meant(&self, problem: &Problem) -> bool {
        match problem.field.last().map(String::as_str) {
            Some("newPassword") => self.name == "password",
            Some(named) => self.name == named,
            None => false,
        }
    }
}
