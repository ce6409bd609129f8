//! Mails through a real exchange with a mail server, and what becomes of them where it refuses, hangs or is away.

use std::time::{Duration, Instant};

use alliance::clock::Clock;
use alliance::config::Config;
use alliance::config::flags::Flags;
use alliance::config::mail::{Mail, SmtpUrl, Way};
use alliance::mail::{Failure, Mailer, Message, render};
use alliance_tests::smtp::{Mood, Sink, Step};
use serde_json::json;
use uuid::Uuid;

const LINK: &str =
    "https://citizens.example/confirm#token=0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_0123456789abcdef";

pub(crate) fn settings(way: Way) -> Mail {
    let flags = Flags { public_url: Some("https://citizens.example".to_owned()), ..Flags::default() };
    let mail = Config::read(&flags).expect("the settings are right").mail;
    Mail { way, patience: Duration::from_millis(400), ..mail }
}

pub(crate) fn clock() -> Clock {
    Clock::Frozen("2026-11-24T12:00:00Z".parse().expect("this is a time"))
}

fn mailer(url: &str) -> Mailer {
    Mailer::new(&settings(Way::Smtp(SmtpUrl::parse(url).expect("the address is right"))), clock())
}

fn message(alliance: &str) -> Message {
    let values = json!({ "alliance": alliance, "link": LINK, "hours": 72 });
    render("register", values).expect("it can be written").to("ada@example.org", Uuid::now_v7())
}

