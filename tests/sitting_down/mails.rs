//! The mails of an enquiry, through a whole exchange with a mail server: to whoever wrote it without a word of theirs, to organisers with all of it.

use alliance::config::mail::{SmtpUrl, Way};
use alliance_entity::id::InstitutionId;
use alliance_tests::app::TestApp;
use alliance_tests::smtp::Sink;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::guests::{self, done};
use crate::people;
use crate::sitting_down::{asked, only, staff};
use crate::viewers::HERE;

/// An Alliance on the same database whose mails go to a server.
async fn posting(app: &TestApp) -> (TestApp, Sink) {
    let sink = Sink::start().await;
    let way = Way::Smtp(SmtpUrl::parse(&sink.url()).expect("the address is right"));
    (app.with(|config| config.mail.way = way), sink)
}

#[tokio::test]
async fn whoever_wrote_is_told_that_it_has_come_and_the_organisers_what_it_says() {
    for app in guests::both().await {
        let (ada, omar) = staff(&app).await;
        let (by_smtp, sink) = posting(&app).await;
        let mut input = asked("nadia@foodbank.example");
        input["message"] = json!("We feed <b>300</b> families & more.\n\nHow do we join?");
        done(&app, ("", "enquirySubmit"), input, "accepted").await;
        by_smtp.work().await;
        let mails = sink.received();
        let mut to: Vec<&str> = mails.iter().map(|mail| mail.to[0].as_str()).collect();
        to.sort_unstable();
        assert_eq!(
            to,
            ["nadia@foodbank.example", "omar@example.org"],
            "{}: admins are told where there is no organiser",
            app.name
        );
        let of = |to: &str| mails.iter().find(|mail| mail.to == [to]).expect("they are written to");
        let receipt = of("nadia@foodbank.example");
        for word in ["Ann", "Nadia", "496", "families", "join"] {
            assert!(!receipt.source.contains(word), "{}: `{word}` is a stranger's word: {}", app.name, receipt.source);
        }
        let told = of("omar@example.org").text();
        // The part in HTML, whose lines are folded.
        let html = of("omar@example.org").source.split("text/html").nth(1).unwrap_or_default().replace("=\n", "");
        for word in
            ["St. Ann's Food Bank, a charity", "Nadia Novak, nadia@foodbank.example, +44 115 496 0000", "> How do we join?"]
        {
            assert!(told.contains(word), "{}: {word}: {told}", app.name);
        }
        assert!(html.contains("&lt;b&gt;300&lt;/b&gt;") && !html.contains("<b>300"), "{}: {html}", app.name);

        let id = only(&app, &omar, "id").await["id"].take();
        let mine = json!({ "id": id, "version": 1, "organiser": omar.id.to_string() });
        omar.does(&app, "enquiryAssign", mine, "enquiry { id }").await;
        by_smtp.work().await;
        assert_eq!(sink.received().len(), 2, "{}: nobody is told of what they took themselves", app.name);
        omar.does(&app, "enquiryAssign", json!({ "id": id, "version": 2, "organiser": ada.id.to_string() }), "enquiry { id }")
            .await;
        by_smtp.work().await;
        let last = sink.received().pop().expect("a mail is sent");
        assert_eq!(last.to, ["ada@example.org"], "{}", app.name);
        assert!(last.header("Subject").is_some_and(|subject| subject.starts_with("An enquiry is yours now")), "{}", app.name);
    }
}

#[tokio::test]
async fn an_alliance_without_organisers_has_its_admins_told() {
    for app in guests::both().await {
        guests::admin(&app, Some(HERE), "ada@example.org").await;
        done(&app, ("", "enquirySubmit"), asked("nadia@foodbank.example"), "accepted").await;
        app.work().await;
        let mut to: Vec<String> = app.mails().into_iter().map(|mail| mail.to).collect();
        to.sort_unstable();
        assert_eq!(to, ["ada@example.org", "nadia@foodbank.example"], "{}", app.name);
    }
}

