//! The pages behind the links of mails: they work without a script, a look changes nothing, and a form does what its link is for.

use alliance::accounts::actions::setup::{self, Made, NewAdmin};
use alliance_tests::app::TestApp;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use url::form_urlencoded;

const GOOD: &str = "quiet otters mend seven bridges";
const BETTER: &str = "purple ladders hum at midnight";
const FORM: &str = "application/x-www-form-urlencoded";

/// The path of a link to make the account of an admin.
async fn setup_link(app: &TestApp, email: &str) -> String {
    let admin = NewAdmin { email: email.to_owned(), name: None, alliance: None, password: None };
    let Made::Link(link) = setup::create_admin(&app.app, admin).await.expect("it can be made") else {
        panic!("a link is wanted")
    };
    path(&link)
}

/// The path of the link in the last mail.
async fn mailed(app: &TestApp) -> Option<String> {
    app.work().await;
    let mail = app.mails().pop()?;
    mail.text.lines().find(|line| line.starts_with("https://")).map(path)
}

fn path(link: &str) -> String {
    link.strip_prefix("https://citizens.example").expect("it is ours").to_owned()
}

fn token(path: &str) -> &str {
    path.split_once("?token=").expect("it has a token").1
}

/// Sends a form to a page as a browser does.
async fn send(app: &TestApp, page: &str, values: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(values).finish();
    let request = Request::post(page).header("content-type", FORM).header("sec-fetch-site", "same-origin");
    app.send(request.body(Body::from(body)).expect("this is a request")).await
}

async fn signs_in(app: &TestApp, email: &str, password: &str) -> bool {
    let input = format!("{{ email: \"{email}\", password: \"{password}\" }}");
    let answer = app.read(&format!("mutation {{ signIn(input: {input}) {{ accessToken }} }}")).await;
    answer["signIn"]["accessToken"].is_string()
}

#[tokio::test]
async fn a_link_that_is_looked_at_a_hundred_times_still_works() {
    for app in TestApp::both().await {
        let link = setup_link(&app, "ada@example.org").await;
        app.statements();
        for method in [Method::GET, Method::HEAD].into_iter().cycle().take(100) {
            let (status, headers, _) = app.open(method, &link, &[]).await;
            assert_eq!(status, StatusCode::OK, "{}", app.name);
            assert_eq!(
                (&headers["cache-control"], &headers["referrer-policy"]),
                (&"no-store".parse().expect("text"), &"same-origin".parse().expect("text"))
            );
        }
        let writes: Vec<_> = app.statements().into_iter().filter(|statement| !statement.sql.starts_with("SELECT")).collect();
        assert!(writes.is_empty(), "{}: {writes:?}", app.name);
        let filled = [("token", token(&link)), ("name", "Ada Byron"), ("password", GOOD)];
        let (status, _, page) = send(&app, "/account/setup", &filled).await;
        assert!(status == StatusCode::OK && page.contains("Your account is made"), "{}: {status}: {page}", app.name);
        assert!(!page.contains("<form") && !page.contains(GOOD) && !page.contains(token(&link)), "{}: {page}", app.name);
        assert!(signs_in(&app, "ada@example.org", GOOD).await, "{}", app.name);
        for (status, page) in [
            {
                let (status, _, page) = send(&app, "/account/setup", &filled).await;
                (status, page)
            },
            {
                let (status, _, page) = app.get(&link, &[]).await;
                (status, page)
            },
        ] {
            assert!(status == StatusCode::GONE && page.contains("This link is over"), "{}: {status}: {page}", app.name);
        }
    }
}

