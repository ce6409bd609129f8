//! Every mail, of an account or of a post, through a whole exchange with a mail server.

use std::collections::BTreeSet;
use std::path::Path;

use alliance::accounts::mailing::{self, Notice};
use alliance_entity::{account, post_note, post_revision};
use alliance_tests::smtp::Received;
use sea_orm::EntityTrait;
use sea_orm::sea_query::Expr;
use serde_json::{Value, json};

use crate::guests::{self, Guest, NEW_PASSWORD, PASSWORD};
use crate::posting::Posting;
use crate::viewers::HERE;

impl Posting<'_> {
    /// The mail that a stranger's change lets be sent.
    async fn asked(&self, field: &str, input: Value) -> Received {
        self.stranger(field, input).await;
        self.mail().await
    }

    /// The mail that somebody's change lets be sent.
    async fn by(&self, guest: &Guest, field: &str, input: Value) -> Received {
        guest.does(self.app, field, input, "__typename").await;
        self.mail().await
    }

    /// The mail about a note that somebody writes on a post, both of which say what no door lets in.
    async fn note(&self, by: &Guest, post: &Value, (title, text): (&str, &str)) -> Received {
        by.does(self.app, "postNoteCreate", json!({ "id": post, "text": "Who counted?" }), "__typename").await;
        let db = self.app.app.db().write();
        let titled = post_revision::Entity::update_many().col_expr(post_revision::Column::Title, Expr::val(title));
        titled.exec(db).await.expect("it is written");
        let said = post_note::Entity::update_many().col_expr(post_note::Column::Text, Expr::val(text));
        said.exec(db).await.expect("it is written");
        self.mail().await
    }

    /// A notice of what this test cannot bring about by itself.
    async fn notice(&self, of: &Guest, notice: Notice) -> Received {
        let txn = self.app.app.db().begin().await.expect("the database answers");
        mailing::notify(&txn, self.app.app.clock().now(), of.id, notice).await.expect("it is written");
        txn.commit().await.expect("it is written");
        self.mail().await
    }
}

/// Each mail once, by its template, to an account with this name in an alliance with that one.
async fn everything(posting: &Posting<'_>, name: &str, alliance: &str) -> Vec<(&'static str, Received)> {
    let app = posting.app;
    let admin = guests::admin(app, Some(HERE), "ada@example.org").await;
    let noor = guests::admin(app, Some(HERE), "noor@example.org").await;
    let rosa = guests::registered(app, "rosa@example.org").await;
    let db = app.app.db().write();
    let named = account::Entity::update_many().col_expr(account::Column::Name, Expr::val(name));
    named.exec(db).await.expect("it is written");
    let called =
        alliance_entity::alliance::Entity::update_many().col_expr(alliance_entity::alliance::Column::Name, Expr::val(alliance));
    called.exec(db).await.expect("it is written");
    let role = |account: &Guest| json!({ "account": account.id.to_string(), "alliance": HERE.to_string(), "role": "EDITOR" });
    let invitation = json!({ "alliance": HERE.to_string(), "email": "ines@example.org", "name": "Ines", "role": "EDITOR" });
    let on_a_post = json!({ "alliance": HERE.to_string(), "title": "Clean air", "body": "At length." });
    let post = admin.does(app, "postCreate", on_a_post, "post { id }").await["post"]["id"].take();
    let mut mails = vec![
        ("register", posting.asked("accountRegister", json!({ "email": "nadia@example.org", "name": "Nadia" })).await),
        ("registered_already", posting.asked("accountRegister", json!({ "email": "rosa@example.org", "name": "X" })).await),
        ("reset", posting.asked("passwordResetRequest", json!({ "email": "rosa@example.org" })).await),
        ("invite", posting.by(&admin, "accountInvite", invitation).await),
        ("role_changed", posting.by(&admin, "roleGrant", role(&admin)).await),
        ("post_note", posting.note(&noor, &post, (name, alliance)).await),
    ];
    let moved = json!({ "email": "rose@example.org", "password": PASSWORD });
    let moving = posting.by(&rosa, "accountEmailChange", moved).await;
    let token = guests::token(&moving.text());
    mails.push(("email_change", moving));
    mails.push(("email_changed", posting.asked("accountConfirm", json!({ "token": token })).await));
    let passwords = json!({ "currentPassword": PASSWORD, "newPassword": NEW_PASSWORD });
    mails.push(("password_changed", posting.by(&rosa, "passwordChange", passwords).await));
    mails.push(("two_factor_changed", posting.notice(&rosa, Notice::SecondFactor { enabled: true }).await));
    mails.push(("session_revoked_reuse", posting.notice(&rosa, Notice::Reuse).await));
    mails
}

