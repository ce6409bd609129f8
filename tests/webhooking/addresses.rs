//! Where messages go: to the public internet, by https, and nowhere else, in whatever spelling.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use alliance::config::Config;
use alliance::config::flags::Flags;
use alliance::outgoing::address::{Refusal, Rules, inside};
use alliance::outgoing::names::Names;
use alliance::outgoing::{Failure, Outgoing};
use alliance_tests::receiver::Receiver;
use serde_json::json;
use url::Url;

use crate::viewers::HERE;
use crate::webhooking::both;

fn config(allowed: Option<&str>) -> Config {
    let flags =
        Flags { outgoing_allowed: allowed.map(str::to_owned), listen: Some("8.8.4.4:443".to_owned()), ..Flags::default() };
    Config::read(&flags).expect("the settings are right")
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("it is an address")
}

#[test]
fn what_means_inside_is_refused_in_every_spelling() {
    let rules = Rules::new(&config(None));
    for (text, what) in [
        ("https://127.0.0.1/", "loopback"),
        ("https://127.1/", "loopback"),
        ("https://2130706433/", "loopback"),
        ("https://0x7f.0.0.1/", "loopback"),
        ("https://0x7f000001/", "loopback"),
        ("https://0177.0.0.01/", "loopback"),
        ("https://127.0.0.1./", "loopback"),
        ("https://%31%32%37.0.0.1/", "loopback"),
        ("https://１２７.0.0.1/", "loopback"),
        ("https://localhost/", "loopback"),
        ("https://LOCALHOST./", "loopback"),
        ("https://me.localhost/", "loopback"),
        ("https://0.0.0.0/", "unspecified"),
        ("https://0/", "unspecified"),
        ("https://10.1.2.3/", "private"),
        ("https://172.31.255.255/", "private"),
        ("https://192.168.0.1/", "private"),
        ("https://100.64.0.1/", "shared"),
        ("https://169.254.169.254/latest/meta-data/", "link-local"),
        ("https://192.0.2.1/", "documentation"),
        ("https://198.19.0.1/", "benchmarking"),
        ("https://224.0.0.1/", "multicast"),
        ("https://255.255.255.255/", "broadcast"),
        ("https://250.0.0.1/", "reserved"),
        ("https://[::1]/", "loopback"),
        ("https://[::]/", "unspecified"),
        ("https://[::ffff:127.0.0.1]/", "loopback"),
        ("https://[::ffff:a9fe:a9fe]/", "link-local"),
        ("https://[::127.0.0.1]/", "IPv4-compatible"),
        ("https://[64:ff9b::10.0.0.1]/", "private"),
        ("https://[64:ff9b:1::1]/", "NAT64 of a local network"),
        ("https://[2002:7f00:1::]/", "6to4"),
        ("https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/", "Teredo"),
        ("https://[2001:db8::1]/", "documentation"),
        ("https://[fd00::1]/", "private"),
        ("https://[fe80::1]/", "link-local"),
        ("https://[fec0::1]/", "site-local"),
        ("https://[ff02::1]/", "multicast"),
        ("https://[100::1]/", "reserved"),
        ("https://[5f00::1]/", "reserved"),
    ] {
        assert_eq!(rules.check(&url(text)), Err(Refusal::Inside(what)), "{text}");
    }
    for (text, refusal) in [
        ("http://example.org/", Refusal::Scheme),
        ("ftp://example.org/", Refusal::Scheme),
        ("file:///etc/passwd", Refusal::Scheme),
        ("data:,x", Refusal::Scheme),
        ("https://ada@example.org/", Refusal::Credentials),
        ("https://:secret@example.org/", Refusal::Credentials),
        ("https://8.8.4.4/", Refusal::Own),
        ("https://[::ffff:8.8.4.4]/", Refusal::Own),
    ] {
        assert_eq!(rules.check(&url(text)), Err(refusal), "{text}");
    }
    for text in
        ["https://example.org/hooks", "https://8.8.8.8/", "https://[2606:4700::1111]/", "https://xn--bcher-kva.example:8443/"]
    {
        assert_eq!(rules.check(&url(text)), Ok(()), "{text}");
    }
    for text in ["1.1.1.1", "93.184.216.34", "2a00:1450::1", "::ffff:1.1.1.1"] {
        assert_eq!(inside(text.parse().expect("an address")), None, "{text}");
    }
}

