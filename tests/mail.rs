//! What mails say, what they are made of, and whom they can be sent to.

use std::os::unix::fs::PermissionsExt;

use alliance::config::mail::Way;
use alliance::mail::address::Email;
use alliance::mail::{Mailer, Message, render};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::binary::folder;
use crate::sending::{clock, settings};

const LINK: &str = "https://citizens.example/link#token=nEJ3kq0-_Ty1xV7fW2aZbM9cLr4uPs8dGh5iQo6eR3A";

/// Every mail, with each kind of value that changes it.
fn mails() -> Vec<(&'static str, &'static str, Value)> {
    let alliance = "Nottingham Citizens";
    let notice = json!({ "alliance": alliance, "name": "Ada Byron" });
    let nameless = json!({ "alliance": alliance });
    let hours = json!({ "alliance": alliance, "link": LINK, "hours": 72 });
    let invite = |name: Option<&str>| json!({ "alliance": alliance, "name": name, "role": "EDITOR", "link": LINK, "hours": 1 });
    let reset = |name: Option<&str>| json!({ "alliance": alliance, "name": name, "link": LINK, "minutes": 30 });
    let factor = |enabled: bool| json!({ "alliance": alliance, "name": "Ada Byron", "enabled": enabled });
    let role = |granted: bool| json!({ "alliance": alliance, "name": "Ada Byron", "role": "Editor", "granted": granted });
    let note = |kind: &str, writer: Option<&str>, text: Option<&str>| {
        json!({ "alliance": alliance, "name": "Ada Byron", "writer": writer, "kind": kind, "title": "Clean air", "text": text,
            "id": "post_01h455vb4pex5vsknk084sn02q" })
    };
    vec![
        ("post_note", "post_note", note("NOTE", Some("Bo Rae"), Some("Who counted?"))),
        ("post_note_submitted", "post_note", note("SUBMITTED", None, None)),
        ("post_note_returned", "post_note", note("RETURNED", Some("Bo Rae"), Some("Who counted?"))),
        ("register", "register", hours.clone()),
        ("registered_already", "registered_already", json!({ "alliance": alliance, "link": LINK })),
        ("invite", "invite", invite(Some("Ada Byron"))),
        ("invite_by_nobody", "invite", invite(None)),
        ("reset", "reset", reset(Some("Ada Byron"))),
        ("reset_without_a_name", "reset", reset(None)),
        ("email_change", "email_change", hours),
        ("email_changed", "email_changed", notice.clone()),
        ("password_changed", "password_changed", notice.clone()),
        ("password_changed_without_a_name", "password_changed", nameless),
        ("session_revoked_reuse", "session_revoked_reuse", notice),
        ("two_factor_changed_on", "two_factor_changed", factor(true)),
        ("two_factor_changed_off", "two_factor_changed", factor(false)),
        ("role_changed_granted", "role_changed", role(true)),
        ("role_changed_revoked", "role_changed", role(false)),
    ]
}

