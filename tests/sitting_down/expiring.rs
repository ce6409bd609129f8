//! What becomes of enquiries by their age, and what goes with one that is deleted.

use std::path::Path;

use alliance::config::mail::Way;
use alliance::retention;
use alliance_tests::app::TestApp;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::binary::folder;
use crate::guests::{self, Guest, PASSWORD, done, rows_of};
use crate::sitting_down::{asked, staff};

/// The id of the enquiry that was written with an address.
async fn of(app: &TestApp, by: &Guest, email: &str) -> Value {
    let all = by.ask(app, "{ enquiries { nodes { id email } } }").await;
    let nodes = all["data"]["enquiries"]["nodes"].as_array().expect("a list").clone();
    nodes.into_iter().find(|node| node["email"] == email).expect("it is there")["id"].take()
}

#[tokio::test]
async fn an_open_enquiry_is_deleted_two_years_after_anybody_did_something_about_it() {
    for app in guests::both().await {
        let (_, omar) = staff(&app).await;
        for email in ["nadia@foodbank.example", "theo@choir.example"] {
            done(&app, ("", "enquirySubmit"), asked(email), "accepted").await;
        }
        app.work().await;
        let noted = of(&app, &omar, "theo@choir.example").await;
        let later = app.later(TimeDelta::days(100));
        let token = guests::sign_in(&later, &omar.email, PASSWORD).await;
        done(&later, (&token, "enquiryNoteCreate"), json!({ "id": noted, "text": "Call again." }), "step { id }").await;
        let system = "SELECT id FROM audit_entries WHERE action = 'enquiryDelete' AND actor = 'SYSTEM'";
        for (days, left) in [(729, 2), (731, 1), (829, 1), (831, 0)] {
            retention::run(&app.later(TimeDelta::days(days)).app).await.expect("the database answers");
            assert_eq!(rows_of(&app, "SELECT id FROM enquiries").await.len(), left, "{}: after {days} days", app.name);
            assert_eq!(rows_of(&app, system).await.len(), 2 - left, "{}: each is in the audit log", app.name);
        }
        assert_eq!(rows_of(&app, "SELECT id FROM enquiry_steps").await.len(), 0, "{}", app.name);
        assert_eq!(guests::recorded(&app, "enquiryDelete").await, ["enquiryDelete"], "{}", app.name);
    }
}

/// What the mails in a folder are about, in order.
fn subjects(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).expect("there is a folder").map(|file| file.expect("a file").path());
    let mails = files.map(|path| std::fs::read_to_string(path).expect("a mail"));
    let subject = |mail: String| mail.lines().find_map(|line| line.strip_prefix("Subject: ")).expect("a subject").to_owned();
    let mut subjects: Vec<String> = mails.map(subject).collect();
    subjects.sort_unstable();
    subjects
}

#[tokio::test]
async fn the_mails_of_a_deleted_enquiry_go_with_it_and_others_to_its_writer_stay() {
    for app in guests::both().await {
        let (ada, omar) = staff(&app).await;
        let folder = folder();
        let here = app.with(|config| config.mail.way = Way::Folder(folder.clone()));
        for name in ["Choir", "Orchestra"] {
            let mut input = asked("nadia@choir.example");
            input["institutionName"] = json!(name);
            // A word that is longer than a line of a mail can be.
            input["message"] = json!("a".repeat(1_200));
            done(&here, ("", "enquirySubmit"), input, "accepted").await;
        }
        done(&here, ("", "accountRegister"), json!({ "email": "nadia@choir.example", "name": "Nadia" }), "accepted").await;
        let all = omar.ask(&app, "{ enquiries { nodes { id institutionName } } }").await;
        let choir = all["data"]["enquiries"]["nodes"].as_array().expect("a list").iter();
        let choir = choir.clone().find(|node| node["institutionName"] == "Choir").expect("it is there")["id"].clone();
        omar.does(&app, "enquiryAssign", json!({ "id": choir, "version": 1, "organiser": ada.id.to_string() }), "__typename")
            .await;
        here.work().await;
        assert_eq!(subjects(&folder).len(), 6, "{}", app.name);
        done(&here, (&ada.token, "enquiryDelete"), json!({ "id": choir, "version": 2 }), "enquiry { id }").await;
        let left =
            ["An institution asks to sit down: Orchestra", "Confirm your account at citizens.example", "here has your enquiry"];
        assert_eq!(subjects(&folder), left, "{}", app.name);
    }
}
