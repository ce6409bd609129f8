//! Sockets of those whose rights end are closed within five seconds.

use std::time::{Duration, Instant};

use alliance::clock::Clock;
use alliance::keys::token::AccessClaims;
use alliance_tests::app::keys_of;
use alliance_tests::postgres;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::binary::serve;
use crate::following::{Came, Socket};
use crate::nodes::{account, alliance, ask, change, demo_passwords, sign_in, text_of};

const WITHIN: Duration = Duration::from_secs(5);
const PUBLISHED: &str = "subscription { postPublished { cursor } }";

/// The socket of somebody on a server, who follows something.
async fn follows(address: &str, token: &str) -> Socket {
    let mut socket = Socket::begun(address, token).await;
    socket.subscribe("1", PUBLISHED, &Value::Null).await;
    assert!(socket.is_quiet().await, "nothing has happened");
    socket
}

async fn is_closed(mut socket: Socket, since: Instant, why: &str) {
    let came = socket.came().await;
    assert!(matches!(came, Came::Closed(4403, _)), "{why}: {came:?}");
    assert!(since.elapsed() < WITHIN, "{why}: after {:?}", since.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_is_closed_on_every_node_once_the_rights_end_that_it_was_opened_with() {
    let url = postgres::database();
    let issuer = ("ALLIANCE_PUBLIC_URL", "https://citizens.example");
    let settings = [("DATABASE_URL", url.as_str()), issuer, ("ALLIANCE_RATE_SIGN_IN_ADDRESS", "1000000")];
    let first = serve(&[settings.as_slice(), &[("ALLIANCE_DEMO", "true")]].concat());
    let second = serve(&settings);
    let passwords = demo_passwords(&first);
    let password = |name: &str| &passwords.iter().find(|(email, _)| email.starts_with(name)).expect("there is one").1;
    let signed_in = |name: &str| sign_in(&first.address, &format!("{name}@demo.example"), password(name));
    let operator = signed_in("operator");

    let supporter = signed_in("supporter");
    let (id, socket) = (account(&first.address, &supporter), follows(&second.address, &supporter).await);
    let began = Instant::now();
    change(&first.address, &operator, "accountDisable", &json!({ "id": id }), "account { isDisabled }");
    is_closed(socket, began, "disabled").await;

    let [changing, author] = [(); 2].map(|()| signed_in("author"));
    let socket = follows(&second.address, &author).await;
    let input = json!({ "currentPassword": password("author"), "newPassword": "nine copper kettles beside Wollaton" });
    let began = Instant::now();
    change(&first.address, &changing, "passwordChange", &input, "account { id }");
    is_closed(socket, began, "password").await;

    let input = json!({ "alliance": alliance(&first.address), "holder": "Partner", "scopes": ["CONTENT_READ"] });
    let key = change(&first.address, &operator, "apiKeyCreate", &input, "secret apiKey { id }");
    let socket = follows(&second.address, &text_of(&key, "secret")).await;
    let began = Instant::now();
    change(&first.address, &operator, "apiKeyRevoke", &json!({ "id": key["apiKey"]["id"] }), "apiKey { revokedAt }");
    is_closed(socket, began, "key").await;

    // A token of the same session that ends sooner.
    let editor = signed_in("editor");
    let session = ask(&first.address, &editor, "{ viewer { account { id } sessions { id isCurrent } } }", &Value::Null).body;
    let (whose, sessions) = (&session["data"]["viewer"]["account"]["id"], &session["data"]["viewer"]["sessions"]);
    let current = sessions.as_array().expect("a list").iter().find(|session| session["isCurrent"] == true).expect("it is there");
    let (account, session) = (whose.as_str().expect("an id").parse(), current["id"].as_str().expect("an id").parse());
    let claims = AccessClaims::new(account.expect("an id"), session.expect("an id"), Clock::System.now());
    let until = Clock::System.now() + TimeDelta::seconds(3);
    let short = keys_of(|_| ()).sign_access(&AccessClaims { expires_at: until, ..claims }).expect("it signs");
    let socket = follows(&second.address, &short).await;
    let left = (until - Clock::System.now()).to_std().unwrap_or_default();
    is_closed(socket, Instant::now() + left, "expired").await;
    assert!(Clock::System.now() >= until, "not before it expires");
}
