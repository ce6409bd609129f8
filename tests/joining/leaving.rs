//! Leaving: what somebody is given of what is kept about them, and that nothing of it is left once they are erased.

use std::path::{Path, PathBuf};

use alliance::config::mail::{SmtpUrl, Way};
use alliance_entity::account_role::Role;
use alliance_entity::event::{self, EventStatus};
use alliance_entity::id::{AccountId, EventId, PostId, ReactionId};
use alliance_entity::post::PostStatus;
use alliance_entity::reaction::{ReactionState, SubjectType};
use alliance_entity::{post, reaction};
use alliance_tests::app::TestApp;
use alliance_tests::smtp::{Mood, Sink, Step};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::guests::{self, Guest, NEW_PASSWORD, PASSWORD, done, dump, mailed, rows_of, stranger_tries};
use crate::rows::{self, put};
use crate::viewers::HERE;

/// Somebody who did much: registered, moved to another address, was given roles, invited others, wrote and reacted.
struct Life {
    admin: Guest,
    rosa: Guest,
    /// What nobody may find once she is erased: her names and addresses, and what let her in.
    traces: Vec<String>,
}

const OLD: &str = "rosamund@example.net";
const NEW: &str = "rookwood@example.com";
const NAMES: [&str; 3] = ["Rosamund", "Rookwood", "Rambling"];

impl Life {
    async fn lead(app: &TestApp) -> Self {
        let admin = guests::admin(app, Some(HERE), "ada@example.org").await;
        let mut traces: Vec<String> = NAMES.map(str::to_lowercase).to_vec();
        let invitation = json!({ "alliance": HERE.to_string(), "email": OLD, "name": "Rosamund R.", "role": "ADMIN" });
        admin.does(app, "accountInvite", invitation, "__typename").await;
        let token = mailed(app).await;
        let confirm = json!({ "token": token, "password": PASSWORD, "name": "Rosamund Rookwood" });
        let id = done(app, ("", "accountConfirm"), confirm, "account { id }").await["account"]["id"].take();
        traces.push(token);
        let id: AccountId = id.as_str().and_then(|id| id.parse().ok()).expect("an id");
        let rosa = Guest { id, email: NEW.to_owned(), token: guests::sign_in(app, OLD, PASSWORD).await };
        traces.push(rosa.token.clone());
        // A link that is never followed, to an address that will be another one.
        done(app, ("", "passwordResetRequest"), json!({ "email": OLD }), "accepted").await;
        traces.push(mailed(app).await);
        rosa.does(app, "accountEmailChange", json!({ "email": NEW, "password": PASSWORD }), "accepted").await;
        let token = mailed(app).await;
        done(app, ("", "accountConfirm"), json!({ "token": token }), "account { id }").await;
        traces.push(token);
        let named = json!({ "id": rosa.id.to_string(), "version": 2, "name": "Rambling Rookwood", "nameIsPublic": true });
        rosa.does(app, "accountEdit", named, "account { id }").await;
        let invitation = json!({ "alliance": HERE.to_string(), "email": "nadia@example.org", "name": "Nadia Novak" });
        rosa.does(app, "accountInvite", invitation, "__typename").await;
        app.work().await;
        let role = json!({ "account": rosa.id.to_string(), "alliance": HERE.to_string(), "role": "EDITOR" });
        admin.does(app, "roleGrant", role, "account { id }").await;
        Self::write(app, rosa.id).await;
        Self::ask(app, &rosa).await;
        Self { admin, rosa, traces }
    }

