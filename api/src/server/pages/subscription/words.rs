//! What the pages say: a heading, sentences, and what somebody agrees to.

use alliance_entity::alliance;
use alliance_entity::email_subscription::{self, EmailFrequency, EmailSubscriptionState};

use crate::app::App;
use crate::server::pages::subscription::Kind;
use crate::subscriptions::actions::open::{Asked, Held};

/// What a page says.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Its heading.
    pub(super) heading: String,
    /// What it is about.
    pub(super) lead: String,
    /// What somebody agrees to.
    pub(super) wording: Option<String>,
    /// What else is to be known.
    pub(super) more: Vec<String>,
}

impl Words {
    /// A heading and a sentence.
    pub(super) fn of([heading, lead]: [String; 2]) -> Self {
        Self { heading, lead, ..Self::default() }
    }
}

fn said(heading: impl Into<String>, lead: impl Into<String>) -> Words {
    Words::of([heading.into(), lead.into()])
}

/// Of a link that cannot be used.
pub(super) fn over() -> Words {
    let lead = "It is not valid, or not any more: a link that confirms works once and for 72 hours. Sign up anew to get updates.";
    said("This link is over", lead)
}

fn how_often(frequency: EmailFrequency) -> &'static str {
    match frequency {
        EmailFrequency::Immediate => "each post in a mail of its own",
        EmailFrequency::Daily => "one mail a day with what is new",
        EmailFrequency::Weekly => "one mail a week with what is new",
    }
}

/// What is to be confirmed.
pub(super) fn asked(asked: &Asked) -> Words {
    let Asked { alliance, request, about } = asked;
    let about = if about.is_empty() { String::new() } else { format!(" about {}", about.join(", ")) };
    let lead = format!(
        "Updates from {}{about} go to {} once you say so: {}.",
        alliance.name,
        request.email,
        how_often(request.frequency)
    );
    let more = vec!["If you did not ask for this, close the page: nothing else is sent.".to_owned()];
    Words { wording: Some(request.wording.clone()), more, ..said(format!("Updates from {}", alliance.name), lead) }
}

/// It is confirmed.
pub(super) fn confirmed(alliance: &alliance::Model, row: &email_subscription::Model) -> Words {
    let lead = format!("{} gets updates from {} from now on: {}.", row.email, alliance.name, how_often(row.frequency));
    Words { more: vec!["Each mail has a link that ends it.".to_owned()], ..said("You get updates", lead) }
}

/// What the holder of a subscription can do.
pub(super) fn held(kind: Kind, held: &Held, app: &App) -> Words {
    let (name, row) = (&held.alliance.name, &held.subscription);
    match (kind, row.state) {
        (Kind::Erase, _) => {
            let lead = format!("Everything that is kept of {} here is erased, and it cannot be undone.", row.email);
            let days = app.config().limits.retain_subscriptions_days;
            let kept = format!(
                "Kept are your address and your name, what you get, what you agreed to and when, and which mails were sent to you. \
                 Where you only end updates, that is deleted after {days} days. What is left is a number made of your address that keeps \
                 it from being written to; an account that you have here stays, and is erased in its own settings."
            );
            Words { more: vec![kept], ..said("Erase your address?", lead) }
        }
        (_, EmailSubscriptionState::Cancelled) => cancelled(&row.email, Some(&held.alliance)),
        (_, EmailSubscriptionState::Bounced) => said(
            "Nothing is sent any more",
            format!("The mail server of {} took no more mail. Sign up anew to get updates.", row.email),
        ),
        (Kind::Unsubscribe, _) => said("Get no more updates?", format!("Nothing more from {name} is sent to {}.", row.email)),
        (_, _) => said(format!("Your updates from {name}"), format!("They go to {}.", row.email)),
    }
}

/// It has ended.
pub(super) fn cancelled(email: &str, alliance: Option<&alliance::Model>) -> Words {
    let from = alliance.map(|alliance| format!(" from {}", alliance.name)).unwrap_or_default();
    said("You get no more updates", format!("Nothing more{from} is sent to {email}. You can sign up anew at any time."))
}

/// It is another now.
pub(super) fn edited(alliance: &alliance::Model) -> Words {
    said("It is saved", format!("This is what you get from {} from now on.", alliance.name))
}

/// It is gone.
pub(super) fn erased() -> Words {
    said("Your address is erased", "Nothing is kept of it here, and nothing is sent to it. You can close this page.")
}
