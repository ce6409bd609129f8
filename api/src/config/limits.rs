//! The limits: what one document, one request and one connection may cost. Each is a whole number with a default.

use std::ops::RangeInclusive;

use serde::Deserialize;

use crate::error::{Error, Result};

/// One table of limits makes the flags, the variables, the `[limits]` of the file, the checked values and what is shown.
macro_rules! limits {
    ($( $(#[doc = $doc:literal])+ $name:ident = $default:literal in $allowed:expr, $variable:literal; )*) => {
        /// The limits as flags and variables.
        #[derive(Debug, Clone, Default, clap::Args)]
        #[command(next_help_heading = "Limits")]
        pub struct LimitFlags {
            $(
                $(#[doc = $doc])+
                #[arg(long, global = true, env = $variable, value_name = "N", hide_short_help = true)]
                pub $name: Option<String>,
            )*
        }

        /// The limits as the file's table `[limits]` names them.
        #[derive(Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct LimitFile {
            $($name: Option<u64>,)*
        }

        /// The checked limits.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Limits {
            $($(#[doc = $doc])+ pub $name: u64,)*
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        impl Limits {
            pub(super) fn read(flags: &LimitFlags, file: &LimitFile) -> Result<Self> {
                Ok(Self { $($name: number($variable, flags.$name.as_deref(), file.$name, $default, &$allowed)?,)* })
            }

            /// The limits by the names of their variables.
            #[must_use]
            pub fn shown(&self) -> Vec<(&'static str, String)> {
                vec![$(($variable, self.$name.to_string()),)*]
            }
        }
    };
}

limits! {
    /// Bytes of a GraphQL document
    document_bytes = 16_384 in 256..=1_048_576, "ALLIANCE_DOCUMENT_BYTES";
    /// Bytes of a GraphQL document that staff send; never fewer than others may
    document_bytes_staff = 65_536 in 256..=1_048_576, "ALLIANCE_DOCUMENT_BYTES_STAFF";
    /// Tokens of a document
    document_tokens = 2_000 in 16..=100_000, "ALLIANCE_DOCUMENT_TOKENS";
    /// How deep brackets of any kind may nest, in a document and in its variables
    document_nesting = 32 in 4..=60, "ALLIANCE_DOCUMENT_NESTING";
    /// How many levels of fields an operation may have; introspection takes 15
    document_depth = 15 in 2..=60, "ALLIANCE_DOCUMENT_DEPTH";
    /// Aliases in a document
    document_aliases = 30 in 0..=1_000_000, "ALLIANCE_DOCUMENT_ALIASES";
    /// Directives in a document
    document_directives = 32 in 0..=10_000, "ALLIANCE_DOCUMENT_DIRECTIVES";
    /// Fragments that a document defines
    document_fragments = 50 in 0..=500, "ALLIANCE_DOCUMENT_FRAGMENTS";
    /// Fields that a document may have once its fragments are in their places
    document_fields = 10_000 in 100..=10_000_000, "ALLIANCE_DOCUMENT_FIELDS";
    /// Fields at the root of a query
    root_fields = 20 in 1..=1_000, "ALLIANCE_ROOT_FIELDS";
    /// Fields at the root of a mutation
    mutations = 5 in 1..=100, "ALLIANCE_MUTATIONS";
    /// The cost of an operation: each object costs 1, each list what its items cost, as often as it asks for items
    cost = 5_000 in 10..=1_000_000_000_000, "ALLIANCE_COST";
    /// The cost of an operation of a supporter or a partner; never less than a stranger's
    cost_member = 10_000 in 10..=1_000_000_000_000, "ALLIANCE_COST_MEMBER";
    /// The cost of an operation of staff; never less than a supporter's
    cost_staff = 25_000 in 10..=1_000_000_000_000, "ALLIANCE_COST_STAFF";
    /// Seconds that an operation may take
    operation_seconds = 10 in 1..=300, "ALLIANCE_OPERATION_SECONDS";
    /// Errors that one answer reports
    errors = 20 in 1..=1_000, "ALLIANCE_ERRORS";
    /// Bytes of an answer
    answer_bytes = 4_194_304 in 1_024..=268_435_456, "ALLIANCE_ANSWER_BYTES";
    /// Bytes of documents that are kept once they have been validated
    documents_kept_bytes = 4_194_304 in 0..=1_073_741_824, "ALLIANCE_DOCUMENTS_KEPT_BYTES";
    /// Bytes of a request's body
    body_bytes = 65_536 in 1_024..=67_108_864, "ALLIANCE_BODY_BYTES";
    /// Bytes of a request's body where somebody is signed in; never fewer than a stranger's
    body_bytes_signed_in = 1_048_576 in 1_024..=67_108_864, "ALLIANCE_BODY_BYTES_SIGNED_IN";
    /// Bytes of a request's line and headers
    header_bytes = 16_384 in 8_192..=1_048_576, "ALLIANCE_HEADER_BYTES";
    /// Seconds until a request's headers must have come
    header_seconds = 10 in 1..=300, "ALLIANCE_HEADER_SECONDS";
    /// Seconds until a request's body must have come
    body_seconds = 15 in 1..=300, "ALLIANCE_BODY_SECONDS";
    /// Seconds that a connection may do nothing: wait for a request, or not read its answer
    idle_seconds = 60 in 1..=3_600, "ALLIANCE_IDLE_SECONDS";
    /// Requests that are answered at once; more are turned away with 503
    requests_in_flight = 512 in 1..=100_000, "ALLIANCE_REQUESTS_IN_FLIGHT";
    /// Connections that are open at once; more are turned away with 503
    connections = 10_500 in 1..=1_000_000, "ALLIANCE_CONNECTIONS";
    /// Sockets, and other answers that last, on this node; more are turned away with 503
    sockets = 10_000 in 0..=1_000_000, "ALLIANCE_SOCKETS";
    /// Sockets, and other answers that last, of one account on this node
    sockets_of_account = 10 in 1..=1_000_000, "ALLIANCE_SOCKETS_OF_ACCOUNT";
    /// Sockets, and other answers that last, of one address on this node
    sockets_of_address = 200 in 1..=1_000_000, "ALLIANCE_SOCKETS_OF_ADDRESS";
    /// Selections of all subscriptions of one address on this node
    followed_of_address = 20_000 in 500..=1_000_000_000, "ALLIANCE_FOLLOWED_OF_ADDRESS";
    /// Subscriptions and other operations at once on one socket
    socket_operations = 20 in 1..=10_000, "ALLIANCE_SOCKET_OPERATIONS";
    /// Bytes of a message that a client sends over a socket
    socket_message_bytes = 65_536 in 1_024..=67_108_864, "ALLIANCE_SOCKET_MESSAGE_BYTES";
    /// Seconds until a socket must have been initialised
    socket_init_seconds = 3 in 1..=300, "ALLIANCE_SOCKET_INIT_SECONDS";
    /// Seconds after which a socket is given up that does not answer to a ping; one is sent at half of them
    socket_silence_seconds = 14 in 2..=3_600, "ALLIANCE_SOCKET_SILENCE_SECONDS";
    /// Seconds that a client may take to read what it was sent over a socket, or of another answer that lasts
    socket_send_seconds = 10 in 1..=3_600, "ALLIANCE_SOCKET_SEND_SECONDS";
    /// Jobs that this node does at once
    jobs_at_once = 4 in 1..=1_000, "ALLIANCE_JOBS_AT_ONCE";
    /// Seconds after which a job of a worker that was killed is done by another
    job_lease_seconds = 30 in 1..=3_600, "ALLIANCE_JOB_LEASE_SECONDS";
    /// How often a job is tried before it is given up
    job_attempts = 15 in 1..=1_000, "ALLIANCE_JOB_ATTEMPTS";
    /// Days that events are kept
    retain_events_days = 7 in 1..=36_500, "ALLIANCE_RETAIN_EVENTS_DAYS";
    /// Days that jobs are kept once they are done
    retain_jobs_days = 7 in 0..=36_500, "ALLIANCE_RETAIN_JOBS_DAYS";
    /// Days that jobs are kept once they were given up
    retain_dead_jobs_days = 90 in 0..=36_500, "ALLIANCE_RETAIN_DEAD_JOBS_DAYS";
    /// Days that entries of the audit log are kept
    retain_audit_days = 730 in 1..=36_500, "ALLIANCE_RETAIN_AUDIT_DAYS";
    /// Days that sessions are kept once they have ended
    retain_sessions_days = 30 in 0..=36_500, "ALLIANCE_RETAIN_SESSIONS_DAYS";
    /// Days that links of accounts are kept once they are used or expired
    retain_links_days = 30 in 0..=36_500, "ALLIANCE_RETAIN_LINKS_DAYS";
    /// Days that deleted posts can be restored
    retain_deleted_posts_days = 30 in 0..=36_500, "ALLIANCE_RETAIN_DELETED_POSTS_DAYS";
    /// Days that reactions are kept, without their writers and words, once they were taken back
    retain_withdrawn_days = 1 in 0..=36_500, "ALLIANCE_RETAIN_WITHDRAWN_DAYS";
    /// Days that comments are kept once a moderator has removed them
    retain_removed_days = 180 in 0..=36_500, "ALLIANCE_RETAIN_REMOVED_DAYS";
    /// Days that comments wait for a moderator; then their words are erased
    retain_held_days = 90 in 1..=36_500, "ALLIANCE_RETAIN_HELD_DAYS";
    /// Days that enquiries are kept once they are closed
    retain_enquiries_days = 365 in 0..=36_500, "ALLIANCE_RETAIN_ENQUIRIES_DAYS";
    /// Days that enquiries are kept which are not closed, once nothing is done about them any more
    retain_open_enquiries_days = 730 in 1..=36_500, "ALLIANCE_RETAIN_OPEN_ENQUIRIES_DAYS";
    /// Days after an event for which it is known who said that they would come
    retain_rsvps_days = 90 in 0..=36_500, "ALLIANCE_RETAIN_RSVPS_DAYS";
    /// Days that subscriptions to updates are kept once they are cancelled or the address takes no mail
    retain_subscriptions_days = 30 in 0..=36_500, "ALLIANCE_RETAIN_SUBSCRIPTIONS_DAYS";
    /// Days that it is kept to whom a post was sent by mail; its sums stay
    retain_mailings_days = 90 in 1..=36_500, "ALLIANCE_RETAIN_MAILINGS_DAYS";
    /// Days that it is kept what was sent to webhooks, once that has ended
    retain_deliveries_days = 30 in 1..=36_500, "ALLIANCE_RETAIN_DELIVERIES_DAYS";
    /// Hours that the answers to changes with an `Idempotency-Key` are kept
    retain_idempotency_hours = 24 in 1..=8_760, "ALLIANCE_RETAIN_IDEMPOTENCY_HOURS";
    /// Bytes of such an answer; a longer one is not kept
    idempotency_answer_bytes = 262_144 in 1_024..=268_435_456, "ALLIANCE_IDEMPOTENCY_ANSWER_BYTES";
    /// Sign-ins of one address a minute
    rate_sign_in_address = 10 in 1..=1_000_000, "ALLIANCE_RATE_SIGN_IN_ADDRESS";
    /// Sign-ins to one account at once
    rate_sign_in_account = 10 in 1..=1_000_000, "ALLIANCE_RATE_SIGN_IN_ACCOUNT";
    /// Seconds until one more sign-in to the account is allowed
    rate_sign_in_account_seconds = 30 in 1..=86_400, "ALLIANCE_RATE_SIGN_IN_ACCOUNT_SECONDS";
    /// Registrations of one address an hour
    rate_registration = 3 in 1..=1_000_000, "ALLIANCE_RATE_REGISTRATION";
    /// Mails with a link to one e-mail address an hour
    rate_account_mail_hour = 1 in 1..=1_000_000, "ALLIANCE_RATE_ACCOUNT_MAIL_HOUR";
    /// Mails with a link to one e-mail address a day
    rate_account_mail_day = 3 in 1..=1_000_000, "ALLIANCE_RATE_ACCOUNT_MAIL_DAY";
    /// Enquiries of one address an hour
    rate_enquiries = 5 in 1..=1_000_000, "ALLIANCE_RATE_ENQUIRIES";
    /// Answers to events of one address an hour, without an account
    rate_rsvps = 60 in 1..=1_000_000, "ALLIANCE_RATE_RSVPS";
    /// Requests for updates by e-mail from one address an hour
    rate_subscriptions = 10 in 1..=1_000_000, "ALLIANCE_RATE_SUBSCRIPTIONS";
    /// Test mails of one account an hour
    rate_test_mails = 20 in 1..=1_000_000, "ALLIANCE_RATE_TEST_MAILS";
    /// Updates that all nodes together send by e-mail in a second
    mails_per_second = 20 in 1..=1_000, "ALLIANCE_MAILS_PER_SECOND";
    /// The hour at which digests are sent, on the clocks of an alliance's city
    digest_hour = 8 in 0..=23, "ALLIANCE_DIGEST_HOUR";
    /// Tokens for visitors of one address an hour
    rate_visitor_tokens = 60 in 1..=1_000_000, "ALLIANCE_RATE_VISITOR_TOKENS";
    /// Reactions to what is sensitive, or parties that come to an event, from which on their number is told
    smallest_sum = 5 in 1..=1_000_000, "ALLIANCE_SMALLEST_SUM";
    /// Comments of one writer at once
    rate_comments_burst = 5 in 1..=1_000_000, "ALLIANCE_RATE_COMMENTS_BURST";
    /// Comments of one writer an hour
    rate_comments = 10 in 1..=1_000_000, "ALLIANCE_RATE_COMMENTS";
    /// Mutations of one viewer a minute
    rate_mutations = 60 in 1..=1_000_000, "ALLIANCE_RATE_MUTATIONS";
    /// Repeats of mutations, by their `Idempotency-Key`, of one viewer a minute
    rate_repeats = 600 in 1..=1_000_000, "ALLIANCE_RATE_REPEATS";
    /// Seconds that a message to another site and its answer may take
    outgoing_seconds = 15 in 1..=60, "ALLIANCE_OUTGOING_SECONDS";
    /// Partners of one alliance
    partners = 200 in 1..=10_000, "ALLIANCE_PARTNERS";
    /// Webhooks of one alliance
    webhooks = 50 in 1..=1_000, "ALLIANCE_WEBHOOKS";
    /// Messages to webhooks that this node sends at once
    deliveries_at_once = 32 in 1..=1_000, "ALLIANCE_DELIVERIES_AT_ONCE";
    /// Days until a session ends that is not used
    session_days = 30 in 1..=400, "ALLIANCE_SESSION_DAYS";
    /// Passwords that are checked at once; 0 for one fewer than there are cores, but one at least
    passwords_at_once = 0 in 0..=1_024, "ALLIANCE_PASSWORDS_AT_ONCE";
    /// Passwords that wait to be checked; more are turned away
    passwords_waiting = 32 in 0..=100_000, "ALLIANCE_PASSWORDS_WAITING";
    /// Seconds that a stop waits for what has begun
    drain_seconds = 10 in 0..=600, "ALLIANCE_DRAIN_SECONDS";
}

fn number(name: &str, flag: Option<&str>, file: Option<u64>, default: u64, allowed: &RangeInclusive<u64>) -> Result<u64> {
    let given = flag.map(str::trim).filter(|text| !text.is_empty());
    let wrong = |text: &str| {
        let (least, most) = (allowed.start(), allowed.end());
        Error::invalid(name, format!("`{text}` is not allowed; allowed: a whole number from {least} to {most}"))
    };
    let asked = match given {
        Some(text) => text.parse().map_err(|_| wrong(text))?,
        None => file.unwrap_or(default),
    };
    if allowed.contains(&asked) { Ok(asked) } else { Err(wrong(&asked.to_string())) }
}
