//! What subscribers are sent: each post once, in a mail of their own, as long as they want it and the post is public.

use std::time::Duration;

use alliance::config::mail::{SmtpUrl, Way};
use alliance::subscriptions::mailing::send::LEASE;
use alliance::worker::{self, Domains};
use alliance_entity::email_subscription::EmailSubscriptionState;
use alliance_tests::app::TestApp;
use alliance_tests::smtp::{Mood, Sink, Step};
use serde_json::json;

use crate::guests::{self, done};
use crate::subscribing::{
    CAMPAIGN, INSTITUTION, OTHER, act, both, input, path_of, published, signed_up, stored, sums, told, written,
};

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(to, subject)| ((*to).to_owned(), (*subject).to_owned())).collect()
}

#[tokio::test]
async fn a_post_goes_once_to_each_who_wants_to_be_told_and_never_again() {
    for (app, _, ines) in both().await {
        signed_up(&app, "all@example.org", json!({})).await;
        signed_up(&app, "air@example.org", json!({ "topics": [CAMPAIGN.to_string()], "name": "Zoë" })).await;
        signed_up(&app, "both@example.org", json!({ "topics": [CAMPAIGN.to_string(), INSTITUTION.to_string()] })).await;
        signed_up(&app, "homes@example.org", json!({ "topics": [OTHER.to_string()] })).await;
        let links = json!({ "campaigns": [CAMPAIGN.to_string()], "institutions": [INSTITUTION.to_string()] });
        let post = published(&app, &ines, "Clean air", links).await;
        app.work().await;
        let expected = [("air@example.org", "Clean air"), ("all@example.org", "Clean air"), ("both@example.org", "Clean air")];
        assert_eq!(told(&app), pairs(&expected), "{}", app.name);
        assert_eq!(sums(&app, &ines, &post).await, [3, 3, 0, 0, 0, 0], "{}", app.name);
        // What is edited, withdrawn and published anew is no news, and neither is it to those who came later.
        signed_up(&app, "late@example.org", json!({})).await;
        let post = act(&app, &ines, "postEdit", &post, json!({ "title": "Cleaner air" })).await;
        let post = act(&app, &ines, "postPublish", &post, json!({})).await;
        let post = act(&app, &ines, "postUnpublish", &post, json!({})).await;
        let post = act(&app, &ines, "postPublish", &post, json!({})).await;
        app.work().await;
        assert_eq!(told(&app), [], "{}", app.name);
        assert_eq!(sums(&app, &ines, &post).await, [3, 3, 0, 0, 0, 0], "{}", app.name);
        published(&app, &ines, "Warm homes", json!({ "campaigns": [OTHER.to_string()] })).await;
        app.work().await;
        let expected =
            [("all@example.org", "Warm homes"), ("homes@example.org", "Warm homes"), ("late@example.org", "Warm homes")];
        assert_eq!(told(&app), pairs(&expected), "{}", app.name);
    }
}

#[tokio::test]
async fn a_mail_says_whose_it_is_how_to_end_it_and_nothing_else_about_its_reader() {
    for (app, ada, ines) in both().await {
        let footer = "Citizens of Here, 1 High Street.\nWe are a charity.";
        let look = json!({ "id": crate::viewers::HERE.to_string(), "version": 1, "mailFooter": footer, "mailColour": "003366" });
        ada.does(&app, "allianceEdit", look, "alliance { id }").await;
        let token = signed_up(&app, "zoe@example.org", json!({ "name": "Zoë" })).await;
        published(&app, &ines, "Clean \"air\" <b>", json!({ "excerpt": "What we breathe." })).await;
        app.work().await;
        let [mail] = <[_; 1]>::try_from(app.mails()).expect("one mail is sent");
        assert_eq!((mail.subject.as_str(), mail.sender.as_deref()), ("Clean \"air\" <b>", Some("here")), "{}", app.name);
        let page = format!("https://citizens.example/subscription/unsubscribe?token={token}");
        let headers = [
            ("List-Unsubscribe", format!("<{page}>")),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
            ("List-Id", "<here.updates.citizens.example>".to_owned()),
        ];
        assert_eq!(mail.headers, headers, "{}", app.name);
        for said in [
            "Hello Zoë,",
            "What we breathe.",
            "https://citizens.example/here/posts/clean-air-b",
            "1 High Street",
            "We are a charity.",
            &page,
        ] {
            assert!(mail.text.contains(said), "{}: {said}: {}", app.name, mail.text);
        }
        assert!(
            mail.html.contains("background: #003366") && mail.html.contains("&lt;b&gt;") && !mail.html.contains("<b>"),
            "{}",
            mail.html
        );
        assert_eq!(path_of(&mail, "preferences").split_once('=').map(|(_, token)| token), Some(token.as_str()), "{}", app.name);
    }
}