    /// What she asks of the alliance and of its events, with her account and with an address alone.
    async fn ask(app: &TestApp, rosa: &Guest) {
        let enquiry = |email: &str| {
            json!({ "alliance": HERE.to_string(), "institutionName": "Rambling Choir", "institutionKind": "OTHER",
                "contactName": "Rosamund Rookwood", "email": email, "message": "I am Rosamund." })
        };
        rosa.does(app, "enquirySubmit", enquiry("rosamund@choir.example"), "enquiry { id }").await;
        done(app, ("", "enquirySubmit"), enquiry(NEW), "accepted").await;
        let event = EventId(Uuid::from_u128(3));
        let ahead = event::Model {
            starts_at: "2027-01-15T18:00:00Z".parse().expect("this is a time"),
            ..rows::event(event, HERE, "ahead", EventStatus::Scheduled)
        };
        put!(app, ahead);
        let comes = json!({ "event": event.to_string(), "name": "Rambling R.", "guests": 2 });
        rosa.does(app, "eventRsvp", comes, "rsvp { state }").await;
        done(app, ("", "eventRsvp"), json!({ "event": event.to_string(), "name": "Rosamund", "email": NEW }), "accepted").await;
        // Its mails wait.
    }

    async fn write(app: &TestApp, id: AccountId) {
        let (post, reaction) = (PostId(Uuid::from_u128(1)), ReactionId(Uuid::from_u128(2)));
        put!(
            app,
            post::Model { owner_id: Some(id), ..rows::post(post, HERE, "a-draft", PostStatus::Draft) },
            reaction::Model {
                account_id: Some(id),
                comment: Some("I am Rosamund of Rookwood Lane".to_owned()),
                author_name: Some("Rambling R.".to_owned()),
                ..rows::comment(reaction, (SubjectType::Post, post.0), ReactionState::Pending)
            },
        );
    }

    /// Where something of her is left.
    fn found(&self, texts: &[String]) -> Vec<String> {
        let is_hers = |text: &&String| self.traces.iter().any(|trace| text.to_lowercase().contains(&trace.to_lowercase()));
        texts.iter().filter(is_hers).cloned().collect()
    }
}

fn whom(of: &Guest) -> Value {
    json!({ "id": of.id.to_string(), "password": PASSWORD })
}

#[tokio::test]
async fn an_export_holds_everything_of_its_person_and_nothing_of_anybody_else() {
    for app in guests::both().await {
        let life = Life::lead(&app).await;
        let wrong = json!({ "id": life.rosa.id.to_string(), "password": NEW_PASSWORD });
        assert_eq!(life.rosa.tries(&app, "accountDataExport", wrong).await, "INCORRECT", "{}", app.name);
        assert_eq!(life.admin.tries(&app, "accountDataExport", whom(&life.rosa)).await, "FORBIDDEN", "{}", app.name);
        let payload = life.rosa.does(&app, "accountDataExport", whom(&life.rosa), "export").await;
        let text = payload["export"].as_str().expect("a document");
        let export: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(export["account"]["email"], NEW, "{}", app.name);
        assert_eq!(export["account"]["name"], "Rambling Rookwood", "{}", app.name);
        let words = |list: &str, field: &str| {
            let mut words: Vec<String> =
                export[list].as_array().expect("a list").iter().map(|one| one[field].to_string()).collect();
            words.sort_unstable();
            words.join(" ").replace('"', "")
        };
        assert_eq!(words("roles", "role"), "Admin Editor", "{}", app.name);
        assert_eq!(words("links", "email"), format!("{NEW} {OLD} {OLD}"), "{}: {text}", app.name);
        assert_eq!(words("links", "purpose"), "EmailChange EmailChange Invitation", "{}", app.name);
        assert_eq!(words("posts", "slug"), "a-draft", "{}", app.name);
        assert_eq!(words("reactions", "comment"), "I am Rosamund of Rookwood Lane", "{}", app.name);
        assert_eq!(words("enquiries", "email"), format!("{NEW} rosamund@choir.example"), "{}", app.name);
        assert_eq!(words("rsvps", "state"), "Coming Pending", "{}", app.name);
        assert_eq!((words("reactions", "name"), words("sessions", "endedAt")), ("Rambling R.".to_owned(), "null".to_owned()));
        let deeds = "accountConfirm accountConfirm accountEdit accountEmailChange accountEmailChange accountInvite enquirySubmit eventRsvp signIn";
        assert_eq!(words("deeds", "action"), deeds, "{}", app.name);
        assert_eq!(words("deedsOfOthers", "action"), "roleGrant", "{}", app.name);
        let kept = rows_of(&app, "SELECT password_hash FROM accounts").await;
        let hashes = kept.iter().map(|row| row.try_get_by_index::<String>(0).expect("a hash"));
        let others = ["ada@example.org", "Ada Adams", "nadia@example.org", "Nadia Novak", "$argon2", "all_", "alr_"];
        let others = others.map(str::to_owned).into_iter().chain(hashes);
        for other in others.chain([life.admin.id.to_string(), life.admin.id.0.to_string()]) {
            assert!(!text.contains(&other), "{}: {other} is not hers to know: {text}", app.name);
        }
        app.work().await;
    }
}

