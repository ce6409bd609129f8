//! The forms of the pages: what they ask for, and what a browser sent.

use alliance_entity::email_subscription::{EmailFrequency, EmailSubscriptionState};
use async_graphql::MaybeUndefined;
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded;

use crate::server::pages::subscription::Kind;
use crate::subscriptions::Which;
use crate::subscriptions::actions::edit::Edit;
use crate::subscriptions::actions::open::{Asked, Held};
use crate::subscriptions::topic::Topic;

/// The frequencies, as forms send them, and what a person is told of each.
const FREQUENCIES: [(EmailFrequency, &str, &str); 3] = [
    (EmailFrequency::Immediate, "immediate", "Each post at once"),
    (EmailFrequency::Daily, "daily", "One mail a day"),
    (EmailFrequency::Weekly, "weekly", "One mail a week"),
];

/// What a browser sent; what it left out is empty.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// The link's token.
    pub(super) token: SecretString,
    /// The name that was typed.
    pub(super) name: String,
    /// How often.
    frequency: String,
    /// The ids of what was chosen.
    topics: Vec<String>,
    /// Whether a form was sent at all.
    is_form: bool,
}

impl Sent {
    /// Nothing but the link.
    pub(super) fn opened(token: SecretString) -> Self {
        Self { token, ..Self::default() }
    }

    /// Reads a form's body. Of what stands twice the first counts, but for what may be chosen beside others.
    pub(super) fn read(body: &[u8]) -> Self {
        let values = |wanted: &'static str| {
            form_urlencoded::parse(body).filter(move |(name, _)| name == wanted).map(|(_, value)| value.into_owned())
        };
        let value = |wanted| values(wanted).next().unwrap_or_default();
        let token = value("token").into();
        Self { token, name: value("name"), frequency: value("frequency"), topics: values("topic").collect(), is_form: true }
    }

    /// What is to be another.
    pub(super) fn edit(&self, which: Which) -> Edit {
        let frequency = FREQUENCIES.iter().find(|(_, sent, _)| *sent == self.frequency);
        Edit {
            which,
            name: MaybeUndefined::Value(self.name.clone()),
            topics: MaybeUndefined::Value(self.topics.clone()),
            frequency: frequency.map_or(MaybeUndefined::Undefined, |(frequency, ..)| MaybeUndefined::Value(*frequency)),
        }
    }
}

/// A form.
#[derive(Debug)]
pub(super) struct Form {
    /// The page that it is sent to.
    pub(super) page: &'static str,
    /// The link's token.
    pub(super) token: String,
    /// What stands in the field of the name; nothing where it does not ask for one.
    pub(super) name: Option<String>,
    /// What is to be chosen.
    pub(super) groups: Vec<Group>,
    /// What its button says.
    pub(super) button: &'static str,
}

/// What is to be chosen among.
#[derive(Debug)]
pub(super) struct Group {
    /// What it is called on the page.
    pub(super) legend: &'static str,
    /// `radio` or `checkbox`.
    pub(super) kind: &'static str,
    /// Its name in the form.
    pub(super) name: &'static str,
    /// What there is.
    pub(super) choices: Vec<Choice>,
}

/// Something to choose.
#[derive(Debug)]
pub(super) struct Choice {
    /// What the form sends.
    pub(super) value: String,
    /// What it is called on the page.
    pub(super) label: String,
    /// Whether it is chosen.
    pub(super) chosen: bool,
}

impl Form {
    /// Whether somebody wants what was asked for.
    pub(super) fn confirm(asked: &Asked, sent: &Sent) -> Self {
        let name = if sent.is_form { Some(sent.name.clone()) } else { asked.request.name.clone() };
        let token = sent.token.expose_secret().to_owned();
        Self { page: "confirm", token, name: Some(name.unwrap_or_default()), groups: Vec::new(), button: "Yes, I want updates" }
    }

    /// What the holder of a subscription can do; nothing where it has ended.
    pub(super) fn held(kind: Kind, held: &Held, sent: &Sent) -> Option<Self> {
        let (token, groups) = (sent.token.expose_secret().to_owned(), Vec::new());
        let is_confirmed = held.subscription.state == EmailSubscriptionState::Confirmed;
        match kind {
            Kind::Erase => Some(Self { page: "erase", token, name: None, groups, button: "Erase my address" }),
            _ if !is_confirmed => None,
            Kind::Unsubscribe => Some(Self { page: "unsubscribe", token, name: None, groups, button: "Get no more updates" }),
            Kind::Preferences | Kind::Confirm => {
                let name = if sent.is_form { sent.name.clone() } else { held.subscription.name.clone().unwrap_or_default() };
                let groups = vec![frequencies(held, sent), topics(held, sent)];
                Some(Self { page: "preferences", token, name: Some(name), groups, button: "Save" })
            }
        }
    }
}

fn frequencies(held: &Held, sent: &Sent) -> Group {
    let is_chosen = |frequency, word| {
        if sent.is_form { sent.frequency == word } else { held.subscription.frequency == frequency }
    };
    let choices = FREQUENCIES.map(|(frequency, word, label)| Choice {
        value: word.to_owned(),
        label: label.to_owned(),
        chosen: is_chosen(frequency, word),
    });
    Group { legend: "How often?", kind: "radio", name: "frequency", choices: choices.into() }
}

fn topics(held: &Held, sent: &Sent) -> Group {
    let choice = |topic: Topic, label: String| {
        let value = topic.to_string();
        let chosen = if sent.is_form { sent.topics.contains(&value) } else { held.topics.contains(&topic) };
        Choice { value, label, chosen }
    };
    let whole = choice(Topic::Alliance(held.alliance.id), format!("Everything from {}", held.alliance.name));
    let others = held.offered.iter().map(|(topic, name)| choice(*topic, name.clone()));
    let choices = std::iter::once(whole).chain(others).collect();
    Group { legend: "What about?", kind: "checkbox", name: "topic", choices }
}

/// The pages that stand beside one.
pub(super) fn beside(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Preferences => &["unsubscribe", "erase"],
        Kind::Unsubscribe => &["preferences", "erase"],
        Kind::Erase => &["preferences"],
        Kind::Confirm => &[],
    }
}

/// Links to pages of the same subscription.
pub(super) fn links(token: &SecretString, pages: &[&'static str]) -> Vec<(String, &'static str)> {
    let link = |page: &&'static str| {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("token", token.expose_secret()).finish();
        let words = match *page {
            "unsubscribe" => "Get no more updates",
            "erase" => "Erase my address",
            _ => "Choose what you get",
        };
        (format!("{page}?{query}"), words)
    };
    pages.iter().map(link).collect()
}