/// Those about enquiries and events, which lead to several places.
fn mails_of_the_public() -> Vec<(&'static str, &'static str, Value)> {
    let alliance = "Nottingham Citizens";
    let told = |assigned: bool, phone: Option<&str>| {
        json!({ "alliance": alliance, "name": "Ada Byron", "assigned": assigned, "institution": "St. Ann's Food Bank", "kind": "a charity",
            "contact": "Nadia Novak", "email": "nadia@foodbank.example", "phone": phone, "message": ["We feed 300 families.", "How do we join?"],
            "id": "enquiry_01h455vb4pex5vsknk084sn02q" })
    };
    let (title, when) = ("A ride with the mayor", "Tuesday 4 May 2027, 18:00 (Europe/London)");
    let rsvp = |what: &str, waits: bool, guests: i32| {
        let link = (what != "CALLED_OFF").then_some(LINK);
        let reason = ["CALLED_OFF", "MOVED"].contains(&what).then_some("The mayor is ill.");
        json!({ "alliance": alliance, "what": what, "title": title, "when": when, "place": "Sneinton Market, 1 Market Square", "reason": reason,
            "from": "Tuesday 27 April 2027, 18:00 (Europe/London)", "waits": waits, "guests": guests, "link": link,
            "calendar": "https://citizens.example/calendar/here/ride.ics" })
    };
    let webhook = |gone: bool, description: Option<&str>| {
        let id = "webhook_01h455vb4pex5vsknk084sn02q";
        json!({ "alliance": alliance, "name": "Ada Byron", "host": "example.org", "gone": gone, "description": description, "id": id })
    };
    vec![
        ("enquiry_received", "enquiry_received", json!({ "alliance": alliance, "privacy": "https://citizens.example/privacy" })),
        ("enquiry_told", "enquiry_told", told(false, Some("+44 115 496 0000"))),
        ("enquiry_told_assigned", "enquiry_told", told(true, None)),
        ("webhook_disabled", "webhook_disabled", webhook(false, Some("The site"))),
        ("webhook_disabled_gone", "webhook_disabled", webhook(true, None)),
        (
            "rsvp_confirm",
            "rsvp_confirm",
            json!({ "alliance": alliance, "title": title, "when": when, "link": LINK, "hours": 72 }),
        ),
        ("rsvp_comes", "rsvp_told", rsvp("SETTLED", false, 2)),
        ("rsvp_waits", "rsvp_told", rsvp("SETTLED", true, 0)),
        ("rsvp_promoted", "rsvp_told", rsvp("PROMOTED", false, 0)),
        ("rsvp_moved", "rsvp_told", rsvp("MOVED", false, 0)),
        ("rsvp_placed", "rsvp_told", rsvp("PLACED", false, 0)),
        ("rsvp_called_off", "rsvp_told", rsvp("CALLED_OFF", false, 0)),
        ("rsvp_after_all", "rsvp_told", rsvp("AFTER_ALL", false, 0)),
    ]
}

#[test]
fn a_mail_to_the_public_has_the_same_links_in_both_its_forms_and_no_long_line() {
    for (name, template, values) in mails_of_the_public() {
        let mail = render(template, values).expect("it can be written");
        let links: Vec<&str> = mail.text.split_whitespace().filter(|word| word.starts_with("https://")).collect();
        assert!(links.iter().all(|link| mail.html.contains(&format!("href=\"{link}\""))), "{name}: {links:?}: {}", mail.html);
        assert_eq!(mail.html.contains("href="), !links.is_empty(), "{name}: {}", mail.html);
        assert!(mail.text.lines().all(|line| line.starts_with("https://") || line.len() <= 72), "{name}: {}", mail.text);
        assert!(!mail.text.contains("\n\n\n") && !mail.text.starts_with('\n'), "{name}: {}", mail.text);
    }
}

/// The mails of updates, which lead to more than one place.
fn updates() -> Vec<(&'static str, &'static str, Value)> {
    let own = |more: Value| {
        let page = |page: &str| format!("https://citizens.example/subscription/{page}?token=alu_0");
        let mut values = json!({ "alliance": "Nottingham Citizens", "colour": "003366", "footer": ["1 High Street", "Nottingham"],
            "name": "Ada Byron", "is_test": false, "preferences": page("preferences"), "unsubscribe": page("unsubscribe") });
        values.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        values
    };
    let post = json!({ "title": "Clean air", "excerpt": "Children breathe it, too.", "link": LINK });
    let other = json!({ "title": "Warm homes", "excerpt": "", "link": LINK });
    let test = json!({ "title": "Clean air", "excerpt": "It.", "link": LINK, "name": null, "is_test": true, "preferences": null, "unsubscribe": null });
    vec![
        ("subscription_request", "subscription_request", own(json!({ "link": LINK, "hours": 72, "is_whole": true }))),
        (
            "subscription_request_of_some",
            "subscription_request",
            own(json!({ "link": LINK, "hours": 72, "is_whole": false, "footer": [] })),
        ),
        ("subscription_post", "subscription_post", own(post.clone())),
        ("subscription_post_test", "subscription_post", own(test)),
        ("subscription_digest", "subscription_digest", own(json!({ "posts": [post.clone(), other] }))),
        ("subscription_digest_of_one", "subscription_digest", own(json!({ "posts": [post], "name": null }))),
    ]
}