#[tokio::test]
async fn whoever_is_erased_is_nowhere_in_the_database_and_in_no_mail_that_is_kept() {
    for app in guests::both().await {
        let life = Life::lead(&app).await;
        // A mail that the server has refused, and one that waits.
        let sink = Sink::start().await;
        sink.set(Mood::Says(Step::To, "550 5.1.1 <rookwood@example.com>: no such user rookwood@example.com"));
        let way = Way::Smtp(SmtpUrl::parse(&sink.url()).expect("the address is right"));
        app.with(|config| config.mail.way = way).work().await;
        let role = json!({ "account": life.rosa.id.to_string(), "alliance": HERE.to_string(), "role": "AUTHOR" });
        life.admin.does(&app, "roleGrant", role, "account { id }").await;
        assert!(life.found(&dump(&app).await).len() > 3, "{}: she is known", app.name);

        life.rosa.does(&app, "accountEraseData", whom(&life.rosa), "id").await;
        assert_eq!(life.found(&everything(&app).await), [""; 0], "{}", app.name);
        app.work().await;
        let mails: Vec<String> = app.mails().iter().map(|mail| format!("{} {} {}", mail.to, mail.text, mail.html)).collect();
        assert_eq!(mails.iter().filter(|mail| mail.contains(OLD) || mail.contains(NEW)).count(), 0, "{}", app.name);
        assert!(!life.rosa.is_signed_in(&app).await, "{}", app.name);
        for token in life.traces.iter().filter(|trace| trace.starts_with("all_")) {
            let confirm = json!({ "token": token, "password": PASSWORD });
            let reset = json!({ "token": token, "newPassword": PASSWORD });
            assert_eq!(stranger_tries(&app, "accountConfirm", confirm).await, "EXPIRED", "{}", app.name);
            assert_eq!(stranger_tries(&app, "passwordReset", reset).await, "EXPIRED", "{}", app.name);
        }
        let hash = app.app.keys().digest("suppression", NEW);
        let kept = rows_of(&app, "SELECT hash FROM suppressions").await;
        let kept: Vec<String> = kept.iter().map(|row| row.try_get_by_index(0).expect("a hash")).collect();
        assert_eq!(kept, [hash], "{}: what keeps her from being written to", app.name);
        // What she wrote for the alliance is the alliance's.
        let posts = rows_of(&app, "SELECT id FROM posts WHERE slug = 'a-draft' AND owner_id IS NULL").await;
        assert_eq!(posts.len(), 1, "{}", app.name);
        let entries = life
            .admin
            .ask(&app, "{ auditLog(filter: { action: \"accountEraseData\" }) { nodes { actor subjectId details } } }")
            .await;
        let entry = json!({ "actor": life.rosa.id.to_string(), "subjectId": life.rosa.id.0.to_string(), "details": "{}" });
        assert_eq!(entries["data"]["auditLog"]["nodes"], json!([entry]), "{}: ids are all that is known", app.name);
        app.work().await;
    }
}

