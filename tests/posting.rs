//! An Alliance whose mails go through a whole exchange with a mail server.

use alliance::config::mail::{SmtpUrl, Way};
use alliance_tests::app::TestApp;
use alliance_tests::smtp::{Received, Sink};
use serde_json::Value;

use crate::guests::done;

/// An Alliance, and another on the same database whose mails go to a server.
pub(crate) struct Posting<'a> {
    pub(crate) app: &'a TestApp,
    by_smtp: TestApp,
    pub(crate) sink: Sink,
}

impl<'a> Posting<'a> {
    pub(crate) async fn start(app: &'a TestApp) -> Self {
        let sink = Sink::start().await;
        let way = Way::Smtp(SmtpUrl::parse(&sink.url()).expect("the address is right"));
        Self { app, by_smtp: app.with(|config| config.mail.way = way), sink }
    }

    /// The one mail that is sent now.
    pub(crate) async fn mail(&self) -> Received {
        let before = self.sink.taken();
        self.by_smtp.work().await;
        let [mail] = <[_; 1]>::try_from(self.sink.received().split_off(before)).expect("one mail is sent");
        mail
    }

    /// A change of a stranger's.
    pub(crate) async fn stranger(&self, field: &str, input: Value) {
        done(self.app, ("", field), input, "__typename").await;
    }
}