#[tokio::test]
async fn whoever_ends_it_and_whatever_is_withdrawn_before_its_turn_is_left_out() {
    for (app, _, ines) in both().await {
        signed_up(&app, "zoe@example.org", json!({})).await;
        let gone = signed_up(&app, "gone@example.org", json!({})).await;
        let slow = app.with(|config| config.limits.mails_per_second = 1);
        let one = published(&slow, &ines, "One", json!({})).await;
        // The clock stands still: one mail is allowed.
        worker::work(&slow.app, &Domains).await.expect("the database answers");
        assert_eq!(sums(&app, &ines, &one).await, [2, 1, 0, 0, 0, 1], "{}", app.name);
        assert_eq!(slow.mails().len(), 1, "{}", app.name);
        act(&app, &ines, "postUnpublish", &one, json!({})).await;
        let two = published(&app, &ines, "Two", json!({})).await;
        done(&app, ("", "emailSubscriptionCancel"), json!({ "token": gone }), "subscription { state }").await;
        // What was allowed at that time is spent.
        let later = app.later(chrono::TimeDelta::seconds(5));
        later.work().await;
        assert_eq!(told(&later), pairs(&[("zoe@example.org", "Two")]), "{}", app.name);
        assert_eq!(sums(&app, &ines, &one).await, [2, 1, 0, 0, 1, 0], "{}", app.name);
        assert_eq!(sums(&app, &ines, &two).await, [1, 1, 0, 0, 0, 0], "{}: whoever had ended it is no part of it", app.name);
    }
}

fn to(app: &TestApp, sink: &Sink) -> TestApp {
    let way = Way::Smtp(SmtpUrl::parse(&sink.url()).expect("the address is right"));
    app.with(|config| {
        config.mail.way = way;
        config.mail.patience = Duration::from_millis(300);
    })
}

#[tokio::test]
async fn what_the_mail_server_says_decides_what_becomes_of_a_mail() {
    for (app, ada, ines) in both().await {
        signed_up(&app, "zoe@example.org", json!({})).await;
        let sink = Sink::start().await;
        let through = to(&app, &sink);
        let tries = async |title: &str, mood: Mood| {
            sink.set(mood);
            let post = published(&app, &ines, title, json!({})).await;
            through.work().await;
            (sums(&app, &ines, &post).await, post)
        };
        let (spam, _) = tries("Refused for what it says", Mood::Says(Step::End, "554 5.7.1 this looks like spam")).await;
        assert_eq!(spam, [1, 0, 1, 0, 0, 0], "{}", app.name);
        let (relay, _) = tries("Refused by a relay", Mood::Says(Step::To, "550 5.7.1 relaying denied")).await;
        assert_eq!(relay, [1, 0, 1, 0, 0, 0], "{}", app.name);
        let (hangs, _) = tries("Nobody knows", Mood::Hangs(Step::End)).await;
        assert_eq!(hangs, [1, 0, 0, 1, 0, 0], "{}", app.name);
        let (later, post) = tries("Not now", Mood::Says(Step::To, "451 4.2.0 try again later")).await;
        assert_eq!(later, [1, 0, 0, 0, 0, 1], "{}", app.name);
        assert_eq!(stored(&app, "zoe@example.org").await.expect("it is there").state, EmailSubscriptionState::Confirmed);
        sink.set(Mood::Well);
        app.app.db().bell().move_time(Duration::from_secs(61));
        through.work().await;
        assert_eq!(sums(&app, &ines, &post).await, [1, 1, 0, 0, 0, 0], "{}", app.name);
        assert_eq!(sink.received().len(), 1, "{}: what is uncertain is not sent again", app.name);

        let (bounced, _) = tries("Nobody lives here", Mood::Says(Step::To, "550 5.1.1 no such user")).await;
        assert_eq!(bounced, [1, 0, 1, 0, 0, 0], "{}", app.name);
        assert_eq!(stored(&app, "zoe@example.org").await.expect("it is there").state, EmailSubscriptionState::Bounced);
        let (after, _) = tries("To nobody", Mood::Well).await;
        assert_eq!(after, [0; 6], "{}: no more goes there", app.name);
        let entries = ada
            .ask(&app, "{ auditLog(filter: { action: \"emailSubscriptionBounce\" }) { nodes { actorKind subjectType } } }")
            .await;
        assert_eq!(entries["data"]["auditLog"]["nodes"][0]["subjectType"], "EMAIL_SUBSCRIPTION", "{}: {entries}", app.name);
        signed_up(&app, "zoe@example.org", json!({})).await;
        let (back, _) = tries("Whoever confirms anew is back", Mood::Well).await;
        assert_eq!(back, [1, 1, 0, 0, 0, 0], "{}", app.name);
    }
}

