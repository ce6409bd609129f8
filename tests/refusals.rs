//! What a stranger may ask for at all: a new root field is refused here until it stands in the list.

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};

/// The root fields that are public.
const PUBLIC: [&str; 13] = [
    "node",
    "nodes",
    "alliance",
    "alliances",
    "institution",
    "institutions",
    "campaign",
    "campaigns",
    "post",
    "posts",
    "event",
    "events",
    "search",
];

#[test]
fn every_root_field_is_public_by_decision() {
    let document =
        parse_schema(alliance::schema::sdl(&alliance::schema::build())).expect("the schema is written in its language");
    let mut seen = 0;
    for definition in document.definitions {
        let TypeSystemDefinition::Type(of) = definition else { continue };
        let TypeKind::Object(object) = of.node.kind else { continue };
        if !matches!(of.node.name.node.as_str(), "Query" | "Mutation" | "Subscription") {
            continue;
        }
        for field in object.fields {
            let name = field.node.name.node.to_string();
            assert!(
                PUBLIC.contains(&name.as_str()),
                "`{name}` answers a stranger: refuse them, or decide here that it is public"
            );
            seen += 1;
        }
    }
    assert_eq!(seen, PUBLIC.len(), "a public field is gone");
}
