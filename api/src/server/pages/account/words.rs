//! What the pages say: a heading and a sentence.

use alliance_entity::account_link::LinkPurpose;

use crate::accounts::actions::open::Opened;

/// Of a link that cannot be used.
pub(super) const OVER: [&str; 2] = [
    "This link is over",
    "It is not valid, or not any more: each link works once and for a while. Ask whoever sent it for a new one.",
];
/// Of the page for who has forgotten a password.
pub(super) const FORGOTTEN: [&str; 2] =
    ["Forgotten your password?", "Give the e-mail address of your account: a link is sent there that sets a new password."];
/// Of an address that is none.
pub(in crate::server::pages) const NOTHING: [&str; 2] =
    ["Nothing here", "There is no such page. The links of our mails lead to those that there are."];

/// What a link is for.
pub(super) fn opened(opened: &Opened) -> [String; 2] {
    let alliance = &opened.alliance;
    let role = opened.role.map(|role| format!(" as {role}")).unwrap_or_default();
    match opened.purpose {
        LinkPurpose::Registration => {
            ["Make your account".to_owned(), format!("You asked for an account at {alliance}. Choose a password for it.")]
        }
        LinkPurpose::Invitation if opened.has_account => {
            [format!("Join {alliance}"), format!("You are invited{role}. You keep the account and the password that you have.")]
        }
        LinkPurpose::Invitation => {
            [format!("Join {alliance}"), format!("You are invited{role}. Choose a password for your account.")]
        }
        LinkPurpose::Setup => {
            ["Set up your account".to_owned(), format!("You run {alliance}. Choose a password for your account.")]
        }
        LinkPurpose::PasswordReset => [
            "Choose a new password".to_owned(),
            "It counts from now on, and everything that is signed in with your account is signed out.".to_owned(),
        ],
        LinkPurpose::EmailChange => {
            ["Confirm your new address".to_owned(), format!("Your account at {alliance} has it from now on.")]
        }
    }
}

/// What the button says that does it.
pub(super) fn button(opened: &Opened) -> &'static str {
    match opened.purpose {
        LinkPurpose::Registration | LinkPurpose::Setup => "Make the account",
        LinkPurpose::Invitation if opened.has_account => "Join",
        LinkPurpose::Invitation => "Make the account and join",
        LinkPurpose::PasswordReset => "Set the password",
        LinkPurpose::EmailChange => "Confirm the address",
    }
}

/// What was done.
pub(super) fn done(opened: &Opened) -> [String; 2] {
    let alliance = &opened.alliance;
    let again = "You can close this page, and sign in where you use it.";
    match opened.purpose {
        LinkPurpose::Registration | LinkPurpose::Setup => {
            ["Your account is made".to_owned(), format!("It is your account at {alliance}. {again}")]
        }
        LinkPurpose::Invitation => [format!("You have joined {alliance}"), again.to_owned()],
        LinkPurpose::PasswordReset => ["Your password is set".to_owned(), format!("Everything else is signed out. {again}")],
        LinkPurpose::EmailChange => {
            ["Your address is changed".to_owned(), "Sign in with it from now on. You can close this page.".to_owned()]
        }
    }
}

/// What was asked for; the same whether the address has an account.
pub(super) fn asked_for(email: &str) -> [String; 2] {
    let lead = format!("If {} has an account here, a link is on its way to it. It works for 30 minutes.", email.trim());
    ["Look into your mail".to_owned(), lead]
}

/// What could not be done.
pub(in crate::server::pages) fn refused(message: &str) -> [String; 2] {
    ["Not now".to_owned(), sentence(message)]
}

/// A message as a sentence of its own, without the marks of code.
pub(in crate::server::pages) fn sentence(message: &str) -> String {
    let message = message.replace('`', "");
    let mut letters = message.chars();
    let Some(first) = letters.next() else { return message };
    let text: String = first.to_uppercase().chain(letters).collect();
    if text.ends_with(['.', '!', '?']) { text } else { text + "." }
}
