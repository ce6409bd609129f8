//! The mails about comments through a whole exchange with a mail server.

use alliance::config::mail::{SmtpUrl, Way};
use alliance_tests::smtp::Sink;
use sea_orm::ConnectionTrait;

use crate::reacting::{LUNCH, both, confirm, editor, post, react, visitor, words};

#[tokio::test]
async fn the_mails_about_comments_go_to_one_person_each_and_hold_no_strangers_words() {
    for app in both().await {
        let sink = Sink::start().await;
        let way = Way::Smtp(SmtpUrl::parse(&sink.url()).expect("the address is right"));
        let by_smtp = app.with(|config| config.mail.way = way);
        let editor = editor(&app).await;
        let named = "UPDATE alliances SET name = 'Zoë <b>\r\nBcc: eve@example.org'";
        app.app.db().write().execute_unprepared(named).await.expect("it can be renamed");
        let said = react(&app, &visitor(&app).await, &post(&app, LUNCH).await, words("Buy pills", "rosa@example.org")).await;
        said.done();
        by_smtp.work().await;
        let [asked] = <[_; 1]>::try_from(sink.received()).expect("one mail is sent");
        assert_eq!(asked.to, ["rosa@example.org"], "{}", app.name);
        let text = asked.text();
        assert!(!text.contains("pills") && !text.contains("Rosa") && !asked.source.contains("\nBcc:"), "{}: {text}", app.name);
        let token = text.split("/reaction/confirm?token=").nth(1).and_then(|rest| rest.split_whitespace().next());
        confirm(&app, token.expect("there is a link")).await.done();
        // Editors are told once an hour what waits: this is that hour's end.
        let due = "UPDATE jobs SET due = 0 WHERE kind = 'reactions.waiting'";
        app.app.db().write().execute_unprepared(due).await.expect("an hour can pass");
        by_smtp.work().await;
        let told = sink.received().pop().expect("a second mail is sent");
        assert_eq!((told.to.as_slice(), sink.received().len()), (&["editor@citizens.example".to_owned()][..], 2), "{}", app.name);
        assert!(told.header("Subject").is_some_and(|subject| subject.contains("1 comment")), "{}: {}", app.name, told.source);
        assert!(!told.text().contains("pills") && !told.source.contains("\nBcc:") && editor.len() > 10, "{}", app.name);
    }
}

#[tokio::test]
async fn the_link_of_a_comments_mail_leads_to_a_page_of_ones_own_where_there_is_one() {
    for app in both().await {
        let app = app.with(|config| config.public_links = "https://choir.example/{purpose}/#{token}".to_owned());
        react(&app, &visitor(&app).await, &post(&app, LUNCH).await, words("Here", "rosa@example.org")).await.done();
        app.work().await;
        let [mail] = <[_; 1]>::try_from(app.mails()).expect("one mail is sent");
        let link = mail.text.lines().find_map(|line| line.strip_prefix("https://choir.example/reaction/confirm/#"));
        confirm(&app, link.expect("it leads there")).await.done();
        app.leave_jobs();
    }
}
