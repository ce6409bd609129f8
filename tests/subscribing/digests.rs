//! Digests: what was published since the last one, at an hour of the alliance's city.

use std::time::Duration;

use alliance::subscriptions::mailing::digest::next;
use alliance_entity::email_subscription::EmailFrequency;
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::subscribing::{act, both, published, signed_up, sums, told};

const DAY: Duration = Duration::from_secs(24 * 60 * 60 + 120);

fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("this is a time")
}

#[test]
fn a_digest_goes_at_eight_on_the_citys_clocks_whatever_they_do() {
    let daily = |now: &str, zone: &str| next(EmailFrequency::Daily, time(now), zone, 8);
    assert_eq!(daily("2026-11-24T07:58:00Z", "Europe/London"), Some(time("2026-11-24T08:00:00Z")));
    // Nobody adds to one that is about to be sent.
    assert_eq!(daily("2026-11-24T07:59:00Z", "Europe/London"), Some(time("2026-11-25T08:00:00Z")));
    assert_eq!(daily("2026-06-24T06:00:00Z", "Europe/London"), Some(time("2026-06-24T07:00:00Z")));
    assert_eq!(daily("2026-03-28T12:00:00Z", "Europe/London"), Some(time("2026-03-29T07:00:00Z")));
    assert_eq!(daily("2026-11-24T12:00:00Z", "Asia/Kathmandu"), Some(time("2026-11-25T02:15:00Z")));
    let weekly = |now: &str| next(EmailFrequency::Weekly, time(now), "Europe/London", 8);
    assert_eq!(weekly("2026-11-24T12:00:00Z"), Some(time("2026-11-30T08:00:00Z")), "the next Monday");
    assert_eq!(weekly("2026-11-30T07:00:00Z"), Some(time("2026-11-30T08:00:00Z")));
    assert_eq!(weekly("2026-11-30T08:00:00Z"), Some(time("2026-12-07T08:00:00Z")));
    assert_eq!(next(EmailFrequency::Immediate, time("2026-11-24T12:00:00Z"), "Europe/London", 8), None);
    // An hour that the clocks leave out, and one that they show twice.
    let at = |now: &str, hour| next(EmailFrequency::Daily, time(now), "Europe/London", hour);
    assert_eq!(at("2026-03-29T00:00:00Z", 1), Some(time("2026-03-29T01:00:00Z")));
    assert_eq!(at("2026-10-24T23:30:00Z", 1), Some(time("2026-10-25T00:00:00Z")));
}

#[tokio::test]
async fn a_digest_tells_of_all_that_was_published_since_the_last_one_and_nothing_twice() {
    for (app, _, ines) in both().await {
        signed_up(&app, "daily@example.org", json!({ "frequency": "DAILY" })).await;
        signed_up(&app, "weekly@example.org", json!({ "frequency": "WEEKLY" })).await;
        let one = published(&app, &ines, "One", json!({})).await;
        let two = published(&app, &ines, "Two", json!({})).await;
        let three = published(&app, &ines, "Three", json!({})).await;
        app.work().await;
        assert_eq!(told(&app), [], "{}: not yet", app.name);
        assert_eq!(sums(&app, &ines, &one).await, [2, 0, 0, 0, 0, 2], "{}", app.name);
        act(&app, &ines, "postUnpublish", &two, json!({})).await;
        app.app.db().bell().move_time(DAY);
        app.work().await;
        let mails = app.mails();
        let daily = mails.iter().find(|mail| mail.to == "daily@example.org").expect("the daily one is sent");
        assert_eq!(daily.subject, "here: 2 new posts", "{}", app.name);
        assert!(daily.text.contains("One") && daily.text.contains("Three") && !daily.text.contains("Two"), "{}", daily.text);
        assert!(daily.headers.iter().any(|(name, _)| *name == "List-Unsubscribe-Post"), "{}", app.name);
        assert_eq!(sums(&app, &ines, &one).await[0], 2, "{}", app.name);
        assert_eq!(mails.iter().filter(|mail| mail.to == "daily@example.org").count(), 1, "{}", app.name);

        let four = published(&app, &ines, "Four", json!({})).await;
        app.work().await;
        app.app.db().bell().move_time(DAY * 8);
        app.work().await;
        let mut mails = mails;
        mails.extend(app.mails());
        for address in ["daily@example.org", "weekly@example.org"] {
            let texts: Vec<&str> = mails.iter().filter(|mail| mail.to == address).map(|mail| mail.text.as_str()).collect();
            for title in ["One", "Three", "Four"] {
                let times = texts.iter().filter(|text| text.contains(&format!("* {title}\n"))).count();
                assert_eq!(times, 1, "{}: {address}: {title}: {texts:?}", app.name);
            }
            assert!(texts.iter().all(|text| !text.contains("* Two")), "{}: {address}", app.name);
        }
        for (post, expected) in
            [(&one, [2, 2, 0, 0, 0, 0]), (&two, [2, 0, 0, 0, 2, 0]), (&three, [2, 2, 0, 0, 0, 0]), (&four, [2, 2, 0, 0, 0, 0])]
        {
            assert_eq!(sums(&app, &ines, post).await, expected, "{}: {post}", app.name);
        }
        app.app.db().bell().move_time(DAY * 8);
        app.work().await;
        assert_eq!(told(&app), [], "{}: where nothing is new, nothing is sent", app.name);
    }
}