#[tokio::test]
async fn a_form_says_beside_each_field_what_is_wrong_with_it_and_keeps_the_rest() {
    for app in TestApp::both().await {
        let link = setup_link(&app, "ada@example.org").await;
        let name = "Ada \"<script>alert(1)</script>";
        for (password, words) in [("", "Choose a password for the account."), ("short", "A password has at least 15 characters.")]
        {
            let filled = [("token", token(&link)), ("name", name), ("password", password)];
            let (status, _, page) = send(&app, "/account/setup", &filled).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{}: {page}", app.name);
            assert!(page.contains(&format!("<p class=\"problem\" id=\"password-note\">{words}")), "{}: {page}", app.name);
            assert!(!page.contains("<script") && page.contains("value=\"Ada &#34;&#60;script&#62;"), "{}: {page}", app.name);
            assert!(password.is_empty() || !page.contains(password), "{}: {page}", app.name);
        }
        let (status, _, page) =
            send(&app, "/account/setup", &[("token", token(&link)), ("name", "Ada\u{202e}"), ("password", GOOD)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{}: {page}", app.name);
        assert!(page.contains("<p class=\"problem\" id=\"name-note\">"), "{}: {page}", app.name);
        assert!(!signs_in(&app, "ada@example.org", GOOD).await, "{}", app.name);
    }
}

#[tokio::test]
async fn whoever_has_forgotten_a_password_asks_for_a_link_on_a_page_and_sets_another_behind_it() {
    for app in TestApp::both().await {
        let link = setup_link(&app, "ada@example.org").await;
        send(&app, "/account/setup", &[("token", token(&link)), ("name", "Ada"), ("password", GOOD)]).await;
        let (status, _, page) = app.get("/account/password", &[]).await;
        assert!(status == StatusCode::OK && page.contains("<form") && page.contains("type=\"email\""), "{}: {page}", app.name);
        let (known, _, said) = send(&app, "/account/password", &[("token", ""), ("email", "ada@example.org")]).await;
        let link = mailed(&app).await.expect("a mail was sent");
        let (unknown, _, of_nobody) = send(&app, "/account/password", &[("token", ""), ("email", "eve@example.org")]).await;
        assert_eq!(mailed(&app).await, None, "{}", app.name);
        assert_eq!((known, said), (unknown, of_nobody.replace("eve@", "ada@")), "{}", app.name);
        let (status, headers, page) = send(&app, "/account/password", &[("token", ""), ("email", "ada@example.org")]).await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{}: {page}", app.name);
        assert_eq!(
            (&headers["retry-after"], &headers["content-type"]),
            (&"3600".parse().expect("text"), &"text/html; charset=utf-8".parse().expect("text"))
        );
        let (status, _, page) = send(&app, "/account/password", &[("token", ""), ("email", "no address")]).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("id=\"email-note\""), "{}: {page}", app.name);

        let (_, _, page) = app.get(&link, &[]).await;
        assert!(page.contains("value=\"ada@example.org\" autocomplete=\"username\" readonly"), "{}: {page}", app.name);
        let (status, _, page) = send(&app, "/account/password", &[("token", token(&link)), ("password", BETTER)]).await;
        assert!(status == StatusCode::OK && page.contains("Your password is set"), "{}: {page}", app.name);
        let signs_in = [signs_in(&app, "ada@example.org", GOOD).await, signs_in(&app, "ada@example.org", BETTER).await];
        assert_eq!(signs_in, [false, true], "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn a_form_of_another_site_or_of_another_kind_does_nothing() {
    for app in TestApp::both().await {
        let link = setup_link(&app, "ada@example.org").await;
        let filled = [("token", token(&link)), ("name", "Ada"), ("password", GOOD)];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(filled).finish();
        let foreign = [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")];
        for (header, value) in foreign {
            let request = Request::post("/account/setup").header("content-type", FORM).header(header, value);
            let (status, _, said) = app.send(request.body(Body::from(body.clone())).expect("this is a request")).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{}: {header}: {value}: {said}", app.name);
        }
        for kind in ["text/plain", "multipart/form-data; boundary=x", "application/json", ""] {
            let request = Request::post("/account/setup").header("content-type", kind);
            let (status, _, said) = app.send(request.body(Body::from(body.clone())).expect("this is a request")).await;
            assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{}: {kind}: {said}", app.name);
        }
        let long = format!("{body}&more={}", "x".repeat(70_000));
        let request = Request::post("/account/setup").header("content-type", FORM).body(Body::from(long));
        let (status, ..) = app.send(request.expect("this is a request")).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{}", app.name);
        for page in
            ["/account/nothing", "/account/..%2f", "/account/confirm?token=all_0", "/account/email", "/account/confirm?token=%00"]
        {
            let (status, _, said) = app.get(page, &[]).await;
            assert!(matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE), "{}: {page}: {status}: {said}", app.name);
            assert!(!said.contains("<form"), "{}: {page}: {said}", app.name);
        }
        assert!(!signs_in(&app, "ada@example.org", GOOD).await, "{}", app.name);
    }
}