#[tokio::test]
async fn a_mail_whose_sender_never_told_what_came_of_it_is_uncertain_and_stays_it() {
    for (app, _, ines) in both().await {
        signed_up(&app, "zoe@example.org", json!({})).await;
        let post = published(&app, &ines, "One", json!({})).await;
        let none = app.with(|config| config.limits.mails_per_second = 1);
        // Another node has just spent what is allowed: the audience is written down, and nothing is sent.
        alliance::rates::take(&none.app, &alliance::rates::Rate::mailings(&none.app.config().limits), "")
            .await
            .expect("one is allowed");
        none.work().await;
        let claimed = alliance::subscriptions::store::mails::claim(app.app.db(), 4, LEASE).await.expect("the database answers");
        assert_eq!(claimed.len(), 1, "{}", app.name);
        app.work().await;
        assert_eq!(sums(&app, &ines, &post).await, [1, 0, 0, 0, 0, 1], "{}", app.name);
        app.app.db().bell().move_time(LEASE);
        app.work().await;
        assert_eq!(sums(&app, &ines, &post).await, [1, 0, 0, 1, 0, 0], "{}", app.name);
        app.app.db().bell().move_time(LEASE * 100);
        app.work().await;
        assert_eq!(told(&app), [], "{}", app.name);
        // Whoever was frozen and comes back knows better.
        let sent = alliance::subscriptions::store::mails::Outcome::Sent;
        alliance::subscriptions::store::mails::settle(app.app.db(), sent, &claimed).await.expect("the database answers");
        assert_eq!(sums(&app, &ines, &post).await, [1, 1, 0, 0, 0, 0], "{}", app.name);
    }
}

#[tokio::test]
async fn an_editor_tests_a_draft_on_themselves_and_nobody_else_is_told() {
    for (app, _, ines) in both().await {
        signed_up(&app, "zoe@example.org", json!({})).await;
        let rosa = guests::registered(&app, "rosa@example.org").await;
        let post = written(&app, &ines, "A draft", json!({ "excerpt": "Not yet." })).await;
        let input = json!({ "post": post["id"] });
        assert_eq!(rosa.tries(&app, "emailSubscriptionTest", input.clone()).await, "NOT_FOUND", "{}", app.name);
        ines.does(&app, "emailSubscriptionTest", input.clone(), "accepted").await;
        app.work().await;
        let [mail] = <[_; 1]>::try_from(app.mails()).expect("one mail is sent");
        assert_eq!((mail.to.as_str(), mail.subject.as_str()), ("ines@example.org", "Test: A draft"), "{}", app.name);
        assert!(mail.text.contains("Not yet.") && !mail.text.contains("/subscription/"), "{}: {}", app.name, mail.text);
        for number in 1..=20 {
            let told = ines.tries(&app, "emailSubscriptionTest", input.clone()).await;
            assert_eq!(told, if number < 20 { "done" } else { "RATE_LIMITED" }, "{}: {number}", app.name);
        }
        app.work().await;
        assert_eq!(app.mails().len(), 19, "{}", app.name);
    }
}

#[tokio::test]
async fn links_lead_to_pages_of_ones_own_where_there_are_some_and_a_mail_programs_button_to_ours() {
    for (app, _, ines) in both().await {
        signed_up(&app, "zoe@example.org", json!({})).await;
        let elsewhere = app.with(|config| config.public_links = "https://choir.example/{purpose}?t={token}".to_owned());
        published(&app, &ines, "One", json!({})).await;
        elsewhere.work().await;
        let [mail] = <[_; 1]>::try_from(elsewhere.mails()).expect("one mail is sent");
        for page in ["preferences", "unsubscribe"] {
            assert!(
                mail.text.contains(&format!("https://choir.example/subscription/{page}?t=alu_")),
                "{}: {}",
                app.name,
                mail.text
            );
        }
        assert!(!mail.text.contains("citizens.example/subscription") && !mail.html.contains("citizens.example/subscription"));
        let header = mail.headers.iter().find(|(name, _)| *name == "List-Unsubscribe").expect("there is a button");
        assert!(header.1.starts_with("<https://citizens.example/subscription/unsubscribe?token=alu_"), "{}", header.1);
        done(&elsewhere, ("", "emailSubscriptionRequest"), input("theo@example.org", json!({})), "accepted").await;
        elsewhere.work().await;
        let [mail] = <[_; 1]>::try_from(elsewhere.mails()).expect("one mail is sent");
        assert!(mail.text.contains("https://choir.example/subscription/confirm?t=als_"), "{}: {}", app.name, mail.text);
    }
}
