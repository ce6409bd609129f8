//! Who has asked too often. What is spent is kept in the database, so that all nodes count together.
//!
//! Each rate fills up steadily and holds a burst: the generic cell rate algorithm, which keeps one number for each who asks.

use std::time::Duration;

use sea_orm::{ConnectionTrait, Statement};

use crate::app::App;
use crate::config::limits::Limits;
use crate::error::{Error, Result};
use crate::mail::address::Email;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
/// By how much the clocks of nodes may differ.
const SKEW: Duration = HOUR;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How often something may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// What is counted; in the message, too.
    pub name: &'static str,
    /// How often at once.
    pub burst: u32,
    /// How long until one more is allowed.
    pub every: Duration,
}

impl Rate {
    /// So many times in each `period`.
    #[must_use]
    pub fn within(name: &'static str, times: u64, period: Duration) -> Self {
        let burst = u32::try_from(times).unwrap_or(u32::MAX).max(1);
        Self { name, burst, every: period / burst }
    }

    /// Signing in, for each address.
    #[must_use]
    pub fn sign_in_address(limits: &Limits) -> Self {
        Self::within("sign-in", limits.rate_sign_in_address, MINUTE)
    }

    /// Signing in, for each account: never a lock-out.
    #[must_use]
    pub fn sign_in_account(limits: &Limits) -> Self {
        let burst = u32::try_from(limits.rate_sign_in_account).unwrap_or(u32::MAX);
        Self { name: "sign-in to this account", burst, every: Duration::from_secs(limits.rate_sign_in_account_seconds) }
    }

    /// Giving the password once more while signed in, for each account.
    #[must_use]
    pub fn password(limits: &Limits) -> Self {
        Self { name: "password of this account", ..Self::sign_in_account(limits) }
    }

    /// Registering, for each address.
    #[must_use]
    pub fn registration(limits: &Limits) -> Self {
        Self::within("registration", limits.rate_registration, HOUR)
    }

    /// Mails with a link, for each e-mail address: take both, the hour first.
    #[must_use]
    pub fn account_mail(limits: &Limits) -> [Self; 2] {
        Self::mail(limits, ["mail to this address in an hour", "mail to this address in a day"])
    }

    /// Mails with a link that sets a new password, for each e-mail address: as often as those of all other kinds together.
    #[must_use]
    pub fn reset_mail(limits: &Limits) -> [Self; 2] {
        Self::mail(limits, ["new password for this address in an hour", "new password for this address in a day"])
    }

