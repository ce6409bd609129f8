//! An answer has the shape of its question: random valid documents, whose answers hold the keys that were asked for, in their order,
//! each once.

use std::collections::HashMap;
use std::fmt::Write;

use alliance_tests::app::TestApp;
use async_graphql::Value as Answer;
use axum::body::Body;
use axum::http::Request;
use proptest::prelude::*;
use serde_json::json;

use crate::sdl::{Schema, named};

/// The keys of an object, in their order; below each what its value holds.
type Keys = Vec<(String, Below)>;

#[derive(Debug, Clone)]
enum Below {
    Nothing,
    Object(Keys),
    OneOf(HashMap<String, Keys>),
}

/// Makes documents out of numbers.
struct Maker<'a> {
    schema: &'a Schema,
    numbers: std::vec::IntoIter<u8>,
}

impl Maker<'_> {
    fn number(&mut self, below: usize) -> usize {
        usize::from(self.numbers.next().unwrap_or(0)) % below.max(1)
    }

    /// Some fields of an object, as text and as keys. Fields come more than once, and in fragments of all kinds.
    ///
    /// With `own`, their names are of this type alone: the same field may have another type elsewhere.
    fn object(&mut self, ty: &str, depth: usize, own: bool) -> (String, Keys) {
        let (mut text, mut keys) = (String::new(), Keys::new());
        let fields = self.schema.fields(ty);
        for _ in 0..=self.number(4) {
            let field = &fields[self.number(fields.len())];
            let of = named(&field.ty.node).to_owned();
            let Some(arguments) = arguments(ty, &field.name.node) else { continue };
            if depth == 0 && self.schema.is_composite(&of) {
                continue;
            }
            let (inner, below) = self.below(&of, depth.saturating_sub(1));
            let mark = if arguments.is_empty() { "" } else { "_" };
            let alias = format!("{}{mark}{}", field.name.node, if own { ty } else { "" });
            let selected = format!("{alias}: {}{arguments} {inner}", field.name.node);
            match self.number(5) {
                0 => write!(text, "... {{ {selected} }} "),
                1 => write!(text, "... on {ty} @include(if: true) {{ {selected} }} "),
                2 => write!(text, "{selected} skipped: __typename @skip(if: true) "),
                _ => write!(text, "{selected} "),
            }
            .expect("text grows");
            merge(&mut keys, alias, below);
        }
        text.push_str("__typename ");
        merge(&mut keys, "__typename".to_owned(), Below::Nothing);
        (text, keys)
    }

    fn below(&mut self, ty: &str, depth: usize) -> (String, Below) {
        if !self.schema.is_composite(ty) {
            return (String::new(), Below::Nothing);
        }
        let Some(members) = self.schema.members(ty) else {
            let (text, keys) = self.object(ty, depth, false);
            return (format!("{{ {text}}}"), Below::Object(keys));
        };
        let mut text = String::from("{ __typename ");
        let mut of = HashMap::new();
        for member in members {
            let (inner, mut keys) = self.object(&member, 0, true);
            keys.retain(|(key, _)| key != "__typename");
            keys.insert(0, ("__typename".to_owned(), Below::Nothing));
            write!(text, "... on {member} {{ {inner} }} ").expect("text grows");
            of.insert(member, keys);
        }
        (text + "}", Below::OneOf(of))
    }
}

/// What a field is asked with; nothing where it cannot be asked here.
fn arguments(ty: &str, field: &str) -> Option<&'static str> {
    Some(match (ty, field) {
        ("Query", "node" | "nodes" | "scheduledPosts" | "moderationQueue" | "emailSubscriptions") | ("Post", "difference") => {
            return None;
        }
        ("Query", "alliance") => "(slug: \"nottingham-citizens\")",
        ("Query", "post") => "(slug: \"no-place-for-hate\", alliance: \"nottingham-citizens\")",
        ("Query", "campaign") => "(slug: \"hate-crime\", alliance: \"nottingham-citizens\")",
        ("Query", "event" | "institution") => "(slug: \"nothing\", alliance: \"nottingham-citizens\")",
        ("Query", "search") => "(query: \"hate\", first: 3)",
        ("Partner", "campaigns") | ("Webhook", "events") => "",
        (_, "posts" | "campaigns" | "events" | "institutions" | "comments" | "alliances") => "(first: 2)",
        _ => "",
    })
}

fn merge(keys: &mut Keys, key: String, below: Below) {
    let Some((_, present)) = keys.iter_mut().find(|(known, _)| *known == key) else { return keys.push((key, below)) };
    match (present, below) {
        (Below::Object(keys), Below::Object(more)) => {
            for (key, below) in more {
                merge(keys, key, below);
            }
        }
        (Below::OneOf(of), Below::OneOf(more)) => {
            for (member, more) in more {
                let keys = of.entry(member).or_default();
                for (key, below) in more {
                    merge(keys, key, below);
                }
            }
        }
        _ => {}
    }
}

fn holds(answer: &Answer, below: &Below, at: &str) {
    match (answer, below) {
        (Answer::Null, _) | (_, Below::Nothing) => {}
        (Answer::List(items), below) => items.iter().for_each(|item| holds(item, below, at)),
        (Answer::Object(fields), Below::Object(keys)) => same(fields, keys, at),
        (Answer::Object(fields), Below::OneOf(of)) => {
            let Some(Answer::String(name)) = fields.get("__typename") else { panic!("{at}: no type in {answer}") };
            same(fields, &of[name], at);
        }
        (other, _) => panic!("{at}: {other} where an object was asked for"),
    }
}

fn same<'a>(fields: impl IntoIterator<Item = (&'a async_graphql::Name, &'a Answer)>, keys: &Keys, at: &str) {
    let fields: Vec<_> = fields.into_iter().collect();
    let (got, asked): (Vec<&str>, Vec<&str>) =
        (fields.iter().map(|(key, _)| key.as_str()).collect(), keys.iter().map(|(key, _)| key.as_str()).collect());
    assert_eq!(got, asked, "{at}");
    for ((key, value), (_, below)) in fields.iter().zip(keys) {
        holds(value, below, &format!("{at}.{key}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_has_the_keys_of_its_question_in_their_order(numbers in prop::collection::vec(any::<u8>(), 10..160)) {
        let (world, schema) = (crate::fuzz::world(), Schema::read());
        let (text, keys) = Maker { schema: &schema, numbers: numbers.into_iter() }.object("Query", 5, false);
        let body = json!({ "query": format!("{{ {text} }}") }).to_string();
        let request = Request::post("/graphql").header("content-type", "application/json").body(Body::from(body)).expect("a request");
        let (_, _, answer) = world.ask(|app: &TestApp| app.send(request));
        // Some of it is only for who is signed in, and whole answers are wanted here.
        if !answer.contains("LIMIT_EXCEEDED") && !answer.contains("UNAUTHENTICATED") {
            let Ok(Answer::Object(answer)) = serde_json::from_str(&answer) else { panic!("{text}: {answer}") };
            let data = answer.get("data").unwrap_or_else(|| panic!("{text}: {answer:?}"));
            prop_assert!(!answer.contains_key("errors"), "{text}: {answer:?}");
            holds(data, &Below::Object(keys), &text);
        }
    }
}