#[test]
fn the_settings_name_what_may_be_asked_all_the_same_and_nothing_else() {
    let rules = Rules::new(&config(Some("10.0.0.0/8, hooks.internal, ::1")));
    for text in [
        "http://10.9.8.7:8080/",
        "https://10.0.0.1/",
        "http://HOOKS.internal./",
        "http://[::1]:3000/",
        "https://[::ffff:10.1.1.1]/",
    ] {
        assert_eq!(rules.check(&url(text)), Ok(()), "{text}");
    }
    for text in ["http://127.0.0.1/", "http://other.internal/", "http://hooks.internal.example.org/", "https://192.168.0.1/"] {
        assert!(rules.check(&url(text)).is_err(), "{text}");
    }
    for wrong in ["http://hooks.internal", "10.0.0.0/99", "hooks:80", ""] {
        let flags = Flags { outgoing_allowed: Some(format!("hooks.internal, {wrong}")), ..Flags::default() };
        assert!(Config::read(&flags).is_err(), "{wrong}");
    }
}

/// A name that leads outside when it is looked up first, and inside from then on.
struct Changing(AtomicUsize);

#[async_trait::async_trait]
impl Names for Changing {
    async fn addresses(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        let outside = self.0.fetch_add(1, Ordering::Relaxed) == 0;
        // The first is nobody's that answers: a port of it cannot be reached from here.
        Ok(vec![if outside { "127.0.0.9" } else { "127.0.0.1" }.parse().expect("an address")])
    }
}

#[tokio::test]
async fn a_name_that_changes_its_answer_leads_nobody_inside() {
    let site = Receiver::start().await;
    let to = url(&site.url.replace("http://127.0.0.1", "https://changing.example"));
    // That first address stands for one of the public internet.
    let outgoing = Outgoing::by(&config(Some("127.0.0.9")), Arc::new(Changing(AtomicUsize::new(0))));
    let first = outgoing.post(&to, &[], Vec::new()).await;
    assert!(matches!(first, Err(Failure::Unreachable(_))), "{first:?}");
    for _ in 0..3 {
        let then = outgoing.post(&to, &[], Vec::new()).await;
        assert_eq!(then, Err(Failure::Refused(Refusal::Inside("loopback"))), "it is looked up and checked each time");
    }
    let digits = outgoing.post(&url("https://127.0.0.1:1/"), &[], Vec::new()).await;
    assert_eq!(digits, Err(Failure::Refused(Refusal::Inside("loopback"))));
    assert_eq!(site.count(), 0);
}

#[tokio::test]
async fn a_webhook_is_not_made_for_what_is_inside_and_says_why() {
    for desk in both().await {
        for (address, problem) in [
            ("https://192.168.1.1/", "not on the public internet"),
            ("http://example.org/", "begins with https://"),
            ("https://ada:secret@example.org/", "leave them out"),
            ("nonsense", "written as"),
        ] {
            let input = json!({ "alliance": HERE.to_string(), "url": address, "events": ["POST_PUBLISHED"] });
            let mutation = alliance_tests::running::changing("webhookCreate", "webhook { id }");
            let answer = crate::guests::ask(&desk.app, &desk.ada.token, &mutation, &json!({ "input": input })).await;
            let error = &answer["data"]["webhookCreate"]["userErrors"][0];
            assert_eq!(error["code"], "INVALID", "{}: {address}: {answer}", desk.app.name);
            assert!(error["message"].as_str().is_some_and(|told| told.contains(problem)), "{}: {answer}", desk.app.name);
        }
    }
}
