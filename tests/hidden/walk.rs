//! Reads every field of the schema, from every root, some objects deep.

use std::fmt::Write;

use alliance::viewer::Viewer;
use alliance_tests::app::TestApp;
use async_graphql::parser::types::FieldDefinition;

use crate::plant::HIDDEN;
use crate::sdl::{Schema, named};

impl Schema {
    /// Everything that can be read of a type, `depth` objects deep; nothing where that ends.
    pub(super) fn selection(&self, name: &str, depth: usize) -> Option<String> {
        if !self.is_composite(name) {
            return Some(String::new());
        }
        let Some(members) = self.members(name) else { return self.object(name, depth, "") };
        let mut text = String::from("{ __typename ");
        for member in members {
            write!(text, "... on {member} {} ", self.object(&member, depth, &format!("{member}_"))?).expect("text grows");
        }
        Some(text + "}")
    }

    /// `prefix` tells apart the fields of several types that stand in one place: they may have different types.
    fn object(&self, name: &str, depth: usize, prefix: &str) -> Option<String> {
        let is_page = name.ends_with("Connection") || name.ends_with("Edge") || name == "SearchResult";
        // What a revision or a note is linked to its post is, too.
        let depth = if matches!(name, "PostRevision" | "PostNote") { depth.min(1) } else { depth };
        let depth = if is_page { depth } else { depth.checked_sub(1)? };
        let mut text = String::from("{ __typename ");
        // What needs an argument is told about something that only its reader knows.
        let is_plain = |field: &FieldDefinition| field.arguments.iter().all(|argument| argument.node.ty.node.nullable);
        for field in self.fields(name).into_iter().filter(is_plain) {
            // Edges hold the same nodes once more: their cursors are enough.
            if field.name.node == "edges" {
                text.push_str("edges { cursor } ");
            } else if let Some(inner) = self.selection(named(&field.ty.node), depth) {
                let field = &field.name.node;
                match prefix {
                    "" => write!(text, "{field} {inner} "),
                    prefix => write!(text, "{prefix}{field}: {field} {inner} "),
                }
                .expect("text grows");
            }
        }
        Some(text + "}")
    }
}

/// The arguments that each root field is asked with: what is hidden by name, and whole lists.
fn asked(field: &str) -> Vec<String> {
    let alliance = "alliance: \"nottingham-citizens\"";
    match field {
        "node" => HIDDEN.iter().map(|id| format!("(id: \"{id}\")")).collect(),
        "nodes" => vec![format!("(ids: [\"{}\"])", HIDDEN.join("\", \""))],
        "alliance" => vec!["(slug: \"nottingham-citizens\")".to_owned()],
        "alliances" => vec![String::new(), "(last: 5)".to_owned()],
        "post" | "campaign" | "event" | "institution" => {
            let by_id = HIDDEN.iter().filter(|id| id.starts_with(field)).map(|id| format!("(id: \"{id}\")"));
            by_id.chain([format!("(slug: \"hidden\", {alliance})")]).collect()
        }
        "posts" | "campaigns" | "events" | "institutions" => {
            let named = |kind: &str| HIDDEN.iter().find(|id| id.starts_with(kind)).expect("one of each kind is hidden");
            let filters: &[(&str, &str)] = match field {
                "posts" => &[("campaign", "campaign"), ("institution", "institution"), ("event", "event"), ("author", "person")],
                "campaigns" => &[("institution", "institution")],
                _ if field == "events" => &[("campaign", "campaign")],
                _ => &[("campaign", "campaign")],
            };
            let filtered = filters.iter().map(|(of, kind)| format!("(filter: {{ {of}: \"{}\" }})", named(kind)));
            filtered.chain(["(first: 100)".to_owned(), "(last: 2)".to_owned(), format!("(filter: {{ {alliance} }})")]).collect()
        }
        "search" => ["hidden", "sample", "lunch"].map(|query| format!("(query: \"{query}\", first: 100)")).to_vec(),
        // They tell each what is theirs, and staff what is no content.
        "viewer" | "people" | "accounts" | "apiKeys" | "auditLog" | "scheduledPosts" | "moderationQueue" | "enquiries"
        | "emailSubscriptions" | "partners" | "syndicationChanges" | "webhooks" | "webhookDeliveries" => Vec::new(),
        other => panic!("say how the root field `{other}` is to be walked"),
    }
}

/// What was asked for, and the answer.
pub(super) type Answers = Vec<(String, String)>;

/// Reads everything as `viewer`, or as whoever comes through the router, `depth` objects deep.
pub(super) async fn walk(app: &TestApp, viewer: Option<&Viewer>, depth: usize) -> Answers {
    let schema = Schema::read();
    let mut answers = Vec::new();
    for field in schema.fields("Query") {
        let name = field.name.node.as_str();
        for arguments in asked(name) {
            let of = named(&field.ty.node);
            // What a list leads to, one of its objects leads to as well: the walk goes as far from both.
            let depth = if of.ends_with("Connection") { depth - 1 } else { depth };
            let selection = schema.selection(of, depth).expect("a root field has something to read");
            let query = format!("{{ {name}{arguments} {selection} }}");
            let answer = match viewer {
                None => app.ask(&query).await.to_string(),
                Some(viewer) => app.ask_as(viewer, &query).await,
            };
            assert!(!answer.contains("\"errors\":"), "{}: {name}{arguments}: {answer:.2000}", app.name);
            answers.push((format!("{name}{arguments}"), answer));
        }
    }
    answers
}