/// The mails about comments.
fn comments() -> Vec<(&'static str, &'static str, Value)> {
    let asked = json!({ "alliance": "Nottingham Citizens", "link": LINK, "hours": 72 });
    let waiting = |count: u64| json!({ "alliance": "Nottingham Citizens", "name": "Ada Byron", "count": count });
    vec![
        ("reaction_confirm", "reaction_confirm", asked),
        ("moderation_waits", "moderation_waits", waiting(3)),
        ("moderation_waits_of_one", "moderation_waits", waiting(1)),
    ]
}

#[test]
fn each_mail_reads_as_committed() {
    let public = mails_of_the_public().into_iter().chain(updates()).chain(comments());
    for (name, template, values) in mails().into_iter().chain(public) {
        let mail = render(template, values).expect("it can be written");
        insta::assert_snapshot!(format!("{name}.txt"), format!("Subject: {}\n\n{}", mail.subject, mail.text));
        insta::assert_snapshot!(format!("{name}.html"), mail.html);
    }
}

#[test]
fn both_forms_of_a_mail_lead_to_the_same_place_and_to_no_other() {
    for (name, template, values) in mails() {
        let mail = render(template, &values).expect("it can be written");
        let is_link = values.get("link").is_some();
        assert_eq!(mail.text.lines().filter(|line| *line == LINK).count(), usize::from(is_link), "{name}: {}", mail.text);
        assert_eq!(mail.html.matches(&format!("href=\"{LINK}\"")).count(), if is_link { 2 } else { 0 }, "{name}: {}", mail.html);
        assert!(!mail.text.replace(LINK, "").contains("://") && !mail.html.replace(LINK, "").contains("://"), "{name}");
        for remote in ["<img", "<script", "<link", "<iframe", "src=", "url(", "@import"] {
            assert!(!mail.html.contains(remote), "{name}: {remote}");
        }
        assert!(mail.html.contains("<html lang=\"en\">") && mail.html.contains(&format!("<title>{}</title>", mail.subject)));
        assert!(!mail.html.contains("<h1 style=\"margin: 0 0 16px; font-size: 22px; line-height: 1.3\"></h1>"), "{name}");
        assert!(mail.text.lines().all(|line| line == LINK || line.len() <= 72), "{name}: {}", mail.text);
        assert!(!mail.text.contains("\n\n\n") && !mail.text.starts_with('\n'), "{name}: {}", mail.text);
    }
}

#[test]
fn a_name_is_text_wherever_it_stands() {
    let name = "<b>\"Zoë\"</b> & 'Co'\r\n\r\nhttps://evil.example {{ link }}";
    let values = json!({ "alliance": name, "name": name, "role": "EDITOR", "link": LINK, "hours": 72 });
    let mail = render("invite", values).expect("it can be written");
    assert_eq!(mail.subject, "<b>\"Zoë\"</b> & 'Co'    https://evil.example {{ link }} invites you");
    assert!(mail.html.contains("&lt;b&gt;&quot;Zoë&quot;&lt;/b&gt; &amp; &#39;Co&#39;"), "{}", mail.html);
    assert!(!mail.html.contains("<b>") && !mail.text.contains("\n\nhttps://evil"), "{}", mail.text);
}

#[test]
fn a_mail_without_a_value_that_it_wants_is_not_written() {
    for (name, values) in
        [("register", json!({ "alliance": "a", "hours": 72 })), ("reset", json!({})), ("no_such_mail", json!({}))]
    {
        assert!(render(name, values).is_err(), "{name}");
    }
}

