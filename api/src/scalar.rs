//! The scalars of the contract beside GraphQL's own: moments, days, and the ids and texts that a database can be asked for.

use std::borrow::Cow;
use std::str::FromStr;

use alliance_entity::id::IdProblem;
use async_graphql::registry::Registry;
use async_graphql::{ID, InputType, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{Datelike, NaiveDate, NaiveDateTime, SecondsFormat, SubsecRound, Utc};
use secrecy::SecretString;

use crate::error::malformed;

/// What is wrong with a value of a scalar of ours, given as text; nothing where it is one.
pub type ScalarCheck = fn(&str) -> Option<String>;

/// The checks of our scalars, so that a document with a wrong one is refused before it is executed.
pub const CHECKS: [(&str, ScalarCheck); 3] =
    [("DateTime", problem_with_moment), ("Date", problem_with_day), ("LocalDateTime", problem_with_local_time)];

fn problem_with_moment(text: &str) -> Option<String> {
    parse_moment(text)
        .is_none()
        .then(|| format!("`{text}` is no moment of the years 1 to 9999; write it as `2015-04-28T15:00:00Z`"))
}

fn problem_with_day(text: &str) -> Option<String> {
    parse_day(text).is_none().then(|| format!("`{text}` is no day of the years 1 to 9999; write it as `2015-04-28`"))
}

fn problem_with_local_time(text: &str) -> Option<String> {
    parse_local_time(text)
        .is_none()
        .then(|| format!("`{text}` is no time of a day of the years 1 to 9999; write it as `2015-04-28T15:00`, without a zone"))
}

fn parse_local_time(text: &str) -> Option<NaiveDateTime> {
    let parsed = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"].iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    parsed.filter(is_in_range)
}

/// A moment that both databases can be asked for: what is below a microsecond is dropped.
fn parse_moment(text: &str) -> Option<chrono::DateTime<Utc>> {
    let moment = chrono::DateTime::parse_from_rfc3339(text).ok()?.to_utc().trunc_subsecs(6);
    is_in_range(&moment).then_some(moment)
}

fn parse_day(text: &str) -> Option<NaiveDate> {
    NaiveDate::from_str(text).ok().filter(is_in_range)
}

/// Whether a moment or a day is of the years 1 to 9999: those that both databases keep and order alike.
pub fn is_in_range(date: &impl Datelike) -> bool {
    (1..=9_999).contains(&date.year())
}

/// A moment in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime(pub chrono::DateTime<Utc>);

/// A moment as RFC 3339 writes it. Answers are in UTC, such as `2015-04-28T15:00:00Z`; arguments may have any offset.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(malformed("a moment is a string such as `2015-04-28T15:00:00Z`")) };
        match (parse_moment(text), problem_with_moment(text)) {
            (Some(moment), _) => Ok(Self(moment)),
            (None, problem) => Err(malformed(problem.unwrap_or_default())),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// A day, without a time or a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Date(pub NaiveDate);

/// A day as RFC 3339 writes it, such as `2015-04-28`.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(malformed("a day is a string such as `2015-04-28`")) };
        match (parse_day(text), problem_with_day(text)) {
            (Some(day), _) => Ok(Self(day)),
            (None, problem) => Err(malformed(problem.unwrap_or_default())),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A time on the clocks of a place, which the place's zone makes a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LocalDateTime(pub NaiveDateTime);

/// A day and a time as the clocks of a place show them, without a zone, such as `2015-04-28T15:00`.
#[Scalar]
impl ScalarType for LocalDateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(malformed("a local time is a string such as `2015-04-28T15:00`")) };
        match (parse_local_time(text), problem_with_local_time(text)) {
            (Some(time), _) => Ok(Self(time)),
            (None, problem) => Err(malformed(problem.unwrap_or_default())),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%dT%H:%M:%S").to_string())
    }
}

/// The id of an object of a known type, as an argument: to clients an `ID`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IdOf<I>(pub I);

impl<I: FromStr<Err = IdProblem> + Send + Sync> InputType for IdOf<I> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <ID as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let id = <ID as InputType>::parse(value).map_err(|_| malformed("an id is a string"))?;
        match id.parse() {
            Ok(id) => Ok(Self(id)),
            Err(problem) => Err(malformed(format!("`{}`: {}", id.as_str(), problem_with_id(problem)))),
        }
    }

    fn to_value(&self) -> Value {
        Value::Null
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// What is wrong with a text that is not the id that was wanted.
#[must_use]
pub fn problem_with_id(problem: IdProblem) -> &'static str {
    match problem {
        IdProblem::Malformed => "this is no id; ids look like post_01h455vb4pex5vsknk084sn02q",
        IdProblem::OtherType => "this is the id of an object of another type",
    }
}

/// Text that a database can be asked for, as an argument: to clients a `String`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text(pub String);

impl InputType for Text {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <String as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <String as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let text = <String as InputType>::parse(value).map_err(|_| malformed("this is no string"))?;
        if text.contains('\0') {
            return Err(malformed("it holds a NUL character (U+0000), which no text here can hold"));
        }
        Ok(Self(text))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// A password, a token or a code, as an argument: to clients a `String`. No log and no error shows it.
#[derive(Debug, Clone)]
pub struct Secret(pub SecretString);

impl InputType for Secret {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <String as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <String as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let Text(text) = Text::parse(value).map_err(InputValueError::propagate)?;
        Ok(Self(SecretString::from(text)))
    }

    fn to_value(&self) -> Value {
        Value::Null
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}
