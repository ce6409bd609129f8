//! README is true: its query gives its answer, and a newcomer's commands give theirs.

use std::net::TcpListener;
use std::process::Command;

use alliance_tests::app::TestApp;
use async_graphql::Value;
use axum::body::Body;
use axum::http::Request;

use crate::{binary, nodes};

fn readme() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).expect("README.md is there")
}

#[tokio::test]
async fn the_query_in_readme_gives_its_answer() {
    let readme = readme();
    let request = readme.split("-d '").nth(1).and_then(|rest| rest.split("'\n").next()).expect("README has a curl command");
    let answer = readme.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("README has an answer");
    let answer = answer.replace("http://127.0.0.1:8080", "https://citizens.example");
    let shown: Value = serde_json::from_str(&answer).expect("the answer is JSON");
    for app in TestApp::both().await {
        let request = Request::post("/graphql").header("content-type", "application/json").body(Body::from(request.to_owned()));
        let (status, _, given) = app.send(request.expect("this is a request")).await;
        let given: Value = serde_json::from_str(&given).expect("the answer is JSON");
        // As text, since the order of keys counts, too.
        assert_eq!((status.as_u16(), given.to_string()), (200, shown.to_string()), "{}", app.name);
    }
}

/// The texts of the fenced blocks of a language.
fn blocks<'a>(section: &'a str, language: &str) -> Vec<&'a str> {
    section.split(&format!("```{language}\n")).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[test]
fn a_newcomer_who_types_what_readme_says_gets_what_it_shows() {
    let readme = readme();
    let section = readme.split("\n## Sign in\n").nth(1).and_then(|rest| rest.split("\n## Test\n").next());
    let section = section.expect("README has the sections");
    let folder = binary::folder();
    let data = folder.join("data");
    let data = data.to_str().expect("a path of the tests is text");
    let server = binary::serve(&[("ALLIANCE_DATA_DIR", data), ("ALLIANCE_OUTGOING_ALLOWED", "127.0.0.1")]);
    let site = TcpListener::bind("127.0.0.1:0").and_then(|site| site.local_addr()).expect("a port is free").port();
    assert_eq!(nodes::demo_passwords(&server).len(), 6, "the demo content is there");
    let commands = blocks(section, "sh").concat();
    let commands = commands
        .replace("http://127.0.0.1:8080", &format!("http://{}", server.address))
        .replace("8081", &site.to_string())
        .replace("cargo run --", &binary::binary().display().to_string());
    let script = format!("export ALLIANCE_DATA_DIR=data\n{commands}");
    let done = Command::new("bash").arg("-c").arg(script).current_dir(&folder).output().expect("there is a shell");
    let (said, wrong) = (binary::text(&done.stdout), binary::text(&done.stderr));
    let shown = blocks(section, "json");
    assert_eq!(shown.len(), 22);
    for answer in &shown {
        assert!(said.contains(answer), "README shows {answer}, and this was said: {said}{wrong}{}", server.log());
    }
    assert_eq!(said.matches(shown[9]).count(), 2, "both have the first answer: {said}");
    assert!(said.contains("was given with another request before"), "{said}");
    assert!(said.contains("> How do we join?"), "the organiser has a mail: {said}");
    assert!(said.contains("DTSTART:20270511T170000Z"), "{said}");
    for told in [
        "<title>News for Zoe</title>",
        "\"title\":\"A fast in solidarity",
        "/feeds/nottingham-citizens/campaigns/hate-crime.atom\"",
        "\"type\":\"rich\"",
        "\"type\":\"post.published\"\n",
        "\"type\":\"post.corrected\"\n",
        "\"type\":\"post.withdrawn\"\n",
        "/nottingham-citizens/events/",
        ">Yes, I want updates</button>",
        "<h1>You get updates</h1>",
        "<h1>You get no more updates</h1>",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
}
