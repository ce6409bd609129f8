//! What is hidden shows nowhere: every field of the schema is read before and after hidden rows are planted, and nothing may differ.

use std::fmt::Write;

use alliance::config::flags::Flags;
use alliance_tests::app::TestApp;
use async_graphql::parser::types::TypeKind;
use serde_json::Value;

use crate::plant::{self, HIDDEN};
use crate::sdl::{Schema, named};

/// How many objects deep the walk goes: an alliance, its posts, their campaigns, those's institutions.
const DEPTH: usize = 4;

impl Schema {
    /// Everything that can be read of a type, `depth` objects deep; nothing where that ends.
    fn selection(&self, name: &str, depth: usize) -> Option<String> {
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
        let depth = if is_page { depth } else { depth.checked_sub(1)? };
        let mut text = String::from("{ __typename ");
        for field in self.fields(name) {
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
        other => panic!("say how the root field `{other}` is to be walked"),
    }
}

async fn walk(app: &TestApp, schema: &Schema) -> Vec<(String, Value)> {
    let mut answers = Vec::new();
    for field in schema.fields("Query") {
        let name = field.name.node.as_str();
        for arguments in asked(name) {
            let of = named(&field.ty.node);
            // What a list leads to, one of its objects leads to as well: the walk goes as far from both.
            let depth = if of.ends_with("Connection") { DEPTH - 1 } else { DEPTH };
            let selection = schema.selection(of, depth).expect("a root field has something to read");
            let query = format!("{{ {name}{arguments} {selection} }}");
            let answer = app.ask(&query).await;
            assert!(answer.get("errors").is_none(), "{}: {name}{arguments}: {}", app.name, answer["errors"]);
            answers.push((format!("{name}{arguments}"), answer));
        }
    }
    answers
}

#[tokio::test]
async fn hidden_rows_change_no_answer_to_a_stranger() {
    let schema = Schema::read();
    let all = Some("1000000".to_owned());
    let wide = |flags: &mut Flags| {
        let limits = &mut flags.limits;
        (limits.document_bytes, limits.cost, limits.body_bytes) = (all.clone(), Some("1000000000000".to_owned()), all.clone());
        limits.document_fields = Some("10000000".to_owned());
        limits.document_aliases = all.clone();
        limits.operation_seconds = Some("300".to_owned());
        (limits.document_tokens, limits.answer_bytes) = (Some("100000".to_owned()), Some("100000000".to_owned()));
    };
    for app in TestApp::both_set(wide).await {
        let before = walk(&app, &schema).await;
        plant::hidden(&app).await;
        let after = walk(&app, &schema).await;
        for ((asked, before), (_, after)) in before.iter().zip(&after) {
            assert!(!after.to_string().to_lowercase().contains("hidden"), "{}: {asked}: {after}", app.name);
            assert!(before == after, "{}: {asked}: before {before}, after {after}", app.name);
        }
        plant::published(&app).await;
        let shown = walk(&app, &schema).await;
        let changed = before.iter().zip(&shown).filter(|((_, before), (_, shown))| before != shown).count();
        assert!(changed > 20, "{}: the walk sees what is published: {changed} answers changed", app.name);
    }
}

#[test]
fn everything_in_the_schema_is_described() {
    for (name, of) in Schema::read().0 {
        assert!(of.description.is_some(), "{name} has no description");
        let missing: Vec<String> = match &of.kind {
            TypeKind::Object(_) | TypeKind::Interface(_) => Schema::read()
                .fields(&name)
                .iter()
                .flat_map(|field| {
                    let own = field.description.is_none().then(|| field.name.to_string());
                    let arguments = field.arguments.iter().filter(|a| a.node.description.is_none());
                    own.into_iter().chain(arguments.map(|a| format!("{}({})", field.name, a.node.name)).collect::<Vec<_>>())
                })
                .collect(),
            TypeKind::Enum(of) => {
                of.values.iter().filter(|v| v.node.description.is_none()).map(|v| v.node.value.to_string()).collect()
            }
            TypeKind::InputObject(of) => {
                of.fields.iter().filter(|f| f.node.description.is_none()).map(|f| f.node.name.to_string()).collect()
            }
            TypeKind::Scalar | TypeKind::Union(_) => Vec::new(),
        };
        assert!(missing.is_empty(), "{name}: {missing:?} have no description");
    }
}