/// Every row, the rates too; on SQLite the bytes of its files besides.
async fn everything(app: &TestApp) -> Vec<String> {
    let mut all = dump(app).await;
    all.extend(rows_of(app, "SELECT key FROM rates").await.iter().map(|row| row.try_get_by_index(0).expect("a key")));
    if let Some(file) = app.app.config().database.sqlite_file() {
        for ending in ["", "-wal"] {
            let path = PathBuf::from(format!("{}{ending}", file.display()));
            all.extend(pieces(&path));
        }
    }
    all
}

/// What can be read in a file, a few kilobytes at a time, each with the end of the one before.
fn pieces(path: &Path) -> Vec<String> {
    let bytes = std::fs::read(path).expect("the file can be read");
    let begins = (0..bytes.len()).step_by(4_096);
    begins.map(|at| String::from_utf8_lossy(&bytes[at.saturating_sub(128)..bytes.len().min(at + 4_096)]).into_owned()).collect()
}

#[tokio::test]
async fn nobody_is_written_to_who_was_erased_until_they_ask_for_an_account_anew() {
    for app in guests::both().await {
        let ada = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let rosa = guests::registered(&app, "rosa@example.org").await;
        app.work().await;
        rosa.does(&app, "accountEraseData", whom(&rosa), "id").await;
        let invitation = json!({ "alliance": HERE.to_string(), "email": "Rosa@example.org", "name": "Rosa" });
        let tries = || async {
            ada.does(&app, "accountInvite", invitation.clone(), "__typename").await;
            done(&app, ("", "passwordResetRequest"), json!({ "email": "rosa@example.org" }), "accepted").await;
            let moved = json!({ "email": "ROSA@example.org", "password": PASSWORD });
            ada.does(&app, "accountEmailChange", moved, "accepted").await;
            app.work().await;
            app.mails()
        };
        assert_eq!(tries().await.len(), 0, "{}", app.name);
        let rosa = guests::registered(&app, "rosa@example.org").await;
        assert!(rosa.is_signed_in(&app).await, "{}: she has come back", app.name);
        assert_eq!(rosa.roles(&app).await, [""; 0], "{}: as anybody else", app.name);
        assert_eq!(rows_of(&app, "SELECT hash FROM suppressions").await.len(), 0, "{}", app.name);
        let subjects: Vec<String> = tries().await.into_iter().map(|mail| mail.subject).collect();
        assert_eq!(subjects.len(), 2, "{}: the invitation and the new password: {subjects:?}", app.name);
    }
}

#[tokio::test]
async fn only_oneself_and_the_operator_erase_and_each_with_their_own_password() {
    for app in guests::both().await {
        let operator = guests::admin(&app, None, "olga@example.org").await;
        let ada = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let ines = guests::joined(&app, &ada, (HERE, Role::Editor), "ines@example.org").await;
        let before = dump(&app).await;
        let tried = |who: &Guest, password: Value| {
            let (who, app) = (who.clone(), &app);
            let input = json!({ "id": ines.id.to_string(), "password": password });
            async move { who.tries(app, "accountEraseData", input).await }
        };
        for (who, password, told) in [
            (&ines, Value::Null, "REQUIRED"),
            (&ines, json!(NEW_PASSWORD), "INCORRECT"),
            (&operator, Value::Null, "REQUIRED"),
            (&operator, json!(NEW_PASSWORD), "INCORRECT"),
            (&ada, json!(PASSWORD), "FORBIDDEN"),
        ] {
            assert_eq!(tried(who, password).await, told, "{}: {}", app.name, who.email);
        }
        assert_eq!(dump(&app).await, before, "{}", app.name);
        assert_eq!(tried(&operator, json!(PASSWORD)).await, "done", "{}", app.name);
        assert!(!ines.is_signed_in(&app).await, "{}", app.name);
        assert_eq!(tried(&operator, json!(PASSWORD)).await, "NOT_FOUND", "{}", app.name);
    }
}