    fn mail(limits: &Limits, [hour, day]: [&'static str; 2]) -> [Self; 2] {
        [Self::within(hour, limits.rate_account_mail_hour, HOUR), Self::within(day, limits.rate_account_mail_day, DAY)]
    }

    /// Enquiries, for each address.
    #[must_use]
    pub fn enquiries(limits: &Limits) -> Self {
        Self::within("enquiry", limits.rate_enquiries, HOUR)
    }

    /// Answers to events without an account, for each address: a whole parish may be behind one.
    #[must_use]
    pub fn rsvps(limits: &Limits) -> Self {
        Self::within("answer to events", limits.rate_rsvps, HOUR)
    }

    /// Requests for updates by e-mail, for each address.
    #[must_use]
    pub fn subscriptions(limits: &Limits) -> Self {
        Self::within("sign-up for updates", limits.rate_subscriptions, HOUR)
    }

    /// Test mails, for each account.
    #[must_use]
    pub fn test_mails(limits: &Limits) -> Self {
        Self::within("test mail", limits.rate_test_mails, HOUR)
    }

    /// Updates by e-mail, of all nodes together.
    #[must_use]
    pub fn mailings(limits: &Limits) -> Self {
        // Whole milliseconds, so that it is never more than that.
        let every = Duration::from_millis(1_000_u64.div_ceil(limits.mails_per_second.max(1)));
        Self { every, ..Self::within("updates by e-mail", limits.mails_per_second, Duration::from_secs(1)) }
    }

    /// Tokens of visitors, for each address.
    #[must_use]
    pub fn visitor_tokens(limits: &Limits) -> Self {
        Self::within("visitor token", limits.rate_visitor_tokens, HOUR)
    }

    /// Comments, for each who writes them.
    #[must_use]
    pub fn comments(limits: &Limits) -> Self {
        let burst = u32::try_from(limits.rate_comments_burst).unwrap_or(u32::MAX);
        Self { burst, ..Self::within("comment", limits.rate_comments, HOUR) }
    }

    /// Changes, for each who makes them.
    #[must_use]
    pub fn mutations(limits: &Limits) -> Self {
        Self::within("mutation", limits.rate_mutations, MINUTE)
    }

    /// Repeats of changes that were asked for before, for each who makes them.
    #[must_use]
    pub fn repeats(limits: &Limits) -> Self {
        Self::within("repeat of a mutation", limits.rate_repeats, MINUTE)
    }
}

/// Whoever asks for the first time.
const SPEND: &str = "INSERT INTO rates (key, spent_until) VALUES ($1, $2 + $3)";
/// The same on PostgreSQL, which does not wait for the disk.
const SPEND_LIGHTLY: &str = "WITH lightly AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)) \
    INSERT INTO rates (key, spent_until) SELECT $1::text, $2::bigint + $3::bigint FROM lightly";
/// Whoever has asked before.
const AGAIN: &str = "ON CONFLICT (key) DO UPDATE \
    SET spent_until = CASE WHEN rates.spent_until BETWEEN $2 AND $2 + $5 THEN rates.spent_until ELSE $2 END + $3 \
    WHERE rates.spent_until <= $2 + $4 OR rates.spent_until > $2 + $5";

/// Counts one more of `whom`. What is refused does not count.
///
/// # Errors
/// [`Error::RateLimited`] where it was too often, with how long to wait.
pub async fn take(app: &App, rate: &Rate, whom: &str) -> Result<()> {
    take_many(app, rate, whom, 1).await
}

/// Counts so many more of `whom` at once, all or none; a burst at most, so that none is refused for ever.
///
/// # Errors
/// As [`take`].
pub async fn take_many(app: &App, rate: &Rate, whom: &str, times: usize) -> Result<()> {
    let times = i64::try_from(times).unwrap_or(i64::MAX).clamp(1, i64::from(rate.burst.max(1)));
    let (db, key) = (app.db().counting(), key(app, rate, whom));
    let now = app.clock().now().timestamp_millis();
    let spent = millis(rate.every).saturating_mul(times);
    let allowance = millis(rate.every).saturating_mul(i64::from(rate.burst.max(1)) - times);
    // More than can be spent at this time was written by a node whose clock was far ahead, and does not count.
    let beyond = allowance.saturating_add(spent).saturating_add(millis(SKEW));
    let first = if app.db().is_sqlite() { SPEND } else { SPEND_LIGHTLY };
    let values = [key.clone().into(), now.into(), spent.into(), allowance.into(), beyond.into()];
    let taken = db.execute_raw(Statement::from_sql_and_values(app.db().backend(), format!("{first} {AGAIN}"), values)).await?;
    if taken.rows_affected() > 0 {
        return Ok(());
    }
    let sql = "SELECT spent_until FROM rates WHERE key = $1";
    let row = db.query_one_raw(Statement::from_sql_and_values(app.db().backend(), sql, [key.into()])).await?;
    let spent_until = row.map_or(Ok(now), |row| row.try_get_by_index(0))?;
    let wait = u64::try_from(spent_until - allowance - now).unwrap_or_default();
    Err(Error::RateLimited { what: rate.name, seconds: wait.div_ceil(1000).max(1) })
}

/// Counts a mail with a link to an address, whichever way it was asked for.
///
/// # Errors
/// [`Error::RateLimited`].
pub async fn take_mail(app: &App, email: &Email) -> Result<()> {
    for rate in Rate::account_mail(&app.config().limits) {
        take(app, &rate, &email.key()).await?;
    }
    Ok(())
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 4).max(1)
}

/// No address is kept, only this.
fn key(app: &App, rate: &Rate, whom: &str) -> String {
    app.keys().digest("rate", &format!("{}/{whom}", rate.name))
}