/// The names of the headers.
fn headers(mail: &Received) -> Vec<&str> {
    let (head, _) = mail.source.split_once("\n\n").expect("it has a body");
    head.lines().filter(|line| !line.starts_with(' ')).map(|line| line.split(':').next().unwrap_or(line)).collect()
}

const HEADERS: [&str; 8] = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"];

#[tokio::test]
async fn every_mail_goes_to_one_person_and_has_a_link_where_there_is_something_to_do() {
    let mut files = BTreeSet::new();
    for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/assets/mail")).expect("there are mails") {
        let path = file.expect("it can be read").path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            files.insert(path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned());
        }
    }
    // What is about comments, enquiries, events, updates and webhooks is sent where they are tested.
    files.retain(|name| {
        !["reaction_", "moderation_", "enquiry_", "rsvp_", "subscription_", "webhook_"]
            .iter()
            .any(|other| name.starts_with(other))
    });
    for app in guests::both().await {
        let posting = Posting::start(&app).await;
        let mails = everything(&posting, "Rosa Rook", "Here").await;
        let sent: BTreeSet<String> = mails.iter().map(|(template, _)| (*template).to_owned()).collect();
        assert_eq!(sent, files, "{}: each template is sent", app.name);
        assert_eq!(posting.sink.received().len(), mails.len(), "{}: and once", app.name);
        let told: Vec<String> = mails.iter().map(|(template, mail)| told(template, mail)).collect();
        insta::assert_snapshot!("mails_of_accounts", told.join("\n"));
    }
}

/// What a mail is about, to whom it goes, and where it leads.
fn told(template: &str, mail: &Received) -> String {
    let [to] = mail.to.as_slice() else { panic!("one recipient: {:?}", mail.to) };
    assert_eq!(mail.header("To").as_ref(), Some(to));
    assert_eq!(headers(mail), HEADERS, "{template}");
    assert!(mail.source.is_ascii() && mail.source.contains("text/html"), "{template}");
    let link = mail.link().unwrap_or_else(|| "no link".to_owned());
    let link = link.split_once("all_").map_or(link.clone(), |(address, token)| {
        assert_eq!(token.len(), 43, "{template}");
        format!("{address}TOKEN")
    });
    format!("{template} | {to} | {} | {link}", mail.header("Subject").unwrap_or_default())
}

#[tokio::test]
async fn no_name_begins_a_header_or_a_second_mail_and_no_address_is_taken_with_more_than_one_line() {
    const EVIL: &str = "Zoë\r\nBcc: eve@example.org\r\n\r\n.\r\nMAIL FROM:<eve@example.org>";
    for app in guests::both().await {
        let posting = Posting::start(&app).await;
        // No door lets such names in; here they stand in the database all the same.
        let mails = everything(&posting, EVIL, EVIL).await;
        assert_eq!(posting.sink.received().len(), mails.len(), "{}", app.name);
        for (template, mail) in &mails {
            assert_eq!((mail.to.len(), headers(mail)), (1, HEADERS.to_vec()), "{template}: {}", mail.source);
            assert!(!mail.to[0].contains("eve"), "{template}: {:?}", mail.to);
        }
        assert!(!posting.sink.commands().iter().any(|command| command.contains("eve")), "{}", app.name);
        let admin = guests::admin(&app, Some(HERE), "theo@example.org").await;
        for address in [
            "a@example.org\r\nBcc: eve@example.org",
            "a@example.org\nRCPT TO:<eve@example.org>",
            "a@b.org,eve@example.org",
            "\"a\r\nb\"@example.org",
            "a@example.org\u{2028}eve@example.org",
            "<a@example.org>",
        ] {
            let person = json!({ "email": address, "name": "Eve" });
            assert_eq!(guests::stranger_tries(&app, "accountRegister", person).await, "INVALID", "{}: {address:?}", app.name);
            let reset = json!({ "email": address });
            assert_eq!(guests::stranger_tries(&app, "passwordResetRequest", reset).await, "INVALID", "{}: {address:?}", app.name);
            let invited = json!({ "alliance": HERE.to_string(), "email": address, "name": "Eve" });
            assert_eq!(admin.tries(&app, "accountInvite", invited).await, "INVALID", "{}: {address:?}", app.name);
            let moved = json!({ "email": address, "password": PASSWORD });
            assert_eq!(admin.tries(&app, "accountEmailChange", moved).await, "INVALID", "{}: {address:?}", app.name);
        }
        for name in [EVIL, "Eve\nEvans", "Eve\u{2028}Evans", "Eve\u{0}"] {
            let person = json!({ "email": "eve@example.org", "name": name });
            let tried = guests::stranger_tries(&app, "accountRegister", person).await;
            assert!(["INVALID", "BAD_REQUEST"].contains(&tried.as_str()), "{}: {name:?}: {tried}", app.name);
        }
        app.work().await;
        assert!(app.mails().is_empty(), "{}", app.name);
    }
}
