//! The same by one command, with the real binary.

use alliance_tests::app::TestApp;
use alliance_tests::postgres;

use crate::binary::{folder, run, text};
use crate::guests::rows_of;

async fn count(url: &str, sql: &str) -> i64 {
    let app = TestApp::at(url).await;
    rows_of(&app, sql).await.remove(0).try_get_by_index(0).expect("a number")
}

#[tokio::test]
async fn one_command_begins_an_alliance_leaves_the_demo_behind_and_makes_an_admin() {
    for url in [format!("sqlite://{}/alliance.db", folder().display()), postgres::database()] {
        let settings = [("DATABASE_URL", url.as_str())];
        assert!(run(&["seed", "--demo"], &settings).status.success(), "{url}");
        let create = ["alliances", "create", "--name", "Leicester Citizens", "--time-zone", "Europe/London"];
        let wrong = run(&[&create[..], &["--without-demo", "--admin-email", "nobody"]].concat(), &settings);
        assert!(!wrong.status.success() && text(&wrong.stderr).contains("--admin-email"), "{url}: {}", text(&wrong.stderr));
        let wrong = run(&[&create[..5], &["Nowhere"]].concat(), &settings);
        assert!(!wrong.status.success() && text(&wrong.stderr).contains("Europe/London"), "{url}: {}", text(&wrong.stderr));
        let done = run(&[&create[..], &["--without-demo", "--admin-email", "ada@example.org"]].concat(), &settings);
        let told = text(&done.stdout);
        assert!(done.status.success(), "{url}: {}", text(&done.stderr));
        assert!(told.contains("Leicester Citizens (`leicester-citizens`) begins: alliance_"), "{told}");
        let gone = "4 posts, 5 campaigns, 3 events, 36 institutions, 8 people, 1 reaction and 6 accounts";
        assert!(told.contains(&format!("the demo is gone, and with it {gone}")), "{told}");
        assert!(
            told.contains("ada@example.org becomes its admin by this link") && told.contains("/account/setup?token="),
            "{told}"
        );
        assert_eq!(count(&url, "SELECT COUNT(*) FROM posts").await, 0, "{url}");
        assert_eq!(count(&url, "SELECT COUNT(*) FROM accounts").await, 0, "{url}");
        assert_eq!(count(&url, "SELECT COUNT(*) FROM alliances").await, 1, "{url}");
        let again = text(&run(&["seed", "--demo"], &settings).stderr);
        assert!(again.contains("holds an alliance already"), "{url}: {again}");
    }
}

#[tokio::test]
async fn the_command_refuses_to_take_what_others_wrote_until_the_demo_is_named() {
    for url in [format!("sqlite://{}/alliance.db", folder().display()), postgres::database()] {
        let settings = [("DATABASE_URL", url.as_str())];
        assert!(run(&["seed", "--demo"], &settings).status.success(), "{url}");
        let keep = ["alliances", "create", "--name", "Derby Citizens", "--time-zone", "Europe/London"];
        assert!(run(&keep, &settings).status.success(), "{url}: the demo may stay");
        let app = TestApp::at(&url).await;
        let set = "UPDATE posts SET version = version + 1 WHERE slug = 'no-place-for-hate'";
        sea_orm::ConnectionTrait::execute_unprepared(app.app.db().write(), set).await.expect("the post can be changed");
        drop(app);
        let create = ["alliances", "create", "--name", "Leicester Citizens", "--time-zone", "Europe/London"];
        let refused = run(&[&create[..], &["--without-demo"]].concat(), &settings);
        let said = text(&refused.stderr);
        assert!(
            !refused.status.success() && said.contains("1 post") && said.contains("--delete-demo nottingham-citizens"),
            "{said}"
        );
        assert_eq!(count(&url, "SELECT COUNT(*) FROM alliances").await, 2, "{url}");
        let named = run(&[&create[..], &["--delete-demo", "nottingham-citizens"]].concat(), &settings);
        assert!(named.status.success(), "{url}: {}", text(&named.stderr));
        assert_eq!(count(&url, "SELECT COUNT(*) FROM posts").await, 0, "{url}");
        assert_eq!(count(&url, "SELECT COUNT(*) FROM alliances").await, 2, "{url}");
    }
}
