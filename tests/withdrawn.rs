//! Rights that are withdrawn on one node are gone on another within five seconds, whatever the database tells of it.

use std::time::{Duration, Instant};

use alliance_tests::postgres;
use alliance_tests::proxy::Proxy;
use alliance_tests::running;
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::{Value, json};

use crate::binary::{Server, serve};
use crate::nodes::{account, alliance, ask, change, demo_passwords, sign_in, text_of};

const WITHIN: Duration = Duration::from_secs(5);
const STEP: Duration = Duration::from_millis(20);
const WHO: &str = "{ viewer { kind account { id } } }";
const NEW_PASSWORD: &str = "nine copper kettles beside Wollaton";

/// Two nodes on one database, and the people of the demo.
struct Nodes {
    first: Server,
    second: Server,
    alliance: String,
    passwords: Vec<(String, String)>,
}

impl Nodes {
    /// The second node reaches the database at an address of its own.
    fn start(url: &str, url_of_second: &str) -> Self {
        let often = "1000000";
        let settings = |url| {
            [
                ("DATABASE_URL", url),
                ("ALLIANCE_PUBLIC_URL", "https://citizens.example"),
                ("ALLIANCE_RATE_SIGN_IN_ADDRESS", often),
                ("ALLIANCE_RATE_MUTATIONS", often),
            ]
        };
        let first = serve(&[settings(url).as_slice(), &[("ALLIANCE_DEMO", "true")]].concat());
        let second = serve(&settings(url_of_second));
        Self { alliance: alliance(&first.address), passwords: demo_passwords(&first), first, second }
    }

    /// Signs somebody of the demo in on the first node.
    fn sign_in(&self, name: &str) -> String {
        let email = format!("{name}@demo.example");
        let password = self.passwords.iter().find(|(of, _)| *of == email).expect("they have a password");
        sign_in(&self.first.address, &email, &password.1)
    }

    fn change(&self, token: &str, field: &str, input: &Value, selection: &str) -> Value {
        change(&self.first.address, token, field, input, selection)
    }

    /// Withdraws on the first node what a token may do on the second, and waits until the second refuses it with this status and code.
    fn withdraw(&self, (token, asked, input): (&str, &str, &Value), refusal: (u16, &str), withdraw: impl FnOnce()) {
        let ask = || ask(&self.second.address, token, asked, &json!({ "input": input }));
        // The second time it knows them.
        for _ in 0..2 {
            let before = ask();
            assert!(before.status == 200 && before.code().is_empty(), "{asked}: {before:?}");
        }
        withdraw();
        let began = Instant::now();
        loop {
            let (at, answer) = (began.elapsed(), ask());
            if !answer.code().is_empty() {
                assert_eq!((answer.status, answer.code()), refusal, "{asked}: {answer:?}");
                return;
            }
            assert!(at < WITHIN, "{asked}: it may still be asked after {at:?}: {answer:?}");
            std::thread::sleep(STEP);
        }
    }
}

const SIGNED_OUT: (u16, &str) = (401, "UNAUTHENTICATED");
const FORBIDDEN: (u16, &str) = (200, "FORBIDDEN");

fn who(token: &str) -> (&str, &str, &Value) {
    (token, WHO, &Value::Null)
}

