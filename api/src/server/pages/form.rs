//! The forms of pages: what they ask for, and what was wrong with what was sent. They work without a script.

use url::form_urlencoded;

use crate::error::problem::Problem;
use crate::server::pages::linked::sentence;

/// What a form's body says of a field; of what stands twice the first counts, and what is left out is empty.
pub(super) fn value(body: &[u8], wanted: &str) -> String {
    let found = form_urlencoded::parse(body).find(|(name, _)| name == wanted);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
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
    /// Whether a problem stands beside the field that it is about.
    pub(super) fn tells(&self, problem: &Problem) -> bool {
        self.fields.iter().any(|field| field.is_meant(problem))
    }

    /// The same form with what was wrong with what was sent.
    pub(super) fn with(mut self, problems: &[Problem]) -> Self {
        for field in &mut self.fields {
            let problem = problems.iter().find(|problem| field.is_meant(problem));
            field.problem = problem.map(|problem| sentence(&problem.message));
        }
        self
    }
}

impl Field {
    /// An empty field.
    pub(super) fn new(name: &'static str, label: &'static str, kind: &'static str, autocomplete: &'static str) -> Self {
        let (value, fixed, required, note, problem) = (String::new(), false, true, None, None);
        Self { name, label, kind, autocomplete, value, fixed, required, note, problem }
    }

    fn is_meant(&self, problem: &Problem) -> bool {
        match problem.field.last().map(String::as_str) {
            Some("newPassword") => self.name == "password",
            Some(named) => self.name == named,
            None => false,
        }
    }
}
