//! What is hidden shows nowhere: every field of the schema is read before and after hidden rows are planted, and nothing may differ.

mod others;
mod reactors;
mod walk;

use alliance::config::flags::Flags;
use alliance_tests::app::TestApp;
use async_graphql::parser::types::TypeKind;

use crate::hidden::walk::walk;
use crate::plant;
use crate::sdl::Schema;

/// How many objects deep the walk goes: an alliance, its posts, their campaigns, those's institutions.
const DEPTH: usize = 4;

/// Lets everything through that only asks for much.
fn wide(flags: &mut Flags) {
    let (all, limits) = (Some("1000000".to_owned()), &mut flags.limits);
    (limits.document_bytes, limits.cost, limits.body_bytes) = (all.clone(), Some("1000000000000".to_owned()), all.clone());
    limits.document_fields = Some("10000000".to_owned());
    limits.document_aliases = all;
    limits.operation_seconds = Some("300".to_owned());
    (limits.document_tokens, limits.answer_bytes) = (Some("100000".to_owned()), Some("100000000".to_owned()));
}

#[tokio::test]
async fn hidden_rows_change_no_answer_to_a_stranger() {
    for app in TestApp::both_set(wide).await {
        let before = walk(&app, None, DEPTH).await;
        plant::hidden(&app).await;
        let after = walk(&app, None, DEPTH).await;
        for ((asked, before), (_, after)) in before.iter().zip(&after) {
            assert!(!after.to_lowercase().contains("hidden"), "{}: {asked}: {after}", app.name);
            assert!(before == after, "{}: {asked}: before {before}, after {after}", app.name);
        }
        plant::published(&app).await;
        let shown = walk(&app, None, DEPTH).await;
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
