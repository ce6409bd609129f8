//! Changing what updates somebody gets, and how often.

use alliance_entity::email_subscription::{self, EmailFrequency, EmailSubscriptionState};
use async_graphql::MaybeUndefined;

use crate::caller::Caller;
use crate::editing::stands;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::subscriptions::actions::{all_known, deed, hold, named, wanted};
use crate::subscriptions::{Which, store};

/// What is to be another. What is undefined stays.
#[derive(Debug)]
pub struct Edit {
    /// Of which subscription.
    pub which: Which,
    /// What they want to be called.
    pub name: MaybeUndefined<String>,
    /// What about.
    pub topics: MaybeUndefined<Vec<String>>,
    /// How often.
    pub frequency: MaybeUndefined<EmailFrequency>,
}

/// Changes a subscription. What waits to be sent goes as it was to.
///
/// # Errors
/// [`Error::Refused`] for a link that is not valid, or not any more, for what is no name or no topic, and where it was cancelled;
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn edit(caller: &Caller, input: Edit) -> Result<email_subscription::Model> {
    let Edit { which, name, topics: given, frequency } = input;
    let required = |field: &str| Error::refused(field, UserErrorCode::Required, "leave it out to let it be as it is");
    let name = match name {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(name) => Some(named(Some(&name)).map_err(|problem| Error::Refused(vec![problem]))?),
    };
    let frequency = match frequency {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => return Err(required("frequency")),
        MaybeUndefined::Value(frequency) => Some(frequency),
    };
    let txn = caller.app.db().begin().await?;
    let row = hold(caller, &txn, &which).await?;
    stands(row.state == EmailSubscriptionState::Confirmed, "nothing is sent to this address any more: sign up anew")?;
    match given {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => return Err(required("topics")),
        MaybeUndefined::Value(ids) if ids.is_empty() => {
            let problem = "choose what to be told about; to be told nothing any more, cancel it";
            return Err(Error::refused("topics", UserErrorCode::Required, problem));
        }
        MaybeUndefined::Value(ids) => {
            let topics = wanted(&ids)?;
            all_known(&topics, &store::topics::known(&txn, row.alliance_id, &topics).await?)?;
            store::topics::set(&txn, row.id, &topics).await?;
        }
    }
    let row = email_subscription::Model {
        name: name.unwrap_or_else(|| row.name.clone()),
        frequency: frequency.unwrap_or(row.frequency),
        updated_at: caller.now(),
        ..row
    };
    store::set(&txn, row.clone()).await?;
    caller.record(&txn, deed("emailSubscriptionEdit", "EmailSubscriptionEdited", &row)).await?;
    caller.commit(txn).await?;
    Ok(row)
}
