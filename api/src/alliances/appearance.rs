//! What an alliance's mails and their pages look like, and what people agree to who sign up for its updates.

use alliance_entity::alliance;
use async_graphql::MaybeUndefined;

use crate::editing::given::{Problems, Wrong, sentences};
use crate::error::problem::UserErrorCode;

/// The colour of those who have chosen none.
pub const COLOUR: &str = "14532d";
/// How much lighter than a colour the white text on it must be, as WCAG 2 counts it.
const CONTRAST: f64 = 4.5;

/// What is to be another. What is undefined stays.
#[derive(Debug)]
pub struct Appearance {
    /// The colour of buttons.
    pub colour: MaybeUndefined<String>,
    /// What each mail ends with.
    pub footer: MaybeUndefined<String>,
    /// What people agree to.
    pub wording: MaybeUndefined<String>,
}

impl Appearance {
    /// The row with what was given, where that is right.
    pub(super) fn put(self, row: alliance::Model, was: &alliance::Model, problems: &mut Problems) -> alliance::Model {
        let Self { colour, footer, wording } = self;
        let row = alliance::Model {
            mail_colour: problems.maybe_text("mailColour", colour, was.mail_colour.clone(), read_colour),
            mail_footer: problems.maybe_text("mailFooter", footer, was.mail_footer.clone(), sentences),
            subscription_wording: problems.maybe_text(
                "emailSubscriptionWording",
                wording,
                was.subscription_wording.clone(),
                sentences,
            ),
            ..row
        };
        // The usual wording names the alliance: another name is another wording.
        let is_another = self::wording(&row) != self::wording(was);
        let subscription_wording_version = was.subscription_wording_version + i32::from(is_another);
        alliance::Model { subscription_wording_version, ..row }
    }
}

/// What people agree to who sign up for an alliance's updates.
#[must_use]
pub fn wording(alliance: &alliance::Model) -> String {
    let usual = || {
        format!(
            "I want updates from {} by e-mail. I can end that at any time by the link in each mail. My address is used for nothing else.",
            alliance.name
        )
    };
    alliance.subscription_wording.clone().unwrap_or_else(usual)
}

/// The colour of an alliance's mails and pages, as six digits in hexadecimal.
#[must_use]
pub fn colour(alliance: &alliance::Model) -> &str {
    alliance.mail_colour.as_deref().unwrap_or(COLOUR)
}

/// A colour as it is kept: six digits in hexadecimal.
#[must_use]
pub fn digits(text: &str) -> Option<String> {
    let digits = text.trim().trim_start_matches('#').to_ascii_lowercase();
    (digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())).then_some(digits)
}

fn read_colour(text: &str) -> Result<String, Wrong> {
    let wrong = |problem: &str| Err((UserErrorCode::Invalid, problem.to_owned()));
    let Some(digits) = digits(text) else { return wrong("a colour is written as `#14532d`") };
    if contrast(&digits) < CONTRAST {
        return wrong("white text cannot be read on this colour: choose a darker one");
    }
    Ok(digits)
}

/// By how much white stands out from a colour.
fn contrast(digits: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap_or(u8::MAX)) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    1.05 / (0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4) + 0.05)
}