#[tokio::test]
async fn no_word_of_a_stranger_begins_a_header_or_looks_like_what_it_is_not() {
    for app in guests::both().await {
        let (_, _) = staff(&app).await;
        let (by_smtp, sink) = posting(&app).await;
        for (field, text) in [
            ("institutionName", "Choir\r\nBcc: eve@example.org"),
            ("institutionName", "Choir\u{2028}Bcc: eve@example.org"),
            ("institutionName", "Choir \u{202e}gro.elpmaxe"),
            ("institutionName", "https://evil.example"),
            ("contactName", "Eve\nEvans"),
            ("contactName", "x\u{200b}\u{200b}"),
            ("phone", "+44\r\nBcc: eve@example.org"),
            ("phone", "call me"),
            ("email", "a@example.org\r\nBcc: eve@example.org"),
            ("email", "a@b.org,eve@example.org"),
            ("email", "n\u{430}dia@example.org"),
            ("message", " \n "),
            ("message", "turned \u{202e}around"),
        ] {
            let mut input = asked("nadia@foodbank.example");
            input[field] = json!(text);
            let tried = guests::stranger_tries(&app, "enquirySubmit", input).await;
            assert!(["INVALID", "REQUIRED"].contains(&tried.as_str()), "{}: {field}: {text:?}: {tried}", app.name);
        }
        for (field, length) in [("institutionName", 101), ("contactName", 101), ("message", 5_001), ("phone", 41)] {
            let mut input = asked("nadia@foodbank.example");
            input[field] = json!("1".repeat(length));
            assert_eq!(guests::stranger_tries(&app, "enquirySubmit", input).await, "TOO_LONG", "{}: {field}", app.name);
        }
        // What is let in is a text, wherever it stands.
        let mut input = asked("nadia@foodbank.example");
        input["institutionName"] = json!("\"; Bcc: eve@example.org; \"");
        input["message"] = json!("Subject: You have won\n\n.\nMAIL FROM:<eve@example.org>\n{{ alliance }} {% raw %}");
        done(&app, ("", "enquirySubmit"), input, "accepted").await;
        by_smtp.work().await;
        let mails = sink.received();
        assert_eq!(mails.len(), 2, "{}", app.name);
        for mail in &mails {
            assert_eq!(mail.to.len(), 1, "{}", app.name);
            assert!(mail.header("Bcc").is_none(), "{}: {}", app.name, mail.source);
        }
        assert!(!sink.commands().iter().any(|command| command.contains("eve")), "{}", app.name);
        let told = mails.iter().find(|mail| mail.to == ["omar@example.org"]).expect("the organiser is told").text();
        assert!(told.contains("> Subject: You have won") && told.contains("> {{ alliance }} {% raw %}"), "{}: {told}", app.name);
    }
}

/// What becomes of an enquiry from a network, as strangers are told apart by.
async fn from(app: &TestApp, network: &str, input: Value) -> String {
    let query = "mutation($input: EnquirySubmitInput!) { enquirySubmit(input: $input) { accepted userErrors { code } } }";
    let answer = people::ask(app, &[("x-forwarded-for", network)], query, &json!({ "input": input })).await;
    match answer.code() {
        "" => answer.done()["accepted"].to_string(),
        code => code.to_owned(),
    }
}

#[tokio::test]
async fn fifty_enquiries_for_one_address_from_fifty_networks_send_one_mail() {
    for app in TestApp::both_set(|flags| flags.trusted_proxies = Some("127.0.0.1".to_owned())).await {
        let alliance = people::demo(&app).await.to_string();
        let input = |email: &str| {
            let mut input = asked(email);
            input["alliance"] = json!(alliance);
            input
        };
        let mut taken = 0;
        for number in 0..50 {
            let email = if number % 2 == 0 { "nadia@foodbank.example" } else { "Nadia@FoodBank.example" };
            taken += usize::from(from(&app, &format!("192.0.2.{number}"), input(email)).await == "true");
        }
        assert_eq!(taken, 1, "{}", app.name);
        app.work().await;
        let sent = app.mails().iter().filter(|mail| mail.to == "nadia@foodbank.example").count();
        assert_eq!(sent, 1, "{}", app.name);
        // Other mails to it count as well.
        let register = json!({ "email": "nadia@foodbank.example", "name": "Nadia" });
        assert_eq!(guests::stranger_tries(&app, "accountRegister", register).await, "RATE_LIMITED", "{}", app.name);
        let five: Vec<String> = {
            let mut five = Vec::new();
            for number in 0..6 {
                five.push(from(&app, "198.51.100.7", input(&format!("{number}@foodbank.example"))).await);
            }
            five
        };
        assert_eq!(five, ["true", "true", "true", "true", "true", "RATE_LIMITED"], "{}: five of a network", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn the_answer_is_the_same_whether_an_address_is_known() {
    for app in guests::both().await {
        staff(&app).await;
        guests::registered(&app, "rosa@example.org").await;
        let mut answers = Vec::new();
        for email in ["rosa@example.org", "nobody@example.org"] {
            answers.push(
                guests::change(&app, ("", "enquirySubmit"), asked(email), "accepted enquiry { id } userErrors { code }").await,
            );
        }
        assert_eq!(answers[0], answers[1], "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn an_enquiry_to_what_is_not_there_costs_no_mail() {
    for app in TestApp::both().await {
        let here = people::demo(&app).await.to_string();
        let nowhere = [("alliance", HERE.to_string()), ("institution", InstitutionId(Uuid::from_u128(0x78)).to_string())];
        let mut input = asked("nadia@foodbank.example");
        input["alliance"] = json!(here);
        for (field, id) in nowhere {
            let mut wrong = input.clone();
            wrong[field] = json!(id);
            assert_eq!(guests::stranger_tries(&app, "enquirySubmit", wrong).await, "NOT_FOUND", "{}: {field}", app.name);
        }
        let rates = guests::rows_of(&app, "SELECT key FROM rates").await.len();
        assert_eq!(guests::stranger_tries(&app, "enquirySubmit", input).await, "done", "{}: the address has its mail", app.name);
        assert_eq!(guests::rows_of(&app, "SELECT key FROM rates").await.len(), rates + 3, "{}: nothing was counted", app.name);
        app.work().await;
    }
}