fn withdraw_everything(nodes: &Nodes) {
    let operator = nodes.sign_in("operator");

    let supporter = nodes.sign_in("supporter");
    let id = account(&nodes.first.address, &supporter);
    let disable = || drop(nodes.change(&operator, "accountDisable", &json!({ "id": id }), "account { isDisabled }"));
    nodes.withdraw(who(&supporter), SIGNED_OUT, disable);

    let [changing, elsewhere] = [(); 2].map(|()| nodes.sign_in("author"));
    let password = &nodes.passwords.iter().find(|(email, _)| email.starts_with("author")).expect("they have one").1;
    let input = json!({ "currentPassword": password, "newPassword": NEW_PASSWORD });
    nodes.withdraw(who(&elsewhere), SIGNED_OUT, || drop(nodes.change(&changing, "passwordChange", &input, "account { id }")));

    let [revoking, revoked] = [(); 2].map(|()| nodes.sign_in("editor"));
    let sessions = ask(&nodes.first.address, &revoked, "{ viewer { sessions { id isCurrent } } }", &Value::Null);
    let sessions = sessions.body["data"]["viewer"]["sessions"].as_array().expect("a list").clone();
    let own = sessions.iter().find(|session| session["isCurrent"] == true).expect("it is one of them");
    let input = json!({ "session": text_of(own, "id") });
    nodes.withdraw(who(&revoked), SIGNED_OUT, || drop(nodes.change(&revoking, "sessionRevoke", &input, "session")));

    let organiser = nodes.sign_in("organiser");
    let everywhere = || drop(nodes.change(&organiser, "signOutEverywhere", &json!({}), "sessions"));
    nodes.withdraw(who(&organiser), SIGNED_OUT, everywhere);

    let input = json!({ "alliance": nodes.alliance, "holder": "Partner", "scopes": ["CONTENT_READ"] });
    let key = nodes.change(&operator, "apiKeyCreate", &input, "secret apiKey { id }");
    let revoke = || drop(nodes.change(&operator, "apiKeyRevoke", &json!({ "id": key["apiKey"]["id"] }), "apiKey { revokedAt }"));
    nodes.withdraw(who(&text_of(&key, "secret")), SIGNED_OUT, revoke);

    let [admin, editor] = ["admin", "editor"].map(|name| nodes.sign_in(name));
    let id = account(&nodes.first.address, &admin);
    let role = |account: &str, role: &str| json!({ "account": account, "alliance": nodes.alliance, "role": role });
    // Another admin stays.
    let other = role(&account(&nodes.first.address, &editor), "ADMIN");
    nodes.change(&operator, "roleGrant", &other, "account { id }");
    // Taking away what nobody has changes nothing, and is for admins alone.
    let asked = running::changing("roleRevoke", "account { id }");
    let nothing = role(&id, "AUTHOR");
    let revoke = || drop(nodes.change(&operator, "roleRevoke", &role(&id, "ADMIN"), "account { id }"));
    nodes.withdraw((&admin, &asked, &nothing), FORBIDDEN, revoke);
}

/// A network before the database of this address, and the address in it.
async fn network(url: &str) -> (Proxy, String) {
    let server = url.split_once('@').and_then(|(_, rest)| rest.split_once('/')).expect("an address of PostgreSQL").0;
    let network = Proxy::before(server).await;
    let inside = url.replace(server, &network.address);
    (network, inside)
}

#[test]
fn what_is_withdrawn_on_one_node_is_refused_by_another_within_five_seconds() {
    let url = postgres::database();
    withdraw_everything(&Nodes::start(&url, &url));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_where_no_notification_comes_through() {
    let url = postgres::database();
    let (network, inside) = network(&url).await;
    network.deafen();
    withdraw_everything(&Nodes::start(&url, &inside));
    assert!(network.lost() > 0, "nothing was notified that could be lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_where_no_event_gets_a_position() {
    let url = postgres::database();
    let nodes = Nodes::start(&url, &url);
    let other = sea_orm::Database::connect(&url).await.expect("it can be reached");
    // Who gives positions waits for this row.
    let held = other.begin().await.expect("a change begins");
    held.execute_unprepared("UPDATE outbox_positions SET last = last").await.expect("the row is held");
    withdraw_everything(&nodes);
    let waiting = "SELECT COUNT(*) FROM outbox WHERE position IS NULL";
    let row = held.query_one_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, waiting)).await;
    let waiting = row.expect("the database answers").expect("there is a row").try_get_by_index::<i64>(0).expect("a number");
    assert!(waiting >= 6, "the events had positions: {waiting}");
}