#[tokio::test]
async fn a_mail_in_the_folder_is_easy_to_read_and_nobody_else_may() {
    let folder = folder().join("mail");
    let mailer = Mailer::new(&settings(Way::Folder(folder.clone())), clock());
    let values = json!({ "alliance": "Zoë’s Citizens", "link": LINK, "hours": 72 });
    let message: Message = render("register", values).expect("it can be written").to("ada@bücher.example", Uuid::now_v7());
    mailer.send(message.clone()).await.expect("it is written");
    mailer.send(message.clone()).await.expect("a second try is written over the first");
    let entries = std::fs::read_dir(&folder).expect("it is there").map(|entry| entry.expect("it is there").path());
    let [file] = entries.collect::<Vec<_>>().try_into().expect("there is one");
    let name = file.file_name().expect("it has a name").to_string_lossy().into_owned();
    assert_eq!(name, format!("2026-11-24T12-00-00.000Z-{}.eml", message.id));
    let source = std::fs::read_to_string(&file).expect("it is UTF-8").replace("\r\n", "\n");
    assert!(source.contains(&format!("\n{LINK}\n")) && source.contains("Zoë’s Citizens"), "{source}");
    assert!(source.contains("\nTo: ada@xn--bcher-kva.example\n"), "{source}");
    for (path, mode) in [(&folder, 0o700), (&file, 0o600)] {
        let rights = std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(rights, mode, "{}", path.display());
    }
    let nowhere = Mailer::new(&settings(Way::Folder(file.join("in it"))), clock());
    assert!(nowhere.send(message).await.expect_err("a file is no folder").is_temporary());
}

#[test]
fn an_address_is_what_a_mail_can_be_sent_to() {
    let longest = format!("{}@{}.example", "a".repeat(64), "b".repeat(63));
    let right = [
        ("ada@example.org", "ada@example.org", "ada@example.org"),
        (" Ada.Byron+news@Example.ORG\n", "Ada.Byron+news@example.org", "ada.byron+news@example.org"),
        ("o'neil_x-y@a.b-c.example", "o'neil_x-y@a.b-c.example", "o'neil_x-y@a.b-c.example"),
        ("ada@BÜCHER.example", "ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ada@bu\u{308}cher.example", "ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ada@ｅｘａｍｐｌｅ.org", "ada@example.org", "ada@example.org"),
        (&longest, &longest, &longest),
    ];
    for (given, address, key) in right {
        let email = Email::parse(given).expect(given);
        assert_eq!((email.as_str(), email.key().as_str()), (address, key));
        assert_eq!(format!("{email:?}"), "Email(***)");
    }
    let too_long = format!("{}@example.org", "a".repeat(65));
    let far_too_long = format!("a@{}example.org", "b.".repeat(130));
    let wrong = [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@@example.org",
        "ada@b@example.org",
        "ada@localhost",
        "ada@127.0.0.1",
        "ada@[127.0.0.1]",
        "ada@1.2",
        "ada@exa mple.org",
        "ada@example..org",
        "ada@.example.org",
        "ada@-a.example",
        "ada@a_b.example",
        "ada@ex%61mple.org",
        "a da@example.org",
        "\"ada\"@example.org",
        "ada.@example.org",
        ".ada@example.org",
        "a..b@example.org",
        "ada(x)@example.org",
        "ada<x>@example.org",
        "Ada <ada@example.org>",
        "ada@example.org,eve@example.org",
        "ada@example.org\r\nx",
        "ad\na@example.org",
        "ad\0a@example.org",
        "zoë@example.org",
        "ada＠example.org",
        "аda@example.org",
        &too_long,
        &far_too_long,
        "mailto:ada@example.org",
    ];
    for given in wrong {
        let problem = Email::parse(given).expect_err(given);
        assert!(problem.contains("such as name@example.org"), "{given}: {problem}");
    }
}