async fn refused(sink: &Sink, mood: Mood) -> Failure {
    sink.set(mood.clone());
    let outcome = mailer(&sink.url()).send(message("Citizens")).await;
    outcome.expect_err(&format!("{mood:?}"))
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_written_and_says_that_a_machine_sent_it() {
    let sink = Sink::start().await;
    let sent = message("Nottingham Citizens");
    mailer(&sink.url()).send(sent.clone()).await.expect("the server takes it");
    let [mail] = sink.received().try_into().expect("there is one");
    assert_eq!((mail.from.as_str(), mail.to.as_slice()), ("alliance@citizens.example", &["ada@example.org".to_owned()][..]));
    let header = |name| mail.header(name).unwrap_or_default();
    assert_eq!(header("From"), "Alliance <alliance@citizens.example>");
    assert_eq!(header("To"), "ada@example.org");
    assert_eq!(header("Subject"), "Confirm your account at Nottingham Citizens");
    assert_eq!(header("Date"), "Tue, 24 Nov 2026 12:00:00 +0000");
    assert_eq!(header("Message-ID"), format!("<{}@citizens.example>", sent.id));
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert_eq!(mail.text().trim(), sent.text.trim());
    assert_eq!(mail.link().as_deref(), Some(LINK));
    assert!(mail.source.contains(&format!("\n{LINK}\n")), "no line is broken on the way: {}", mail.source);
    assert!(mail.source.contains("Content-Type: text/html; charset=utf-8"), "{}", mail.source);
}

#[tokio::test]
async fn what_a_person_chose_begins_no_header_and_no_second_mail() {
    let sink = Sink::start().await;
    let mailer = mailer(&sink.url());
    let name = "Zoë 🎉\r\nBcc: eve@example.org\r\n\r\n.\r\nMAIL FROM:<eve@example.org>\u{2028}\u{202e}x";
    let mut sent = message(name);
    sent.headers.push(("List-Unsubscribe", "<https://citizens.example>\r\nBcc: eve@example.org".to_owned()));
    sent.subject = format!("{}\nBcc: eve@example.org", sent.subject);
    mailer.send(sent).await.expect("the server takes it");
    let [mail] = sink.received().try_into().expect("there is one");
    assert_eq!(mail.to, ["ada@example.org"]);
    let (head, _) = mail.source.split_once("\n\n").expect("it has a body");
    let names: Vec<&str> = head.lines().filter(|line| !line.starts_with(' ')).map(|l| l.split(':').next().unwrap_or(l)).collect();
    let expected =
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe", "MIME-Version", "Content-Type"];
    assert_eq!(names, expected, "{head}");
    assert!(mail.source.is_ascii(), "a server without 8BITMIME takes it");
    let text = mail.text().replace('\n', " ");
    assert!(text.contains("account at Zoë 🎉 Bcc: eve@example.org . MAIL FROM:<eve@example.org> x with"), "{text}");
    for to in
        ["ada@example.org\r\nRCPT TO:<eve@example.org>", "ada@example.org, eve@example.org", "", "ada", "\"a b\"@example.org"]
    {
        let message = Message { to: to.to_owned(), ..message("Citizens") };
        assert!(matches!(mailer.send(message).await, Err(Failure::Permanent(_))), "{to}");
    }
    assert_eq!(sink.received().len(), 1);
}

#[tokio::test]
async fn lines_of_dots_and_long_lines_arrive_whole() {
    let sink = Sink::start().await;
    let text = format!("before\n.\n..\n.hidden\n{}\nafter\n", "long ".repeat(400));
    let message = Message { text: text.clone(), ..message("Citizens") };
    mailer(&sink.url()).send(message).await.expect("the server takes it");
    let [mail] = sink.received().try_into().expect("there is one");
    assert_eq!(mail.text().trim(), text.trim());
    assert!(mail.source.lines().all(|line| line.len() <= 998));
}

#[tokio::test]
async fn a_mail_of_any_size_is_refused_before_the_server_is_asked() {
    let sink = Sink::start().await;
    let message = Message { text: "a\n".repeat(200_000), ..message("Citizens") };
    let failure = mailer(&sink.url()).send(message).await.expect_err("it is too large");
    assert!(!failure.is_temporary() && failure.to_string().contains("262144 bytes"), "{failure}");
    assert_eq!(sink.connections(), 0);
}

#[tokio::test]
async fn what_the_server_may_take_later_is_told_from_what_it_never_takes() {
    let sink = Sink::start().await;
    for step in [Step::From, Step::To, Step::Data, Step::End] {
        let later = refused(&sink, Mood::Says(step, "451 4.3.0 try again later")).await;
        assert!(later.is_temporary(), "{step:?}: {later}");
        let never = refused(&sink, Mood::Says(step, "550 5.1.1 <ada@example.org>: no such user ada@example.org")).await;
        assert!(!never.is_temporary(), "{step:?}: {never}");
        assert!(!never.to_string().contains("ada") && never.to_string().contains("no such user"), "{step:?}: {never}");
    }
    // These are about our settings: once they are mended the mail goes out.
    for (step, says) in [(Step::Greeting, "421 too busy"), (Step::From, "530 5.7.0 Must issue a STARTTLS command first")] {
        let later = refused(&sink, Mood::Says(step, says)).await;
        assert!(later.is_temporary(), "{step:?}: {later}");
    }
    assert_eq!(sink.received(), []);
}

#[tokio::test]
async fn a_server_that_hangs_or_leaves_or_is_away_delays_a_mail_and_does_not_lose_it() {
    let sink = Sink::start().await;
    for step in [Step::Greeting, Step::Hello, Step::From, Step::To, Step::Data, Step::End] {
        let began = Instant::now();
        let failure = refused(&sink, Mood::Hangs(step)).await;
        assert!(failure.is_temporary() && began.elapsed() < Duration::from_secs(3), "{step:?}: {failure}");
        let failure = refused(&sink, Mood::Leaves(step)).await;
        assert!(failure.is_temporary(), "{step:?}: {failure}");
    }
    let url = sink.url();
    drop(sink);
    tokio::task::yield_now().await;
    let failure = mailer(&url).send(message("Citizens")).await.expect_err("nobody listens");
    assert!(failure.is_temporary(), "{failure}");
}

#[tokio::test]
async fn one_mailer_goes_on_after_a_failure_and_a_second_try_has_the_same_id() {
    let sink = Sink::start().await;
    let (mailer, sent) = (mailer(&sink.url()), message("Citizens"));
    for mood in [Mood::Hangs(Step::End), Mood::Leaves(Step::To), Mood::Says(Step::Data, "451 later"), Mood::Well, Mood::Well] {
        sink.set(mood.clone());
        assert_eq!(mailer.send(sent.clone()).await.is_ok(), mood == Mood::Well, "{mood:?}");
    }
    let ids: Vec<_> = sink.received().iter().map(|mail| mail.header("Message-ID")).collect();
    let id = Some(format!("<{}@citizens.example>", sent.id));
    assert_eq!(ids, [id.clone(), id]);
}

#[tokio::test]
async fn many_mails_at_once_take_few_connections_and_none_gets_another_ones_text() {
    let sink = Sink::start().await;
    let mailer = mailer(&sink.url());
    let sendings = (0..40).map(|number| {
        let message = Message { to: format!("a{number}@example.org"), ..message(&format!("Alliance {number}")) };
        let mailer = mailer.clone();
        tokio::spawn(async move { mailer.send(message).await })
    });
    for sending in sendings.collect::<Vec<_>>() {
        sending.await.expect("it ends").expect("the server takes it");
    }
    let received = sink.received();
    assert_eq!(received.len(), 40);
    for mail in received {
        let number = mail.to[0].trim_start_matches('a').trim_end_matches("@example.org");
        assert!(mail.text().contains(&format!("account at Alliance {number} with")), "{mail:?}");
    }
    assert!(sink.connections() <= 12, "{}", sink.connections());
}

#[tokio::test]
async fn a_password_is_given_to_the_server_and_a_wrong_one_can_be_mended() {
    let sink = Sink::start().await;
    let mailer = mailer(&sink.url_of("us", "p%40ss"));
    sink.set(Mood::Says(Step::Auth, "535 5.7.8 no"));
    let failure = mailer.send(message("Citizens")).await.expect_err("the password is wrong");
    assert!(failure.is_temporary() && !failure.to_string().contains("p@ss"), "{failure}");
    sink.set(Mood::Well);
    mailer.send(message("Citizens")).await.expect("the server takes it");
    // What stands there is `\0us\0p@ss`.
    assert!(sink.commands().contains(&"AUTH PLAIN AHVzAHBAc3M=".to_owned()), "{:?}", sink.commands());
}

#[tokio::test]
async fn where_tls_is_required_nothing_is_told_without_it() {
    let sink = Sink::start().await;
    let failure = mailer(&format!("{}?tls=required", sink.url_of("us", "secret"))).send(message("Citizens")).await;
    assert!(failure.is_err_and(|failure| failure.is_temporary()));
    let commands = sink.commands();
    assert!(commands.iter().all(|command| command.starts_with("EHLO") || command.starts_with("QUIT")), "{commands:?}");
}

#[tokio::test]
async fn an_address_bounces_only_where_the_server_says_that_there_is_no_such_mailbox() {
    let sink = Sink::start().await;
    for (step, says, bounces) in [
        (Step::To, "550 5.1.1 no such user", true),
        (Step::To, "550-5.1.1 there is no such user\r\n550 5.1.1 try another", true),
        (Step::To, "553 5.1.2 there is no such domain", true),
        (Step::To, "556 5.1.10 this domain takes no mail", true),
        (Step::To, "550 #5.1.0 Address rejected.", true),
        (Step::To, "550 5.2.1 this mailbox is disabled", true),
        (Step::End, "550 5.1.1 no such user", true),
        (Step::To, "550 no such user here", true),
        (Step::To, "550 5 users, none of them you", true),
        (Step::Greeting, "550 not from your network", false),
        (Step::Hello, "550 who are you?", false),
        (Step::From, "550 not from you", false),
        (Step::Data, "550 not now", false),
        (Step::End, "550 not that", false),
        (Step::To, "551 not local", false),
        (Step::To, "550 5.7.1 relaying denied", false),
        (Step::To, "554 5.7.1 client host blocked", false),
        (Step::From, "550 5.1.8 no such domain of a sender", false),
        (Step::To, "553 5.1.7 a sender without an address", false),
        (Step::To, "552 5.2.2 this mailbox is full", false),
        (Step::To, "550 5.0.0 no", false),
        (Step::To, "450 4.1.1 no such user yet", false),
    ] {
        let failure = refused(&sink, Mood::Says(step, says)).await;
        assert_eq!(matches!(failure, Failure::Bounced(_)), bounces, "{step:?}: {says}: {failure}");
    }
}

#[tokio::test]
async fn what_fails_before_the_mail_began_was_not_sent_and_what_fails_in_it_may_have_been() {
    let sink = Sink::start().await;
    for (step, may_have_been) in
        [(Step::Greeting, false), (Step::Hello, false), (Step::From, false), (Step::To, false), (Step::End, true)]
    {
        let failure = refused(&sink, Mood::Leaves(step)).await;
        assert_eq!(matches!(failure, Failure::Unknown(_)), may_have_been, "{step:?}: {failure}");
    }
}
